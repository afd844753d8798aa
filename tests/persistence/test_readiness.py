"""What both databases keep and refuse of a readiness checklist, and what is read back."""

from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from eqia.domain.errors import NotAllowed
from eqia.domain.readiness import Given
from eqia.domain.screenings import Status
from eqia.persistence.queries import readiness as queries
from eqia.persistence.tables import ReadinessAnswerRow, ReadinessDeedRow, ReadinessRow
from tests.builders import NOW, kept, make_screening
from tests.plan_builders import make_action, make_measure, make_plan, make_reading, make_version
from tests.readiness_builders import make_readiness

TODAY = NOW.date()
#: SQLite's trigger against replacing speaks first, PostgreSQL's key does
REFUSED = (IntegrityError, NotAllowed)


@pytest.fixture
def plan(database_session):
    return make_plan(database_session)


@pytest.fixture
def row(database_session, plan):
    return make_readiness(database_session, plan=plan)


def answer(session, row, **changed):
    values = {"part": "1.1", "number": 2, "answer": "partly"}
    by = {"created_by": row.created_by, "created_at": NOW}
    return kept(session, ReadinessAnswerRow(readiness_id=row.id, **{**values, **changed}, **by))


def deed(session, plan, **changed):
    values = {"rule": "R15", "kind": "reply", "on_date": TODAY, "words": "We wrote."}
    by = {"created_by": plan.created_by, "created_at": NOW}
    return kept(session, ReadinessDeedRow(plan_id=plan.id, **{**values, **changed}, **by))


def test_the_newest_answer_of_each_part_stands_and_all_can_be_read(database_session, plan, row):
    answer(database_session, row, note="Half of it.", on_date=date(2027, 1, 31))
    answer(database_session, row, part="2.1", number=1, answer="")
    found = queries.kept(database_session, plan, TODAY)
    assert found.answers == {
        "1.1": Given(answer="partly", note="Half of it.", on=date(2027, 1, 31)),
        "2.1": Given(),
    }
    assert found.counts == {"1.1": 2, "2.1": 1}
    assert found.seen(found.checklist.gate("priority")) == 2
    history = queries.history(database_session, row, "1.1")
    assert [(one.number, one.answer) for one in history] == [(2, "partly"), (1, "yes")]


@pytest.mark.parametrize(
    "changed", [{"answer": "maybe"}, {"number": 1}, {"number": 0}], ids=["word", "twice", "nought"]
)
def test_an_answer_no_list_offers_or_a_number_twice_is_refused(database_session, row, changed):
    with pytest.raises(REFUSED):
        answer(database_session, row, **changed)


def test_a_plan_has_one_checklist(database_session, plan, row):
    again = {name: getattr(row, name) for name in ("list_id", "list_version", "list_digest")}
    by = {"created_by": row.created_by, "created_at": NOW}
    with pytest.raises(REFUSED):
        kept(database_session, ReadinessRow(plan_id=plan.id, **again, **by))


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "promise"},
        {"words": ""},
        {"on_date": None},
        {"kind": "involvement", "on_date": None},
    ],
)
def test_a_deed_has_its_day_or_action_and_its_words(database_session, plan, changed):
    with pytest.raises(IntegrityError):
        deed(database_session, plan, **changed)


def test_the_last_word_on_a_rule_stands(database_session, plan):
    deed(database_session, plan)
    action = make_action(database_session, plan=plan)
    later = {"kind": "involvement", "action_id": action.id, "on_date": None}
    deed(database_session, plan, rule="R27", **later)
    assert {rule: one.kind for rule, one in queries.deeds(database_session, plan).items()} == {
        "R15": "reply",
        "R27": "involvement",
    }


@pytest.fixture
def followed(database_session):
    """The plan of a screening with an outcome, as every signed one has."""
    signed = {"status": Status.SIGNED, "outcome_in_force": "conditions"}
    return make_plan(database_session, screening=make_screening(database_session, **signed))


def test_live_facts_are_read_in_as_many_statements_however_much_there_is(
    database_session, followed
):
    assert _read(database_session, followed)[1].read_by == {}
    _measured(database_session, followed)
    few, one = _read(database_session, followed)
    assert set(one.read_by.values()) == {"age"}
    for _ in range(3):
        _measured(database_session, followed)
    many, four = _read(database_session, followed)
    assert (len(one.read_by), len(four.read_by)) == (1, 4)
    assert many == few


def _measured(session, plan):
    measure = make_measure(session, plan=plan)
    version = make_version(session, plan=plan, measure=measure)
    make_reading(session, plan=plan, version=version)
    early = {"period_start": date(2026, 1, 1), "period_end": date(2026, 3, 31)}
    make_reading(session, plan=plan, version=version, **early)


def _read(session, plan):
    said = []

    def listen(_conn, _cursor, statement, *_rest):
        said.append(statement)

    listed = queries.kept(session, plan, TODAY).checklist
    session.expire_all()
    event.listen(session.connection(), "before_cursor_execute", listen)
    facts = queries.facts_of(session, plan, listed, TODAY)
    event.remove(session.connection(), "before_cursor_execute", listen)
    return len(said), facts
