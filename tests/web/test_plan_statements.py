"""The pages of a plan take as many statements with much in them as with little, for everybody."""

import pytest

from eqia.domain.people import Role
from eqia.persistence.database import writing
from eqia.persistence.queries import plans
from eqia.persistence.tables import ProjectRow
from eqia.services import standings
from tests.builders import make_member, make_person
from tests.plan_builders import make_action, make_finding, make_measure, make_reading, make_version
from tests.web.test_governance import planned, statements


def fill(session, plan):
    """Five more measures, each with an action and a finding of its own."""
    for number in range(5):
        finding = make_finding(session, plan=plan, group_id=f"group{number}", label=f"G{number}")
        action = make_action(session, plan=plan, finding=finding)
        measure = make_measure(session, plan=plan, action=action, title=f"Measure {number}")
        version = make_version(session, plan=plan, measure=measure, numerator=f"Calls {number}")
        make_reading(session, plan=plan, version=version)
    with writing(session):
        standings.refresh(session, *plans.measures(session, plan))


@pytest.fixture(params=["team", "reviewer"])
def plan(request, client, session):
    plan = planned(session)
    if request.param == "team":
        person = make_person(session)
        make_member(session, project=session.get_one(ProjectRow, plan.project_id), person=person)
    else:
        person = make_person(session, roles=[Role.REVIEWER])
    client.sign_in(person)
    return plan


@pytest.mark.parametrize("page", ["", "/measures/{measure}", "/calendar.ics"])
def test_a_page_of_a_plan(client, session, plan, page):
    (measure,) = plans.measures(session, plan)
    url = f"/plans/{plan.id}" + page.format(measure=measure.id)
    few = statements(client, session, url)
    fill(session, plan)
    assert statements(client, session, url) == few


def test_a_page_about_what_was_never_kept_costs_a_few_more_but_no_more_with_more(
    client, session, plan
):
    url = f"/plans/{plan.id}"
    kept = statements(client, session, url)
    forgotten = make_measure(session, plan=plan, title="Never kept")
    few = statements(client, session, url)
    assert kept < few <= kept + 6
    for number in range(4):
        measure = make_measure(session, plan=plan, title=f"Measure {number}")
        make_version(session, plan=plan, measure=measure)
    assert statements(client, session, url) == few
    assert forgotten.title in client.get(url).text
