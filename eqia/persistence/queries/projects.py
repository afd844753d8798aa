"""Projects a person may see, and who is in them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eqia.domain.permissions import Thing
from eqia.domain.projects import Project
from eqia.persistence.tables.people import PersonRow
from eqia.persistence.tables.projects import ProjectMemberRow, ProjectRow
from eqia.persistence.tables.screenings import ScreeningRow


def get(session: Session, project_id: UUID) -> ProjectRow | None:
    """Find a project."""
    return session.get(ProjectRow, project_id)


def thing_of(project: ProjectRow) -> Thing:
    """Give the facts a permission depends on."""
    return Thing(project_id=project.id)


def facts_of(row: ProjectRow) -> Project:
    """Read a row as the project it describes."""
    return Project(
        title=row.title,
        summary=row.summary,
        organisations=row.organisations,
        question_set_id=row.question_set_id,
        start_date=row.start_date,
        end_date=row.end_date,
        decision_date=row.decision_date,
        sites=row.sites,
        supplier=row.supplier,
        groups_served=row.groups_served,
        people_a_year=row.people_a_year,
        bodies=tuple(row.bodies),
    )


def of_person(session: Session, person_id: UUID) -> Sequence[ProjectRow]:
    """List the projects somebody is in, newest first."""
    mine = select(ProjectMemberRow.project_id).where(
        ProjectMemberRow.person_id == person_id, ProjectMemberRow.until_at.is_(None)
    )
    return session.scalars(
        select(ProjectRow)
        .where(ProjectRow.id.in_(mine))
        .order_by(ProjectRow.created_at.desc(), ProjectRow.id)
    ).all()


def by_id(session: Session, ids: Collection[UUID]) -> dict[UUID, ProjectRow]:
    """Find several projects at once."""
    rows = session.scalars(select(ProjectRow).where(ProjectRow.id.in_(list(ids))))
    return {row.id: row for row in rows}


def every(session: Session, *, limit: int, offset: int) -> Sequence[ProjectRow]:
    """List all projects, newest first, for those who may read every draft."""
    return session.scalars(
        select(ProjectRow)
        .order_by(ProjectRow.created_at.desc(), ProjectRow.id)
        .limit(limit)
        .offset(offset)
    ).all()


def count(session: Session) -> int:
    """Count all projects."""
    return session.scalar(select(func.count()).select_from(ProjectRow)) or 0


def members(session: Session, project_id: UUID) -> Sequence[tuple[ProjectMemberRow, PersonRow]]:
    """List who is in a project now, lead first, then by name."""
    rows = session.execute(
        select(ProjectMemberRow, PersonRow)
        .join(PersonRow, PersonRow.id == ProjectMemberRow.person_id)
        .where(ProjectMemberRow.project_id == project_id, ProjectMemberRow.until_at.is_(None))
        .order_by(ProjectMemberRow.role, PersonRow.name, PersonRow.id)
    )
    return [(member, person) for member, person in rows]


def membership(session: Session, project_id: UUID, person_id: UUID) -> ProjectMemberRow | None:
    """Find somebody's place in a project now."""
    return session.scalar(
        select(ProjectMemberRow).where(
            ProjectMemberRow.project_id == project_id,
            ProjectMemberRow.person_id == person_id,
            ProjectMemberRow.until_at.is_(None),
        )
    )


def screenings(session: Session, project_id: UUID) -> Sequence[ScreeningRow]:
    """List the screenings of a project, newest version first."""
    return session.scalars(
        select(ScreeningRow)
        .where(ScreeningRow.project_id == project_id)
        .order_by(ScreeningRow.reference.desc(), ScreeningRow.number.desc())
    ).all()
