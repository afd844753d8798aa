"""Small files of every kind with the traps of the real ones, and a way to read them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from eqia.domain.categories import load_category_sets
from eqia.domain.imports.layouts import Layout
from eqia.domain.imports.own_forms import MeasureName
from eqia.domain.imports.presets import recognise
from eqia.domain.imports.questions import Asked
from eqia.domain.imports.rows import Terms, take
from eqia.domain.imports.sheets import make_sheet
from eqia.domain.measures import Definition, Member, members_in, set_key
from eqia.domain.periods import Frequency, Schedule

if TYPE_CHECKING:
    from eqia.domain.imports.sheets import Sheet
    from eqia.domain.imports.takings import Taken

TODAY = date(2026, 11, 24)
YEARS = Schedule(Frequency.YEAR, date(2015, 1, 1))
FINANCIAL = Schedule(Frequency.YEAR, date(2006, 4, 1))
MONTHS = Schedule(Frequency.MONTH, date(2026, 4, 1))
OWN_GROUPS = (Member("under_65", "Under 65"), Member("65_plus", "65 and over"))


def counted(shape: str = "rate", key: tuple[str, str] | None = None, **overrides) -> Definition:
    """A measure by a standard set, or by groups of one's own."""
    chosen = load_category_sets()[key] if key else None
    values = {
        "shape": shape,
        "numerator": "Events",
        "denominator": "People",
        "direction": "down",
        "per": 1000,
        "characteristic": "age",
        "category_set": set_key(chosen) if chosen else "",
        "members": members_in(chosen) if chosen else OWN_GROUPS,
    }
    return Definition(**{**values, **overrides})


def table(text: str) -> Sheet:
    """Read CSV text as a sheet."""
    return make_sheet("", enumerate(csv.reader(io.StringIO(text, newline="")), 1))


@dataclass
class Reader:
    """A file being read, answer by answer."""

    asked: Asked

    def say(self, **said) -> Reader:
        return Reader(replace(self.asked, given=replace(self.asked.given, **said)))

    def agree(self, **others: str) -> Reader:
        """Say yes to what is offered for the groups, and say the others."""
        return self.say(members={**self.asked.offer, **others})

    def take(self) -> Taken:
        asked = self.asked
        name = MeasureName("EQS-2026-0001", 2, "Late visits", "m1")
        terms = Terms(asked.definition, asked.schedule, TODAY, asked.hints, name)
        return take(asked.sheet, asked.layout, terms)


def reader(text: str | Sheet, definition: Definition, schedule: Schedule, kind: str = "") -> Reader:
    """Begin to read a file, as the kind its headings tell."""
    sheet = table(text) if isinstance(text, str) else text
    sets = {set_key(one): one for one in load_category_sets().values()}
    standard = sets.get(definition.category_set)
    given = Layout(kind=kind or recognise(sheet), sheet=sheet.name)
    return Reader(Asked(sheet, given, definition, schedule, standard))


def figures(taken: Taken) -> dict[tuple[str, str], tuple[object, object]]:
    """Give numerator and denominator by the first day and the group."""
    return {
        (one.period.start.isoformat(), one.figure.member): (
            one.figure.numerator,
            one.figure.denominator,
        )
        for one in taken.given
    }
