"""Other scripts than ours: Arabic letters joined and turned for the eye, and their languages."""

import re

import arabic_reshaper
from bidi import get_display

#: letters that Urdu has and Arabic and Persian lack; letters that Persian has and Arabic lacks
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_EAST_ASIAN = re.compile(
    "[\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]"
)
_URDU = re.compile("[\u0679\u0688\u0691\u06ba\u06be\u06c1-\u06c3\u06d2\u06d3]")
_PERSIAN = re.compile("[\u067e\u0686\u0698\u06a9\u06af\u06cc]")
_LANGUAGES = (
    (_URDU, "ur"),
    (_PERSIAN, "fa"),
    (_ARABIC, "ar"),
    (re.compile("[\u3040-\u30ff]"), "ja"),
    (re.compile("[\u1100-\u11ff\uac00-\ud7af]"), "ko"),
    (re.compile("[\u3400-\u9fff]"), "zh"),
)

_reshaper = arabic_reshaper.ArabicReshaper(
    # No ligatures beyond those every reader expects: the font draws the rest letter by letter.
    configuration={"delete_harakat": False, "support_ligatures": True}
)


def is_arabic(character: str) -> bool:
    """Whether a character belongs to the Arabic script, or to its joining forms."""
    return _ARABIC.match(character) is not None


def is_east_asian(character: str) -> bool:
    """Whether a character belongs to the writing of Chinese, Japanese or Korean."""
    return _EAST_ASIAN.match(character) is not None


def language_of(text: str) -> str:
    """Guess the language of a run from letters that only it has; the script's own otherwise."""
    return next((language for letters, language in _LANGUAGES if letters.search(text)), "")


def shaped(text: str) -> str:
    """Join Arabic letters and turn each word for the eye.

    The words stay in the order of reading, so that lines break where they should; each line is
    turned when it is drawn (`lines.finish_lines`).
    """
    words = _reshaper.reshape(text).split(" ")
    return " ".join(str(get_display(word, base_dir="R")) for word in words)
