"""A published screening that cannot be signed yet: returned, found out, signed in Welsh."""

from __future__ import annotations

import io
import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from eqia.domain import record_words
from eqia.domain.decisions import decide
from eqia.persistence.queries import screenings
from eqia.persistence.tables import EvidenceActionRow, ScreeningRow
from tests.journeys.filling import walk
from tests.journeys.readings import found_out, reading
from tests.journeys.test_in_welsh import Reader, english_on
from tests.journeys.test_real_screenings import Team, kept
from tests.page import text_of

if TYPE_CHECKING:
    from tests.journeys.readings import FoundOut, Reading
    from tests.page import Page

RECORD_WORDS = Path(record_words.__file__).with_suffix(".toml")
NAME = "wa-carmarthenshire-parking"
SECTIONS = ("about", "groups", "also", "involve", "after")
WEIGHT = {
    "benefits": "Bydd gyrwyr yn gwybod ble y cânt barcio, ac am faint.",
    "harms": "Mae'r peiriannau'n rhy uchel i rai pobl, ac mae'r tâl yn codi ychydig.",
    "proportionate": "Caiff y peiriannau eu gosod yn is cyn i'r gorchmynion ddechrau.",
}


@pytest.fixture
def read() -> Reading:
    return reading(NAME)


@pytest.fixture
def found() -> FoundOut:
    return found_out(NAME)


def test_only_what_the_page_left_open_is_answered_anew(read, found):
    before, after = read.parsed, found.after(read).parsed
    for question in read.asked.questions:
        if not question.choices or question.scope:
            continue
        was = before.get(question.id)
        assert was == "dk" or after.get(question.id) == was, question.id
    for question in read.asked.ids("effect"):
        assert set(before.values[question].values()) == {"dk"}
        assert "dk" not in after.values[question].values()
    # What was asked, of whom and when the decision falls are the page's and stay.
    assert set(found.answers) & {"P1", "P2", "P3", "P3_date", "P6", "P7", "W2", "W4"} == set()


def test_what_is_found_out_comes_to_an_outcome_that_can_be_signed(read, found):
    after = found.after(read)
    decision = decide(after.asked, after.parsed)
    assert after.asked.outcome(decision.outcome).signable
    assert decision.outcome == found.outcome
    assert [reason.rule for reason in decision.reasons] == found.rules
    assert not decision.unanswered


def test_it_is_returned_found_out_sent_again_and_signed_in_welsh(client, session, read, found):
    reader = Reader(client.app)
    team = WelshTeam(reader, session)
    home = team.write(read)
    team.challenge(home, found)
    team.find_out(home, found)
    team.answer_again(home, found.after(read))

    sent = session.query(ScreeningRow).one()
    session.refresh(sent)
    assert (sent.status, sent.calculated_outcome) == ("submitted", found.outcome)
    assert kept(screenings.answers_of(session, sent)) == kept(found.after(read).parsed)
    # Every point is closed by what the team found, none by the answers, and none is new.
    actions = session.query(EvidenceActionRow).all()
    assert {one.cause: one.finding for one in actions} == found.findings
    assert_worked_in_welsh(reader, home)

    team.sign(home)
    team.read_record(home, read)
    assert_reads_in_welsh(reader, home.replace("/screenings/", "/records/"), found)


def assert_worked_in_welsh(reader: Reader, home: str) -> None:
    for page in (*reader.seen, reader.get(f"{home}/evidence")):
        assert english_on(page) == set(), page.url
        assert "O ran bob grŵp" not in page.text, page.url
    # A source that nobody can look up has no address; it does not show nothing.
    assert "Ble Heb ei roi" in reader.last.text


def assert_reads_in_welsh(reader: Reader, record: str, found: FoundOut) -> None:
    on_page = in_welsh(reader.get(record))
    in_file = printed(reader.get(f"{record}.pdf").response.get_data())
    for words in told(found):
        assert words in on_page, words
        # Words at the ends of lines too: none is broken to fit its column.
        assert words in in_file, words
    assert english_in(on_page) == set()
    # Acts are cited in English, and say so.
    assert "Equality Act 2010" not in on_page
    stored = json.loads(reader.get(f"{record}.json").response.get_data())
    assert stored["language"] == "cy"
    assert [one["finding"] for one in stored["evidence_actions"]] == list(found.findings.values())


def told(found: FoundOut) -> list[str]:
    """What a reader years later has to find in the record, in Welsh."""
    again = [*found.answers["W1E"].values(), *found.answers["W3E"].values()]
    return [
        "Llofnodwyd ar",
        "Aseswyd: dim effaith sylweddol",
        "Dychwelwyd i'r tîm gan Rita Reviewer",
        "Yn ôl erbyn 26 Chwefror 2027.",
        found.returned["reason"],
        found.comment["body"],
        found.comment["reply"],
        *found.findings.values(),
        *again,
        found.answers["W1M"]["disability"]["action"],
        found.evidence[0]["title"],
        "16 Tachwedd 2026",
        *WEIGHT.values(),
        "1 Rhagfyr 2027",
        "Beth a ganfuwyd",
        "Y penderfyniad ar y cynnig ei hun: 30 Mehefin 2027 (wedi'i gynllunio).",
    ]


class WelshTeam(Team):
    """The same people, who work in Welsh and come back to what they sent."""

    weight = WEIGHT

    def challenge(self, home: str, found: FoundOut) -> None:
        """Comment on one answer, then return it with the day it is wanted back."""
        client, asked = self.client.sign_in(self.reviewer), found.comment
        place = f"?question={asked['question']}&group={asked['group']}"
        client.submit_form(client.get(f"{home}/review/comment{place}"), body=asked["body"])
        year, month, day = found.returned["due"].split("-")
        due = {"due-day": day, "due-month": month, "due-year": year}
        page = client.get(f"{home}/review/return")
        client.submit_form(page, data={"reason": found.returned["reason"], **due})

    def find_out(self, home: str, found: FoundOut) -> None:
        """Close every point, reply to the comment and enter the new source."""
        client = self.client.sign_in(self.lead)
        shown = client.get(home)
        assert found.returned["reason"] in shown.text
        assert "26 Chwefror 2027" in shown.text
        assert shown.links["Beth i'w ganfod, a beth ddigwyddodd ar ôl y sgrinio"] == f"{home}/eqia"
        # In the order of the rules, as the record has them, whatever their ids are.
        listed = [told for told in client.get(f"{home}/eqia").links if "found out" in told]
        assert ["Nid yw'r effaith" in told for told in listed] == [False, False, True]
        for row in self.session.query(EvidenceActionRow).all():
            page = client.get(f"{home}/eqia/actions/{row.id}")
            client.follow(client.submit_form(page, finding=found.findings[row.cause]))
        place = f"{home}/pages/group-pc-{found.comment['group']}"
        reply = next(to for to in client.get(place).links.values() if to.endswith("/reply"))
        client.follow(client.submit_form(client.get(reply), body=found.comment["reply"]))
        for source in found.evidence:
            self.enter(home, source)

    def answer_again(self, home: str, after: Reading) -> None:
        """Go through every section again, take the gap off the list and send it."""
        client = self.client
        for section in SECTIONS:
            if section == "involve":
                # Once no effect is open any more, nothing has to be on the list of gaps.
                removed = client.submit_form(client.get(f"{home}/pages/gaps"), button="K1-remove")
                client.submit_form(client.follow(removed))
            page = client.get(f"{home}/sections/{section}")
            first = next(to for to in page.links.values() if "/pages/" in to)
            walk(client, home, after.answers, first=first.partition("#")[0])
        # The outcome that was sent before says nothing of the answers as they are now.
        hub = client.get(home)
        tags = [text_of(tag) for tag in hub.having_class("govuk-tag")]
        assert tags == ["Drafft", "Aseswyd: dim effaith sylweddol"]
        client.follow(client.submit_form(client.get(f"{home}/submit")))


def in_welsh(page: Page) -> str:
    """The words of the record itself, without what is marked as English in it."""
    part = next(one for one in page.tree.iter("div") if one.get("lang") == "cy")
    for parent in part.iter():
        for child in [one for one in parent if one.get("lang") == "en"]:
            parent.remove(child)
    return " ".join(text_of(part).split())


def english_in(text: str) -> set[str]:
    """Sentences of ours that a record says in English though there is Welsh for them."""
    words = tomllib.loads(RECORD_WORDS.read_text(encoding="utf-8")).values()
    parts = {
        part.strip(" .,:;()")
        for one in words
        for part in re.split(r"\{\w*\}", one["en"])
        if one["en"] != one["cy"]
    }
    return {part for part in parts if " " in part and part in text}


def printed(pdf: bytes) -> str:
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.trailer["/Root"]["/Lang"] == "cy"
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())
