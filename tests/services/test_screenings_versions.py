import pytest

from eqia.domain.errors import Conflict, Invalid, NotAllowed
from eqia.domain.evidence import Source
from eqia.domain.screenings import Status
from eqia.persistence.database import writing
from eqia.persistence.queries import evidence as evidence_queries
from eqia.persistence.queries import projects as project_queries
from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables import LocalGroupRow
from eqia.services import evidence
from eqia.services import screenings as services
from tests.builders import NOW, kept, move
from tests.services.screening_acts import SHORT, make_team


@pytest.fixture
def team(database_session):
    return make_team(database_session)


@pytest.fixture
def signed(team):
    team.save(**SHORT)
    source = Source("data", "Figures", ("age",))
    evidence.add(team.session, actor=team.lead, now=NOW, screening=team.draft, source=source)
    team.submit()
    sign(team)
    return team


def sign(team):
    """Bring it to signed by hand, with the project as it stands."""
    with writing(team.session):
        team.draft.project_snapshot = project_queries.facts_of(team.project).snapshot()
    for step in (Status.REVIEWED, Status.SIGNED):
        move(team.session, screening=team.draft, to=step, actor=team.lead)


def follow(team, sections=(), click="v2"):
    return services.new_version(
        team.session,
        actor=team.lead,
        now=NOW,
        screening=team.draft,
        summary="It moves to another site.",
        sections=sections,
        token=click,
    )


def test_a_new_version_carries_answers_and_sources_over_under_the_same_reference(signed):
    row = follow(signed)
    assert (row.reference, row.number) == (signed.draft.reference, 2)
    assert row.previous_id == signed.draft.id
    before = signed.answers()
    signed.draft = row
    assert signed.answers() == before
    assert [one.title for one in evidence_queries.rows_of(signed.session, row)] == ["Figures"]


def test_only_the_sections_a_change_touches_are_asked_again(signed):
    row = follow(signed, ["reach"])
    sections = queries.sections_of(signed.session, row)
    assert {one for one, found in sections.items() if not found.completed} == {"reach"}
    signed.draft = row
    with pytest.raises(Invalid) as refused:
        signed.submit("second")
    assert [problem.field for problem in refused.value.problems] == ["section.reach"]


def test_a_moved_project_date_is_asked_again_by_itself(signed):
    with writing(signed.session):
        signed.project.decision_date = NOW.date()
    row = follow(signed)
    sections = queries.sections_of(signed.session, row)
    assert "about" in {one for one, found in sections.items() if not found.completed}


def test_there_is_one_next_version_however_often_it_is_asked_for(signed):
    first = follow(signed, click="one click")
    assert follow(signed, click="one click").id == first.id
    with pytest.raises(Conflict):
        follow(signed, click="another click")


def withdraw(team, row):
    services.withdraw(
        team.session, actor=team.lead, now=NOW, screening=row, reason="Begun too early."
    )


def test_a_withdrawn_version_does_not_stand_in_the_way_of_another(signed):
    first = signed.draft
    withdrawn = follow(signed)
    withdraw(signed, withdrawn)
    assert queries.next_version(signed.session, first) is None
    third = follow(signed, click="v3")
    assert (third.reference, third.number) == (first.reference, 3)
    assert queries.version_before(signed.session, third) == first
    assert queries.version_before(signed.session, withdrawn) == first
    assert queries.next_version(signed.session, first) == third
    with pytest.raises(Conflict, match="already been started"):
        follow(signed, click="v4")
    withdraw(signed, third)
    assert follow(signed, click="v4").number == 4


def test_a_version_begun_after_a_withdrawn_one_carries_what_was_signed(signed):
    before = signed.answers()
    withdraw(signed, follow(signed))
    signed.draft = follow(signed, click="v3")
    assert signed.answers() == before


def test_a_new_version_says_what_has_changed(signed):
    with pytest.raises(Invalid):
        services.new_version(
            signed.session,
            actor=signed.lead,
            now=NOW,
            screening=signed.draft,
            summary=" ",
            sections=(),
            token="no words",
        )


def test_a_draft_has_no_next_version(team):
    with pytest.raises(NotAllowed):
        follow(team)


def test_the_author_of_the_first_version_is_an_author_of_the_next(signed):
    row = follow(signed)
    assert signed.lead.id in queries.thing_of(signed.session, row).authors


def test_a_draft_is_offered_the_questions_in_force_and_keeps_its_answers(team):
    team.save(A1="The same words.")
    assert services.newer_questions(team.session, team.draft, NOW) is None
    kept(team.session, LocalGroupRow(code="org-farmers", label="Farm workers"))
    newer = services.newer_questions(team.session, team.draft, NOW)
    services.move_to_newer_questions(team.session, actor=team.lead, now=NOW, screening=team.draft)
    assert team.draft.question_set_digest == newer.digest
    assert team.answers() == {"A1": "The same words."}
