"""The due-regard timeline as a drawing, which shows what came before the decision."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from eqia.domain.charts import WIDTH, Anchor, Chart, Line, Mark, Marker, Shape, Words
from eqia.domain.days import london_day
from eqia.domain.record_times import in_words, short_day
from eqia.domain.record_words import Words as Wording

#: the acts that only count as due regard before the decision (Brown, principle 2)
_REGARD = frozenset({"submitted", "reviewed", "read", "signed"})
_DECISION = "decided"

_DATES, _AXIS, _LABELS = 76, 91, 107
_ROW, _LINE, _GAP, _EDGE = 25, 15, 16, 14
#: the words of the decision stand on its line
_ABOVE = 10
#: words stand a little below the middle of their marker
_SINK = 4
_WEEK, _MONTH = 7, 30.44
_DAYS_UP_TO, _WEEKS_UP_TO = 14, 63


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened, or is planned, on a day; the same thing twice on a day counts up."""

    what: str
    on: date
    planned: bool
    late: bool = False
    times: int = 1


def timeline_chart(entries: Iterable[Mapping[str, Any]], words: Wording) -> Chart:
    """Draw the timeline of a record from top to bottom, with the time between its marks."""
    moments = _moments(entries)
    marks: list[Mark] = []
    y, before = float(_EDGE), None
    for moment in moments:
        if before is not None:
            after = _below(before, moment, words, y, marks)
            marks.append(Line(_AXIS, y, _AXIS, after, weight=2, dashed=moment.planned))
            y = after
        marks += _drawn(moment, y, words)
        before = moment
    last = _LINE if before and before.late else 0
    return Chart(
        headline=_headline(moments, words),
        description=_told(moments, words),
        height=y + last + _EDGE,
        # Lines first, so that a ring stays open where one passes.
        marks=tuple(sorted(marks, key=lambda mark: not isinstance(mark, Line))),
    )


def _moments(entries: Iterable[Mapping[str, Any]]) -> Sequence[Moment]:
    found: dict[tuple[str, date], Moment] = {}
    for entry in entries:
        on = _day(entry)
        same = found.get((entry["what"], on))
        if same:
            found[entry["what"], on] = replace(same, times=same.times + 1)
        else:
            found[entry["what"], on] = Moment(entry["what"], on, entry["planned"])
    decided = min((one.on for one in found.values() if one.what == _DECISION), default=date.max)
    return [replace(one, late=one.what in _REGARD and one.on > decided) for one in found.values()]


def _day(entry: Mapping[str, Any]) -> date:
    at = entry.get("at")
    return london_day(datetime.fromisoformat(at)) if at else date.fromisoformat(entry["on"])


def _below(before: Moment, moment: Moment, words: Wording, y: float, marks: list[Mark]) -> float:
    """Find where the next mark stands; more than a day between them takes room and is named."""
    y += _ROW + (_LINE if before.late else 0) + (_ABOVE if moment.what == _DECISION else 0)
    days = (moment.on - before.on).days
    if days <= 1:
        return y
    above = _ABOVE if moment.what == _DECISION else 0
    marks.append(Words(_LABELS, y - _SINK - above, _time(days, words)))
    return y + _GAP


def _time(days: int, words: Wording) -> str:
    if days < _DAYS_UP_TO:
        return words("days_later", number=days)
    if days < _WEEKS_UP_TO:
        return words("weeks_later", number=round(days / _WEEK))
    return words("months_later", number=round(days / _MONTH))


def _drawn(moment: Moment, y: float, words: Wording) -> list[Mark]:
    shape = Shape.RING if moment.planned else Shape.TRIANGLE if moment.late else Shape.DISC
    decision = moment.what == _DECISION
    line: list[Mark] = [Line(0, y, WIDTH, y, weight=1)] if decision else []
    under = y + _SINK - (_SINK * 2 if decision else 0)
    found: list[Mark] = [
        *line,
        Marker(_AXIS, y, Shape.DIAMOND if decision else shape, 7 if decision else 5),
        Words(_DATES, under, short_day(moment.on, words.language), anchor=Anchor.END),
        Words(_LABELS, under, _label(moment, words), bold=True),
    ]
    if moment.late:
        found.append(Words(_LABELS, y + _SINK + _LINE, words("after_decision")))
    return found


def _label(moment: Moment, words: Wording) -> str:
    label = words(f"t_{moment.what}")
    label = f"{label} ({moment.times})" if moment.times > 1 else label
    return words("planned", day=label) if moment.planned else label


def _headline(moments: Sequence[Moment], words: Wording) -> str:
    decided = next((one.on for one in moments if one.what == _DECISION), None)
    signed = next((one.on for one in moments if one.what == "signed"), None)
    if decided is None or signed is None:
        return words("no_decision_known")
    days = (decided - signed).days
    if days == 0:
        return words("signed_that_day")
    number = abs(days)
    key = "signed_before" if days > 0 else "signed_after"
    return words(f"{key}_one" if number == 1 else key, number=f"{number:,}")


def _told(moments: Sequence[Moment], words: Wording) -> str:
    parts = [
        f"{_label(one, words)}: {in_words(one.on, words.language)}"
        + (f", {words('after_decision')}" if one.late else "")
        for one in moments
    ]
    return f"{_headline(moments, words)} {'; '.join(parts)}."
