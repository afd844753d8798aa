import pytest

from eqia.persistence.database import create_all_for_tests, make_session
from eqia.services import demonstration
from eqia.web.extensions import db
from eqia.web.factory import create_app
from eqia.web.settings import Settings
from tests.builders import NOW
from tests.pages import CheckingClient
from tests.web.conftest import driver


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The demonstration's app, and its database's bytes."""
    folder = tmp_path_factory.mktemp("demonstration")
    app = create_app(Settings.for_tests(), demonstration=True, instance_path=folder)
    with app.app_context():
        create_all_for_tests(db.engine)
        with make_session(db.engine) as session:
            demonstration.make(session, now=NOW)
        database = driver(db.engine).serialize()
    yield app, database
    with app.app_context():
        db.dispose()


@pytest.fixture
def visitor(shown, clock):
    app, database = shown
    app.config["CLOCK"] = clock
    with app.app_context():
        driver(db.engine).deserialize(database)
    return CheckingClient(app)


def be(visitor, name):
    page = visitor.get("/account/sign-in")
    before = page.html.split(f"Be {name}")[0]
    action = before.rsplit('action="', 1)[1].split('"')[0]
    return visitor.follow(visitor.submit_form(page, page.form(action)))


@pytest.mark.parametrize("name", ["Asha Rahman", "Dev Patel", "Frances Hill", "George Okoro"])
def test_one_click_makes_you_anybody(visitor, name):
    assert "Waiting for you" in be(visitor, name).html
    assert name in visitor.get("/account").html


def test_an_approver_confirms_with_one_labelled_click_and_comes_back(visitor):
    be(visitor, "Frances Hill")
    page = visitor.get("/account/confirm?next=/register")
    assert "demonstration" in page.html
    back = visitor.submit_form(page, page.form("/demonstration/confirm"))
    assert back.location == "/register"


def test_the_door_leads_nowhere_else(visitor):
    page = visitor.get("/account/sign-in?next=//evil.example")
    form = next(f for f in page.forms if "/demonstration/be/" in f.action)
    assert visitor.submit_form(page, form).location == "/"


def test_the_door_is_shut_everywhere_but_in_the_demonstration(client, app):
    assert not [rule for rule in app.url_map.iter_rules() if "demonstration" in rule.rule]
    page = client.get("/account/sign-in")
    assert "demonstration" not in page.html.casefold()
    client.post("/demonstration/be/00000000-0000-4000-8000-000000000000", expect=404)


def test_somebody_who_is_not_there_cannot_be_anybody(visitor):
    visitor.get("/account/sign-in")
    visitor.post("/demonstration/be/00000000-0000-4000-8000-000000000000", expect=404)


def test_nothing_stops_a_plan_only_as_far_as_it_can_be_told_outside(visitor):
    be(visitor, "Dev Patel")
    page = visitor.get("/governance?text=pharmacy")
    assert ">Cannot be told here<" in page.html
    assert "Cannot be told here, figures are hidden" in page.text
