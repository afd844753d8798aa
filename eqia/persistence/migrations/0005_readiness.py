"""Made ready for tables that follow.

Triggers are not made here: eqia.persistence.schema puts them back after every change.
"""

revision = "0005"
down_revision = "0004"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
