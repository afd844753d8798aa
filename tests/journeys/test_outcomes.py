import pytest

from eqia.persistence.tables import ScreeningRow
from tests.builders import make_person, make_project
from tests.journeys.filling import start, walk

# The clean base of questions.md section 3, without a change of its own.
HEALTH = {
    "A2": ["change"],
    "A3": ["patients"],
    "A4": "50-499",
    "A5": "options",
    "A5_date": "2027-06-30",
    "A6": "no",
    "B1": "yes",
    **dict.fromkeys(("B2", "B3", "B4", "B5", "B6"), "no"),
    "B7": "na",
    "B8": "no",
    "C1": {"*": "none"},
    "C2": {"*": ["judgement"]},
    "D1": "no",
    "D2": "taken",
    "D2_needs": ["needs"],
    "D3": "none",
    "D4": "no",
    "D5": "no",
    "F1": "done",
    "G1": "no",
}
FIX = {"action": "Keep a phone line open", "owner": "Service manager", "due": "2027-01-31"}
NI = {
    "P3": "options",
    "Q1": {"*": "none"},
    "Q3": {"*": "none"},
    "Q5": "no",
    "M": "recorded",
}
SCOTLAND = {"P3": "options", **dict.fromkeys(("S1", "S2", "S3", "S4"), "no")}
WALES = {"P3": "options", "W1": {"*": "none"}, "W3": {"*": "none"}, "W2": "involved", "W4": "no"}
#: what a set asks of the effect on one group, and the rest as before
AGE_HARMED = {"C1": {"*": "none", "age": "minor"}, "C2": {"*": ["judgement"]}}

TO_EACH_OUTCOME = [
    ("bhp-nhs", {**HEALTH, "A4": "lt50"}, "not_required"),
    ("bhp-nhs", {**HEALTH, **AGE_HARMED, "C4": {"age": {**FIX, "residual": "none"}}}, "conditions"),
    ("bhp-nhs", {**HEALTH, "D4": "dk"}, "more_info"),
    ("bhp-nhs", {**HEALTH, "C1": {"*": "none", "sex": "major"}}, "full"),
    ("ni-s75", NI, "screened_out"),
    ("ni-s75", {**NI, "Q1": {"*": "none", "age": "minor"}}, "screened_out_mitigated"),
    ("ni-s75", {**NI, "Q5": "dk"}, "more_information"),
    ("ni-s75", {**NI, "Q3": {"*": "none", "racial_group": "major"}}, "screened_in"),
    ("scot-psed-fsd", SCOTLAND, "declaration_not_required"),
    ("scot-psed-fsd", {**SCOTLAND, "S3": "dk"}, "more_information"),
    ("scot-psed-fsd", {**SCOTLAND, "S2": "yes"}, "eqia_required"),
    ("wales-reg8", WALES, "assessed_not_substantial"),
    ("wales-reg8", {**WALES, "W2": "not_yet"}, "more_information"),
    ("wales-reg8", {**WALES, "W1": {"*": "none", "race": "substantial"}}, "full_and_publish"),
]


@pytest.mark.parametrize(
    ("set_id", "answers", "outcome"),
    TO_EACH_OUTCOME,
    ids=[f"{set_id}-{outcome}" for set_id, _, outcome in TO_EACH_OUTCOME],
)
def test_a_team_reaches_each_outcome_of_each_set(client, session, set_id, answers, outcome):
    lead = make_person(session)
    project = make_project(session, lead=lead, question_set_id=set_id)
    language = {"language": "en"} if set_id == "wales-reg8" else {}
    home = start(client.sign_in(lead), project.id, **language)
    walk(client, home, answers)
    page = client.get(f"{home}/submit")
    assert "What is still needed" not in page.text, page.text
    client.follow(client.submit_form(page))
    sent = session.query(ScreeningRow).one()
    assert (sent.status, sent.calculated_outcome) == ("submitted", outcome)
