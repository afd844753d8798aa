"""The readiness checklist of a plan, and whether its equality gate is enforced.

Triggers are not made here: eqia.persistence.schema puts them back after every change.
"""

import sqlalchemy as sa
from alembic import op

from eqia.persistence import columns

revision = "0005"
down_revision = "0004"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "readiness",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.String(length=40), nullable=False),
        sa.Column("list_version", sa.Integer(), nullable=False),
        sa.Column("list_digest", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_readiness_created_by_person")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_readiness_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness")),
        sa.UniqueConstraint("plan_id", name=op.f("uq_readiness_plan_id")),
    )
    op.create_table(
        "readiness_answer",
        sa.Column("readiness_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("for_whom", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=2000), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("suggested", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('','yes','partly','not_yet','na')", name=op.f("ck_readiness_answer_answer")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_readiness_answer_number")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_readiness_answer_created_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["readiness_id"],
            ["readiness.id"],
            name=op.f("fk_readiness_answer_readiness_id_readiness"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_answer")),
        sa.UniqueConstraint(
            "readiness_id",
            "part",
            "number",
            name=op.f("uq_readiness_answer_readiness_id_part_number"),
        ),
    )
    op.create_table(
        "readiness_deed",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('reply','involvement')", name=op.f("ck_readiness_deed_kind")),
        sa.CheckConstraint("words <> ''", name=op.f("ck_readiness_deed_words")),
        sa.CheckConstraint(
            "kind <> 'reply' OR on_date IS NOT NULL", name=op.f("ck_readiness_deed_dated")
        ),
        sa.CheckConstraint(
            "kind <> 'involvement' OR action_id IS NOT NULL",
            name=op.f("ck_readiness_deed_which_action"),
        ),
        sa.ForeignKeyConstraint(
            ["action_id"], ["action.id"], name=op.f("fk_readiness_deed_action_id_action")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_readiness_deed_created_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_readiness_deed_plan_id_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_deed")),
    )
    with op.batch_alter_table("readiness_deed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_readiness_deed_plan_id"), ["plan_id"], unique=False)
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "enforce_equality_gate", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
    # The default is for the rows there are; new ones bring their own.
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.alter_column("enforce_equality_gate", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_column("enforce_equality_gate")
    with op.batch_alter_table("readiness_deed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_readiness_deed_plan_id"))
    op.drop_table("readiness_deed")
    op.drop_table("readiness_answer")
    op.drop_table("readiness")
