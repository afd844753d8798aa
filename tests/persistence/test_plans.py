"""What the database refuses of plans, measures and readings, whoever asks."""
# ruff: noqa: S608 - the names are our own tables'

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from eqia.domain.errors import NotAllowed
from eqia.domain.screenings import Status
from eqia.persistence.queries import plans as queries
from eqia.persistence.tables import FindingRow, ReadingRow, Row, TargetRow
from eqia.persistence.trigger_rules import NEVER_REMOVED
from tests.builders import make_screening
from tests.persistence.by_sql import raw, said
from tests.plan_builders import (
    make_finding,
    make_measure,
    make_plan,
    make_reading,
    make_series,
    make_version,
)


@pytest.fixture
def plan(database_session):
    return make_plan(database_session)


@pytest.fixture
def version(database_session, plan):
    measure = make_measure(database_session, plan=plan)
    return make_version(database_session, plan=plan, measure=measure)


@pytest.mark.parametrize("table", NEVER_REMOVED)
def test_what_was_planned_is_never_removed(database_session, table):
    make_series(database_session)
    mappers = {mapper.class_.__tablename__: mapper.class_ for mapper in Row.registry.mappers}
    row = database_session.query(mappers[table]).first()
    sql = f"DELETE FROM {table} WHERE id = :id"
    assert said(database_session, sql, id=raw(database_session, row)) == "append_only"


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED, Status.REVIEWED])
def test_a_plan_follows_a_signed_screening(database_session, status):
    screening = make_screening(database_session, status=status)
    with pytest.raises(NotAllowed) as refused:
        make_plan(database_session, screening=screening)
    assert refused.value.code == "status"


def test_a_finding_stays_as_it_was_signed(database_session, plan):
    row = make_finding(database_session, plan=plan)
    identity = raw(database_session, row)
    for change in ("direction = 'neutral'", "statement = 'Nothing'", "group_id = 'sex'"):
        sql = f"UPDATE finding SET {change} WHERE id = :id"
        assert said(database_session, sql, id=identity) == "frozen"
    words = "UPDATE finding SET label = 'Age group' WHERE id = :id"
    assert said(database_session, words, id=identity) == ""
    assert database_session.query(FindingRow).count() == 1


def test_a_period_and_group_has_one_live_reading(database_session, plan, version):
    first = make_reading(database_session, plan=plan, version=version)
    with pytest.raises(NotAllowed):
        make_reading(database_session, plan=plan, version=version, numerator=13)
    second = make_reading(
        database_session, plan=plan, version=version, numerator=13, supersedes=first.id
    )
    with pytest.raises((NotAllowed, IntegrityError)):
        make_reading(
            database_session, plan=plan, version=version, numerator=14, supersedes=first.id
        )
    make_reading(database_session, plan=plan, version=version, numerator=14, supersedes=second.id)
    make_reading(database_session, plan=plan, version=version, member="under_65")
    assert database_session.query(ReadingRow).count() == 4


@pytest.mark.parametrize(
    "moved", [{"member": ""}, {"period_start": date(2026, 4, 2)}, {"period_end": date(2026, 7, 1)}]
)
def test_a_correction_stands_in_the_place_of_what_it_corrects(
    database_session, plan, version, moved
):
    first = make_reading(database_session, plan=plan, version=version)
    with pytest.raises(NotAllowed):
        make_reading(database_session, plan=plan, version=version, supersedes=first.id, **moved)


@pytest.mark.parametrize(
    "figures",
    [
        {"numerator": -1},
        {"numerator": 81},
        {"denominator": 0},
        {"denominator": None},
        {"value": Decimal("0.15")},
        {"numerator": None, "denominator": None},
        {"state": "not_collected"},
        {"state": "invented"},
        {"period_end": date(2026, 3, 31)},
        {"shape": "count"},
    ],
)
def test_no_reading_can_be_impossible(database_session, plan, version, figures):
    with pytest.raises(IntegrityError):
        make_reading(database_session, plan=plan, version=version, **figures)


@pytest.mark.parametrize("numerator", [0, 80])
def test_none_and_all_are_readings(database_session, plan, version, numerator):
    make_reading(database_session, plan=plan, version=version, numerator=numerator)


def test_a_rate_may_be_over_one(database_session, plan):
    measure = make_measure(database_session, plan=plan)
    rate = make_version(database_session, plan=plan, measure=measure, shape="rate", per=1000)
    make_reading(database_session, plan=plan, version=rate, numerator=90)


def test_a_target_keeps_its_digits(database_session):
    make_series(database_session)
    found = database_session.query(TargetRow).one()
    assert found.value == Decimal(10)


def test_a_plan_is_read_in_as_many_statements_however_much_it_holds(session):
    plan = make_plan(session)
    few = _statements(session, plan)
    for _ in range(5):
        measure = make_measure(session, plan=plan)
        version = make_version(session, plan=plan, measure=measure)
        make_reading(session, plan=plan, version=version)
    assert _statements(session, plan) == few
    assert few <= 14


def _statements(session, plan) -> int:
    said: list[str] = []

    def listen(_conn, _cursor, statement, *_rest):
        said.append(statement)

    session.expire_all()
    event.listen(session.connection(), "before_cursor_execute", listen)
    queries.gather(session, plan)
    event.remove(session.connection(), "before_cursor_execute", listen)
    return len(said)
