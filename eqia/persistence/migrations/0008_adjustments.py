"""Changes to charts, an organisation's own sets of groups, and how grave a finding is.

Triggers are not made here: eqia.persistence.schema puts them back after every change.
"""

import sqlalchemy as sa
from alembic import op

from eqia.persistence import columns

revision = "0008"
down_revision = "0007"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chart_adjustment",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("member", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdraws", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('recalculation','exclusion','note','withdrawal')",
            name=op.f("ck_chart_adjustment_kind"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_chart_adjustment_reason")),
        sa.CheckConstraint(
            "(kind = 'withdrawal') = (withdraws IS NOT NULL)",
            name=op.f("ck_chart_adjustment_withdraws"),
        ),
        sa.CheckConstraint(
            "kind <> 'exclusion' OR member IS NOT NULL",
            name=op.f("ck_chart_adjustment_one_reading"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_chart_adjustment_created_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["measure_version.id"],
            name=op.f("fk_chart_adjustment_version_id_measure_version"),
        ),
        sa.ForeignKeyConstraint(
            ["withdraws"],
            ["chart_adjustment.id"],
            name=op.f("fk_chart_adjustment_withdraws_chart_adjustment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chart_adjustment")),
        sa.UniqueConstraint("withdraws", name=op.f("uq_chart_adjustment_withdraws")),
    )
    with op.batch_alter_table("chart_adjustment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_chart_adjustment_version_id"), ["version_id"], unique=False
        )

    op.create_table(
        "category_set",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("characteristic", sa.String(length=40), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("replaces", sa.String(length=20), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("code LIKE 'org-%'", name=op.f("ck_category_set_own_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_category_set_label")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_category_set_created_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_set")),
        sa.UniqueConstraint("code", "edition", name=op.f("uq_category_set_code_edition")),
    )
    # Added in place: rebuilding the table on SQLite would break what points at it.
    for name, kind, check in (
        ("severity", sa.String(length=20), "severity IN ('','small','serious')"),
        ("evidence", sa.Text(), ""),
        (
            "likelihood",
            sa.String(length=20),
            "likelihood IN ('','unlikely','possible','likely')",
        ),
    ):
        checks = [sa.CheckConstraint(check, name=op.f(f"ck_finding_{name}"))] if check else []
        op.add_column(
            "finding", sa.Column(name, kind, *checks, nullable=False, server_default=sa.text("''"))
        )


def downgrade() -> None:
    for name in ("likelihood", "evidence", "severity"):
        op.drop_column("finding", name)
    op.drop_table("category_set")
    with op.batch_alter_table("chart_adjustment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chart_adjustment_version_id"))

    op.drop_table("chart_adjustment")
