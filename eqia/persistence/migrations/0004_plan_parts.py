"""Risks, PDSA cycles and the other sections of a plan.

Triggers are not made here: eqia.persistence.schema puts them back after every change.
"""

import sqlalchemy as sa
from alembic import op

from eqia.persistence import columns

revision = "0004"
down_revision = "0003"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "risk",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("group_id", sa.String(length=40), nullable=False),
        sa.Column("group_label", sa.String(length=200), nullable=False),
        sa.Column("likelihood", sa.Integer(), nullable=False),
        sa.Column("impact", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("review_date", sa.Date(), nullable=True),
        sa.Column("action_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("closed_why", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=False),
        sa.Column("updated_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('risk','issue')", name=op.f("ck_risk_kind")),
        sa.CheckConstraint("likelihood BETWEEN 1 AND 5", name=op.f("ck_risk_likelihood")),
        sa.CheckConstraint("impact BETWEEN 1 AND 5", name=op.f("ck_risk_impact")),
        sa.CheckConstraint("event <> ''", name=op.f("ck_risk_event")),
        sa.CheckConstraint("status IN ('open','closed')", name=op.f("ck_risk_status")),
        sa.CheckConstraint(
            "status <> 'closed' OR (closed_why <> '' AND closed_on IS NOT NULL)",
            name=op.f("ck_risk_closed_why"),
        ),
        sa.ForeignKeyConstraint(
            ["action_id"], ["action.id"], name=op.f("fk_risk_action_id_action")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_risk_created_by_person")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_risk_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["person.id"], name=op.f("fk_risk_updated_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk")),
    )
    with op.batch_alter_table("risk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_risk_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "pdsa",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("prediction", sa.Text(), nullable=False),
        sa.Column("plan_words", sa.Text(), nullable=False),
        sa.Column("do_words", sa.Text(), nullable=False),
        sa.Column("study_words", sa.Text(), nullable=False),
        sa.Column("act_words", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=False),
        sa.Column("updated_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_pdsa_number")),
        sa.CheckConstraint("objective <> ''", name=op.f("ck_pdsa_objective")),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_pdsa_ends_after_start")
        ),
        sa.CheckConstraint(
            "decision IN ('','adopt','adapt','abandon')", name=op.f("ck_pdsa_decision")
        ),
        sa.CheckConstraint(
            "decision = '' OR (study_words <> '' AND ends_on IS NOT NULL)",
            name=op.f("ck_pdsa_decided_after"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_pdsa_created_by_person")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_pdsa_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["person.id"], name=op.f("fk_pdsa_updated_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pdsa")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_pdsa_plan_id_number")),
    )
    op.create_table(
        "pdsa_measure",
        sa.Column("pdsa_id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_pdsa_measure_created_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_pdsa_measure_measure_id_measure")
        ),
        sa.ForeignKeyConstraint(
            ["pdsa_id"], ["pdsa.id"], name=op.f("fk_pdsa_measure_pdsa_id_pdsa")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pdsa_measure")),
        sa.UniqueConstraint(
            "pdsa_id", "measure_id", name=op.f("uq_pdsa_measure_pdsa_id_measure_id")
        ),
    )
    with op.batch_alter_table("pdsa_measure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pdsa_measure_measure_id"), ["measure_id"], unique=False
        )

    op.create_table(
        "plan_entry",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("withdrawn_why", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=False),
        sa.Column("updated_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("place >= 1", name=op.f("ck_plan_entry_place")),
        sa.CheckConstraint("status IN ('live','withdrawn')", name=op.f("ck_plan_entry_status")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_plan_entry_created_by_person")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_entry_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["person.id"], name=op.f("fk_plan_entry_updated_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_entry")),
        sa.UniqueConstraint(
            "plan_id", "section", "place", name=op.f("uq_plan_entry_plan_id_section_place")
        ),
    )


def downgrade() -> None:
    op.drop_table("plan_entry")
    with op.batch_alter_table("pdsa_measure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pdsa_measure_measure_id"))

    op.drop_table("pdsa_measure")
    op.drop_table("pdsa")
    with op.batch_alter_table("risk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_risk_plan_id"))

    op.drop_table("risk")
