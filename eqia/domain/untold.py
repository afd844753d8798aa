"""What people outside the team cannot be told: figures are hidden or rounded (measures.md 8).

That nothing is known must not read as if there were nothing to worry about, nor may rounding
alone make a figure better or worse.
"""

from dataclasses import dataclass

from eqia.domain.adjustments import days_set_aside
from eqia.domain.concerns import is_compared
from eqia.domain.measure_series import EMPTY_STATES, is_withheld
from eqia.domain.measures import Definition, MemberKind, Shape
from eqia.domain.pictures import MeasureFacts, MeasureView, Picture
from eqia.domain.readings import Reading
from eqia.domain.rounding import overlap, span_of
from eqia.domain.spc_icons import Method, method_for
from eqia.domain.suppression import State
from eqia.domain.texts import first_line


@dataclass(frozen=True, slots=True)
class Untold:
    """The groups of one measure of which it cannot be told here if they give concern."""

    measure: str
    name: str
    groups: tuple[str, ...]

    @property
    def words(self) -> str:
        """Name them after the measure; the name of a group may hold commas."""
        return f"{self.name}: {'; '.join(self.groups)}"


def cannot_tell(view: MeasureView, member: str) -> bool:
    """Whether its reader cannot know of a group if it gives concern: figures needed are hidden.

    Read from what may be shown alone, so that it says nothing of what is hidden.
    """
    if view.definition is None or not view.of(member):
        return False
    return _hides_signals(view, member) or _hides_gap(view, view.definition, member)


def is_close(view: MeasureView, member: str) -> bool:
    """Whether the latest figure may be that of the baseline, were neither rounded."""
    definition, latest = view.definition, view.counted(member)[-1:]
    if definition is None or not latest or latest[0] is not view.latest(member):
        return False
    before = span_of(definition, view.before(member), view.rounded_to)
    return overlap(before, span_of(definition, [latest[0].figure], view.rounded_to))


def untold_in(picture: Picture) -> tuple[Untold, ...]:
    """List the measures of which it cannot be told here of some or all groups."""
    return tuple(
        Untold(one.id, first_line(one.title), groups)
        for one in picture.measures
        if one.live and (groups := untold_of(one))
    )


def untold_of(measure: MeasureFacts) -> tuple[str, ...]:
    """Name those of whom nobody who sees only this can know whether they give concern."""
    return tuple(
        one.label
        for one in (measure.definition.places if measure.definition else ())
        if one.kind is not MemberKind.UNKNOWN and measure.place(one.code).cannot_tell
    )


def _hides_signals(view: MeasureView, member: str) -> bool:
    """Whether there would be enough readings for signals, were none hidden or rounded so far."""
    aside = days_set_aside(view.adjustments, member)
    mine = [one for one in view.of(member) if one.period.start not in aside]
    if method_for(sum(one.counts or _is_kept_back(one) for one in mine)) is not Method.XMR:
        return False
    if any(_is_kept_back(one) for one in mine):
        return True
    # Without a hidden figure the exact ones still speak (seen_outside).
    return any(one.is_hidden for one in view.readings) and is_withheld(view, member)


def _hides_gap(view: MeasureView, definition: Definition, member: str) -> bool:
    """Whether the gap, or the one in the baseline, is hidden by either side."""
    theirs = view.others_of(member)
    if not theirs or not is_compared(definition):
        return False
    if definition.shape == Shape.MEAN and any(one.is_hidden for one in view.readings):
        # Limits of averages are for the team alone, and with them their gaps.
        return True
    return any(
        _is_kept_back(one)
        for side in (view.of(member), theirs)
        for one in side
        if one is side[-1] or (view.baseline is not None and view.baseline.covers(one.period))
    )


def _is_kept_back(reading: Reading) -> bool:
    return EMPTY_STATES.get(reading.figure.state) is State.MASKED
