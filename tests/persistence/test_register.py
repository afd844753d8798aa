from datetime import date, timedelta

import pytest
from sqlalchemy import event

from eqia.domain.people import MemberRole, Role
from eqia.domain.register import Filter
from eqia.domain.screenings import Status
from eqia.persistence.database import writing
from eqia.persistence.queries import register
from eqia.persistence.tables import EqiaRow
from tests.builders import NOW, acting, make_person, make_project, make_screening

TODAY = NOW.date()
OPENING = frozenset({"full"})


def search(session, person=None, **wanted):
    somebody = person or acting(make_person(session), roles=[Role.AUDITOR])
    found = register.Search(
        Filter(**wanted), somebody, TODAY, OPENING, effects=[("C1", "minor"), ("C1", "dk")]
    )
    lines = register.page(session, found)
    assert register.count(session, found) == len(lines)
    assert [line.screening.id for line in register.every_line(session, found)] == [
        line.screening.id for line in lines
    ]
    return [line.screening for line in lines]


def test_a_stranger_sees_signed_records_and_no_drafts(database_session):
    signed = make_screening(
        database_session, status=Status.SIGNED, confirmed_outcome="full", outcome_in_force="full"
    )
    make_screening(database_session)
    stranger = acting(make_person(database_session))
    assert search(database_session, stranger) == [signed]


def test_a_member_sees_the_drafts_of_their_project_only(database_session):
    project = make_project(database_session)
    draft = make_screening(database_session, project=project)
    make_screening(database_session)
    member = acting(make_person(database_session), projects={project.id: MemberRole.MEMBER})
    assert search(database_session, member) == [draft]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.AUDITOR])
def test_those_who_oversee_see_every_draft(database_session, role):
    draft = make_screening(database_session)
    assert search(database_session, acting(make_person(database_session), roles=[role])) == [draft]


def test_an_administrator_sees_no_more_than_anyone_else(database_session):
    make_screening(database_session)
    admin = acting(make_person(database_session), roles=[Role.ADMINISTRATOR])
    assert search(database_session, admin) == []


def test_text_finds_a_reference_or_a_title_whatever_the_case(database_session):
    project = make_project(database_session, title="Falls checks, 100% at home")
    found = make_screening(database_session, project=project, reference="EQS-2026-7777")
    make_screening(database_session)
    for text in ("falls", "7777", "100%"):
        assert search(database_session, text=text) == [found]
    assert search(database_session, text="_______________________________") == []


def test_group_finds_those_it_affects_or_may_affect(database_session):
    hit = make_screening(database_session, answers={"C1": {"age": "minor", "sex": "none"}})
    make_screening(database_session, answers={"C1": {"age": "none"}})
    assert search(database_session, group="age") == [hit]
    assert search(database_session, group="sex") == []


@pytest.mark.parametrize("flag", list(register.FLAG_COLUMNS))
def test_a_flag_finds_what_holds_today_and_not_tomorrow(database_session, flag):
    held = make_screening(database_session, **{f"{flag}_from": TODAY})
    make_screening(database_session, **{f"{flag}_from": TODAY + timedelta(days=1)})
    make_screening(database_session)
    assert search(database_session, flag=flag) == [held]


@pytest.mark.parametrize("state", ["not_started", "started", "approved"])
def test_one_filter_says_whether_a_triggered_eqia_was_done(database_session, state):
    person = make_person(database_session)
    for status in ("not_started", "started", "approved"):
        screening = make_screening(
            database_session, outcome_in_force="full", reference=f"EQS-2026-{status[:4]}"
        )
        with writing(database_session):
            database_session.add(
                EqiaRow(
                    screening_id=screening.id,
                    status=status,
                    approved_by=person.id if status == "approved" else None,
                    approved_at=NOW if status == "approved" else None,
                )
            )
    make_screening(database_session, outcome_in_force="conditions")
    [found] = search(database_session, eqia=state)
    assert found.reference == f"EQS-2026-{state[:4]}"
    assert len(search(database_session, eqia="triggered")) == 3


def test_an_eqia_nobody_has_opened_yet_counts_as_not_started(database_session):
    found = make_screening(database_session, outcome_in_force="full")
    assert search(database_session, eqia="not_started") == [found]


def test_days_are_london_days_with_both_ends_in(database_session):
    found = make_screening(database_session, created_at=NOW)
    assert search(database_session, since=TODAY, until=TODAY) == [found]
    assert search(database_session, until=TODAY - timedelta(days=1)) == []
    assert search(database_session, since=TODAY + timedelta(days=1)) == []


def test_status_and_outcome_narrow_it_down(database_session):
    found = make_screening(database_session, outcome_in_force="conditions")
    make_screening(database_session, outcome_in_force="full")
    assert search(database_session, outcome="conditions", status="draft") == [found]


def test_the_report_counts_what_was_submitted_in_the_period(database_session):
    make_screening(database_session, submitted_at=NOW, calculated_outcome="full")
    make_screening(database_session, submitted_at=NOW - timedelta(days=90))
    make_screening(database_session)
    [entry] = register.entries(database_session, since=date(2026, 11, 1), until=TODAY)
    assert entry.in_force == "full"


def test_a_page_takes_as_many_statements_for_many_as_for_one(session):
    seen = []
    person = acting(make_person(session), roles=[Role.AUDITOR])

    def statements():
        session.expire_all()
        seen.clear()
        search(session, person)
        return sum(statement.startswith("SELECT") for statement in seen)

    make_screening(session)
    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note := lambda *about: seen.append(about[2]))
    few = statements()
    for _ in range(20):
        make_screening(session)
    many = statements()
    event.remove(engine, "before_cursor_execute", note)
    assert (few, many) == (3, 3)  # a page, a count, and every line for the CSV
