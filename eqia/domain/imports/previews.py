"""What an import would change: told before anything is kept, and told again if it changed since."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from eqia.domain.imports.takings import Given, Taken
from eqia.domain.measures import OVERALL, Definition
from eqia.domain.periods import Period
from eqia.domain.readings import STATE_LABELS, Figure, ReadingState, is_correction
from eqia.domain.wholes import Larger, Odd, larger_than_everybody, sums_of

Place = tuple[Period, str]
#: readings that are taken in at once: nobody else can write while it lasts
MOST_CHANGES = 20_000


@dataclass(frozen=True, slots=True)
class Held:
    """A live reading there is already."""

    id: UUID
    figure: Figure
    lower: Decimal | None
    upper: Decimal | None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Clash:
    """A group that would have more than everybody, with the row of the file that brings it."""

    row: int
    period: Period
    larger: Larger


@dataclass(frozen=True, slots=True)
class Doubt:
    """A period in which the groups would not add up to everybody."""

    period: Period
    sums: tuple[Odd, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The readings of a file, told apart by what is there already."""

    taken: Taken
    new: tuple[Given, ...]
    unchanged: tuple[Given, ...]
    correcting: tuple[tuple[Given, Held], ...]
    clashes: tuple[Clash, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def refused(self) -> int:
        """How many rows keep all of the file out."""
        return len(self.taken.faults) + len(self.clashes)

    @property
    def replaces(self) -> bool:
        """Whether a figure that stood is replaced: that is never done without saying why."""
        return any(is_correction(before.figure, one.figure) for one, before in self.correcting)

    @property
    def states(self) -> dict[str, int]:
        """Count what would be written that is no final figure, by its state in words."""
        changed = (*self.new, *(one for one, _ in self.correcting))
        found = Counter(one.figure.state for one in changed)
        return {
            label: found[state]
            for state, label in STATE_LABELS.items()
            if found[state] and state != ReadingState.FINAL
        }

    @property
    def changes(self) -> int:
        """How many readings would be added or corrected."""
        return len(self.new) + len(self.correcting)

    @property
    def writes(self) -> Iterator[tuple[Given, Held | None]]:
        """What would be written, each reading with the one it corrects."""
        yield from ((one, None) for one in self.new)
        yield from self.correcting

    @property
    def may_go_on(self) -> bool:
        """Whether it can be taken in: all of it or nothing."""
        return not self.refused and 0 < self.changes <= MOST_CHANGES

    @property
    def too_many(self) -> bool:
        """Whether it brings more readings than are taken in at once."""
        return self.changes > MOST_CHANGES

    @property
    def mark(self) -> str:
        """A short text that changes with whatever would be written."""
        found = sha256()
        for one in self.new:
            found.update(f"{_place(one)} {one.figure}\n".encode())
        for one, before in self.correcting:
            found.update(f"{_place(one)} {one.figure} {before.id}\n".encode())
        for doubt in self.doubts:
            found.update(f"{doubt.period.start} {doubt.sums}\n".encode())
        return found.hexdigest()


def compare(
    taken: Taken,
    held: Mapping[Place, Held],
    definition: Definition,
    apart: Collection[str] = (),
) -> Preview:
    """Tell new readings from those that are there already and those that correct.

    `apart` are groups that are a part of another one, so that they are not added to it.
    """
    new, unchanged, correcting = [], [], []
    for one in taken.given:
        before = held.get((one.period, one.figure.member))
        if before is None:
            new.append(one)
        elif _same(one, before):
            unchanged.append(one)
        else:
            correcting.append((one, before))
    changed = {_place_of(one) for one in (*new, *(one for one, _ in correcting))}
    after = _after(taken, held, {period for period, _ in changed})
    return Preview(
        taken,
        tuple(new),
        tuple(unchanged),
        tuple(correcting),
        tuple(_clashes(taken, definition, changed, after)),
        tuple(
            Doubt(period, sums)
            for period, figures in after.items()
            if (sums := sums_of(definition, figures, apart))
        ),
    )


def _after(
    taken: Taken, held: Mapping[Place, Held], periods: Collection[Period]
) -> dict[Period, dict[str, Figure]]:
    """Give the figures of the periods that change as they would be, the earliest first."""
    found: dict[Period, dict[str, Figure]] = {period: {} for period in sorted(periods)}
    for (period, member), one in held.items():
        if period in found:
            found[period][member] = one.figure
    for given in taken.given:
        if given.period in found:
            found[given.period][given.figure.member] = given.figure
    return found


def _clashes(
    taken: Taken,
    definition: Definition,
    changed: Collection[Place],
    after: Mapping[Period, Mapping[str, Figure]],
) -> Iterable[Clash]:
    """Find groups larger than everybody where the file brings one of the two."""
    rows = {_place_of(one): one.row for one in taken.given}
    for period, figures in after.items():
        for larger in larger_than_everybody(definition, figures):
            group, whole = (period, larger.member), (period, OVERALL)
            if group in changed or whole in changed:
                yield Clash(rows.get(group) or rows[whole], period, larger)


def _place_of(one: Given) -> Place:
    return one.period, one.figure.member


def _same(one: Given, before: Held) -> bool:
    """Compare readings; a file silent on limits or notes leaves those there are alone."""
    return (
        one.figure == before.figure
        and (one.lower is None or one.lower == before.lower)
        and (one.upper is None or one.upper == before.upper)
        and (not one.note or one.note == before.comment)
    )


def _place(one: Given) -> str:
    return f"{one.period.start} {one.period.end} {one.figure.member} {one.lower} {one.upper}"
