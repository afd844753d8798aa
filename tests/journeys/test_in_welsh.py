"""An invented proposal, answered in Welsh from the first page to the signed record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eqia.web.wording import SAID, WORDS
from tests.journeys.readings import Reading
from tests.journeys.test_real_screenings import Team
from tests.pages import CheckingClient

if TYPE_CHECKING:
    from tests.page import Page

LETTER = Reading(
    facts="",
    set="wales-reg8",
    language="cy",
    published="",
    outcome="assessed_not_substantial",
    rules=["L4"],
    compare="",
    project={"title": "Llythyr apwyntiad cliriach", "summary": "Llythyr newydd i gleifion."},
    bodies={"bwrdd": "Bwrdd Iechyd Glan-y-llyn"},
    evidence=[{"kind": "views", "title": "Grŵp darllen cleifion", "note": "", "groups": ["age"]}],
    answers={
        "P1": "Bydd llythyrau apwyntiad yn fyrrach ac yn haws eu darllen.",
        "P2": ["change"],
        "P3": "options",
        "P3_date": "2027-06-30",
        "P3_who": "Bwrdd y gwasanaeth",
        "P4": "500-4999",
        "P5": "Cleifion sy'n cael llythyr.",
        "P6": ["bwrdd"],
        "P7": "dim",
        "W1": {"*": "none", "disability": "positive"},
        "W1E": {
            "disability": "Mae'r print yn fwy, ac mae fersiwn hawdd ei darllen ar gael.",
            "*": "Mae pawb yn cael yr un llythyr, yn yr iaith a ddewiswyd ganddynt.",
        },
        "W3": {"*": "none"},
        "W3E": {"*": "Mae'r llythyr yn Gymraeg ac yn Saesneg, ac nid yw'n costio dim."},
        "W4": "no",
        "W2": "involved",
        "W2_who": "Deuddeg claf mewn grŵp darllen.",
        "K1": [],
        "K2": [],
        "K3": "2027-12-01",
        "K3_triggers": ["complaint"],
    },
)


#: the pages on which a team answers, checks and sends
JOURNEY = re.compile(
    r"/screenings/[0-9a-f-]{36}(/(pages/.+|sections/.+|check|submit|stop|evidence.*))?"
)


class Reader(CheckingClient):
    """A client who remembers every page of the journey."""

    def _ask(self, method: str, url: str, expect: int | None, **options: object) -> Page:
        page = super()._ask(method, url, expect, **options)
        if not page.location and JOURNEY.fullmatch(page.url):
            self.seen = [*getattr(self, "seen", ()), page]
        return page


def english_on(page: Page) -> set[str]:
    """Words of ours that a page says in English though there is Welsh for them."""
    pairs = [(words, WORDS["cy"][key]) for key, words in WORDS["en"].items()]
    known = {
        part
        for english, welsh in [*pairs, *SAID["cy"].items()]
        for part in _parts(english)
        if part not in welsh
    }
    note = "(draft translation)"
    said = page.text.lower().replace(note, "")
    return {part for part in known if re.search(rf"(?<!\w){re.escape(part)}(?!\w)", said)}


def _parts(words: str) -> list[str]:
    """The pieces of a text around its gaps, as far as they are words at all."""
    pieces = (piece.strip(" .:,()“”").lower() for piece in words.split("{}"))
    return [piece for piece in pieces if len(piece) > 3]


def test_a_team_works_in_welsh_to_the_signed_record(client, session):
    team = Team(client, session)
    home = team.write(LETTER)
    page = client.get(home)
    assert "Aseswyd: dim effaith sylweddol" in page.text
    team.sign(home)
    team.read_record(home, LETTER)
    record = client.get(home.replace("/screenings/", "/records/"))
    assert 'lang="cy"' in record.html
    assert "Mae'r print yn fwy" in record.text
    assert "draft translation" in record.text


def test_every_page_of_the_journey_is_in_welsh(client, session):
    reader = Reader(client.app)
    team = Team(reader, session)
    home = team.write(LETTER)
    team.send_back(home)
    for path in ("", "/check", "/evidence", "/sections/about", "/stop"):
        reader.get(f"{home}{path}")
    assert len(reader.seen) > 20
    for page in reader.seen:
        assert next(page.tree.iter("html")).get("lang") == "cy", page.url
        assert english_on(page) == set(), page.url
        assert "Cyfieithiad drafft" in page.text, page.url
        # The frame is the same for everybody, in English, and says so.
        assert next(page.tree.iter("header")).get("lang") == "en"
        assert next(page.tree.iter("footer")).get("lang") == "en"


def test_what_is_wrong_is_said_in_welsh(client, session):
    reader = Reader(client.app)
    team = Team(reader, session)
    home = team.write(LETTER)
    team.send_back(home)
    page = reader.get(f"{home}/pages/decision")
    bad = {"P3_date-day": "30", "P3_date-month": "", "P3_date-year": ""}
    wrong = reader.submit_form(page, data=bad, expect=422)
    assert wrong.title.startswith("Gwall: ")
    assert wrong.errors == ["Dyddiad y penderfyniad: mae angen y mis a'r flwyddyn hefyd"]
    blank = reader.submit_form(reader.get(f"{home}/evidence/new"), expect=422)
    assert blank.errors == ["Dewiswch pa fath o ffynhonnell yw hi", "Rhowch deitl y ffynhonnell"]
    lacking = reader.submit_form(reader.get(f"{home}/submit"), expect=422)
    assert any("Ni ellir darllen yr hyn a deipiwyd yma" in one for one in lacking.errors)
    for page in (wrong, blank, lacking):
        assert english_on(page) == set(), page.url
