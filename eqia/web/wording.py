"""Our own words on a screening's pages, in each language a set can be written in.

The Welsh is a draft translation, and its pages say so, until a translator has seen it.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

ENGLISH = "en"
_FILE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_LANGUAGES = (ENGLISH, "cy")

_IN_LANGUAGE = Markup('<span lang="{}">{}</span>')

#: language -> key -> words
WORDS: Mapping[str, Mapping[str, str]] = {
    language: {key: texts[language] for key, texts in _FILE["words"].items()}
    for language in _LANGUAGES
}
#: language -> what is said in English elsewhere -> the same in that language
SAID: Mapping[str, Mapping[str, str]] = {
    language: {english: texts[language] for english, texts in _FILE["said"].items()}
    for language in _LANGUAGES
    if language != ENGLISH
}


def say(language: str, key: str, *values: object) -> str:
    """Give words of ours in a language, or in English where we have none."""
    text = WORDS.get(language, WORDS[ENGLISH])[key]
    return text.format(*values) if values else text


def said(language: str, english: str) -> str:
    """Give in a language what the service says in English alone; as it is where we cannot."""
    return SAID.get(language, {}).get(english, english)


def counted(language: str, key: str, number: int) -> str:
    """Give words with a number in them; one thing has words of its own, `key` and `_one`."""
    return say(language, f"{key}_one") if number == 1 else say(language, key, number)


def marked(language: str, text: str) -> str:
    """Mark words of a screening on a page that is in English (WCAG 3.1.2)."""
    return text if language == ENGLISH else _IN_LANGUAGE.format(language, text)
