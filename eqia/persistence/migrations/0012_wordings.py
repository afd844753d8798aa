"""What a measure counts in other words, why something else is counted, and links that ended.

Triggers are not made here: eqia.persistence.schema puts them back after every change.
"""

import sqlalchemy as sa
from alembic import op

from eqia.persistence import columns

revision = "0012"
down_revision = "0011"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "measure_wording",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_measure_wording_number")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_measure_wording_created_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["measure_version.id"],
            name=op.f("fk_measure_wording_version_id_measure_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_wording")),
        sa.UniqueConstraint(
            "version_id", "number", name=op.f("uq_measure_wording_version_id_number")
        ),
    )
    # Added in place: rebuilding the tables on SQLite would break what points at them.
    op.add_column(
        "measure_version",
        sa.Column("reason", sa.Text(), nullable=False, server_default=sa.text("''")),
    )
    op.add_column(
        "action_measure", sa.Column("ended_at", columns.Moment(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("action_measure", "ended_at")
    op.drop_column("measure_version", "reason")
    op.drop_table("measure_wording")
