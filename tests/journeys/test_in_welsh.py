"""An invented proposal, answered in Welsh from the first page to the signed record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eqia.web.wording import SAID, WORDS
from tests.further_states import newer_questions
from tests.journeys.letter import LETTER
from tests.journeys.test_real_screenings import Team
from tests.pages import CheckingClient

if TYPE_CHECKING:
    from tests.page import Page

#: the pages on which a team answers, checks and sends
JOURNEY = re.compile(
    r"/screenings/[0-9a-f-]{36}(/(pages/.+|sections/.+|check|submit|stop|withdraw|newer-questions"
    r"|new-version|evidence.*))?"
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
    paths = ("", "/check", "/evidence", "/sections/about", "/stop", "/withdraw", "/newer-questions")
    with newer_questions("wales-reg8"):
        for path in paths:
            reader.get(f"{home}{path}")
    assert len(reader.seen) > 20
    for page in reader.seen:
        assert next(page.tree.iter("html")).get("lang") == "cy", page.url
        assert english_on(page) == set(), page.url
        assert "Cyfieithiad drafft" in page.text, page.url
        # The frame is the same for everybody, in English, and says so.
        assert next(page.tree.iter("header")).get("lang") == "en"
        assert next(page.tree.iter("footer")).get("lang") == "en"


def test_the_next_version_is_started_in_welsh(client, session):
    reader = Reader(client.app)
    team = Team(reader, session)
    home = team.write(LETTER)
    team.sign(home)
    reader.sign_in(team.lead)
    page = reader.get(f"{home}/new-version")
    wrong = reader.submit_form(page, expect=422)
    assert wrong.errors == ["Dywedwch beth sydd wedi newid"]
    for shown in (page, wrong, reader.get(home)):
        assert english_on(shown) == set(), shown.url


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
