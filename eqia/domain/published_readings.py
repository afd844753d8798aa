"""What of a plan's readings may leave the team: small numbers hidden, and what gives them away.

Measures.md section 8. Everything outside the team is worked out from the figures given here:
pages, charts, gaps, icons, exports and the annex of the signed record.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from eqia.domain.adjustments import Adjustment, Earlier
from eqia.domain.corrections import as_it_stood
from eqia.domain.judgements import seen_outside, standing_of
from eqia.domain.measure_series import EMPTY_STATES
from eqia.domain.measures import OVERALL, Definition, Shape
from eqia.domain.periods import Period
from eqia.domain.pictures import MeasureView
from eqia.domain.published_sums import BOTTOM, LEFT, TOP, Key, Split, parts_of
from eqia.domain.readings import COUNTED, HIDDEN, Figure, Reading
from eqia.domain.small_numbers import hidden_outside
from eqia.domain.suppression import RULES, Cell, Profile, Rules, Shown, State, suppress

_Place = tuple[Period, str]
_Kind = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Series:
    """The part of a measure that decides what of it may be shown."""

    definition: Definition
    readings: tuple[Reading, ...]
    profile: Profile


def published(views: Sequence[MeasureView]) -> tuple[MeasureView, ...]:
    """Give the measures of a plan as people outside its team see them.

    Measures that split the same count in other ways are hidden together: one gives away the other.
    """
    found = list(views)
    for family in _families(views):
        series = tuple(one for _, one in family)
        shown, step = _shown(series), RULES[_strictest(series)].step
        for place, ((at, _), readings) in enumerate(zip(family, shown, strict=True)):
            told, then = _told_outside(views[at]), _earlier(views[at], series, place)
            seen = replace(
                views[at], readings=readings, rounded_to=step, adjustments=told, earlier=then
            )
            hides = any(one.is_hidden for one in readings)
            standing = seen_outside(standing_of(views[at]), standing_of(seen), hides=hides)
            found[at] = replace(seen, standing=standing)
    return tuple(found)


def _families(views: Sequence[MeasureView]) -> list[list[tuple[int, _Series]]]:
    """Put together the measures that count the same, in the words of today or of before."""
    families: list[tuple[set[_Kind], list[tuple[int, _Series]]]] = []
    for at, view in enumerate(views):
        if view.definition is None:
            continue
        one = _Series(view.definition, view.readings, view.suppression)
        kinds = set(kinds_of(view.definition))
        alike = [family for family in families if family[0] & kinds]
        families = [family for family in families if not family[0] & kinds]
        members = [member for _, some in alike for member in some]
        families.append((kinds.union(*(some for some, _ in alike)), [*members, (at, one)]))
    return [members for _, members in families]


def _earlier(view: MeasureView, family: tuple[_Series, ...], place: int) -> tuple[Earlier, ...]:
    """Show what was corrected since as it was shown while it stood."""
    found = []
    for one in view.earlier:
        stood = replace(family[place], readings=as_it_stood(view.readings, one.before))
        then = (*family[:place], stood, *family[place + 1 :])
        found.append(replace(one, before=_shown(then)[place]) if one.before else one)
    return tuple(found)


def _told_outside(view: MeasureView) -> tuple[Adjustment, ...]:
    """Keep small numbers that somebody wrote beside the name of a group off the charts."""
    if view.definition is None:
        return view.adjustments
    return tuple(
        replace(
            one,
            reason=hidden_outside(one.reason, view.definition.labels),
            before=one.before_outside,
        )
        for one in view.adjustments
    )


def kind_of(definition: Definition) -> _Kind:
    """Say what is counted, apart from how it is split."""
    words = (
        *(definition.numerator, definition.denominator),
        *(definition.inclusion, definition.exclusion, definition.unit),
    )
    return definition.shape, *(" ".join(text.casefold().split()) for text in words)


def kinds_of(definition: Definition) -> frozenset[_Kind]:
    """Say what is counted in its words of today and in those it had at first."""
    words: dict[str, Any] = dict(definition.at_first)
    return frozenset({kind_of(definition), kind_of(replace(definition, **words))})


@lru_cache(maxsize=500)
def _shown(family: tuple[_Series, ...]) -> tuple[tuple[Reading, ...], ...]:
    """Hide once what is looked at far more often than it changes."""
    profile = _strictest(family)
    splits = _splits(family)
    tops: dict[Key, Cell] = {}
    bottoms: dict[Key, Cell] = {}
    for one, split in zip(family, splits, strict=True):
        for reading in one.readings:
            figure, key = reading.figure, split.places[_place(reading)]
            tops[key] = _cell(figure, figure.numerator)
            bottoms[key] = _cell(figure, figure.denominator)
    columns = {TOP: tops, BOTTOM: bottoms}
    if _is_share(family):
        columns[LEFT] = {key: _left(top, bottoms[key]) for key, top in tops.items()}
    found: dict[Key, Shown] = {}
    for part in parts_of(columns, splits):
        few = [key for key in part.cells if _leaves_few(key, part.cells, RULES[profile])]
        found |= suppress(part.cells, part.sums, profile, few, part.unseen)
    shown_tops, shown_bottoms = (
        {key: found[column + key] for key in tops} for column in (TOP, BOTTOM)
    )
    return tuple(
        tuple(_told(one, split, shown_tops, shown_bottoms))
        for one, split in zip(family, splits, strict=True)
    )


def _strictest(family: Sequence[_Series]) -> Profile:
    return max((one.profile for one in family), key=lambda one: RULES[one].highest)


def _is_share(family: Sequence[_Series]) -> bool:
    return family[0].definition.shape == Shape.PROPORTION


def _place(reading: Reading) -> _Place:
    return reading.period, reading.figure.member


def _splits(family: Sequence[_Series]) -> list[Split]:
    """Name every count; the same count of the same people has one name, whoever gives it."""
    known: dict[Key, Figure] = {}
    found = []
    for number, one in enumerate(family):
        places: dict[_Place, Key] = {}
        split = Split(number, one.definition, places)
        for reading in one.readings:
            period, member = _place(reading)
            key = f"{split.name(member)}/{period.start}/{period.end}"
            figure = replace(reading.figure, member="")
            if known.setdefault(key, figure) != figure:
                key = f"{number}/{key}"
            places[period, member] = key
        found.append(split)
    return found


def _cell(figure: Figure, count: int | None) -> Cell:
    if figure.state not in COUNTED:
        return EMPTY_STATES[figure.state]
    return State.MISSING if count is None else count


def _left(top: Cell, bottom: Cell) -> Cell:
    """Count those who are not counted; what was hidden at source says nothing of them."""
    both = not isinstance(top, State) and not isinstance(bottom, State)
    return int(bottom) - int(top) if both else State.MISSING


def _leaves_few(key: Key, cells: Mapping[Key, Cell], rules: Rules) -> bool:
    """Whether a share leaves out few people: 58 of 60 tells about two."""
    if not key.startswith(TOP):
        return False
    left = cells.get(LEFT + key.removeprefix(TOP), State.MISSING)
    return not isinstance(left, State) and rules.hides(left)


def _told(
    series: _Series, split: Split, tops: Mapping[Key, Shown], bottoms: Mapping[Key, Shown]
) -> Iterator[Reading]:
    """Give the readings with the figures that may be shown."""
    places = split.places
    figures = {
        _place(one): _figure(one.figure, tops[places[_place(one)]], bottoms[places[_place(one)]])
        for one in series.readings
    }
    if series.definition.shape == Shape.MEAN:
        figures |= _averages_hidden(figures)
    for one in series.readings:
        # Limits that came with an average are not shown outside, so nothing follows from them.
        yield replace(one, figure=figures[_place(one)], limits=None)


def _figure(exact: Figure, top: Shown, bottom: Shown) -> Figure:
    """Show a figure, or what may be shown of its parts."""
    if exact.state not in COUNTED:
        return exact
    both = ((exact.numerator, top.count), (exact.denominator, bottom.count))
    is_hidden = any(given is not None and shown is None for given, shown in both)
    return replace(
        exact,
        numerator=top.count,
        denominator=bottom.count,
        value=None if is_hidden else exact.value,
        state=HIDDEN if is_hidden else exact.state,
    )


def _averages_hidden(figures: Mapping[_Place, Figure]) -> dict[_Place, Figure]:
    """Hide everybody's average where one group's is hidden alone: it would follow from the rest."""
    hidden: dict[Period, int] = {}
    for (period, member), figure in figures.items():
        if member != OVERALL and figure.state == HIDDEN:
            hidden[period] = hidden.get(period, 0) + 1
    return {
        (period, member): replace(figure, value=None, denominator=None, state=HIDDEN)
        for (period, member), figure in figures.items()
        if member == OVERALL and hidden.get(period) == 1 and figure.state in COUNTED
    }
