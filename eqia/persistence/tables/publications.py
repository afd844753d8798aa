"""Public copies of signed records, and what the public asks about them: added, never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eqia.persistence.tables.base import Row


class PublicationRow(Row):
    """One public copy of a record: its JSON and file, frozen when it was published."""

    __tablename__ = "publication"
    __table_args__ = (Index("ix_publication_reference_number", "reference", "number"),)

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"), index=True)
    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screening.id"), index=True)
    #: what the public list shows and searches, as the copy itself gives it
    reference: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5))
    signed_at: Mapped[datetime]
    canonical_json: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    #: by which a file that somebody brings to be checked is found
    pdf_sha256: Mapped[str] = mapped_column(String(64), index=True)
    renderer: Mapped[str] = mapped_column(String(300))
    #: each text that is left out, and why; never public
    choices: Mapped[list[Any]] = mapped_column(JSON)
    names: Mapped[bool]
    published_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime] = mapped_column(index=True)


class UnpublicationRow(Row):
    """The end of a publication: who took it down, when and why."""

    __tablename__ = "unpublication"

    publication_id: Mapped[UUID] = mapped_column(ForeignKey("publication.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class LookRequestRow(Row):
    """Somebody outside asks for another look at a published record."""

    __tablename__ = "look_request"

    publication_id: Mapped[UUID] = mapped_column(ForeignKey("publication.id"), index=True)
    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screening.id"), index=True)
    wrong: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(String(200), default="")
    #: the form it came from, which counts once
    token: Mapped[str] = mapped_column(String(64), unique=True)
    #: tells one sender from another for a day, and tells nobody who they are
    sender: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]


class LookAnswerRow(Row):
    """A reviewer's answer to such a request."""

    __tablename__ = "look_answer"

    request_id: Mapped[UUID] = mapped_column(ForeignKey("look_request.id"), unique=True)
    answer: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
