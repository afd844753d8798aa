"""Which tables this version needs, and whether a database has them."""

from importlib import import_module
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from eqia.persistence import triggers
from eqia.persistence.engines import BEGIN
from eqia.persistence.tables import Row

FOLDER = Path(__file__).with_name("migrations")


def migrate(engine: Engine) -> None:
    """Upgrade a database, empty or older, to the newest tables; all or nothing."""
    # Only here is Alembic needed, and it is large.
    import_module("eqia.persistence.upgrades").migrate(engine)


def newest() -> str:
    """Give the number of the newest migration: its file starts with it."""
    return max(path.name[:4] for path in FOLDER.glob("[0-9]*.py"))


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest tables."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        found = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    return found == [newest()]


def create_all_for_tests(engine: Engine) -> None:
    """Make all tables and triggers at once, without migrations."""
    with engine.connect().execution_options(**{BEGIN: "IMMEDIATE"}) as connection:
        Row.metadata.create_all(connection)
        triggers.create_all(connection)
        connection.commit()
