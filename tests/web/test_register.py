import csv
import io

import pytest

from eqia.domain.people import Role
from eqia.domain.screenings import Status
from tests.builders import NOW, make_person, make_project, make_screening


@pytest.fixture(autouse=True)
def _auditor(client, session):
    client.sign_in(make_person(session, roles=[Role.AUDITOR]))


def test_an_empty_register_says_so(client):
    assert "0 screenings found" in client.get("/register").html


def test_the_register_shows_outcome_flags_and_eqia_in_words(client, session):
    make_screening(
        session,
        status=Status.SUBMITTED,
        outcome_in_force="full",
        eqia_pending_from=NOW.date(),
        project=make_project(session, title="Moving the clinic"),
    )
    page = client.get("/register?eqia=triggered")
    for words in ("Moving the clinic", "Full EqIA needed under our policy", "EqIA pending"):
        assert words in page.html
    assert "0 screenings found" in client.get("/register?eqia=approved").html


@pytest.mark.parametrize(
    "query",
    [
        "outcome=mars",
        "status=%00",
        "flag=<script>",
        "eqia=x",
        "group=nobody",
        "since=yesterday",
        "until=2026-02-31",
        "project=1",
        "text=" + "x" * 201,
    ],
)
def test_a_filter_nobody_offers_is_named(client, query):
    page = client.get(f"/register?{query}", expect=422)
    assert "There is a problem" in page.html


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=" + "9" * 5000, "a=b&a=c"])
def test_an_odd_page_number_is_the_first_or_the_last_one(client, query):
    client.get(f"/register?{query}")


def test_fifty_a_page(client, session):
    project = make_project(session, title="Many")
    for _ in range(51):
        make_screening(session, project=project)
    assert "51 screenings found" in client.get("/register").html
    assert client.get("/register?page=2").html.count(" v1</a>") == 1
    assert client.get("/register?page=99").html.count(" v1</a>") == 1


def test_the_csv_holds_the_same_filter_and_no_formula(client, session):
    make_screening(session, project=make_project(session, title="=1+1"))
    make_screening(session, status=Status.SUBMITTED)
    answer = client.get("/register/register.csv?status=draft")
    text = answer.response.get_data(as_text=True).removeprefix("\ufeff")
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["Project"], row["Status"]) == ("'=1+1", "Draft")


def test_names_of_people_are_not_in_the_csv(client, session):
    make_screening(session, author=make_person(session, name="Somebody Special"))
    answer = client.get("/register/register.csv")
    assert "Somebody" not in answer.response.get_data(as_text=True)


def test_the_report_counts_the_period(client, session):
    make_screening(
        session,
        status=Status.SUBMITTED,
        submitted_at=NOW,
        calculated_outcome="full",
        outcome_in_force="full",
    )
    page = client.get("/register/report?since=2026-11-01&until=2026-11-30")
    assert "Full EqIA needed under our policy" in page.html
    answer = client.get("/register/report.csv?since=2026-11-01&until=2026-11-30")
    assert "Full EqIAs triggered,,1" in answer.response.get_data(as_text=True)


@pytest.mark.parametrize("query", ["since=x", "since=2026-12-01&until=2026-11-01"])
def test_a_period_that_cannot_be_is_named(client, query):
    assert "There is a problem" in client.get(f"/register/report?{query}", expect=422).html


@pytest.mark.parametrize("query", ["text=" + "kept" * 60, "text=kept&text=b&flag=x", "since=kept"])
def test_what_was_typed_stays_in_its_box(client, query):
    assert "kept" in client.get(f"/register?{query}", expect=422).html
