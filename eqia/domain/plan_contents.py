"""A plan in reading order, to be printed: what waits today, and what a record's annex would say."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from eqia.domain.pdsa import CYCLE_LABELS, Cycle
from eqia.domain.record_annex import measures, rules, thread
from eqia.domain.record_blocks import Block, Bullets, Contents, Facts, Section, Text
from eqia.domain.record_blocks import Heading as Title
from eqia.domain.record_reading import Reading
from eqia.domain.record_times import in_words
from eqia.domain.record_words import Words
from eqia.domain.risks import RISK_LABELS, Risk, score, score_words
from eqia.domain.small_numbers import hidden_outside

LANGUAGE = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the document is of."""

    name: str
    project: str
    organisation: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of a plan is told of a day alone: a signed record's annex has none of it."""

    #: nothing is asked for any more
    is_closed: bool = False
    #: what gives concern or contradicts the screening, and no review has answered
    first: Sequence[str] = ()
    late: Sequence[str] = ()
    due: Sequence[str] = ()
    covered: str = ""
    missing: Sequence[str] = ()
    #: when and why it was paused, gone on with or closed, the last time first
    moved: Sequence[str] = ()
    risks: Sequence[Risk] = ()
    #: event, the day it was closed and why
    settled: Sequence[tuple[str, date | None, str]] = ()
    #: the number of each cycle, the cycle, and the measures it touches
    cycles: Sequence[tuple[int, Cycle, Sequence[str]]] = ()
    #: the names of all groups, which typed words must not stand beside a small number of
    groups: Collection[str] = field(default=frozenset())

    def outside(self, text: str) -> str:
        """Give what somebody typed as people outside the team may read it."""
        return hidden_outside(text, self.groups)


def contents(plan: Mapping[str, Any], heading: Heading, standing: Standing) -> Contents:
    """Put a plan in the order it is read: what waits, the thread, each measure, its other parts."""
    reading = Reading({"plan": plan, "printed": True}, Words(LANGUAGE))
    every: list[tuple[str, str, Iterable[Block]]] = [
        ("today", "What to look at", _waiting(standing)),
        ("plan", "The plan", thread(reading)),
        ("measures", "Measures", measures(reading)),
        ("risks", "Risks and issues", _risks(standing)),
        ("cycles", "PDSA cycles", _cycles(standing)),
        ("rules", "How the figures are read", [Text(rules(reading))]),
    ]
    parts = [(part_id, title, tuple(blocks)) for part_id, title, blocks in every]
    return Contents(
        language=LANGUAGE,
        name=heading.name,
        title=f"Plan: {heading.project}",
        organisation=heading.organisation,
        kind="Plan and measures, small numbers hidden",
        status=f"as it stood on {in_words(heading.today, LANGUAGE)}",
        index="Contents",
        sections=tuple(
            Section(part_id, title, blocks, number)
            for number, (part_id, title, blocks) in enumerate([one for one in parts if one[2]], 1)
        ),
    )


def _waiting(standing: Standing) -> list[Block]:
    if standing.is_closed:
        return [Text("The plan is closed: nothing is asked for any more."), *_moved(standing)]
    first: list[Block] = []
    if standing.first:
        first = [Title("Look at this first"), Bullets(tuple(standing.first))]
    return [
        *first,
        *_list("Overdue", standing.late, "Nothing is overdue."),
        *_list("What is due next", standing.due, "Nothing has a date yet."),
        *_list("What is missing", standing.missing, "Nothing is missing.", f"{standing.covered}."),
        *_moved(standing),
    ]


def _moved(standing: Standing) -> list[Block]:
    lines = tuple(standing.outside(one) for one in standing.moved)
    return [Title("When it was paused, gone on with or closed"), Bullets(lines)] if lines else []


def _list(title: str, lines: Sequence[str], none: str, lead: str = "") -> list[Block]:
    told: list[Block] = [Bullets(tuple(lines))] if lines else [Text(none)]
    return [Title(title), *([Text(lead)] if lead else []), *told]


def _risks(standing: Standing) -> list[Block]:
    if not (standing.risks or standing.settled):
        none = (
            "No risk or issue was written down yet. That does not mean that nothing can go wrong."
        )
        return [Text(none)]
    blocks: list[Block] = [_risk(standing, one) for one in standing.risks]
    if not blocks:
        blocks.append(Text("None is open."))
    if standing.settled:
        closed = tuple(_settled(standing, *one) for one in standing.settled)
        blocks += [Title("Closed"), Bullets(closed)]
    return blocks


def _risk(standing: Standing, risk: Risk) -> Facts:
    points = score_words(score(risk.likelihood, risk.impact))
    told = {
        RISK_LABELS[risk.kind]: risk.event,
        "Score": f"{points} (likelihood {risk.likelihood}, impact {risk.impact})",
        "Because": risk.cause,
        "So that": risk.effect,
        "Falls most on": risk.group or "No group more than another",
        "Looked after by": risk.owner or "Nobody yet",
        "What is done about it": risk.response or "Nothing yet",
        "Looked at again on": _day(risk.review_date) or "No day yet",
    }
    return _facts(standing, told)


def _settled(standing: Standing, event: str, on: date | None, why: str) -> str:
    closed = f"Closed on {_day(on)}" if on else "Closed"
    return f"{standing.outside(_line(event))} {closed}: {standing.outside(why)}"


def _cycles(standing: Standing) -> list[Block]:
    if not standing.cycles:
        return [Text("No cycle was begun yet.")]
    return [_cycle(standing, *one) for one in standing.cycles]


def _cycle(standing: Standing, number: int, cycle: Cycle, touched: Sequence[str]) -> Facts:
    told = {
        "Aim": cycle.objective,
        "What was expected": cycle.prediction,
        "Starts": _day(cycle.start),
        "Ends": _day(cycle.end),
        "Plan": cycle.plan,
        "Do": cycle.do,
        "Study": cycle.study,
        "Act": cycle.act,
        "Measures it touches": "\n".join(touched),
        "Decision": CYCLE_LABELS.get(cycle.decision, "Nothing decided yet"),
    }
    return _facts(standing, told, f"Cycle {number}")


def _facts(standing: Standing, told: Mapping[str, str], title: str = "") -> Facts:
    return Facts(
        tuple((label, standing.outside(words)) for label, words in told.items() if words), title
    )


def _day(day: date | None) -> str:
    return in_words(day, LANGUAGE) if day else ""


def _line(text: str) -> str:
    return " ".join(text.split())
