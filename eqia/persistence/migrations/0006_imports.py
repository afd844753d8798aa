"""Imports of readings, and which reading came with which.

Triggers are not made here: eqia.persistence.schema puts them back after every change.
"""

import sqlalchemy as sa
from alembic import op

from eqia.persistence import columns

revision = "0006"
down_revision = "0005"
branch_labels = ()
depends_on = None

_COLUMNS = (
    "version_id, shape, period_start, period_end, member, numerator, denominator, value, lower,"
    " upper, state, comment, supersedes, created_by, created_at, id"
)
_UNDONE = "import_batch_id IN (SELECT batch_id FROM import_undo)"


def upgrade() -> None:
    op.create_table(
        "import_batch",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "added >= 0 AND corrected >= 0 AND unchanged >= 0", name=op.f("ck_import_batch_counts")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_import_batch_created_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["measure_version.id"],
            name=op.f("fk_import_batch_version_id_measure_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("id", "version_id", name=op.f("uq_import_batch_id_version_id")),
    )
    op.create_index("ix_import_batch_version_id", "import_batch", ["version_id"])
    op.create_table(
        "import_undo",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_undo_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_import_undo_created_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_undo")),
        sa.UniqueConstraint("batch_id", name=op.f("uq_import_undo_batch_id")),
    )
    op.create_table(
        "import_file",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_file_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_import_file_measure_id_measure")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_import_file_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
    )
    op.create_index("ix_import_file_person_id", "import_file", ["person_id"])
    op.create_index("ix_import_file_measure_id", "import_file", ["measure_id"])
    op.create_table(
        "import_layout",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.Column("updated_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_import_layout_measure_id_measure")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_import_layout_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_layout")),
        sa.UniqueConstraint(
            "person_id",
            "measure_id",
            "kind",
            name=op.f("uq_import_layout_person_id_measure_id_kind"),
        ),
    )
    _rebuild_reading(with_imports=True)


def downgrade() -> None:
    # What an undone import brought has no place in the older tables.
    op.execute(f"DELETE FROM reading WHERE {_UNDONE}")
    _rebuild_reading(with_imports=False)
    op.drop_table("import_layout")
    op.drop_table("import_file")
    op.drop_table("import_undo")
    op.drop_table("import_batch")


def _rebuild_reading(*, with_imports: bool) -> None:
    """Move the readings into a table with other keys: SQLite drops no constraint in place.

    The old table is renamed first, so that its references to itself go with it and it can be
    dropped while foreign keys are on.
    """
    place = ["version_id", "period_start", "period_end", "member"]
    op.drop_index("uq_reading_first", table_name="reading")
    if with_imports:
        place = [*place, "after_undone"]
    else:
        op.drop_index("ix_reading_import_batch_id", table_name="reading")
    op.rename_table("reading", "reading_before")
    if op.get_bind().dialect.name == "postgresql":
        # Names of constraints are one to a schema there.
        for name in _named(op.get_bind()):
            op.execute(f'ALTER TABLE reading_before RENAME CONSTRAINT "{name}" TO "{name}_before"')
    _make_reading(with_imports=with_imports)
    op.execute(
        f"INSERT INTO reading ({_COLUMNS}{', after_undone' if with_imports else ''})"
        f" SELECT {_COLUMNS}{', 0' if with_imports else ''} FROM reading_before"
    )
    op.drop_table("reading_before")
    op.create_index(
        "uq_reading_first",
        "reading",
        place,
        unique=True,
        sqlite_where=sa.text("supersedes IS NULL"),
        postgresql_where=sa.text("supersedes IS NULL"),
    )
    if with_imports:
        op.create_index("ix_reading_import_batch_id", "reading", ["import_batch_id"])


def _named(connection: sa.Connection) -> list[str]:
    found = connection.execute(
        sa.text(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'reading_before'::regclass"
            " AND contype IN ('p', 'u', 'f', 'c') ORDER BY conname"
        )
    )
    return [name for (name,) in found]


def _make_reading(*, with_imports: bool) -> None:
    more: list[sa.schema.SchemaItem] = []
    once = sa.UniqueConstraint("supersedes", name=op.f("uq_reading_supersedes"))
    if with_imports:
        more = [
            sa.Column("after_undone", sa.Integer(), nullable=False),
            sa.Column("import_batch_id", sa.Uuid(), nullable=True),
            sa.CheckConstraint("after_undone >= 0", name=op.f("ck_reading_after_undone")),
            sa.ForeignKeyConstraint(
                ["import_batch_id", "version_id"],
                ["import_batch.id", "import_batch.version_id"],
                name=op.f("fk_reading_import_batch_id_import_batch"),
            ),
        ]
        once = sa.UniqueConstraint(
            "supersedes", "after_undone", name=op.f("uq_reading_supersedes_after_undone")
        )
    op.create_table(
        "reading",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("shape", sa.String(length=20), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("member", sa.String(length=40), nullable=False),
        sa.Column("numerator", sa.Integer(), nullable=True),
        sa.Column("denominator", sa.Integer(), nullable=True),
        sa.Column("value", columns.Exact(length=40), nullable=True),
        sa.Column("lower", columns.Exact(length=40), nullable=True),
        sa.Column("upper", columns.Exact(length=40), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("supersedes", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *more,
        sa.CheckConstraint(
            "(state IN ('final','provisional')) = (numerator IS NOT NULL OR value IS NOT NULL)",
            name=op.f("ck_reading_figure"),
        ),
        sa.CheckConstraint(
            "shape <> 'proportion' OR numerator IS NULL OR numerator <= denominator",
            name=op.f("ck_reading_proportion"),
        ),
        sa.CheckConstraint(
            "shape NOT IN ('proportion','rate') OR numerator IS NULL OR denominator IS NOT NULL",
            name=op.f("ck_reading_parts"),
        ),
        sa.CheckConstraint(
            "state IN ('final','provisional','masked_at_source','not_collected','not_applicable')",
            name=op.f("ck_reading_state"),
        ),
        sa.CheckConstraint(
            "denominator IS NULL OR denominator > 0", name=op.f("ck_reading_denominator")
        ),
        sa.CheckConstraint(
            "numerator IS NULL OR numerator >= 0", name=op.f("ck_reading_numerator")
        ),
        sa.CheckConstraint(
            "numerator IS NULL OR value IS NULL", name=op.f("ck_reading_one_figure")
        ),
        sa.CheckConstraint("period_end >= period_start", name=op.f("ck_reading_period")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_reading_created_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes"], ["reading.id"], name=op.f("fk_reading_supersedes_reading")
        ),
        sa.ForeignKeyConstraint(
            ["version_id", "shape"],
            ["measure_version.id", "measure_version.shape"],
            name=op.f("fk_reading_version_id_measure_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        once,
    )
