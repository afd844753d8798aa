from datetime import date

import pytest

from eqia.domain.errors import Conflict, Invalid, NotAllowed
from eqia.domain.people import MemberRole
from eqia.domain.projects import Project
from eqia.persistence.queries import projects as queries
from eqia.persistence.queries.people import with_grants
from eqia.services import projects
from tests.builders import NOW, make_member, make_person, make_project

FALLS = Project(title="Falls checks at home", start_date=date(2027, 1, 4))


@pytest.fixture
def lead(database_session):
    return make_person(database_session)


def acting(session, row):
    return with_grants(session, row, NOW)


def create(session, person, once="1"):
    return projects.create(
        session, actor=acting(session, person), now=NOW, project=FALLS, token=once
    )


def test_whoever_starts_a_project_leads_it(database_session, lead):
    row = create(database_session, lead)
    member = queries.membership(database_session, row.id, lead.id)
    assert member.role is MemberRole.LEAD
    assert queries.facts_of(row) == FALLS


def test_a_second_click_gives_the_first_project(database_session, lead):
    assert create(database_session, lead).id == create(database_session, lead).id
    assert len(queries.of_person(database_session, lead.id)) == 1


def test_a_token_of_somebody_else_is_refused(database_session, lead):
    create(database_session, lead)
    with pytest.raises(Conflict):
        create(database_session, make_person(database_session))


def update(session, row, person, *, version=1, **facts):
    return projects.update(
        session,
        actor=acting(session, person),
        now=NOW,
        row=row,
        version=version,
        project=Project(**{"title": "Falls checks", **facts}),
    )


def test_a_member_may_change_the_facts(database_session, lead):
    row = create(database_session, lead)
    member = make_person(database_session, member_of=[row])
    update(database_session, row, member, sites="Yate", bodies=("icb",))
    assert (row.sites, row.bodies, row.version) == ("Yate", ["icb"], 2)


def test_a_stale_form_overwrites_nothing(database_session, lead):
    row = create(database_session, lead)
    update(database_session, row, lead, sites="Yate")
    with pytest.raises(Conflict):
        update(database_session, row, lead, sites="Thornbury")
    assert row.sites == "Yate"


def test_a_stranger_may_not_change_anything(database_session, lead):
    row = create(database_session, lead)
    with pytest.raises(NotAllowed):
        update(database_session, row, make_person(database_session))


def test_only_the_lead_invites(database_session, lead):
    row = create(database_session, lead)
    member = make_person(database_session, member_of=[row])
    new = make_person(database_session)
    with pytest.raises(NotAllowed):
        projects.add_member(
            database_session,
            actor=acting(database_session, member),
            now=NOW,
            row=row,
            person=new,
        )


def test_nobody_is_in_a_project_twice(database_session, lead):
    row = create(database_session, lead)
    with pytest.raises(Invalid):
        projects.add_member(
            database_session, actor=acting(database_session, lead), now=NOW, row=row, person=lead
        )


def test_a_project_keeps_its_lead_until_there_is_another(database_session, lead):
    row = make_project(database_session, lead=lead)
    other = make_person(database_session)
    make_member(database_session, project=row, person=other)
    act = {"actor": acting(database_session, lead), "now": NOW, "row": row}
    with pytest.raises(NotAllowed):
        projects.end_membership(database_session, person_id=lead.id, **act)
    projects.change_lead(database_session, person_id=other.id, **act)
    roles = {p.id: m.role for m, p in queries.members(database_session, row.id)}
    assert roles == {other.id: MemberRole.LEAD, lead.id: MemberRole.MEMBER}


def test_somebody_taken_out_is_a_member_no_more_but_stays_in_the_history(database_session, lead):
    row = create(database_session, lead)
    other = make_person(database_session)
    member = make_member(database_session, project=row, person=other)
    projects.end_membership(
        database_session,
        actor=acting(database_session, lead),
        now=NOW,
        row=row,
        person_id=other.id,
    )
    assert queries.membership(database_session, row.id, other.id) is None
    assert member.until_at == NOW
