"""Which pages a form has, from its answers alone: next, previous, may visit, progress."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from eqia.domain.answers import Answers, Shown, Unanswered, shown
from eqia.domain.conditions import leaves
from eqia.domain.questions import GroupList, Question, QuestionSet, Section


class Kind(StrEnum):
    """How a page is laid out (interface.md 5 and 5.1)."""

    #: form questions, one under the other
    QUESTIONS = "questions"
    #: one question asked of every group: a row of fieldsets
    OVERVIEW = "overview"
    #: what goes with the effect on one group
    GROUP = "group"
    #: the basis and the reason of every group that fares no differently
    SAME = "same"
    #: a table the team adds rows to
    LIST = "list"
    #: the sources, entered once
    EVIDENCE = "evidence"
    #: check your answers
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the form: what it asks, and of which groups."""

    id: str
    section: str
    kind: Kind
    questions: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    group_list: str = ""
    #: asked on a page of its own once the effect on a group is known
    leads_to: tuple[str, ...] = ()


class Progress(StrEnum):
    """How far a section has come."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANNOT_START = "cannot_start"


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """A section of the task list, how far it has come, its pages and what is missing."""

    section: Section
    status: Progress
    pages: tuple[Page, ...]
    missing: tuple[Unanswered, ...]


CHECK_PAGE = Page("check", "", Kind.CHECK)


def pages(
    question_set: QuestionSet, answers: Answers, *, stopped: bool = False
) -> tuple[Page, ...]:
    """List the pages of the form in order, the check page last.

    While the short path applies only what it needs, and what is answered anyway, is asked; after
    "Stop here" only what stays required.
    """
    form = _Form(question_set, answers, stopped=stopped)
    found: list[Page] = []
    for section in question_set.sections:
        found += form.section_pages(section)
    return (*found, CHECK_PAGE)


def next_page(found: tuple[Page, ...], page_id: str) -> Page:
    """Find the page after this one; after a page that is gone, the first."""
    place = _place(found, page_id)
    return found[min(place + 1, len(found) - 1)]


def previous_page(found: tuple[Page, ...], page_id: str) -> Page | None:
    """Find the page before this one; none before the first."""
    place = _place(found, page_id)
    return found[place - 1] if place > 0 else None


def find_page(found: tuple[Page, ...], page_id: str) -> Page | None:
    """Find a page by its id."""
    return next((page for page in found if page.id == page_id), None)


def page_asking(found: tuple[Page, ...], question_id: str, group: str | None = None) -> Page | None:
    """Find the page that asks a question, of a group if it is asked per group.

    While the effect on a group is blank, what goes with it is found where the effect is asked.
    """
    here = (page for page in found if _asks(page, question_id, group))
    before = (page for page in found if question_id in page.leads_to and group in page.groups)
    return next(here, None) or next(before, None)


def may_visit(
    question_set: QuestionSet, answers: Answers, page_id: str, *, stopped: bool = False
) -> bool:
    """Whether the page is on the form and its section can be started."""
    page = find_page(pages(question_set, answers, stopped=stopped), page_id)
    return page is not None and page.section not in closed_sections(question_set, answers)


def closed_sections(question_set: QuestionSet, answers: Answers) -> frozenset[str]:
    """List the sections that cannot start: it is not known yet which path or rows they have."""
    deciding = {leaf.question for leaf, _ in leaves(question_set.short_path)}
    for group_list in question_set.groups:
        for group in group_list.groups:
            deciding |= {leaf.question for leaf, _ in leaves(group.show_if)}
    if all(answers.get(question) is not None for question in deciding):
        return frozenset()
    order = [section.id for section in question_set.sections]
    last = max(order.index(question_set.question(question).section) for question in deciding)
    return frozenset(order[last + 1 :])


def section_progress(
    question_set: QuestionSet,
    answers: Answers,
    found: tuple[Page, ...],
    *,
    stopped: bool = False,
    sources: int = 0,
) -> tuple[SectionProgress, ...]:
    """Tell how far each section has come, by the pages found; `sources` counts the evidence."""
    missing = answers.missing(question_set, stopped=stopped)
    closed = closed_sections(question_set, answers)
    progress = []
    for section in question_set.sections:
        here = tuple(page for page in found if page.section == section.id)
        if not here:
            continue
        lacking = tuple(
            one for one in missing if any(_asks(page, one.question, one.group) for page in here)
        )
        status = Progress.CANNOT_START
        if section.id not in closed:
            begun = _begun(here, answers, sources)
            status = _status(begun=begun, complete=not lacking)
        progress.append(SectionProgress(section, status, here, lacking))
    return tuple(progress)


def _status(*, begun: bool, complete: bool) -> Progress:
    if not begun:
        return Progress.NOT_STARTED
    return Progress.COMPLETED if complete else Progress.IN_PROGRESS


def _begun(here: tuple[Page, ...], answers: Answers, sources: int) -> bool:
    if any(page.kind is Kind.EVIDENCE for page in here):
        return sources > 0
    return any(
        answers.get(question, group) is not None
        for page in here
        for question in page.questions
        for group in page.groups or (None,)
    )


def _asks(page: Page, question: str, group: str | None) -> bool:
    return question in page.questions and (group is None or group in page.groups)


def _place(found: tuple[Page, ...], page_id: str) -> int:
    return next((i for i, page in enumerate(found) if page.id == page_id), -1)


class _Form:
    """The pages of one form as its answers stand."""

    def __init__(self, question_set: QuestionSet, answers: Answers, *, stopped: bool) -> None:
        self.question_set = question_set
        self.answers = answers
        self.stopped = stopped
        self.view: Shown = shown(question_set, answers)
        self.stop = frozenset(question_set.ids("stop_required"))
        self.short = not stopped and self.view.holds(question_set.id_for("short_path"))
        self.effects = frozenset(question_set.ids("effect"))
        self.same = frozenset(question_set.ids("same_codes"))
        self.beside_effect = frozenset(
            (
                *question_set.ids("basis"),
                *question_set.ids("reason"),
                *question_set.ids("mitigation"),
            )
        )

    def section_pages(self, section: Section) -> Iterator[Page]:
        holds_sources = section.id == self.question_set.id_for("evidence_section")
        if holds_sources and not self.short and not self.stopped:
            yield Page("evidence", section.id, Kind.EVIDENCE)
        pages = tuple(self._question_pages(section))
        yield from (page for page in pages if not self._follows_rows(page))
        for group_list in self.question_set.groups:
            asked = [
                question
                for question in self.question_set.questions
                if group_list.id in question.scope
                and (group_list.section or question.section) == section.id
            ]
            if asked:
                yield from self._list_pages(section, group_list, asked)
        yield from (page for page in pages if self._follows_rows(page))

    def _follows_rows(self, page: Page) -> bool:
        """Whether a page goes on from what was asked of every group, so that it comes after."""
        leads = [self.question_set.question(one).companion_of for one in page.questions]
        return any(lead and self.question_set.question(lead).scope for lead in leads)

    def _question_pages(self, section: Section) -> Iterator[Page]:
        """Gather the form questions that share a page, in order."""
        together: dict[str, list[Question]] = {}
        for question in self.question_set.questions_in(section.id):
            if not question.scope and self._wanted(question):
                together.setdefault(question.page, []).append(question)
        for page_id, asked in together.items():
            kind = Kind.LIST if asked[0].type == "list" else Kind.QUESTIONS
            yield Page(page_id, section.id, kind, tuple(question.id for question in asked))

    def _list_pages(
        self, section: Section, group_list: GroupList, asked: list[Question]
    ) -> Iterator[Page]:
        effects = [question for question in asked if question.id in self.effects]
        beside = [question for question in asked if question.id in self.beside_effect]
        others = [question for question in asked if question not in (*effects, *beside)]
        rows = self.view.rows(group_list.id)
        leads_to = tuple(question.id for question in beside if effects)
        for page in self._overviews(section, group_list, effects or beside, rows):
            yield replace(page, leads_to=leads_to)
        if effects and not self.stopped:
            yield from self._group_pages(section, group_list, beside, rows)
        yield from self._overviews(section, group_list, others, rows)

    def _overviews(
        self,
        section: Section,
        group_list: GroupList,
        asked: list[Question],
        rows: tuple[str, ...],
    ) -> Iterator[Page]:
        for question in asked:
            groups = tuple(row for row in rows if self._wanted(question, row))
            if groups:
                yield Page(
                    f"{question.page}-{group_list.id}",
                    section.id,
                    Kind.OVERVIEW,
                    (question.id,),
                    groups,
                    group_list.id,
                )

    def _group_pages(
        self,
        section: Section,
        group_list: GroupList,
        beside: list[Question],
        rows: tuple[str, ...],
    ) -> Iterator[Page]:
        """Make a page for each group that is affected, and one for those that are not."""
        same: list[str] = []
        for row in rows:
            effect = self._effect(group_list, row)
            asked = tuple(q.id for q in beside if self._wanted(q, row))
            if effect in self.same:
                same.append(row)
            elif effect is not None and asked:
                page_id = f"group-{group_list.id}-{row}"
                yield Page(page_id, section.id, Kind.GROUP, asked, (row,), group_list.id)
        asked = tuple(q.id for q in beside if any(self._wanted(q, row) for row in same))
        if same and asked:
            page_id = f"same-{group_list.id}"
            yield Page(page_id, section.id, Kind.SAME, asked, tuple(same), group_list.id)

    def _effect(self, group_list: GroupList, row: str) -> object:
        questions = (self.question_set.question(question) for question in self.effects)
        asked = (q.id for q in questions if group_list.id in q.scope)
        return next((self.answers.get(question, row) for question in asked), None)

    def _wanted(self, question: Question, group: str | None = None) -> bool:
        if not self.view.asks(question.id, group):
            return False
        if self.stopped:
            return question.id in self.stop
        if not self.short:
            return True
        answered = self.answers.get(question.id, group) is not None
        return answered or self.view.requires(question.id, group)
