"""Words and links that tell a person with little time where they are and what comes next."""

import re

import pytest

from eqia.domain.people import Role
from eqia.domain.screenings import Status
from eqia.persistence.database import writing
from eqia.persistence.tables import OrganisationRow
from eqia.web.forms.account import FirstAdministratorForm
from tests.builders import make_person, make_project, make_screening
from tests.journeys.filling import answer, start, walk
from tests.journeys.test_outcomes import HEALTH
from tests.journeys.test_short_path import NOBODY
from tests.review_world import MORE, open_world
from tests.web.test_reviews_sign_off import NEEDS, WEIGHT, make_approver, read, url

WATCHED = {
    Role.AUDITOR: ("Report: screenings", "Events: who did what"),
    Role.ADMINISTRATOR: ("People: invite somebody", "Local groups"),
}


@pytest.fixture
def lead(session):
    return make_person(session, name="Ada Lead")


@pytest.fixture
def home(client, session, lead):
    return start(client.sign_in(lead), make_project(session, lead=lead).id)


def test_every_page_says_who_is_signed_in_and_lets_them_out(client, lead):
    page = client.sign_in(lead).get("/")
    out = page.having_class("eqia-no-print")[0]
    assert "Ada Lead" in "".join(out.itertext())
    form = next(one for one in page.forms if one.action == "/account/sign-out")
    assert client.submit_form(page, form).status == 302
    assert client.get("/", expect=302).location.startswith("/account/sign-in")


def test_the_foot_of_every_page_has_the_contact(client, session):
    with writing(session):
        session.query(OrganisationRow).one().role_mailbox = "equality@example.org"
    page = client.get("/account/sign-in")
    assert page.links["equality@example.org"] == "mailto:equality@example.org"


@pytest.mark.parametrize("role", WATCHED)
def test_home_leads_to_what_a_person_looks_after(client, session, role):
    page = client.sign_in(make_person(session, roles=[role])).get("/")
    for words in WATCHED[role]:
        link = next(href for text, href in page.links.items() if text.startswith(words))
        assert client.get(link).status == 200


def test_home_shows_no_work_of_others(client, lead):
    assert "What you look after" not in client.sign_in(lead).get("/").text


def test_part_answers_are_named_by_words_alone(client, home):
    check = client.get(f"{home}/check").text
    assert "A5 Stage of the decision" in check
    assert "Decision date" in check
    assert "A5_date" not in check


def test_part_answers_are_named_by_words_alone_in_review(client, session):
    world = open_world(session).submit()
    text = client.sign_in(make_person(session, roles=[Role.REVIEWER])).get(url(world)).text
    assert "A5 Stage of the decision" in text
    assert "A5_date" not in text


@pytest.mark.parametrize(
    ("page", "heading"),
    [("decision", "Stage of the decision"), ("what", "What will be different, kind of change")],
)
def test_a_page_is_headed_by_the_questions_that_lead(client, home, page, heading):
    assert client.get(f"{home}/pages/{page}").h1 == heading


def test_what_is_still_needed_is_said_once(client, home):
    page = client.get(f"{home}/submit")
    assert "A1 What will be different" in page.links
    assert page.text.count("have an answer") == 1


def test_sections_are_closed_only_where_the_page_says_so(client, home):
    assert "Answer the first two sections" in client.get(home).text
    walk(client, home, NOBODY)
    assert "Answer the first two sections" not in client.get(home).text


def test_stopping_is_offered_only_while_something_is_left(client, home):
    client.submit_form(client.get(f"{home}/pages/what"), A2="reduce_close_move")
    assert "You can stop here" in client.get(home).text
    walk(client, home, {**HEALTH, "A2": ["reduce_close_move"]}, first=f"{home}/pages/what")
    assert "You can stop here" not in client.get(home).text


@pytest.mark.parametrize("set_id", ["ni-s75", "wales-reg8", "scot-psed-fsd", "bhp-nhs"])
def test_the_sections_add_up_to_what_is_still_needed(client, session, lead, set_id):
    client.sign_in(lead)
    language = {"language": "en"} if set_id == "wales-reg8" else {}
    home = start(client, make_project(session, lead=lead, question_set_id=set_id).id, **language)
    if set_id == "bhp-nhs":
        # Which sections there are is known only when it is known who is touched.
        whom = ("what", "who", "decision", "earlier", "bodies", "reach", "known", "technology")
        for page in whom:
            answer(client, client.get(f"{home}/pages/{page}"), HEALTH)
    page = client.get(home)
    counts = [int(n) for n in re.findall(r"(\d+) answers? (?:is|are) still needed", page.text)]
    assert len(counts) > 4
    assert sum(counts[:-1]) == counts[-1]


def test_ones_own_second_tab_is_called_so(client, home):
    old = client.get(f"{home}/pages/what")
    client.submit_form(client.get(f"{home}/pages/what"), A1="In the other tab.")
    told = client.submit_form(old, A1="In this tab.", expect=409)
    assert "You saved a different answer yourself" in told.text
    assert "Saved by you, in another tab or on another device" in told.text
    kept = client.get(told.links["Keep what you saved there"]).form().values["A1"]
    assert kept.strip() == "In the other tab."


def test_a_number_is_named_in_its_message(client, session, lead):
    project = make_project(session, lead=lead)
    page = client.sign_in(lead).get(f"/projects/{project.id}/edit")
    wrong = client.submit_form(page, people_a_year="many", expect=422)
    assert wrong.errors == ["The number of people a year must be a whole number, like 120"]


def test_the_way_after_signing_leads_to_the_record(client, session):
    world = open_world(session).submit().confirm()
    client.sign_in(make_approver(world))
    read(client, world)
    signed = client.submit_form(
        client.get(url(world, "/sign")), data={"statements": NEEDS, **WEIGHT}
    )
    page = client.follow(signed)
    record = client.get(page.links["Read the signed record, with its PDF"])
    assert record.url == f"/records/{world.screening.id}"


# What cannot be signed is never offered to be signed


def test_sending_what_cannot_be_signed_says_so(client, home):
    page = client.get(f"{home}/submit").text
    assert "It cannot be signed with this outcome" in page
    walk(client, home, NOBODY)
    assert "Then an approver reads and signs it" in client.get(f"{home}/submit").text


def test_a_reviewer_is_told_to_return_rather_than_confirm_it(client, session):
    world = open_world(session, form=MORE).submit()
    page = client.sign_in(make_person(session, roles=[Role.REVIEWER])).get(url(world, "/confirm"))
    assert "This outcome cannot be signed" in page.text
    assert page.links["return it to them"] == url(world, "/return")


def test_an_approver_is_asked_to_send_it_back(client, session):
    world = open_world(session, form=MORE).submit().confirm()
    client.sign_in(make_approver(world))
    assert "Send it back: it cannot be signed yet" in client.get("/").text
    page = client.get(url(world))
    assert "Sign it off" not in page.links
    assert page.links["Return to the team"] == url(world, "/return")
    shown = client.get(f"/screenings/{world.screening.id}")
    assert "It cannot be signed yet" in shown.text
    assert "Read it and sign it off" not in shown.links


def test_one_wording_is_one_filter_over_all_nations(client, session):
    for outcome in ("more_info", "more_information", "full"):
        make_screening(session, status=Status.SUBMITTED, outcome_in_force=outcome)
    page = client.sign_in(make_person(session, roles=[Role.AUDITOR])).get("/register")
    assert page.html.count(">More information needed</option>") == 1
    assert "2 screenings found" in client.get("/register?outcome=more_info").text
    assert "2 screenings found" in client.get("/register?outcome=more_information").text


def test_the_first_administrator_chooses_a_password_last(app):
    with app.test_request_context():
        names = [field.name for field in FirstAdministratorForm()]
    assert [name for name in names if name != "csrf_token"][-1] == "password"


def test_what_was_done_is_told_once(client, session, lead):
    home = start(client.sign_in(lead), make_project(session, lead=lead).id)
    page = client.get(f"{home}/pages/what")
    told = client.follow(client.submit_form(page, A1="The clinic moves.", button="later"))
    assert "Your answers are saved." in told.text
    assert "Your answers are saved." not in client.get(home).text
