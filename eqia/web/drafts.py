"""A screening as its pages show it, read once a request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from flask import url_for
from sqlalchemy.orm import Session

from eqia.domain.answers import Answers, Unanswered
from eqia.domain.days import add_months
from eqia.domain.decisions import Decision, decide
from eqia.domain.edits import Edit, Place, Typed
from eqia.domain.evidence import Source
from eqia.domain.journeys import (
    Kind,
    Page,
    SectionProgress,
    closed_sections,
    find_page,
    page_asking,
    pages,
    section_progress,
)
from eqia.domain.permissions import Thing
from eqia.domain.questions import Question, QuestionSet, text_in
from eqia.domain.rescreenings import Again
from eqia.domain.screenings import EDITABLE
from eqia.domain.versions import sections_about
from eqia.persistence.queries import evidence as evidence_queries
from eqia.persistence.queries import projects as project_queries
from eqia.persistence.queries import rescreenings
from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables.reviews import CommentRow
from eqia.persistence.tables.screenings import ScreeningRow, SectionRow
from eqia.web.extensions import db
from eqia.web.filters import day
from eqia.web.forms.screenings import Sheet
from eqia.web.wording import counted, said, say

Comments = Mapping[Place, list[tuple[CommentRow, str]]]


@dataclass(frozen=True)
class Draft:
    """Everything the pages of one screening version need, read once a request."""

    row: ScreeningRow
    asked: QuestionSet
    typed: Mapping[Place, Typed]
    sources: tuple[Source, ...] = ()
    sections: Mapping[str, SectionRow] = field(default_factory=dict)
    comments: Comments = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)
    #: answers that are not those of the version before
    changed: frozenset[Place] = frozenset()

    @property
    def language(self) -> str:
        """The language the questions are asked in."""
        return self.row.language

    @property
    def stopped(self) -> bool:
        """Whether the team stopped to go to the full assessment."""
        return self.row.stopped_at is not None

    @property
    def thing(self) -> Thing:
        """What it depends on who may write here."""
        return Thing(project_id=self.row.project_id, status=self.row.status)

    @property
    def editable(self) -> bool:
        """Whether answers may change at this stage."""
        return self.row.status in EDITABLE

    @cached_property
    def sheet(self) -> Sheet:
        """What the form of a page is built from."""
        return Sheet(
            asked=self.asked,
            language=self.language,
            typed=self.typed,
            sources=self.sources,
            bodies=self.bodies,
            offer=self._offer,
        )

    def _offer(self, name: str) -> str:
        """Word a default the set offers; it is read, never filled in."""
        project = project_queries.get(db.session, self.row.project_id)
        if project is None:
            return ""
        if name == "bodies" and project.bodies:
            names = [self.bodies.get(code, code) for code in project.bodies]
            return self.say("offer_bodies", ", ".join(names))
        if name == "review_date" and project.start_date:
            months = self.asked.review.default_months
            after = add_months(project.start_date, months)
            return self.say("offer_review", months, day(after, self.language))
        return ""

    @cached_property
    def answers(self) -> Answers:
        """The answers that could be read."""
        return queries.answers_from(self.asked, self.typed)

    @cached_property
    def decision(self) -> Decision:
        """What they come to so far."""
        return decide(self.asked, self.answers, language=self.language)

    @cached_property
    def missing(self) -> tuple[Unanswered, ...]:
        """What has to be answered before it can be sent."""
        return self.answers.missing(self.asked, outcome=self.decision.outcome, stopped=self.stopped)

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """The pages of the form as it stands."""
        return pages(self.asked, self.answers, stopped=self.stopped)

    def page(self, page_id: str) -> Page | None:
        """Find a page by its id."""
        return find_page(self.pages, page_id)

    @cached_property
    def progress(self) -> tuple[SectionProgress, ...]:
        """How far each section has come."""
        return section_progress(
            self.asked,
            self.answers,
            self.pages,
            stopped=self.stopped,
            sources=len(self.sources),
        )

    @cached_property
    def closed(self) -> frozenset[str]:
        """The sections of the form that cannot start yet."""
        here = {page.section for page in self.pages}
        return closed_sections(self.asked, self.answers) & here

    @cached_property
    def again(self) -> Again | None:
        """The decision to screen again that it answers."""
        return rescreenings.behind(db.session, self.row)

    @cached_property
    def before(self) -> ScreeningRow | None:
        """The version it follows."""
        return queries.version_before(db.session, self.row)

    @property
    def next_number(self) -> int:
        """The number of the version that would be begun after it."""
        return queries.end_of_line(db.session, self.row).number + 1

    @cached_property
    def next_again(self) -> Again | None:
        """The decision to screen again that the version after it will answer."""
        return rescreenings.ahead(db.session, self.row)

    @property
    def next_asked(self) -> tuple[str, ...]:
        """The titles of the parts which that decision asks anew."""
        groups = self.next_again.groups if self.next_again else ()
        found = sections_about(self.asked, groups)
        return tuple(self.text(one.title) for one in self.asked.sections if one.id in found)

    @property
    def may_stop(self) -> bool:
        """Whether "Stop here" is on offer: a top rule matches, and the set knows what remains."""
        top = self.asked.top.id
        return (
            not self.stopped
            and bool(self.asked.ids("stop_required"))
            and any(reason.outcome == top for reason in self.decision.reasons)
        )

    def href(self, question: str, group: str | None) -> str:
        """Give the address of the page that asks a question, or "" if none does."""
        if not self.editable:
            return ""
        found = page_asking(self.pages, question, group)
        return page_href(self.row, found) if found else ""

    def label(self, question: Question, group: str | None) -> str:
        """Name an answer: its id, its few words, its group."""
        short = text_in(question.short, self.language) or question.id
        bare = question.companion_of or short == question.id
        name = short if bare else f"{question.id} {short}"
        return f"{name}: {self.group_label(question, group)}" if group else name

    def group_label(self, question: Question, group: str) -> str:
        """Name a group of a question."""
        found = (g for g in self.asked.groups_for(question) if g.id == group)
        return next((text_in(one.label, self.language) for one in found), group)

    def say(self, key: str, *values: object) -> str:
        """Give words of ours in the screening's language."""
        return say(self.language, key, *values)

    def counted(self, key: str, number: int) -> str:
        """Give words of ours with a number in them."""
        return counted(self.language, key, number)

    def listed(self, english: Iterable[str]) -> str:
        """Give, one after the other, what the service says in English alone."""
        return self.say("and").join(said(self.language, one) for one in english)

    def text(self, texts: Mapping[str, str]) -> str:
        """Give a text of the set in the screening's language."""
        return text_in(texts, self.language)


def draft_of(session: Session, row: ScreeningRow) -> Draft:
    """Read a screening for its pages."""
    typed = queries.typed_in(session, row)
    return Draft(
        row,
        queries.question_set_of(session, row),
        typed,
        evidence_queries.sources_of(session, row),
        queries.sections_of(session, row),
        queries.comments_on(session, row),
        queries.bodies(session),
        _changed(session, row, typed),
    )


def _changed(session: Session, row: ScreeningRow, typed: Mapping[Place, Typed]) -> frozenset[Place]:
    """List the answers that differ from the version before, if there is one."""
    before = queries.version_before(session, row)
    if before is None:
        return frozenset()
    edit = Edit("", 0, {**dict.fromkeys(queries.typed_in(session, before), Typed()), **typed})
    return frozenset(place for place, _, _ in edit.differences(queries.typed_in(session, before)))


def page_href(row: ScreeningRow, page: Page) -> str:
    """Give the address of a page of the form."""
    if page.kind is Kind.CHECK:
        return url_for("screenings.check", screening_id=row.id)
    if page.kind is Kind.EVIDENCE:
        return url_for("evidence.index", screening_id=row.id)
    return url_for("screenings.page", screening_id=row.id, page_id=page.id)


def comments_listed(draft: Draft) -> list[dict[str, object]]:
    """List every commented answer of a form with its page and what was said, in form order."""
    places = [place for place in draft.comments if draft.asked.has_question(place[0])]
    order = {question.id: at for at, question in enumerate(draft.asked.questions)}
    return [
        {
            "label": draft.label(draft.asked.question(question), group or None),
            "href": draft.href(question, group or None),
            "comments": draft.comments[question, group],
        }
        for question, group in sorted(places, key=lambda place: (order[place[0]], place[1]))
    ]
