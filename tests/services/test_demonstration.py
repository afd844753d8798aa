from collections import Counter

import pytest
from sqlalchemy import select

from eqia.domain.coverage import items
from eqia.domain.people import MemberRole, Role
from eqia.domain.plan_sections import sections
from eqia.domain.screenings import Status
from eqia.persistence.database import create_all_for_tests, make_engine, make_session
from eqia.persistence.queries import measures, pdsa, people, plan_sections, plans, readiness
from eqia.persistence.tables import (
    CommentRow,
    EqiaRow,
    EventRow,
    LookAnswerRow,
    LookRequestRow,
    PersonRow,
    PlanRow,
    ProjectRow,
    PublicationRow,
    RecordRow,
    ScreeningRow,
)
from eqia.persistence.tables.adjustments import ChartAdjustmentRow
from eqia.persistence.tables.imports import ImportBatchRow
from eqia.persistence.tables.measures import TargetRow
from eqia.services import demonstration
from tests.builders import NOW
from tests.plan_builders import live_readings


@pytest.fixture(scope="module")
def made():
    engine = make_engine("sqlite://")
    create_all_for_tests(engine)
    with make_session(engine) as session:
        demonstration.make(session, now=NOW)
        yield session
    engine.dispose()


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


def test_the_log_is_in_order_of_what_happened(made):
    moments = made.scalars(select(EventRow.at_utc).order_by(EventRow.seq)).all()
    assert moments == sorted(moments)
    assert moments[-1] <= NOW


def plan_of(session, title):
    here = select(PlanRow).join(ProjectRow, ProjectRow.id == PlanRow.project_id)
    return session.scalars(here.where(ProjectRow.title == title)).one()


@pytest.fixture
def pharmacy(made):
    return plan_of(made, "Shorter pharmacy hours at weekends")


@pytest.fixture
def walkin(made):
    return plan_of(made, "Closing the Hillview walk-in room")


def standing(session, plan):
    """The measures of a plan by their titles, and what is missing from it."""
    rows = plans.gather(session, plan)
    picture = measures.picture(rows, measures.shown(session, rows, NOW.date()), NOW.date())
    return {one.title: one for one in picture.measures}, {one.rule for one in items(picture)}


def test_a_plan_has_two_years_of_readings_by_group(made, pharmacy):
    rows = plans.gather(made, pharmacy)
    periods = Counter(row.version_id for row in live_readings(made, pharmacy) if not row.member)
    assert sorted(periods.values()) == [23, 24]
    assert {row.characteristic for row in rows.versions} == {"disability", "carers"}
    assert {row.state for row in live_readings(made, pharmacy)} == {"final"}
    assert standing(made, pharmacy)[1] == {"C11"}
    assert [row.decision for row in rows.reviews] == ["change"]


def test_another_has_a_rate_by_area_a_share_by_ethnic_group_and_an_average_by_age(made, walkin):
    rows = plans.gather(made, walkin)
    periods = Counter(row.version_id for row in live_readings(made, walkin) if not row.member)
    found = {row.characteristic: (row.shape, periods[row.id]) for row in rows.versions}
    assert found == {"deprivation": ("rate", 8), "race": ("proportion", 22), "age": ("mean", 24)}
    assert len(made.scalars(select(ImportBatchRow)).all()) == 4
    kinds = Counter(row.kind for row in made.scalars(select(ChartAdjustmentRow)))
    assert kinds == {"note": 5, "exclusion": 2, "recalculation": 1}
    assert {"trajectory", "level"} == {row.kind for row in made.scalars(select(TargetRow))}


def test_another_shows_a_concern_that_no_review_has_looked_at(made, walkin):
    found, missing = standing(made, walkin)
    assert found["Visits to the emergency department for something small"].concern
    assert missing == {"C01", "C11", "C14"}
    assert not plans.gather(made, walkin).reviews


def test_a_plan_holds_risks_cycles_and_something_in_every_section(made, pharmacy):
    found = plan_sections.counts(made, pharmacy)
    assert (found.risks, found.high_risks, found.cycles, found.running) == (3, 2, 3, 1)
    assert found.sections == len(sections())
    statuses = Counter(row.status for row in plan_sections.entries(made, pharmacy))
    assert statuses["withdrawn"] == 1
    assert len(pdsa.marks(made, pharmacy)) == 2


def test_another_holds_risks_and_cycles_and_most_sections(made, walkin):
    found = plan_sections.counts(made, walkin)
    assert (found.risks, found.high_risks, found.cycles, found.running) == (2, 2, 3, 1)
    assert found.sections == 10


def test_every_item_of_the_checklist_is_answered_in_one_plan_or_the_other(made, pharmacy, walkin):
    kept = [readiness.kept(made, plan, NOW.date()) for plan in (pharmacy, walkin)]
    answered = {part for one in kept for part in one.answers}
    parts = kept[0].checklist.parts
    assert answered == {part.id for part in parts if not part.auto}
    assert {part.id for part in parts if part.auto} == {"1.4", "3.1.4", "3.2.3"}
