"""What is missing between finding, action, measure and reading; each item names row and fix."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from eqia.domain import coverage_findings, coverage_measures, coverage_risks
from eqia.domain.coverage_items import LEVEL_LABELS, Item, Level, On
from eqia.domain.pictures import ActionView, FindingView, MeasureFacts, MeasureView, Picture

__all__ = [
    "ActionView",
    "Covered",
    "FindingView",
    "Item",
    "Level",
    "MeasureFacts",
    "MeasureView",
    "On",
    "Picture",
    "blocking",
    "covered",
    "items",
    "once",
    "owed",
    "stops",
]


@dataclass(frozen=True, slots=True)
class Covered:
    """How many findings that need action have all they need, and which do not."""

    total: int
    open: tuple[str, ...] = field(default=())

    @property
    def done(self) -> int:
        """How many have."""
        return self.total - len(self.open)

    @property
    def words(self) -> str:
        """Say so, never as a bare percentage."""
        if not self.total:
            return "No finding needs action"
        if not self.open:
            return f"{self.done} of {self.total} findings that need action are covered"
        names = ", ".join(self.open)
        return f"{self.done} of {self.total} findings that need action are covered. Not: {names}"


_COVERING = frozenset(f"C{number:02d}" for number in range(1, 11))
#: what keeps a plan from being closed (measures.md section 3)
CLOSING = frozenset({"C03", "C04", "C05", "C07", "C10", "C14", "C19"})


def items(picture: Picture) -> tuple[Item, ...]:
    """List everything that is missing, rule by rule."""
    found = [item for rule in _RULES for item in rule(picture)]
    return tuple(sorted(found, key=lambda one: (_ORDER[one.level], one.rule)))


def covered(picture: Picture, found: Iterable[Item]) -> Covered:
    """Count the findings that have all they need (C01 to C10)."""
    bare = {one.finding for one in found if one.rule in _COVERING and one.finding}
    needing = [one for one in picture.findings if one.current and one.needs_action]
    return Covered(len(needing), tuple(one.label for one in needing if one.id in bare))


def stops(item: Item) -> str:
    """Say what an item stops: what keeps a screening from being signed does not hold a plan open.

    With a full EqIA such an item comes along into the plan (measures.md section 3).
    """
    if item.level is Level.BLOCKS and item.rule not in CLOSING:
        return "To be put right: the next screening is not signed without it"
    return LEVEL_LABELS[item.level]


def blocking(found: Iterable[Item]) -> tuple[Item, ...]:
    """Give the items that keep a plan from being closed."""
    return tuple(one for one in found if one.rule in CLOSING)


def owed(found: Iterable[Item]) -> tuple[Item, ...]:
    """Give what a signed screening needs and its plan lacks, though the plan could be closed."""
    return tuple(one for one in found if one.level is Level.BLOCKS and one.rule not in CLOSING)


def once(found: Iterable[Item]) -> tuple[Item, ...]:
    """Give each thing once, though it may leave several findings uncovered."""
    return tuple({(one.rule, one.row): one for one in found}.values())


_ORDER = {Level.BLOCKS: 0, Level.WARN: 1, Level.INFO: 2}

_RULES: tuple[Callable[[Picture], Iterator[Item]], ...] = (
    coverage_findings.unanswered,
    coverage_findings.nobody_or_never,
    coverage_findings.unmeasured,
    coverage_findings.not_split,
    coverage_findings.group_left_out,
    coverage_findings.no_reference,
    coverage_findings.no_baseline,
    coverage_findings.few_people,
    coverage_findings.no_target,
    coverage_findings.never_due,
    coverage_findings.no_way_to_know,
    coverage_measures.late,
    coverage_measures.overall_alone,
    coverage_measures.all_masked,
    coverage_measures.concern,
    coverage_measures.without_effect,
    coverage_measures.redefined,
    coverage_risks.unready,
    coverage_measures.not_taken_over,
    coverage_measures.gone,
    coverage_risks.gone,
    coverage_measures.many_unknown,
    coverage_measures.linked_to_nothing,
)
