"""Every refusal and fault is a page with words, and shows what was typed."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Refusal
from eqia.web.access import public
from tests.pages import CheckingClient

TYPED = {"reason": "Because <of> the “river”"}


def from_database(kind, words):
    return kind("INSERT", {}, Exception(words))


RAISED = {
    "not-allowed": (NotAllowed("You wrote it.", code="author"), 403, "You wrote it."),
    "not-found": (NotFound("Nothing."), 404, "Page not found"),
    "conflict": (
        Conflict("Changed.", current="Saved words", attempted="My words", other="Ada"),
        409,
        "What Ada saved",
    ),
    "invalid": (Invalid([Problem("name", "Enter a name")]), 422, "Go back to the page"),
    "refusal": (Refusal("Not today."), 422, "Not today."),
    "stale": (StaleDataError("stale"), 409, "Somebody else changed"),
    "frozen": (from_database(IntegrityError, "frozen: no"), 403, "no longer be changed"),
    "twice": (from_database(IntegrityError, "UNIQUE constraint failed"), 409, "same moment"),
    "data": (from_database(DataError, "value too long"), 422, "cannot be used"),
    "away": (from_database(OperationalError, "no connection"), 503, "could not reach"),
    "closed": (from_database(InterfaceError, "closed"), 503, "could not reach"),
    "disk": (OSError(28, "No space left on device"), 503, "could not reach"),
    "bug": (ZeroDivisionError("secret detail"), 500, "problem with the service"),
}


@pytest.fixture
def broken(own_app):
    own_app.config["PROPAGATE_EXCEPTIONS"] = False

    @own_app.route("/broken/<name>", methods=["GET", "POST"])
    @public
    def broken(name):
        raise RAISED[name][0]

    return CheckingClient(own_app)


@pytest.mark.parametrize("name", RAISED)
def test_it_is_a_sound_page_that_says_what_happened(broken, name):
    _, status, words = RAISED[name]
    assert words in broken.get(f"/broken/{name}", expect=status).text


@pytest.mark.parametrize("name", sorted(set(RAISED) - {"not-found"}))
def test_what_was_typed_is_on_the_page(broken, name):
    broken.get("/account/sign-in")
    page = broken.post(f"/broken/{name}", TYPED, expect=RAISED[name][1])
    assert TYPED["reason"] in page.text


@pytest.mark.parametrize("name", ["bug", "data", "twice", "away"])
def test_no_page_tells_what_only_the_log_should(broken, name):
    page = broken.get(f"/broken/{name}", expect=RAISED[name][1])
    assert not any(w in page.html for w in ("secret detail", "UNIQUE", "too long", "INSERT"))


def test_every_problem_of_an_invalid_form_is_listed(own_app):
    @own_app.route("/two")
    @public
    def two():
        raise Invalid([Problem("a", "Enter a date"), Problem("b", "Enter a name")])

    page = CheckingClient(own_app).get("/two", expect=422)
    assert page.errors == ["Enter a date", "Enter a name"]
    assert page.title.startswith("Error: ")


def test_a_page_that_is_not_there_and_one_that_is_not_yours_are_the_same(broken):
    missing = broken.get("/nowhere", expect=404).html
    assert broken.get("/broken/not-found", expect=404).html == missing


@pytest.mark.parametrize("path", ["/%00", "/%ff", "/\u202e", "/" + "a" * 5000, "/%ed%a0%80"])
def test_odd_addresses_are_not_found(client, path):
    client.get(path, expect=404)


@pytest.mark.parametrize("cookie", ["", "x", "eyJ0b2tlbiI6IngifQ.x.y", "\x7f", "." * 3000])
def test_an_odd_cookie_is_nobody(client, cookie):
    client.raw.set_cookie("eqia", cookie)
    client.get("/account/sign-in")
