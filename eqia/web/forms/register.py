"""What somebody typed into the register's filter, read without ever failing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from eqia.domain.errors import Invalid, Problem
from eqia.domain.register import EQIA_STATES, FLAGS, Filter, Outcomes
from eqia.domain.screenings import Status
from eqia.domain.texts import clean_text

LONGEST_SEARCH = 200
MOST_PAGES = 1_000_000


@dataclass(frozen=True, slots=True)
class Search:
    """The filter that was understood, and what was wrong with the rest."""

    filter: Filter
    problems: tuple[Problem, ...]


def read_filter(args: Mapping[str, str], outcomes: Outcomes, groups: Mapping[str, str]) -> Search:
    """Read the register's address; a value nobody offers is named and left out."""
    problems: list[Problem] = []
    choices = {
        "outcome": outcomes.labels,
        "status": {status.value: "" for status in Status},
        "flag": FLAGS,
        "eqia": EQIA_STATES,
        "group": groups,
    }
    chosen = {name: _choice(name, args, known, problems) for name, known in choices.items()}
    found = Filter(
        text=_text(args, problems),
        project_id=_uuid(args, problems),
        since=read_day("since", args, problems),
        until=read_day("until", args, problems),
        page=_page(args),
        **chosen,
    )
    return Search(found, tuple(problems))


def read_day(name: str, args: Mapping[str, str], problems: list[Problem]) -> date | None:
    """Read a day as a browser's address holds it, 2026-11-24."""
    typed = args.get(name, "").strip()
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        problems.append(Problem(name, "Enter a real date, for example 2026-11-24"))
        return None


def _choice(
    name: str, args: Mapping[str, str], known: Mapping[str, str], problems: list[Problem]
) -> str:
    typed = args.get(name, "")
    if typed and typed not in known:
        problems.append(Problem(name, "Choose one from the list"))
        return ""
    return typed


def _text(args: Mapping[str, str], problems: list[Problem]) -> str:
    try:
        typed = clean_text(args.get("text", ""), field="text").strip()
    except Invalid as refusal:
        problems.extend(refusal.problems)
        return ""
    if len(typed) > LONGEST_SEARCH:
        problems.append(Problem("text", f"Search for {LONGEST_SEARCH} characters or fewer"))
        return ""
    return typed


def _uuid(args: Mapping[str, str], problems: list[Problem]) -> UUID | None:
    typed = args.get("project", "")
    if not typed:
        return None
    try:
        return UUID(typed)
    except ValueError:
        problems.append(Problem("project", "This link to a project is broken"))
        return None


def _page(args: Mapping[str, str]) -> int:
    typed = args.get("page", "")
    number = (
        int(typed) if typed.isascii() and typed.isdigit() and len(typed) < len("1000000") else 1
    )
    return min(max(number, 1), MOST_PAGES)
