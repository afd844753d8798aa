"""What the pages of a plan show, gathered once: the thread, what is due, what is missing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Self
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eqia.domain.coverage import Covered, Item, On, Picture, covered, items
from eqia.domain.due_dates import DueItem, DueState
from eqia.domain.findings import NEED_ACTION, Direction
from eqia.domain.measures import OVERALL, MemberKind
from eqia.domain.periods import period_name
from eqia.domain.permissions import Action, Thing
from eqia.domain.plan_reviews import settled
from eqia.domain.plans import PLAN_LABELS, ActionStatus
from eqia.domain.small_numbers import hidden_outside
from eqia.domain.spc_icons import USUAL
from eqia.domain.untold import Untold, untold_in
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.queries import outside, people, plan_reviews, projects
from eqia.persistence.queries import plans as queries
from eqia.persistence.queries.measures import Read, Shown
from eqia.persistence.queries.plans import Gathered
from eqia.persistence.tables.plans import (
    ActionRow,
    FindingRow,
    PlanMoveRow,
    PlanReviewRow,
    PlanRow,
)
from eqia.persistence.tables.projects import ProjectRow
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.web import small_numbers
from eqia.web.access import Loaded, allowed
from eqia.web.acts import CONFLICT, DONE, Act, tried
from eqia.web.clock import today
from eqia.web.forms.base import Form
from eqia.web.plan_fixes import address_of
from eqia.web.plan_threads import Latest, Thread, Waiting

Answer = str | Response | tuple[str, int]


def the_plan(session: Session, plan_id: UUID) -> Loaded | None:
    """Find the plan a page is about, with what permissions depend on."""
    row = queries.get(session, plan_id)
    return Loaded(row, queries.thing_of(row)) if row else None


class AboutPlan:
    """What every page about a plan tells: its project, and the screening version it follows."""

    def __init__(self, session: Session, plan: PlanRow) -> None:
        self.session = session
        self.plan = plan
        self.today = today()

    @property
    def thing(self) -> Thing:
        """What permissions depend on."""
        return queries.thing_of(self.plan)

    @cached_property
    def project(self) -> ProjectRow:
        """The project it is part of."""
        return self.session.get_one(ProjectRow, self.plan.project_id)

    @cached_property
    def screening(self) -> ScreeningRow:
        """The screening version it follows."""
        return self.session.get_one(ScreeningRow, self.plan.screening_id)

    @property
    def name(self) -> str:
        """The reference and version it follows."""
        return f"{self.screening.reference} v{self.screening.number}"


class PlanPage(AboutPlan):
    """Everything about one plan, each part worked out when a page asks for it.

    People outside the team see it with small numbers hidden, unless they opened the exact figures;
    so does everybody where it is `outside`: what is printed is passed on.
    """

    def __init__(
        self, session: Session, plan: PlanRow, *, opened: bool = False, outside: bool = False
    ) -> None:
        super().__init__(session, plan)
        self.opened = opened
        self.outside = outside
        self._addresses: dict[str, str] = {}

    def known(self, rows: Gathered, measures: tuple[Shown, ...], project: ProjectRow) -> Self:
        """Take what was read with other plans instead of reading it again."""
        self.rows, self.measures, self.project = rows, measures, project
        return self

    @cached_property
    def is_exact(self) -> bool:
        """Whether its reader sees exact figures."""
        if self.outside:
            return False
        return self.opened or bool(allowed(Action.SEE_EXACT, self.thing))

    @cached_property
    def screening_thing(self) -> Thing:
        """What it depends on who may screen again."""
        return Thing(project_id=self.plan.project_id, status=self.screening.status)

    @property
    def status(self) -> str:
        """How the plan stands, in a word."""
        return PLAN_LABELS[self.plan.status]

    @cached_property
    def rows(self) -> Gathered:
        """All its rows."""
        return queries.gather(self.session, self.plan, outside=not self.is_exact)

    @cached_property
    def measures(self) -> tuple[Shown, ...]:
        """Its measures as they stand, as far as its reader may know."""
        return measure_queries.shown(self.session, self.rows, self.today)

    def measure(self, measure_id: UUID) -> Read | None:
        """Find one of its measures, with everything that was read by it."""
        found = next((one for one in self.measures if one.row.id == measure_id), None)
        if found is None:
            return None
        whole = measure_queries.read(self.session, self.rows, found, self.today)
        if self.is_exact:
            return whole
        kin = outside.kin(self.session, [found.row])
        return outside.read(whole, outside.views(self.session, kin))

    @cached_property
    def picture(self) -> Picture:
        """The whole plan today."""
        return measure_queries.picture(self.rows, self.measures, self.today)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """What is missing."""
        return items(self.picture)

    @property
    def concerns(self) -> list[Shown]:
        """The measures that give cause for concern which no review has answered."""
        named = {one.row for one in self.items if one.rule == "C14" and one.on is On.MEASURE}
        return [one for one in self.measures if str(one.row.id) in named]

    @property
    def missing(self) -> list[Item]:
        """What is missing but for what gives concern, which is told first and by itself."""
        return [one for one in self.items if one.rule != "C14" or one.on is not On.MEASURE]

    @cached_property
    def covered(self) -> Covered:
        """How many findings have all they need."""
        return covered(self.picture, self.items)

    @cached_property
    def current(self) -> tuple[FindingRow, ...]:
        """The findings of the version it follows."""
        here = self.plan.screening_id
        return tuple(row for row in self.rows.findings if row.screening_id == here)

    @cached_property
    def threads(self) -> list[Thread]:
        """A thread for each finding that needs something, or has something."""
        return [
            one
            for row in self.current
            if (one := self._thread(row)).actions or Direction(row.direction) in NEED_ACTION
        ]

    @property
    def calm(self) -> list[str]:
        """The groups for which nothing is to be done."""
        busy = {one.finding.id for one in self.threads}
        return [row.label for row in self.current if row.id not in busy]

    def _thread(self, finding: FindingRow) -> Thread:
        reasons = {
            link.action_id: link.reason
            for link in self.rows.answering
            if link.finding_id == finding.id
        }
        actions = [(row, reasons[row.id]) for row in self.rows.actions if row.id in reasons]
        live = {row.id for row, _ in actions if row.status != ActionStatus.CANCELLED}
        wanted = {link.measure_id for link in self.rows.showing if link.action_id in live}
        measures = [one for one in self.measures if one.row.id in wanted]
        missing = [one for one in self.items if one.finding == str(finding.id)]
        return Thread(finding, actions, measures, missing)

    @property
    def loose(self) -> list[ActionRow]:
        """The actions that answer no finding of the version it follows."""
        known = {row.id for one in self.threads for row, _ in one.actions}
        return [row for row in self.rows.actions if row.id not in known]

    @cached_property
    def late(self) -> list[Waiting]:
        """The readings that are overdue, the oldest first."""
        return self._waiting(late=True)

    @cached_property
    def due(self) -> list[Waiting]:
        """The readings that are due now and the next one of each measure."""
        return self._waiting(late=False)

    @property
    def late_actions(self) -> list[ActionRow]:
        """The actions past their day."""
        return [
            row
            for row in self.rows.actions
            if row.status == ActionStatus.OPEN and row.due and row.due < self.today
        ]

    @property
    def open_actions(self) -> list[ActionRow]:
        """The actions of which nobody has said how they ended, by their day."""
        waiting = [row for row in self.rows.actions if row.status == ActionStatus.OPEN]
        return sorted(waiting, key=lambda row: (row.due or date.max, row.title))

    @property
    def next_actions(self) -> list[ActionRow]:
        """The actions that are still in time, by their day."""
        waiting = [
            row
            for row in self.rows.actions
            if row.status == ActionStatus.OPEN and row.due and row.due >= self.today
        ]
        return sorted(waiting, key=lambda row: (row.due, row.title))

    def _waiting(self, *, late: bool) -> list[Waiting]:
        if self.plan.status != "open":
            return []
        found = [
            Waiting(shown, item, period_name(item.period))
            for shown in self.measures
            if shown.version is not None
            for item in self._wanted(shown, late=late)
        ]
        return sorted(found, key=lambda one: (one.item.due, one.shown.row.title))

    def _wanted(self, shown: Shown, *, late: bool) -> list[DueItem]:
        if late:
            return [one for one in shown.view.due if one.is_late]
        now = [one for one in shown.view.due if one.state is DueState.DUE]
        return now or [one for one in (shown.view.next_due,) if one is not None]

    def latest(self, shown: Shown | Read) -> list[Latest]:
        """Give the latest figure of everybody and of each group, beside their baseline."""
        definition = shown.view.definition
        if definition is None:
            return []
        found = []
        for member in definition.places:
            place = shown.view.place(member.code)
            unread = member.code == OVERALL and place.latest is None
            if member.kind is not MemberKind.UNKNOWN and not unread:
                period = period_name(place.latest.period) if place.latest else ""
                icons = tuple(one for one in place.told if one != USUAL)
                found.append(Latest(member.label, period, place.words, place.before, icons))
        return found

    def figures(self, shown: Shown | Read) -> tuple[str, list[str]]:
        """Give the period, where all latest figures are of the same, and each figure in a line."""
        latest = self.latest(shown)
        periods = {one.period for one in latest}
        is_one = len(periods) == 1
        return (*periods, "")[0] if is_one else "", [one.line(dated=not is_one) for one in latest]

    def address(self, measure_id: UUID | str) -> str:
        """Give the address of a measure, built once: a page may lead there from many rows."""
        found = self._addresses.get(str(measure_id))
        if found is None:
            found = url_for("measures.show", plan_id=self.plan.id, measure_id=measure_id)
            self._addresses[str(measure_id)] = found
        return found

    def linked_to(self, shown: Shown | Read) -> frozenset[str]:
        """Give the ids of the actions a measure shows the effect of."""
        here = shown.row.id
        return frozenset(str(one.action_id) for one in self.rows.showing if one.measure_id == here)

    def written(self, text: str) -> str:
        """Give what somebody wrote as its reader may see it."""
        return text if self.is_exact else hidden_outside(text, self.groups)

    def answers(self, review: PlanReviewRow) -> list[tuple[str, str, str]]:
        """Give what a review made of each thing, as far as its reader knows of that at all."""
        found = []
        for one in plan_reviews.answers_of([review]):
            asked = one.asked if self.is_exact else one.told
            if asked:
                found.append((one.name, asked, self.written(one.text)))
        return found

    @cached_property
    def settled(self) -> Mapping[str, str]:
        """When a review answered what gives concern, by the id of each measure."""
        answered = {one.measure: one.words for one in settled(self.picture)}
        return {one.id: answered.get(one.id, "") for one in self.picture.measures}

    @property
    def untold(self) -> Sequence[Untold]:
        """Of whom its reader cannot be told whether they give concern."""
        return untold_in(self.picture)

    @cached_property
    def moves(self) -> Sequence[PlanMoveRow]:
        """When and why it was paused, gone on with or closed, the last time first."""
        return queries.moves(self.session, self.plan)

    @property
    def moved(self) -> PlanMoveRow | None:
        """Why it is paused or closed, while it is."""
        return next(iter(self.moves), None) if self.plan.status != "open" else None

    def href(self, item: Item) -> str:
        """Give the address where something missing is put right."""
        if item.rule == "C14" and item.on is On.PLAN and not item.row and not self.may_start:
            return url_for("screenings.show", screening_id=self.plan.screening_id)
        return address_of(self.plan, item, may_review=bool(allowed(Action.HOLD_REVIEW, self.thing)))

    @cached_property
    def may_start(self) -> bool:
        """Whether its reader may start the next version of the screening."""
        return bool(allowed(Action.NEW_VERSION, self.screening_thing))

    @property
    def groups(self) -> frozenset[str]:
        """The names of all groups that its findings and measures tell apart."""
        return queries.groups_of(self.rows)

    @cached_property
    def names(self) -> Mapping[UUID, str]:
        """The names of everybody who signed something here."""
        ids = {row.no_action_by for row in self.rows.findings}
        ids |= {row.no_measure_by for row in self.rows.actions}
        ids |= {row.created_by for row in self.rows.reviews}
        ids |= {row.created_by for row in self.moves}
        return people.names(self.session, {one for one in ids if one is not None})


def pages_of(session: Session, plans: Sequence[PlanRow]) -> list[PlanPage]:
    """Give the pages of several plans to a member of their teams, read all at once."""
    several = queries.gather_all(session, plans)
    shown = measure_queries.shown_all(session, several, today())
    titles = projects.by_id(session, [plan.project_id for plan in plans])
    return [
        PlanPage(session, plan, opened=True).known(rows, measures, titles[plan.project_id])
        for plan, rows, measures in zip(plans, several, shown, strict=True)
    ]


def planned(
    name: str,
    page: PlanPage,
    form: Form,
    act: Act,
    said: str | Callable[[], tuple[str, str]],
    to: str | Callable[[], str] = "",
    newest: int | None = None,
    **values: object,
) -> Answer:
    """Show the form of an act, or do it; what is refused comes back with everything typed.

    `to` is the page after it; a function where only the act makes what that page is about.
    `said` is what was done; a function where only the act shows how good or bad that is.
    `newest` is the version to send a form again with that somebody else overtook.
    """
    status = 200
    if form.is_submitted():

        def first_looked_at() -> None:
            small_numbers.look_again(form, page.groups)
            act()

        current = page.plan.version if newest is None else newest
        status = tried(form, first_looked_at, lambda: current)
        if status == DONE:
            flash(*((said, "success") if isinstance(said, str) else said()))
            small_numbers.warn(form, page.groups)
            after = to() if callable(to) else to
            return redirect(after or url_for("plans.show", plan_id=page.plan.id))
    if status == CONFLICT:
        page.session.rollback()
    return render_template(f"{name}.html", page=page, form=form, **values), status
