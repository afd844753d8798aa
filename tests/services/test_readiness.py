"""Answers to the readiness checklist are kept, never changed; live items take none."""

from datetime import date

import pytest
from sqlalchemy import select

from eqia.domain.coverage import items
from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from eqia.domain.plans import End, Move, PlanStatus
from eqia.domain.readiness import Given
from eqia.persistence.queries import readiness as queries
from eqia.persistence.tables import (
    EventRow,
    FollowUpRow,
    OrganisationRow,
    ReadinessAnswerRow,
    ReadinessDeedRow,
    ReadinessRow,
)
from eqia.services import plan_actions, plan_moves, readiness, readiness_deeds
from eqia.services.readiness import Confirmed, Entry
from eqia.services.readiness_deeds import Told
from tests.domain.forms import health_form
from tests.plan_builders import make_action, make_reading, make_version
from tests.readiness_builders import LAST_ITEM
from tests.review_world import CONDITIONS, MEASURES
from tests.services.test_plans import by, define, gathered, opened, signed_world

PLAIN = Given(answer="yes", note="The north team wants it.")
YES = Given(answer="yes", note="Twelve patients helped.", for_whom="Older people.")


def save(world, plan, gate, given, *, seen=0, confirmed=None, actor=None):
    entry = Entry(gate, seen, given, confirmed)
    return readiness.save(world.session, **by(world, actor), plan=plan, entry=entry)


def kept(world, plan):
    return queries.kept(world.session, plan, world.at.date())


def sheet(world, plan):
    return readiness.sheet(world.session, plan, kept(world, plan), world.at.date())


def answers(world):
    return world.session.scalars(
        select(ReadinessAnswerRow).order_by(ReadinessAnswerRow.part, ReadinessAnswerRow.number)
    ).all()


def logged(world):
    return world.session.scalars(
        select(EventRow).where(EventRow.action.like("readiness.%")).order_by(EventRow.seq)
    ).all()


def test_every_answer_is_kept_with_who_and_when_and_the_newest_stands(world):
    plan = opened(world)
    assert save(world, plan, "priority", {"1.3": YES, "1.1": Given()}) == 1
    world.later(days=1)
    later = Given(answer="partly", note="Nobody under 25 yet.")
    assert save(world, plan, "priority", {"1.3": later}, seen=1) == 1
    first, second = answers(world)
    assert [(row.part, row.number, row.answer) for row in (first, second)] == [
        ("1.3", 1, "yes"),
        ("1.3", 2, "partly"),
    ]
    assert (first.note, first.for_whom, first.created_by) == (
        "Twelve patients helped.",
        "Older people.",
        world.lead.id,
    )
    assert second.created_at > first.created_at
    assert kept(world, plan).answers["1.3"] == later
    history = queries.history(world.session, kept(world, plan).row, "1.3")
    assert [row.answer for row in history] == ["partly", "yes"]


def test_it_notes_which_version_of_the_list_it_answers(world):
    plan = opened(world)
    assert kept(world, plan).row is None
    save(world, plan, "sponsor", {"2.1": PLAIN})
    row = world.session.scalars(select(ReadinessRow)).one()
    listed = kept(world, plan).checklist
    assert (row.plan_id, row.list_id, row.list_version, row.list_digest) == (
        plan.id,
        listed.id,
        1,
        listed.digest,
    )


def test_one_event_tells_what_was_answered_without_its_words(world):
    plan = opened(world)
    save(world, plan, "priority", {"1.1": Given(answer="yes", note="Secret words."), "1.3": YES})
    (event,) = logged(world)
    assert event.action == "readiness.answered"
    assert event.payload["answers"] == {"1.1": "yes", "1.3": "yes"}
    assert "Secret words." not in str(event.payload)
    assert event.entity_id == plan.id


def test_the_same_answer_twice_is_kept_once(world):
    plan = opened(world)
    assert save(world, plan, "priority", {"1.3": YES}) == 1
    assert save(world, plan, "priority", {"1.3": YES}) == 0
    assert (len(answers(world)), len(logged(world))) == (1, 1)


def test_what_somebody_else_answered_meanwhile_is_not_overwritten(world):
    plan = opened(world)
    save(world, plan, "priority", {"1.1": Given(answer="yes")})
    with pytest.raises(Conflict):
        save(world, plan, "priority", {"1.1": Given(answer="not_yet")}, seen=0)
    assert kept(world, plan).answers["1.1"].answer == "yes"
    # Another gate is another form.
    assert save(world, plan, "sponsor", {"2.1": PLAIN}) == 1


@pytest.mark.parametrize(
    ("gate", "part"), [("priority", "1.4"), ("plan", "3.1.4"), ("plan", "3.2.3")]
)
@pytest.mark.parametrize("answer", ["yes", "na", ""])
def test_what_live_data_answer_takes_no_answer(world, gate, part, answer):
    plan = opened(world)
    with pytest.raises(Invalid) as refused:
        save(world, plan, gate, {part: Given(answer=answer)})
    assert refused.value.code == "read_only"
    assert (answers(world), logged(world)) == ([], [])


def test_the_team_answers_32_3_when_the_screening_asks_for_nothing(session):
    world = signed_world(session, **health_form())
    plan = opened(world)
    assert sheet(world, plan).derived["3.2.3"].by_hand
    assert save(world, plan, "plan", {"3.2.3": PLAIN}) == 1
    assert sheet(world, plan).shut == ()


@pytest.mark.parametrize(
    ("part", "given", "field"),
    [
        ("1.1", Given(answer="maybe"), "1-1-answer"),
        ("1.1", Given(link="javascript:alert(1)"), "1-1-link"),
        ("1.1", Given(link="https://example.org/" + "x" * 2000), "1-1-link"),
        ("1.1", Given(owner="x" * 201), "1-1-owner"),
        ("1.1", Given(note="x" * 20_001), "1-1-note"),
        ("1.1", Given(note="a\ud800b"), "1-1-note"),
        ("1.1", Given(for_whom="Older people"), "1-1-note"),
    ],
)
def test_bad_words_are_refused_naming_the_box(world, part, given, field):
    plan = opened(world)
    with pytest.raises(Invalid) as refused:
        save(world, plan, "priority", {part: given})
    assert [one.field for one in refused.value.problems] == [field]


def test_every_problem_is_named_not_just_the_first(world):
    plan = opened(world)
    bad = {"1.1": Given(owner="x" * 201), "1.2": Given(link="ftp://example.org")}
    with pytest.raises(Invalid) as refused:
        save(world, plan, "priority", bad)
    assert [one.field for one in refused.value.problems] == ["1-1-owner", "1-2-link"]


@pytest.mark.parametrize(("gate", "part"), [("priority", "2.1"), ("priority", "9.9"), ("x", "1.1")])
def test_an_item_of_another_gate_is_no_item_of_this_one(world, gate, part):
    plan = opened(world)
    with pytest.raises(NotFound):
        save(world, plan, gate, {part: PLAIN})


def test_only_the_team_answers_and_a_closed_plan_stands_still(world):
    plan = opened(world)
    with pytest.raises(NotAllowed):
        save(world, plan, "priority", {"1.1": PLAIN}, actor=world.reviewer)
    plan.status = "closed"
    world.session.commit()
    with pytest.raises(NotAllowed) as refused:
        save(world, plan, "priority", {"1.1": Given(answer="yes")})
    assert refused.value.code == "frozen"


# Suggestions


def test_a_suggestion_counts_once_a_person_confirms_it(world):
    plan = opened(world)
    assert sheet(world, plan).suggestions["1.3"].answer == "yes"
    assert sheet(world, plan).given.get("1.3") is None
    note = {"1.3": Given(note="Twelve patients.")}
    save(world, plan, "priority", note, confirmed=Confirmed("1.3", "yes"))
    (row,) = answers(world)
    assert (row.answer, row.note, row.created_by) == ("yes", "Twelve patients.", world.lead.id)
    assert row.suggested.startswith("The screening says “Done” to F1")
    (event,) = logged(world)
    assert event.payload["confirmed"] == ["1.3"]


def test_a_suggestion_that_moved_on_is_not_confirmed(world):
    plan = opened(world)
    found = sheet(world, plan).suggestions["3.1.3"]
    assert found.answer == "not_yet"
    with pytest.raises(Conflict):
        save(world, plan, "plan", {"3.1.3": Given()}, confirmed=Confirmed("3.1.3", "yes"))
    assert answers(world) == []


@pytest.mark.parametrize("part", ["1.1", "1.4", "3.2.3", "9.9"])
def test_nothing_is_confirmed_that_nothing_suggests(world, part):
    plan = opened(world)
    with pytest.raises(Conflict):
        save(world, plan, "priority", {"1.1": Given()}, confirmed=Confirmed(part, "yes"))


# What rules ask for


def told(world, plan, rule, deed, **more):
    readiness_deeds.tell(world.session, **by(world), plan=plan, rule=rule, told=deed, **more)


def test_a_dated_reply_answers_the_rule_on_worries(session):
    world = signed_world(session, **health_form(**CONDITIONS))
    plan = opened(world)
    assert sheet(world, plan).derived["3.2.3"].answer == "not_yet"
    told(world, plan, "R15", Told(world.at.date(), "We wrote to the carers' forum."))
    found = sheet(world, plan).derived["3.2.3"]
    assert found.answer == "yes"
    assert "We wrote to the carers' forum." in found.lines[0]
    (row,) = world.session.scalars(select(ReadinessDeedRow))
    assert (row.rule, row.kind, row.created_by) == ("R15", "reply", world.lead.id)
    assert [one.action for one in logged(world)] == ["readiness.told"]


def test_a_form_sent_twice_counts_once(session):
    world = signed_world(session, **health_form(**CONDITIONS))
    plan = opened(world)
    for _ in range(2):
        told(world, plan, "R15", Told(world.at.date(), "We wrote."), token="a-token")
    assert len(world.session.scalars(select(ReadinessDeedRow)).all()) == 1


def test_an_action_that_is_done_answers_the_rule_on_involvement(session):
    world = signed_world(session, **health_form(F1="none", F1_why="No time yet.", G2=MEASURES))
    plan = opened(world)
    action = make_action(world.session, plan=plan, title="Ask a panel", kind="other")
    deed = Told(None, "A panel of twelve.", action.id)
    with pytest.raises(Invalid) as refused:
        told(world, plan, "R27", deed)
    assert [one.field for one in refused.value.problems] == ["action"]
    end = End("done", world.at.date(), "They chose the evening slot.")
    plan_actions.finish_action(
        world.session, **by(world), plan=plan, row=action, version=action.version, end=end
    )
    told(world, plan, "R27", deed)
    assert sheet(world, plan).derived["3.2.3"].answer == "yes"
    assert sheet(world, plan).to_tell[0][1]


@pytest.mark.parametrize(
    ("rule", "deed", "error", "field"),
    [
        ("R15", Told(None, "We wrote."), Invalid, "on"),
        ("R15", Told(date(2099, 1, 1), "We wrote."), Invalid, "on"),
        ("R15", Told(date(2026, 11, 1), " "), Invalid, "words"),
        ("R27", Told(date(2026, 11, 1), "We wrote."), NotFound, ""),
        ("X99", Told(date(2026, 11, 1), "We wrote."), NotFound, ""),
    ],
)
def test_a_reply_has_its_day_and_its_words_and_answers_a_rule_that_asks(
    session, rule, deed, error, field
):
    world = signed_world(session, **health_form(**CONDITIONS))
    plan = opened(world)
    with pytest.raises(error) as refused:
        told(world, plan, rule, deed)
    if field:
        assert [one.field for one in refused.value.problems] == [field]
    assert world.session.scalars(select(ReadinessDeedRow)).all() == []


def test_a_review_since_the_signature_answers_the_rule_on_the_stage(session):
    world = signed_world(
        session, **health_form(A5="started", A5_urgent="It could not wait.", G2=MEASURES)
    )
    plan = opened(world)
    signed = world.screening.signed_at.date()

    def hold(day):
        row = {"kind": "review", "on_date": day, "logged_by": world.lead.id, "at": world.at}
        world.session.add(FollowUpRow(screening_id=world.screening.id, **row))
        world.session.commit()
        return sheet(world, plan).derived["3.2.3"].answer

    assert sheet(world, plan).derived["3.2.3"].answer == "not_yet"
    assert hold(date(2026, 1, 1)) == "not_yet"
    assert hold(signed) == "yes"


def test_a_reading_of_a_group_answers_the_rule_on_its_fix(world):
    plan = opened(world)
    define(world, plan)
    measure = gathered(world, plan).measures[0]
    version = gathered(world, plan).versions[0]
    facts = queries.facts_of(world.session, plan, kept(world, plan).checklist, world.at.date())
    assert facts.read_by == {}
    early = {"plan": plan, "version": version, "member": "65_and_over"}
    make_reading(world.session, **early, state="provisional")
    make_reading(
        world.session,
        **{**early, "member": ""},
        period_start=date(2026, 1, 1),
        period_end=date(2026, 3, 31),
    )
    assert "0 of 1" in sheet(world, plan).derived["3.2.3"].words
    make_reading(
        world.session, **early, period_start=date(2026, 1, 1), period_end=date(2026, 3, 31)
    )
    found = sheet(world, plan).derived["3.2.3"]
    assert "1 of 1" in found.words
    # Its baseline is still missing, so that it is not wholly there.
    assert (found.answer, any("set the baseline" in line for line in found.lines)) == (
        "partly",
        True,
    )
    # Another definition starts another series, without a reading of its own.
    make_version(world.session, plan=plan, measure=measure, number=2)
    assert "0 of 1" in sheet(world, plan).derived["3.2.3"].words


# The equality gate


def enforce(session, *, on=True):
    row = session.scalar(select(OrganisationRow)) or OrganisationRow(name="Northmere Health")
    row.enforce_equality_gate = on
    session.add(row)
    session.commit()


def test_the_gate_warns_and_stops_nothing(world):
    plan = opened(world)
    assert sheet(world, plan).shut == (f"{LAST_ITEM} Not yet",)
    assert save(world, plan, "spread", {"5.2": Given(answer="yes")}) == 1


def test_an_organisation_may_let_spread_wait_for_the_equality_items(world):
    plan = opened(world)
    enforce(world.session)
    with pytest.raises(NotAllowed) as refused:
        save(world, plan, "spread", {"5.2": Given(answer="yes")})
    assert f"{LAST_ITEM} Not yet" in refused.value.message
    assert save(world, plan, "resources", {"4.1": Given(answer="yes")}) == 1


def test_an_organisation_may_let_closing_wait_too(session):
    world = signed_world(session, **health_form(**CONDITIONS))
    plan = opened(world)
    assert not [one for one in items_of(world, plan) if one.level == "blocks"]

    def close():
        move = Move(PlanStatus.CLOSED, "All is done.")
        plan_moves.move_plan(world.session, **by(world), plan=plan, version=plan.version, move=move)

    enforce(session)
    with pytest.raises(NotAllowed) as refused:
        close()
    assert f"{LAST_ITEM} Not yet" in refused.value.message
    told(world, plan, "R15", Told(world.at.date(), "We wrote."))
    close()
    assert plan.status == "closed"


def items_of(world, plan):
    facts = queries.facts_of(world.session, plan, kept(world, plan).checklist, world.at.date())
    return items(facts.plan)
