"""What a printed plan tells of the day: what waits, what is missing, its risks and its cycles.

Everything is as people outside the team see it, whoever prints it: paper is passed on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from eqia.domain.coverage import Item, stops
from eqia.domain.days import london_day
from eqia.domain.pdsa import Cycle
from eqia.domain.plan_contents import LANGUAGE, Heading, Standing
from eqia.domain.plans import PLAN_LABELS
from eqia.domain.record_times import in_words
from eqia.domain.risks import RiskStatus
from eqia.domain.standings import CANNOT_TELL
from eqia.domain.texts import first_line
from eqia.persistence.queries import organisations, pdsa, risks
from eqia.web.plan_pages import PlanPage
from eqia.web.plan_threads import Waiting
from eqia.web.predictions import compared

#: so many actions that are still in time are told of, as on the plan's page
NEXT_ACTIONS = 3
_REVIEW = "Hold a review, and decide whether to screen again. (Stops the plan being closed)"


def heading_of(page: PlanPage) -> Heading:
    """Say what is printed, and of which day."""
    organisation = organisations.host(page.session)
    return Heading(
        name=page.name,
        project=page.project.title,
        organisation=organisation.name if organisation else "",
        today=page.today,
    )


def standing_of(page: PlanPage) -> Standing:
    """Tell how a plan stands today; the page must be one for people outside the team."""
    rows = page.rows.risks
    return Standing(
        is_closed=page.plan.status == "closed",
        first=tuple(_first(page)),
        late=tuple(_late(page)),
        due=tuple(_due(page)),
        covered=page.covered.words,
        moved=tuple(_moved(page)),
        missing=(
            *(_missing(one) for one in page.missing),
            *(f"{CANNOT_TELL}: {one.words}" for one in page.untold),
        ),
        risks=[
            replace(risks.facts_of(row), group=row.group_label)
            for row in rows
            if row.status == RiskStatus.OPEN
        ],
        settled=[
            (row.event, row.closed_on, row.closed_why)
            for row in rows
            if row.status == RiskStatus.CLOSED
        ],
        cycles=_cycles(page),
        groups=page.groups,
    )


def _first(page: PlanPage) -> Iterator[str]:
    for shown in page.concerns:
        concern = shown.view.concern
        why = concern[1] if concern else ""
        stops_it = (
            "Hold a review, and decide whether to screen again. (Stops the plan being closed)"
        )
        yield f"Cause for concern: {first_line(shown.row.title)}. {why} {stops_it}"
    for one in compared(page).due:
        yield (
            f"Review due: {one.name}. The screening said “{one.said.effect}”, and the readings of"
            f" “{first_line(one.measure.title)}” contradict it."
        )


def _late(page: PlanPage) -> Iterator[str]:
    again = page.rows.again
    if again and again.is_late(page.today):
        yield again.words
    yield from (f"Reading: {_waits(one)}, was due on {_day(one.item.due)}" for one in page.late)
    for row in page.late_actions:
        what = f"{first_line(row.title)}, {row.owner or 'no owner'}"
        yield f"Action: {what}, was due on {_day(row.due)}"
    review = page.plan.next_review
    if review and review < page.today:
        yield f"Review: was due on {_day(review)}"


def _due(page: PlanPage) -> Iterator[str]:
    again = page.rows.again
    if again and not again.is_late(page.today):
        yield f"{again.words} {again.task}."
    yield from (f"Reading: {_waits(one)}, by {_day(one.item.due)}" for one in page.due)
    for row in page.next_actions[:NEXT_ACTIONS]:
        yield f"Action: {first_line(row.title)}, {row.owner or 'no owner'}, by {_day(row.due)}"
    review = page.plan.next_review
    if review and review >= page.today:
        yield f"Review on {_day(review)}"


def _moved(page: PlanPage) -> Iterator[str]:
    for row in page.moves:
        what = PLAN_LABELS[row.to_status]
        who = page.names.get(row.created_by, "")
        yield f"{what} from {_day(london_day(row.created_at))}, by {who}: {row.reason}"


def _waits(one: Waiting) -> str:
    owner = f", {one.shown.row.owner}" if one.shown.row.owner else ""
    return f"{first_line(one.shown.row.title)}, {one.period}{owner}"


def _missing(item: Item) -> str:
    return f"{first_line(item.name)}. {item.text} {item.fix}. ({stops(item)})"


def _cycles(page: PlanPage) -> Sequence[tuple[int, Cycle, Sequence[str]]]:
    touched = pdsa.measures(page.session, page.plan)
    return [
        (row.number, pdsa.facts_of(row), [first_line(one.title) for one in touched.get(row.id, [])])
        for row in pdsa.of_plan(page.session, page.plan)
    ]


def _day(day: date | None) -> str:
    return in_words(day, LANGUAGE) if day else ""
