"""Which way a group goes by its readings: better, worse, as before, or not enough to say.

A signal of its series and the change of its gap since the baseline both count (measures.md
sections 5 and 7). A gap that narrows because the others got worse is no improvement.
"""

from collections.abc import Mapping
from enum import StrEnum

from eqia.domain.concerns import Gap, Silenced, gaps_of, silenced_of
from eqia.domain.gaps import Change, Moved, gap_change
from eqia.domain.measure_series import icons_of
from eqia.domain.measures import Goal
from eqia.domain.pictures import MeasureView
from eqia.domain.spc_icons import CONCERNS, Variation

_IMPROVEMENTS = frozenset({Variation.IMPROVEMENT_HIGH, Variation.IMPROVEMENT_LOW})


class Course(StrEnum):
    """Which way a group goes."""

    WORSE = "worse"
    BETTER = "better"
    STEADY = "steady"
    UNSURE = "unsure"


def courses_of(view: MeasureView) -> Mapping[str, Course]:
    """Say for everybody together, and for each group, which way it goes."""
    if view.definition is None:
        return {}
    gaps = {gap.label: gap for gap in gaps_of(view)}
    goal = Goal(view.definition.direction)
    silenced = {one.label for one in silenced_of(view) if _is_worse(one, gaps, goal)}
    return {
        one.code: Course.WORSE
        if one.label in silenced
        else _both(_by_signal(view, one.code), _by_gap(gaps.get(one.label), goal))
        for one in view.definition.places
    }


def _is_worse(silenced: Silenced, gaps: Mapping[str, Gap], goal: Goal) -> bool:
    """Whether what only a change to a chart took away is worse for the group."""
    gap = gaps.get(silenced.label)
    return not silenced.is_gap or gap is None or _is_behind(gap, goal)


def _both(signal: Course, gap: Course) -> Course:
    """Let what is worse count first: it must not hide behind what is better."""
    found = {signal, gap}
    order = (Course.WORSE, Course.BETTER, Course.STEADY)
    return next((one for one in order if one in found), Course.UNSURE)


def _by_signal(view: MeasureView, member: str) -> Course:
    found = icons_of(view, member).variation
    if found in CONCERNS:
        return Course.WORSE
    if found in _IMPROVEMENTS:
        return Course.BETTER
    return Course.STEADY if found is Variation.COMMON_CAUSE else Course.UNSURE


def _by_gap(gap: Gap | None, goal: Goal) -> Course:
    if gap is None or gap.before is None:
        return Course.UNSURE
    found = gap_change(gap.before, gap.now, goal)
    if gap.is_wider and _is_behind(gap, goal):
        return Course.WORSE
    if found.change is Change.NO_CLEAR_CHANGE:
        return Course.STEADY
    return Course.BETTER if found.group is Moved.IMPROVED else Course.UNSURE


def _is_behind(gap: Gap, goal: Goal) -> bool:
    """Whether the group is on the worse side; where neither is better, apart is apart."""
    if goal is Goal.NEITHER:
        return True
    return (gap.now.gap.value < 0) is (goal is Goal.UP)
