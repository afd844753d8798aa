"""The `eqia` command: set up, serve, decide and check from a terminal."""

import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from random import Random

import click
from flask import Flask
from flask.cli import FlaskGroup, NoAppException

from eqia import __version__
from eqia.domain.errors import Invalid, Refusal
from eqia.domain.interchange import LARGEST_FORM, decide_json
from eqia.domain.people import Role
from eqia.domain.question_set_checks import Findings, check_properties
from eqia.domain.question_set_loading import (
    QuestionSetInvalid,
    digests,
    load_question_sets,
    read_question_set,
)
from eqia.domain.questions import QuestionSet
from eqia.persistence.database import migrate
from eqia.services import demonstration, events, invitations, standings
from eqia.verify_command import verify_command
from eqia.web import instances
from eqia.web.assets.build import AssetError, build_assets
from eqia.web.extensions import db
from eqia.web.factory import create_app
from eqia.web.settings import Environment, SettingError, Settings

_ROLES = [role.value for role in Role]

#: Enough to find an unsafe rule in a second or two; the test suite tries many more.
FORMS_TRIED = 1000

#: What the shell is told when a form or a file cannot be used.
UNUSABLE = 2
#: What it is told when the event log does not hold together.
TAMPERED = 1


def _app() -> Flask:
    """Make the app for Flask's own commands; a bad setting is told, not traced."""
    try:
        app = create_app()
    except SettingError as error:
        raise NoAppException(str(error)) from error
    # Only Flask's own commands need it, and it is large.
    import_module("eqia.persistence.upgrades").Migrations().init_app(app)
    return app


@click.group()
@click.version_option(__version__, prog_name="eqia")
def main() -> None:
    """Screen projects for their effect on equality."""


main.add_command(
    FlaskGroup(
        name="flask",
        create_app=_app,
        add_version_option=False,
        load_dotenv=False,
        help="Flask's own commands, and `db` for migrations.",
    )
)
main.add_command(verify_command)


@main.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
def serve_command(host: str, port: int) -> None:
    """Serve the instance; an empty one is set up first."""
    with _told():
        if instances.is_empty():
            click.echo(f"Set up a new instance in {instances.set_up()}")
        app = create_app()
        if not instances.tables_are_current(app):
            raise click.ClickException("The database is not up to date. Run `eqia init` first.")
        link = instances.first_link(app, f"http://{host}:{port}")
        if link:
            click.echo(f"Set up the first administrator within the hour, once, at:\n  {link}")
        if not instances.seals_records(app):
            click.echo("Records are signed without a seal: no key is set (EQIA_SEAL_PKCS12).")
        _listen(app, host, port)


@main.command("init")
def init_command() -> None:
    """Make the instance's folder, its settings file with a fresh secret, and its tables."""
    with _told():
        click.echo(instances.set_up())


@main.command("add-person")
@click.argument("name")
@click.argument("email")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="May be repeated.",
)
@click.option("--address", default="http://127.0.0.1:8000", show_default=True)
def add_person_command(name: str, email: str, roles: tuple[str, ...], address: str) -> None:
    """Make the one-time link with which somebody gets an account."""
    with _told(), create_app().app_context():
        token = invitations.invite(
            db.session,
            actor=None,
            now=datetime.now(UTC),
            name=name,
            email=email,
            roles=[Role(role) for role in roles],
        )
    click.echo(f"{address}/account/invitation/{token}")


@main.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
def demo_command(host: str, port: int) -> None:
    """Serve an invented organisation with everything in it, thrown away at the end."""
    if host not in instances.LOOPBACK:
        raise click.UsageError("The demonstration is open to everybody: it runs on loopback only.")
    if "EQIA_INSTANCE_PATH" in os.environ:
        raise click.UsageError(
            "The demonstration makes its own instance: unset EQIA_INSTANCE_PATH."
        )
    with tempfile.TemporaryDirectory(prefix="eqia-demo-") as folder, _told():
        app = _demonstration(Path(folder), f"http://{host}:{port}")
        click.echo("This is a demonstration. What you do in it is thrown away when you stop it.")
        _listen(app, host, port)


@main.command("refresh-standings")
def refresh_standings_command() -> None:
    """Work out again how every measure stands, from its readings."""
    with _told(), create_app().app_context():
        number = standings.refresh_all(db.session)
    measures = "1 measure" if number == 1 else f"{number:,} measures"
    click.echo(f"Worked out again how {measures} stand{'s' if number == 1 else ''}.")


@main.command("assets")
def assets_command() -> None:
    """Build the style sheet, the script and the fonts of a checkout."""
    try:
        build_assets(Path(__file__).parents[1], require=True)
    except AssetError as error:
        raise click.ClickException(str(error)) from error
    click.echo("The style sheet, the script and the fonts are built.")


def _demonstration(folder: Path, address: str) -> Flask:
    settings = Settings(env=Environment.DEVELOPMENT, secret_key=secrets.token_urlsafe(32))
    app = create_app(settings, demonstration=True, instance_path=folder)
    with app.app_context():
        migrate(db.engine)
        printing = instances.printing(app, address)
        demonstration.make(db.session, now=datetime.now(UTC), printing=printing)
    return app


def _listen(app: Flask, host: str, port: int) -> None:
    if host not in instances.LOOPBACK:
        click.echo(
            "Warning: beyond this machine, put a proxy that buffers requests in front, such as"
            " Caddy or nginx: without one, slow senders can stop the service.",
            err=True,
        )
    click.echo(f"Open http://{host}:{port}  (stop with Ctrl+C)")
    try:
        instances.serve(app, host, port)
    except OSError as error:
        raise click.ClickException(f"Cannot listen on {host}:{port}: {error.strerror}.") from error


@contextmanager
def _told() -> Iterator[None]:
    """Say in words what is wrong with a setting or a request."""
    try:
        yield
    except (SettingError, Refusal) as error:
        raise click.ClickException(str(error)) from error


@main.command("decide")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def decide_command(files: tuple[str, ...]) -> None:
    """Decide forms given as JSON, one decision a line, in order.

    FILE holds one form; a FILE ending in .jsonl, and - for standard input, one form a line. Needs
    no instance, no secret and no database.
    """
    sets, today = load_question_sets(), datetime.now(UTC).date()
    failed = False
    for name, form in _forms(files):
        try:
            line = decide_json(_decoded(form), sets, today)
        except Invalid as refusal:
            _complain(name, refusal)
            failed = True
            continue
        if not failed:  # after a form that failed, lines would no longer match the input
            sys.stdout.buffer.write(line.encode() + b"\n")
    if failed:
        sys.exit(UNUSABLE)


@main.command("check-question-sets")
@click.argument("files", nargs=-1, metavar="FILE...")
def check_question_sets_command(files: tuple[str, ...]) -> None:
    """Check question-set files, or the bundled ones: every contradiction, and safe rules."""
    bundled = load_question_sets()
    known, failed = digests(bundled.values()), False
    checked: list[tuple[str, QuestionSet]] = []
    for file in files:
        try:
            question_set = read_question_set(Path(file), known=known, name=file)
        except QuestionSetInvalid as refusal:
            for problem in refusal.problems:
                _say(f"{problem.field}: {problem.message}")
            failed = True
            continue
        known[question_set.key] = question_set.digest
        checked.append((file, question_set))
    if not files:
        checked = [(found.id, found) for found in bundled.values()]
    unsafe = [name for name, question_set in checked if not _safe(name, question_set)]
    if failed or unsafe:
        sys.exit(UNUSABLE)


@main.command("verify-events")
def verify_events_command() -> None:
    """Check that nobody changed the event log; name the first entry that is not as written."""
    with _told(), create_app().app_context():
        broken = events.verify(db.session)
        number, _ = events.head(db.session)
    if broken:
        click.echo(f"Event {broken.seq} is not as it was written: {broken.why}.", err=True)
        sys.exit(TAMPERED)
    click.echo(f"All {number} events are as they were written.")


def _safe(name: str, question_set: QuestionSet) -> bool:
    """Try a set on random forms and report; a fixed seed makes the report repeatable."""
    findings = check_properties(question_set, Random(0), FORMS_TRIED)  # noqa: S311 - no secret
    for breach in findings.breaches:
        _say(f"{name}: {breach.property}: {breach.message}")
    for warning in findings.warnings:
        _say(f"{name}: warning: {warning.property}: {warning.message}")
    if not findings.breaches:
        click.echo(_summary(name, question_set, findings))
    return not findings.breaches


def _summary(name: str, question_set: QuestionSet, findings: Findings) -> str:
    fired = sum(1 for rule in question_set.rules if findings.fired[rule.id])
    return (
        f"{name}: {question_set.id} version {question_set.version} can be used; "
        f"{findings.forms} forms tried, {fired} of {len(question_set.rules)} rules fired; "
        f"digest {question_set.digest}"
    )


def _forms(files: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield each form with the name to complain under."""
    for file in files:
        if file == "-":
            yield from _lines("standard input", sys.stdin.buffer)
            continue
        try:
            content = Path(file).read_bytes()
        except OSError as error:
            _say(f"{file}: cannot be read: {error.strerror}")
            sys.exit(UNUSABLE)
        if file.endswith(".jsonl"):
            yield from _lines(file, iter(content.splitlines()))
        else:
            yield file, content


def _lines(name: str, lines: Iterator[bytes]) -> Iterator[tuple[str, bytes]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield f"{name} line {number}", line


def _decoded(form: bytes) -> str:
    """Decode UTF-8; what is not becomes a lone surrogate, which the form reader refuses."""
    text = form[: LARGEST_FORM * 4].decode(errors="surrogateescape")
    return text.removeprefix("\ufeff")


def _complain(name: str, refusal: Invalid) -> None:
    for problem in refusal.problems:
        _say(f"{name}: {problem.field}: {problem.message}")


def _say(text: str) -> None:
    """Print to standard error, with whatever could upset a terminal written out."""
    click.echo("".join(c if c.isprintable() else ascii(c)[1:-1] for c in text), err=True)
