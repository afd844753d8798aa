from datetime import timedelta

from eqia.domain.people import Role
from eqia.domain.screenings import Status
from eqia.persistence.database import writing
from eqia.persistence.tables import EvidenceActionRow
from tests.builders import NOW, make_person, make_project, make_screening


def home(client, person):
    return client.sign_in(person).get("/").html


def test_nothing_waits_for_somebody_new(client, session):
    assert "Nothing waits for you right now" in home(client, make_person(session))


def test_a_draft_waits_for_its_team(client, session):
    lead = make_person(session)
    make_screening(session, project=make_project(session, lead=lead, title="Falls"))
    assert "Go on with the answers" in home(client, lead)
    assert "Falls" not in home(client, make_person(session))


def test_a_submitted_one_waits_for_a_reviewer_who_did_not_write_it(client, session):
    author = make_person(session, roles=[Role.REVIEWER])
    project = make_project(session, title="Falls")
    make_screening(
        session, project=project, author=author, status=Status.SUBMITTED, answers={"A1": "x"}
    )
    assert "Falls" not in home(client, author)
    assert "Review it" in home(client, make_person(session, roles=[Role.REVIEWER]))


def test_a_reviewed_one_waits_for_an_approver(client, session):
    make_screening(session, status=Status.REVIEWED, confirmed_outcome="full")
    assert "sign it off" in home(client, make_person(session, roles=[Role.APPROVER]))
    assert "sign it off" not in home(client, make_person(session, roles=[Role.REVIEWER]))


def test_a_returned_one_says_when_it_was_due_back(client, session):
    lead = make_person(session)
    make_screening(
        session,
        project=make_project(session, lead=lead),
        status=Status.RETURNED,
        return_due=NOW.date() - timedelta(days=1),
    )
    assert "Overdue:" in home(client, lead)


def test_an_open_question_past_its_date_is_shown(client, session):
    lead = make_person(session)
    screening = make_screening(session, project=make_project(session, lead=lead))
    with writing(session):
        session.add(
            EvidenceActionRow(
                screening_id=screening.id,
                cause="gap:0",
                text="Who uses the bus?",
                due=NOW.date() - timedelta(days=1),
                created_at=NOW,
            )
        )
    assert "Who uses the bus?" in home(client, lead)
