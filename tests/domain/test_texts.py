import pytest

from eqia.domain.errors import Invalid
from eqia.domain.texts import LONGEST_TEXT, clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("plain words", "plain words"),
        ("nul\x00 and bell\x07 and \x9f", "nul and bell and "),
        ("a\ttab\nand a line", "a\ttab\nand a line"),
        ("Windows\r\nand old Mac\rlines", "Windows\nand old Mac\nlines"),
        ("e\u0301", "\u00e9"),
        ("\u202eright to left\u202c", "\u202eright to left\u202c"),
        ("thumbs up \U0001f44d", "thumbs up \U0001f44d"),
        ("<script>alert(1)</script> & more", "<script>alert(1)</script> & more"),
        ("  spaces stay ", "  spaces stay "),
        ("", ""),
    ],
)
def test_a_persons_words_are_kept_and_only_controls_go(typed, kept):
    assert clean_text(typed) == kept


def test_a_lone_surrogate_is_refused():
    with pytest.raises(Invalid) as refused:
        clean_text("broken \ud800", field="A1")
    assert refused.value.problems[0].field == "A1"


def test_the_longest_text_is_kept_and_one_more_refused():
    assert len(clean_text("x" * LONGEST_TEXT)) == LONGEST_TEXT
    with pytest.raises(Invalid) as refused:
        clean_text("x" * (LONGEST_TEXT + 1))
    assert "20,000 characters" in refused.value.problems[0].message


def test_a_megabyte_is_refused():
    with pytest.raises(Invalid):
        clean_text("\u0125" * 1_000_000)
