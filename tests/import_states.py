"""Files on their way into a measure, at every page an import has, for walks to find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from eqia.domain.exported_readings import TEMPLATE
from eqia.domain.imports.layouts import Layout
from eqia.domain.measures import Definition, Routine, members_from
from eqia.services import import_files, imports, measures
from eqia.services.import_files import Opened, Sent
from eqia.services.measures import Defined

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from eqia.domain.people import Person
    from eqia.persistence.tables import MeasureRow, PlanRow

_ROUTINE = Routine(title="Late visits", frequency="month", first_period=date(2026, 4, 1))
_DEFINITION = Definition(
    shape="proportion",
    numerator="Visits that began late",
    denominator="Visits",
    direction="down",
    members=members_from(["Under 65", "65 and over"], ["Not recorded"]),
)
_VISITS = """day,ward,age,late,all
03/04/2026,East,All,4,60
03/04/2026,East,<65,1,30
03/04/2026,East,65+,3,30
03/04/2026,West,All,9,90
01/05/2026,East,All,N/A,61
01/06/2026,East,All,{last},62
"""
_SAID = Layout(
    kind="plain",
    columns={"period": "day", "numerator": "late", "denominator": "all"},
    by="age",
    apart=("ward",),
    chosen={"ward": "East"},
    length="month",
    order="dmy",
    members={"All": "", "<65": "under_65", "65+": "65_and_over"},
)


@dataclass(frozen=True)
class Importing:
    """Somebody who imports readings for one measure."""

    session: Session
    actor: Person
    now: datetime
    plan: PlanRow
    measure: MeasureRow

    @property
    def by(self) -> dict[str, object]:
        return {"actor": self.actor, "now": self.now}

    def send(self, name: str, text: str) -> Opened:
        sent = Sent(name, text.encode())
        row = import_files.send(
            self.session, **self.by, plan=self.plan, measure_id=self.measure.id, sent=sent
        )
        return import_files.open_file(self.session, self.measure, row)

    def take(self, name: str, late: int) -> None:
        """Take our own form in, with one figure."""
        row = f"{self.measure.id},2026-04-01,2026-04-30,,Everybody,{late},60,,,,,Counted twice"
        opened = self.send(name, f"{','.join(TEMPLATE)}\n{row}\n")
        import_files.begin(self.session, **self.by, opened=opened, kind="own", sheet="")
        found = import_files.preview(self.session, opened, **self.by)
        yes = imports.Yes(found.mark, why="Counted again." if found.replaces else "")
        imports.confirm(self.session, **self.by, plan=self.plan, opened=opened, yes=yes)


def add(session: Session, *, actor: Person, now: datetime, plan: PlanRow) -> None:
    """Two imports, one on top of the other, and three files that are not taken in yet."""
    defined = Defined(_ROUTINE, _DEFINITION)
    measure = measures.define(session, actor=actor, now=now, plan=plan, defined=defined)
    one = Importing(session, actor, now, plan, measure)
    one.take("april.csv", 5)
    one.take("april better.csv", 4)
    begun = one.send("begun.csv", _VISITS.format(last=7))
    # A file that corrects a figure, and whose groups are more than everybody together.
    good = _VISITS.replace("03/04", "01/04").replace("All,4", "All,5").format(last=7)
    good = good.replace("<65,1", "<65,2").replace("65+,3", "65+,4")
    for name, text in (("good.csv", good), ("bad.csv", _VISITS.format(last=70))):
        opened = one.send(name, text)
        import_files.say(session, **one.by, opened=opened, layout=_SAID)
    assert not begun.row.layout
