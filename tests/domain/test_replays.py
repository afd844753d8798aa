"""A signed decision is taken again from the record alone."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from eqia.domain.questions import digest_of
from eqia.domain.records import canonical, read
from eqia.domain.replays import replay
from tests.documents.fixtures import ALL_SETS, make_record


def stored(set_id: str = "bhp-nhs") -> dict[str, Any]:
    """A record as it comes back from the database."""
    return deepcopy(read(canonical(make_record(set_id))))


@pytest.mark.parametrize("set_id", ALL_SETS)
def test_every_record_comes_out_the_same(set_id: str) -> None:
    again = replay(stored(set_id))
    assert again.same is True
    assert again.words.startswith("Same outcome: ")
    assert again.because == ()


def test_another_outcome_is_named_with_both() -> None:
    record = stored()
    record["outcome"]["calculated"]["id"] = "full"
    again = replay(record)
    assert again.same is False
    assert again.words == "Changed, because:"
    (reason,) = again.because
    assert reason.startswith("The outcome was “")
    assert "and is now “Go ahead with conditions”" in reason


def test_an_answer_changed_in_the_record_changes_the_rules_that_speak() -> None:
    record = stored()
    record["answers"]["C1"]["disability"] = "major"
    again = replay(record)
    assert again.same is False
    assert any("gives a reason now" in one for one in again.because)


def test_rules_changed_in_the_record_no_longer_have_their_digest() -> None:
    record = stored()
    record["question_set"]["snapshot"]["title"] = {"en": "Another form"}
    again = replay(record)
    assert again.because == (
        "The questions and rules in the record are not those whose digest it gives.",
    )


def test_rules_loosened_with_their_digest_still_show_in_what_they_say() -> None:
    record = stored()
    snapshot = record["question_set"]["snapshot"]
    snapshot["rules"] = snapshot["rules"][:1]
    record["question_set"]["digest"] = digest_of(snapshot)
    again = replay(record)
    assert again.same is False
    assert any("gave a reason then, and gives none now" in one for one in again.because)


@pytest.mark.parametrize("broken", [{}, {"id": "nothing"}], ids=["empty", "half"])
def test_questions_that_cannot_be_read_are_told(broken: dict[str, Any]) -> None:
    record = stored()
    record["question_set"]["snapshot"] = broken
    again = replay(record)
    assert again.same is None
    assert "can no longer read the questions or answers" in again.words
