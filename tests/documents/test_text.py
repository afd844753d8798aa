from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from eqia.documents import fonts
from eqia.documents.text import Run, markup_of, printable, runs_of

if TYPE_CHECKING:
    from pathlib import Path

FACES = fonts.load()
VERA = fonts._face(fonts.FALLBACK / "Vera.ttf")  # noqa: SLF001
FALLBACK = fonts.Faces(VERA, VERA, "fallback")

built = pytest.mark.skipif(not FACES.writes("cy"), reason="the fonts are not built")


def printed(text: str, faces: fonts.Faces = FACES) -> str:
    return "".join(run.text for run in runs_of(text, faces))


@built
@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("plain words", "plain words"),
        ("Tŷ Ŵyr, ŷd", "Tŷ Ŵyr, ŷd"),
        ("Ọ̀rẹ́ Ṣadé", "Ọ̀rẹ́ Ṣadé"),
        ("Zażółć gęślą jaźń", "Zażółć gęślą jaźń"),
        ("e\u0301", "é"),
        ("zero\u200bwidth\u2060 and \x00\x07 controls", "zerowidth and  controls"),
        ("turned \u202eround\u202c", "turned round"),
        ("soft\u00adhyphen", "softhyphen"),
        ("tab\there", "tab here"),
        ("smile 😀 here", "smile [grinning face] here"),
        ("tick ✓", "tick [check mark]"),
        ("\ufffb\ue000", "[U+E000]"),
    ],
)
def test_every_character_is_printed_or_named(typed: str, shown: str) -> None:
    assert printed(typed) == shown


def test_a_sentence_in_another_script_is_counted_not_spelt_out() -> None:
    assert printed("he said 我们不知道这个 today") == (
        "he said [7 characters, cjk: see the web page] today"
    )


@pytest.mark.parametrize(
    ("typed", "original"),
    [("a 👩\u200d👩\u200d👧 b", "👩\u200d👩\u200d👧"), ("a ✓ b", "✓"), ("a 我们 b", "我们")],
)
def test_what_is_named_keeps_what_was_typed(typed: str, original: str) -> None:
    first, named, last = runs_of(typed, FACES)
    assert (first, last) == (Run("a "), Run(" b"))
    assert named.original == original


@built
@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("مرحبا بكم في العيادة", "ar"),
        ("کلینک منتقل ہو رہا ہے", "ur"),
        ("پژوهش\u200cگر", "fa"),
    ],
)
def test_writing_from_the_right_is_set_in_its_own_font_and_named_by_language(
    typed: str, language: str
) -> None:
    before, run, after = runs_of(f"Letter: {typed} (end)", FACES)
    assert (before.text, after.text) == ("Letter: ", " (end)")
    assert run.language == language
    assert run.original == typed.replace("\u200c", "")
    assert FACES.arabic is not None
    assert run.font == FACES.arabic.name
    assert FACES.arabic.covers.issuperset(map(ord, run.text))


@built
def test_words_from_the_right_stay_in_the_order_of_reading_until_lines_are_known() -> None:
    (run,) = runs_of("مرحبا بكم", FACES)
    first, second = run.text.split(" ")
    assert first[-1] == "\ufee3"  # the first letter of the first word, in its joining form
    assert second[-1] == "\ufe91"


def test_chinese_needs_the_font_of_the_setting(chinese_folder: Path) -> None:
    with_font = fonts.load(chinese_folder)
    (run,) = [run for run in runs_of("he said 我们不知道 today", with_font) if run.font]
    assert (run.text, run.language, run.original) == ("我们不知道", "zh", "")
    assert not any(run.font for run in runs_of("he said 我们不知道 today", FACES))


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("see https://a.example/x?b=1&c=2.", "https://a.example/x?b=1&c=2"),
        ("(http://a.example/)", "http://a.example/"),
        ("https://a.example", "https://a.example"),
    ],
)
def test_an_address_of_the_web_is_a_link(typed: str, link: str) -> None:
    assert [run.link for run in runs_of(typed, FACES) if run.link] == [link]
    assert printed(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://" + "a" * 400,
        "data:text/html,x",
        "https://",
        'https://"onmouseover',
    ],
)
def test_nothing_else_is_a_link(typed: str) -> None:
    assert not any(run.link for run in runs_of(typed, FACES))


def test_every_printed_character_is_in_its_font() -> None:
    everything = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    for faces in (FACES, FALLBACK):
        of_font = {face.name: face.covers for face in faces.each()}
        for run in runs_of(everything, faces):
            covers = of_font[run.font or faces.regular.name]
            assert set(map(ord, run.text)) - {10} <= covers


@pytest.mark.parametrize(
    "hostile",
    [
        "<b>unbalanced",
        '<img src="/etc/passwd"/>',
        "</para><para>",
        '<font color="eval(1)">',
        "&lt;b&gt; & <br/>",
        '<a href="javascript:x">',
        "<onDraw name='x' label='y'/>",
        "]]><!-- -->",
    ],
)
def test_markup_is_only_ever_text(hostile: str) -> None:
    made = "".join(map(markup_of, runs_of(hostile, FACES)))
    assert "<" not in made.replace("<br/>", "")
    assert made.count("<br/>") == hostile.count("\n")


def test_the_fallback_font_says_what_it_cannot_write() -> None:
    assert not FALLBACK.writes("cy")
    assert FALLBACK.writes("en")
    assert printed("Tŷ", FALLBACK) == "T[latin small letter y with circumflex]"


def test_the_edge_of_a_page_is_in_the_main_font() -> None:
    assert printable("A مرحبا ŵ", replace(FALLBACK, arabic=FACES.arabic)) == (
        "A [arabic letter meem][arabic letter reh][arabic letter hah][arabic letter beh]"
        "[arabic letter alef] [latin small letter w with circumflex]"
    )
