"""Rows turned into the facts of a record: plain values, names instead of ids."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from eqia import __version__
from eqia.domain.answers import Answers
from eqia.domain.days import london_day
from eqia.domain.decisions import decide
from eqia.domain.interchange import decision_as_json
from eqia.domain.questions import QuestionSet
from eqia.domain.record_answers import answer_sheet, sheet_changes
from eqia.domain.record_times import Dates, Read
from eqia.domain.records import Facts, SignOff
from eqia.domain.seals import NO_SEAL, Seal
from eqia.persistence.queries.projects import facts_of as project_facts
from eqia.persistence.queries.records import Gathered
from eqia.persistence.tables import (
    RecordRow,
    ScreeningRow,
)
from eqia.services import record_rows

#: flag -> the column with the date from which it holds
FLAGS = {
    "late": "late_from",
    "stale": "stale_from",
    "information_overdue": "information_overdue_from",
    "eqia_pending": "eqia_pending_from",
    "decided_without": "decided_without_from",
}


@dataclass(frozen=True, slots=True)
class Making:
    """How and when the record is made."""

    now: datetime
    salt: str
    address: str
    renderer: str
    verify_address: str = ""
    seal: Seal = NO_SEAL


def facts_of(
    screening: ScreeningRow,
    gathered: Gathered,
    form: QuestionSet,
    answers: Answers,
    *,
    sign_off: SignOff,
    earlier: RecordRow | None,
    making: Making,
    plan: Mapping[str, Any] | None = None,
) -> Facts:
    """Put together the facts of one record."""
    names = record_rows.Names(gathered.people)
    return Facts(
        screening_id=screening.id,
        reference=screening.reference,
        version=screening.number,
        language=screening.language,
        salt=making.salt,
        made_with={"application": f"eqia {__version__}", "renderer": making.renderer},
        address=making.address,
        verify_address=making.verify_address,
        seal=making.seal,
        organisation=_organisation(gathered),
        project=_project(gathered),
        people=_people(screening, gathered, names, sign_off),
        question_set=form,
        answers=answers,
        decision=screening.decision or _decided(form, answers, screening.language),
        confirmed_outcome=screening.confirmed_outcome,
        content_digest=screening.content_digest,
        stopped=_stopped(screening),
        eqia=record_rows.eqia(gathered.eqia, names),
        reviews=[record_rows.review(row, gathered.reviews, names) for row in gathered.reviews],
        comments=record_rows.comments(gathered, names),
        receipts=record_rows.receipts(screening, gathered, names),
        evidence=[record_rows.evidence(row, form, screening.language) for row in gathered.evidence],
        evidence_actions=record_rows.actions(gathered, names),
        follow_ups=record_rows.follow_ups(gathered, form, screening.language, names),
        events=record_rows.events(gathered, names),
        flags=_flags(screening, london_day(making.now)),
        sign_off=sign_off,
        dates=_dates(screening, gathered, names, form, answers, sign_off),
        changes=_changes(screening, form, answers, earlier, gathered.bodies),
        plan=plan,
        names=gathered.bodies,
        head_seq=gathered.head[0],
        head_hash=gathered.head[1],
    )


def _decided(form: QuestionSet, answers: Answers, language: str) -> dict[str, object]:
    """Decide again where an old version was stored without its decision."""
    return decision_as_json(form, decide(form, answers, language=language), ())


def _organisation(gathered: Gathered) -> dict[str, Any]:
    row = gathered.organisation
    return {"name": row.name if row else "", "mailbox": row.role_mailbox if row else ""}


def _project(gathered: Gathered) -> dict[str, Any]:
    snapshot = project_facts(gathered.project).snapshot()
    bodies = [gathered.bodies.get(code, code) for code in gathered.project.bodies]
    return {"id": gathered.project.id, **snapshot, "body_names": bodies}


def _people(
    screening: ScreeningRow, gathered: Gathered, names: record_rows.Names, sign_off: SignOff
) -> list[dict[str, Any]]:
    """List who did what: a person with two parts is named twice."""
    parts = [(member.role.value, member.person_id) for member in gathered.members]
    parts.append(("submitter", screening.submitted_by or screening.created_by))
    reviewers = {row.reviewer_id: None for row in gathered.reviews if row.kind != "return"}
    parts += [("reviewer", person_id) for person_id in reviewers]
    people = [
        {"part": part, "name": names.of(person_id), "title": names.title(person_id)}
        for part, person_id in parts
    ]
    # The approver has read this version: the receipt knows which person it is.
    titles = [
        names.title(row.person_id)
        for row in gathered.receipts
        if names.of(row.person_id) == sign_off.name
    ]
    title = next(filter(None, titles), sign_off.role)
    return [*people, {"part": "approver", "name": sign_off.name, "title": title}]


def _stopped(screening: ScreeningRow) -> dict[str, Any] | None:
    if screening.stopped_at is None:
        return None
    return {"at": screening.stopped_at, "reason": screening.stop_reason}


def _flags(screening: ScreeningRow, today: date) -> list[str]:
    found = []
    for flag, column in FLAGS.items():
        since: date | None = getattr(screening, column)
        if since is not None and since <= today:
            found.append(flag)
    return found


def _dates(
    screening: ScreeningRow,
    gathered: Gathered,
    names: record_rows.Names,
    form: QuestionSet,
    answers: Answers,
    sign_off: SignOff,
) -> Dates:
    decided = next((f for f in reversed(gathered.follow_ups) if f.kind == "decision"), None)
    maker = answers.get(form.id_for("decision_maker"))
    stage = answers.get(form.id_for("stage"))
    submitted = screening.submitted_at or screening.created_at
    return Dates(
        written=gathered.project.created_at,
        screened=screening.created_at,
        submitted=submitted,
        returned=tuple(row.at for row in gathered.reviews if row.kind == "return"),
        reviewed=screening.reviewed_at or submitted,
        read=tuple(Read(names.of(row.person_id), row.at) for row in gathered.receipts),
        signed=sign_off.at,
        decision=decided.on_date if decided else _expected_decision(screening, gathered),
        decision_taken=decided is not None,
        decision_by=decided.body if decided else (maker if isinstance(maker, str) else ""),
        starts=gathered.project.start_date,
        ends=gathered.project.end_date,
        review_due=screening.review_due
        or _day(answers.get(form.id_for("review_date")))
        or _day(sign_off.supplied.get("review_date")),
        late_stage=isinstance(stage, str) and stage in form.codes("late_stages"),
    )


def _expected_decision(screening: ScreeningRow, gathered: Gathered) -> date | None:
    return screening.decision_date or gathered.project.decision_date


def _day(answer: object) -> date | None:
    try:
        return date.fromisoformat(answer) if isinstance(answer, str) else None
    except ValueError:
        return None


def _changes(
    screening: ScreeningRow,
    form: QuestionSet,
    answers: Answers,
    earlier: RecordRow | None,
    names: Mapping[str, str],
) -> dict[str, Any] | None:
    """Say what differs from the signed version before, answer by answer."""
    if earlier is None:
        return None
    before = json.loads(earlier.canonical_json)
    sheet = answer_sheet(form, answers.visible(form), screening.language, names)
    return {
        "since": before["name"],
        "sha256": earlier.sha256,
        "outcome": before["outcome"]["confirmed"]["label"],
        "summary": screening.changes_summary,
        "answers": sheet_changes(before["sheet"], sheet),
    }
