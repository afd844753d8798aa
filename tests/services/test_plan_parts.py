"""Acts on risks, PDSA cycles and sections of a plan: what they keep, refuse and log."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from eqia.domain.pdsa import Cycle
from eqia.domain.plan_sections import section
from eqia.domain.plans import Plan, PlanStatus
from eqia.domain.risks import Risk
from eqia.persistence.queries import gathered
from eqia.persistence.queries import pdsa as cycle_queries
from eqia.persistence.queries import plan_sections as section_queries
from eqia.persistence.queries import risks as risk_queries
from eqia.persistence.tables import EventRow
from eqia.services import pdsa, plan_sections, plans, risks
from eqia.services.plan_sections import Written
from tests.builders import make_person
from tests.plan_builders import make_action, make_measure, make_plan

RISK = Risk(
    kind="risk",
    cause=" There is one driver. ",
    event="The driver falls ill.",
    effect="Disabled people wait longest.",
    likelihood=3,
    impact=5,
    group="disability",
)
CYCLE = Cycle(
    objective="Ring people the day before.",
    prediction="Fewer miss their visit.",
    start=date(2026, 10, 1),
)
FIT = section("fit")
STAKEHOLDERS = section("stakeholders")


@pytest.fixture
def plan(world):
    aim = Plan(aim="Nobody misses more visits.")
    return plans.open_plan(world.session, **by(world), screening=world.screening, plan=aim)


def by(world, actor=None):
    return {"actor": actor or world.lead, "now": world.at}


def added(world, plan, **changed):
    token = changed.pop("token", "")
    risk = replace(RISK, **changed)
    return risks.add(world.session, **by(world), plan=plan, risk=risk, token=token)


def begun(world, plan, **changed):
    token = changed.pop("token", "")
    cycle = replace(CYCLE, **changed)
    return pdsa.begin(world.session, **by(world), plan=plan, cycle=cycle, token=token)


def written(world, plan, about, token="", **words):
    kept = Written(about, words)
    return plan_sections.write(world.session, **by(world), plan=plan, written=kept, token=token)


def events_of(world):
    return world.session.scalars(select(EventRow.action).order_by(EventRow.seq)).all()


def test_a_risk_is_added_changed_closed_and_opened_again_each_an_event(world, plan):
    before = len(events_of(world))
    row = added(world, plan)
    assert (row.cause, row.group_label) == ("There is one driver.", "Disability")
    about = {"plan": plan, "risk_id": row.id}
    (action,) = gathered.actions(world.session, plan)
    lower = replace(RISK, likelihood=1, group="", owner="Sam", action=action.id)
    risks.change(world.session, **by(world), **about, version=1, risk=lower)
    assert (row.likelihood, row.group_label, row.action_id) == (1, "", action.id)
    risks.close(world.session, **by(world), **about, version=2, why=" It cannot happen now. ")
    assert (row.status, row.closed_why) == ("closed", "It cannot happen now.")
    assert row.closed_on == world.at.date()
    risks.reopen(world.session, **by(world), **about, version=3)
    assert (row.status, row.closed_why, row.version) == ("open", "It cannot happen now.", 4)
    assert events_of(world)[before:] == [
        "plan.risk_added",
        "plan.risk_changed",
        "plan.risk_closed",
        "plan.risk_reopened",
    ]


def test_an_event_tells_the_score_and_hides_the_words(world, plan):
    row = added(world, plan)
    found = world.session.scalars(select(EventRow).order_by(EventRow.seq.desc())).first()
    assert found.payload["likelihood"] == 3
    assert found.payload["risk"] == str(row.id)
    assert "driver" not in str(found.payload)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"group": "shoe_size"}, "group"),
        ({"action": uuid4()}, "action"),
        ({"owner": "x" * 201}, "owner"),
        ({"event": "x" * 20_001}, "event"),
        ({"cause": "\ud800"}, "cause"),
        ({"response": "x" * 20_001}, "response"),
        ({"impact": 7}, "impact"),
    ],
)
def test_a_bad_risk_is_refused_and_nothing_is_kept(world, plan, changed, field):
    with pytest.raises(Invalid) as refused:
        added(world, plan, **changed)
    assert [one.field for one in refused.value.problems] == [field]
    assert risk_queries.of_plan(world.session, plan) == []


def test_a_risk_cannot_name_an_action_of_another_plan(world, plan):
    foreign = make_action(world.session, plan=make_plan(world.session))
    with pytest.raises(Invalid):
        added(world, plan, action=foreign.id)


def test_a_group_that_a_newer_question_set_lacks_is_kept(world, plan):
    row = added(world, plan)
    row_id, row.group_id, row.group_label = row.id, "org-old", "People who work at sea"
    world.session.commit()
    kept = replace(RISK, group="org-old", likelihood=5)
    risks.change(world.session, **by(world), plan=plan, risk_id=row_id, version=1, risk=kept)
    assert (row.group_id, row.group_label) == ("org-old", "People who work at sea")


@pytest.mark.parametrize("act", ["change", "close", "reopen"])
def test_a_stale_risk_or_one_of_another_plan_is_refused(world, plan, act):
    more = {"change": {"risk": RISK}, "close": {"why": "Over."}, "reopen": {}}[act]
    do, row = getattr(risks, act), added(world, plan)
    about = {"plan": plan, "risk_id": row.id}
    risks.change(world.session, **by(world), **about, version=1, risk=RISK)
    with pytest.raises(Conflict):
        do(world.session, **by(world), **about, version=1, **more)
    foreign = {"plan": other_plan(world), "risk_id": row.id}
    with pytest.raises(NotFound):
        do(world.session, **by(world), **foreign, version=2, **more)
    with pytest.raises(NotFound):
        do(world.session, **by(world), plan=plan, risk_id=uuid4(), version=2, **more)


def other_plan(world):
    """Another plan of the same team, which may be changed but does not hold the row."""
    return make_plan(world.session, project_id=world.project.id)


def test_why_is_needed_to_close(world, plan):
    row = added(world, plan)
    about = {"plan": plan, "risk_id": row.id, "version": 1}
    with pytest.raises(Invalid) as refused:
        risks.close(world.session, **by(world), **about, why=" \n ")
    assert [one.field for one in refused.value.problems] == ["why"]
    assert row.status == "open"


def test_a_token_counts_once(world, plan):
    assert added(world, plan, token="one").id == added(world, plan, token="one").id
    assert begun(world, plan, token="two").id == begun(world, plan, token="two").id
    first = written(world, plan, STAKEHOLDERS, token="three", who="Carers")
    assert written(world, plan, STAKEHOLDERS, token="three", who="Carers").id == first.id
    found = section_queries.counts(world.session, plan)
    assert (found.risks, found.cycles) == (1, 1)
    assert len(section_queries.entries(world.session, plan)) == 1


def test_nobody_but_the_team_acts_and_a_closed_plan_stands_still(world, plan):
    stranger = {"actor": world.reviewer, "now": world.at}
    with pytest.raises(NotAllowed):
        risks.add(world.session, **stranger, plan=plan, risk=RISK)
    with pytest.raises(NotAllowed):
        pdsa.begin(world.session, **stranger, plan=plan, cycle=CYCLE)
    kept = Written(FIT, {"priority": "Waiting times"})
    with pytest.raises(NotAllowed):
        plan_sections.write(world.session, **stranger, plan=plan, written=kept)
    plan.status = PlanStatus.CLOSED.value
    world.session.commit()
    for act in (added, begun):
        with pytest.raises(NotAllowed) as refused:
            act(world, plan)
        assert refused.value.code == "frozen"
    with pytest.raises(NotAllowed):
        written(world, plan, FIT, priority="Waiting times")


def test_cycles_are_counted_in_their_plan(world, plan):
    assert [begun(world, plan).number for _ in range(3)] == [1, 2, 3]
    assert begun(world, other_plan(world)).number == 1


def test_a_cycle_is_studied_and_decided(world, plan):
    row = begun(world, plan)
    about = {"plan": plan, "cycle_id": row.id}
    early = replace(CYCLE, decision="adopt")
    with pytest.raises(Invalid) as refused:
        pdsa.change(world.session, **by(world), **about, version=1, cycle=early)
    assert {one.field for one in refused.value.problems} == {"study", "ends_on"}
    told = replace(early, study="It helped.", act="Ring everybody.", end=date(2026, 10, 31))
    pdsa.change(world.session, **by(world), **about, version=1, cycle=told)
    assert (row.decision, row.study_words, row.version) == ("adopt", "It helped.", 2)
    with pytest.raises(Conflict):
        pdsa.change(world.session, **by(world), **about, version=1, cycle=told)
    foreign = {"plan": other_plan(world), "cycle_id": row.id, "version": 2, "cycle": told}
    with pytest.raises(NotFound):
        pdsa.change(world.session, **by(world), **foreign)


def test_measures_are_ticked_and_unticked_and_the_link_is_kept(world, plan):
    (promised,) = gathered.measures(world.session, plan)
    other = make_measure(world.session, plan=plan)
    row = begun(world, plan, measures=(promised.id, promised.id))
    about = {"plan": plan, "cycle_id": row.id}
    moved = replace(CYCLE, measures=(other.id,))
    pdsa.change(world.session, **by(world), **about, version=1, cycle=moved)
    links = cycle_queries.links(world.session, row)
    assert {one: link.live for one, link in links.items()} == {promised.id: False, other.id: True}
    assert set(cycle_queries.marks(world.session, plan)) == {other.id}
    pdsa.change(world.session, **by(world), **about, version=2, cycle=replace(CYCLE, measures=()))
    pdsa.change(world.session, **by(world), **about, version=3, cycle=moved)
    assert cycle_queries.links(world.session, row)[other.id].live
    assert cycle_queries.measures(world.session, plan) == {row.id: [other]}
    foreign = make_measure(world.session, plan=make_plan(world.session))
    with pytest.raises(Invalid):
        begun(world, plan, measures=(foreign.id,))


def test_a_text_is_written_changed_and_stays_one(world, plan):
    row = written(world, plan, FIT, priority=" Waiting times ", gossip="no")
    assert (row.words, row.place, row.version) == ({"priority": "Waiting times"}, 1, 1)
    with pytest.raises(Conflict):
        written(world, plan, FIT, priority="Somebody opened the empty form too")
    again = Written(FIT, {"priority": "Waiting", "local": "The plan of the city"}, version=1)
    plan_sections.write(world.session, **by(world), plan=plan, written=again)
    (found,) = section_queries.entries(world.session, plan)
    assert found.words == {"priority": "Waiting", "local": "The plan of the city"}
    assert found.version == 2


def test_a_list_takes_several_and_what_is_taken_off_is_kept_and_put_back(world, plan):
    rows = [written(world, plan, STAKEHOLDERS, who=who) for who in ("Carers", "Nurses")]
    assert [row.place for row in rows] == [1, 2]
    before = len(events_of(world))
    off = Written(STAKEHOLDERS, {}, rows[0].id, 1)
    plan_sections.withdraw(world.session, **by(world), plan=plan, written=off, why="Twice here.")
    assert (rows[0].status, rows[0].withdrawn_why) == ("withdrawn", "Twice here.")
    assert rows[0].words == {"who": "Carers"}
    with pytest.raises(Conflict):
        plan_sections.withdraw(world.session, **by(world), plan=plan, written=off)
    back = replace(off, version=2)
    plan_sections.put_back(world.session, **by(world), plan=plan, written=back)
    assert rows[0].status == "live"
    assert events_of(world)[before:] == ["plan.section_withdrawn", "plan.section_put_back"]
    assert len(section_queries.entries(world.session, plan)) == 2


@pytest.mark.parametrize("act", [plan_sections.withdraw, plan_sections.put_back])
def test_an_entry_of_another_plan_or_section_is_not_found(world, plan, act):
    row = written(world, plan, STAKEHOLDERS, who="Carers")
    for about, where, entry in (
        (STAKEHOLDERS, other_plan(world), row.id),
        (section("outside"), plan, row.id),
        (STAKEHOLDERS, plan, uuid4()),
        (STAKEHOLDERS, plan, None),
    ):
        wanted = Written(about, {"who": "Nurses", "what": "Rain"}, entry, 1)
        with pytest.raises(NotFound):
            act(world.session, **by(world), plan=where, written=wanted)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({}, "who"),
        ({"who": " "}, "who"),
        ({"who": "x" * 201}, "who"),
        ({"who": "Carers", "interest": "x" * 20_001}, "interest"),
        ({"who": "Carers", "influence": "enormous"}, "influence"),
        ({"who": "\ud800"}, "who"),
    ],
)
def test_a_bad_entry_is_refused_and_nothing_is_kept(world, plan, words, field):
    with pytest.raises(Invalid) as refused:
        written(world, plan, STAKEHOLDERS, **words)
    assert [one.field for one in refused.value.problems] == [field]
    assert section_queries.entries(world.session, plan) == []


def test_a_stranger_token_is_refused(world, plan):
    added(world, plan, token="mine")
    other = make_person(world.session, member_of=[world.project])
    person = replace(world.lead, id=other.id)
    with pytest.raises(Conflict):
        risks.add(world.session, actor=person, now=world.at, plan=plan, risk=RISK, token="mine")
