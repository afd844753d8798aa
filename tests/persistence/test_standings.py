"""What is kept of measures is read alike from both databases, and costs no more with more of it."""

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from eqia.domain.governance import Sought
from eqia.domain.people import MemberRole, Role
from eqia.persistence.database import writing
from eqia.persistence.queries import governance, measures, plans, waiting_plans
from eqia.persistence.tables import MeasureRow, MeasureStandingRow, OrganisationRow, ProjectRow
from eqia.services import standings
from tests.builders import NOW, acting, kept, make_member, make_person
from tests.plan_builders import make_measure, make_plan, make_reading, make_series, make_version

TODAY = NOW.date()


@pytest.fixture
def plan(database_session):
    plan = make_series(database_session)
    with writing(database_session):
        standings.refresh(database_session, *plans.measures(database_session, plan))
    return plan


@pytest.fixture
def member(database_session, plan):
    row = make_person(database_session)
    project = database_session.get_one(ProjectRow, plan.project_id)
    make_member(database_session, project=project, person=row)
    return acting(row, projects={project.id: MemberRole.MEMBER})


def test_which_periods_were_read_is_enough_to_say_what_is_overdue(database_session, plan, member):
    (found,) = waiting_plans.overdue(database_session, member, TODAY)
    assert (found.plan_id, found.count, found.oldest) == (plan.id, 5, date(2025, 6, 30))
    # Due on the last of June, it is overdue from the first of July on.
    on_the_day = waiting_plans.overdue(database_session, member, date(2025, 6, 30))
    after = waiting_plans.overdue(database_session, member, date(2025, 7, 1))
    assert (on_the_day, [one.count for one in after]) == ([], [1])


@pytest.mark.parametrize(("days", "late"), [(0, 1), (1, 0), (30, 0)])
def test_grace_puts_off_what_is_overdue_everywhere(database_session, plan, member, days, late):
    with writing(database_session):
        host = database_session.query(OrganisationRow).one_or_none()
        if host is None:
            host = OrganisationRow(name="Northmere Health")
            database_session.add(host)
        host.grace_days = days
    day = date(2025, 7, 1)
    found = waiting_plans.overdue(database_session, member, day)
    assert [one.count for one in found] == [late] * bool(late)
    (line,) = governance.lines(database_session, Sought(), day)
    assert line.watched.late == late
    rows = plans.gather(database_session, plan)
    (shown,) = measures.shown(database_session, rows, day)
    assert sum(one.is_late for one in shown.view.due) == late


def waiting(session, person):
    return waiting_plans.after_reviews(session, person, TODAY)[0]


def test_a_concern_waits_for_the_team_and_reviewers_who_may_know_it(database_session, plan, member):
    reviewer = acting(make_person(database_session), roles=[Role.REVIEWER])
    assert waiting(database_session, member) == []
    row = database_session.query(MeasureStandingRow).one()
    why = ["2026-11-25", "The gap is clearly wider than before."]
    with writing(database_session):
        row.concern_since, row.exact = date(2026, 11, 25), {**row.exact, "concern": why}
    assert waiting(database_session, reviewer) == []
    assert [one.plan_id for one in waiting(database_session, member)] == [plan.id]
    with writing(database_session):
        row.told_since, row.published = date(2026, 11, 25), {**row.published, "concern": why}
    for person in (reviewer, member):
        (found,) = waiting(database_session, person)
        assert (found.plan_id, found.measure_title) == (plan.id, "Missed visits")
    stranger = acting(make_person(database_session))
    assert waiting(database_session, stranger) == []


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        (Sought(), True),
        (Sought(group="age"), True),
        (Sought(group="sex"), False),
        (Sought(text="EQS"), True),
        (Sought(text="_"), False),
        (Sought(status="any", trouble="readings"), True),
        (Sought(trouble="concerns"), False),
    ],
)
def test_plans_are_found_alike(database_session, plan, sought, found):
    lines = governance.lines(database_session, sought, TODAY)
    assert [one.plan.id for one in lines] == [plan.id] * found
    assert governance.groups(database_session) == {"age": "Age"}


def test_a_measure_has_one_standing(database_session, plan):
    (row,) = plans.measures(database_session, plan)
    double = MeasureStandingRow(measure_id=row.id, engine="1", exact={}, published={})
    with pytest.raises(IntegrityError):
        kept(database_session, double)


def test_the_readings_of_many_measures_are_read_as_of_one(database_session, plan):
    other = make_plan(database_session)
    version = make_version(
        database_session, plan=other, measure=make_measure(database_session, plan=other)
    )
    make_reading(database_session, plan=other, version=version)
    rows = database_session.query(MeasureRow).all()
    views = measures.views_of(database_session, rows)
    assert len(views) == 2
    for one in (plan, other):
        (row,) = plans.measures(database_session, one)
        assert views[row.id] == measures.views_of(database_session, [row])[row.id]
