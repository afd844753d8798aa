"""An administrator defines sets of groups; a team counts by them and is asked before it moves."""

import pytest

from eqia.domain.people import Role
from eqia.persistence.tables import CategorySetRow, EventRow, MeasureVersionRow
from tests.builders import make_person
from tests.web.test_plans import AIM, MEASURE, day, go

CARERS = {
    "label": "Unpaid carers",
    "edition": "2026",
    "groups": "Unpaid carer\nNot a carer",
    "unknown": "Not recorded",
    "characteristic": "carers",
    "source": "The register of carers",
} | day("from_date", "2026-04-01")
LATER = {"edition": "2027", "groups": "Adult carer\nYoung carer\nNot a carer"}


@pytest.fixture
def administrator(client, session):
    return client.sign_in(make_person(session, name="Ada", roles=[Role.ADMINISTRATOR]))


@pytest.fixture
def carers(administrator):
    page = administrator.get("/organisation/category-sets/new")
    return administrator.follow(administrator.submit_form(page, data=CARERS))


def rows(session):
    session.expire_all()
    return session.query(CategorySetRow).order_by(CategorySetRow.from_date).all()


def test_a_set_is_defined_and_listed_beside_the_standard_ones(carers, session):
    assert "Unpaid carers, 2026" in carers.text
    assert "Unpaid carer; Not a carer; Not recorded" in carers.text
    assert "Used from 1 April 2026. Code: org-unpaid-carers. It splits: Unpaid carers." in (
        carers.text
    )
    assert "Ethnicity, NHS ethnic category (16 groups), 2001" in carers.text
    (row,) = rows(session)
    assert (row.code, row.replaces) == ("org-unpaid-carers", "")
    told = session.query(EventRow).filter_by(action="organisation.category_set_defined").one()
    assert told.payload == {"code": "org-unpaid-carers", "edition": "2026"}


def test_another_edition_replaces_it_and_leaves_it_as_it_was(administrator, carers, session):
    form = go(administrator, carers, "Define another edition")
    assert form.form().values["groups"].split() == ["Unpaid", "carer", "Not", "a", "carer"]
    page = administrator.submit_form(form, data=LATER | day("from_date", "2027-04-01"))
    page = administrator.follow(page)
    assert "Unpaid carers, 2027" in page.text
    assert "(not yet)" in page.text
    assert "It replaces 2026." in page.text
    assert [row.code for row in rows(session)] == ["org-unpaid-carers"] * 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"label": ""}, "Enter what the set is called"),
        ({"label": "Sex"}, "There is a set of this name already"),
        ({"label": "x" * 201}, "200 characters or fewer"),
        ({"edition": "x" * 16}, "15 characters or fewer"),
        ({"edition": ""}, "Enter which edition it is"),
        ({"groups": "Carer"}, "List two groups or more"),
        ({"groups": "Carer\nCARER"}, "Give every group a name of its own"),
        (day("from_date", "2026-02-30"), "real date"),
        ({"characteristic": "odd"}, "Choose an answer from the list"),
    ],
)
def test_what_cannot_be_used_is_told_and_kept(administrator, session, typed, words):
    page = administrator.get("/organisation/category-sets/new")
    again = administrator.submit_form(page, data=CARERS | typed, expect=422)
    assert any(words in one for one in again.errors), again.errors
    assert "The register of carers" in again.html
    assert not rows(session)


def test_a_form_sent_twice_makes_one_set(administrator, session):
    page = administrator.get("/organisation/category-sets/new")
    for _ in range(2):
        administrator.submit_form(page, data=CARERS)
    assert len(rows(session)) == 1


def test_an_edition_of_nothing_is_not_found(administrator):
    for code in ("org-nothing", "sex", "x" * 500, "%00"):
        administrator.get(f"/organisation/category-sets/new?of={code}", expect=404)


@pytest.mark.parametrize("roles", [[], [Role.REVIEWER], [Role.APPROVER], [Role.AUDITOR]])
def test_only_administrators_define_sets(client, session, roles):
    client.sign_in(make_person(session, name="Somebody", roles=roles))
    client.get("/organisation/category-sets", expect=403)
    client.get("/organisation/category-sets/new", expect=403)


# The signed screening brings a database of its own, so that it comes first.
@pytest.mark.usefixtures("world", "carers")
def test_a_measure_is_defined_by_it_and_asked_before_it_moves(client, world, clock, session):
    clock.move(hours=2)
    team = client.sign_in(world.lead_row)
    page = team.get(f"/screenings/{world.screening.id}/plan")
    page = team.follow(team.submit_form(page, data=AIM))
    form = go(team, page, "Define it")
    assert "Unpaid carers, 2026" in form.html
    own = {"category_set": "org-unpaid-carers|2026", "members": "", "unknown": ""}
    reference = {"reference": "Not a carer"}
    page = team.follow(team.submit_form(form, data=MEASURE | own | reference))
    assert "Unpaid carers, 2026" in page.text
    for group in ("Unpaid carer", "Not a carer", "Not recorded"):
        assert f"<li>{group}</li>" in page.html
    form = go(team, page, "Change what it counts")
    moved = {"category_set": "sex|2021", "set_reference": "sex|2021#female"}
    told = team.submit_form(form, data=moved, expect=422)
    assert any("The figures so far are by Unpaid carers, 2026." in one for one in told.errors)
    assert any("Only in the new groups: Female, Male." in one for one in told.errors)
    page = team.follow(team.submit_form(told, data=moved | {"moves": ["yes"]}))
    assert "Sex, 2021" in page.text
    assert len(session.query(MeasureVersionRow).all()) == 2
    # Nothing to ask while the set stays.
    form = go(team, page, "Change what it counts")
    team.submit_form(form, data={"title": "Missed visits by sex"})


def test_a_set_that_is_not_used_yet_is_not_offered(client, world, administrator, clock):
    page = administrator.get("/organisation/category-sets/new")
    administrator.submit_form(page, data=CARERS | day("from_date", "2030-01-01"))
    clock.move(hours=2)
    team = client.sign_in(world.lead_row)
    page = team.get(f"/screenings/{world.screening.id}/plan")
    form = go(team, team.follow(team.submit_form(page, data=AIM)), "Define it")
    assert "Unpaid carers, 2026" not in form.html
