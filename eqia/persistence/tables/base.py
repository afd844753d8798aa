"""The base every table row stands on."""

from datetime import datetime
from enum import Enum as PythonEnum
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import Enum, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from eqia.persistence.columns import Moment

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(DeclarativeBase):
    """A table row with an id nobody can guess."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        # Stores `draft`, not `DRAFT`, as plain text that both databases share.
        PythonEnum: Enum(
            PythonEnum,
            values_callable=lambda kind: [member.value for member in kind],
            native_enum=False,
            length=40,
        ),
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
