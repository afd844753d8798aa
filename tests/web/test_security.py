"""Headers on every answer, hosts we answer to, and what is too much."""

from __future__ import annotations

import pytest
from flask import session as cookie

from eqia.web.factory import create_app
from eqia.web.kept import MOST_SHOWN
from eqia.web.security import MOST_BYTES
from eqia.web.settings import Environment, Settings
from tests.builders import make_person

POLICY = (
    "default-src 'none'; script-src 'self'"
    " 'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='; style-src 'self'; img-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/account/sign-in", 200),
        ("GET", "/", 302),
        ("GET", "/nowhere", 404),
        ("DELETE", "/", 405),
        ("POST", "/account/sign-in", 400),
        ("GET", "/static/plain.css", 200),
        ("GET", "/static/../../pyproject.toml", 404),
        ("GET", "/healthz", 200),
        ("GET", "/organisation.css", 200),
        ("GET", "/account/invitation/nonsense", 404),
    ],
)
def test_every_answer_has_the_headers(client, method, path, status):
    data = {"email": "x"} if method == "POST" else None
    answer = client.raw.open(path, method=method, data=data, buffered=True)
    assert answer.status_code in {status, 401}
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", ["/account", "/account/sign-in", "/nowhere", "/healthz"])
def test_no_page_is_kept_by_a_browser_or_proxy(client, session, path):
    client.sign_in(make_person(session))
    assert client.raw.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/account/sign-in", "/healthz", "/nowhere"])
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.org", "127.0.0.1.evil", "a/b"])
def test_a_foreign_host_gets_400_and_no_address_of_ours(client, path, host):
    answer = client.raw.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert host.encode() not in answer.data


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:8000"])
def test_our_own_hosts_are_answered(client, host):
    assert client.raw.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("env", "scheme", "sent"),
    [
        (Environment.PRODUCTION, "https", True),
        (Environment.PRODUCTION, "http", False),
        (Environment.DEVELOPMENT, "https", False),
    ],
)
def test_browsers_are_told_to_stay_on_https_in_production(tmp_path, env, scheme, sent):
    app = create_app(Settings.for_tests(env=env), instance_path=tmp_path)
    answer = app.test_client().get("/healthz", base_url=f"{scheme}://localhost")
    assert ("Strict-Transport-Security" in answer.headers) is sent


@pytest.mark.parametrize(
    ("base", "secure"),
    [
        ("http://localhost:8000", False),
        ("https://localhost", True),
        ("http://eqia.example.org", True),
    ],
)
def test_the_cookie_travels_over_https_alone_save_on_the_machine_itself(tmp_path, base, secure):
    settings = Settings.for_tests(trusted_hosts=("localhost", "eqia.example.org"))
    app = create_app(settings, instance_path=tmp_path)
    app.add_url_rule("/set", "set", _set_cookie)
    app.view_functions["set"].eqia_action = "public"
    sent = app.test_client().get("/set", base_url=base).headers["Set-Cookie"]
    assert ("Secure" in sent) is secure
    assert "HttpOnly" in sent
    assert "SameSite=Lax" in sent


def _set_cookie():
    cookie["x"] = 1
    return "set"


def test_more_than_two_megabytes_is_told_to_be_too_much_and_shown_to_be_copied(client, session):
    client.sign_in(make_person(session)).get("/projects/new")
    words = "Every word I wrote. "
    sent = {"title": words + "x" * MOST_BYTES, "summary": "And these.", "password": "not this"}
    page = client.post("/projects/new", sent, expect=413)
    assert "2 MB" in page.text
    assert words in page.html
    assert "And these." in page.html
    assert "not this" not in page.html


def test_far_more_than_that_is_a_page_too(client, session):
    client.sign_in(make_person(session)).get("/projects/new")
    page = client.post("/projects/new", {"title": "x" * (MOST_SHOWN + 1)}, expect=413)
    assert "2 MB" in page.text


def test_one_megabyte_in_a_field_is_a_message_at_the_field(client, session):
    client.sign_in(make_person(session)).get("/account/password")
    page = client.post("/account/password", {"password": "x" * 1_000_000}, expect=422)
    assert page.errors


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/version"])
def test_health_is_for_anyone_to_ask(client, path):
    assert client.raw.get(path).is_json


def test_not_ready_without_a_database(tmp_path):
    url = f"sqlite:///{tmp_path}/missing/eqia.sqlite3"
    app = create_app(Settings.for_tests(database_url=url), instance_path=tmp_path)
    client = app.test_client()
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
