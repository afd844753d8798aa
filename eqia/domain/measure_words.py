"""What a measured series says in words, whatever its chart looks like (measures.md section 13)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from eqia.domain.measures import Shape
from eqia.domain.run_charts import SIGNAL_WORDS, USEFUL_FROM, RunSegment
from eqia.domain.spc import Analysis, Judged, Type
from eqia.domain.spc_icons import ASSURANCE_WORDS, VARIATION_WORDS, Icons, Method
from eqia.domain.spc_rules import RULE_WORDS

HIDDEN = "Some figures are hidden because they are small, so nothing is worked out from them."
TOO_FEW = "There are too few readings to tell a change from chance."
_TENTHS = 10

TYPE_WORDS: Mapping[Type, str] = {
    Type.IMPROVEMENT: "Better than usual",
    Type.CONCERN: "Cause for concern",
    Type.NEITHER_HIGH: "Higher than usual",
    Type.NEITHER_LOW: "Lower than usual",
    Type.EXCLUDED: "Set aside, not counted",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A series as it was read: how, with what result, and whether figures are hidden."""

    analysis: Analysis
    method: Method
    icons: Icons
    runs: tuple[RunSegment, ...] = ()
    #: why nothing is worked out from it, where figures are hidden or rounded too far
    withheld: str = ""

    @property
    def is_hidden(self) -> bool:
        """Whether nothing is worked out from it."""
        return bool(self.withheld)

    @property
    def speaks_of_points(self) -> bool:
        """Whether single points may be said to stand out."""
        bears = self.icons.variation is not None or self.icons.is_short
        return self.method is Method.XMR and bears


def written(value: Fraction, shape: str, unit: str = "") -> str:
    """Write a figure to one decimal place, without a needless nought."""
    if shape == Shape.PROPORTION:
        return f"{_short(value * 100)}%"
    return f"{_short(value)} {unit}".strip()


def verdict(read: Reading) -> str:
    """Say what the series shows, as far as it bears saying."""
    return " ".join([read.withheld] if read.is_hidden else _SAID[read.method](read))


def said_of(judged: Judged, read: Reading) -> str:
    """Say what a point stands out by, where the rules may be read at all."""
    if judged.type is Type.EXCLUDED:
        return TYPE_WORDS[Type.EXCLUDED]
    if judged.type is None or not judged.rules or not read.speaks_of_points:
        return ""
    if read.analysis.segments[judged.segment].is_short:
        return ""
    return f"{TYPE_WORDS[judged.type]}: it {_and(RULE_WORDS[rule] for rule in judged.rules)}"


def _short(value: Fraction) -> str:
    tenths = round(value * _TENTHS)
    return f"{tenths // _TENTHS:,}" if tenths % _TENTHS == 0 else f"{tenths / _TENTHS:,.1f}"


def _of_line(read: Reading) -> Sequence[str]:
    count = len(read.analysis.live)
    there = "is 1 reading" if count == 1 else f"are {count} readings"
    return [f"There {there} so far, too few to tell a change from chance."]


def _of_run_chart(read: Reading) -> Sequence[str]:
    last = read.analysis.last
    if last is None or read.analysis.ends_short:
        return [TOO_FEW]
    run = read.runs[last.segment]
    if run.signals:
        return [f"It shows {_and(SIGNAL_WORDS[one] for one in run.signals)}."]
    # With fewer points off the middle the rules say nothing, neither that it is calm.
    if run.useful < USEFUL_FROM:
        return [TOO_FEW]
    return ["It goes up and down no more than chance would make it."]


def _of_xmr(read: Reading) -> Sequence[str]:
    found = read.icons
    if found.variation is None:
        return ["Nothing is said of change.", *found.withheld]
    assured = [f"{ASSURANCE_WORDS[found.assurance]}."] if found.assurance else []
    return [f"{VARIATION_WORDS[found.variation]}.", *assured]


def _and(words: Iterable[str]) -> str:
    return " and ".join(words)


_SAID: Mapping[Method, Callable[[Reading], Sequence[str]]] = {
    Method.LINE: _of_line,
    Method.RUN_CHART: _of_run_chart,
    Method.XMR: _of_xmr,
}
