"""Why a reading was corrected, and the end of a target that was changed or given up.

Triggers are not made here: eqia.persistence.schema puts them back after every change.
"""

import sqlalchemy as sa
from alembic import op

from eqia.persistence import columns

revision = "0010"
down_revision = "0009"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "target_end",
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_target_end_reason")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_target_end_created_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by"], ["target.id"], name=op.f("fk_target_end_replaced_by_target")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target.id"], name=op.f("fk_target_end_target_id_target")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_end")),
        sa.UniqueConstraint("replaced_by", name=op.f("uq_target_end_replaced_by")),
        sa.UniqueConstraint("target_id", name=op.f("uq_target_end_target_id")),
    )
    # Added in place: rebuilding the table on SQLite would break what points at it.
    op.add_column(
        "reading", sa.Column("why", sa.Text(), nullable=False, server_default=sa.text("''"))
    )


def downgrade() -> None:
    op.drop_column("reading", "why")
    op.drop_table("target_end")
