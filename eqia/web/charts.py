"""A chart as SVG: attributes only, for the strict policy, and ink of the page's own colour."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from markupsafe import Markup

from eqia.domain.charts import SIZE, Anchor, Chart, Line, Marker, Shape, Words

_INK = "currentColor"


def svg(chart: Chart, name: str) -> Markup:
    """Draw a chart, and where there is one its wide twin, of which a screen shows only one.

    `name` starts the ids, which have to be unique on the page.
    """
    if chart.wide is None:
        return _drawn(chart, name, "")
    narrow = _drawn(chart, name, " eqia-chart--narrow")
    return narrow + _drawn(chart.wide, f"{name}-wide", " eqia-chart--wide")


def _drawn(chart: Chart, name: str, kind: str) -> Markup:
    drawn = Markup("").join(_WRITERS[type(mark)](mark) for mark in chart.marks)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="eqia-chart{kind}" role="img"'
        ' viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' aria-labelledby="{name}-title {name}-desc" fill="{ink}" font-size="{size}">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{desc}</desc>{drawn}</svg>'
    ).format(
        width=_number(chart.width),
        height=_number(chart.height),
        name=name,
        kind=kind,
        ink=_INK,
        size=SIZE,
        title=chart.headline,
        desc=chart.description,
        drawn=drawn,
    )


def _line(mark: Line) -> Markup:
    dashes = Markup(' stroke-dasharray="3 4"') if mark.dashed else ""
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"{}/>').format(
        *map(_number, (mark.x1, mark.y1, mark.x2, mark.y2)), _INK, _number(mark.weight), dashes
    )


def _disc(mark: Marker) -> Markup:
    return Markup('<circle cx="{}" cy="{}" r="{}"/>').format(
        *map(_number, (mark.x, mark.y, mark.radius))
    )


def _ring(mark: Marker) -> Markup:
    return Markup(
        '<circle class="eqia-chart__ring" cx="{}" cy="{}" r="{}" stroke="{}" stroke-width="2"/>'
    ).format(*map(_number, (mark.x, mark.y, mark.radius - 1)), _INK)


def _diamond(mark: Marker) -> Markup:
    x, y, r = mark.x, mark.y, mark.radius
    return _polygon((x, y - r), (x + r, y), (x, y + r), (x - r, y))


def _triangle(mark: Marker) -> Markup:
    x, y, r = mark.x, mark.y, mark.radius
    return _polygon((x, y - r), (x + r, y + r), (x - r, y + r))


def _polygon(*corners: tuple[float, float]) -> Markup:
    points = " ".join(f"{_number(x)},{_number(y)}" for x, y in corners)
    return Markup('<polygon points="{}"/>').format(points)


def _words(mark: Words) -> Markup:
    weight = Markup(' font-weight="bold"') if mark.bold else ""
    anchor = Markup(' text-anchor="end"') if mark.anchor is Anchor.END else ""
    return Markup('<text x="{}" y="{}"{}{}>{}</text>').format(
        _number(mark.x), _number(mark.y), weight, anchor, mark.text
    )


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


_SHAPES: Mapping[Shape, Callable[[Marker], Markup]] = {
    Shape.DISC: _disc,
    Shape.RING: _ring,
    Shape.DIAMOND: _diamond,
    Shape.TRIANGLE: _triangle,
}


def _marker(mark: Marker) -> Markup:
    return _SHAPES[mark.shape](mark)


_WRITERS: Mapping[type, Callable[[Any], Markup]] = {
    Line: _line,
    Marker: _marker,
    Words: _words,
}


def init_app(app: Flask) -> None:
    """Offer `svg(chart, name)` to the templates."""
    app.jinja_env.globals["svg"] = svg
