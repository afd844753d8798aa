"""A team and its draft, for tests of what services do with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eqia.domain.answer_parsing import parse_answers
from eqia.domain.edits import Edit, Typed
from eqia.domain.people import MemberRole, Person
from eqia.domain.versions import sections_of
from eqia.persistence.queries import screenings as queries
from eqia.services import screenings as services
from tests.builders import NOW, acting, make_member, make_person, make_project

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from eqia.domain.questions import QuestionSet
    from eqia.persistence.tables import ProjectRow, ScreeningRow

SHORT = {
    "A1": "A cooling unit is swapped at night.",
    "A2": ["technical"],
    "A3": ["nobody"],
    "A4": "lt50",
    "A5": "options",
    "A5_date": "2027-06-30",
    "A7": ["northmere"],
    **dict.fromkeys(("B1", "B2", "B3", "B4"), "no"),
    "B9": "Only machines are swapped, and no service stops.",
}


@dataclass
class Team:
    """A project with its lead, a member and a draft."""

    session: Session
    project: ProjectRow
    lead: Person
    member: Person
    draft: ScreeningRow

    @property
    def asked(self) -> QuestionSet:
        return queries.question_set_of(self.session, self.draft)

    def save(
        self, actor: Person | None = None, *, version: int | None = None, **answers: Any
    ) -> int:
        """Save answers as one edit for each section they stand in."""
        last = 0
        for section, typed in self.by_section(answers).items():
            held = queries.section_version(self.session, self.draft, section)
            last = services.save(
                self.session,
                actor=actor or self.lead,
                now=NOW,
                screening=self.draft,
                edit=Edit(section, held if version is None else version, typed),
            )
        return last

    def by_section(self, answers: Mapping[str, Any]) -> dict[str, dict[Any, Typed]]:
        parsed = parse_answers(self.asked, answers)
        found: dict[str, dict[Any, Typed]] = {}
        for question, group, value in parsed.items(self.asked):
            section = min(sections_of(self.asked, question))
            found.setdefault(section, {})[question, group or ""] = Typed(value)
        return found

    def answers(self) -> dict[str, Any]:
        return queries.answers_of(self.session, self.draft).as_json()

    def submit(self, token: str = "send", **values: Any) -> ScreeningRow:  # noqa: S107 - no secret
        return services.submit(
            self.session, actor=self.lead, now=NOW, screening=self.draft, token=token, **values
        )


def make_team(session: Session, *, set_id: str = "bhp-nhs", language: str = "en") -> Team:
    lead, member = make_person(session, name="Ada Lead"), make_person(session, name="Ben Member")
    project = make_project(session, lead=lead, question_set_id=set_id)
    make_member(session, project=project, person=member)
    roles = {project.id: MemberRole.LEAD}, {project.id: MemberRole.MEMBER}
    actor = acting(lead, projects=roles[0])
    draft = services.start(
        session,
        actor=actor,
        now=NOW,
        project=project,
        question_set_id=set_id,
        language=language,
        token=f"start-{project.id}",
    )
    return Team(session, project, actor, acting(member, projects=roles[1]), draft)
