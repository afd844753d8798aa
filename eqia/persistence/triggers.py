"""Rules the database keeps by itself, whoever writes to it."""

from sqlalchemy import Connection


def create_all(connection: Connection) -> None:
    """Put every trigger in place."""
