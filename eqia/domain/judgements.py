"""The one function that works out how a measure stands from its readings."""

from collections.abc import Iterable

from eqia.domain.categories import KnownFor
from eqia.domain.concerns import concern_of, gap_told, gaps_of
from eqia.domain.measure_series import icons_of
from eqia.domain.measures import IN_PARTS, OVERALL, Definition, Member, MemberKind
from eqia.domain.periods import Period, period_name
from eqia.domain.pictures import MeasureView
from eqia.domain.readings import (
    Reading,
    ReadingState,
    figure_words,
    improved,
    in_words,
    people,
    pooled,
    value_of,
)
from eqia.domain.spc_icons import words_of
from eqia.domain.standings import GapTold, Place, Standing

#: readings after an action by which it should have shown (rule C15)
ENOUGH_READINGS = 3


def standing_of(view: MeasureView) -> Standing:
    """Work out how a measure stands from everything that was read by it."""
    definition = view.definition
    if definition is None:
        return Standing(had_baseline=view.had_baseline)
    confirmed, early = _periods_read(view.readings)
    broken_down = _latest_breakdown(view, definition)
    not_known = {one.code for one in definition.members if one.kind is MemberKind.UNKNOWN}
    return Standing(
        places=tuple(_place(view, definition, one) for one in definition.places),
        figures=_figures(view, definition),
        baseline=view.baseline,
        had_baseline=view.had_baseline,
        has_target=bool(view.targets),
        lacking=_lacking(view, definition),
        unknown=people(one.figure for one in broken_down if one.figure.member in not_known),
        counted=people(one.figure for one in broken_down),
        known_for=_known_for(definition, broken_down),
        gaps=tuple(
            GapTold(f"{gap.label} compared with {gap.reference}", gap_told(definition, gap))
            for gap in gaps_of(view)
        ),
        concern=concern_of(view),
        confirmed=confirmed,
        early=early,
    )


def _place(view: MeasureView, definition: Definition, member: Member) -> Place:
    mine, before = view.of(member.code), view.before(member.code)
    latest = mine[-1] if mine else None
    base = pooled(definition, before)
    valued = [
        (one.period.start, value)
        for one in view.counted(member.code)
        if (value := value_of(definition, one.figure)) is not None
    ]
    return Place(
        code=member.code,
        latest=latest,
        words=figure_words(definition, latest.figure if latest else None),
        before=in_words(definition, base),
        before_people=people(before) if definition.shape in IN_PARTS else 0,
        has_baseline=bool(before) or view.hides_baseline(member.code),
        icons=words_of(icons_of(view, member.code)),
        is_hidden=bool(mine) and all(one.figure.state == ReadingState.MASKED for one in mine),
        third=valued[-ENOUGH_READINGS][0] if len(valued) >= ENOUGH_READINGS else None,
        improved=improved(definition, base, valued[-1][1]) if base is not None and valued else None,
    )


def _periods_read(readings: Iterable[Reading]) -> tuple[frozenset[Period], frozenset[Period]]:
    """Tell the periods that were read from those of which something has yet to be confirmed."""
    given = tuple(readings)
    early = {one.period for one in given if one.figure.state == ReadingState.PROVISIONAL}
    return frozenset({one.period for one in given} - early), frozenset(early)


def _figures(view: MeasureView, definition: Definition) -> tuple[Reading, ...]:
    """Give whole rows of the table: what may be shown of one figure depends on its neighbours."""
    last = {mine[-1].period for one in definition.places if (mine := view.of(one.code))}
    found = (one for one in view.readings if one.period in last)
    return tuple(sorted(found, key=lambda one: (one.period, one.figure.member)))


def _lacking(view: MeasureView, definition: Definition) -> tuple[str, ...]:
    overall = view.of(OVERALL)
    if not overall:
        return ()
    there = {one.figure.member for one in view.readings if one.period == overall[-1].period}
    return tuple(one.label for one in definition.substantive if one.code not in there)


def _latest_breakdown(view: MeasureView, definition: Definition) -> tuple[Reading, ...]:
    """Give the figures of the members in the latest period broken down; none but of people."""
    if definition.shape not in IN_PARTS:
        return ()
    apart = [one for one in view.readings if one.counts and one.figure.member != OVERALL]
    last = max((one.period for one in apart), default=None)
    if any(one.is_hidden and one.period == last for one in view.readings):
        # A sum of what is left would be taken for the whole.
        return ()
    return tuple(one for one in apart if one.period == last)


def _known_for(definition: Definition, latest: tuple[Reading, ...]) -> str:
    if not latest:
        return ""
    groups = {one.code for one in definition.substantive}
    known = people(one.figure for one in latest if one.figure.member in groups)
    words = KnownFor(known, people(one.figure for one in latest)).words
    return f"In {period_name(latest[0].period)} the group is {words}."
