"""The pages of risks, PDSA cycles and the other sections of a plan, and every bad post to them."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from eqia.domain.plan_sections import sections
from eqia.persistence.tables import PdsaRow, PlanEntryRow, PlanRow, RiskRow
from eqia.web.extensions import db
from tests.builders import make_person
from tests.part_builders import make_cycle, make_entry, make_risk
from tests.plan_builders import make_measure, make_plan, make_reading, make_version
from tests.web.test_plans import AIM, day, go

RISK = {
    "kind": "risk",
    "cause": "There is one driver.",
    "event": "The driver falls ill.",
    "effect": "Disabled people wait longest.",
    "likelihood": "3",
    "impact": "5",
}
CYCLE = {
    "objective": "Ring people the day before.",
    "prediction": "Fewer miss their visit.",
    **day("starts_on", "2026-10-01"),
}
NO_SUCH = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def home(team, world):
    """The address of the plan."""
    page = team.get(f"/screenings/{world.screening.id}/plan")
    return team.submit_form(page, data=AIM).location


def plan_of(session, home):
    session.expire_all()
    return session.get_one(PlanRow, UUID(home.rpartition("/")[2]))


def add_risk(team, home, **words):
    return team.submit_form(team.get(f"{home}/risks/new"), data={**RISK, **words})


def test_a_risk_is_written_changed_closed_and_opened_again(team, home):
    page = go(team, team.get(home), "Risks and issues")
    assert "does not mean that nothing can go wrong" in page.text
    form = go(team, page, "Add a risk or an issue")
    page = team.follow(team.submit_form(form, data={**RISK, "group": "disability"}))
    assert "1 open, 1 of them high. 0 closed." in page.text
    assert "Score 15 of 25, high" in page.text
    assert "Disability" in page.text
    plan = team.get(home)
    assert "Risks and issues: 1 open, 1 high" in plan.text
    missing = "It scores 15 of 25, high, and has no response and no date to look at it again."
    assert f"The driver falls ill: {missing}" in plan.text
    form = go(team, plan, "Say what you do about it and when you look again")
    assert form.form().values["effect"] == RISK["effect"]
    words = {"response": "A second driver.", "owner": "Sam", **day("review_date", "2026-12-24")}
    page = team.follow(team.submit_form(form, data=words))
    assert "C18" not in team.get(home).text
    assert "24 December 2026" in page.text
    page = team.follow(team.submit_form(go(team, page, "Close"), data={"why": "Two drivers."}))
    assert "0 open, 0 of them high. 1 closed." in page.text
    assert "Closed on 24 November 2026" in page.text
    page = team.follow(team.submit_form(page, page.form("/reopen")))
    assert "1 open" in page.text
    assert "Was closed on 24 November 2026" in page.text


def test_an_issue_names_the_action_that_answers_it(team, home):
    form = team.get(f"{home}/risks/new")
    (action,) = [one for one in form.form().choices["action"] if one]
    page = team.follow(
        team.submit_form(form, data={**RISK, "kind": "issue", "action": action, "impact": "1"})
    )
    assert "Ring people" in page.text
    assert "Issue" in page.text
    assert "Score 3 of 25, low" in page.text


def test_a_review_date_that_has_passed_is_said(team, home):
    add_risk(team, home, **day("review_date", "2026-11-23"))
    assert "Overdue" in team.get(f"{home}/risks").text


BAD_RISKS = [
    ({}, "Say what may happen, or has happened"),
    ({**RISK, "kind": "worry"}, "Choose an answer from the list"),
    ({**RISK, "likelihood": "9"}, "Choose an answer from the list"),
    ({**RISK, "impact": ""}, "Choose how bad it would be"),
    ({**RISK, "event": "x" * 20_001}, "Use 20,000 characters or fewer"),
    ({**RISK, "owner": "x" * 201}, "The owner must be 200 characters or fewer"),
    ({**RISK, "group": "shoe_size"}, "Choose an answer from the list"),
    ({**RISK, "action": NO_SUCH}, "Choose an answer from the list"),
    ({**RISK, **day("review_date", "2026-02-30")}, "The date"),
    ({**RISK, **day("review_date", "2026-x-1")}, "The date"),
    ({**RISK, "cause": " \n\t"}, "Say what it comes from"),
]


@pytest.mark.parametrize(("words", "message"), BAD_RISKS, ids=range(len(BAD_RISKS)))
def test_a_bad_risk_is_told_and_nothing_typed_is_lost(team, home, session, words, message):
    page = team.get(f"{home}/risks/new")
    sent = {name: page.form().values[name] for name in ("csrf_token", "token")}
    bad = team.post(f"{home}/risks/new", {**sent, **words}, expect=422)
    assert any(message in error for error in bad.errors), bad.errors
    kept = bad.form().values
    for name in ("effect", "owner"):
        assert kept[name].replace("\r\n", "\n") == words.get(name, "")
    assert session.query(RiskRow).count() == 0


def test_a_form_that_is_sent_twice_makes_one(team, home, session):
    for address, words, table in (
        ("risks/new", RISK, RiskRow),
        ("pdsa/new", CYCLE, PdsaRow),
        ("more/stakeholders", {"who": "Carers"}, PlanEntryRow),
        ("more/fit", {"priority": "Waiting times"}, PlanEntryRow),
    ):
        form, before = team.get(f"{home}/{address}"), session.query(table).count()
        first = team.submit_form(form, data=words)
        again = team.submit_form(form, data=words)
        assert first.location == again.location
        session.expire_all()
        assert session.query(table).count() == before + 1


def test_what_somebody_else_changed_meanwhile_is_told_and_can_be_sent_again(team, home, session):
    add_risk(team, home)
    risk = session.query(RiskRow).one().id
    team.submit_form(team.get(f"{home}/pdsa/new"), data=CYCLE)
    cycle = session.query(PdsaRow).one().id
    team.submit_form(team.get(f"{home}/more/stakeholders"), data={"who": "Carers"})
    entry = session.query(PlanEntryRow).one().id
    for address, box in (
        (f"risks/{risk}", "effect"),
        (f"risks/{risk}/close", "why"),
        (f"pdsa/{cycle}", "study"),
        (f"more/stakeholders/{entry}", "interest"),
        (f"more/stakeholders/{entry}/take-off", "why"),
    ):
        mine = team.get(f"{home}/{address}")
        first = f"{home}/{address.rpartition('/')[0] if box == 'why' else address}"
        team.submit_form(team.get(first))
        back = team.submit_form(mine, data={box: "My words"}, expect=409)
        assert "Somebody else changed this" in back.text
        assert back.form().values[box] == "My words"
        assert team.submit_form(back).status == 302


def test_two_who_open_an_empty_section_do_not_write_over_each_other(team, home):
    mine, theirs = team.get(f"{home}/more/fit"), team.get(f"{home}/more/fit")
    team.submit_form(theirs, data={"priority": "Theirs"})
    back = team.submit_form(mine, data={"priority": "Mine"}, expect=409)
    assert back.form().values["priority"] == "Mine"
    team.submit_form(back)
    assert "Mine" in team.get(f"{home}/more").text


def test_a_cycle_is_begun_studied_and_marked_on_the_chart(team, home, session):
    measure = read_measure(session, plan_of(session, home))
    page = go(team, team.get(home), "PDSA cycles")
    form = go(team, page, "Add a PDSA cycle")
    words = {**CYCLE, **day("starts_on", "2026-05-04"), "measures": [str(measure.id)]}
    page = team.follow(team.submit_form(form, data=words))
    assert "Cycle 1: nothing decided yet" in page.text
    assert "PDSA cycles: 1, 1 without a decision" in team.get(home).text
    form = go(team, page, "Change")
    assert form.form().values["objective"] == CYCLE["objective"]
    bad = team.submit_form(form, data={"decision": "adapt"}, expect=422)
    assert bad.errors == [
        "Say what you learned before you decide",
        "Enter the day it ended before you decide",
    ]
    words = {"study": "It helped younger people only.", **day("ends_on", "2026-06-30")}
    page = team.follow(team.submit_form(bad, data=words))
    assert "Cycle 1: Adapt: alter it and test again" in page.text
    shown = go(team, page, "Visits kept")
    assert "PDSA 1 starts: Ring people the day before., 4 May 2026." in shown.html
    assert "PDSA 1 ends: adapt, 30 June 2026." in shown.html
    form = team.get(page.links["Change cycle 1"])
    assert form.form().values.getlist("measures") == [str(measure.id)]
    team.submit_form(form, data={"measures": []})
    assert "PDSA 1" not in team.get(shown.url).text


def read_measure(session, plan):
    """A measure that was read twice."""
    measure = make_measure(session, plan=plan, title="Visits kept")
    version = make_version(session, plan=plan, measure=measure)
    days = {"period_start": date(2026, 7, 1), "period_end": date(2026, 9, 30)}
    make_reading(session, plan=plan, version=version, member="")
    make_reading(session, plan=plan, version=version, member="", **days)
    return measure


BAD_CYCLES = [
    ({}, "Say what you want to find out or make better"),
    ({**CYCLE, "prediction": " "}, "Say what you think will happen"),
    ({**CYCLE, **day("starts_on", "2026-13-01")}, "The start"),
    ({**CYCLE, **day("ends_on", "2026-09-30")}, "The end must be the same as or after the start"),
    ({**CYCLE, "decision": "maybe"}, "Choose an answer from the list"),
    ({**CYCLE, "decision": "adopt"}, "Say what you learned before you decide"),
    ({**CYCLE, "measures": NO_SUCH}, "Choose an answer from the list"),
    ({**CYCLE, "do": "x" * 20_001}, "Use 20,000 characters or fewer"),
    (
        {**CYCLE, "decision": "adopt", "study": "It helped.", **day("ends_on", "2099-01-01")},
        "It has not ended yet, so it cannot be decided",
    ),
]


@pytest.mark.parametrize(("words", "message"), BAD_CYCLES, ids=range(len(BAD_CYCLES)))
def test_a_bad_cycle_is_told_and_nothing_typed_is_lost(team, home, session, words, message):
    page = team.get(f"{home}/pdsa/new")
    sent = {name: page.form().values[name] for name in ("csrf_token", "token")}
    bad = team.post(f"{home}/pdsa/new", {**sent, **words}, expect=422)
    assert any(message in error for error in bad.errors), bad.errors
    assert bad.form().values["objective"] == words.get("objective", "")
    assert bad.form().values["do"] == words.get("do", "")
    assert session.query(PdsaRow).count() == 0


@pytest.mark.parametrize("about", sections(), ids=lambda one: one.code)
def test_every_section_is_filled_in_read_and_changed(team, home, about):
    more = go(team, team.get(home), "More about the plan")
    assert f"0 of {len(sections())} sections have something in them" in more.text
    form = team.get(f"{home}/more/{about.code}")
    empty = team.submit_form(form, expect=422)
    assert len(empty.errors) == 1
    words = {
        box.code: next(iter(box.choices), f"Words for <b>{box.code}</b>") for box in about.boxes
    }
    more = team.follow(team.submit_form(empty, data=words))
    assert f"1 of {len(sections())} sections have something in them" in more.text
    for box in about.boxes:
        assert box.shown(words) in more.text
    assert more.text.count("Still empty.") == len(sections()) - 1
    link = f"Change {about.title.lower()}: Words for" if about.is_list else f"Change: {about.title}"
    form = go(team, more, link)
    assert form.form().values[about.boxes[0].code] == words[about.boxes[0].code]
    team.submit_form(form, data={about.boxes[0].code: "Other words"})
    assert "Other words" in team.get(f"{home}/more").text


def test_an_entry_is_taken_off_kept_and_put_back(team, home):
    form = team.get(f"{home}/more/communication")
    more = team.follow(team.submit_form(form, data={"audience": "Carers", "when": "Each month"}))
    form = go(team, more, "Take off")
    more = team.follow(team.submit_form(form, data={"why": "Twice here."}))
    assert "Communication plan: 1 taken off" in more.text
    assert "Twice here." in more.text
    assert "Each month" in more.text
    assert f"0 of {len(sections())} sections" in more.text
    more = team.follow(team.submit_form(more, more.form("/put-back")))
    assert "taken off" not in more.text
    assert f"1 of {len(sections())} sections" in more.text


def test_a_stale_button_shows_the_page_again(team, home, session):
    make_entry(session, plan=plan_of(session, home), status="withdrawn")
    closed = {"status": "closed", "closed_why": "Over.", "closed_on": date(2026, 11, 1)}
    make_risk(session, plan=plan_of(session, home), **closed)
    for address, ending in ((f"{home}/more", "/put-back"), (f"{home}/risks", "/reopen")):
        page = team.get(address)
        action = page.form(ending).action
        back = team.post(action, {"version": "77"}, expect=409)
        assert "Somebody else changed this" in back.text
        assert team.submit_form(back).status == 302


def test_words_that_may_point_at_a_person_are_pointed_out(team, home):
    words = {"who": "Ann, ann@example.org", "voices": "Carers"}
    page = team.follow(team.submit_form(team.get(f"{home}/more/contributors"), data=words))
    assert "This may point at a person: an email address." in page.text


@pytest.mark.parametrize("part", ["gossip", "fit%00", "stakeholders%2f", "FIT"])
def test_a_section_there_is_not_is_not_found(team, home, part):
    team.get(f"{home}/more/{part}", expect=404)


def test_what_belongs_to_another_team_is_not_found(team, home, session):
    other = make_plan(session)
    risk = make_risk(session, plan=other).id
    cycle = make_cycle(session, plan=other).id
    entry = make_entry(session, plan=other).id
    mine = make_entry(session, plan=plan_of(session, home)).id
    for address in (
        f"{home}/risks/{risk}",
        f"{home}/risks/{risk}/close",
        f"{home}/risks/{uuid4()}",
        f"{home}/pdsa/{cycle}",
        f"{home}/more/stakeholders/{entry}",
        f"{home}/more/stakeholders/{entry}/take-off",
        f"{home}/more/outside/{mine}",
        f"{home}/more/fit/{mine}",
        f"/plans/{other.id}/risks",
        f"/plans/{other.id}/pdsa",
        f"/plans/{other.id}/more",
        f"/plans/{other.id}/more/fit",
    ):
        team.get(address, expect=404)
    for address in (
        f"{home}/risks/{risk}/reopen",
        f"{home}/more/stakeholders/{entry}/put-back",
    ):
        team.post(address, {"version": "1"}, expect=404)


def test_a_reviewer_reads_all_of_it_and_a_stranger_none(team, home, world, session):
    add_risk(team, home)
    team.sign_in(world.rows["Rita Reviewer"])
    for address in ("risks", "pdsa", "more"):
        page = team.get(f"{home}/{address}")
        assert not [text for text in page.links if text.startswith(("Add", "Change", "Fill in"))]
    for address in ("risks/new", "pdsa/new", "more/fit"):
        team.get(f"{home}/{address}", expect=403)
    team.sign_in(make_person(session))
    for address in ("risks", "pdsa", "more", "risks/new"):
        team.get(f"{home}/{address}", expect=404)


def test_a_closed_plan_offers_no_change_and_takes_none(team, home, session):
    add_risk(team, home)
    form = team.get(f"{home}/risks/new")
    plan = plan_of(session, home)
    plan.status = "closed"
    session.commit()
    for address in ("risks", "pdsa", "more"):
        page = team.get(f"{home}/{address}")
        assert not [text for text in page.links if text.startswith(("Add", "Change", "Fill in"))]
    refused = team.submit_form(form, data=RISK, expect=403)
    assert "This plan is closed" in refused.text
    assert RISK["effect"] in refused.text


@pytest.mark.parametrize("address", ["risks", "pdsa", "more", ""])
def test_a_page_takes_as_many_statements_however_much_it_holds(team, home, session, address):
    plan = plan_of(session, home)
    fill(session, plan, 1)
    url = f"{home}/{address}".rstrip("/")
    few = counted(team, url)
    for number in range(2, 9):
        fill(session, plan, number)
    assert counted(team, url) == few


def fill(session, plan, number):
    measure = make_measure(session, plan=plan)
    make_risk(session, plan=plan, review_date=date(2027, 1, 1), response="Wait.")
    make_cycle(session, plan=plan, number=number, measure=measure)
    make_entry(session, plan=plan, place=number)


def counted(team, url):
    """How many statements the page takes, once it is warm."""
    team.get(url)
    said = []
    with team.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note := lambda *about: said.append(about[2]))
    try:
        team.get(url)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(said)
