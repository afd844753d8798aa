"""The frozen signed screening: what goes into it, its one exact text, and its digests."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from eqia.domain.answers import Answers
from eqia.domain.questions import QuestionSet, text_in
from eqia.domain.record_answers import answer_sheet, findings, sources_missing
from eqia.domain.record_times import Dates, order_notes, timeline
from eqia.domain.references import with_version
from eqia.domain.seals import NO_SEAL, Seal

#: Raised whenever the shape of the record changes, so that old ones stay readable.
#: 2: the seal is told with its name and fingerprint; it was one word before.
SCHEMA = 2

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SignOff:
    """What the approver did: who, when, what they confirmed and how they weighed it."""

    name: str
    role: str
    at: datetime
    #: ids of the duty's statements, each confirmed by itself
    statements: tuple[str, ...]
    benefits: str
    harms: str
    proportionate: str
    #: measure, owner, date or review date, where the form has no answer for it
    supplied: Entry = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a record is made from, gathered in one read."""

    screening_id: UUID
    reference: str
    version: int
    language: str
    salt: str
    #: how the record was made: application, renderer
    made_with: Entry
    #: where later versions and results are, and whom to ask
    address: str = ""
    #: where anyone can have a file checked
    verify_address: str = ""
    #: the organisation's signature that the file is going to carry
    seal: Seal = NO_SEAL
    organisation: Entry
    project: Entry
    people: Sequence[Entry]
    question_set: QuestionSet
    answers: Answers
    decision: Entry
    confirmed_outcome: str
    content_digest: str
    stopped: Entry | None = None
    eqia: Entry | None = None
    reviews: Sequence[Entry] = ()
    comments: Sequence[Entry] = ()
    receipts: Sequence[Entry] = ()
    evidence: Sequence[Entry] = ()
    evidence_actions: Sequence[Entry] = ()
    follow_ups: Sequence[Entry] = ()
    events: Sequence[Entry] = ()
    flags: Sequence[str] = ()
    sign_off: SignOff
    dates: Dates
    changes: Entry | None = None
    #: the decision to screen again that it answers, and what the readings showed then
    again: Entry | None = None
    #: the plan that was there already, and what its measures showed
    plan: Entry | None = None
    #: what the answer list that names bodies by code calls them
    names: Mapping[str, str] = field(default_factory=dict)
    head_seq: int
    head_hash: str


def record_of(facts: Facts) -> dict[str, Any]:
    """Make the record: plain JSON values that say everything the PDF and the page print."""
    whole = {
        "schema": SCHEMA,
        "id": facts.screening_id,
        "salt": facts.salt,
        "reference": facts.reference,
        "version": facts.version,
        "name": with_version(facts.reference, facts.version),
        "language": facts.language,
        "status": "signed",
        "address": facts.address,
        "verify_address": facts.verify_address,
        "seal": facts.seal.as_json(),
        "made_with": facts.made_with,
        "organisation": facts.organisation,
        "project": facts.project,
        "people": facts.people,
        **_form(facts),
        "outcome": _outcome(facts),
        "stopped": facts.stopped,
        "eqia": facts.eqia,
        "reviews": facts.reviews,
        "comments": facts.comments,
        "receipts": facts.receipts,
        "evidence": facts.evidence,
        "evidence_actions": facts.evidence_actions,
        "follow_ups": facts.follow_ups,
        "events": facts.events,
        "flags": facts.flags,
        "sign_off": _sign_off(facts),
        "timeline": timeline(facts.dates),
        "order": order_notes(facts.dates, facts.language),
        "changes": facts.changes,
        "content_digest": facts.content_digest,
        "chain_head": {"seq": facts.head_seq, "hash": facts.head_hash},
        **({"again": facts.again} if facts.again else {}),
        # Where there was no plan yet the record is what it always was.
        **({"plan": facts.plan} if facts.plan else {}),
    }
    plain: dict[str, Any] = as_plain(whole)
    return plain


def _form(facts: Facts) -> dict[str, object]:
    form, language = facts.question_set, facts.language
    visible = facts.answers.visible(form)
    return {
        "question_set": {
            "id": form.id,
            "version": form.version,
            "digest": form.digest,
            "title": text_in(form.title, language),
            "jurisdiction": form.jurisdiction,
            "translation_status": text_in(form.translation_status, language),
            "snapshot": form.to_snapshot(),
        },
        "law": [{"ref": law.ref, "checked_on": law.as_at, "note": law.note} for law in form.law],
        "answers": visible.as_json(),
        "sheet": answer_sheet(form, visible, language, facts.names),
        "findings": findings(form, visible, language),
        "sources_missing": sources_missing(form, visible, facts.evidence, language),
    }


def _outcome(facts: Facts) -> dict[str, object]:
    form, language = facts.question_set, facts.language

    def words(outcome_id: str) -> dict[str, object]:
        outcome = form.outcome(outcome_id)
        return {
            "id": outcome.id,
            "label": text_in(outcome.label, language),
            "consequence": text_in(outcome.consequence, language),
            "rank": outcome.rank,
            "opens_eqia": outcome.opens_eqia,
        }

    raised = set(facts.decision.get("duties", ()))
    return {
        "confirmed": words(facts.confirmed_outcome),
        "calculated": words(facts.decision["outcome"]),
        "labels": {one.id: text_in(one.label, language) for one in form.outcomes},
        "reasons": facts.decision.get("reasons", ()),
        "what_would_change": facts.decision.get("what_would_change", ()),
        "unanswered": facts.decision.get("unanswered", ()),
        "duties": [
            {"id": duty.id, "requires": text_in(duty.requires, language)}
            for duty in form.duties
            if duty.id in raised
        ],
    }


def _sign_off(facts: Facts) -> dict[str, object]:
    signed = facts.sign_off
    return {
        "name": signed.name,
        "role": signed.role,
        "at": signed.at,
        "statements": [
            {
                "id": statement.id,
                "text": text_in(statement.text, facts.language),
                "confirmed": statement.id in signed.statements,
            }
            for statement in facts.question_set.signoff.confirm
        ],
        "benefits": signed.benefits,
        "harms": signed.harms,
        "proportionate": signed.proportionate,
        "supplied": signed.supplied,
    }


# Canonical JSON: equal content has equal text, on any machine


def canonical(value: object) -> str:
    """JSON with sorted keys and fixed separators, decimals and dates as text."""
    return json.dumps(
        as_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def read(text: str) -> dict[str, Any]:
    """Read a stored record."""
    record: dict[str, Any] = json.loads(text)
    return record


def digest(text: str) -> str:
    """SHA-256 of a text, which identifies a record."""
    return hashlib.sha256(text.encode()).hexdigest()


def content_digest(
    question_set_digest: str,
    answers: Mapping[str, object],
    evidence: Iterable[Mapping[str, object]],
    confirmed_outcome: str,
) -> str:
    """Digest what a reader has read: answers, question set, evidence, confirmed outcome.

    Sign-offs and receipts are left out, so that giving one does not void the others. The order
    of the evidence does not matter.
    """
    content = {
        "question_set": question_set_digest,
        "answers": answers,
        "evidence": sorted(canonical(one) for one in evidence),
        "confirmed_outcome": confirmed_outcome,
    }
    return digest(canonical(content))


def in_blocks(sha256: str, size: int = 8) -> str:
    """Write a digest in blocks, so that people can compare it by eye or read it out."""
    return " ".join(sha256[i : i + size] for i in range(0, len(sha256), size))


def moment(at: datetime) -> str:
    """Write a point in time in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_plain(value: object) -> Any:  # noqa: ANN401 - JSON values are of any type
    """Turn a value into JSON values; a float is refused, as its text differs by machine."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): as_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(item) for item in value]
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    msg = f"a record cannot hold a {type(value).__name__}"
    raise TypeError(msg)
