"""The five flags, as the table of product.md section 3 says them, day by day."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eqia.domain.days import add_months, london_day
from eqia.domain.flags import (
    Facts,
    FlagKind,
    OpenAction,
    TriggerSeen,
    day_answered,
    decided_first,
    flags_of,
    flags_on,
    ticked_triggers,
)
from eqia.domain.project_changes import band_of, differences
from eqia.domain.screenings import Status
from tests.domain.forms import health_form, parsed, question_set, welsh_form

DAY = date(2027, 3, 10)
ONE = timedelta(days=1)


def day(number):
    return DAY + number * ONE


def facts(status=Status.SUBMITTED, **changed):
    given = {"status": status, "created_on": day(-30), "submitted_on": day(-20)}
    if status in (Status.SIGNED, Status.SUPERSEDED):
        given["signed_on"] = day(-10)
    return Facts(**{**given, **changed})


def held(one, today=DAY):
    return {flag.kind for flag in flags_on(one, today)}


def causes(one, kind, today=DAY):
    return [c.words for flag in flags_on(one, today) if flag.kind is kind for c in flag.causes]


# late


@pytest.mark.parametrize(
    ("decision", "late"), [(day(-1), True), (day(0), False), (day(1), False), (None, False)]
)
def test_unsigned_is_late_the_day_after_the_decision_and_not_on_it(decision, late):
    assert (FlagKind.LATE in held(facts(stated_decision=decision))) is late


@pytest.mark.parametrize(("decision", "late"), [(day(-11), True), (day(-10), False)])
def test_signed_is_late_only_if_signed_after_the_decision(decision, late):
    one = facts(Status.SIGNED, stated_decision=decision)
    assert (FlagKind.LATE in held(one)) is late


def test_signing_late_does_not_clear_it():
    one = facts(Status.SIGNED, stated_decision=day(-15))
    assert FlagKind.LATE in held(one)
    assert FlagKind.LATE in held(one, day(5000))


def test_a_logged_decision_counts_before_a_stated_one():
    one = facts(stated_decision=day(-5), logged_decision=day(5))
    assert FlagKind.LATE not in held(one)


def test_deciding_first_is_late_from_the_start():
    assert FlagKind.LATE in held(facts(Status.DRAFT, decided_first=True))


def test_a_re_screen_is_not_late_if_an_earlier_version_was_in_time():
    one = facts(decided_first=True, stated_decision=day(-9), earlier_in_time=True)
    assert FlagKind.LATE not in held(one)


# stale


def test_each_cause_of_stale_is_listed():
    one = facts(
        Status.SIGNED,
        changed=("the sites", "the supplier or device"),
        changed_since=day(-3),
        review_due=day(-2),
        triggers=(TriggerSeen("complaint", "A complaint", day(-1)),),
    )
    words = " ".join(causes(one, FlagKind.STALE))
    for part in ("the sites", "the supplier", "review date", "A complaint"):
        assert part in words


def test_the_review_date_itself_is_in_time():
    assert FlagKind.STALE not in held(facts(Status.SIGNED, review_due=DAY))
    assert FlagKind.STALE in held(facts(Status.SIGNED, review_due=day(-1)))
    assert FlagKind.STALE not in held(facts(Status.SIGNED, review_due=day(-1), review_held=True))


def test_two_years_after_sign_off_it_is_stale():
    one = facts(Status.SIGNED)
    assert FlagKind.STALE not in held(one, add_months(day(-10), 24) - ONE)
    assert FlagKind.STALE in held(one, add_months(day(-10), 24))


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.SIGNED])
def test_only_what_is_signed_goes_stale(status):
    one = facts(status, changed=("the sites",), changed_since=day(-3), review_due=day(-9))
    assert FlagKind.STALE not in held(one)


# information overdue, EqIA pending, decided without


@pytest.mark.parametrize(("due", "overdue"), [(day(-1), True), (day(0), False), (None, False)])
def test_something_to_find_out_is_overdue_the_day_after_its_date(due, overdue):
    one = facts(actions=(OpenAction("Ask the ward", due),))
    assert (FlagKind.INFORMATION_OVERDUE in held(one)) is overdue


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.REVIEWED, Status.SIGNED])
def test_a_full_eqia_is_pending_until_it_is_approved(status):
    assert FlagKind.EQIA_PENDING in held(facts(status, outcome_is_top=True))
    assert FlagKind.EQIA_PENDING not in held(facts(status, outcome_is_top=True, eqia_approved=True))
    assert FlagKind.EQIA_PENDING not in held(facts(status))


@pytest.mark.parametrize(
    "decided", [{"logged_decision": day(-5)}, {"decided_first": True}, {"project_start": day(-5)}]
)
def test_decided_without_needs_an_eqia_approved_by_that_day(decided):
    one = facts(outcome_is_top=True, submitted_on=day(-20), **decided)
    assert FlagKind.DECIDED_WITHOUT in held(one)


@pytest.mark.parametrize(("approved", "without"), [(-6, False), (-5, False), (-4, True)])
def test_an_approval_counts_up_to_the_day_of_the_decision(approved, without):
    one = facts(outcome_is_top=True, logged_decision=day(-5), eqia_approved_on=day(approved))
    assert (FlagKind.DECIDED_WITHOUT in held(one)) is without


def test_superseded_keeps_only_late_and_decided_without():
    one = facts(
        Status.SUPERSEDED,
        stated_decision=day(-15),
        outcome_is_top=True,
        logged_decision=day(-15),
        review_due=day(-5),
        actions=(OpenAction("Ask", day(-5)),),
    )
    assert held(one) == {FlagKind.LATE, FlagKind.DECIDED_WITHOUT}


def test_withdrawn_has_none():
    one = facts(
        Status.WITHDRAWN,
        decided_first=True,
        outcome_is_top=True,
        actions=(OpenAction("Ask", day(-5)),),
    )
    assert flags_of(one) == ()


# The stored day against the definition, on every day


DAYS = st.integers(-40, 40).map(day)
MAYBE = st.none() | DAYS
ANY_FACTS = st.builds(
    Facts,
    status=st.sampled_from(list(Status)),
    created_on=st.just(day(-60)),
    submitted_on=DAYS,
    signed_on=DAYS,
    decided_first=st.booleans(),
    stated_decision=MAYBE,
    logged_decision=MAYBE,
    earlier_in_time=st.booleans(),
    outcome_is_top=st.booleans(),
    eqia_approved=st.booleans(),
    eqia_approved_on=MAYBE,
    project_start=MAYBE,
    review_due=MAYBE,
    review_held=st.booleans(),
    stale_months=st.integers(1, 2),
    actions=st.lists(st.builds(OpenAction, st.just("Ask"), MAYBE), max_size=3).map(tuple),
)
LATER = (Status.SUBMITTED, Status.REVIEWED, Status.SIGNED, Status.SUPERSEDED)
SIGNED = (Status.SIGNED, Status.SUPERSEDED)


def late(one, today):
    if one.status is Status.WITHDRAWN or one.earlier_in_time:
        return False
    decided = one.logged_decision or one.stated_decision
    if one.decided_first:
        return True
    if decided is None or decided >= today:
        return False
    return decided < one.signed_on if one.status in SIGNED else True


def stale(one, today):
    if one.status is not Status.SIGNED:
        return False
    unreviewed = one.review_due and one.review_due < today and not one.review_held
    return bool(unreviewed) or today >= add_months(one.signed_on, one.stale_months)


def overdue(one, today):
    gone = one.status in (Status.SUPERSEDED, Status.WITHDRAWN)
    return not gone and any(a.due and a.due < today for a in one.actions)


def pending(one, today):
    sent = one.status in LATER[:3] and one.submitted_on <= today
    return sent and one.outcome_is_top and not one.eqia_approved


def without(one, today):
    if one.status not in LATER or not one.outcome_is_top or one.submitted_on > today:
        return False
    days = [one.logged_decision, one.project_start]
    if one.decided_first:
        days.append(min(one.stated_decision or one.submitted_on, one.submitted_on))
    return any(
        d and d <= today and not (one.eqia_approved_on and one.eqia_approved_on <= d) for d in days
    )


DEFINITIONS = {
    FlagKind.LATE: late,
    FlagKind.STALE: stale,
    FlagKind.INFORMATION_OVERDUE: overdue,
    FlagKind.EQIA_PENDING: pending,
    FlagKind.DECIDED_WITHOUT: without,
}


@settings(max_examples=400, deadline=None)
@given(ANY_FACTS)
def test_the_stored_day_says_on_every_day_what_the_definition_says(one):
    since = {flag.kind: flag.since for flag in flags_of(one)}
    for (kind, holds), number in product(DEFINITIONS.items(), range(-42, 120, 3)):
        today = day(number)
        stored = kind in since and since[kind] <= today
        assert stored is bool(holds(one, today)), (kind, today)


@settings(deadline=None)
@given(ANY_FACTS)
def test_every_flag_has_a_cause_in_words_and_the_first_comes_first(one):
    for flag in flags_of(one):
        assert all(cause.words for cause in flag.causes)
        assert flag.since == min(cause.since for cause in flag.causes)


# Days and what is read from a form


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2027, 6, 30, 22, 59, tzinfo=UTC), date(2027, 6, 30)),
        (datetime(2027, 6, 30, 23, 1, tzinfo=UTC), date(2027, 7, 1)),
        (datetime(2027, 1, 31, 23, 59, tzinfo=UTC), date(2027, 1, 31)),
    ],
)
def test_days_are_days_in_london(moment, expected):
    assert london_day(moment) == expected


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2027, 12, 15), 1, date(2028, 1, 15)),
        (date(2028, 2, 29), 24, date(2030, 2, 28)),
        (date(2027, 11, 30), 1, date(2027, 12, 30)),
    ],
)
def test_months_end_on_the_last_day_there_is(start, months, expected):
    assert add_months(start, months) == expected


@pytest.mark.parametrize(
    ("people", "band"),
    [(0, "lt50"), (49, "lt50"), (50, "50-499"), (4999, "500-4999"), (5000, "5000plus"), (None, "")],
)
def test_a_number_of_people_falls_in_one_band(people, band):
    bhp = question_set()
    assert band_of(bhp.question(bhp.id_for("people")), people) == band


@pytest.mark.parametrize(
    ("before", "after", "stale_"), [(45, 55, True), (40, 49, False), (100, 110, False)]
)
def test_a_move_to_another_band_is_a_material_change(before, after, stale_):
    signed, now = {"people_a_year": before}, {"people_a_year": after}
    assert bool(differences(question_set(), signed, now)) is stale_


@pytest.mark.parametrize(("stage", "first"), [("options", False), ("approved", True)])
def test_the_stage_says_whether_the_decision_came_first(stage, first):
    assert decided_first(question_set(), parsed(health_form(A5=stage))) is first


def test_a_set_without_a_stage_never_says_so():
    assert not decided_first(question_set("wales-reg8"), parsed(welsh_form(), "wales-reg8"))


def test_a_date_is_read_by_the_part_it_plays():
    assert day_answered(question_set(), parsed(health_form()), "decision_date") == date(2027, 6, 30)
    assert day_answered(question_set(), parsed(health_form(G3=None)), "review_date") is None


def test_only_ticked_triggers_count():
    bhp = question_set()
    assert ticked_triggers(bhp, parsed(health_form())) == frozenset()
    form = health_form(G3_triggers=["complaint", "scale"])
    assert ticked_triggers(bhp, parsed(form)) == {"complaint"}
