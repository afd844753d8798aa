"""How far a figure lies from its target, and whether it is twice as bad as before the change.

That a target is met at some times says nothing of how far away the latest figure is, and that
harm shows as was said says nothing of how large it has become (measures.md sections 5 and 7).
"""

from fractions import Fraction

from eqia.domain.concerns import unit_of
from eqia.domain.measure_series import levels_of
from eqia.domain.measures import Definition, Goal, Shape
from eqia.domain.pictures import MeasureView
from eqia.domain.readings import in_words, pooled, value_of
from eqia.domain.rounding import span_of
from eqia.domain.spc_icons import in_force

#: from so many times as bad on, what was said to be a small harm is worse than was said
TIMES = 2


def from_target(view: MeasureView, member: str) -> str:
    """Say how far the latest figure is from the target of its day; "" where there is none."""
    definition, latest = view.definition, view.counted(member)[-1:]
    if definition is None or not latest or latest[0] is not view.latest(member):
        return ""
    goal, now = Goal(definition.direction), value_of(definition, latest[0].figure)
    target = in_force(levels_of(view, definition, member), latest[0].period.start)
    if now is None or target is None or goal is Goal.NEITHER:
        return ""
    named = f"Target {in_words(definition, target.value)}"
    span = span_of(definition, [latest[0].figure], view.rounded_to)
    if span is not None and span[0] < target.value < span[1]:
        return f"{named}: too close to tell once rounded"
    if now == target.value or (now > target.value) is (goal is Goal.UP):
        return f"{named}: met"
    about = "about " if span is not None else ""
    return f"{named}: {about}{_size(definition, abs(now - target.value))} away"


def is_doubled(view: MeasureView, member: str) -> bool:
    """Whether the latest figure is at least twice as bad as the baseline.

    Of a share that should be high, it is the rest that counts; of any other figure, half of it.
    """
    definition, latest = view.definition, view.counted(member)[-1:]
    base = pooled(definition, view.before(member)) if definition is not None else None
    if definition is None or base is None or not latest:
        return False
    now = value_of(definition, latest[0].figure)
    if now is None or now == base:
        return False
    goal = Goal(definition.direction)
    if goal is Goal.UP and definition.shape == Shape.PROPORTION:
        return 1 - now >= TIMES * (1 - base)
    higher, lower = now >= TIMES * base, TIMES * now <= base
    return {Goal.DOWN: higher, Goal.UP: lower, Goal.NEITHER: higher or lower}[goal]


def _size(definition: Definition, by: Fraction) -> str:
    if definition.shape == Shape.PROPORTION:
        return f"{float(by) * 100:.1f} {unit_of(definition)}"
    return in_words(definition, by)
