"""What somebody typed into the register's filter, read without ever failing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from werkzeug.datastructures import MultiDict

from eqia.domain.errors import Invalid, Problem
from eqia.domain.governance import STATUS_CHOICES, TROUBLE_LABELS, Among, Sought
from eqia.domain.register import EQIA_STATES, FLAGS, Filter, Outcomes
from eqia.domain.screenings import Status
from eqia.domain.texts import clean_text
from eqia.web.forms.simple import presentable

LONGEST_SEARCH = 200
MOST_PAGES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    problems: tuple[Problem, ...] = ()
    #: what stands in the boxes: everything typed, also where it cannot be used
    typed: Mapping[str, str] = field(default_factory=dict)

    def errors(self) -> list[dict[str, str]]:
        """List what was wrong, for the error summary."""
        return [{"text": p.message, "href": f"#{p.field}"} for p in self.problems]

    def error(self, name: str) -> dict[str, str] | None:
        """Say what was wrong with one field."""
        return next(({"text": p.message} for p in self.problems if p.field == name), None)


@dataclass(frozen=True, slots=True)
class Search(_Read):
    """The filter that was understood, and what was wrong with the rest."""

    filter: Filter

    def items(self, name: str, choices: Mapping[str, str]) -> list[dict[str, object]]:
        """List the choices of one filter, "Any" first, the chosen one marked."""
        return _items(getattr(self.filter, name), {"": "Any", **choices})


def read_filter(args: MultiDict[str, str], outcomes: Outcomes, groups: Mapping[str, str]) -> Search:
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
    return Search(found, problems=tuple(problems), typed=_typed(args))


@dataclass(frozen=True, slots=True)
class PlanSearch(_Read):
    """The filter of plans that was understood, and what was wrong with the rest."""

    filter: Sought

    def items(self, name: str, choices: Mapping[str, str]) -> list[dict[str, object]]:
        """List the choices of one filter, "Any" first, the chosen one marked."""
        return _items(getattr(self.filter, name), {"": "Any", **choices})

    def statuses(self, choices: Mapping[str, str]) -> list[dict[str, object]]:
        """List the statuses; unless another is chosen, plans that are not closed are shown."""
        return _items(self.filter.status, choices)


def read_plan_filter(args: MultiDict[str, str], groups: Mapping[str, str]) -> PlanSearch:
    """Read the address of the plans that need attention."""
    problems: list[Problem] = []
    found = Sought(
        text=_text(args, problems),
        group=_choice("group", args, groups, problems),
        status=_choice("status", args, STATUS_CHOICES, problems) or Among.CURRENT,
        trouble=_choice("trouble", args, TROUBLE_LABELS, problems),
        page=_page(args),
    )
    return PlanSearch(found, problems=tuple(problems), typed=_typed(args))


@dataclass(frozen=True, slots=True)
class PublicSearch(_Read):
    """What somebody looks for among what is published."""

    text: str
    page: int


def read_public_search(args: MultiDict[str, str]) -> PublicSearch:
    """Read the address of the public list."""
    problems: list[Problem] = []
    text = _text(args, problems)
    return PublicSearch(text, _page(args), problems=tuple(problems), typed=_typed(args))


@dataclass(frozen=True, slots=True)
class Period(_Read):
    """The days a report is about, and what was wrong with what was typed."""

    since: date
    until: date


def read_period(args: MultiDict[str, str], today: date) -> Period:
    """Read a report's days; the last 12 months unless others are asked for."""
    problems: list[Problem] = []
    until = read_day("until", args, problems) or today
    since = read_day("since", args, problems) or until - timedelta(days=365)
    if since > until:
        problems.append(Problem("until", "The last day must be the same as or after the first"))
        since, until = until, since
    return Period(since, until, problems=tuple(problems), typed=_typed(args))


def read_day(name: str, args: MultiDict[str, str], problems: list[Problem]) -> date | None:
    """Read a day as a browser's address holds it, 2026-11-24."""
    typed = _joined(name, args).strip()
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        problems.append(Problem(name, "Enter a real date, for example 2026-11-24"))
        return None


def _items(chosen: str, choices: Mapping[str, str]) -> list[dict[str, object]]:
    return [{"value": v, "text": t, "selected": v == chosen} for v, t in choices.items()]


def _typed(args: MultiDict[str, str]) -> dict[str, str]:
    return {name: presentable(_joined(name, args)) for name in args}


def _joined(name: str, args: MultiDict[str, str]) -> str:
    """Give everything sent under a name, so that a value sent twice hides neither."""
    return " ".join(dict.fromkeys(args.getlist(name)))


def _choice(
    name: str, args: Mapping[str, str], known: Mapping[str, str], problems: list[Problem]
) -> str:
    typed = args.get(name, "")
    if typed and typed not in known:
        problems.append(Problem(name, "Choose one from the list"))
        return ""
    return typed


def _text(args: MultiDict[str, str], problems: list[Problem]) -> str:
    try:
        typed = clean_text(_joined("text", args), field="text").strip()
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
        problems.append(Problem("text", "The link to the project is broken. Search for it instead"))
        return None


def _page(args: Mapping[str, str]) -> int:
    typed = args.get("page", "")
    number = (
        int(typed) if typed.isascii() and typed.isdigit() and len(typed) < len("1000000") else 1
    )
    return min(max(number, 1), MOST_PAGES)
