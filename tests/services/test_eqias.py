"""The full EqIA after a screening, what is logged, what is found out, and what flags follow."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from eqia.domain.days import add_months
from eqia.domain.eqias import FollowUpKind
from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from eqia.domain.flags import FlagKind, flags_of
from eqia.domain.people import Role
from eqia.persistence.queries import events
from eqia.persistence.queries import organisations as organisation_queries
from eqia.persistence.queries import reviews as queries
from eqia.persistence.queries.flags import facts_of
from eqia.persistence.queries.projects import facts_of as project_facts
from eqia.services import eqias, organisations, projects
from eqia.services import flags as flag_services
from eqia.services.eqias import FollowUp, Kept
from tests.review_world import FULL, MEASURES, MORE, open_world

pytestmark = pytest.mark.usefixtures("database_session")
KEPT = Kept("EQIA-7", "https://example.org/eqia", "started")


@pytest.fixture
def world(database_session):
    return open_world(database_session, form=FULL).submit().confirm()


def kept(world, actor=None, what=KEPT):
    return eqias.update(world.session, **world.by(actor or world.lead), kept=what)


def approve(world, actor=None):
    return eqias.approve(world.session, **world.by(actor or world.approver))


def state(world, actor=None, **changed):
    given = {
        "stated_date": world.at.date() - timedelta(days=10),
        "document": "Board minutes, item 4",
        "reason": "Nobody had an account yet.",
        **changed,
    }
    return eqias.state_date(world.session, **world.by(actor or world.lead), **given)


def accept(world, actor=None, version=None):
    row = eqias.queries.of_screening(world.session, world.screening)
    given = {"version": version if version is not None else row.version}
    return eqias.accept_stated_date(world.session, **world.by(actor or world.second), **given)


def log(world, kind, actor=None, **given):
    given = {"on_date": world.at.date(), **given}
    return eqias.log_follow_up(
        world.session, **world.by(actor or world.lead), follow_up=FollowUp(kind, **given)
    )


def decide(world, on_date, **given):
    return log(world, FollowUpKind.DECISION, on_date=on_date, body="The board", **given)


def since(world, kind):
    world.session.refresh(world.screening)
    return getattr(world.screening, f"{kind.value}_from")


# The EqIA


def test_the_team_says_where_the_eqia_is(world):
    row = kept(world)
    assert (row.reference, row.status, row.started_at) == ("EQIA-7", "started", world.at)
    assert events.timeline(world.session, world.screening)[-1].action == "eqia.changed"


def test_only_an_approver_marks_it_approved(world):
    kept(world)
    for person in (world.lead, world.reviewer, world.person("Aud", Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            approve(world, person)
    with pytest.raises(NotAllowed) as refusal:
        approve(world, world.author_with_every_role)
    assert refusal.value.code == "author"
    assert approve(world).approved_at == world.at


def test_nobody_says_approved_by_the_details_form(world):
    with pytest.raises(Invalid):
        kept(world, what=replace(KEPT, status="approved"))


def test_what_is_not_there_cannot_be_approved(world):
    with pytest.raises(Invalid):
        approve(world)


def test_an_approved_eqia_stands(world):
    kept(world)
    approve(world)
    with pytest.raises(NotAllowed):
        kept(world)
    assert approve(world.later(days=1)).approved_at < world.at


def test_two_people_on_the_details_form_are_told(world):
    first = kept(world)
    version = first.version
    kept(world, what=replace(KEPT, reference="EQIA-8", version=version))
    with pytest.raises(Conflict):
        kept(world, what=replace(KEPT, reference="EQIA-9", version=version))


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://example.org", "minutes"])
def test_a_link_is_a_web_address(world, link):
    with pytest.raises(Invalid):
        kept(world, what=replace(KEPT, link=link))


def test_an_outcome_without_an_eqia_has_none(database_session):
    world = open_world(database_session).submit().confirm()
    with pytest.raises(NotAllowed, match="did not come to a full EqIA"):
        kept(world)


# An earlier date


def test_an_earlier_date_counts_only_once_a_reviewer_accepts_it(world):
    kept(world)
    world.at = world.at.replace(year=2027, month=3, day=1)
    decide(world, date(2027, 2, 25))
    approve(world)
    assert since(world, FlagKind.DECIDED_WITHOUT) == date(2027, 2, 25)
    state(world)
    assert since(world, FlagKind.DECIDED_WITHOUT) == date(2027, 2, 25)
    accept(world)
    assert since(world, FlagKind.DECIDED_WITHOUT) is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"stated_date": None}, "stated_date"),
        ({"stated_date": date(2026, 11, 24)}, "stated_date"),
        ({"stated_date": date(2030, 1, 1)}, "stated_date"),
        ({"document": " "}, "document"),
        ({"reason": ""}, "reason"),
    ],
)
def test_an_earlier_date_needs_document_and_reason(world, changed, field):
    kept(world)
    approve(world)
    with pytest.raises(Invalid) as refusal:
        state(world, **changed)
    assert [problem.field for problem in refusal.value.problems] == [field]


def test_an_earlier_date_is_stated_only_of_an_approved_eqia(world):
    kept(world)
    with pytest.raises(NotAllowed):
        state(world)


def test_who_stated_the_date_does_not_accept_it(world):
    kept(world)
    approve(world)
    state(world, world.reviewer)
    with pytest.raises(NotAllowed) as refusal:
        accept(world, world.reviewer)
    assert refusal.value.code == "same_person"
    assert accept(world).accepted_by == world.second.id


def test_an_author_does_not_accept_a_date(world):
    kept(world)
    approve(world)
    state(world, world.reviewer)
    with pytest.raises(NotAllowed) as refusal:
        accept(world, world.author_with_every_role)
    assert refusal.value.code == "author"


def test_a_date_stated_anew_meanwhile_is_not_accepted_unseen(world):
    kept(world)
    approve(world)
    version = state(world).version
    state(world, reason="Another reason.")
    with pytest.raises(Conflict):
        accept(world, version=version)


# What is logged


def test_a_logged_decision_is_the_decision_date(world):
    decide(world, date(2026, 11, 20))
    world.session.refresh(world.screening)
    assert world.screening.decision_date == date(2026, 11, 20)
    assert since(world, FlagKind.LATE) == date(2026, 11, 21)
    assert since(world, FlagKind.DECIDED_WITHOUT) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        (FollowUpKind.DECISION, {"body": ""}, "body"),
        (FollowUpKind.DECISION, {"body": "Board", "on_date": None}, "on_date"),
        (FollowUpKind.DECISION, {"body": "Board", "on_date": date(2027, 1, 1)}, "on_date"),
        (FollowUpKind.DECISION, {"body": "Board", "version_read": 9}, "version_read"),
        (FollowUpKind.DECISION, {"body": "Board", "link": "minutes"}, "link"),
        (FollowUpKind.DECISION, {"body": "B" * 201}, "body"),
        (FollowUpKind.REVIEW, {}, "note"),
        (FollowUpKind.TRIGGER, {"note": "A letter", "trigger": "nonsense"}, "trigger"),
        (FollowUpKind.TRIGGER, {"note": "A letter", "trigger": ""}, "trigger"),
    ],
)
def test_what_is_logged_is_whole(world, kind, given, field):
    with pytest.raises(Invalid) as refusal:
        log(world, kind, **given)
    assert [problem.field for problem in refusal.value.problems] == [field]


def test_only_the_lead_or_a_reviewer_logs(world):
    for person in (world.approver, world.person("Bo")):
        with pytest.raises(NotAllowed):
            log(world, FollowUpKind.REVIEW, person, note="Fine.")
    assert log(world, FollowUpKind.REVIEW, world.reviewer, note="Fine.").kind == "review"


def signed(session, **form):
    world = open_world(session, form=form, project={"sites": "Ward 1", "people_a_year": 100})
    world.submit().confirm()
    world.read()
    return world.sign()


def test_a_ticked_trigger_makes_a_signed_one_stale_and_an_unticked_one_does_not(database_session):
    world = signed(database_session, G3_triggers=["complaint"])
    log(world, FollowUpKind.TRIGGER, trigger="outcome_gap", note="Figures differ.")
    assert since(world, FlagKind.STALE) > world.at.date()
    log(world, FollowUpKind.TRIGGER, trigger="complaint", note="A letter.")
    assert since(world, FlagKind.STALE) == world.at.date()


def test_a_review_held_clears_a_passed_review_date(database_session):
    world = signed(database_session, G3="2026-12-31")
    assert since(world, FlagKind.STALE) == date(2027, 1, 1)
    world.at = world.at.replace(year=2027, month=2)
    log(world, FollowUpKind.REVIEW, note="All is well.")
    assert since(world, FlagKind.STALE) == date(2028, 11, 24)


def change_project(world, **changed):
    row = world.project
    world.session.refresh(row)
    project = replace(project_facts(row), **changed)
    projects.update(
        world.session,
        actor=world.lead,
        now=world.at,
        row=row,
        version=row.version,
        project=project,
    )


def test_a_material_change_of_the_project_is_stale_from_that_day_on(database_session):
    world = signed(database_session).later(days=3)
    change_project(world, sites="Ward 2")
    changed = world.at.date()
    assert since(world, FlagKind.STALE) == changed
    change_project(world.later(days=5), title="Another title")
    assert since(world, FlagKind.STALE) == changed
    change_project(world.later(days=5), sites="Ward 1")
    assert since(world, FlagKind.STALE) > world.at.date()


@pytest.mark.parametrize(("people", "stale"), [(125, True), (124, False), (75, True), (49, True)])
def test_a_quarter_more_or_fewer_people_is_material(database_session, people, stale):
    world = signed(database_session).later(days=3)
    change_project(world, people_a_year=people)
    assert (since(world, FlagKind.STALE) <= world.at.date()) is stale


@pytest.mark.parametrize("months", [6, 12, 36])
def test_a_change_of_the_setting_moves_the_day(database_session, months):
    world = signed(database_session, G3="2029-12-31")
    assert since(world, FlagKind.STALE) == date(2028, 11, 24)
    set_stale_after(world, 24)
    set_stale_after(world, months)
    expected = min(add_months(date(2026, 11, 24), months), date(2030, 1, 1))
    assert since(world, FlagKind.STALE) == expected


def set_stale_after(world, months):
    row = organisation_queries.host(world.session)
    organisations.update(
        world.session,
        actor=world.person("Adam Administrator", Role.ADMINISTRATOR),
        now=world.at,
        version=row.version if row else 1,
        details=organisations.Details(name="Northmere Health", stale_months=months),
    )


# What is found out


def actions(world):
    return queries.evidence_actions(world.session, world.screening)


def close(world, action, actor=None, finding="The earlier EqIA covers it."):
    eqias.close_evidence_action(
        world.session, **world.by(actor or world.lead), action_id=action.id, finding=finding
    )


def test_something_found_out_is_no_longer_overdue(database_session):
    world = open_world(database_session, form=MORE).submit()
    (action,) = actions(world)
    assert since(world, FlagKind.INFORMATION_OVERDUE) == action.due + timedelta(days=1)
    close(world, action)
    assert since(world, FlagKind.INFORMATION_OVERDUE) is None
    world.session.refresh(action)
    assert (action.finding, action.done_by) == ("The earlier EqIA covers it.", world.lead.id)


def test_what_was_found_is_said_once(database_session):
    world = open_world(database_session, form=MORE).submit()
    (action,) = actions(world)
    with pytest.raises(Invalid):
        close(world, action, finding="  ")
    close(world, action)
    with pytest.raises(NotAllowed):
        close(world, action, finding="Something else.")


def test_an_action_of_another_screening_is_not_found(database_session):
    world = open_world(database_session, form=MORE).submit()
    other = open_world(database_session, form=MORE).submit()
    with pytest.raises(NotFound):
        close(world, actions(other)[0])


def test_every_stored_day_is_what_a_recomputation_gives(database_session):
    for world in (
        open_world(database_session, form=MORE).submit(),
        open_world(database_session, form=FULL).submit(),
        signed(database_session),
        signed(database_session, A5="approved", A5_urgent="An emergency.", G2=MEASURES),
    ):
        facts = facts_of(world.session, world.screening, world.at.date())
        found = {flag.kind: flag.since for flag in flags_of(facts)}
        stored = {k: getattr(world.screening, c) for k, c in flag_services.COLUMNS.items()}
        assert {k: v for k, v in stored.items() if v} == found
