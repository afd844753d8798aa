"""Put the database's own rules in place as triggers, in the words of each database."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from eqia.persistence.trigger_rules import NEVER_EMPTIED, SQLITE, Rule, rules

#: How each database says what the rules leave open. PostgreSQL must hold the screening's row, or
#: an answer could slip in while another transaction submits; SQLite has one writer at a time.
_WORDS = {
    "sqlite": {"{differs}": "IS NOT", "{held}": ""},
    "postgresql": {"{differs}": "IS DISTINCT FROM", "{held}": "FOR NO KEY UPDATE"},
}

_SQLITE_TRIGGER = """
CREATE TRIGGER {name} BEFORE {on} ON {table} FOR EACH ROW WHEN {when}
BEGIN SELECT RAISE(ABORT, '{message}'); END
"""

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {when} THEN RAISE EXCEPTION USING MESSAGE = '{message}', ERRCODE = 'check_violation'; END IF;
  RETURN {row};
END $$
"""

_TRIGGERS = {
    "sqlite": text("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": text(
        "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal"
    ),
}


def create_all(connection: Connection) -> None:
    """Put every trigger in place, afresh."""
    drop_all(connection)
    dialect = connection.dialect.name
    for rule in _rules_of(dialect):
        for statement in _STATEMENTS[dialect](rule):
            connection.exec_driver_sql(statement)


def drop_all(connection: Connection) -> None:
    """Take every trigger away, so that a migration can rebuild tables."""
    on_table = "" if connection.dialect.name == SQLITE else " ON {table}"
    for name, table in installed(connection):
        connection.exec_driver_sql(f"DROP TRIGGER {name}{on_table.format(table=table)}")


def installed(connection: Connection) -> list[tuple[str, str]]:
    """List the triggers the database has, with their tables."""
    found = connection.execute(_TRIGGERS[connection.dialect.name])
    return sorted((name, table) for name, table in found)


def expected(dialect: str) -> list[tuple[str, str]]:
    """List the triggers a database should have, with their tables."""
    return sorted((rule.name, rule.table) for rule in _rules_of(dialect))


def _rules_of(dialect: str) -> Iterator[Rule]:
    yield from (rule for rule in rules() if rule.only in ("", dialect))
    if dialect != SQLITE:
        for table in NEVER_EMPTIED:
            words = f"append_only: {table} cannot be emptied"
            yield Rule(f"{table}_no_truncate", table, "TRUNCATE", "TRUE", words)


def _sqlite(rule: Rule) -> Iterator[str]:
    yield _filled(_SQLITE_TRIGGER, rule, SQLITE)


def _postgresql(rule: Rule) -> Iterator[str]:
    yield _filled(_POSTGRESQL_FUNCTION, rule, "postgresql")
    each = "STATEMENT" if rule.on == "TRUNCATE" else "ROW"
    yield (
        f"CREATE TRIGGER {rule.name} BEFORE {rule.on} ON {rule.table}"
        f" FOR EACH {each} EXECUTE FUNCTION {rule.name}()"
    )


def _filled(template: str, rule: Rule, dialect: str) -> str:
    when = rule.when
    for blank, word in _WORDS[dialect].items():
        when = when.replace(blank, word)
    return template.format(
        name=rule.name,
        on=rule.on,
        table=rule.table,
        when=when,
        message=rule.message,
        row={"DELETE": "OLD", "TRUNCATE": "NULL"}.get(rule.on, "NEW"),
    )


_STATEMENTS = {SQLITE: _sqlite, "postgresql": _postgresql}
