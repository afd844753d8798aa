"""What reviews make of each concern, who screens again by when, and why plans were moved.

Nobody was asked for answers at reviews held before: they have none, which is not the same as an empty list.
Triggers are not made here: eqia.persistence.schema puts them back after every change.
"""

import sqlalchemy as sa
from alembic import op

from eqia.persistence import columns

revision = "0009"
down_revision = "0008"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("plan_review", sa.Column("answers", sa.JSON(none_as_null=True), nullable=True))
    op.add_column(
        "plan_review",
        sa.Column(
            "rescreen_by", sa.String(length=200), nullable=False, server_default=sa.text("''")
        ),
    )
    op.add_column("plan_review", sa.Column("rescreen_due", sa.Date(), nullable=True))
    op.create_table(
        "plan_move",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("to_status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("looked_after_by", sa.String(length=200), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "to_status IN ('open','paused','closed')", name=op.f("ck_plan_move_to_status")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_plan_move_reason")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_plan_move_created_by_person")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_move_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_move")),
    )
    with op.batch_alter_table("plan_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_move_plan_id"), ["plan_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("plan_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_move_plan_id"))
    op.drop_table("plan_move")
    for name in ("rescreen_due", "rescreen_by", "answers"):
        op.drop_column("plan_review", name)
