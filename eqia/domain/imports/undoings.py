"""What taking an import back would leave: never a group with more than everybody together."""

from collections.abc import Mapping
from dataclasses import dataclass

from eqia.domain.imports.previews import Held, Place
from eqia.domain.measures import OVERALL, Definition
from eqia.domain.periods import Period
from eqia.domain.readings import Figure
from eqia.domain.wholes import Larger, larger_than_everybody


@dataclass(frozen=True, slots=True)
class Left:
    """A group that would be left with more than everybody."""

    period: Period
    larger: Larger


def larger_after(
    held: Mapping[Place, Held], back: Mapping[Place, Figure | None], definition: Definition
) -> tuple[Left, ...]:
    """Find groups larger than everybody once some readings are what they were, the earliest first.

    `back` gives for each place of an import what counted there before it; none where nothing did.
    """
    after: dict[Period, dict[str, Figure]] = {period: {} for period, _ in sorted(back)}
    for (period, member), one in held.items():
        if period in after:
            after[period][member] = one.figure
    for (period, member), before in back.items():
        if before is None:
            after[period].pop(member, None)
        else:
            after[period][member] = before
    return tuple(
        Left(period, larger)
        for period, figures in after.items()
        for larger in larger_than_everybody(definition, figures)
        if {(period, larger.member), (period, OVERALL)} & back.keys()
    )
