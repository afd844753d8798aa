"""The other sections of a plan: one table names them, their boxes, hints and order.

The guidance this service grew from asks for more than actions and measures (product.md section 8).
Each part of it has its place here; pages, checks and storage are made from the table.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from eqia.domain.errors import Invalid, NotFound, Problem

_FILE = Path(__file__).with_name("plan_sections.toml")
#: letters that fit a box of one line
LONGEST_LINE = 200
CHOOSE = "Choose an answer from the list"
NOTHING_WRITTEN = "Write something in at least one box"


class EntryStatus(StrEnum):
    """Whether what was written still counts."""

    LIVE = "live"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One question of a section; its code is stored and never used again for something else."""

    code: str
    label: str
    hint: str = ""
    #: what is said when it is left blank; empty where it may be
    needed: str = ""
    is_long: bool = True
    choices: Mapping[str, str] = field(default_factory=dict)

    def shown(self, words: Mapping[str, Any]) -> str:
        """Give what was answered, as it is read."""
        said = str(words.get(self.code) or "")
        return self.choices.get(said, said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a plan: a few long texts, or a list of entries with the same boxes."""

    code: str
    title: str
    why: str
    boxes: tuple[Box, ...]
    #: what one entry of a list is called; empty for a section that is no list
    one: str = ""
    #: the items of the readiness checklist that it helps to answer
    items: tuple[str, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether it holds several entries."""
        return bool(self.one)


@dataclass(frozen=True, slots=True)
class Chapter:
    """Sections that answer one question about the plan."""

    title: str
    sections: tuple[Section, ...]


@cache
def chapters() -> tuple[Chapter, ...]:
    """Give the sections in their order."""
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        Chapter(one["title"], tuple(_section(each) for each in one["sections"]))
        for one in told["chapters"]
    )


@cache
def sections() -> tuple[Section, ...]:
    """Give all sections in their order."""
    return tuple(one for chapter in chapters() for one in chapter.sections)


def section(code: str) -> Section:
    """Find a section; one that is not in the table is not found."""
    for one in sections():
        if one.code == code:
            return one
    raise NotFound("A plan has no such section.")


def check_words(about: Section, words: Mapping[str, str]) -> None:
    """Refuse an entry that lacks what it needs, says what is not offered, or says nothing."""
    found = [problem for box in about.boxes if (problem := _problem(box, words.get(box.code, "")))]
    if not found and not any(words.get(box.code) for box in about.boxes):
        found.append(Problem(about.boxes[0].code, NOTHING_WRITTEN))
    if found:
        raise Invalid(found)


def _problem(box: Box, said: str) -> Problem | None:
    if box.needed and not said:
        return Problem(box.code, box.needed)
    if said and box.choices and said not in box.choices:
        return Problem(box.code, CHOOSE)
    if not box.is_long and len(said) > LONGEST_LINE:
        return Problem(box.code, f"Use {LONGEST_LINE} characters or fewer")
    return None


def _section(told: Mapping[str, Any]) -> Section:
    return Section(
        code=told["code"],
        title=told["title"],
        why=told["why"],
        one=told.get("one", ""),
        items=tuple(told.get("items", ())),
        boxes=tuple(_box(each) for each in told["boxes"]),
    )


def _box(told: Mapping[str, Any]) -> Box:
    return Box(
        code=told["code"],
        label=told["label"],
        hint=told.get("hint", ""),
        needed=told.get("needed", ""),
        is_long=not told.get("line", False) and "choices" not in told,
        choices=told.get("choices", {}),
    )
