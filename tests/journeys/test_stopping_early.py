from eqia.persistence.tables import ScreeningRow
from tests.builders import make_person, make_project
from tests.journeys.filling import start, walk
from tests.journeys.test_outcomes import HEALTH

CLOSURE = {**HEALTH, "A2": ["reduce_close_move"], "C1": {"*": "minor"}, "C3": {"*": "no"}}


def test_a_team_that_is_certain_stops_early_and_sends_after_about_twenty_pages(client, session):
    lead = make_person(session)
    home = start(client.sign_in(lead), make_project(session, lead=lead).id)
    client.submit_form(
        client.get(f"{home}/pages/what"), A1="The ward closes.", A2="reduce_close_move"
    )
    hub = client.get(home)
    assert "You can stop here" in hub.text
    stop = client.get(hub.links["Stop here and go to the full EqIA"])
    client.submit_form(stop, expect=422)
    client.submit_form(stop, reason="The ward closes, so we need the full assessment.")
    pages = walk(client, home, CLOSURE, first=f"{home}/pages/what")
    assert pages <= 21
    page = client.get(f"{home}/submit")
    assert "What is still needed" not in page.text, page.text
    client.submit_form(page)
    row = session.query(ScreeningRow).one()
    assert (row.status, row.calculated_outcome) == ("submitted", "full")
    assert row.stop_reason == "The ward closes, so we need the full assessment."


def test_a_team_may_take_stopping_back_and_answer_the_rest(client, session):
    lead = make_person(session)
    home = start(client.sign_in(lead), make_project(session, lead=lead).id)
    client.submit_form(
        client.get(f"{home}/pages/what"), A1="The ward closes.", A2="reduce_close_move"
    )
    client.submit_form(client.get(f"{home}/stop"), reason="We are sure.")
    client.submit_form(client.get(f"{home}/stop"))
    assert session.query(ScreeningRow).one().stopped_at is None


def test_nobody_may_stop_while_no_rule_of_the_top_outcome_matches(client, session):
    lead = make_person(session)
    home = start(client.sign_in(lead), make_project(session, lead=lead).id)
    page = client.get(f"{home}/stop")
    assert "You can stop only once" in page.text
    client.post(f"{home}/stop", {"reason": "Because"}, expect=403)


def test_an_empty_form_of_a_screening_that_is_stopped_by_now_shows_where_it_stands(client, session):
    lead = make_person(session)
    home = start(client.sign_in(lead), make_project(session, lead=lead).id)
    client.submit_form(
        client.get(f"{home}/pages/what"), A1="The ward closes.", A2="reduce_close_move"
    )
    client.submit_form(client.get(f"{home}/stop"), reason="We are sure.")
    client.post(f"{home}/stop", {"reason": ""}, expect=302)
    assert "We are sure." in client.get(f"{home}/stop").text
