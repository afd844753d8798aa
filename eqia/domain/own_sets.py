"""The sets of groups an organisation defines for itself, beside the standard ones, never mixed.

Measures.md section 9: carers, care experienced, armed forces, inclusion health. A set is dated;
what changes is another edition, which starts a new series.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from eqia.domain.categories import Category, CategorySet, Kind
from eqia.domain.errors import Invalid, Problem
from eqia.domain.measures import MOST_MEMBERS, MemberKind, members_from

#: codes of an organisation's own sets start so; no bundled set has such a code
OWN = "org-"
LONGEST_EDITION = 15
LONGEST_LABEL = 200
_FEWEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSet:
    """One edition of a set, as an administrator defines it."""

    label: str
    edition: str
    from_date: date | None
    groups: tuple[str, ...]
    #: the names of those whose group is not known
    unknown: tuple[str, ...] = ()
    characteristic: str = ""
    source: str = ""

    @property
    def members(self) -> list[dict[str, str]]:
        """Its groups with codes of their own, as they are kept."""
        return [one.as_json() for one in members_from(self.groups, self.unknown)]


def is_own(code: str) -> bool:
    """Whether a code is that of an organisation's own set."""
    return code.startswith(OWN)


def check_own_set(
    wanted: OwnSet, known: Iterable[CategorySet], earlier: Iterable[tuple[str, date]]
) -> None:
    """Refuse a set without name, days or groups, or one that there is already.

    `known` are all other sets, and `earlier` the editions of this one with their first days.
    """
    before = tuple(earlier)
    problems = [*_head(wanted, known, before), *_groups(wanted)]
    if problems:
        raise Invalid(problems)


def as_category_set(head: Mapping[str, str], members: Iterable[Mapping[str, str]]) -> CategorySet:
    """Read what is kept of an own set as a set like any other."""
    return CategorySet(
        code=head["code"],
        label=head["label"],
        characteristic=head["characteristic"],
        edition=head["edition"],
        source=head["source"],
        replaces=head.get("replaces", ""),
        members=tuple(
            Category(
                one["code"],
                one["label"],
                Kind.UNKNOWN if one["kind"] == MemberKind.UNKNOWN else Kind.SUBSTANTIVE,
            )
            for one in members
        ),
    )


def _head(
    wanted: OwnSet, known: Iterable[CategorySet], before: tuple[tuple[str, date], ...]
) -> Iterable[Problem]:
    labels = {one.label.casefold() for one in known}
    if not wanted.label:
        yield Problem("label", "Enter what the set is called")
    elif not before and wanted.label.casefold() in labels:
        yield Problem("label", "There is a set of this name already")
    if not wanted.edition:
        yield Problem("edition", "Enter which edition it is, such as 2026")
    elif wanted.edition in {edition for edition, _ in before}:
        yield Problem("edition", "There is such an edition already. What changes is a new one")
    if wanted.from_date is None:
        yield Problem("from_date", "Enter the day from which it is used")
    elif before and wanted.from_date <= max(day for _, day in before):
        yield Problem("from_date", "The day must be after that of the edition before")


def _groups(wanted: OwnSet) -> Iterable[Problem]:
    every = [*wanted.groups, *wanted.unknown]
    folded = [label.casefold() for label in every]
    if len(wanted.groups) < _FEWEST:
        yield Problem("groups", "List two groups or more, one a line")
    elif len(every) > MOST_MEMBERS:
        yield Problem("groups", f"Give {MOST_MEMBERS} groups or fewer")
    elif any(len(label) > LONGEST_LABEL for label in every):
        yield Problem("groups", f"Use {LONGEST_LABEL} characters or fewer for each name")
    if len(set(folded)) != len(folded):
        yield Problem("groups", "Give every group a name of its own")
