from collections import Counter

import pytest
from sqlalchemy import select

from eqia.domain.coverage import items
from eqia.domain.people import MemberRole, Role
from eqia.domain.plan_sections import sections
from eqia.domain.screenings import Status
from eqia.persistence.queries import measures, pdsa, people, plan_sections, plans
from eqia.persistence.tables import (
    CommentRow,
    EqiaRow,
    LookAnswerRow,
    LookRequestRow,
    PersonRow,
    PlanRow,
    ProjectRow,
    PublicationRow,
    RecordRow,
    ScreeningRow,
)
from eqia.services import demonstration
from tests.builders import NOW
from tests.plan_builders import live_readings


@pytest.fixture
def made(session):
    demonstration.make(session, now=NOW)
    return session


def test_eight_people_cover_every_role(made):
    folk = [people.with_grants(made, row, NOW) for row in made.scalars(select(PersonRow))]
    assert len(folk) == 8
    assert {role for one in folk for role in one.roles} == set(Role)
    assert {role for one in folk for role in one.projects.values()} == set(MemberRole)


def test_six_projects_stand_at_different_stages(made):
    assert len(made.scalars(select(ProjectRow)).all()) == 6
    statuses = Counter(made.scalars(select(ScreeningRow.status)))
    assert statuses == {
        Status.DRAFT: 1,
        Status.RETURNED: 1,
        Status.SUBMITTED: 1,
        Status.REVIEWED: 1,
        Status.SIGNED: 2,
        Status.SUPERSEDED: 1,
    }


def test_two_were_signed_with_different_outcomes_and_one_was_screened_again(made):
    signed = select(ScreeningRow).where(ScreeningRow.status == Status.SIGNED)
    found = {row.confirmed_outcome: row.number for row in made.scalars(signed)}
    assert found == {"conditions": 2, "full": 1}
    assert len(made.scalars(select(RecordRow)).all()) == 3


def test_one_is_published_with_parts_left_out_and_somebody_asks_for_another_look(made):
    (copy,) = made.scalars(select(PublicationRow)).all()
    assert {one["why"] for one in copy.choices} == {"small", "person", "other"}
    assert not copy.names
    assert made.scalars(select(LookRequestRow.publication_id)).all() == [copy.id]
    assert made.scalars(select(LookAnswerRow)).all() == []


def test_the_returned_one_has_comments_and_the_full_one_an_eqia(made):
    assert made.scalars(select(CommentRow)).all()
    assert made.scalars(select(EqiaRow.status)).all() == ["started"]


def test_one_project_has_a_plan_with_two_years_of_readings_by_group(made):
    plan = made.scalars(select(PlanRow)).one()
    rows = plans.gather(made, plan)
    periods = Counter(row.version_id for row in live_readings(made, plan) if not row.member)
    assert sorted(periods.values()) == [23, 24]
    assert {row.characteristic for row in rows.versions} == {"disability", "carers"}
    assert {row.state for row in live_readings(made, plan)} == {"final"}
    shown = measures.shown(made, rows, NOW.date())
    found = {one.rule for one in items(measures.picture(rows, shown, NOW.date()))}
    assert found == {"C11"}
    assert [row.decision for row in rows.reviews] == ["change"]


def test_the_plan_holds_risks_cycles_and_something_in_every_section(made):
    plan = made.scalars(select(PlanRow)).one()
    found = plan_sections.counts(made, plan)
    assert (found.risks, found.high_risks, found.cycles, found.running) == (3, 2, 3, 1)
    assert found.sections == len(sections())
    statuses = Counter(row.status for row in plan_sections.entries(made, plan))
    assert statuses["withdrawn"] == 1
    assert len(pdsa.marks(made, plan)) == 2
