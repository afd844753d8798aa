"""Which published counts add up to which: what somebody could subtract to find a hidden one.

Measures.md section 8, rule 3: within a breakdown, between overlapping ones, from a parent, and
between periods that lie within each other.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from eqia.domain.categories import load_category_sets
from eqia.domain.days import ONE_DAY
from eqia.domain.inference import Sum
from eqia.domain.measures import OVERALL, Definition
from eqia.domain.periods import Period
from eqia.domain.suppression import Cell, State

#: the name of one count
Key = str
#: what is counted, out of how many, and how many of these are not counted
TOP, BOTTOM, LEFT = "top/", "bottom/", "left/"


@dataclass(frozen=True, slots=True)
class Split:
    """A measure and the names of its counts, by period and member."""

    number: int
    definition: Definition
    places: Mapping[tuple[Period, str], Key]

    def name(self, code: str) -> str:
        """Name a member so that measures which count the same people name it alike."""
        if code == OVERALL:
            return ""
        of = self.definition.category_set
        return f"{of}/{code}" if of else self.definition.label(code).casefold()

    @property
    def periods(self) -> tuple[Period, ...]:
        """Every period with a reading."""
        return tuple(dict.fromkeys(period for period, _ in self.places))


@dataclass(frozen=True, slots=True)
class Part:
    """Counts that no sum connects with any other; some of them are shown to nobody."""

    cells: Mapping[Key, Cell]
    sums: Sequence[Sum]
    unseen: frozenset[Key]


def parts_of(columns: Mapping[str, Mapping[Key, Cell]], splits: Sequence[Split]) -> Iterator[Part]:
    """Take apart what does not hang together, each count named after its column and its name.

    Of a share who is counted and who is left out add up to all, in every row.
    """
    runs = _runs(splits)
    found = {column: Sums(cells, splits, runs) for column, cells in columns.items()}
    cells = {
        (column + key): cell for column, one in found.items() for key, cell in one.cells.items()
    }
    sums = [
        Sum(column + one.total, tuple(column + key for key in one.parts))
        for column, columned in found.items()
        for one in columned.found
    ]
    unseen = {column + key for column, one in found.items() for key in one.unseen}
    if LEFT in found:
        unseen |= {LEFT + key for key in found[LEFT].cells}
        sums += _across(cells, found[BOTTOM].cells)
    yield from _apart(cells, sums, unseen)


def _across(cells: Mapping[Key, Cell], bottoms: Mapping[Key, Cell]) -> Iterator[Sum]:
    """Add up those counted and those left out to all, where all three are known."""
    for key, bottom in bottoms.items():
        parts = tuple(column + key for column in (TOP, LEFT) if column + key in cells)
        counts = [one for part in parts if not isinstance(one := cells[part], State)]
        if parts and len(counts) == len(parts) and sum(counts) == bottom:
            yield Sum(BOTTOM + key, parts)


def _apart(cells: Mapping[Key, Cell], sums: Sequence[Sum], unseen: Set[Key]) -> Iterator[Part]:
    group = {key: {key} for key in cells}
    for one in sums:
        joined = max((group[key] for key in (one.total, *one.parts)), key=len)
        for key in (one.total, *one.parts):
            if (other := group[key]) is not joined:
                joined |= other
                group |= dict.fromkeys(other, joined)
    order = {key: at for at, key in enumerate(cells)}
    seen = {id(keys): keys for keys in group.values()}
    inner: dict[int, list[Sum]] = {}
    for one in sums:
        inner.setdefault(id(group[one.total]), []).append(one)
    for name, keys in seen.items():
        inside = sorted(keys, key=order.__getitem__)
        yield Part(
            {key: cells[key] for key in inside}, inner.get(name, []), frozenset(unseen & keys)
        )


class Sums:
    """The sums among some counts; people in none of the groups become a count nobody sees."""

    def __init__(
        self, cells: Mapping[Key, Cell], splits: Sequence[Split], runs: Sequence[Sum]
    ) -> None:
        self.cells = dict(cells)
        self.found: list[Sum] = []
        self.unseen: set[Key] = set()
        self._splits = splits
        for split in splits:
            self._breakdowns(split)
        for split in splits:
            self._headings(split)
        for one in runs:
            self._add(one.total, one.parts, is_whole=True)

    def _breakdowns(self, split: Split) -> None:
        """Add the groups, and those who are in none, up to everybody together."""
        members = [one.code for one in split.definition.members]
        if not members:
            return
        wanted = [
            (self._named(split, period, OVERALL), self._of(split, period, members))
            for period in split.periods
        ]
        left = [rest for total, parts in wanted if (rest := self._left(total, parts)) is not None]
        is_whole = bool(left) and not any(left)
        for total, parts in wanted:
            self._add(total, parts, is_whole=is_whole)

    def _headings(self, split: Split) -> None:
        """Add the groups under a heading up to the group of that name in a wider set."""
        below = _under(split.definition)
        for other in self._splits:
            for member in other.definition.members:
                codes = below.get(member.label, ())
                if other is split or not set(codes) <= _codes(split) or not codes:
                    continue
                for period in split.periods:
                    total = other.places.get((period, member.code))
                    if total is not None:
                        self._add(total, self._of(split, period, codes), is_whole=True)

    def _of(self, split: Split, period: Period, codes: Sequence[str]) -> tuple[Key, ...]:
        return tuple(self._named(split, period, code) for code in codes)

    def _named(self, split: Split, period: Period, code: str) -> Key:
        """Name a count; one that is not there could be any."""
        key = split.places.get((period, code))
        if key is None:
            key = f"none/{split.number}/{period}/{code}"
            self.cells.setdefault(key, State.MISSING)
        return key

    def _left(self, total: Key, parts: Sequence[Key]) -> int | None:
        """Count those in no part; none where a count is not known."""
        whole = self.cells[total]
        known = [one for key in parts if not isinstance(one := self.cells[key], State)]
        if isinstance(whole, State) or len(known) < len(parts):
            return None
        return whole - sum(known)

    def _add(self, total: Key, parts: tuple[Key, ...], *, is_whole: bool) -> None:
        rest = self._left(total, parts)
        if rest is None and is_whole:
            self._add_unknown(total, parts)
        elif rest:
            if rest > 0:
                key = f"rest/{total}/{parts[0]}"
                self.cells[key] = rest
                self.unseen.add(key)
                self.found.append(Sum(total, (*parts, key)))
        elif rest == 0:
            self.found.append(Sum(total, parts))

    def _add_unknown(self, total: Key, parts: tuple[Key, ...]) -> None:
        """Take a sum as true that is true elsewhere, unless what is known contradicts it."""
        whole = self.cells[total]
        known = sum(one for key in parts if not isinstance(one := self.cells[key], State))
        if not isinstance(whole, State) and known <= whole:
            self.found.append(Sum(total, parts))


def _codes(split: Split) -> set[str]:
    return {one.code for one in split.definition.members}


def _under(definition: Definition) -> dict[str, tuple[str, ...]]:
    """List the headings of a standard set with the codes under each."""
    code, _, edition = definition.category_set.partition("|")
    found = load_category_sets().get((code, edition))
    return found.parents() if found else {}


def _runs(splits: Sequence[Split]) -> list[Sum]:
    """Add short periods up to the long one that they fill."""
    series: dict[str, dict[Period, Key]] = {}
    for split in splits:
        names = {code: split.name(code) for code in dict.fromkeys(code for _, code in split.places)}
        for (period, code), key in split.places.items():
            series.setdefault(names[code], {})[period] = key
    return [
        Sum(places[outer], tuple(places[one] for one in inner))
        for places in series.values()
        for outer, inner in _filled(list(places))
    ]


def _filled(periods: Sequence[Period]) -> Iterator[tuple[Period, list[Period]]]:
    """Find periods that shorter ones fill from the first day to the last."""
    starts: dict[object, list[Period]] = {}
    for one in sorted(periods):
        starts.setdefault(one.start, []).append(one)
    for outer in periods:
        inner, day = [], outer.start
        while step := _longest(starts.get(day, ()), outer):
            inner.append(step)
            day = step.end + ONE_DAY
        if inner and inner[-1].end == outer.end:
            yield outer, inner


def _longest(steps: Sequence[Period], outer: Period) -> Period | None:
    fits = [one for one in steps if one != outer and one.end <= outer.end]
    return max(fits, default=None, key=lambda one: one.days)
