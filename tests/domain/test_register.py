from datetime import UTC, date, datetime, timedelta

import pytest

from eqia.domain.question_set_loading import load_question_sets
from eqia.domain.register import Entry, Filter, outcomes_of, periodic_report

OUTCOMES = outcomes_of(load_question_sets().values())
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 30)


def make_entry(**overrides):
    return Entry(
        **{
            "reference": "EQS-2026-0001",
            "question_set": "bhp-nhs",
            "created_at": MONDAY,
            "submitted_at": MONDAY + timedelta(days=2),
            "calculated": "conditions",
            **overrides,
        }
    )


def report(*entries):
    return periodic_report(entries, OUTCOMES, since=SINCE, until=UNTIL)


def test_an_empty_period_counts_nothing_and_divides_by_nothing():
    found = report()
    assert (found.submitted, found.signed, found.triggered) == (0, 0, 0)
    assert [stage.median_days for stage in found.stages] == [None, None, None]


def test_a_confirmed_outcome_counts_instead_of_the_calculated_one():
    found = report(make_entry(calculated="conditions", confirmed="full"))
    assert found.outcomes == {"bhp-nhs": {"full": 1}}
    assert (found.triggered, found.raised, found.lowered) == (1, 1, 0)


def test_a_lowered_outcome_is_an_override_too():
    found = report(make_entry(calculated="full", confirmed="conditions"))
    assert (found.triggered, found.raised, found.lowered) == (0, 0, 1)


@pytest.mark.parametrize(
    ("status", "counts"),
    [("", (1, 0, 0)), ("not_started", (1, 0, 0)), ("started", (0, 1, 0)), ("approved", (0, 0, 1))],
)
def test_every_triggered_eqia_is_in_exactly_one_state(status, counts):
    found = report(make_entry(calculated="full", eqia_status=status))
    assert (found.not_started, found.started, found.done) == counts


def test_a_flag_counts_once_its_day_has_come():
    due = make_entry(calculated="full", decided_without_from=UNTIL, late_from=UNTIL)
    later = make_entry(calculated="full", decided_without_from=UNTIL + timedelta(days=1))
    found = report(due, later)
    assert (found.decided_without, found.late) == (1, 1)


def test_days_per_stage_are_the_median_of_those_that_finished_it():
    found = report(
        make_entry(),
        make_entry(submitted_at=MONDAY + timedelta(days=4)),
        make_entry(submitted_at=MONDAY + timedelta(days=12)),
    )
    first, second, _ = found.stages
    assert (first.count, first.median_days, first.longest_days) == (3, 4.0, 12.0)
    assert second.count == 0


def test_the_second_page_starts_after_fifty_rows():
    assert Filter(page=2).offset == 50


def test_each_nation_has_one_outcome_that_opens_an_eqia():
    sets = load_question_sets().values()
    assert all(sum(o.opens_eqia for o in s.outcomes) == 1 for s in sets)
