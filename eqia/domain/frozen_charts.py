"""Charts as plain values, so that a record keeps the very marks it was signed with."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from eqia.domain.charts import Anchor, Chart, Line, Mark, Marker, Shape, Words

Entry = Mapping[str, Any]


def freeze(chart: Chart) -> dict[str, Any]:
    """Give a chart as values that JSON holds exactly: lengths to a hundredth, as text."""
    return {
        "headline": chart.headline,
        "description": chart.description,
        "height": _number(chart.height),
        "width": _number(chart.width),
        "marks": [_FREEZERS[type(mark)](mark) for mark in chart.marks],
    }


def thaw(kept: Entry) -> Chart:
    """Read a chart as kept."""
    return Chart(
        headline=kept["headline"],
        description=kept["description"],
        height=float(kept["height"]),
        width=float(kept["width"]),
        marks=tuple(_THAWERS[mark[0]](mark[1:]) for mark in kept["marks"]),
    )


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _line(mark: Line) -> list[Any]:
    ends = map(_number, (mark.x1, mark.y1, mark.x2, mark.y2, mark.weight))
    return ["line", *ends, mark.dashed]


def _marker(mark: Marker) -> list[Any]:
    return ["marker", _number(mark.x), _number(mark.y), mark.shape.value, _number(mark.radius)]


def _words(mark: Words) -> list[Any]:
    place = _number(mark.x), _number(mark.y)
    return ["words", *place, mark.text, mark.bold, mark.anchor.value]


def _to_line(kept: Sequence[Any]) -> Line:
    x1, y1, x2, y2, weight = map(float, kept[:5])
    return Line(x1, y1, x2, y2, weight, kept[5])


def _to_marker(kept: Sequence[Any]) -> Marker:
    x, y, shape, radius = kept
    return Marker(float(x), float(y), Shape(shape), float(radius))


def _to_words(kept: Sequence[Any]) -> Words:
    x, y, text, bold, anchor = kept
    return Words(float(x), float(y), text, bold, Anchor(anchor))


_FREEZERS: Mapping[type, Callable[[Any], list[Any]]] = {
    Line: _line,
    Marker: _marker,
    Words: _words,
}
_THAWERS: Mapping[str, Callable[[Sequence[Any]], Mark]] = {
    "line": _to_line,
    "marker": _to_marker,
    "words": _to_words,
}
