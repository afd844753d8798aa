"""Each test that asks for a database gets an empty one of its own, on both engines."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, inspect, text


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_starts_empty(database_url: str, turn: str):
    engine = create_engine(database_url)
    try:
        assert inspect(engine).get_table_names() == []
        with engine.begin() as connection:
            connection.execute(text(f"CREATE TABLE left_by_{turn} (id INTEGER PRIMARY KEY)"))
        assert inspect(engine).get_table_names() == [f"left_by_{turn}"]
    finally:
        engine.dispose()
