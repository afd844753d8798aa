"""People, their roles and the memberships that give them a say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person may be for the whole organisation (product.md section 2)."""

    REVIEWER = "reviewer"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class MemberRole(StrEnum):
    """What a person may be in one project."""

    LEAD = "lead"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in, with the grants in force at this moment."""

    id: UUID
    name: str
    email: str
    roles: frozenset[Role] = frozenset()
    projects: Mapping[UUID, MemberRole] = field(default_factory=dict)

    def leads(self, project_id: UUID) -> bool:
        """Whether they lead this project."""
        return self.projects.get(project_id) is MemberRole.LEAD

    def belongs_to(self, project_id: UUID) -> bool:
        """Whether they lead or are a member of this project."""
        return project_id in self.projects
