"""What the database refuses of risks, PDSA cycles and sections of a plan, whoever asks."""

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from eqia.domain.errors import NotAllowed
from eqia.persistence.queries import pdsa, plan_sections, risks
from eqia.persistence.tables import PdsaMeasureRow, PlanEntryRow
from tests.builders import NOW, kept
from tests.part_builders import make_cycle, make_entry, make_risk
from tests.persistence.by_sql import raw, said
from tests.plan_builders import make_action, make_measure, make_plan

ENDED = {"ends_on": date(2026, 7, 31), "study_words": "It helped."}


@pytest.fixture
def plan(database_session):
    return make_plan(database_session)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "worry"},
        {"likelihood": 0},
        {"likelihood": 6},
        {"impact": 0},
        {"impact": 6},
        {"event": ""},
        {"status": "gone"},
        {"status": "closed"},
        {"status": "closed", "closed_why": "It cannot happen now."},
        {"status": "closed", "closed_on": NOW.date()},
    ],
)
def test_no_risk_can_be_impossible(database_session, plan, wrong):
    with pytest.raises(IntegrityError):
        make_risk(database_session, plan=plan, **wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 0},
        {"objective": ""},
        {"ends_on": date(2026, 6, 30)},
        {"decision": "maybe", **ENDED},
        {"decision": "adopt"},
        {"decision": "adopt", "study_words": "It helped."},
        {"decision": "adopt", "ends_on": date(2026, 7, 31)},
    ],
)
def test_no_cycle_can_be_impossible(database_session, plan, wrong):
    with pytest.raises(IntegrityError):
        make_cycle(database_session, plan=plan, **wrong)


@pytest.mark.parametrize("decision", ["", "adopt", "adapt", "abandon"])
def test_a_cycle_that_was_studied_is_decided(database_session, plan, decision):
    make_cycle(database_session, plan=plan, decision=decision, **ENDED)


@pytest.mark.parametrize("wrong", [{"place": 0}, {"status": "deleted"}])
def test_no_entry_can_be_impossible(database_session, plan, wrong):
    with pytest.raises(IntegrityError):
        make_entry(database_session, plan=plan, **wrong)


def test_numbers_and_places_are_given_once(database_session, plan):
    make_cycle(database_session, plan=plan)
    make_entry(database_session, plan=plan)
    with pytest.raises(IntegrityError):
        make_cycle(database_session, plan=plan)
    with pytest.raises(IntegrityError):
        make_entry(database_session, plan=plan)
    other = make_plan(database_session)
    make_cycle(database_session, plan=other)
    make_entry(database_session, plan=other)
    assert pdsa.next_number(database_session, plan) == 2
    assert plan_sections.next_place(database_session, plan, "stakeholders") == 2
    assert plan_sections.next_place(database_session, plan, "outside") == 1


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (make_risk, "plan_id = :other"),
        (make_cycle, "plan_id = :other"),
        (make_cycle, "number = 7"),
        (make_entry, "plan_id = :other"),
        (make_entry, "section = 'outside'"),
        (make_entry, "place = 7"),
    ],
)
def test_a_part_keeps_its_place(database_session, plan, make, change):
    row = make(database_session, plan=plan)
    other = raw(database_session, make_plan(database_session))
    values = {"id": raw(database_session, row), "other": other}
    if ":other" not in change:
        del values["other"]
    sql = f"UPDATE {row.__tablename__} SET {change} WHERE id = :id"  # noqa: S608 - our own tables
    assert said(database_session, sql, **values) == "frozen"


def test_a_risk_names_an_action_of_its_own_plan_alone(database_session, plan):
    row = make_risk(
        database_session, plan=plan, action_id=make_action(database_session, plan=plan).id
    )
    foreign = make_action(database_session, plan=make_plan(database_session))
    with pytest.raises(NotAllowed) as refused:
        make_risk(database_session, plan=plan, action_id=foreign.id)
    assert refused.value.code == "frozen"
    sql = "UPDATE risk SET action_id = :action WHERE id = :id"
    values = {"action": raw(database_session, foreign), "id": raw(database_session, row)}
    assert said(database_session, sql, **values) == "frozen"


def test_a_cycle_touches_measures_of_its_own_plan_once(database_session, plan):
    measure = make_measure(database_session, plan=plan)
    row = make_cycle(database_session, plan=plan, measure=measure)
    link = {"pdsa_id": row.id, "created_by": plan.created_by, "created_at": NOW}
    with pytest.raises(IntegrityError):
        kept(database_session, PdsaMeasureRow(measure_id=measure.id, **link))
    foreign = make_measure(database_session, plan=make_plan(database_session))
    with pytest.raises(NotAllowed):
        kept(database_session, PdsaMeasureRow(measure_id=foreign.id, **link))


def test_risks_come_with_the_open_and_high_ones_first(database_session, plan):
    closed = {"status": "closed", "closed_why": "Over.", "closed_on": NOW.date()}
    make_risk(database_session, plan=plan, event="low", likelihood=1)
    make_risk(database_session, plan=plan, event="closed", impact=5, likelihood=5, **closed)
    make_risk(database_session, plan=plan, event="high", likelihood=5)
    make_risk(database_session, plan=make_plan(database_session), event="elsewhere")
    found = [row.event for row in risks.of_plan(database_session, plan)]
    assert found == ["high", "low", "closed"]


def test_marks_are_those_of_cycles_that_touch_the_measure_now(database_session, plan):
    touched, other = (make_measure(database_session, plan=plan) for _ in range(2))
    make_cycle(database_session, plan=plan, measure=touched, decision="adapt", **ENDED)
    make_cycle(database_session, plan=plan, measure=touched, number=2, starts_on=date(2026, 6, 1))
    off = make_cycle(database_session, plan=plan, measure=other, number=3)
    link = pdsa.links(database_session, off)[other.id]
    sql = f"UPDATE pdsa_measure SET live = {raw_false(database_session)} WHERE id = :id"  # noqa: S608
    assert said(database_session, sql, id=raw(database_session, link)) == ""
    database_session.expire_all()
    found = pdsa.marks(database_session, plan)
    assert set(found) == {touched.id}
    assert [(act.on, act.label) for act in found[touched.id]] == [
        (date(2026, 6, 1), "PDSA 2 starts: Ring people the day before."),
        (date(2026, 7, 1), "PDSA 1 starts: Ring people the day before."),
        (date(2026, 7, 31), "PDSA 1 ends: adapt"),
    ]


def raw_false(session):
    return "0" if session.get_bind().dialect.name == "sqlite" else "FALSE"


def test_parts_are_counted(database_session, plan):
    none = plan_sections.counts(database_session, plan)
    assert none == plan_sections.Counts(0, 0, 0, 0, 0)
    make_risk(database_session, plan=plan, likelihood=1)
    make_risk(database_session, plan=plan)
    make_cycle(database_session, plan=plan)
    make_cycle(database_session, plan=plan, number=2, decision="adopt", **ENDED)
    for place in (1, 2):
        make_entry(database_session, plan=plan, place=place)
    make_entry(database_session, plan=plan, section="fit", words={"priority": "Waiting times"})
    make_entry(database_session, plan=plan, section="outside", status="withdrawn")
    found = plan_sections.counts(database_session, plan)
    assert found == plan_sections.Counts(2, 1, 2, 1, 2)


def test_words_of_an_entry_are_found_as_they_were_kept(database_session, plan):
    words = {"who": "Plant “A” e\u0301 \u202e", "interest": "line\nline"}
    make_entry(database_session, plan=plan, words=words)
    database_session.expire_all()
    assert database_session.query(PlanEntryRow).one().words == words
