"""What of a signed record may leave the house: taken over field by field, never left in.

A field that is not named here is not in the public copy. The salt, the ids, the raw answers, the
event log and every digest of unsalted content stay behind: from them a withheld value could be
found by trying (documents.md section 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eqia.domain.publication_answers import Answering
from eqia.domain.record_reading import Reading
from eqia.domain.record_words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eqia.domain.publication_sieve import Sieve
    from eqia.domain.record_reading import Record

#: what is the same in every copy, whatever is published
_AS_IS = ("schema", "reference", "version", "name", "language", "status", "organisation")


def sifted(record: Record, sieve: Sieve) -> dict[str, Any]:
    """Put a record through a sieve: everything in the copy has passed it."""
    answering, acting = Answering(record, sieve), _Acting(record, sieve)
    return {
        **{name: record[name] for name in _AS_IS},
        "project": answering.project(),
        "sheet": answering.sheet(),
        "findings": answering.findings(),
        "sources_missing": record["sources_missing"],
        "outcome": _outcome(record["outcome"]),
        **acting.all(),
        "flags": record["flags"],
        "changes": answering.changes(),
        "law": record["law"],
        "question_set": _question_set(record["question_set"]),
    }


class _Acting:
    """What people did with one record, through one sieve."""

    def __init__(self, record: Record, sieve: Sieve) -> None:
        self._record, self._sieve = record, sieve
        self._words = Words(record["language"])
        self._reading = Reading(record, self._words)
        self._typed = Answering(record, sieve).typed

    def all(self) -> dict[str, Any]:
        """Take over every act, and what was gathered and logged on the way."""
        record = self._record
        return {
            "stopped": self._stopped(),
            "sign_off": self._sign_off(),
            "reviews": [self._review(one) for one in record["reviews"]],
            "comments": [self._comment(one) for one in record["comments"]],
            "receipts": [self._receipt(one) for one in record["receipts"]],
            "people": [self._person(one) for one in record["people"]],
            "evidence": [self._source(one) for one in record["evidence"]],
            "evidence_actions": [self._action(one) for one in record["evidence_actions"]],
            "eqia": self._eqia(),
            "follow_ups": [self._logged(one) for one in record["follow_ups"]],
            "timeline": [self._moment(one) for one in record["timeline"]],
            "order": [self._sieve.sentence(one) for one in record["order"]],
        }

    def _person(self, person: Record) -> dict[str, Any]:
        name, title = self._sieve.name(person["name"]), self._sieve.title(person["title"])
        return {"part": person["part"], "name": name, "title": title}

    def _stopped(self) -> dict[str, Any] | None:
        stopped = self._record["stopped"]
        if not stopped:
            return None
        reason = self._typed(stopped["reason"], "acts", self._words("stopped"))
        return {"at": stopped["at"], "reason": reason}

    def _sign_off(self) -> dict[str, Any]:
        signed, words = self._record["sign_off"], self._words
        supplied = {
            name: value
            if name in {"due", "review_date"}
            else self._typed(str(value or ""), "sign_off", words("measure_supplied"))
            for name, value in signed["supplied"].items()
        }
        return {
            "name": self._sieve.name(signed["name"]),
            "role": self._sieve.role(signed["role"]),
            "at": signed["at"],
            "statements": [
                {name: one[name] for name in ("id", "text", "confirmed")}
                for one in signed["statements"]
            ],
            **{
                name: self._typed(signed[name], "sign_off", words(name))
                for name in ("benefits", "harms", "proportionate")
            },
            "supplied": supplied,
        }

    def _review(self, act: Record) -> dict[str, Any]:
        label = self._words(f"r_{act['kind']}")
        return {
            **{name: act[name] for name in ("kind", "outcome", "due", "at", "submitted_at")},
            "name": self._sieve.name(act["name"]),
            "proposed_by": self._sieve.name(act["proposed_by"]),
            "reason": self._typed(act["reason"], "acts", label),
            "evidence": self._typed(act["evidence"], "acts", label),
        }

    def _comment(self, comment: Record) -> dict[str, Any]:
        place = self._reading.place(comment["question"], comment["group"])
        place = place or self._words("the_form")

        def said(one: Record) -> dict[str, Any]:
            body = self._typed(one["body"], "comments", f"{self._words('comments')}: {place}")
            return {"name": self._sieve.name(one["name"]), "at": one["at"], "body": body}

        return {
            "question": comment["question"],
            "group": comment["group"],
            **said(comment),
            "replies": [said(one) for one in comment["replies"]],
        }

    def _receipt(self, receipt: Record) -> dict[str, Any]:
        kept = ("organisation", "version", "after_decision", "at")
        return {
            **{name: receipt[name] for name in kept},
            "name": self._sieve.name(receipt["name"]),
            "role": self._sieve.role(receipt["role"]),
        }

    def _moment(self, entry: Record) -> dict[str, Any]:
        kept = {name: entry[name] for name in ("what", "at", "on", "planned") if name in entry}
        if entry["what"] == "read":
            return {**kept, "who": self._sieve.name(entry["who"])}
        label = self._words(f"t_{entry['what']}")
        return {**kept, "who": self._typed(entry["who"], "acts", label, echo=True)}

    # Evidence, and what was logged

    def _source(self, source: Record) -> dict[str, Any]:
        label = self._words("evidence")
        return {
            **{name: source[name] for name in ("kind", "dated", "groups", "group_labels")},
            **{
                name: self._typed(source[name], "evidence", label)
                for name in ("title", "link", "note")
            },
        }

    def _action(self, action: Record) -> dict[str, Any]:
        label = self._words("to_find_out")
        return {
            **{name: action[name] for name in ("due", "done_at")},
            **{
                name: self._typed(action[name], "evidence", label)
                for name in ("text", "owner", "finding")
            },
        }

    def _eqia(self) -> dict[str, Any] | None:
        eqia = self._record["eqia"]
        if not eqia:
            return None
        label = self._words("eqia")
        typed = ("reference", "link", "stated_document", "stated_reason")
        return {
            **{
                name: eqia[name] for name in ("status", "approved_at", "stated_date", "accepted_at")
            },
            **{name: self._sieve.name(eqia[name]) for name in ("approved_by", "accepted_by")},
            **{name: self._typed(eqia[name], "acts", label) for name in typed},
        }

    def _logged(self, entry: Record) -> dict[str, Any]:
        label = self._words("logged")
        return {
            **{name: entry[name] for name in ("kind", "on", "version_read", "at")},
            **{
                name: self._typed(entry[name], "acts", label)
                for name in ("body", "trigger", "link", "note")
            },
            "name": self._sieve.name(entry["name"]),
        }


def _outcome(outcome: Record) -> dict[str, Any]:
    """Take over both outcomes and every reason; the raw answers behind a reason stay behind."""
    return {
        **{name: outcome[name] for name in ("confirmed", "calculated", "labels", "duties")},
        "reasons": [
            {name: one[name] for name in ("rule", "outcome", "text")}
            | {"answers": _places(one["answers"])}
            for one in outcome["reasons"]
        ],
        "what_would_change": [{"text": one["text"]} for one in outcome["what_would_change"]],
        "unanswered": _places(outcome["unanswered"]),
    }


def _places(places: Iterable[Record]) -> list[dict[str, Any]]:
    return [{"question": one["question"], "group": one["group"]} for one in places]


def _question_set(form: Record) -> dict[str, Any]:
    kept = ("id", "version", "digest", "title", "jurisdiction", "translation_status")
    uses = form["snapshot"].get("uses", {})
    return {**{name: form[name] for name in kept}, "snapshot": {"uses": uses}}
