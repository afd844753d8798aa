"""A team, its reviewers and approvers, and a screening that has come as far as a test needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from eqia.domain.edits import Edit, Typed
from eqia.domain.people import MemberRole, Person, Role
from eqia.domain.reviews import Lowering, Signing, Supplied, Weight
from eqia.persistence.queries import screenings
from eqia.persistence.tables import PersonRow, ProjectRow, ScreeningRow
from eqia.services import reviews
from eqia.services.screenings import complete_section, new_version, save, submit
from tests.builders import (
    NOW,
    acting,
    answer,
    make_evidence,
    make_member,
    make_person,
    make_project,
)
from tests.builders import make_screening as make_draft
from tests.domain.forms import fix, groups, health_form

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

__all__ = ["CONDITIONS", "FULL", "MORE", "World", "open_world"]

_tokens = count(1)

MEASURES = [{"what": "Missed visits", "owner": "Sam", "date": "2027-09-30"}]

#: forms of `bhp-nhs` that come to each outcome
CONDITIONS = {"B5": "yes", "G2": MEASURES}
FULL = {"G1": "yes", "G1_why": "It is a big change."}
MORE = {"A6": "dk"}
BARRED = {"D1": "possibly"}


def fixed(**changed: Any) -> dict[str, Any]:
    """One small harm to one group, with a fix."""
    rows = health_form()
    return {
        "C1": {**rows["C1"], "age": "minor"},
        "C4": {"age": fix(**changed)},
        "G2": MEASURES,
    }


@dataclass
class World:
    """One screening and the people around it; `at` is the time, which a test moves."""

    session: Session
    lead_row: PersonRow
    project: ProjectRow
    screening: ScreeningRow
    at: datetime = NOW
    rows: dict[str, PersonRow] = field(default_factory=dict)

    def token(self) -> str:
        return f"token-{next(_tokens)}"

    @property
    def lead(self) -> Person:
        return acting(self.lead_row, projects={self.project.id: MemberRole.LEAD})

    def person(self, name: str, *roles: Role, **more: Any) -> Person:
        """Somebody with these roles, the same one each time the name is used."""
        if name not in self.rows:
            self.rows[name] = make_person(self.session, name=name, roles=roles)
        return acting(self.rows[name], roles=roles, **more)

    @property
    def reviewer(self) -> Person:
        return self.person("Rita Reviewer", Role.REVIEWER)

    @property
    def second(self) -> Person:
        return self.person("Sol Second", Role.REVIEWER)

    @property
    def approver(self) -> Person:
        return self.person("Ann Approver", Role.APPROVER)

    @property
    def author_with_every_role(self) -> Person:
        """The lead, who wrote it, made reviewer and approver too."""
        return acting(
            self.lead_row,
            roles=[Role.REVIEWER, Role.APPROVER],
            projects={self.project.id: MemberRole.LEAD},
        )

    def project_member(self, row: PersonRow) -> None:
        """Let somebody into the project."""
        make_member(self.session, project=self.project, person=row)

    def as_member(self, row: PersonRow) -> Person:
        return acting(row, projects={self.project.id: MemberRole.MEMBER})

    def by(self, actor: Person) -> dict[str, Any]:
        return {"actor": actor, "now": self.at, "screening": self.screening}

    def later(self, **amount: float) -> World:
        self.at += timedelta(**amount)
        return self

    # Acts, each with good words, so that a test says only what is different.

    def submit(self) -> World:
        submit(self.session, **self.by(self.lead), token=self.token())
        return self

    def edit(self, actor: Person | None = None, **answers: Any) -> World:
        """Save some answers to questions that are asked once."""
        asked = screenings.question_set_of(self.session, self.screening)
        for question, value in answers.items():
            section = asked.question(question).section
            version = screenings.section_version(self.session, self.screening, section)
            edit = Edit(section, version, {(question, ""): Typed(value)})
            save(self.session, **self.by(actor or self.lead), edit=edit)
        return self

    def submit_again(self) -> World:
        """Change a word and change it back, then send it: what it says stays the same."""
        said = screenings.answers_of(self.session, self.screening).get("A1")
        return self.edit(A1=f"{said} Really.").edit(A1=said).submit()

    def confirm(self, actor: Person | None = None, **more: Any) -> World:
        reviews.confirm(
            self.session, **{**self.by(actor or self.reviewer), "token": self.token(), **more}
        )
        return self

    def raise_outcome(self, outcome: str = "full", reason: str = "It is wider.", **more: Any):
        actor = more.pop("actor", None) or self.reviewer
        return reviews.raise_outcome(
            self.session, **self.by(actor), outcome=outcome, reason=reason, **more
        )

    def propose(self, outcome: str = "not_required", actor: Person | None = None, **words: str):
        given = {"reason": "It covers this.", "evidence": "EqIA 7, page 3.", **words}
        return reviews.propose_lowering(
            self.session, **self.by(actor or self.reviewer), lowering=Lowering(outcome, **given)
        )

    def agree(self, actor: Person | None = None, reason: str = "I looked too."):
        return reviews.agree_lowering(self.session, **self.by(actor or self.second), reason=reason)

    def send_back(self, actor: Person | None = None, **more: Any):
        due = self.at.date() + timedelta(days=7)
        return reviews.send_back(
            self.session,
            **self.by(actor or self.reviewer),
            **{"reason": "Say who was asked.", "due": due, **more},
        )

    def read(self, actor: Person | None = None, **more: Any):
        digest = more.pop("digest", self.screening.content_digest)
        return reviews.give_receipt(self.session, **self.by(actor or self.approver), digest=digest)

    def new_version(self) -> World:
        """Start the next version of a signed one, with everything carried over."""
        self.screening = new_version(
            self.session,
            **self.by(self.lead),
            summary="We looked again.",
            sections=("about",),
            token=self.token(),
        )
        complete_section(self.session, **self.by(self.lead), section="about", completed=True)
        return self

    def signing(self, **changed: Any) -> Signing:
        given = {
            "digest": self.screening.content_digest,
            "statements": ("need_a", "need_b", "need_c"),
            "weight": Weight("Shorter waits.", "None seen.", "Nobody is worse off."),
            "supplied": Supplied(),
        }
        return Signing(**{**given, **changed})

    def sign(self, actor: Person | None = None, token: str = "", **changed: Any) -> World:
        reviews.sign_off(
            self.session,
            **self.by(actor or self.approver),
            signing=self.signing(**changed),
            token=token or self.token(),
        )
        return self


class Kept(NamedTuple):
    """Who and what was in a world whose screening was signed, to find them again by."""

    lead: UUID
    project: UUID
    screening: UUID
    rows: Mapping[str, UUID]
    at: datetime

    @classmethod
    def signed(cls, session: Session, **form: Any) -> Kept:
        """Sign a screening, which takes longer than most tests, and keep who took part."""
        world = open_world(session, **form).submit().confirm().later(hours=1)
        world.read()
        world.sign()
        ids = world.lead_row.id, world.project.id, world.screening.id
        return cls(*ids, {name: row.id for name, row in world.rows.items()}, world.at)

    def found_by(self, session: Session) -> World:
        """Find them again in another session."""
        return World(
            session,
            session.get_one(PersonRow, self.lead),
            session.get_one(ProjectRow, self.project),
            session.get_one(ScreeningRow, self.screening),
            self.at,
            {name: session.get_one(PersonRow, found) for name, found in self.rows.items()},
        )


def open_world(
    session: Session,
    *,
    form: dict[str, Any] | None = None,
    answers: dict[str, Any] | None = None,
    project: dict[str, Any] | None = None,
    **changed: Any,
) -> World:
    """Make a complete draft of the health set, changed where a test says so."""
    lead = make_person(session, name="Lee Lead")
    row = make_project(session, lead=lead, **(project or {}))
    screening = make_draft(session, project=row, author=lead)
    whole = answers or health_form(
        A5_who="The board", F1_who="Twelve patients", D2_why="Nothing fits."
    )
    given = {**whole, **(form or {}), **changed}
    answer(session, screening=screening, answers=given, actor=lead)
    every = [*groups("pc"), *groups("local")]
    make_evidence(session, screening=screening, author=lead, groups=every)
    return World(session, lead, row, screening)
