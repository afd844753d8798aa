"""A project's facts, and which of them make a signed screening stale when they change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from eqia.domain.errors import Invalid, Problem

#: product.md section 3: a change to one of these makes a signed screening stale.
MATERIAL = {
    "start_date": "the start date",
    "end_date": "the end date",
    "decision_date": "the decision date",
    "sites": "the sites",
    "groups_served": "the groups served",
    "supplier": "the supplier or device",
    "bodies": "the deciding organisations",
}
#: A change in scale of this share or more matters too (Hough [2022] EWHC 1635).
SCALE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Project:
    """What a project is, as its team describes it."""

    title: str
    summary: str = ""
    organisations: str = ""
    question_set_id: str = "bhp-nhs"
    start_date: date | None = None
    end_date: date | None = None
    decision_date: date | None = None
    sites: str = ""
    supplier: str = ""
    groups_served: str = ""
    people_a_year: int | None = None
    bodies: tuple[str, ...] = ()

    def snapshot(self) -> dict[str, object]:
        """Keep the facts as plain JSON values, for the record and the stale flag."""
        facts: dict[str, object] = {
            name: getattr(self, name)
            for name in ("title", "summary", "organisations", "sites", "supplier", "groups_served")
        }
        for name in ("start_date", "end_date", "decision_date"):
            day: date | None = getattr(self, name)
            facts[name] = day.isoformat() if day else None
        return {**facts, "people_a_year": self.people_a_year, "bodies": sorted(self.bodies)}


def check_project(project: Project) -> None:
    """Refuse a project without a title, or one that ends before it starts."""
    problems = []
    if not project.title.strip():
        problems.append(Problem("title", "Enter a title for the project"))
    if project.start_date and project.end_date and project.end_date < project.start_date:
        problems.append(Problem("end_date", "The end date must be the same as or after the start"))
    if project.people_a_year is not None and project.people_a_year < 0:
        problems.append(Problem("people_a_year", "The number of people cannot be below 0"))
    if problems:
        raise Invalid(problems)


def material_changes(
    signed: Mapping[str, object], current: Mapping[str, object]
) -> tuple[str, ...]:
    """Name, in words, every material fact that differs from the sign-off snapshot."""
    changed = [
        words
        for name, words in MATERIAL.items()
        if (signed.get(name) or None) != (current.get(name) or None)
    ]
    if scale_changed(signed.get("people_a_year"), current.get("people_a_year")):
        changed.append("the number of people a year, by a quarter or more")
    return tuple(changed)


def scale_changed(before: object, after: object) -> bool:
    """Whether the people a year moved by a quarter or more; a number appearing or going counts."""
    if not isinstance(before, int) or not isinstance(after, int):
        return before != after
    return before != after and abs(after - before) >= SCALE_SHARE * before
