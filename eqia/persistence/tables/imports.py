"""Imports of readings: files on their way in, what was taken from them, and what was undone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from eqia.persistence.tables.base import Row


class ImportBatchRow(Row):
    """One file whose readings were taken in, all at once."""

    __tablename__ = "import_batch"
    __table_args__ = (
        # What a reading points at, so that it cannot come from the import of another measure.
        UniqueConstraint("id", "version_id"),
        CheckConstraint("added >= 0 AND corrected >= 0 AND unchanged >= 0", name="counts"),
    )

    version_id: Mapped[UUID] = mapped_column(ForeignKey("measure_version.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    #: how the file was read: its kind, columns, rows and groups
    layout: Mapped[dict[str, Any]] = mapped_column(JSON)
    added: Mapped[int]
    corrected: Mapped[int]
    unchanged: Mapped[int]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class ImportUndoRow(Row):
    """An import taken back: its readings count no more, and those it corrected count again."""

    __tablename__ = "import_undo"

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("import_batch.id"), unique=True)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class ImportFileRow(Row):
    """A file between being sent and being taken in; cleared away after a day."""

    __tablename__ = "import_file"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    #: its sheets as rows of texts, packed; emptied once it was taken in
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    layout: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: how many rows it has, in all its sheets
    rows: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    #: what it became
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("import_batch.id"))
    created_at: Mapped[datetime]


class ImportLayoutRow(Row):
    """How somebody last read a kind of file for a measure, to be offered the next time."""

    __tablename__ = "import_layout"
    __table_args__ = (UniqueConstraint("person_id", "measure_id", "kind"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"))
    kind: Mapped[str] = mapped_column(String(40))
    layout: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime]
