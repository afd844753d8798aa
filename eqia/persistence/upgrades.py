"""Change a database from version to version: the part that needs Alembic.

It is loaded when a database is changed, which a process that serves pages never does: with what it
brings along it takes eleven megabytes (operations.md section 9).
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from flask import Flask
from flask_alembic import Alembic
from sqlalchemy import Connection, Engine

from eqia.persistence import triggers
from eqia.persistence.engines import BEGIN
from eqia.persistence.schema import FOLDER
from eqia.persistence.tables import Row

# Flask-Alembic makes it tell of every step, which nobody who sets a service up asked for.
logging.getLogger("alembic").setLevel(logging.WARNING)

_CONTEXT: dict[str, Any] = {
    "render_as_batch": True,
    "user_module_prefix": "columns.",
    "transactional_ddl": True,
}


class Migrations(Alembic):
    """Flask-Alembic with its migrations numbered and the triggers put back after each change."""

    def __init__(self) -> None:
        super().__init__(metadatas=Row.metadata, run_mkdir=False)

    def init_app(self, app: Flask) -> None:
        """Give an app's command line the `db` command."""
        app.config.update(
            ALEMBIC={"script_location": "persistence/migrations"}, ALEMBIC_CONTEXT=dict(_CONTEXT)
        )
        super().init_app(app)

    def rev_id(self) -> str:
        """Give the next number."""
        return f"{len(list(FOLDER.glob('[0-9]*.py'))) + 1:04d}"

    def upgrade(self, target: int | str | Script = "heads") -> None:
        """Go up, with the triggers set aside for as long as it takes."""
        with _triggers_set_aside(_connection(self.migration_context)):
            super().upgrade(target)

    def downgrade(self, target: int | str | Script = -1) -> None:
        """Go down, without triggers: they belong to the newest tables."""
        connection = _connection(self.migration_context)
        triggers.drop_all(connection)
        super().downgrade(target)
        connection.commit()


def migrate(engine: Engine) -> None:
    """Upgrade a database, empty or older, to the newest tables; all or nothing."""
    script = _script()
    with engine.connect().execution_options(**{BEGIN: "IMMEDIATE"}) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                **_CONTEXT,
                "target_metadata": Row.metadata,
                "script": script,
                "fn": lambda revision, _context: script._upgrade_revs("heads", revision),  # noqa: SLF001 - what Alembic's own upgrade command calls
            },
        )
        with _triggers_set_aside(connection), Operations.context(context):
            context.run_migrations()


@contextmanager
def _triggers_set_aside(connection: Connection) -> Iterator[None]:
    """Drop the triggers and make them anew in the same transaction.

    Rebuilding a table on SQLite loses its triggers without a word (operations.md section 3).
    """
    triggers.drop_all(connection)
    yield
    triggers.create_all(connection)
    connection.commit()


def _connection(context: MigrationContext) -> Connection:
    if context.connection is None:
        msg = "migrations need a database, not a script"
        raise RuntimeError(msg)
    return context.connection


def _script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", str(FOLDER))
    return ScriptDirectory.from_config(config)
