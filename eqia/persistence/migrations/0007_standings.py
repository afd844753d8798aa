"""How each measure stands, kept with its plan, and the days of grace for readings.

Standings of measures that are there already are worked out by the next act on each, or at once by
`eqia refresh-standings`. Triggers are not made here: eqia.persistence.schema puts them back after
every change.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "measure_standing",
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("engine", sa.String(length=20), nullable=False),
        sa.Column("concern_since", sa.Date(), nullable=True),
        sa.Column("told_since", sa.Date(), nullable=True),
        sa.Column("exact", sa.JSON(), nullable=False),
        sa.Column("published", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_measure_standing_measure_id_measure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_standing")),
        sa.UniqueConstraint("measure_id", name=op.f("uq_measure_standing_measure_id")),
    )
    with op.batch_alter_table("measure_standing", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_measure_standing_concern_since"), ["concern_since"], unique=False
        )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("grace_days", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.create_check_constraint("grace_days", "grace_days >= 0")


def downgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_organisation_grace_days"), type_="check")
        batch_op.drop_column("grace_days")
    with op.batch_alter_table("measure_standing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_standing_concern_since"))
    op.drop_table("measure_standing")
