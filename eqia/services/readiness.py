"""Acts on the readiness checklist of a plan: answer a gate, confirm a suggestion, say it was done.

Answers are added, never changed; what is answered from live data takes no answer at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.plans import ActionStatus
from eqia.domain.readiness import NOTHING, Gate, Given, Part, check_given, refuse_auto
from eqia.domain.readiness_facts import DeedKind
from eqia.domain.readiness_owed import Owed
from eqia.domain.readiness_sheets import Sheet, sheet_of
from eqia.domain.texts import clean_text
from eqia.persistence.queries import organisations, plans
from eqia.persistence.queries import readiness as queries
from eqia.persistence.queries.readiness import Kept
from eqia.persistence.tables.plans import PlanRow
from eqia.persistence.tables.readiness import ReadinessAnswerRow, ReadinessDeedRow, ReadinessRow
from eqia.services import acts, tokens
from eqia.services.acts import By
from eqia.services.plan_acts import CHANGED, acting, log

SHUT = (
    "Your organisation chose that this waits until the equality items of the readiness checklist"
    " are settled: {}."
)
MOVED_ON = "The data say something else by now. Look at it again."
NOT_TOLD = "There is nothing to say about this rule."


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says was done because a rule asked for it."""

    on: date | None
    words: str
    action: UUID | None = None


def sheet(session: Session, plan: PlanRow, kept: Kept, today: date) -> Sheet:
    """See the whole checklist of a plan on one day."""
    facts = queries.facts_of(session, plan, kept.checklist, today)
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
    gate_id: str,
    seen: int,
    given: Mapping[str, Given],
    context: Context = NO_CONTEXT,
) -> int:
    """Keep the answers to one gate that are new; give how many were.

    `seen` is how many answers the gate had when the page was opened.
    """
    by = By(actor, now, context)
    clean = _cleaned(given)
    with acting(session, by, Action.EDIT_PLAN, plan):
        kept = queries.kept(session, plan, by.today)
        gate, whole = _gate(kept, gate_id), sheet(session, plan, kept, by.today)
        _must_be_open(session, whole, gate)
        _check(whole, gate, clean)
        changed = {
            part: one for part, one in clean.items() if one != kept.answers.get(part, NOTHING)
        }
        if changed and seen != kept.seen(gate):
            raise Conflict(CHANGED)
        if changed:
            row = kept.row or _begun(session, by, plan, kept)
            for part, one in changed.items():
                _append(session, by, row, kept, part, one)
            _log_answers(session, by, plan, kept, changed)
    return len(changed)


def confirm(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    part_id: str,
    seen: int,
    answer: str,
    context: Context = NO_CONTEXT,
) -> None:
    """Take over what the data suggest, as this person's answer; what stood beside it stays."""
    by = By(actor, now, context)
    with acting(session, by, Action.EDIT_PLAN, plan):
        kept = queries.kept(session, plan, by.today)
        whole = sheet(session, plan, kept, by.today)
        part = kept.checklist.part(part_id)
        found = whole.suggestions.get(part_id)
        if part is None or found is None:
            raise NotFound("Nothing is suggested for this.")
        _must_be_open(session, whole, kept.checklist.gate_of(part))
        if seen != kept.counts.get(part_id, 0):
            raise Conflict(CHANGED)
        if found.answer != answer:
            raise Conflict(MOVED_ON)
        row = kept.row or _begun(session, by, plan, kept)
        given = replace(kept.answers.get(part_id, NOTHING), answer=answer)
        _append(session, by, row, kept, part_id, given, found.words)
        payload = {"part": part_id, "answer": answer, "list": kept.checklist.version}
        log(session, by, "readiness.confirmed", plan, payload, {"suggested": found.words})


def tell(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    rule: str,
    told: Told,
    token: str = "",
    context: Context = NO_CONTEXT,
) -> None:
    """Say that what a rule of the screening asks for was done, and what came of it."""
    by = By(actor, now, context)
    words = acts.words("words", told.words, "Say what was done, and what came of it")
    with acting(session, by, Action.EDIT_PLAN, plan):
        if token and tokens.result_of(session, token=token, actor=actor) is not None:
            return
        kept = queries.kept(session, plan, by.today)
        owed = owed_by(sheet(session, plan, kept, by.today), rule)
        kind = owed.deed or DeedKind.REPLY
        _check_told(session, plan, kind, told, by.today)
        row = ReadinessDeedRow(
            plan_id=plan.id,
            rule=owed.id,
            kind=kind.value,
            on_date=told.on if kind is DeedKind.REPLY else None,
            words=words,
            action_id=told.action if kind is DeedKind.INVOLVEMENT else None,
            created_by=actor.id,
            created_at=now,
        )
        session.add(row)
        session.flush()
        if token:
            tokens.use(
                session, token=token, actor=actor, action="readiness", now=now, result=row.id
            )
        payload = {"rule": owed.id, "kind": kind.value}
        log(session, by, "readiness.told", plan, payload, {"words": words})


def owed_by(whole: Sheet, rule: str) -> Owed:
    """Find what a rule asks a person to say."""
    found = next((one for one, _ in whole.to_tell if one.id == rule), None)
    if found is None:
        raise NotFound(NOT_TOLD)
    return found


def refuse_closing(session: Session, plan: PlanRow, today: date) -> None:
    """Refuse to close a plan whose equality gate is shut, where the organisation chose so."""
    if not is_enforced(session):
        return
    whole = sheet(session, plan, queries.kept(session, plan, today), today)
    if whole.shut:
        raise NotAllowed(SHUT.format(", ".join(whole.shut)), code="status")


def _gate(kept: Kept, gate_id: str) -> Gate:
    gate = kept.checklist.gate(gate_id)
    if gate is None:
        raise NotFound("There is no such gate.")
    return gate


def _must_be_open(session: Session, whole: Sheet, gate: Gate) -> None:
    if gate.waits_for_equality and whole.is_shut(gate, enforced=is_enforced(session)):
        raise NotAllowed(SHUT.format(", ".join(whole.shut)), code="status")


def _check(whole: Sheet, gate: Gate, given: Mapping[str, Given]) -> None:
    known = {part.id: part for part in gate.parts}
    problems = []
    for part_id, one in given.items():
        part = known.get(part_id)
        if part is None:
            raise NotFound("There is no such item in this gate.")
        refuse_auto(part, whole.derived)
        problems += check_given(part, one)
    if problems:
        raise Invalid(problems)


def _cleaned(given: Mapping[str, Given]) -> dict[str, Given]:
    """Clean everything typed; every problem is named, not just the first."""
    clean, problems = {}, []
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
    part: str,
    given: Given,
    suggested: str = "",
) -> None:
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
    session: Session, by: By, plan: PlanRow, kept: Kept, changed: Mapping[str, Given]
) -> None:
    payload = {
        "list": kept.checklist.version,
        "answers": {part: one.answer for part, one in changed.items()},
    }
    texts = {part: one.note for part, one in changed.items() if one.note}
    log(session, by, "readiness.answered", plan, payload, texts)


def _check_told(session: Session, plan: PlanRow, kind: DeedKind, told: Told, today: date) -> None:
    problems = []
    if kind is DeedKind.REPLY:
        if told.on is None:
            problems.append(Problem("on", "Enter the day of the reply"))
        elif told.on > today:
            problems.append(Problem("on", "The day must be today or in the past"))
    else:
        done = {one.id for one in plans.actions(session, plan) if one.status == ActionStatus.DONE}
        if told.action not in done:
            problems.append(Problem("action", "Choose an action of the plan that is done"))
    if problems:
        raise Invalid(problems)
