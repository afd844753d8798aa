"""The words by which people name groups in short, and what else a small number may count.

They are data (small_numbers.toml): what tells nothing apart, what is no person, and what is alike.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from eqia.domain.categories import Kind, load_category_sets

_FILE = Path(__file__).with_name("small_numbers.toml")
_LANGUAGES = ("en", "cy")
#: whichever language something is written in
ANY = ""
#: a shorter word tells no group
_SHORTEST = 3
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
#: how the first letters of a Welsh word change, by the word before it
_MUTATED: Mapping[str, tuple[str, ...]] = {
    "p": ("b", "ph", "mh"),
    "t": ("d", "th", "nh"),
    "c": ("g", "ch", "ngh"),
    "b": ("f", "m"),
    "dd": (),
    "d": ("dd", "n"),
    "ff": (),
    "g": ("", "ng"),
    "ll": ("l",),
    "m": ("f",),
    "rh": ("r",),
}


def listed(name: str, language: str) -> tuple[str, ...]:
    """Give a list of words in a language, or in any."""
    return _in(_lists()[name], language)


def _in(found: Mapping[str, str], language: str) -> tuple[str, ...]:
    wanted = _LANGUAGES if language == ANY else (language if language in found else "en",)
    return tuple(dict.fromkeys(word for one in wanted for word in found[one].split()))


def words_of(label: str) -> tuple[str, ...]:
    """Give the words of a name that tell its group from others."""
    found = _WORD.findall(label.casefold())
    ordinary = _ordinary()
    return tuple(one for one in found if len(one) >= _SHORTEST and one not in ordinary)


def forms_of(labels: Iterable[str], language: str) -> frozenset[str]:
    """Give everything that stands for some groups in short, one word each."""
    given = [*labels]
    words = {word for label in given for word in words_of(label)}
    every = {word for label in given for word in _WORD.findall(label.casefold())}
    for one in _lists()["characteristics"]:
        if every & set(one["names"].split()):
            words |= {*_in(one["words"], language), *_of_sets(one["code"])}
    words |= {other for word in words for other in _alike().get(word, ())}
    forms = {form for word in words for form in _numbered(word)}
    changed = set() if language == "en" else {*_mutated(forms)} - _ordinary()
    return frozenset(forms | changed)


def _of_sets(characteristic: str) -> Iterator[str]:
    """Give the words of the groups of all sets by which people of a characteristic are counted."""
    for one in load_category_sets().values():
        if one.characteristic == characteristic:
            for member in one.members:
                if member.kind is Kind.SUBSTANTIVE:
                    yield from words_of(f"{member.label} {member.parent}")


def _numbered(word: str) -> Iterator[str]:
    """Give a word as it is said of one and of several."""
    yield from (word, f"{word}s")
    if word.endswith("y"):
        yield f"{word[:-1]}ies"
    if word.endswith("s") and not word.endswith("ss") and len(word) > _SHORTEST:
        yield word[:-1]


def _mutated(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        first = next((one for one in _MUTATED if word.startswith(one)), "")
        if first and len(word) > _SHORTEST:
            yield from (f"{new}{word[len(first) :]}" for new in _MUTATED[first])


@cache
def _lists() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def _ordinary() -> frozenset[str]:
    return frozenset(listed("ordinary", ANY))


@cache
def _alike() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for one in _lists()["alike"]:
        words = frozenset(one["words"].split())
        found |= {word: found.get(word, frozenset()) | words for word in words}
    return found
