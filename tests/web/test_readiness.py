"""The pages of the readiness checklist: gate by gate, half answered or whole, and never ticked."""

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import event, select

from eqia.persistence.tables import PlanRow, ReadinessAnswerRow
from eqia.web.extensions import db
from tests.builders import make_person
from tests.domain.forms import health_form
from tests.hostility import MARK
from tests.plan_builders import make_action
from tests.readiness_builders import LAST_ITEM
from tests.review_world import CONDITIONS, MEASURES, Kept
from tests.services.test_readiness import enforce
from tests.web.conftest import signed_once
from tests.web.test_plans import day, go, opened

LONG = "x" * 20_001


@pytest.fixture(scope="module")
def signed(made):
    return signed_once(made, **health_form(**CONDITIONS))


@pytest.fixture
def checklist(team, world):
    return go(team, opened(team, world), "Readiness checklist")


def gate(team, checklist, name):
    return team.get(f"{checklist.url}/{name}")


def answered(session):
    session.expire_all()
    rows = session.scalars(select(ReadinessAnswerRow).order_by(ReadinessAnswerRow.number))
    return {row.part: (row.answer, row.note) for row in rows}


def test_the_gates_stand_in_order_with_what_to_look_at(checklist):
    gates = ["The priority", "A first adopter", "The plan and its", "People, time", "Spread"]
    places = [checklist.text.index(f"{one}") for one in gates]
    assert places == sorted(places)
    assert "Readiness to adopt and spread, version 1" in checklist.text
    assert "No answer yet: 2.1, 2.2a, 2.2b" in checklist.text
    assert "This is a warning. It stops nothing." in checklist.text
    assert "NHS Long Term Plan, from 7 January 2019" in checklist.text
    assert "To be checked" in checklist.text


def test_a_gate_saves_though_it_is_half_answered(team, checklist, session):
    form = gate(team, checklist, "sponsor")
    page = team.follow(team.submit_form(form, data={"2-1-note": "The north team asked twice."}))
    assert "1 answer was kept." in page.text
    assert answered(session) == {"2.1": ("", "The north team asked twice.")}
    form = gate(team, checklist, "sponsor")
    assert form.form().values["2-1-note"] == "The north team asked twice."
    words = {"2-1-answer": "yes", "2-2a-answer": "partly", **day("2-2a-on", "2027-01-31")}
    page = team.follow(team.submit_form(form, data={**words, "2-2a-owner": "Chief nurse"}))
    assert "2 answers were kept." in page.text
    assert "Seen to by Chief nurse, 31 January 2027" in page.text
    assert "Answered by Lee Lead on 24 November 2026." in page.text


def test_all_it_ever_said_can_be_read(team, checklist):
    for note in ("First.", "Second."):
        form = gate(team, checklist, "priority")
        team.submit_form(form, data={"1-1-answer": "yes", "1-1-note": note})
    page = go(team, team.get(checklist.url), "What it said before")
    assert page.h1 == "1.1 Does it fit the plan for the NHS?"
    assert page.text.index("Second.") < page.text.index("First.")
    assert "Lee Lead on 24 November 2026 at" in page.text


def test_nobody_answered_and_no_such_item(team, checklist):
    assert "Nobody has answered it yet." in team.get(f"{checklist.url}/priority/1-1").text
    assert "as they stand today: Yes" in team.get(f"{checklist.url}/priority/1-4").text
    for gone in ("/nowhere", "/priority/9-9", "/priority/2-1", "/nowhere/1-1"):
        team.get(f"{checklist.url}{gone}", expect=404)


def test_live_items_have_no_boxes_and_a_posted_answer_to_one_is_refused(team, checklist, session):
    form = gate(team, checklist, "plan")
    names = form.form().names
    assert not [name for name in names if name.startswith(("3-1-4-", "3-2-3-"))]
    assert "Nobody can tick it." in form.text
    values = {**form.form().values, "3-2-3-answer": "yes", "3-1-note": "Kept as typed."}
    refused = team.post(form.url, values, expect=422)
    assert refused.errors == [
        "3.2.3 is answered from the screening and the plan. It cannot be ticked."
    ]
    assert refused.form().values["3-1-note"] == "Kept as typed."
    for name in ("3-2-3-note", "3-1-4-answer", "3-2-3-on"):
        team.post(form.url, {**form.form().values, name: "yes"}, expect=422)
    assert answered(session) == {}


def test_the_team_answers_323_when_the_screening_asks_for_nothing(client, session, clock):
    world = Kept.signed(session, form=health_form()).found_by(session)
    clock.move(hours=2)
    team = client.sign_in(world.lead_row)
    checklist = go(team, opened(team, world), "Readiness checklist")
    assert "your team answers this" in checklist.text
    form = gate(team, checklist, "plan")
    page = team.follow(team.submit_form(form, data={"3-2-3-answer": "na"}))
    assert "Say why it does not apply: 3.2.3" in page.text
    assert f"not settled: {LAST_ITEM} Does not apply (say why it does not apply)" in page.text
    data = {"3-2-3-note": "The change reaches nobody differently."}
    page = team.follow(team.submit_form(gate(team, checklist, "plan"), data=data))
    assert "The equality items are settled." in page.text


def test_a_suggestion_is_confirmed_with_one_button_and_what_was_typed_stays(
    team, checklist, session
):
    form = gate(team, checklist, "priority")
    assert "The data suggest “Yes”. The screening says “Done” to F1" in form.text
    values = {**form.form().values, "1-1-note": "Typed before.", "confirm": "1-3:yes"}
    page = team.follow(team.post(form.url, values, expect=302))
    assert "Confirmed by Lee Lead" in page.text
    assert answered(session) == {"1.3": ("yes", ""), "1.1": ("", "Typed before.")}
    assert "The data suggest" not in gate(team, checklist, "priority").text
    told = team.get(f"{checklist.url}/priority/1-3")
    assert "The data said: The screening says “Done” to F1" in told.text


@pytest.mark.parametrize(
    "button", ["1-3:partly", "1-3", "1-3:", "1-1:yes", "1-4:yes", "", "1-3:yes:no", "\u202e"]
)
def test_only_what_is_suggested_now_can_be_confirmed(team, checklist, session, button):
    form = gate(team, checklist, "priority")
    values = {**form.form().values, "1-1-note": "Kept as typed.", "confirm": button}
    refused = team.post(form.url, values, expect=409)
    assert answered(session) == {}
    assert refused.form().values["1-1-note"] == "Kept as typed."


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"1-1-answer": "maybe"}, "Choose an answer from the list"),
        ({"1-1-link": "javascript:alert(1)"}, "Enter a web address that starts with https://"),
        ({"1-1-owner": "x" * 201}, "The owner must be 200 characters or fewer"),
        ({"1-1-note": LONG}, "Use 20,000 characters or fewer"),
        ({"1-1-on-day": "31", "1-1-on-month": "2", "1-1-on-year": "2027"}, "The date"),
        ({"1-1-on-day": "31"}, "The date must include a month and a year"),
    ],
)
def test_bad_input_is_told_at_its_box_and_nothing_is_lost(team, checklist, session, typed, words):
    form = gate(team, checklist, "priority")
    bad = team.submit_form(form, data={"1-2-note": "Kept as typed.", **typed}, expect=422)
    assert any(words in one for one in bad.errors), bad.errors
    assert bad.form().values["1-2-note"] == "Kept as typed."
    assert answered(session) == {}


@pytest.mark.parametrize("odd", [f"<script>alert(1)</script>{MARK}", "a\x00b", "\u202egnp.exe"])
def test_odd_words_come_back_as_words(team, checklist, odd):
    form = gate(team, checklist, "priority")
    page = team.follow(team.submit_form(form, data={"1-1-note": odd, "1-2-for_whom": odd}))
    assert "<script>alert" not in page.html


def test_an_odd_version_of_the_form_ends_in_a_conflict(team, checklist):
    form = gate(team, checklist, "priority")
    values = {**form.form().values, "1-1-answer": "yes"}
    for seen in ("x", "-1", "99", ""):
        team.post(form.url, {**values, "seen": seen}, expect=409)


def test_two_who_answer_the_same_gate_see_both_and_can_go_on(team, checklist, session):
    mine, theirs = gate(team, checklist, "priority"), gate(team, checklist, "priority")
    team.submit_form(theirs, data={"1-1-answer": "not_yet", "1-1-note": "It is not in there."})
    back = team.submit_form(mine, data={"1-1-answer": "yes", "1-1-note": "Page 12."}, expect=409)
    assert "Somebody else changed this" in back.text
    assert "Saved by Lee Lead: Not yet" in back.text
    assert "It is not in there." in back.text
    assert back.form().values["1-1-note"] == "Page 12."
    team.submit_form(back)
    assert answered(session)["1.1"] == ("yes", "Page 12.")


def test_a_post_without_boxes_changes_nothing(team, checklist, session):
    form = gate(team, checklist, "priority")
    team.submit_form(form, data={"1-1-answer": "yes", "1-1-note": "Page 12."})
    seen = gate(team, checklist, "priority").form().values
    bare = {name: seen[name] for name in ("csrf_token", "seen")}
    page = team.follow(team.post(form.url, bare, expect=302))
    assert "Nothing had changed." in page.text
    assert answered(session)["1.1"] == ("yes", "Page 12.")


def test_a_reply_is_recorded_once_and_shown(team, checklist):
    form = go(team, checklist, "Say that you did it")
    bad = team.submit_form(form, expect=422)
    assert bad.errors == ["Enter the day of the reply", "Say what was said, and to whom"]
    words = {"words": "We wrote to the forum.", **day("on", "2026-11-20")}
    page = team.follow(team.submit_form(bad, data=words))
    assert "Replied on 20 November 2026: We wrote to the forum." in page.text
    assert "1 of 1 things the decision asks for are in place." in page.text
    assert "The equality items are settled." in page.text
    again = team.follow(team.submit_form(bad, data=words))
    assert again.text.count("We wrote to the forum.") == 1


def test_a_reply_to_come_or_to_no_rule_is_refused(team, checklist):
    form = go(team, checklist, "Say that you did it")
    words = {"words": "We wrote.", **day("on", "2099-01-01")}
    bad = team.submit_form(form, data=words, expect=422)
    assert bad.errors == ["The day must be today or in the past"]
    for rule in ("R27", "nothing", "<b>", "x" * 300):
        team.get(f"{checklist.url}-done/{rule}", expect=404)


def test_people_were_involved_by_an_action_that_is_done(client, session, clock):
    form = health_form(F1="none", F1_why="No time yet.", G2=MEASURES)
    world = Kept.signed(session, form=form).found_by(session)
    clock.move(hours=2)
    team = client.sign_in(world.lead_row)
    plan = opened(team, world)
    checklist = go(team, plan, "Readiness checklist")
    assert "No action of the plan is done yet." in go(team, checklist, "Say that you did it").text
    plan_id = plan.url.rpartition("/")[2]
    page = team.get(plan.url)
    form = go(team, page, "Add an action")
    page = team.follow(team.submit_form(form, data={"title": "Ask a panel", "kind": "other"}))
    form = go(team, page, "Say how it ended")
    done = {"status": "done", "outcome": "They chose evenings.", **day("done_date", "2026-11-23")}
    team.submit_form(form, data=done)
    form = go(team, team.get(checklist.url), "Say that you did it")
    bad = team.submit_form(form, data={"action": plan_id}, expect=422)
    assert len(bad.errors) == 2
    offered = [one.get("value") for one in form.tree.iter("option") if one.get("value")]
    words = {"action": offered[0], "words": "A panel of twelve."}
    page = team.follow(team.submit_form(bad, data=words))
    assert "Done: Ask a panel. A panel of twelve." in page.text


def test_an_enforced_gate_says_why_spread_waits(team, checklist, session):
    form = gate(team, checklist, "spread")
    enforce(session)
    shut = team.get(f"{checklist.url}/spread")
    assert "It cannot be answered until the equality items are settled: 3.2.3" in shut.text
    refused = team.submit_form(form, data={"5-2-answer": "yes"}, expect=403)
    assert "Your organisation chose that this waits" in refused.text
    page = team.get(checklist.url)
    assert "It waits." in page.text
    assert "Answer this gate: Spread" not in page.links
    assert "Answer this gate: People, time and money" in page.links


def test_an_administrator_chooses_what_the_gate_does(client, session):
    person = make_person(session, roles=["administrator"])
    team = client.sign_in(person)
    form = team.get("/organisation")
    team.submit_form(form, data={"name": "Ferrow Council", "equality_gate": "enforce"})
    form = team.get("/organisation")
    assert form.form().values["equality_gate"] == "enforce"
    bad = team.submit_form(form, data={"equality_gate": "block"}, expect=422)
    assert bad.errors


def test_a_reviewer_reads_it_all_and_answers_nothing(team, checklist, world):
    team.sign_in(world.rows["Rita Reviewer"])
    page = team.get(checklist.url)
    assert not [text for text in page.links if text.startswith(("Answer this", "Say that"))]
    team.get(f"{checklist.url}/priority", expect=403)
    team.get(f"{checklist.url}-done/R15", expect=403)
    team.sign_in(make_person(world.session)).get(checklist.url, expect=404)


def test_small_numbers_in_what_was_said_are_hidden_from_others(team, checklist, world):
    said = {"1-2-answer": "yes", "1-2-note": "We asked 3 of Age."}
    said |= {"1-2-for_whom": "For 4 of Age."}
    team.submit_form(gate(team, checklist, "priority"), data=said)
    assert "We asked 3 of Age." in team.get(checklist.url).text
    # Paper is passed on, whoever prints it.
    file = team.get(f"{checklist.url}.pdf").response.data
    told = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(file)).pages)
    assert "We asked * of Age." in told
    team.sign_in(world.rows["Rita Reviewer"])
    for address in (checklist.url, f"{checklist.url}/priority/1-2"):
        text = team.get(address).text
        assert "We asked * of Age." in text
        assert "For whom: For * of Age." in text
        assert "3 of Age" not in text


@pytest.mark.parametrize("name", ["", "/priority", "/plan", "/priority/1-1"])
def test_a_page_takes_as_many_statements_however_much_was_answered(
    team, checklist, app, session, name
):
    address = f"{checklist.url}{name}"
    for one, box in (("priority", "1-1-answer"), ("plan", "3-1-answer")):
        team.submit_form(gate(team, checklist, one), data={box: "yes"})
    few = statements_for(team, app, address)
    plan = session.scalars(select(PlanRow)).one()
    for number in range(6):
        make_action(session, plan=plan, title=f"Action {number}")
    for one in ("priority", "sponsor", "plan", "resources", "spread"):
        form = gate(team, checklist, one)
        boxes = {box: "yes" for box in form.form().names if box.endswith("-answer")}
        notes = {box.replace("answer", "note"): "Here." for box in boxes}
        team.submit_form(form, data=boxes | notes)
    assert statements_for(team, app, address) == few <= 40


def statements_for(team, app, address):
    """How many statements the page takes, once it is warm."""
    team.get(address)
    said = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note := lambda *about: said.append(about[2]))
    try:
        team.get(address)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(said)
