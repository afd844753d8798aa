"""What a page costs: CPU milliseconds in process, beside the floors nothing can go under.

Run: python -m tests.benchmarks.pages
"""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, current_app, render_template
from werkzeug.test import EnvironBuilder, run_wsgi_app

from eqia.domain.permissions import Action
from eqia.persistence.database import create_all_for_tests, writing
from eqia.services import accounts
from eqia.web import clock, components
from eqia.web.access import requires
from eqia.web.extensions import db
from eqia.web.factory import create_app
from eqia.web.forms.fields import Form, LongTextField, RadiosField
from eqia.web.settings import Settings
from tests.builders import make_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROUNDS = 400
CHOICES = {
    "positive": "Better for them",
    "negative": "Worse for them",
    "both": "Better for some, worse for others",
    "none": "No different",
    "unknown": "Don't know yet",
}
TEMPLATE = """{% extends "base.html" %}{% from "macros/form.html" import hidden, buttons %}
{% block title %}Twenty fields{% endblock %}
{% block content %}<h1 class="govuk-heading-l">Twenty fields</h1>
<form method="post" action="/twenty" novalidate>{{ hidden(form) }}
{% for field in form if field.type != "CSRFTokenField" %}{{ field() }}{% endfor %}
{{ buttons("Save and continue", {"later": "Save and come back later"}) }}</form>{% endblock %}"""

blueprint = Blueprint("twenty", __name__)


class Twenty(Form):
    """Ten radio groups and ten text areas."""


for number in range(10):
    hint = "Children, working age people and older people"
    setattr(Twenty, f"effect{number}", RadiosField(f"Group {number}", choices=CHOICES, hint=hint))
    setattr(Twenty, f"reason{number}", LongTextField(f"Why, for group {number}?"))


@blueprint.get("/twenty")
@requires(Action.SEE_HOME)
def twenty() -> str:
    """Show twenty fields filled with text nobody has typed before."""
    template = current_app.extensions["twenty"]
    return render_template(template, form=Twenty(None, data=fresh_answers()))


_typed = iter(range(10**9))


def fresh_answers() -> dict[str, str]:
    """Answers whose text is new at every request, so that nothing is saved by keeping it."""
    stamp = next(_typed)
    codes = list(CHOICES)
    answers = {f"effect{n}": codes[(stamp + n) % len(codes)] for n in range(10)}
    return answers | {
        f"reason{n}": f"Reason {stamp} for {n}. " + "Because. " * 40 for n in range(10)
    }


def cpu_ms(act: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """CPU milliseconds of one act: the best of three runs, after a warm-up."""
    for _ in range(20):
        act()
    best = float("inf")
    for _ in range(3):
        start = process_time()
        for _ in range(rounds):
            act()
        best = min(best, (process_time() - start) / rounds * 1000)
    return best


def make_app(folder: Path) -> tuple[Flask, str]:
    """An app on a SQLite file, and the cookie of somebody signed in."""
    url = f"sqlite:///{folder / 'eqia.sqlite3'}"
    app = create_app(Settings.for_tests(database_url=url, testing=False), instance_path=folder)
    app.register_blueprint(blueprint)
    app.extensions["twenty"] = app.jinja_env.from_string(TEMPLATE)
    with app.app_context():
        create_all_for_tests(db.engine)
        person = make_person(db.session)
    with app.test_request_context(), writing(db.session):
        token = accounts.start_session(
            db.session, person=person, now=clock.now(), browser=accounts.Browser()
        )
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["token"] = token
    client.get("/twenty")
    found = client.get_cookie("eqia")
    assert found is not None
    return app, f"eqia={found.value}"


def visit(app: Any, path: str, cookie: str = "") -> Callable[[], bytes]:
    """Ask for a page by WSGI, without a test client's own cost."""
    environ = EnvironBuilder(path=path, headers={"Cookie": cookie}).get_environ()

    def act() -> bytes:
        parts, status, _headers = run_wsgi_app(app, dict(environ))
        body = b"".join(parts)
        assert status == "200 OK", (path, status)
        return body

    return act


def bare_wsgi(body: bytes) -> Any:
    """The least a server can do: hand out bytes."""

    def app(_environ: Any, start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [body]

    return app


def raw_sql(path: Path) -> Callable[[], None]:
    """Five look-ups by key, straight through sqlite3."""
    connection = sqlite3.connect(path)

    def act() -> None:
        for table in ("person_session", "person", "organisation", "role_grant", "project_member"):
            connection.execute(f"SELECT * FROM {table} LIMIT 20").fetchall()  # noqa: S608

    return act


def template_floor(app: Flask) -> Callable[[], str]:
    """Twenty fields written by hand: what the macros are measured against."""
    source = "".join(
        "<fieldset><legend>{{ a }}</legend>"
        + "".join(f'<input type="radio" value="{code}">' for code in CHOICES)
        + f"</fieldset><textarea>{{{{ answers.reason{n} }}}}</textarea>"
        for n in range(10)
    )
    template = app.jinja_env.from_string(source)
    return lambda: template.render(a="Group", answers=fresh_answers())


def template_time(app: Flask) -> Callable[[], int]:
    """The twenty fields alone, drawn with the memoised macros."""

    def act() -> int:
        return sum(len(field()) for field in form)

    with app.test_request_context():
        form = Twenty(None, meta={"csrf": False}, data=fresh_answers())
    return act


def official_time(app: Flask) -> Callable[[], int]:
    """The same with the official macros as they come."""
    form_time = template_time(app)
    kept = components.skeleton

    def act() -> int:
        components.skeleton = kept.__wrapped__
        try:
            return form_time()
        finally:
            components.skeleton = kept

    return act


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app, cookie = make_app(folder)
        page = visit(app.wsgi_app, "/twenty", cookie)
        size = len(page())
        rows = [
            ("floor: bare WSGI, the same bytes", cpu_ms(visit(bare_wsgi(page()), "/"))),
            ("floor: five look-ups, raw sqlite3", cpu_ms(raw_sql(folder / "eqia.sqlite3"))),
            ("floor: twenty fields by hand", cpu_ms(template_floor(app))),
            ("twenty fields, memoised macros", cpu_ms(template_time(app))),
            ("twenty fields, official macros", cpu_ms(official_time(app), 40)),
            ("whole page of twenty fields (goal 1.5)", cpu_ms(page)),
            ("home page", cpu_ms(visit(app.wsgi_app, "/", cookie))),
            ("register, empty", cpu_ms(visit(app.wsgi_app, "/register", cookie))),
        ]
        width = max(len(label) for label, _ in rows)
        print(f"CPU ms a request, in process, text new each time; page {size / 1000:.1f} kB")  # noqa: T201
        for label, figure in rows:
            print(f"{label:<{width}}  {figure:7.3f}")  # noqa: T201


if __name__ == "__main__":
    main()
