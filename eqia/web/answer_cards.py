"""Answers gathered in cards, for checking them section by section."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import url_for

from eqia.domain.answers import Unanswered
from eqia.domain.edits import Place, Typed
from eqia.domain.errors import Problem
from eqia.services.submissions import BLANK, SECTION, SHORT_OF
from eqia.web.drafts import Draft, page_href
from eqia.web.forms.screenings import places_on
from eqia.web.wording import said
from eqia.web.words import lines_of


@dataclass(frozen=True, slots=True)
class Line:
    """One answer on a check page."""

    label: str
    lines: tuple[str, ...]
    href: str
    missing: bool = False
    #: saved in this version, where it has an earlier one
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """Answers that belong together: a section's own (no title), or those about some groups."""

    title: str
    lines: tuple[Line, ...]


def cards_of(draft: Draft, section: str) -> list[Card]:
    """Gather the answers of a section: its own, then group by group.

    Groups with the same answers share a card that names them all, so that a reason written once
    is shown once.
    """
    here = [page for page in draft.pages if page.section == section]
    places = [place for page in here for place in places_on(draft.asked, page)]
    own = tuple(_line(draft, place) for place in places if not place[1])
    cards = [Card("", own)] if own else []
    return [*cards, *_group_cards(draft, [place for place in places if place[1]])]


def _group_cards(draft: Draft, places: Iterable[Place]) -> Iterator[Card]:
    by_group: dict[tuple[str, str], list[Place]] = {}
    for place in dict.fromkeys(places):
        question = draft.asked.question(place[0])
        by_group.setdefault((question.scope[0], place[1]), []).append(place)
    shared: dict[object, list[tuple[str, list[Place]]]] = {}
    for (_, group), found in by_group.items():
        label = draft.group_label(draft.asked.question(found[0][0]), group)
        words = tuple((place[0], _words(draft, place)) for place in found)
        answered = any(lines for _, lines in words)
        shared.setdefault(words if answered else group, []).append((label, found))
    for alike in shared.values():
        names = ", ".join(label for label, _ in alike)
        yield Card(names, tuple(_line(draft, place) for place in alike[0][1]))


def _words(draft: Draft, place: Place) -> tuple[str, ...]:
    question = draft.asked.question(place[0])
    typed = draft.typed.get(place, Typed())
    return tuple(lines_of(question, typed, draft.language, draft.bodies))


def _line(draft: Draft, place: Place) -> Line:
    question = draft.asked.question(place[0])
    group = place[1] or None
    return Line(
        draft.label(question, None),
        _words(draft, place),
        draft.href(question.id, group),
        missing=Unanswered(question.id, group) in draft.missing,
        changed=place in draft.changed,
    )


def problem_links(draft: Draft, problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Lead from each thing that stands in the way of sending to the page that asks it."""
    return [_link(draft, problem) for problem in problems]


def _link(draft: Draft, problem: Problem) -> dict[str, str]:
    name, _, group = problem.field.partition(".")
    if name == SECTION:
        href = url_for("screenings.section", screening_id=draft.row.id, section=group)
        label = draft.text(draft.asked.section(group).title)
    elif (page := draft.page(group)) is not None:
        href, label = page_href(draft.row, page), draft.label(draft.asked.question(name), None)
    else:
        href = draft.href(name, group or None)
        label = draft.label(draft.asked.question(name), group or None)
    # The page says once that these need an answer; only what else is wrong is said of each.
    text = label if problem.message == BLANK else f"{label}: {_worded(draft, problem)}"
    return {"href": href or "#main-content", "text": text}


def _worded(draft: Draft, problem: Problem) -> str:
    """Give in the screening's language what stands in the way."""
    name = problem.field.partition(".")[0]
    if draft.asked.has_question(name):
        least = draft.asked.question(name).min_length
        if problem.message == SHORT_OF["text"].format(least):
            return draft.say("least_needed", least)
    return said(draft.language, problem.message)
