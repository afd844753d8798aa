"""Setting up an empty instance, from the command line as people do it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from eqia.cli import main
from eqia.persistence.database import make_engine, make_session
from eqia.persistence.tables import MeasureStandingRow, PersonRow
from eqia.services.passwords import Passwords
from eqia.web import instances
from eqia.web.factory import create_app
from tests.builders import NOW
from tests.pages import CheckingClient
from tests.plan_builders import make_series

STARTED_WITHIN = 30


@pytest.fixture
def environ(tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EQIA_")}
    return {**kept, "EQIA_INSTANCE_PATH": str(tmp_path / "instance"), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def run(environ, monkeypatch):
    """Run a command in an instance of its own."""
    for name in os.environ:
        if name.startswith("EQIA_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("EQIA_INSTANCE_PATH", environ["EQIA_INSTANCE_PATH"])
    return lambda *words: CliRunner().invoke(main, words)


def test_init_makes_folder_secret_and_tables_and_says_where(run, tmp_path, environ):
    assert instances.is_empty(environ)
    result = run("init")
    folder = tmp_path / "instance"
    assert (result.exit_code, result.output.strip()) == (0, str(folder))
    assert not instances.is_empty(environ)
    assert (folder / "config.py").stat().st_mode & 0o777 == 0o600
    assert (folder / "eqia.sqlite3").exists()


def test_init_again_keeps_the_secret(run, tmp_path):
    run("init")
    before = (tmp_path / "instance" / "config.py").read_text()
    assert run("init").exit_code == 0
    assert (tmp_path / "instance" / "config.py").read_text() == before


def test_every_instance_has_a_secret_of_its_own(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        instances.write_config(tmp_path / name)
    assert (tmp_path / "one/config.py").read_text() != (tmp_path / "two/config.py").read_text()


@pytest.mark.parametrize(
    "command", [("verify-events",), ("add-person", "Ada", "ada@example.org"), ("flask", "routes")]
)
def test_commands_on_an_instance_nobody_set_up_name_what_is_missing(run, command):
    result = run(*command)
    assert result.exit_code != 0
    assert "EQIA_SECRET_KEY" in result.output
    assert "Traceback" not in result.output


def test_add_person_prints_a_link_that_works(run):
    run("init")
    result = run("add-person", "Ada Osei", "ada@example.org", "--role", "reviewer")
    link = re.search(r"/account/invitation/\S+", result.output).group()
    app = create_app()
    app.extensions["passwords"] = Passwords(memory_kib=8, passes=1)
    client = CheckingClient(app)
    client.submit_form(client.get(link), password="a heron by the weir")
    assert "Reviewer" in client.get("/account").text


def test_how_measures_stand_is_worked_out_after_an_upgrade_and_on_command(run):
    run("init")
    engine = make_engine(create_app().config["DATABASE_URL"])
    with make_session(engine) as session:
        make_series(session)
        session.commit()
    assert kept(engine) == []
    assert run("init").exit_code == 0
    first = kept(engine)
    assert first[0].startswith("15.0%")
    with make_session(engine) as session:
        session.execute(update(MeasureStandingRow).values(exact={"places": [["", "Wrong"]]}))
        session.commit()
    result = run("refresh-standings")
    assert result.output.strip() == "Worked out again how 1 measure stands."
    assert kept(engine) == first
    engine.dispose()


def kept(engine):
    """What is kept of the third place of each measure, in words."""
    with make_session(engine) as session:
        return [one["places"][2][1] for one in session.scalars(select(MeasureStandingRow.exact))]


def test_somebody_with_an_account_is_not_added_twice(run):
    run("init")
    engine = make_engine(create_app().config["DATABASE_URL"])
    with make_session(engine) as session:
        session.add(PersonRow(name="Ada", email="ada@example.org", created_at=NOW))
        session.commit()
    engine.dispose()
    result = run("add-person", "Ada", "ADA@example.org")
    assert result.exit_code == 1
    assert "already has an account" in result.output


def test_serve_sets_an_empty_instance_up_and_prints_a_link_until_there_is_an_administrator(
    environ,
):
    with served(environ) as (told, base):
        link = re.search(r"http://\S+/account/invitation/\S+", told).group()
        with urlopen(link) as answer:  # noqa: S310 - our own server
            assert b"Set up the service" in answer.read()
    with served(environ) as (told, base):
        assert link not in told
        link = re.search(r"/account/invitation/\S+", told).group()
        with urlopen(base + link) as answer:  # noqa: S310 - our own server
            assert answer.status == 200


def test_serve_says_that_records_get_no_seal_while_no_key_is_set(environ):
    with served(environ) as (told, _):
        assert "Records are signed without a seal: no key is set" in told
    with served({**environ, "EQIA_ENV": "development"}) as (told, _):
        assert "without a seal" not in told


def test_what_is_too_large_even_to_be_handed_on_is_refused_in_words(environ):
    with served(environ) as (_, base), closing(HTTPConnection(urlsplit(base).netloc)) as connection:
        # The server says no at once: it waits for none of the body.
        connection.putrequest("POST", "/verify")
        connection.putheader("Content-Length", "50000000")
        connection.endheaders()
        with connection.getresponse() as answer:
            page = answer.read()
    assert answer.status == 413
    assert b"<h1>That is too much to send at once</h1>" in page
    assert b"less than 5 MB" in page
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_an_instance_that_has_an_administrator_prints_no_link(run):
    run("init")
    app = create_app()
    app.extensions["passwords"] = Passwords(memory_kib=8, passes=1)
    link = instances.first_link(app, "")
    client = CheckingClient(app)
    page = client.get(link)
    client.submit_form(
        page,
        name="Bea Lund",
        email="bea@example.org",
        organisation="Northmere",
        password="a heron by the weir",
    )
    assert instances.first_link(app, "") is None


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org"])  # noqa: S104 - refused
def test_the_demonstration_runs_on_loopback_alone(run, monkeypatch, host):
    monkeypatch.delenv("EQIA_INSTANCE_PATH")
    result = run("demo", "--host", host)
    assert result.exit_code == 2
    assert "loopback" in result.output


def test_the_demonstration_refuses_an_instance_of_somebodys(run):
    result = run("demo")
    assert result.exit_code == 2
    assert "EQIA_INSTANCE_PATH" in result.output


def test_a_port_that_is_taken_is_told(run):
    run("init")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run("serve", "--port", str(taken.getsockname()[1]))
    assert result.exit_code == 1
    assert "Cannot listen" in result.output


class served:  # noqa: N801 - reads as a word: with served(...)
    """`eqia serve` in a process of its own, until it says where it listens."""

    def __init__(self, environ):
        self.environ = environ

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        code = "from eqia.cli import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "serve", "--port", str(port)],
            env=self.environ,
            stdout=subprocess.PIPE,
            text=True,
        )
        told = []
        for line in self.process.stdout:
            told.append(line)
            if line.startswith("Open "):
                break
        base = f"http://127.0.0.1:{port}"
        self.wait_for(f"{base}/healthz")
        return "".join(told), base

    def wait_for(self, address):
        end = time.monotonic() + STARTED_WITHIN
        while time.monotonic() < end:
            try:
                with urlopen(address):  # noqa: S310 - our own server
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("not served")

    def __exit__(self, *_error):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()


def test_a_process_that_makes_no_pdf_does_not_carry_reportlab():
    large = ("reportlab", "zxcvbn", "pyhanko", "pikepdf", "cryptography")
    code = f"import sys, eqia.cli; sys.exit(any(name in sys.modules for name in {large}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
