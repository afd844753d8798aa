"""Typed reading of one table of a question-set file; every fault is noted, none stops it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from eqia.domain.errors import Problem
from eqia.domain.rules import Texts

T = TypeVar("T", str, int, bool, list[object], dict[str, object])

ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_WORDS: Mapping[type, str] = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}


@dataclass(slots=True)
class Faults:
    """Everything wrong with one file, named by table and id (questions.md section 7)."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, where: str, message: str) -> None:
        """Note one fault."""
        problem = Problem(f"{self.file}: {where}", message)
        if problem not in self.problems:
            self.problems.append(problem)


class Table:
    """One table being read: each key is asked for once; those nobody asked for are unknown."""

    def __init__(
        self, raw: object, where: str, faults: Faults, languages: tuple[str, ...] = ()
    ) -> None:
        self.where = where
        self.faults = faults
        self.languages = languages
        self._asked: set[str] = set()
        self._raw: Mapping[str, object] = raw if isinstance(raw, dict) else {}
        if not isinstance(raw, dict):
            self.fault("should be a table")

    def fault(self, message: str) -> None:
        """Note a fault of this table."""
        self.faults.add(self.where, message)

    def has(self, key: str) -> bool:
        """Whether the file gives this key."""
        return key in self._raw

    def raw(self, key: str) -> object:
        """Take a value as it stands, or None."""
        self._asked.add(key)
        return self._raw.get(key)

    def _take(self, key: str, kind: type[T], default: T | None) -> T:
        value = self.raw(key)
        if value is None:
            if default is None:
                self.fault(f"missing key {key!r}")
            return kind() if default is None else default
        wrong_number = kind is int and isinstance(value, bool)
        if not isinstance(value, kind) or wrong_number:
            self.fault(f"{key!r} should be {_WORDS[kind]}")
            return kind() if default is None else default
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """Take a text."""
        return self._take(key, str, default)

    def number(self, key: str, default: int | None = None) -> int:
        """Take a whole number."""
        return self._take(key, int, default)

    def flag(self, key: str, *, default: bool) -> bool:
        """Take true or false."""
        return self._take(key, bool, default)

    def items(self, key: str, default: list[object] | None = None) -> list[object]:
        """Take a list of anything."""
        return self._take(key, list, default)

    def table(self, key: str, default: dict[str, object] | None = None) -> dict[str, object]:
        """Take a table."""
        return self._take(key, dict, default)

    def names(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Take a list of texts; one text alone counts as a list of one."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.fault(f"missing key {key!r}" if value is None else f"{key!r} should list texts")
        return ()

    def day(self, key: str, *, required: bool) -> date | None:
        """Take a date; a snapshot holds it as text."""
        value = self.raw(key)
        if value is None:
            if required:
                self.fault(f"missing key {key!r}")
            return None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fault(f"{key!r} should be a date")
            return None

    def id(self, key: str = "id") -> str:
        """Take an id: a letter, then letters, figures, `_` or `-`."""
        value = self.text(key)
        if value and not ID.fullmatch(value):
            self.fault(f"bad id {value!r}")
        return value

    def code(self, key: str = "code") -> str:
        """Take a code that answers a question."""
        value = self.text(key)
        if value and not CODE.fullmatch(value):
            self.fault(f"bad code {value!r}")
        return value

    def texts(
        self, key: str, *, required: bool = True, placeholders: Collection[str] = ()
    ) -> Texts:
        """Take a text in every declared language; an unknown placeholder is a fault."""
        raw = self.raw(key)
        if raw is None and not required:
            return {}
        if not isinstance(raw, dict) or not all(isinstance(v, str) for v in raw.values()):
            self.fault(f"missing {key!r}" if raw is None else f"{key!r} should hold texts")
            return {}
        self._check_languages(key, raw)
        for text in raw.values():
            for name in _PLACEHOLDER.findall(text):
                if name not in placeholders:
                    self.fault(f"unknown placeholder {{{name}}} in {key!r}")
        return {language: raw[language] for language in self.languages if language in raw}

    def _check_languages(self, key: str, raw: Mapping[str, str]) -> None:
        for language in self.languages:
            if not raw.get(language, "").strip():
                self.fault(f"{key!r} is missing in language {language!r}")
        for language in raw:
            if language not in self.languages:
                self.fault(f"{key!r} is in an undeclared language {language!r}")

    def close(self) -> None:
        """Report the keys that mean nothing here."""
        for key in self._raw:
            if key not in self._asked:
                self.fault(f"unknown key {key!r}")


@dataclass(slots=True)
class Reading:
    """One file being read: its languages and its faults so far."""

    faults: Faults
    languages: tuple[str, ...]

    def open(self, raw: object, kind: str) -> Table:
        """Open one entry of a list of tables, named by its id."""
        name = raw.get("id", raw.get("ref", "?")) if isinstance(raw, dict) else "?"
        return Table(raw, f"{kind} {name}", self.faults, self.languages)

    def single(self, raw: object, name: str) -> Table:
        """Open a table there is only one of."""
        return Table(raw, name, self.faults, self.languages)


def no_repeats(names: Collection[str], what: str, where: str, faults: Faults) -> None:
    """Report ids or codes given twice."""
    seen: set[str] = set()
    for name in names:
        if name and name in seen:
            faults.add(where, f"duplicate {what} {name!r}")
        seen.add(name)
