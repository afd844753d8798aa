"""The words a record is printed with, in each language it can be in."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("record_words.toml")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; what it lacks is in English."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """Give the words for a key, with values put in as they are."""
        texts = _words()[key]
        text = texts.get(self.language, texts["en"])
        return text.format(**values) if values else text

    def get(self, key: str, otherwise: str) -> str:
        """Give the words for a key, if there are any."""
        return self(key) if key in _words() else otherwise


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
