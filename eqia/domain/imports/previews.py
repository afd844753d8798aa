"""What an import would change: told before anything is kept, and told again if it changed since."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from eqia.domain.imports.takings import Given, Taken
from eqia.domain.periods import Period
from eqia.domain.readings import Figure

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
class Preview:
    """The readings of a file, told apart by what is there already."""

    taken: Taken
    new: tuple[Given, ...]
    unchanged: tuple[Given, ...]
    correcting: tuple[tuple[Given, Held], ...]

    @property
    def changes(self) -> int:
        """How many readings would be added or corrected."""
        return len(self.new) + len(self.correcting)

    @property
    def writes(self) -> Iterator[tuple[Given, UUID | None]]:
        """What would be written, each reading with the one it corrects."""
        yield from ((one, None) for one in self.new)
        yield from ((one, before.id) for one, before in self.correcting)

    @property
    def may_go_on(self) -> bool:
        """Whether it can be taken in: all of it or nothing."""
        return not self.taken.faults and 0 < self.changes <= MOST_CHANGES

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
        return found.hexdigest()


def compare(taken: Taken, held: Mapping[Place, Held]) -> Preview:
    """Tell new readings from those that are there already and those that correct."""
    new, unchanged, correcting = [], [], []
    for one in taken.given:
        before = held.get((one.period, one.figure.member))
        if before is None:
            new.append(one)
        elif _same(one, before):
            unchanged.append(one)
        else:
            correcting.append((one, before))
    return Preview(taken, tuple(new), tuple(unchanged), tuple(correcting))


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
