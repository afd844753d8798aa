"""How many answers at least have to change before a rule turns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from eqia.domain.evaluation import AND, ATLEAST, NOT, Program, Step

NEVER = 1000


@dataclass(slots=True)
class Flips:
    """A lower bound, never too high, so that pairs left untried could not have worked."""

    program: Program
    state: list[int]
    #: question -> bits of the rows (all, for a form question) where a change is possible
    available: Mapping[str, int]
    _known: dict[int, int] = field(default_factory=dict)
    _steps: Mapping[int, Step] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._steps = self.program.step_of

    def within(self, changes: int) -> int:
        """Mark the rules, and the bit for blanks after them, that so few changes can turn."""
        nodes = [*(node for node, _ in self.program.rules), self.program.incomplete]
        return sum(1 << i for i, node in enumerate(nodes) if self.least(node) <= changes)

    def least(self, node: int) -> int:
        """Count the changes it takes at least to turn a node about the form."""
        if node not in self._known:
            self._known[node] = self._least(node)
        return self._known[node]

    def _least(self, node: int) -> int:
        step = self._steps.get(node)
        if step is None:
            reads = self.program.reads[node]
            return 1 if any(question in self.available for question in reads) else NEVER
        _, operator, a, b = step
        if operator == NOT:
            return self.least(a)
        if operator == ATLEAST:
            return self._rows(a, b)
        # Only what is on the way decides: a true `and` turns with either part, a true `or` only
        # with every part that holds.
        either = bool(self.state[node]) == (operator == AND)
        if either:
            return min(self.least(a), self.least(b))
        wrong = [part for part in (a, b) if bool(self.state[part]) != (operator == AND)]
        costs = [self.least(part) for part in wrong]
        apart = self.program.reads[a].isdisjoint(self.program.reads[b])
        return min(sum(costs), NEVER) if apart else max(costs)

    def _rows(self, node: int, n: int) -> int:
        matching = self.state[node]
        holds = matching.bit_count() >= n
        lacking = matching.bit_count() - n + 1 if holds else n - matching.bit_count()
        rows = 0
        for question in self.program.reads[node] & self.available.keys():
            if not self.program.inputs[question].bits:
                return 1  # one answer about the form may turn every row
            rows |= self.available[question]
        able = (rows & matching if holds else rows & ~matching).bit_count()
        return lacking if able >= lacking else NEVER
