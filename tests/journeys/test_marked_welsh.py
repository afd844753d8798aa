"""The pages of reviewers and approvers are in English; what is Welsh on them says so (3.1.2)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from eqia.domain.record_times import MONTHS
from eqia.persistence.tables import EvidenceActionRow
from eqia.services.submissions import RESOLVED
from tests.journeys.letter import LETTER
from tests.journeys.readings import found_out, reading
from tests.journeys.test_found_out import NAME, WelshTeam
from tests.web.test_verify import send

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from tests.journeys.readings import FoundOut
    from tests.page import Page

SET = files("eqia.domain.question_sets").joinpath("wales-reg8-1.toml")


@pytest.fixture
def seen(client, session):
    """Every page of those who judge it, from the first answers to the checked file."""
    found = found_out(NAME)
    team = Looking(client, session)
    home = team.write(reading(NAME))
    team.look_at_what_is_open(home, found)
    team.find_out(home, found)
    team.answer_again(home, found.after(reading(NAME)))
    team.look_until_it_is_signed(home)
    team.look_at_the_record(home.replace("/screenings/", "/records/"))
    return team.seen


class Looking(WelshTeam):
    """The same people, with every page that they looked at on the way."""

    def __init__(self, client, session):
        super().__init__(client, session)
        self.seen = []

    def look(self, person: Any, home: str, *paths: str) -> None:
        self.client.sign_in(person)
        self.seen.extend(self.client.get(f"{home}{path}") for path in paths)

    def look_at_what_is_open(self, home: str, found: FoundOut) -> None:
        asked = "/review/comment?question=W1E&group=disability"
        self.look(self.reviewer, home, "/review", asked, "/review/confirm", "/review/raise")
        self.challenge(home, found)
        action = self.session.query(EvidenceActionRow).first()
        self.look(self.lead, home, "/eqia", f"/eqia/actions/{action.id}")

    def look_until_it_is_signed(self, home: str) -> None:
        client = self.client
        self.look(self.reviewer, home, "/review", "/eqia", "/review/confirm", "/review/propose")
        client.submit_form(client.get(f"{home}/review/confirm"))
        self.look(self.approver, home, "/review", "/review/receipt")
        client.submit_form(client.get(f"{home}/review/receipt"), read=["read"])
        self.look(self.approver, home, "/review/sign")
        self.weigh(home)

    def look_at_the_record(self, record: str) -> None:
        self.look(self.reviewer, record, "/publish")
        pdf = self.client.get(f"{record}.pdf").response.get_data()
        self.seen.append(send(self.client, pdf))


def test_every_word_of_the_set_says_that_it_is_welsh(seen):
    assert len(seen) > 10
    for page in seen:
        assert unmarked(page) == set(), page.url


def test_dates_and_blanks_among_the_answers_are_welsh(seen):
    first = spoken_in(seen[0], "cy")
    assert "30 Mehefin 2027" in first
    assert "Heb ei ateb" in first
    for page in seen:
        for month in MONTHS["en"]:
            assert f" {month} 20" not in spoken_in(page, "cy"), page.url


def test_a_point_that_the_answers_close_is_closed_in_welsh(client, session):
    team = WelshTeam(client, session)
    open_still = {**LETTER.answers, "W1": {"*": "none", "disability": "dk"}}
    gap = {"gap": "Yr effaith", "how": "Gofyn", "owner": "Lee", "due": "2027-02-26"}
    home = team.write(replace(LETTER, answers={**open_still, "K1": [gap]}))
    team.send_back(home)
    team.answer_again(home, LETTER)
    row = session.query(EvidenceActionRow).filter_by(cause="rule:L3").one()
    assert row.finding == RESOLVED["cy"]
    shown = client.get(f"{home}/eqia")
    assert RESOLVED["cy"] in spoken_in(shown, "cy")
    assert RESOLVED["en"] not in shown.text


def unmarked(page: Page) -> set[str]:
    """Words of the set that stand in the English of a page."""
    english = spoken_in(page, "en")
    return {text for text in WELSH if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", english)}


def spoken_in(page: Page, language: str) -> str:
    """What a screen reader speaks in a language, of the main part of a page."""
    said = spoken(next(page.tree.iter("main")), "en")
    return "\n".join(text for spoken_as, text in said if spoken_as == language)


def spoken(element: Element, language: str) -> Iterator[tuple[str, str]]:
    language = element.get("lang", language)
    yield language, " ".join((element.text or "").split())
    for child in element:
        yield from spoken(child, language)
        yield language, " ".join((child.tail or "").split())


def _welsh(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and isinstance(value.get("cy"), str):
        yield value["cy"]
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _welsh(one)


#: every text of the set long enough to be no word of another language
WELSH = {
    text
    for text in _welsh(tomllib.loads(SET.read_text(encoding="utf-8")))
    if len(text) > 5 and "{" not in text
}
