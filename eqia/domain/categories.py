"""The groups by which people are counted: dated sets of categories, never mixed.

Measures.md section 9. A reading points at one member of one edition; a new edition is a new
series; people whose group is not known stay in the count and are told of.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path

from eqia.domain.errors import Invalid, Problem, Refusal

FOLDER = Path(__file__).parent / "category_sets"


_NOT_CARRIED = "They are not carried over, and a new series starts."
#: nobody is older
_OLDEST = 130


class Kind(StrEnum):
    """What a member says about people."""

    SUBSTANTIVE = "substantive"
    UNKNOWN = "unknown"
    DECLINED = "declined"
    NOT_RECORDED = "not_recorded"
    NOT_APPLICABLE = "not_applicable"
    TOTAL = "total"


#: members that stand for people whose group is not known
NOT_KNOWN = frozenset({Kind.UNKNOWN, Kind.DECLINED, Kind.NOT_RECORDED})


@dataclass(frozen=True, slots=True)
class Category:
    """One group of a set."""

    code: str
    label: str
    kind: Kind = Kind.SUBSTANTIVE
    #: the wider group it belongs to
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySet:
    """One edition of a set of groups, in the order in which they are shown."""

    code: str
    label: str
    characteristic: str
    edition: str
    source: str
    members: tuple[Category, ...]
    replaces: str = ""
    note: str = ""
    #: whether its groups have an order that a slope can be drawn over, the most deprived first
    ordered: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What no other set has: code and edition."""
        return self.code, self.edition

    @property
    def substantive(self) -> tuple[Category, ...]:
        """The members that say something about people."""
        return tuple(one for one in self.members if one.kind is Kind.SUBSTANTIVE)

    def member(self, code: str) -> Category:
        """Find a member by its code."""
        found = next((one for one in self.members if one.code == code), None)
        if found is None:
            raise Refusal(f"“{code[:40]}” is not in {self.label}.", code="unknown_category")
        return found

    def parents(self) -> dict[str, tuple[str, ...]]:
        """List the wider groups, each with the codes that make it up."""
        found: dict[str, tuple[str, ...]] = {}
        for one in self.members:
            if one.parent:
                found[one.parent] = (*found.get(one.parent, ()), one.code)
        return found


@dataclass(frozen=True, slots=True)
class KnownFor:
    """For how many of all the group is known."""

    known: int
    of: int
    #: whether there may be more, in groups whose number is not there
    at_least: bool = False

    @property
    def words(self) -> str:
        """What stands beside every breakdown."""
        least = "at least " if self.at_least else ""
        return f"known for {least}{self.known:,} of {self.of:,}"

    @property
    def unknown_share(self) -> Fraction | None:
        """The share whose group is not known; none of nobody."""
        return Fraction(self.of - self.known, self.of) if self.of else None


@cache
def load_category_sets() -> Mapping[tuple[str, str], CategorySet]:
    """Load the bundled sets, every edition, by code and edition."""
    found = [
        parse_set(path.read_text("utf-8"), path.name) for path in sorted(FOLDER.glob("*.toml"))
    ]
    return {one.key: one for one in found}


def parse_set(text: str, name: str) -> CategorySet:
    """Read a set from TOML and refuse one that contradicts itself, naming every fault."""
    try:
        raw = tomllib.loads(text)
        members = tuple(_category(one) for one in raw.pop("members"))
        found = CategorySet(members=members, **raw)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid([Problem(name, f"is not a category set: {error}")]) from error
    check_set(found, name)
    return found


def check_set(found: CategorySet, name: str = "members") -> None:
    """Refuse a set with a code or label twice, an empty one, or no group to speak of."""
    faults = [
        *_twice([one.code for one in found.members], "code"),
        *_twice([_folded(one.label) for one in found.members], "label"),
        *(["has no group"] if not found.substantive else []),
        *(["has a member without a code or a label"] if not _is_named(found) else []),
    ]
    if faults:
        raise Invalid([Problem(name, fault) for fault in faults])


def editions(sets: Iterable[CategorySet], code: str) -> tuple[CategorySet, ...]:
    """List the editions of a set, the latest first."""
    found = [one for one in sets if one.code == code]
    return tuple(sorted(found, key=lambda one: one.edition, reverse=True))


def breaks_series(before: CategorySet, after: CategorySet) -> bool:
    """Say whether readings by one set do not go on in the other."""
    return before.key != after.key


def move_words(before: CategorySet, after: CategorySet | None) -> str:
    """Say what is lost when a measure leaves a set for another, or for groups of its own.

    Nothing is ever mapped from one set to another: that is somebody's decision, every time.
    """
    told = [f"The figures so far are by {before.label}, {before.edition}.", _NOT_CARRIED]
    if after is not None:
        here, there = _headings(before), _headings(after)
        told += _named("Only in the new groups", [one for one in there if one not in here])
        told += _named("Only in the old groups", [one for one in here if one not in there])
        both = [one for one in here if one in there and here[one] != there[one]]
        told += _named("Under another heading", both)
    return " ".join([*told, "Tick the box if you mean it"])


def _headings(found: CategorySet) -> dict[str, str]:
    """Give each group with the first word of its heading: headings are worded a little apart."""
    return {
        one.label: _folded(one.parent).partition(" ")[0].strip(",") for one in found.substantive
    }


def _named(what: str, labels: Sequence[str]) -> list[str]:
    return [f"{what}: {', '.join(labels)}."] if labels else []


def one_set(sets: Iterable[CategorySet]) -> CategorySet:
    """Refuse to put members of different sets together: their sum counts people twice."""
    found = {one.key: one for one in sets}
    if len(found) != 1:
        raise Refusal(
            "These groups come from different sets, so they cannot be added. Choose one set.",
            code="sets_mixed",
        )
    return next(iter(found.values()))


def candidates(labels: Sequence[str], sets: Iterable[CategorySet]) -> tuple[CategorySet, ...]:
    """Find the sets that have all of these labels together; a person chooses, even from one.

    No label alone tells: “Other”, even “Asian”, differ from source to source.
    """
    wanted = {_folded(one) for one in labels if one.strip()}
    found = [one for one in sets if wanted and wanted <= {_folded(m.label) for m in one.members}]
    # The set with the fewest members left over fits best.
    return tuple(sorted(found, key=lambda one: (len(one.members), one.key)))


def known_for(counts: Mapping[str, int], found: CategorySet) -> KnownFor:
    """Count the people whose group is known, of all to whom the question applies."""
    kinds = {code: found.member(code).kind for code in counts}
    known = sum(n for code, n in counts.items() if kinds[code] is Kind.SUBSTANTIVE)
    unknown = sum(n for code, n in counts.items() if kinds[code] in NOT_KNOWN)
    return KnownFor(known, known + unknown)


def age_category(first: int | None, last: int | None) -> Category:
    """Make an age group from any two ages, both included; a blank end is open."""
    if (first, last) == (None, None) or not 0 <= (first or 0) <= (
        _OLDEST if last is None else last
    ):
        raise Refusal("Give an age, or two with the younger one first.", code="bad_ages")
    if first is None or last is None:
        label = f"{first} and over" if last is None else f"{last} and under"
        return Category(f"{first}+" if last is None else f"0-{last}", label)
    return Category(f"{first}-{last}", f"{first} to {last}")


def _category(raw: Mapping[str, str]) -> Category:
    kind = Kind(raw.get("kind", Kind.SUBSTANTIVE))
    return Category(raw["code"], raw["label"], kind, raw.get("parent", ""))


def _is_named(found: CategorySet) -> bool:
    return all(one.code.strip() and one.label.strip() for one in found.members)


def _twice(values: Sequence[str], what: str) -> list[str]:
    return [f"has the {what} {one} twice" for one in dict.fromkeys(values) if values.count(one) > 1]


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())
