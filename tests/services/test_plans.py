"""A plan from a signed screening to a review, and what each act refuses."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from eqia.domain.coverage import items
from eqia.domain.errors import Conflict, Invalid, NotAllowed
from eqia.domain.measures import Baseline, Definition, Routine, Target, members_from
from eqia.domain.periods import Period
from eqia.domain.plans import Action, End, Links, Move, Plan, PlanStatus, Review
from eqia.domain.readings import Figure
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.queries import plans as queries
from eqia.persistence.tables import EventRow, FollowUpRow, PlanRow, ReadingRow
from eqia.services import measures, plan_actions, plan_moves, plans, readings, targets
from tests.builders import NOW
from tests.domain.forms import everywhere
from tests.plan_builders import live_readings
from tests.review_world import fixed, open_world

TODAY = NOW.date()
QUARTERS = [
    Period(date(2026, 1, 1), date(2026, 3, 31)),
    Period(date(2026, 4, 1), date(2026, 6, 30)),
]
THIRD = Period(date(2026, 7, 1), date(2026, 9, 30))
MEMBERS = members_from(["Under 65", "65 and over"])
ROUTINE = Routine(title="Missed visits", frequency="quarter", first_period=date(2026, 1, 1))
#: what is said of a change that starts a new series
OTHER = {"change": "other", "reason": "We count something else."}
SHARE = Definition(
    shape="proportion",
    numerator="Visits missed",
    denominator="Visits booked",
    direction="down",
    characteristic="age",
    members=MEMBERS,
    reference="under_65",
)


def signed_world(session, **form):
    world = open_world(session, form=form or fixed()).submit().confirm().later(hours=1)
    world.read()
    return world.sign()


def by(world, actor=None):
    return {"actor": actor or world.lead, "now": world.at}


def opened(world, **words) -> PlanRow:
    plan = Plan(**{"aim": "Nobody misses more visits.", "change_start": date(2026, 7, 1), **words})
    return plans.open_plan(world.session, **by(world), screening=world.screening, plan=plan)


def gathered(world, plan):
    return queries.gather(world.session, plan)


def rules_of(world, plan):
    rows = gathered(world, plan)
    shown = measure_queries.shown(world.session, rows, world.at.date())
    found = items(measure_queries.picture(rows, shown, world.at.date()))
    return {one.rule: one for one in found}


def define(world, plan, **changed):
    rows = gathered(world, plan)
    given = {
        "routine": ROUTINE,
        "definition": SHARE,
        "actions": tuple(row.id for row in rows.actions),
        **changed,
    }
    measure = rows.measures[0]
    return measures.define(
        world.session,
        **by(world),
        plan=plan,
        defined=measures.Defined(**given, measure_id=measure.id, version=measure.version),
    )


def moved(world, plan, to):
    move = Move(to, "It was agreed in the project board.")
    plan_moves.move_plan(world.session, **by(world), plan=plan, version=plan.version, move=move)


def read(world, plan, measure, period, *figures, **more):
    given = [Figure(member, *parts) for member, *parts in figures]
    return readings.add_readings(
        world.session,
        **by(world, more.pop("actor", None)),
        plan=plan,
        measure_id=measure.id,
        entry=readings.Entry(period, tuple(given), **more),
    )


def test_what_was_found_and_promised_is_in_the_plan_already(world):
    plan = opened(world)
    rows = gathered(world, plan)
    assert [(row.label, row.direction) for row in rows.findings if row.direction != "neutral"] == [
        ("Age", "negative")
    ]
    (action,) = rows.actions
    assert (action.title.splitlines()[0], action.owner, action.due) == (
        "Ring people",
        "Sam",
        date(2027, 1, 31),
    )
    (measure,) = rows.measures
    assert (measure.title, measure.owner) == ("Missed visits", "Sam")
    assert (
        rows.answering[0].reason
        == "The screening says so: it is what will be done about the harm to this group."
    )
    assert [(link.action_id, link.measure_id) for link in rows.showing] == [(action.id, measure.id)]


def test_a_plan_is_opened_once(world):
    assert opened(world).id == opened(world).id
    assert len(world.session.scalars(select(PlanRow)).all()) == 1


def test_a_plan_needs_a_signed_screening_and_its_team(session):
    draft = open_world(session)
    with pytest.raises(NotAllowed):
        opened(draft)
    signed = signed_world(session)
    with pytest.raises(NotAllowed):
        plans.open_plan(
            session,
            **by(signed, signed.reviewer),
            screening=signed.screening,
            plan=Plan(aim="Anything."),
        )


def test_every_act_is_one_event(world):
    plan = opened(world)
    before = len(world.session.scalars(select(EventRow)).all())
    measure = define(world, plan)
    read(world, plan, measure, QUARTERS[0], ("", 30, 200), ("under_65", 10, 100))
    found = world.session.scalars(select(EventRow.action).order_by(EventRow.seq)).all()
    assert found[before:] == ["plan.measure_defined", "plan.readings_added"]


def test_a_seeded_measure_is_not_defined_yet_and_says_what_to_do(world):
    found = rules_of(world, opened(world))
    assert found["C04"].name == "Age"
    assert found["C04"].fix == "Define a measure that counts these groups apart"
    assert "C03" not in found


def test_from_baseline_to_nothing_that_blocks(world):
    plan = opened(world)
    measure = define(world, plan)
    assert "C07" in rules_of(world, plan)
    for period in QUARTERS:
        read(
            world,
            plan,
            measure,
            period,
            ("", 30, 200),
            ("under_65", 10, 100),
            ("65_and_over", 20, 100),
        )
    days = {"from_date": date(2026, 1, 1), "to_date": date(2026, 6, 30)}
    measures.set_baseline(
        world.session,
        **by(world),
        plan=plan,
        measure_id=measure.id,
        baseline=Baseline(**days, state="agreed"),
    )
    target = Target("65_and_over", "level", Decimal(10), date(2026, 7, 1), date(2027, 6, 30))
    targets.set_target(world.session, **by(world), plan=plan, measure_id=measure.id, target=target)
    found = rules_of(world, plan)
    # What was due before the measure was made is not overdue.
    assert found == {}


def test_the_same_readings_twice_change_nothing_and_another_one_corrects(world):
    plan = opened(world)
    measure = define(world, plan)
    assert read(world, plan, measure, QUARTERS[0], ("", 30, 200)) == 1
    assert read(world, plan, measure, QUARTERS[0], ("", 30, 200)) == 0
    with pytest.raises(Invalid, match="Say why the figures are corrected"):
        read(world, plan, measure, QUARTERS[0], ("", 31, 200))
    why = "A clinic sent its list late."
    assert read(world, plan, measure, QUARTERS[0], ("", 31, 200), why=why) == 1
    rows = world.session.scalars(select(ReadingRow).order_by(ReadingRow.numerator)).all()
    told = [(row.numerator, row.supersedes, row.why) for row in rows]
    assert told == [(30, None, ""), (31, rows[0].id, why)]
    assert [row.numerator for row in live_readings(world.session, plan)] == [31]


def test_an_early_figure_is_confirmed_without_a_reason(world):
    plan = opened(world)
    measure = define(world, plan)
    now = Period(date(2026, 10, 1), date(2026, 12, 31))
    read(world, plan, measure, now, ("", 1, 2))
    world.later(days=60)
    assert read(world, plan, measure, now, ("", 3, 4)) == 1
    assert [row.why for row in live_readings(world.session, plan)] == [""]


def test_figures_that_do_not_add_up_are_asked_about_and_then_taken_as_they_are(world):
    plan = opened(world)
    measure = define(world, plan)
    given = [("", 12, 120), ("under_65", 5, 60), ("65_and_over", 7, 58)]
    with pytest.raises(Invalid) as asked:
        read(world, plan, measure, QUARTERS[0], *given)
    assert asked.value.code == readings.ASKS
    assert "Out of: the groups add up to 118, Everybody is 120." in str(asked.value)
    other = readings.Entry(QUARTERS[0], (Figure("", 12, 121),)).mark
    with pytest.raises(Invalid):
        read(world, plan, measure, QUARTERS[0], *given, agreed=other)
    mark = readings.Entry(QUARTERS[0], tuple(Figure(*one) for one in given)).mark
    assert read(world, plan, measure, QUARTERS[0], *given, agreed=mark) == 3


def test_a_group_larger_than_everybody_is_refused_however_often_it_is_sent(world):
    plan = opened(world)
    measure = define(world, plan)
    given = [("", 12, 120), ("under_65", 13, 60), ("65_and_over", 7, 130)]
    mark = readings.Entry(QUARTERS[0], tuple(Figure(*one) for one in given)).mark
    with pytest.raises(Invalid) as refused:
        read(world, plan, measure, QUARTERS[0], *given, agreed=mark)
    told = {one.field: one.message for one in refused.value.problems}
    when, part = "Q4 of 2025/26", "A group is a part of Everybody, so one of the two is"
    assert told == {
        "figure.under_65": f"Under 65, {when}: 13 counted is more than the 12 of Everybody."
        f" {part} wrong",
        "of.65_and_over": f"65 and over, {when}: out of 130 is more than the 120 of Everybody."
        f" {part} wrong",
    }
    assert live_readings(world.session, plan) == []
    # What is there already counts as much as what is typed now.
    read(world, plan, measure, QUARTERS[0], ("", 12, 120))
    with pytest.raises(Invalid, match="13 counted is more than the 12"):
        read(world, plan, measure, QUARTERS[0], ("under_65", 13, 60))
    read(world, plan, measure, QUARTERS[0], ("under_65", 12, 60))
    with pytest.raises(Invalid, match="12 counted is more than the 11"):
        read(world, plan, measure, QUARTERS[0], ("", 11, 120), why="Counted again.")


def test_two_people_who_enter_one_period_are_told(world):
    plan = opened(world)
    measure = define(world, plan)
    seen = readings.mark_of({})
    read(world, plan, measure, QUARTERS[0], ("", 30, 200), seen=seen)
    with pytest.raises(Conflict):
        read(world, plan, measure, QUARTERS[0], ("", 32, 200), seen=seen)


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (
            ("", 201, 200),
            "Everybody, Q4 of 2025/26: the number counted cannot be above the number they are",
        ),
        (("65_and_over", 3, None), "65 and over, Q4 of 2025/26: enter out of how many"),
        (("", None, 3), "Everybody, Q4 of 2025/26: enter how many were counted"),
        (("", 0, 0), "out of how many must be 1 or more"),
        (("elsewhere", 1, 2), "Choose a group of this measure"),
        (("", None, None), "Enter at least one figure"),
    ],
)
def test_an_impossible_reading_is_refused(world, figure, words):
    plan = opened(world)
    measure = define(world, plan)
    with pytest.raises(Invalid) as refused:
        read(world, plan, measure, QUARTERS[0], figure)
    assert words in str(refused.value)
    assert live_readings(world.session, plan) == []


def test_a_period_of_another_length_or_to_come_is_refused(world):
    plan = opened(world)
    measure = define(world, plan)
    for period in (
        Period(date(2026, 1, 1), date(2026, 1, 31)),
        Period(date(2027, 1, 1), date(2027, 3, 31)),
    ):
        with pytest.raises(Invalid):
            read(world, plan, measure, period, ("", 1, 2))


def test_a_reading_before_its_period_ends_is_provisional(world):
    plan = opened(world)
    measure = define(world, plan)
    read(world, plan, measure, Period(date(2026, 10, 1), date(2026, 12, 31)), ("", 1, 2))
    assert live_readings(world.session, plan)[0].state == "provisional"


def test_another_definition_starts_a_new_series(world):
    plan = opened(world)
    measure = define(world, plan)
    read(world, plan, measure, QUARTERS[0], ("", 30, 200))
    define(world, plan)
    assert len(gathered(world, plan).versions) == 1
    other = Definition(shape="count", numerator="Calls", direction="down")
    define(world, plan, definition=other, **OTHER)
    rows = gathered(world, plan)
    assert [row.number for row in rows.versions] == [1, 2]
    (shown,) = measure_queries.shown(world.session, rows, TODAY)
    assert shown.view.standing.figures == ()


def test_read_more_often_it_goes_on_as_a_new_series_on_the_day_after_the_last_reading(world):
    plan = opened(world)
    measure = define(world, plan)
    read(world, plan, measure, QUARTERS[0], ("", 30, 200))
    monthly = Routine(title="Missed visits", frequency="month", first_period=date(2026, 1, 1))
    with pytest.raises(Invalid) as refused:
        define(world, plan, routine=monthly)
    assert [one.field for one in refused.value.problems] == ["first_period"]
    world.session.expire_all()
    assert gathered(world, plan).measures[0].frequency == "quarter"
    define(world, plan, routine=replace(monthly, first_period=date(2026, 4, 1)), **OTHER)
    rows = gathered(world, plan)
    assert [row.number for row in rows.versions] == [1, 2]
    (shown,) = measure_queries.shown(world.session, rows, TODAY)
    first = measure_queries.schedule_of(shown.row).period(0)
    assert (first.start.month, first.end.month) == (4, 4)
    # Those due before it was made are not asked for.
    assert [one.period.start.month for one in shown.view.due] == [11]


def test_an_action_is_added_changed_and_finished(world):
    plan = opened(world)
    (age,) = [row for row in gathered(world, plan).findings if row.direction == "negative"]
    words = {"title": "Open on Saturdays", "kind": "enhancement"}
    with pytest.raises(Invalid) as refused:
        plan_actions.add_action(
            world.session, **by(world), plan=plan, action=Action(**words), links=Links((age.id,))
        )
    assert [one.field for one in refused.value.problems] == ["reason"]
    row = plan_actions.add_action(
        world.session,
        **by(world),
        plan=plan,
        action=Action(**words),
        links=Links((age.id,), "People who work can come."),
    )
    assert rules_of(world, plan)["C02"].text == "This action has no owner and no date."
    change = Action(**words, owner="Ada", due=date(2027, 2, 1))
    plan_actions.change_action(
        world.session, **by(world), plan=plan, row=row, version=1, action=change
    )
    with pytest.raises(Conflict):
        plan_actions.change_action(
            world.session, **by(world), plan=plan, row=row, version=1, action=change
        )
    plan_actions.finish_action(
        world.session,
        **by(world),
        plan=plan,
        row=row,
        version=2,
        end=End("done", TODAY, "It is open."),
    )
    assert row.status == "done"


def test_signed_reasons_clear_what_they_answer(world):
    plan = opened(world)
    rows = gathered(world, plan)
    plan_actions.cannot_measure(
        world.session,
        **by(world),
        plan=plan,
        row=rows.actions[0],
        reason="Nobody records it; we ask ten people instead.",
    )
    assert not {"C03", "C04", "C07", "C10"} & set(rules_of(world, plan))
    (age,) = [row for row in rows.findings if row.direction == "negative"]
    plans.no_action(world.session, **by(world), plan=plan, row=age, reason="The harm is gone.")
    assert not {"C01", "C03", "C04"} & set(rules_of(world, plan))


def test_a_review_is_kept_with_what_was_open_and_told_to_the_screening(world):
    plan = opened(world)
    review = Review(
        held_on=TODAY,
        decision="rescreen",
        notes="Older people miss more.",
        attendees="Ada, Sam",
        rescreen_by="Ada",
        rescreen_due=TODAY,
    )
    row = plans.hold_review(world.session, **by(world, world.reviewer), plan=plan, review=review)
    assert "0 of 1" in row.snapshot["coverage"]
    assert "C04" in {one["rule"] for one in row.snapshot["items"]}
    (told,) = world.session.scalars(select(FollowUpRow)).all()
    assert (told.kind, told.screening_id) == ("review", world.screening.id)


def test_a_review_that_goes_on_says_when_the_next_one_is(world):
    review = Review(held_on=TODAY, decision="continue", notes="All is well.")
    with pytest.raises(Invalid) as refused:
        plans.hold_review(world.session, **by(world), plan=opened(world), review=review)
    assert [one.field for one in refused.value.problems] == ["next_review"]


def test_a_plan_with_something_missing_is_not_closed_and_a_closed_one_stands_still(world):
    plan = opened(world)
    with pytest.raises(NotAllowed):
        moved(world, plan, PlanStatus.CLOSED)
    plan_actions.cannot_measure(
        world.session,
        **by(world),
        plan=plan,
        row=gathered(world, plan).actions[0],
        reason="Nobody records it.",
    )
    moved(world, plan, PlanStatus.CLOSED)
    with pytest.raises(NotAllowed):
        define(world, plan)
    moved(world, plan, PlanStatus.OPEN)
    define(world, plan)


def test_a_pause_is_kept_with_its_days(world):
    plan = opened(world)
    for to in (PlanStatus.PAUSED, PlanStatus.OPEN):
        moved(world, plan, to)
    assert plan.pauses == [[TODAY.isoformat(), TODAY.isoformat()]]


def test_a_new_signed_version_is_taken_over_with_its_links(world):
    plan = opened(world)
    old = world.screening
    world.new_version().submit().confirm().later(hours=1).read()
    world.sign()
    assert rules_of(world, plan)["C19"].text == "Version 2 of the screening was signed since."
    plans.take_over(world.session, **by(world), plan=plan)
    rows = gathered(world, plan)
    assert plan.screening_id == world.screening.id != old.id
    assert "C19" not in rules_of(world, plan)
    assert "C01" not in rules_of(world, plan)
    assert (len(rows.actions), len(rows.measures)) == (1, 1)


def test_what_is_not_known_is_found_out_by_an_action_with_a_date(session):
    unknown = everywhere(("pc", "local"), "none", age="dk")
    gap = [{"gap": "Who stays away", "how": "Ask", "owner": "Sam", "due": "2027-01-31"}]
    form = {**fixed(), "C1": unknown, "C4": {}, "F2": gap}
    world = open_world(session, form=form)
    rows = gathered(world, _signed_plan(world))
    assert [(row.kind, row.cause) for row in rows.actions] == [("data_gap", "F2:0")]
    assert not {"C01", "C16", "C04"} & set(rules_of(world, rows.plan))


def _signed_plan(world):
    world.submit()
    world.raise_outcome()
    world.later(hours=1).read()
    world.sign()
    return opened(world)
