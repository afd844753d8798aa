"""An administrator's acts on the organisation, its partner bodies and its local groups."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.contrast import colour_problem
from eqia.domain.days import london_day
from eqia.domain.errors import Conflict, Invalid, NotFound, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.texts import plain_name
from eqia.persistence.database import writing
from eqia.persistence.queries import organisations as queries
from eqia.persistence.tables.organisations import BodyRow, LocalGroupRow, OrganisationRow
from eqia.services import events, flags
from eqia.services.guards import must

#: ids of local groups start so; no question set may use the prefix (questions.md)
GROUP_PREFIX = "org-"
_LONGEST_CODE = 40
Named = BodyRow | LocalGroupRow
R = TypeVar("R", BodyRow, LocalGroupRow)


@dataclass(frozen=True, slots=True)
class Details:
    """What an administrator sets for the organisation."""

    name: str
    logo_text: str = ""
    colour: str = ""
    role_mailbox: str = ""
    retention_years: int = 6
    stale_months: int = 24
    grace_days: int = 0
    question_set_id: str = "bhp-nhs"
    enforce_equality_gate: bool = False


def update(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    version: int,
    details: Details,
    context: Context = NO_CONTEXT,
) -> OrganisationRow:
    """Change the organisation's name, looks and settings."""
    must(actor, Action.ADMINISTER)
    _check(details)
    with writing(session):
        row = queries.host(session)
        if row is None:
            row = OrganisationRow(name=details.name)
            session.add(row)
            session.flush()
        elif row.version != version:
            raise Conflict(
                "Somebody else changed these settings while you had them open.",
                current=_read_out(row),
                attempted=_read_out(details),
            )
        before = {name: getattr(row, name) for name in _FACTS}
        for name in _FACTS:
            setattr(row, name, getattr(details, name))
        row.version = version + 1
        session.flush()
        changed = sorted(name for name in _FACTS if before[name] != getattr(row, name))
        if "stale_months" in changed:
            months, today = before["stale_months"], london_day(now)
            flags.refresh_stale_after(session, before=months, after=row.stale_months, today=today)
        _log(session, now, actor, "organisation.changed", row, context, changed=changed)
    return row


def add_body(
    session: Session, *, actor: Person, now: datetime, name: str, context: Context = NO_CONTEXT
) -> BodyRow:
    """Add a body that may decide with the host."""
    must(actor, Action.ADMINISTER)
    rows = queries.bodies(session, active_only=False)
    _check_new(name, {row.name for row in rows}, "name")
    with writing(session):
        row = BodyRow(code=new_code(name, {row.code for row in rows}), name=name.strip())
        return _added(session, row, now, actor, "organisation.body_added", context)


def add_local_group(
    session: Session, *, actor: Person, now: datetime, label: str, context: Context = NO_CONTEXT
) -> LocalGroupRow:
    """Add a group the organisation wants asked about; it is marked as not protected."""
    must(actor, Action.ADMINISTER)
    rows = queries.local_groups(session, active_only=False)
    _check_new(label, {row.label for row in rows}, "label")
    with writing(session):
        code = new_code(label, {row.code for row in rows}, prefix=GROUP_PREFIX)
        row = LocalGroupRow(code=code, label=label.strip())
        return _added(session, row, now, actor, "organisation.local_group_added", context)


def set_active(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    kind: type[Named],
    row_id: UUID,
    active: bool,
    context: Context = NO_CONTEXT,
) -> None:
    """Take a body or group off the list, or put it back; forms made before keep theirs."""
    must(actor, Action.ADMINISTER)
    with writing(session):
        row = cast("Named | None", session.get(kind, row_id))
        if row is None:
            raise NotFound("There is no such entry.")
        row.active = active
        session.flush()
        action = "organisation.entry_used_again" if active else "organisation.entry_retired"
        _log(session, now, actor, action, row, context)


_FACTS = (
    "name",
    "logo_text",
    "colour",
    "role_mailbox",
    "retention_years",
    "stale_months",
    "grace_days",
    "question_set_id",
    "enforce_equality_gate",
)
#: the least and the most that a number may be
_NUMBERS = {"retention_years": (1, 100), "stale_months": (1, 120), "grace_days": (0, 365)}


def _check(details: Details) -> None:
    problems = []
    if not details.name.strip():
        problems.append(Problem("name", "Enter the organisation's name"))
    colour = colour_problem(details.colour)
    if colour:
        problems.append(Problem("colour", colour))
    for name, (least, most) in _NUMBERS.items():
        if not least <= getattr(details, name) <= most:
            problems.append(Problem(name, f"Enter a number from {least} to {most}"))
    if problems:
        raise Invalid(problems)


def _check_new(name: str, taken: Collection[str], field: str) -> None:
    if not name.strip():
        raise Invalid([Problem(field, "Enter a name")])
    if name.strip().casefold() in {each.casefold() for each in taken}:
        raise Invalid([Problem(field, f"{name.strip()} is already on the list")])


def new_code(name: str, taken: Collection[str], *, prefix: str = "") -> str:
    """Make a short code from a name; it never changes and is never used twice."""
    stem = prefix + (plain_name(name) or "entry")
    tries = [stem[:_LONGEST_CODE].strip("-")]
    tries += [f"{stem[: _LONGEST_CODE - 4].strip('-')}-{number}" for number in range(2, 1000)]
    return next(code for code in tries if code not in taken)


def _read_out(source: OrganisationRow | Details) -> str:
    return "\n".join(f"{name.replace('_', ' ')}: {getattr(source, name)}" for name in _FACTS)


def _added(
    session: Session, row: R, now: datetime, actor: Person, action: str, context: Context
) -> R:
    session.add(row)
    session.flush()
    _log(session, now, actor, action, row, context)
    return row


def _log(
    session: Session,
    now: datetime,
    actor: Person,
    action: str,
    row: OrganisationRow | Named,
    context: Context,
    *,
    changed: Collection[str] = (),
) -> None:
    payload: dict[str, object] = {"changed": list(changed)} if changed else {}
    if not isinstance(row, OrganisationRow):
        payload["code"] = row.code
    events.append(
        session,
        now=now,
        actor=actor,
        action=action,
        entity=row.__tablename__,
        entity_id=row.id,
        payload=payload,
        context=context,
    )
