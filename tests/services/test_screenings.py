import pytest

from eqia.domain.edits import Edit, Typed
from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from eqia.domain.screenings import Status
from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables import (
    AnswerChangeRow,
    EventRow,
    EvidenceActionRow,
    LocalGroupRow,
    ScreeningRow,
)
from eqia.services import screenings as services
from tests.builders import NOW, acting, kept, make_person, move
from tests.services.screening_acts import SHORT, make_team


@pytest.fixture
def team(database_session):
    return make_team(database_session)


def test_starting_twice_with_one_token_gives_the_first_screening_back(team):
    again = services.start(
        team.session,
        actor=team.lead,
        now=NOW,
        project=team.project,
        question_set_id="bhp-nhs",
        language="en",
        token=f"start-{team.project.id}",
    )
    assert again.id == team.draft.id


def test_each_screening_of_a_year_has_the_next_number(team):
    second = make_team(team.session).draft
    first, number = (int(one.reference.rsplit("-", 1)[1]) for one in (team.draft, second))
    assert number == first + 1


def test_the_organisations_own_groups_join_the_set_when_a_draft_starts(database_session):
    kept(database_session, LocalGroupRow(code="org-farmers", label="Farm workers"))
    asked = make_team(database_session).asked
    assert "org-farmers" in {group.id for group in asked.group_list("local").groups}


def test_a_language_the_set_is_not_written_in_is_refused(team):
    with pytest.raises(Invalid, match="language"):
        services.start(
            team.session,
            actor=team.lead,
            now=NOW,
            project=team.project,
            question_set_id="bhp-nhs",
            language="cy",
            token="other",
        )


def test_nobody_from_outside_the_project_may_start_or_save(team):
    stranger = acting(make_person(team.session))
    with pytest.raises(NotAllowed):
        services.start(
            team.session,
            actor=stranger,
            now=NOW,
            project=team.project,
            question_set_id="bhp-nhs",
            language="en",
            token="stranger",
        )
    with pytest.raises(NotAllowed):
        team.save(stranger, A1="Not mine to say.")


def test_an_incomplete_page_is_saved_with_its_history_and_one_event(team):
    events = team.session.query(EventRow).count()
    team.save(A1="More clinics on Saturdays.", A2=["change"])
    assert team.answers() == {"A1": "More clinics on Saturdays.", "A2": ["change"]}
    changes = team.session.query(AnswerChangeRow).filter_by(screening_id=team.draft.id)
    assert {(c.question, str(c.before), c.actor_id) for c in changes} == {
        ("A1", "None", team.lead.id),
        ("A2", "None", team.lead.id),
    }
    assert team.session.query(EventRow).count() == events + 1


def test_saving_what_is_stored_already_changes_nothing(team):
    version = team.save(A1="The same words.")
    events = team.session.query(EventRow).count()
    assert team.save(A1="The same words.", version=0) == version
    assert team.session.query(EventRow).count() == events


def test_text_that_does_not_parse_is_kept_as_typed_and_never_decided_on(team):
    raw = {"day": "31", "month": "2", "year": "2027"}
    edit = Edit("about", 0, {("A5_date", ""): Typed(None, raw)})
    services.save(team.session, actor=team.lead, now=NOW, screening=team.draft, edit=edit)
    assert queries.typed_in(team.session, team.draft)["A5_date", ""] == Typed(None, raw)
    assert "A5_date" not in team.answers()


def test_two_people_on_the_same_answer_get_a_conflict_with_both_texts_and_the_name(team):
    opened = team.save(A1="First words.")
    team.save(team.member, A1="Ben's words.")
    with pytest.raises(Conflict) as told:
        team.save(A1="Ada's words.", version=opened)
    assert (told.value.current, told.value.attempted) == ("Ben's words.", "Ada's words.")
    assert told.value.other == "Ben Member"
    assert team.answers()["A1"] == "Ben's words."


def test_two_people_on_different_answers_of_one_section_overwrite_nothing(team):
    opened = team.save(A1="First words.")
    team.save(team.member, A2=["change"])
    team.save(A1="Second words.", version=opened)
    assert team.answers() == {"A1": "Second words.", "A2": ["change"]}


def test_a_page_without_its_version_cannot_overwrite(team):
    team.save(A1="First words.")
    with pytest.raises(Conflict):
        team.save(team.member, A1="Other words.", version=0)


def test_the_moment_the_form_is_first_complete_is_kept(team):
    team.save(**{**SHORT, "B9": "short"})
    assert team.draft.outcome_shown_at is None
    team.save(B9=SHORT["B9"])
    assert team.draft.outcome_shown_at == NOW


def test_an_unknown_section_cannot_be_completed(team):
    with pytest.raises(NotFound):
        services.complete_section(
            team.session,
            actor=team.lead,
            now=NOW,
            screening=team.draft,
            section="nowhere",
            completed=True,
        )


def test_a_section_can_be_called_completed_and_opened_again(team):
    for completed in (True, False):
        services.complete_section(
            team.session,
            actor=team.lead,
            now=NOW,
            screening=team.draft,
            section="about",
            completed=completed,
        )
        assert queries.sections_of(team.session, team.draft)["about"].completed is completed


def test_stopping_here_needs_a_matched_top_rule_and_a_reason(team):
    def stop(reason):
        services.stop_here(
            team.session, actor=team.lead, now=NOW, screening=team.draft, reason=reason
        )

    with pytest.raises(NotAllowed):
        stop("We know enough.")
    team.save(D1="yes")
    with pytest.raises(Invalid):
        stop("   ")
    stop("It may be unlawful.")
    assert team.draft.stop_reason == "It may be unlawful."
    services.go_on_in_full(team.session, actor=team.lead, now=NOW, screening=team.draft)
    assert team.draft.stopped_at is None


def test_a_complete_form_is_decided_frozen_and_sent(team):
    team.save(**SHORT)
    row = team.submit(version=team.draft.version)
    assert row.status is Status.SUBMITTED
    assert row.calculated_outcome == row.outcome_in_force == "not_required"
    assert row.decision["reasons"][0]["rule"] == "R90"
    assert row.decision["what_would_change"]
    assert len(row.content_digest) == 64
    assert (row.submitted_by, row.decision_date.isoformat()) == (team.lead.id, "2027-06-30")
    with pytest.raises(NotAllowed):
        team.save(A1="Too late.")


def test_an_incomplete_form_is_refused_naming_every_blank(team):
    team.save(**{key: value for key, value in SHORT.items() if key not in {"A4", "B9"}})
    with pytest.raises(Invalid) as refused:
        team.submit()
    assert {problem.field for problem in refused.value.problems} == {"A4", "B9"}
    assert team.draft.status is Status.DRAFT


def test_sending_twice_with_one_token_gives_the_first_result(team):
    team.save(**SHORT)
    first = team.submit("one click")
    assert team.submit("one click").id == first.id
    with pytest.raises(NotAllowed):
        team.submit("another click")


def test_a_save_after_the_check_page_was_opened_is_told_before_sending(team):
    team.save(**SHORT)
    seen = team.draft.version
    team.save(team.member, A1="Ben changed this.")
    with pytest.raises(Conflict):
        team.submit(version=seen)


def test_a_member_may_not_send(team):
    team.save(**SHORT)
    with pytest.raises(NotAllowed):
        services.submit(
            team.session, actor=team.member, now=NOW, screening=team.draft, token="member"
        )


def test_a_hidden_answer_changes_neither_outcome_nor_digest(team):
    team.save(**SHORT)
    bare = services.content_digest_of(team.session, team.draft, "")
    team.save(A5_urgent="Hidden while the decision is still open.")
    assert services.content_digest_of(team.session, team.draft, "") == bare


def test_each_open_point_becomes_an_action_due_before_the_decision(team):
    gap = {"gap": "Who drives?", "how": "Ask", "owner": "Sam", "due": "2027-01-31"}
    team.save(**{**SHORT, "G1": "unsure", "G1_why": "We never did this before.", "F2": [gap]})
    team.submit()
    found = {
        row.cause: (row.owner, row.due.isoformat())
        for row in team.session.query(EvidenceActionRow).filter_by(screening_id=team.draft.id)
    }
    assert found == {"rule:R29": ("", "2027-06-29"), "gap:0": ("Sam", "2027-01-31")}


def test_withdrawing_needs_a_reason_and_keeps_it(team):
    with pytest.raises(Invalid):
        services.withdraw(
            team.session, actor=team.lead, now=NOW, screening=team.draft, reason=" \n"
        )
    services.withdraw(
        team.session, actor=team.lead, now=NOW, screening=team.draft, reason="Not planned now."
    )
    assert (team.draft.status, team.draft.withdrawn_reason) == ("withdrawn", "Not planned now.")


def test_the_first_save_after_a_return_makes_it_a_draft_again(team):
    team.save(**SHORT)
    team.submit()
    lead = team.session.get_one(ScreeningRow, team.draft.id)
    move(team.session, screening=lead, to=Status.RETURNED, actor=team.lead)
    team.save(A1="Better words, as the reviewer asked.")
    assert team.draft.status is Status.DRAFT
    team.submit("second time")
    assert team.draft.status is Status.SUBMITTED


def test_a_returned_screening_may_be_sent_again_unchanged_once_a_section_is_confirmed(team):
    team.save(**SHORT)
    team.submit()
    move(team.session, screening=team.draft, to=Status.RETURNED, actor=team.lead)
    services.complete_section(
        team.session,
        actor=team.lead,
        now=NOW,
        screening=team.draft,
        section="about",
        completed=True,
    )
    assert team.draft.status is Status.DRAFT
    team.submit("second time")


def test_what_an_answer_still_lacks_is_said(team):
    list_row = {"gap": "Who drives?"}
    team.save(**{**SHORT, "B9": "Because.", "F2": [list_row]})
    with pytest.raises(Invalid) as refused:
        team.submit()
    said = {problem.field: problem.message for problem in refused.value.problems}
    assert said["B9"] == "Write at least 20 characters"


def test_text_that_cannot_be_read_stops_the_sending_only_where_it_is_asked(team):
    raw = {"day": "31", "month": "2", "year": "2027"}
    for question, section in (("G3", "after"), ("A6_date", "about")):
        edit = Edit(section, 99, {(question, ""): Typed(None, raw)})
        services.save(team.session, actor=team.lead, now=NOW, screening=team.draft, edit=edit)
    team.save(**SHORT)
    team.submit()
    assert team.draft.status is Status.SUBMITTED
