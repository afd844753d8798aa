"""The pages of reviewers and approvers are in English; what is Welsh on them says so (3.1.2)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from eqia.domain.record_times import MONTHS
from eqia.persistence.tables import EvidenceActionRow
from eqia.services.submissions import RESOLVED
from tests.journeys.letter import LETTER
from tests.journeys.readings import found_out, reading
from tests.journeys.test_found_out import NAME, WelshTeam

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from tests.page import Page

SET = files("eqia.domain.question_sets").joinpath("wales-reg8-1.toml")
#: the one sentence in English that names groups of the set within it
NAMES_GROUPS = "The same reason is given for "


def test_every_word_of_the_set_says_that_it_is_welsh(client, session):
    read, found = reading(NAME), found_out(NAME)
    team = WelshTeam(client, session)
    home = team.write(read)
    seen = []

    def look(person: Any, *paths: str) -> None:
        client.sign_in(person)
        seen.extend(client.get(f"{home}{path}") for path in paths)

    asked = "?question=W1E&group=disability"
    look(team.reviewer, "/review", f"/review/comment{asked}", "/review/confirm", "/review/raise")
    team.challenge(home, found)
    action = session.query(EvidenceActionRow).first()
    look(team.lead, "/eqia", f"/eqia/actions/{action.id}")
    team.find_out(home, found)
    team.answer_again(home, found.after(read))
    look(team.reviewer, "/review", "/eqia", "/review/confirm", "/review/propose")
    client.submit_form(client.get(f"{home}/review/confirm"))
    look(team.approver, "/review", "/review/receipt")
    client.submit_form(client.get(f"{home}/review/receipt"), read=["read"])
    look(team.approver, "/review/sign")
    for page in seen:
        assert unmarked(page) == set(), page.url
    # The first answers had a date in them, and one was blank.
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
    texts = [text for spoken_as, text in said if spoken_as == language]
    return "\n".join(text for text in texts if not text.startswith(NAMES_GROUPS))


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
