"""The signed record as a page, and its stored files: PDF, JSON and CSV of answers."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from sqlalchemy.orm import Session

from eqia.domain.permissions import Action
from eqia.domain.record_contents import contents
from eqia.domain.record_reading import Reading
from eqia.domain.record_words import Words
from eqia.domain.records import read
from eqia.domain.spreadsheets import csv_text
from eqia.persistence.queries import plans, publications, screenings
from eqia.persistence.queries import records as queries
from eqia.persistence.tables.records import RecordRow
from eqia.web.access import Loaded, requires
from eqia.web.extensions import db
from eqia.web.sizes import in_kilobytes

blueprint = Blueprint("records", __name__, url_prefix="/records")

CSV_HEADING = ("Question", "Wording", "Group", "Answer")


def the_record(session: Session, screening_id: UUID) -> Loaded | None:
    """Find the record of a signed version."""
    record = queries.of_screening(session, screening_id)
    screening = screenings.get(session, screening_id)
    if record is None or screening is None:
        return None
    return Loaded(record, screenings.thing_of(session, screening), reading=Action.READ_RECORD)


@blueprint.get("/<uuid:screening_id>")
@requires(Action.READ_RECORD, load=the_record)
def show(record: RecordRow) -> str:
    """Show the record from its JSON alone; only what came later is read from elsewhere."""
    stored = read(record.canonical_json)
    screening = screenings.get(db.session, record.screening_id)
    return render_template(
        "records/show.html",
        record=record,
        thing=screenings.thing_of(db.session, screening) if screening else None,
        stored=stored,
        contents=contents(stored),
        screening=screening,
        later=queries.versions_after(db.session, screening) if screening else (),
        before=screenings.version_before(db.session, screening) if screening else None,
        receipts=queries.receipts_after_signing(db.session, screening) if screening else (),
        eqia=queries.eqia_of(db.session, record.screening_id),
        plan=plans.of_reference(db.session, screening.reference) if screening else None,
        sizes=_sizes(record, stored),
        published=publications.standing(db.session, record.screening_id),
        large=request.args.get("print") == "large",
    )


@blueprint.get("/<uuid:screening_id>.pdf")
@requires(Action.READ_RECORD, load=the_record)
def pdf(record: RecordRow) -> Response:
    """Give the stored PDF, byte for byte."""
    return _file(record, record.pdf, "application/pdf", "pdf", sha256=record.pdf_sha256)


@blueprint.get("/<uuid:screening_id>.json")
@requires(Action.READ_RECORD, load=the_record)
def json(record: RecordRow) -> Response:
    """Give the stored JSON, byte for byte: its SHA-256 is the record's."""
    text = record.canonical_json.encode()
    return _file(record, text, "application/json", "json", sha256=record.sha256)


@blueprint.get("/<uuid:screening_id>.csv")
@requires(Action.READ_RECORD, load=the_record)
def csv(record: RecordRow) -> Response:
    """Give the answers as a spreadsheet file."""
    return _file(record, _csv(read(record.canonical_json)), "text/csv", "csv")


def _file(
    record: RecordRow, content: bytes, mimetype: str, kind: str, *, sha256: str = ""
) -> Response:
    stored = read(record.canonical_json)
    name = f"{stored['reference']}-v{stored['version']}.{kind}"
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if sha256:
        # A stored file never changes, so its digest names it for good.
        response.set_etag(sha256)
    return response


def _csv(stored: Mapping[str, Any]) -> bytes:
    # The byte-order mark lets spreadsheet programs see that this is UTF-8.
    return ("\ufeff" + csv_text(CSV_HEADING, _rows(stored))).encode()


def _rows(stored: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    reading = Reading(stored, Words(stored["language"]))
    for question in reading.every_question():
        for entry in question["entries"]:
            text = str(question["text"]).replace("{group}", entry["group_label"])
            yield question["id"], text, entry["group_label"], reading.in_text(entry["answer"])


def _sizes(record: RecordRow, stored: Mapping[str, Any]) -> dict[str, str]:
    sizes = {
        "pdf": len(record.pdf),
        "json": len(record.canonical_json.encode()),
        "csv": len(_csv(stored)),
    }
    return {kind: in_kilobytes(size) for kind, size in sizes.items()}
