"""`eqia verify`: check files from a terminal, with an instance or a certificate alone."""

import sys
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from eqia.domain.examinations import MOST_BYTES
from eqia.domain.records import in_blocks
from eqia.domain.verdicts import Overall
from eqia.services import verifications
from eqia.services.verifications import CertificateUnusable, Verification
from eqia.web import instances
from eqia.web.extensions import db
from eqia.web.factory import create_app
from eqia.web.settings import SettingError

#: what the shell is told: every check that could be made holds, one fails, a file is no record
GOOD, FAILED, UNUSABLE = 0, 1, 2
_EXITS = {
    Overall.GENUINE: GOOD,
    Overall.STORED: GOOD,
    Overall.SEALED: GOOD,
    Overall.DEVELOPMENT: GOOD,
    # A program must not take a seal nobody knows for a good one.
    Overall.UNSURE: FAILED,
    Overall.NOT_GENUINE: FAILED,
    Overall.UNUSABLE: UNUSABLE,
}

Check = Callable[[bytes], Verification]


@click.command("verify")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--certificate",
    "certificates",
    multiple=True,
    metavar="FILE",
    help="Check without an instance, against this certificate (PEM or DER). May be repeated.",
)
@click.option("--structure", is_flag=True, help="Check tags and archival form as well.")
def verify_command(files: tuple[str, ...], certificates: tuple[str, ...], structure: bool) -> None:
    """Check that each FILE is the record that was signed, unchanged.

    With an instance, against its stored records; elsewhere, against the organisation's
    certificate. Ends with 0 if every check that could be made holds, 1 if one fails or nobody
    could say whose seal it is, and 2 if a file is no record at all.
    """
    try:
        codes = _checked_all(files, certificates, structure=structure)
    except (SettingError, CertificateUnusable) as error:
        _say(str(error), err=True)
        sys.exit(UNUSABLE)
    sys.exit(max(codes))


def _checked_all(
    files: tuple[str, ...], certificates: tuple[str, ...], *, structure: bool
) -> list[int]:
    paths = [Path(name) for name in certificates]

    def alone(content: bytes) -> Verification:
        return verifications.verify_alone(content, certificates=paths)

    # With a certificate given, an instance that happens to be there has no say.
    if certificates or instances.is_empty():
        return [_checked(file, alone, structure=structure) for file in files]
    app = create_app()
    settings = app.config["EQIA_SETTINGS"]
    folder = Path(settings.font_folder) if settings.font_folder else None

    def here(content: bytes) -> Verification:
        return verifications.verify(
            db.session, content, seals=app.extensions["seals"], font_folder=folder
        )

    with app.app_context():
        try:
            return [_checked(file, here, structure=structure) for file in files]
        except SQLAlchemyError as error:
            raise SettingError("The database of the instance cannot be read") from error


def _checked(name: str, check: Check, *, structure: bool) -> int:
    """Check one file, say what came of it, and give what the shell is to be told."""
    try:
        with Path(name).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        _say(f"{name}: cannot be read: {error.strerror}", err=True)
        return UNUSABLE
    found = check(content)
    for line in _lines(name, found):
        _say(line)
    code = _EXITS[found.verdict.overall]
    if not structure or found.seen.trouble is not None:
        return code
    findings = verifications.structure(content)
    for finding in findings:
        _say(f"  structure   {finding}")
    if not findings:
        _say("  structure   Tagged and archival, as far as a program can tell.")
    return max(code, FAILED) if findings else code


def _lines(name: str, found: Verification) -> list[str]:
    verdict, about = found.verdict, found.about
    lines = [f"{name}: {verdict.headline} {verdict.advice}".rstrip()]
    lines += [f"  {line.state:<12}{line.name}: {line.words}" for line in verdict.lines]
    if about is not None:
        told = (about.name, about.title, about.signed_at and f"signed on {about.signed_at}")
        lines.append("  record      " + ", ".join(part for part in told if part))
    if found.newer is not None:
        lines.append(f"  replaced    by {found.newer.name}, signed on {found.newer.signed_at}")
    if found.taken_down:
        lines.append("  taken down  This public copy is no longer published.")
    if found.replay is not None:
        lines.append("  rules       " + " ".join((found.replay.words, *found.replay.because)))
    lines.append(f"  SHA-256     {in_blocks(found.seen.sha256)}")
    return lines


def _say(text: str, *, err: bool = False) -> None:
    """Print a line, with whatever could upset a terminal written out."""
    click.echo("".join(c if c.isprintable() else ascii(c)[1:-1] for c in text), err=err)
