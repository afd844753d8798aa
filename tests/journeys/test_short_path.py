from tests.builders import make_person, make_project
from tests.journeys.filling import start, walk

NOBODY = {
    "A1": "The server room gets a new cooling unit. Nobody will notice.",
    "A2": ["technical"],
    "A3": ["nobody"],
    "A4": "lt50",
    "A5": "options",
    "A5_date": "2027-06-30",
    "A7": "Northmere Health",
    "B1": "no",
    "B2": "no",
    "B3": "no",
    "B4": "no",
    "B9": "Only two machines are swapped at night, and no service stops.",
}


def test_a_change_that_touches_nobody_takes_few_pages_and_needs_no_full_eqia(client, session):
    lead = make_person(session)
    project = make_project(session, lead=lead)
    home = start(client.sign_in(lead), project.id)
    assert walk(client, home, NOBODY) <= 14
    page = client.get(f"{home}/submit")
    assert "What is still needed" not in page.text, page.text
    assert "Full EqIA not needed" in page.text
    sent = client.submit_form(page)
    assert "Submitted" in client.follow(sent).text
