"""Changes to charts are acts: kept with reason and author, taken back by a new row."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from eqia.domain.adjustments import Adjustment
from eqia.domain.days import ONE_DAY, add_months
from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from eqia.domain.measure_words import HIDDEN
from eqia.domain.measures import Baseline, Routine
from eqia.domain.people import Role
from eqia.domain.plans import Review
from eqia.domain.published_readings import published
from eqia.persistence.queries import adjustments as queries
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.tables import (
    BaselineRow,
    ChartAdjustmentRow,
    EventRow,
    MeasureStandingRow,
    ReadingRow,
)
from eqia.services import adjustments, measures, plans, standings
from tests.builders import kept
from tests.plan_builders import make_measure, make_plan, make_reading, make_version
from tests.review_world import fixed, open_world

STARTS = [date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1)]
ENDS = [date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31)]
FLOOD = Adjustment("exclusion", STARTS[1], "65_plus", "The clinic was flooded.")
CLINIC = Adjustment("recalculation", STARTS[2], None, "A second clinic opened.")


class Case:
    """A measure with four quarters read, and the people who may change its charts."""

    def __init__(self, session):
        world = open_world(session, form=fixed()).submit().confirm().later(hours=1)
        world.read()
        world.sign()
        self.session, self.world = session, world
        self.plan = make_plan(session, screening=world.screening)
        self.measure = make_measure(session, plan=self.plan)
        self.version = make_version(session, plan=self.plan, measure=self.measure)
        for start, end in zip(STARTS, ENDS, strict=True):
            days = {"period_start": start, "period_end": end}
            make_reading(session, plan=self.plan, version=self.version, **days)

    def given(self, actor=None):
        return {
            "actor": actor or self.world.lead,
            "now": self.world.at,
            "plan": self.plan,
            "measure_id": self.measure.id,
        }

    def adjust(self, wanted=FLOOD, actor=None, **more):
        return adjustments.adjust(self.session, **self.given(actor), wanted=wanted, **more)

    def take_back(self, row, reason="It was not flooded.", **more):
        adjustments.take_back(
            self.session, **self.given(), adjustment_id=row.id, reason=reason, **more
        )

    @property
    def standing(self):
        return queries.standing(self.session, self.version.id)

    @property
    def view(self):
        return measure_queries.views_of(self.session, [self.measure])[self.measure.id]


@pytest.fixture
def case(database_session):
    return Case(database_session)


def test_a_change_is_kept_with_its_author_and_reaches_the_measure(case):
    row = case.adjust()
    assert (row.kind, row.on_date, row.member) == ("exclusion", STARTS[1], "65_plus")
    assert (row.created_by, row.created_at) == (case.world.lead.id, case.world.at)
    assert case.standing == (FLOOD,)
    assert case.view.adjustments == (FLOOD,)
    told = case.session.scalars(
        select(EventRow).where(EventRow.action == "plan.chart_adjusted")
    ).one()
    assert told.payload["kind"] == "exclusion"


def test_how_the_measure_stands_is_worked_out_anew(case):
    case.adjust()
    kept = case.session.scalars(select(MeasureStandingRow)).one()
    assert kept.measure_id == case.measure.id


def test_a_token_counts_once(case):
    first = case.adjust(token="same")
    assert case.adjust(token="same").id == first.id
    assert len(case.standing) == 1


def test_taking_back_adds_a_row_and_erases_nothing(case):
    row = case.adjust()
    case.take_back(row)
    assert case.standing == ()
    assert case.view.adjustments == ()
    (told,) = queries.history(case.session, case.version)
    assert (told.row.id, told.back.reason) == (row.id, "It was not flooded.")
    assert len(case.session.scalars(select(ChartAdjustmentRow)).all()) == 2
    # And what was taken back can be said anew.
    case.adjust()
    assert case.standing == (FLOOD,)


def test_taking_back_twice_is_told_and_a_second_click_is_not(case):
    row = case.adjust()
    case.take_back(row, token="same")
    case.take_back(row, token="same")
    with pytest.raises(Conflict, match="took this back already"):
        case.take_back(row)


def test_a_withdrawal_cannot_be_taken_back_nor_can_one_of_another_measure(case):
    row = case.adjust()
    case.take_back(row)
    back = case.session.scalars(
        select(ChartAdjustmentRow).where(ChartAdjustmentRow.withdraws == row.id)
    ).one()
    with pytest.raises(NotFound):
        case.take_back(back)
    other = make_measure(case.session, plan=case.plan, title="Another")
    make_version(case.session, plan=case.plan, measure=other)
    with pytest.raises(NotFound):
        adjustments.take_back(
            case.session,
            **{**case.given(), "measure_id": other.id},
            adjustment_id=row.id,
            reason="x",
        )


@pytest.mark.parametrize("reason", ["", "  ", "\x00"])
def test_nothing_is_changed_or_taken_back_without_a_reason(case, reason):
    with pytest.raises(Invalid):
        case.adjust(Adjustment("exclusion", STARTS[1], "65_plus", reason))
    row = case.adjust()
    with pytest.raises(Invalid):
        case.take_back(row, reason=reason)


def test_a_baseline_and_new_limits_never_overlap_whichever_comes_first(case):
    def baseline(to):
        set_to = Baseline(STARTS[0], to, "agreed")
        measures.set_baseline(case.session, **case.given(), baseline=set_to)

    case.adjust(CLINIC)
    with pytest.raises(Invalid, match="has to end before"):
        baseline(ENDS[2])
    baseline(ENDS[1])
    with pytest.raises(Invalid, match="The baseline runs to"):
        case.adjust(Adjustment("recalculation", STARTS[1], None, "x"))


def test_a_baseline_starts_with_the_first_reading(case):
    late = Baseline(STARTS[1], ENDS[1], "agreed")
    with pytest.raises(Invalid, match="has to start with it"):
        measures.set_baseline(case.session, **case.given(), baseline=late)


def test_only_those_who_may_edit_the_plan_change_its_charts(case):
    for stranger in (
        case.world.person("Rita Reviewer", Role.REVIEWER),
        case.world.person("Al Auditor", Role.AUDITOR),
        case.world.person("Ad Min", Role.ADMINISTRATOR),
    ):
        with pytest.raises((NotAllowed, NotFound)):
            case.adjust(actor=stranger)


def test_a_closed_plan_stands_still(case):
    case.plan.status = "closed"
    case.session.commit()
    with pytest.raises(NotAllowed, match="closed"):
        case.adjust()


def test_a_measure_that_is_not_defined_has_no_charts(case):
    bare = make_measure(case.session, plan=case.plan, title="Bare")
    with pytest.raises(NotAllowed, match="what exactly this measure counts"):
        adjustments.adjust(case.session, **{**case.given(), "measure_id": bare.id}, wanted=FLOOD)


def test_a_new_definition_starts_without_the_old_changes(case):
    case.adjust()
    make_version(case.session, plan=case.plan, measure=case.measure, number=2)
    assert case.view.adjustments == ()


def worried(case):
    """Give a measure whose gap is clearly wider than in its baseline."""
    days = [date(2024, number, 1) for number in range(1, 13)]
    other = make_measure(case.session, plan=case.plan, frequency="month", first_period=days[0])
    version = make_version(case.session, plan=case.plan, measure=other)
    for first, member, count in [
        (day, member, 60 if (day, member) == (days[-1], "65_plus") else 10)
        for day in days
        for member in ("65_plus", "under_65")
    ]:
        period = {"period_start": first, "period_end": add_months(first, 1) - ONE_DAY}
        make_reading(
            case.session,
            plan=case.plan,
            version=version,
            member=member,
            numerator=count,
            **period,
        )
    baseline = {"from_date": days[0], "to_date": days[2] - ONE_DAY, "state": "agreed"}
    who = {"created_by": case.plan.created_by, "created_at": case.world.at}
    kept(case.session, BaselineRow(version_id=version.id, **baseline, **who))
    standings.refresh(case.session, other)
    return other


def review_of(case, other):
    case.world.later(hours=1)
    review = Review(
        held_on=case.world.at.date(),
        decision="continue",
        notes="We agree.",
        next_review=date(2027, 6, 1),
        answers={f"concern-{other.id}": "It was a flood."},
    )
    plans.hold_review(
        case.session, actor=case.world.lead, now=case.world.at, plan=case.plan, review=review
    )


def test_what_a_concern_is_seen_by_is_not_changed_before_a_review_has_answered_it(case):
    other = worried(case)
    given = {**case.given(), "measure_id": other.id}
    later = Baseline(date(2024, 1, 1), date(2024, 12, 31), "agreed")
    with pytest.raises(Invalid) as refused:
        measures.set_baseline(case.session, **given, baseline=later)
    (problem,) = refused.value.problems
    assert (problem.field, "Hold a review" in problem.message) == ("from_date", True)
    version = measure_queries.version_of(case.session, other)
    routine = Routine(
        title=other.title,
        kind=other.kind,
        frequency=other.frequency,
        first_period=other.first_period,
        lag_days=other.lag_days,
    )
    definition = replace(measure_queries.definition_of(version), numerator="Visits missed twice")
    meant = {"change": "other", "reason": "We count something else."}
    place = {"measure_id": other.id, "version": other.version}
    new = measures.Defined(routine, definition, **place, **meant)
    given = {name: case.given()[name] for name in ("actor", "now", "plan")}
    with pytest.raises(Invalid) as refused:
        measures.define(case.session, **given, defined=new)
    assert [one.field for one in refused.value.problems] == ["numerator"]
    review_of(case, other)
    given = {**case.given(), "measure_id": other.id}
    measures.set_baseline(case.session, **given, baseline=later)


def test_a_concern_that_a_change_took_away_stays_until_a_review_has_looked_at_it(case):
    other = worried(case)
    given = {**case.given(), "measure_id": other.id}

    def told():
        row = case.session.scalars(
            select(MeasureStandingRow).where(MeasureStandingRow.measure_id == other.id)
        ).one()
        case.session.refresh(row)
        return row

    assert "is clearly wider than before" in told().exact["concern"][1]
    wanted = Adjustment("exclusion", date(2024, 12, 1), "65_plus", "A flood.")
    adjustments.adjust(case.session, **given, wanted=wanted)
    silenced = "With the reading of 65 and over for December 2024 counted, the gap between"
    assert silenced in told().exact["concern"][1]
    assert silenced in told().published["concern"][1]
    review_of(case, other)
    assert told().exact["concern"] is None
    assert told().concern_since is None


def test_a_change_keeps_what_the_chart_said_before_it(case):
    row = case.adjust()
    said = "65 and over: There are 4 readings so far, too few to tell a change from chance."
    assert row.said_before == said
    assert row.told_before.startswith("65 and over: ")
    assert case.view.adjustments[0].before == said
    case.take_back(row)
    (told,) = queries.history(case.session, case.version)
    assert "There are 3 readings so far" in told.back.said_before
    note = case.adjust(Adjustment("note", STARTS[1], None, "Snow."))
    assert note.said_before == ""


def test_people_outside_are_told_what_they_were_told_before(case):
    readings = case.session.scalars(select(ReadingRow)).all()
    small = {"numerator": 3, "supersedes": readings[-1].id}
    days = {"period_start": STARTS[-1], "period_end": ENDS[-1]}
    make_reading(case.session, plan=case.plan, version=case.version, **small, **days)
    row = case.adjust()
    assert HIDDEN in row.told_before
    assert "4 readings" in row.said_before
    (seen,) = published([case.view])
    assert seen.adjustments[0].before == row.told_before
