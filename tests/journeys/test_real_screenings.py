"""Published screenings, read with care and taken through the whole journey."""

import hashlib
import json

import pytest

from eqia.domain.decisions import decide
from eqia.domain.people import Role
from eqia.persistence.database import writing
from eqia.persistence.queries import screenings
from eqia.persistence.tables import BodyRow, ScreeningRow
from eqia.web.wording import WORDS, say
from tests.builders import make_person
from tests.journeys.filling import start, walk
from tests.journeys.readings import NAMES, facts_of, reading

#: what a question says for a coded "yes", "no" and "not shown on the page"
SAYS = {
    "affects_staff": {
        "B2": ("yes", "no", "dk"),
        "S2": ("yes", "no", "dk"),
    },
    "affects_public_or_service_users": {"B1": ("yes", "no", "dk"), "S1": ("yes", "no", "dk")},
    "evidence_of_different_needs": {"B6": ("yes", "no", "dk")},
    "risk_of_discrimination": {"D1": ("possibly", "no", "dk")},
    "opportunity_advance_equality": {"D2": ("taken", "none", "dk")},
    "opportunity_foster_good_relations": {"D3": ("helps", "none", "dk")},
}
INVOLVED = {"F1": "done", "I1": "done", "W2": "involved"}
#: the effect of each group, by the coded impact; what is not shown is not known
EFFECTS = {
    "positive": {"positive"},
    "none": {"none"},
    "negative": {"minor", "mixed", "major", "substantial"},
    "mixed": {"mixed"},
    "unknown": {"dk"},
    "not_stated": {"dk"},
}
SIGNED = {say(language, "status_signed") for language in WORDS}
#: our groups that are called something else there
CALLED = {
    "religious_belief": "religion_or_belief",
    "religion_belief": "religion_or_belief",
    "racial_group": "race",
    "marital_status": "marriage_civil_partnership",
    "marriage_cp": "marriage_civil_partnership",
    "political_opinion": "political opinion",
    "dependants": "people with dependants",
}


@pytest.fixture(params=NAMES)
def read(request):
    return reading(request.param)


def test_there_is_one_of_each_nation_and_two_about_health():
    found = [facts_of(reading(name)) for name in NAMES]
    nations = {one["nation"] for one in found}
    assert nations == {"England", "Northern Ireland", "Scotland", "Wales"}
    assert sum(one["sector"] == "health" for one in found) >= 2


def test_an_effect_is_what_the_page_shows_and_else_not_known(read):
    facts = facts_of(read)
    shown = {
        name: (one["impact"], one["severity"]) for name, one in facts["characteristics"].items()
    }
    shown |= {one["group"]: (one["impact"], one["severity"]) for one in facts["other_groups"]}
    # One coded impact a group: the second effect question (good relations, Welsh) is read apart.
    for question in read.asked.ids("effect")[:1]:
        for group, effect in read.parsed.values[question].items():
            impact, severity = shown.get(CALLED.get(group, group), ("not_stated", None))
            assert effect in EFFECTS[impact], (question, group)
            assert severity != "major" or effect in {"major", "substantial"}


def test_a_coded_yes_no_or_silence_is_answered_so(read):
    coded = facts_of(read)["answers"]
    answers = read.parsed
    for fact, questions in SAYS.items():
        value = coded[fact]["value"]
        wanted = {True: 0, False: 1, None: 2}[value]
        for question, codes in questions.items():
            given = answers.get(question)
            assert given in {None, codes[wanted]}, (fact, question)
    reduces = coded["reduces_or_withdraws_service"]["value"]
    taken = "reduce_close_move" in answers.get(read.asked.ids("kind_of_change")[0])
    assert taken is reduces or reduces is None
    for question, code in INVOLVED.items():
        if question in answers.values:
            assert (answers.get(question) == code) is (coded["engagement_done"]["value"] is True)
    if coded["evidence_gaps"]["value"]:
        assert answers.get(read.asked.ids("gaps")[0])
    if coded["scale"]["value"] is None:
        assert answers.get(read.asked.ids("people")[0]) == "dk"


def test_the_sources_and_the_published_outcome_are_those_of_the_page(read):
    facts = facts_of(read)
    assert read.published == facts["outcome"]
    assert read.compare.strip()
    dates = [source.get("dated") for source in read.evidence]
    assert set(dates) <= {facts["screening_date"], None}
    assert {source.get("link") for source in read.evidence} == {facts["source_url"]}


def test_each_comes_to_its_outcome_by_its_rules(read):
    decision = decide(read.asked, read.parsed)
    assert decision.outcome == read.outcome
    assert {reason.rule for reason in decision.reasons} == set(read.rules)
    assert tuple(decision.duties) == tuple(read.duties)
    assert not decision.unanswered


def test_each_goes_the_whole_way(client, session, read):
    team = Team(client, session)
    home = team.write(read)
    sent = session.query(ScreeningRow).one()
    assert (sent.status, sent.calculated_outcome) == ("submitted", read.outcome)
    # What is stored is what was read, and nothing else.
    assert kept(screenings.answers_of(session, sent)) == kept(read.parsed)

    outcome = next(one for one in read.asked.outcomes if one.id == read.outcome)
    if outcome.signable:
        team.sign(home)
        team.read_record(home, read)
    else:
        team.send_back(home)
    if outcome.opens_eqia:
        team.keep_an_eqia(home)
    assert read.project["title"] in client.get("/register").text


def kept(answers):
    """Answers with blanks left out, and ticks in one order."""
    return {name: ordered(value) for name, value in answers.as_json().items() if value}


def ordered(value):
    ticks = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return sorted(value) if ticks else value


class Team:
    """Who writes, reviews and signs, at one browser after another."""

    #: what the approver says of benefits and harms
    weight = dict.fromkeys(("benefits", "harms", "proportionate"), "Weighed as far as known.")

    def __init__(self, client, session):
        self.client, self.session = client, session
        self.lead = make_person(session, name="Lee Lead")
        self.reviewer = make_person(session, name="Rita Reviewer", roles=[Role.REVIEWER])
        self.approver = make_person(session, name="Ann Approver", roles=[Role.APPROVER])

    def write(self, read):
        """Make the project, answer every page, enter the sources and send it."""
        client = self.client.sign_in(self.lead)
        with writing(self.session):
            self.session.add_all(
                BodyRow(code=code, name=name) for code, name in read.bodies.items()
            )
        page = client.get("/projects/new")
        made = client.submit_form(page, question_set_id=read.set, **read.project)
        language = {"language": read.language} if len(read.asked.languages) > 1 else {}
        home = start(client, made.location.rsplit("/", 1)[-1], **language)
        for source in read.evidence:
            self.enter(home, source)
        walk(client, home, read.answers)
        page = client.get(f"{home}/submit")
        assert client.follow(client.submit_form(page)).status == 200
        return home

    def enter(self, home, source):
        page = self.client.get(f"{home}/evidence/new")
        form = page.form()
        boxes = {name: source.get(name, "") for name in ("kind", "title", "note", "link")}
        if "dated" in source:
            year, month, day = source["dated"].split("-")
            boxes |= {"dated-year": year, "dated-month": month, "dated-day": day}
        for name in (name for name in form.names if name.startswith("groups.")):
            boxes[name] = [one for one in form.choices[name] if one in source["groups"]]
        self.client.submit_form(page, form, boxes)

    def sign(self, home):
        client = self.client.sign_in(self.reviewer)
        client.submit_form(client.get(f"{home}/review/confirm"))
        client.sign_in(self.approver)
        client.submit_form(client.get(f"{home}/review/receipt"), read=["read"])
        self.weigh(home)

    def weigh(self, home):
        """Confirm the statements, weigh benefits and harms, and sign."""
        page = self.client.get(f"{home}/review/sign")
        form = page.form()
        ticks = {name: list(values) for name, values in form.choices.items()}
        self.client.submit_form(page, form, {**ticks, **self.weight})
        assert any(words in self.client.get(home).text for words in SIGNED)

    def read_record(self, home, read):
        """The record as a page, JSON, PDF and CSV, each of the same answers."""
        record = home.replace("/screenings/", "/records/")
        page = self.client.get(record)
        assert any(words.startswith("Back to EQS-") for words in page.links)
        text = self.client.get(f"{record}.json").response.get_data()
        assert hashlib.sha256(text).hexdigest()[:8] in page.html.replace(" ", "")
        assert read.project["title"] in json.dumps(json.loads(text), ensure_ascii=False)
        assert self.client.get(f"{record}.pdf").response.get_data().startswith(b"%PDF-1.7")
        assert self.client.get(f"{record}.csv").status == 200

    def send_back(self, home):
        """It cannot be signed, so the reviewer returns it with what is to be found out."""
        client = self.client.sign_in(self.reviewer)
        page = client.get(f"{home}/review/return")
        due = {"due-day": "26", "due-month": "2", "due-year": "2027"}
        client.submit_form(page, data={"reason": "Find out what is open first.", **due})
        client.sign_in(self.approver).get(f"{home}/review/sign", expect=403)
        client.sign_in(self.lead)
        assert "Find out what is open first." in client.get(home).text

    def keep_an_eqia(self, home):
        client = self.client.sign_in(self.lead)
        assert "Next: do the full assessment" in client.get(home).text
        page = client.get(f"{home}/eqia/edit")
        client.submit_form(page, reference="EQ-1", status="started")
        assert "EQ-1" in client.get(f"{home}/eqia").text
        listed = client.get("/register?flag=eqia_pending").text
        assert "1 screening" in listed
        assert "Triggered, started" in listed
