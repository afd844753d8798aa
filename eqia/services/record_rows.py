"""Each kind of row as the record keeps it: plain values, names instead of ids."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from eqia.domain.questions import QuestionSet, text_in
from eqia.persistence.queries.records import Gathered
from eqia.persistence.tables import EqiaRow, EvidenceRow, PersonRow, ReviewRow, ScreeningRow


class Names:
    """Names for ids; a person who is gone from the list keeps a place."""

    def __init__(self, people: Mapping[UUID, PersonRow]) -> None:
        self._people = people

    def of(self, person_id: UUID | None) -> str:
        """Give somebody's name, or nothing."""
        person = self._people.get(person_id) if person_id else None
        return person.name if person else ""

    def title(self, person_id: UUID | None) -> str:
        """Give somebody's job title, or nothing."""
        person = self._people.get(person_id) if person_id else None
        return person.job_title if person else ""


def eqia(row: EqiaRow | None, names: Names) -> dict[str, Any] | None:
    """Keep the linked full EqIA as it stood, with who approved it."""
    if row is None:
        return None
    return {
        "reference": row.reference,
        "link": row.link,
        "status": row.status,
        "approved_at": row.approved_at,
        "approved_by": names.of(row.approved_by),
        "stated_date": row.stated_date,
        "stated_document": row.stated_document,
        "stated_reason": row.stated_reason,
        "accepted_by": names.of(row.accepted_by),
        "accepted_at": row.accepted_at,
    }


def review(row: ReviewRow, all_rows: Iterable[ReviewRow], names: Names) -> dict[str, Any]:
    """Keep one act of a reviewer; an agreed lowering names who proposed it."""
    proposal = next((one for one in all_rows if one.id == row.proposal_id), None)
    return {
        "kind": row.kind,
        "outcome": row.outcome,
        "reason": row.reason,
        "evidence": row.evidence,
        "due": row.due,
        "name": names.of(row.reviewer_id),
        "at": row.at,
        "submitted_at": row.submitted_at,
        "proposed_by": names.of(proposal.reviewer_id) if proposal else "",
    }


def comments(gathered: Gathered, names: Names) -> list[dict[str, Any]]:
    """List each challenge with its replies under it."""
    replies = [row for row in gathered.comments if row.reply_to_id is not None]

    def words(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a comment row
        return {"name": names.of(row.author_id), "at": row.at, "body": row.body}

    return [
        {
            "question": row.question,
            "group": row.group_id,
            **words(row),
            "replies": [words(reply) for reply in replies if reply.reply_to_id == row.id],
        }
        for row in gathered.comments
        if row.reply_to_id is None
    ]


def receipts(screening: ScreeningRow, gathered: Gathered, names: Names) -> list[dict[str, Any]]:
    """Keep who read exactly this content, and when."""
    return [
        {
            "name": names.of(row.person_id),
            "role": row.role_used,
            "organisation": row.organisation,
            "version": screening.number,
            "digest": row.content_digest,
            "after_decision": row.after_decision,
            "at": row.at,
        }
        for row in gathered.receipts
    ]


def evidence(row: EvidenceRow, form: QuestionSet, language: str) -> dict[str, Any]:
    """Keep one source with the names of the groups it covers."""
    labels = {
        group.id: text_in(group.label, language) for one in form.groups for group in one.groups
    }
    return {
        "kind": row.kind,
        "title": row.title,
        "dated": row.dated,
        "groups": row.groups,
        "group_labels": [labels.get(group, group) for group in row.groups],
        "link": row.link,
        "note": row.note,
    }


def actions(gathered: Gathered, names: Names) -> list[dict[str, Any]]:
    """Keep what must be found out, and what was."""
    return [
        {
            "cause": row.cause,
            "text": row.text,
            "owner": row.owner,
            "due": row.due,
            "done_at": row.done_at,
            "done_by": names.of(row.done_by),
            "finding": row.finding,
        }
        for row in gathered.actions
    ]


def follow_ups(
    gathered: Gathered, form: QuestionSet, language: str, names: Names
) -> list[dict[str, Any]]:
    """Keep what was logged: decisions, reviews held, triggers that occurred."""
    triggers = form.id_for("review_triggers")

    def in_words(code: str) -> str:
        return form.question(triggers).label_of(code, language) if triggers and code else code

    return [
        {
            "kind": row.kind,
            "on": row.on_date,
            "body": row.body,
            "link": row.link,
            "version_read": row.version_read,
            "trigger": in_words(row.trigger),
            "note": row.note,
            "name": names.of(row.logged_by),
            "at": row.at,
        }
        for row in gathered.follow_ups
    ]


def events(gathered: Gathered, names: Names) -> list[dict[str, Any]]:
    """Keep who did what up to the sign-off, each with its place in the chain."""
    return [
        {
            "seq": row.seq,
            "at": row.at_utc,
            "action": row.action,
            "name": names.of(row.actor_id),
            "hash": row.hash,
        }
        for row in gathered.events
    ]
