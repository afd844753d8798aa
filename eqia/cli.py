"""The `eqia` command: set up, serve, decide and check from a terminal."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import click

from eqia import __version__
from eqia.domain.errors import Invalid
from eqia.domain.interchange import LARGEST_FORM, decide_json
from eqia.domain.question_set_checks import Findings, check_properties
from eqia.domain.question_set_loading import (
    QuestionSetInvalid,
    digests,
    load_question_sets,
    read_question_set,
)
from eqia.domain.questions import QuestionSet
from eqia.services import events
from eqia.web.extensions import db
from eqia.web.factory import create_app

#: Enough to find an unsafe rule in a second or two; the test suite tries many more.
FORMS_TRIED = 1000

#: What the shell is told when a form or a file cannot be used.
UNUSABLE = 2
#: What it is told when the event log does not hold together.
TAMPERED = 1


@click.group()
@click.version_option(__version__, prog_name="eqia")
def main() -> None:
    """Screen projects for their effect on equality."""


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
    with create_app().app_context():
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
