"""What the charts said just before somebody changed them, to the team and to others.

Triggers are not made here: eqia.persistence.schema puts them back after every change.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = ()
depends_on = None

_COLUMNS = ("said_before", "told_before")


def upgrade() -> None:
    # Added in place: rebuilding the table on SQLite would break what points at it.
    for name in _COLUMNS:
        column = sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''"))
        op.add_column("chart_adjustment", column)


def downgrade() -> None:
    for name in reversed(_COLUMNS):
        op.drop_column("chart_adjustment", name)
