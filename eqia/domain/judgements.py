"""The one function that works out how a measure stands from its readings."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from eqia.domain.adjustments import days_set_aside
from eqia.domain.categories import KnownFor
from eqia.domain.concerns import Gap, concern_of, gap_told, gaps_of, points_of
from eqia.domain.courses import Course, courses_of
from eqia.domain.distances import from_target, is_doubled
from eqia.domain.gaps import gap_words
from eqia.domain.measure_series import icons_of
from eqia.domain.measures import IN_PARTS, OVERALL, Definition, Member, MemberKind
from eqia.domain.periods import period_name
from eqia.domain.pictures import MeasureView
from eqia.domain.readings import (
    HIDDEN,
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
from eqia.domain.standings import GapTold, Place, Spans, Standing, spans_of
from eqia.domain.untold import cannot_tell, is_close

#: the share of people whose group is not known from which a breakdown says little (rule C21)
MOST_UNKNOWN = Fraction(1, 5)
HIDDEN_CONCERN = "There is reason to look at it, which only the exact figures show."
HIDDEN_MANY = "The group of more than a fifth of the people is not known."
#: readings after an action by which it should have shown (rule C15)
ENOUGH_READINGS = 3
#: what stands for a hidden number of people
_FEW = 1


def standing_of(view: MeasureView) -> Standing:
    """Work out how a measure stands from everything that was read by it."""
    definition = view.definition
    if definition is None:
        return Standing(had_baseline=view.had_baseline)
    confirmed, early = _periods_read(view.readings)
    broken_down = _latest_breakdown(view, definition)
    courses = courses_of(view)
    return Standing(
        places={
            one.code: replace(_place(view, definition, one), course=courses[one.code].value)
            for one in definition.places
        },
        figures=_figures(view, definition),
        baseline=view.baseline,
        had_baseline=view.had_baseline,
        has_target=bool(view.targets),
        lacking=_lacking(view, definition),
        many_unknown=_many_unknown(view, definition, broken_down),
        known_for=_known_for(view, definition, broken_down),
        gaps=tuple(_gap_told(definition, one) for one in gaps_of(view)),
        concern=concern_of(view),
        confirmed=confirmed,
        early=early,
    )


def _gap_told(definition: Definition, gap: Gap) -> GapTold:
    return GapTold(
        f"{gap.label} compared with {gap.reference}",
        gap_told(definition, gap),
        gap_words(gap.now, points_of(definition)),
        is_clear=gap.now.is_clear,
    )


def seen_outside(exact: Standing, shown: Standing, *, hides: bool) -> Standing:
    """Speak of the figures that may be shown.

    What they were rounded from still gives reason to worry where they do not. Where some are
    hidden it may not: only one hidden number might give that reason, and so be known.
    """
    shown = replace(shown, confirmed=exact.confirmed, early=exact.early)
    if hides:
        return shown
    places = {code: _place_outside(exact.places[code], one) for code, one in shown.places.items()}
    since = exact.concern[0] if exact.concern else None
    why = shown.concern[1] if shown.concern else HIDDEN_CONCERN
    many = (shown.many_unknown or HIDDEN_MANY) if exact.many_unknown else ""
    return replace(
        shown,
        places=places,
        many_unknown=many,
        concern=(since, why) if since else None,
    )


def _place_outside(exact: Place, shown: Place) -> Place:
    """Tell people outside the team that it gets worse, even where rounding says less."""
    if exact.course != Course.WORSE:
        return shown
    return replace(shown, course=exact.course, is_doubled=exact.is_doubled)


def _place(view: MeasureView, definition: Definition, member: Member) -> Place:
    mine, before = view.of(member.code), view.before(member.code)
    latest = view.latest(member.code)
    base = pooled(definition, before)
    rounded, close = view.rounded_to > 1, is_close(view, member.code)
    valued = [
        (one.period.start, value)
        for one in view.counted(member.code)
        if (value := value_of(definition, one.figure)) is not None
    ]
    return Place(
        code=member.code,
        latest=latest,
        words=_latest_words(view, definition, member.code),
        before=in_words(definition, base, rounded=rounded),
        before_people=_people_before(view, member) if definition.shape in IN_PARTS else 0,
        has_baseline=bool(before) or view.hides_baseline(member.code),
        icons=words_of(icons_of(view, member.code)),
        is_hidden=bool(mine) and all(one.figure.state == ReadingState.MASKED for one in mine),
        third=valued[-ENOUGH_READINGS][0] if len(valued) >= ENOUGH_READINGS else None,
        improved=None
        if base is None or not valued or close or (latest is not None and latest.is_hidden)
        else improved(definition, base, valued[-1][1]),
        cannot_tell=cannot_tell(view, member.code),
        is_close=close,
        is_doubled=not close and is_doubled(view, member.code),
        target=from_target(view, member.code),
    )


def _latest_words(view: MeasureView, definition: Definition, member: str) -> str:
    """Give the last figure that nobody set aside, and say that a later one was."""
    latest, last = view.latest(member), view.of(member)[-1:]
    figure = latest.figure if latest else None
    words = figure_words(definition, figure, rounded=view.rounded_to > 1)
    if not last or last[0] is latest:
        return words
    return f"{words} (the reading for {period_name(last[0].period)} is set aside)"


def _people_before(view: MeasureView, member: Member) -> int:
    """Count the people of a baseline; a hidden number of them is a small one."""
    baseline = view.baseline
    if baseline is None or not view.hides_baseline(member.code):
        return people(view.before(member.code))
    within = [one.figure for one in view.of(member.code) if baseline.covers(one.period)]
    hidden = any(one.denominator is None and one.state == HIDDEN for one in within)
    return _FEW if hidden else people(within)


def _periods_read(readings: Iterable[Reading]) -> tuple[Spans, Spans]:
    """Tell the periods that were read from those of which something has yet to be confirmed."""
    given = tuple(readings)
    early = {one.period for one in given if one.figure.state == ReadingState.PROVISIONAL}
    return spans_of({one.period for one in given} - early), spans_of(early)


def _figures(view: MeasureView, definition: Definition) -> tuple[Reading, ...]:
    """Give whole rows of the table: what may be shown of one figure depends on its neighbours."""
    last = {one.period for place in definition.places if (one := view.latest(place.code))}
    aside = {
        (place.code, day)
        for place in definition.places
        for day in days_set_aside(view.adjustments, place.code)
    }
    found = (
        replace(one, limits=None)
        for one in view.readings
        if one.period in last and (one.figure.member, one.period.start) not in aside
    )
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
    apart = [
        one
        for one in view.readings
        if (one.counts or one.is_hidden) and one.figure.member != OVERALL
    ]
    last = max((one.period for one in apart), default=None)
    latest = tuple(one for one in apart if one.period == last)
    # Of a breakdown with a hidden part nothing can be counted together.
    return () if any(one.is_hidden for one in latest) else latest


def _everybody(view: MeasureView, latest: tuple[Reading, ...]) -> int | None:
    """Count everybody in the period of a breakdown; none where that is not there or is hidden."""
    whole = (
        one.figure.denominator
        for one in view.readings
        if one.period == latest[0].period and one.figure.member == OVERALL and one.counts
    )
    return next(whole, None)


def _many_unknown(view: MeasureView, definition: Definition, latest: tuple[Reading, ...]) -> str:
    if not latest:
        return ""
    not_known = {one.code for one in definition.members if one.kind is MemberKind.UNKNOWN}
    unknown = people(one.figure for one in latest if one.figure.member in not_known)
    counted = people(one.figure for one in latest)
    of = max(_everybody(view, latest) or 0, counted)
    # One group alone tells nobody apart, and of one that is not there nobody knows how many.
    nowhere = of - counted if _is_whole(definition, latest) and len(definition.members) > 1 else 0
    if unknown + nowhere <= MOST_UNKNOWN * of:
        return ""
    if nowhere:
        return f"{unknown + nowhere:,} of {of:,} are in none of the groups, or theirs is not known."
    return f"The group of {unknown:,} of {of:,} is not known."


def _is_whole(definition: Definition, latest: tuple[Reading, ...]) -> bool:
    """Whether every group has its figure in a breakdown."""
    return {one.code for one in definition.members} <= {one.figure.member for one in latest}


def _known_for(view: MeasureView, definition: Definition, latest: tuple[Reading, ...]) -> str:
    """Say for how many of everybody the group is known; of those in the groups, without them."""
    if not latest:
        return ""
    groups = {one.code for one in definition.substantive}
    known = people(one.figure for one in latest if one.figure.member in groups)
    counted, everybody = people(one.figure for one in latest), _everybody(view, latest)
    when = period_name(latest[0].period)
    if everybody is None:
        return f"In {when} the group is {KnownFor(known, counted).words}."
    if counted > everybody and view.rounded_to == 1:
        return (
            f"In {when} the groups add up to {counted:,} and Everybody is {everybody:,}, so for how"
            " many the group is known cannot be told."
        )
    # What was rounded may add up to a little more.
    least = not _is_whole(definition, latest)
    return f"In {when} the group is {KnownFor(min(known, everybody), everybody, least).words}."
