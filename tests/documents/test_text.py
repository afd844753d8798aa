from __future__ import annotations

import pytest

from eqia.documents import fonts
from eqia.documents.text import markup, printable

FACE = fonts.load().regular
VERA = fonts._face(fonts.FALLBACK / "Vera.ttf")  # noqa: SLF001


@pytest.mark.skipif(not fonts.load().writes("cy"), reason="the fonts are not built")
@pytest.mark.parametrize(
    ("typed", "printed"),
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
def test_every_character_is_printed_or_named(typed: str, printed: str) -> None:
    assert printable(typed, FACE) == printed


def test_a_sentence_in_another_script_is_counted_not_spelt_out() -> None:
    assert printable("he said 我们不知道这个 today", FACE) == (
        "he said [7 characters, cjk: see the web page] today"
    )


def test_every_printed_character_is_in_the_font() -> None:
    everything = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    for face in (FACE, VERA):
        kept = set(printable(everything, face)) - {"\n"}
        assert {ord(character) for character in kept} <= face.covers


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
    made = markup(hostile, FACE)
    assert "<" not in made.replace("<br/>", "")
    assert made.count("<br/>") == hostile.count("\n")


def test_the_fallback_font_says_what_it_cannot_write() -> None:
    faces = fonts.Faces(VERA, VERA, "fallback")
    assert not faces.writes("cy")
    assert faces.writes("en")
    assert printable("Tŷ", VERA) == "T[latin small letter y with circumflex]"
