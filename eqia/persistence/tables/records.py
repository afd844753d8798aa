"""The frozen signed record and its file."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eqia.persistence.tables.base import Row


class RecordRow(Row):
    """Canonical JSON and PDF bytes, written once in the sign-off transaction."""

    __tablename__ = "record"

    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screening.id"), unique=True)
    canonical_json: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    #: by which a file that somebody brings to be checked is found
    pdf_sha256: Mapped[str] = mapped_column(String(64), index=True)
    renderer: Mapped[str] = mapped_column(String(300))
    #: the event chain's head when the record was frozen, printed in the PDF
    head_seq: Mapped[int]
    head_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
