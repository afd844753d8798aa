"""What is kept of a measure is what its readings say, whatever was done to it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from eqia.domain.adjustments import Adjustment
from eqia.domain.errors import Refusal
from eqia.domain.judgements import standing_of
from eqia.domain.measures import Baseline, Definition, Routine, Target, members_from
from eqia.domain.people import MemberRole
from eqia.domain.periods import Frequency, Period, Schedule
from eqia.domain.published_readings import published
from eqia.domain.readings import Figure, ReadingState
from eqia.domain.standings import ENGINE, NOTHING_READ, from_json
from eqia.persistence.queries import measures as queries
from eqia.persistence.queries import plans as plan_queries
from eqia.persistence.tables import MeasureRow, MeasureStandingRow, ProjectRow
from eqia.services import adjustments, measures, readings, standings, targets
from tests.builders import NOW, acting, make_person
from tests.plan_builders import make_measure, make_plan, make_reading, make_series

FIRST = date(2025, 1, 1)
MONTHS = Schedule(Frequency.MONTH, FIRST)
MEMBERS = members_from(["Young", "Old"], ["Not recorded"])
CODES = ["", "young", "old", "not_recorded"]
SHARE = Definition(
    shape="proportion",
    numerator="Missed",
    denominator="Booked",
    direction="down",
    characteristic="age",
    members=MEMBERS,
    reference="young",
)


class Team:
    """A plan with a measure or two, and somebody who may change everything in it."""

    def __init__(self, session):
        self.session = session
        self.plan = make_plan(session)
        self.row = make_person(session, leads=[session.get_one(ProjectRow, self.plan.project_id)])
        self.now = NOW
        self.define(0)
        self.define(0)

    @property
    def by(self):
        self.now += timedelta(hours=1)
        actor = acting(self.row, projects={self.plan.project_id: MemberRole.LEAD})
        return {"session": self.session, "actor": actor, "now": self.now, "plan": self.plan}

    @property
    def measures(self):
        return plan_queries.measures(self.session, self.plan)

    def define(self, number, changed=None, **words):
        """Define another measure, or one of those there are anew."""
        row = self.measures[number % len(self.measures)] if changed is not None else None
        values = {"shape": "proportion", "numerator": "Missed", **(changed or {})}
        definition = Definition(
            denominator="Booked", direction="down", members=MEMBERS, reference="young", **values
        )
        routine = Routine(title="Visits", frequency="month", first_period=FIRST, **words)
        known = {"measure_id": row.id, "version": row.version} if row else {}
        measures.define(**self.by, defined=measures.Defined(routine, definition, **known))

    def read(self, number, at, member, top, state):
        there = state in {ReadingState.FINAL, ReadingState.PROVISIONAL}
        parts = (top, 60) if there else (None, None)
        figure = Figure(member, *parts, None, state)
        entry = readings.Entry(MONTHS.period(at), (figure,), why="Counted again.")
        entry = replace(entry, agreed=entry.mark)
        readings.add_readings(**self.by, measure_id=self.id_of(number), entry=entry)

    def compare(self, number, months):
        last = MONTHS.period(months).end
        measures.set_baseline(
            **self.by, measure_id=self.id_of(number), baseline=Baseline(FIRST, last, "agreed")
        )

    def aim(self, number, value):
        target = Target("old", "level", Decimal(value), FIRST, date(2027, 1, 1))
        targets.set_target(**self.by, measure_id=self.id_of(number), target=target)

    def adjust(self, number, at, kind):
        wanted = Adjustment(kind, MONTHS.period(at).start, "old", "The clinic was shut.")
        adjustments.adjust(**self.by, measure_id=self.id_of(number), wanted=wanted)

    def id_of(self, number):
        rows = self.measures
        return rows[number % len(rows)].id


NUMBERS = st.integers(0, 2)
MONTH = st.integers(0, 21)
ACTS = st.one_of(
    st.tuples(
        st.just("read"),
        NUMBERS,
        MONTH,
        st.sampled_from(CODES),
        st.integers(0, 60),
        st.sampled_from(ReadingState),
    ),
    st.tuples(st.just("compare"), NUMBERS, MONTH),
    st.tuples(st.just("aim"), NUMBERS, st.integers(0, 100)),
    st.tuples(st.just("adjust"), NUMBERS, MONTH, st.sampled_from(["recalculation", "exclusion"])),
    st.tuples(
        st.just("define"),
        NUMBERS,
        st.sampled_from([None, {}, {"numerator": "Kept"}, {"shape": "count"}]),
    ),
)


def kept(session, plan):
    rows = session.scalars(
        select(MeasureStandingRow)
        .where(MeasureStandingRow.measure_id.in_(plan_queries.ids_of_measures(plan)))
        .execution_options(populate_existing=True)
    )
    return {row.measure_id: row for row in rows}


def check(session, plan):
    views = queries.views_of(session, plan_queries.measures(session, plan))
    rows = kept(session, plan)
    assert set(rows) == set(views)
    for view, shown in zip(views.values(), published(list(views.values())), strict=True):
        row = next(one for measure_id, one in rows.items() if str(measure_id) == view.id)
        exact = standing_of(view)
        assert from_json(row.exact) == exact
        assert from_json(row.published) == shown.standing
        assert row.concern_since == (exact.concern[0] if exact.concern else None)
        told = shown.standing.concern
        assert row.told_since == (told[0] if told else None)
        assert row.engine == ENGINE


@given(st.lists(ACTS, min_size=4, max_size=14))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_after_any_acts_what_is_kept_is_what_the_readings_say(database_session, acts):
    team = Team(database_session)
    check(database_session, team.plan)
    for name, *given_ in acts:
        try:
            getattr(team, name)(*given_)
        except Refusal:
            continue
        check(database_session, team.plan)


def test_a_change_to_one_measure_is_seen_in_what_is_hidden_of_another(session):
    team = Team(session)
    team.read(0, 0, "old", 20, ReadingState.FINAL)
    before = {one: row.published for one, row in kept(session, team.plan).items()}
    team.read(1, 0, "old", 3, ReadingState.FINAL)
    first, second = (team.id_of(number) for number in (0, 1))
    after = kept(session, team.plan)
    assert after[first].published == before[first]
    assert after[second].published["places"][2][1] == "* of 60 (hidden, small number)"
    check(session, team.plan)


@pytest.fixture
def old(session):
    """A plan made before standings were kept."""
    return make_series(session)


def seen(session, plan):
    rows = plan_queries.gather(session, plan)
    return [one.view.standing for one in queries.shown(session, rows, NOW.date())]


def test_what_is_not_kept_is_worked_out_at_sight_and_nothing_is_stored(session, old):
    (standing,) = seen(session, old)
    assert standing.place("65_plus").words == "15.0% (12 of 80)"
    assert kept(session, old) == {}


def test_what_another_engine_said_is_not_believed(session, old):
    (row,) = plan_queries.measures(session, old)
    standings.refresh(session, row)
    (before,) = seen(session, old)
    wrong = {"engine": "0", "exact": {"nothing": "of use"}}
    session.execute(update(MeasureStandingRow).values(**wrong))
    assert seen(session, old) == [before]
    assert standings.refresh_all(session) == 1
    check(session, old)


def test_the_command_works_out_every_measure(session, old):
    other = make_plan(session)
    make_measure(session, plan=other)
    assert standings.refresh_all(session) == 2
    for plan in (old, other):
        check(session, plan)
    assert len(session.scalars(select(MeasureRow)).all()) == 2


def test_readings_that_overlap_keep_nobody_from_what_else_there_is(session, old):
    """Once, a measure could be read by the quarter and then by the month in one series."""
    (row,) = plan_queries.measures(session, old)
    version = queries.version_of(session, row)
    month = {"period_start": date(2026, 6, 1), "period_end": date(2026, 6, 30)}
    make_reading(session, plan=old, version=version, **month)
    make_measure(session, plan=make_plan(session))
    assert standings.refresh_all(session) == 1
    assert kept(session, old) == {}
    assert seen(session, old) == [NOTHING_READ]


def test_a_period_read_in_part_early_is_open(session):
    team = Team(session)
    team.read(0, 21, "old", 20, ReadingState.PROVISIONAL)
    standing = seen(session, team.plan)[0]
    assert Period(date(2026, 10, 1), date(2026, 10, 31)) in standing.early
    assert standing.confirmed.whole == ()
