"""Readings that leave the service as files, and the log of who opened exact figures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from eqia.domain.errors import Invalid, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.exported_readings import HEADING, REPLACED, Exported, Row, rows_of
from eqia.domain.permissions import Action
from eqia.domain.records import as_plain
from eqia.domain.spreadsheets import csv_text
from eqia.services.acts import By
from eqia.services.plan_acts import acting, log

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from eqia.domain.people import Person
    from eqia.persistence.tables.plans import PlanRow

#: what a file can be, and what a browser is told it is
KINDS: Mapping[str, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class File:
    """What somebody downloads."""

    name: str
    mimetype: str
    content: bytes


def open_exact(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    measure_id: UUID,
    context: Context = NO_CONTEXT,
) -> None:
    """Log that somebody from outside the team opened the exact figures of a measure."""
    by = By(actor, now, context)
    with acting(session, by, Action.OPEN_EXACT, plan, closed=True):
        log(session, by, "plan.exact_opened", plan, {"measure": str(measure_id)})


def export_exact(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    measures: Sequence[UUID],
    kind: str,
    action: Action = Action.SEE_EXACT,
    context: Context = NO_CONTEXT,
) -> None:
    """Log that somebody takes exact figures out of the service: the team, or who may open them."""
    by = By(actor, now, context)
    if kind not in KINDS:
        raise Invalid([Problem("kind", "Choose what kind of file you want")])
    with acting(session, by, action, plan, closed=True):
        taken = {"measures": sorted(str(one) for one in measures), "kind": kind}
        log(session, by, "plan.exact_exported", plan, taken)


def file_of(measures: Sequence[Exported], kind: str, name: str, *, marked: bool = False) -> File:
    """Make a file of the readings of some measures.

    `marked` puts the byte-order mark before a CSV, by which some programs know UTF-8.
    """
    exact = any(one.exact for one in measures)
    suffix = "-exact-for-the-team-only" if exact else ""
    content = _WRITERS[kind](measures)
    if marked and kind == "csv":
        content = _MARK.encode() + content
    return File(f"{name}{suffix}.{kind}", KINDS[kind], content)


def _rows(measures: Sequence[Exported]) -> list[list[Any]]:
    return [[row[name] for name in HEADING] for one in measures for row in rows_of(one)]


def _csv(measures: Sequence[Exported]) -> bytes:
    return csv_text(HEADING, _rows(measures)).encode()


def _xlsx(measures: Sequence[Exported]) -> bytes:
    # Loaded with the first workbook: few people want one, and it takes time and memory.
    sheets = import_module("eqia.documents.sheets")
    made: bytes = sheets.workbook("Readings", HEADING, _rows(measures))
    return made


def _json(measures: Sequence[Exported]) -> bytes:
    whole = {"measures": [_measure(one) for one in measures if one.view.definition]}
    return json.dumps(as_plain(whole), ensure_ascii=False, indent=1, allow_nan=False).encode()


def _measure(one: Exported) -> dict[str, object]:
    definition = one.view.definition
    assert definition is not None  # noqa: S101 - for the type checker: the caller left them out
    rows: list[Row] = list(rows_of(one))
    return {
        "measure_ref": one.view.id,
        "version": one.version,
        REPLACED: one.until.isoformat() if one.until else "",
        "title": one.view.title,
        "shape": definition.shape,
        "counted": definition.numerator,
        "out_of": definition.denominator,
        "per": definition.per,
        "unit": definition.unit,
        "direction": definition.direction,
        "groups": [member.as_json() for member in definition.members],
        "compared_with": definition.reference,
        "exact": one.exact,
        "readings": rows,
    }


_WRITERS: Mapping[str, Callable[[Sequence[Exported]], bytes]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "json": _json,
}
