"""Acts on a project: start it, change it, say who is in it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.errors import Conflict, Invalid, NotAllowed, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import MemberRole, Person
from eqia.domain.permissions import Action
from eqia.domain.projects import Project, check_project
from eqia.persistence.database import writing
from eqia.persistence.queries import projects as queries
from eqia.persistence.tables.people import PersonRow
from eqia.persistence.tables.projects import ProjectMemberRow, ProjectRow
from eqia.services import events, flags, tokens
from eqia.services.guards import must

FACTS = (
    "title",
    "summary",
    "organisations",
    "question_set_id",
    "start_date",
    "end_date",
    "decision_date",
    "sites",
    "supplier",
    "groups_served",
    "people_a_year",
)


def create(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    project: Project,
    token: str,
    context: Context = NO_CONTEXT,
) -> ProjectRow:
    """Start a project led by whoever starts it; a repeated token gives the first one back."""
    must(actor, Action.START_PROJECT)
    check_project(project)
    with writing(session):
        used = tokens.result_of(session, token=token, actor=actor)
        if used is not None:
            return session.get_one(ProjectRow, used)
        row = ProjectRow(created_by=actor.id, created_at=now, updated_at=now)
        _write(row, project)
        session.add(row)
        session.flush()
        session.add(
            ProjectMemberRow(
                project_id=row.id,
                person_id=actor.id,
                role=MemberRole.LEAD,
                added_by=actor.id,
                from_at=now,
            )
        )
        tokens.use(
            session, token=token, actor=actor, action="create_project", now=now, result=row.id
        )
        _log(session, now, actor, "project.created", row, context)
    return row


def update(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    row: ProjectRow,
    version: int,
    project: Project,
    context: Context = NO_CONTEXT,
) -> ProjectRow:
    """Change a project's facts; signed screenings are told when a material one moved."""
    must(actor, Action.EDIT_PROJECT, queries.thing_of(row))
    check_project(project)
    with writing(session):
        session.refresh(row)
        if row.version != version:
            raise Conflict(
                "Somebody else changed this project while you had it open.",
                current=row.summary,
                attempted=project.summary,
            )
        _write(row, project)
        row.version += 1
        row.updated_at = now
        session.flush()
        flags.refresh_project(session, project=row, now=now)
        _log(session, now, actor, "project.changed", row, context)
    return row


def add_member(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    row: ProjectRow,
    person: PersonRow,
    context: Context = NO_CONTEXT,
) -> ProjectMemberRow:
    """Let somebody with an account work on the project."""
    must(actor, Action.INVITE_MEMBER, queries.thing_of(row))
    with writing(session):
        there = queries.membership(session, row.id, person.id)
        if there is not None:
            raise Invalid([Problem("email", f"{person.name} is already in this project")])
        member = ProjectMemberRow(
            project_id=row.id,
            person_id=person.id,
            role=MemberRole.MEMBER,
            added_by=actor.id,
            from_at=now,
        )
        session.add(member)
        session.flush()
        _log(session, now, actor, "project.member_added", row, context, person=person.id)
    return member


def end_membership(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    row: ProjectRow,
    person_id: UUID,
    context: Context = NO_CONTEXT,
) -> None:
    """Take somebody out of the project; what they wrote stays theirs."""
    must(actor, Action.INVITE_MEMBER, queries.thing_of(row))
    with writing(session):
        member = queries.membership(session, row.id, person_id)
        if member is None:
            return
        if member.role is MemberRole.LEAD:
            raise NotAllowed("A project needs a lead. Make somebody else the lead first.")
        member.until_at = now
        _log(session, now, actor, "project.member_left", row, context, person=person_id)


def change_lead(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    row: ProjectRow,
    person_id: UUID,
    context: Context = NO_CONTEXT,
) -> None:
    """Make a member the lead; the lead before becomes a member."""
    must(actor, Action.INVITE_MEMBER, queries.thing_of(row))
    with writing(session):
        member = queries.membership(session, row.id, person_id)
        if member is None:
            raise Invalid([Problem("person", "Choose somebody who is in the project")])
        for other, _ in queries.members(session, row.id):
            if other.role is MemberRole.LEAD:
                other.role = MemberRole.MEMBER
        member.role = MemberRole.LEAD
        _log(session, now, actor, "project.lead_changed", row, context, person=person_id)


def _write(row: ProjectRow, project: Project) -> None:
    for name in FACTS:
        setattr(row, name, getattr(project, name))
    # A new list each time: a change inside a JSON value goes unnoticed.
    row.bodies = list(project.bodies)


def _log(
    session: Session,
    now: datetime,
    actor: Person,
    action: str,
    row: ProjectRow,
    context: Context,
    *,
    person: UUID | None = None,
) -> None:
    events.append(
        session,
        now=now,
        actor=actor,
        action=action,
        entity="project",
        entity_id=row.id,
        entity_version=row.version,
        payload={"person": str(person)} if person else {},
        context=context,
    )
