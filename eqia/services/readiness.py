"""Acts on the readiness checklist of a plan: answer a gate, confirm what the data suggest.

Answers are added, never changed; what is answered from live data takes no answer at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.readiness import NOTHING, Gate, Given, Part, check_given, refuse_auto
from eqia.domain.readiness_sheets import Sheet, sheet_of
from eqia.domain.texts import clean_text
from eqia.persistence.queries import organisations
from eqia.persistence.queries import readiness as queries
from eqia.persistence.queries.readiness import Kept
from eqia.persistence.tables.plans import PlanRow
from eqia.persistence.tables.readiness import ReadinessAnswerRow, ReadinessRow
from eqia.services import acts
from eqia.services.acts import By
from eqia.services.plan_acts import CHANGED, acting, log

SHUT = (
    "Your organisation chose that this waits until the equality items of the readiness checklist"
    " are settled: {}."
)
MOVED_ON = "The data say something else by now. Look at it again."


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A suggestion somebody confirmed: for which part, and which answer they saw."""

    part: str
    answer: str


@dataclass(frozen=True, slots=True)
class Entry:
    """The answers to one gate, as somebody sends them."""

    gate: str
    #: how many answers the gate had when the page was opened
    seen: int
    given: Mapping[str, Given]
    #: the one answer that is what the data suggest, confirmed with the button beside it
    confirmed: Confirmed | None = None


def sheet(
    session: Session, plan: PlanRow, kept: Kept, today: date, *, outside: bool = False
) -> Sheet:
    """See the whole checklist of a plan on one day, as its team does or as people outside it."""
    facts = queries.facts_of(session, plan, kept.checklist, today, outside=outside)
    return sheet_of(kept.checklist, kept.answers, facts)


def is_enforced(session: Session) -> bool:
    """Whether the organisation chose that the equality gate holds up what follows it."""
    host = organisations.host(session)
    return host is not None and host.enforce_equality_gate


def save(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    entry: Entry,
    context: Context = NO_CONTEXT,
) -> int:
    """Keep the answers to one gate that are new; give how many were."""
    by = By(actor, now, context)
    clean = _cleaned(entry.given)
    with acting(session, by, Action.EDIT_PLAN, plan):
        kept = queries.kept(session, plan, by.today)
        gate, whole = _gate(kept, entry.gate), sheet(session, plan, kept, by.today)
        _must_be_open(session, whole, gate)
        _check(whole, gate, clean)
        suggested = _suggested(whole, kept, clean, entry.confirmed)
        changed = {
            part: one for part, one in clean.items() if one != kept.answers.get(part, NOTHING)
        }
        if changed and entry.seen != kept.seen(gate):
            raise Conflict(CHANGED)
        if changed:
            row = kept.row or _begun(session, by, plan, kept)
            for part, one in changed.items():
                _append(session, by, row, kept, (part, one), suggested.get(part, ""))
            _log_answers(session, by, plan, kept, changed, suggested)
    return len(changed)


def refuse_closing(session: Session, plan: PlanRow, today: date) -> None:
    """Refuse to close a plan whose equality gate is shut, where the organisation chose so."""
    if not is_enforced(session):
        return
    whole = sheet(session, plan, queries.kept(session, plan, today), today)
    if whole.shut:
        raise NotAllowed(SHUT.format("; ".join(whole.shut)), code="status")


def _gate(kept: Kept, gate_id: str) -> Gate:
    gate = kept.checklist.gate(gate_id)
    if gate is None:
        raise NotFound("There is no such gate.")
    return gate


def _must_be_open(session: Session, whole: Sheet, gate: Gate) -> None:
    if gate.waits_for_equality and whole.is_shut(gate, enforced=is_enforced(session)):
        raise NotAllowed(SHUT.format("; ".join(whole.shut)), code="status")


def _check(whole: Sheet, gate: Gate, given: Mapping[str, Given]) -> None:
    known = {part.id: part for part in gate.parts}
    problems: list[Problem] = []
    for part_id, one in given.items():
        part = known.get(part_id)
        if part is None:
            raise NotFound("There is no such item in this gate.")
        refuse_auto(part, whole.derived)
        problems += check_given(part, one)
    if problems:
        raise Invalid(problems)


def _suggested(
    whole: Sheet, kept: Kept, clean: dict[str, Given], confirmed: Confirmed | None
) -> dict[str, str]:
    """Put a confirmed suggestion among the answers; one that is not made any more is refused."""
    if confirmed is None:
        return {}
    found = whole.suggestions.get(confirmed.part)
    if found is None or found.answer != confirmed.answer or confirmed.part not in clean:
        raise Conflict(MOVED_ON)
    if kept.answers.get(confirmed.part, NOTHING).answer == found.answer:
        return {}
    clean[confirmed.part] = replace(clean[confirmed.part], answer=found.answer)
    return {confirmed.part: found.words}


def _cleaned(given: Mapping[str, Given]) -> dict[str, Given]:
    """Clean everything typed; every problem is named, not just the first."""
    clean: dict[str, Given] = {}
    problems: list[Problem] = []
    for part_id, one in given.items():
        try:
            clean[part_id] = _clean(Part(part_id, part_id, "").key, one)
        except Invalid as refusal:
            problems += refusal.problems
    if problems:
        raise Invalid(problems)
    return clean


def _clean(key: str, given: Given) -> Given:
    return replace(
        given,
        note=clean_text(given.note, field=f"{key}-note").strip(),
        for_whom=clean_text(given.for_whom, field=f"{key}-for_whom").strip(),
        link=acts.link(given.link, f"{key}-link"),
        owner=acts.short(given.owner, 200, f"{key}-owner"),
    )


def _begun(session: Session, by: By, plan: PlanRow, kept: Kept) -> ReadinessRow:
    """Note which version of the list this plan answers, with its first answer."""
    row = ReadinessRow(
        plan_id=plan.id,
        list_id=kept.checklist.id,
        list_version=kept.checklist.version,
        list_digest=kept.checklist.digest,
        created_by=by.actor.id,
        created_at=by.now,
    )
    session.add(row)
    session.flush()
    return row


def _append(
    session: Session,
    by: By,
    row: ReadinessRow,
    kept: Kept,
    answered: tuple[str, Given],
    suggested: str,
) -> None:
    part, given = answered
    session.add(
        ReadinessAnswerRow(
            readiness_id=row.id,
            part=part,
            number=kept.counts.get(part, 0) + 1,
            answer=given.answer,
            note=given.note,
            for_whom=given.for_whom,
            link=given.link,
            owner=given.owner,
            on_date=given.on,
            suggested=suggested,
            created_by=by.actor.id,
            created_at=by.now,
        )
    )
    session.flush()


def _log_answers(
    session: Session,
    by: By,
    plan: PlanRow,
    kept: Kept,
    changed: Mapping[str, Given],
    suggested: Mapping[str, str],
) -> None:
    payload = {
        "list": kept.checklist.version,
        "answers": {part: one.answer for part, one in changed.items()},
        "confirmed": sorted(suggested),
    }
    texts = {part: one.note for part, one in changed.items() if one.note}
    log(session, by, "readiness.answered", plan, payload, texts)
