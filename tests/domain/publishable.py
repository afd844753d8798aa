"""A record with something in every place where somebody can type, and ways to publish it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from eqia.domain.publications import Choice, Decided, Publishing, Why, copy_of, parts_of
from eqia.domain.records import canonical, digest, read, record_of
from tests.documents.fixtures import (
    english,
    make_dates,
    make_facts,
    make_sign_off,
    receipt,
    review,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
WITHHELD = Choice(Why.PERSON)
LATE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def whole_record(**overrides: Any) -> dict[str, Any]:
    """Everything a record can hold, each text in it unlike any other."""
    values: dict[str, Any] = {
        # An open list of bodies may hold a name that somebody typed.
        "answers": {**english(), "A7": [*english()["A7"], "Larkfield Tenants and Mrs Tansley"]},
        "stopped": {"at": LATE, "reason": "The hall at Quarry Lane is sold already."},
        "eqia": {
            "reference": "EqIA-77 Quarry",
            "link": "https://papers.example/eqia-77",
            "status": "approved",
            "approved_at": LATE,
            "approved_by": "Olu Bright",
            "stated_date": date(2026, 9, 1),
            "stated_document": "Minutes of the Larkfield group",
            "stated_reason": "It was agreed in the Larkfield meeting.",
            "accepted_by": "Wren Abbott",
            "accepted_at": LATE,
        },
        "reviews": [
            review("return", reason="Say what Mrs Tansley told you.", due=date(2026, 10, 25)),
            review("propose_lowering", outcome="not_required", name="Wren Abbott")
            | {"reason": "The Tansley family moved.", "evidence": "A letter of the third of May."},
            review("confirm", outcome="conditions"),
        ],
        "receipts": [receipt(), receipt(name="Ola Quist", role="reviewer")],
        "follow_ups": [
            {
                "kind": "decision",
                "on": date(2026, 11, 21),
                "body": "Larkfield Commissioning Panel",
                "link": "https://papers.example/panel",
                "version_read": 1,
                "trigger": "",
                "note": "Two members of the panel left the room.",
                "name": "Ada Lewis",
                "at": LATE,
            }
        ],
        "sign_off": make_sign_off(
            statements=("need_a", "need_b", "need_c"),
            supplied={
                "measure": "Tansley visits kept",
                "owner": "Quarry warden",
                "due": "2027-05-01",
                "review_date": "2027-06-01",
            },
        ),
        "dates": make_dates(
            decision=date(2026, 11, 21),
            decision_taken=True,
            decision_by="Larkfield Commissioning Panel",
        ),
        "changes": {
            "since": "EQS-2026-0042 v0",
            "sha256": "ef" * 32,
            "outcome": "Go ahead with conditions",
            "summary": "The Quarry Lane hall came in.",
            "answers": [
                {
                    "question": "A1",
                    "group_label": "",
                    "short": "What will be different",
                    "before": "Nothing changes for the Tansley ward.",
                    "after": english()["A1"],
                },
                {
                    "question": "OLD9",
                    "group_label": "",
                    "short": "A question of an older form",
                    "before": ["Only the Tansleys use it"],
                    "after": None,
                },
            ],
        },
        **overrides,
    }
    return read(canonical(record_of(make_facts(**values))))


def publishing(decided: Decided, **overrides: Any) -> Publishing:
    values = {"at": AT, "by": "Wren Abbott", "role": "reviewer", "renderer": "renderer 1"}
    return Publishing(decided=decided, **{**values, **overrides})


def decided(
    record: Mapping[str, Any],
    left_out: Mapping[str, Choice] | None = None,
    *,
    names: bool = False,
    otherwise: Choice | None = None,
) -> Decided:
    """Choose by the beginning of each text; everything else is published."""
    wanted = dict(left_out or {})
    choices = {}
    for part in parts_of(record):
        start = next((start for start in wanted if part.text.startswith(start)), None)
        choices[part.id] = wanted.pop(start) if start else otherwise or Choice()
    assert not wanted, f"no such text: {sorted(wanted)}"
    return Decided(choices, names=names)


def all_withheld(record: Mapping[str, Any], *, names: bool = False) -> Decided:
    return decided(record, otherwise=WITHHELD, names=names)


def copied(record: Mapping[str, Any], choices: Decided, **overrides: Any) -> dict[str, Any]:
    sha256 = digest(canonical(record))
    return copy_of(record, sha256, publishing(choices, **overrides))


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Walk every string of a JSON value with the way to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, path)


#: What a public copy gives as it is: the form's and the law's own words, and who publishes.
_PUBLIC = frozenset(
    {
        *("question_set", "law", "organisation", "made_with", "timeline", "order"),
        *("sources_missing", "language"),
    }
)
_DULL = re.compile(r"\d{4}-\d\d-\d\d(T[\d:]+Z)?|[a-z_:0-9]{1,30}|EQS-[\d v-]+|R\d+", re.ASCII)
#: the keys under which records keep the words of forms and rules
_OF_THE_FORM = {
    "findings": {"label", "not_asked", "effect", "basis"},
    "outcome": {"text", "label", "consequence"},
    "sheet": {"text", "short", "title", "group_label", "columns"},
    "changes": {"short", "group_label", "since"},
    "evidence": {"group_labels"},
    "sign_off": {"text"},
}


def secrets_of(record: Mapping[str, Any]) -> set[str]:
    """List every string of a record that no form, law or code explains, found without our code."""
    told = {text for _, text in leaves({name: record[name] for name in _PUBLIC})}
    told |= {text for _, text in leaves(record["outcome"]["labels"])}
    told |= {text for path, text in leaves(record) if _is_of_the_form(path)}
    told |= {text for _, text in leaves(record["project"]["body_names"])}
    return {
        text
        for path, text in leaves(record)
        if text and path[0] not in _PUBLIC and text not in told and not _DULL.fullmatch(text)
    }


def _is_of_the_form(path: tuple[str, ...]) -> bool:
    return bool(_OF_THE_FORM.get(path[0], set()) & set(path[1:]))
