"""Reading a condition from a question-set file, and every way it can make no sense."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from eqia.domain.conditions import (
    ALWAYS,
    NEVER,
    AllOf,
    AnyOf,
    Blank,
    Condition,
    Not,
    Some,
    Test,
)
from eqia.domain.question_set_reading import Faults
from eqia.domain.questions import GroupList, Question

#: No real rule nests so deep; a file that does is broken or hostile.
DEEPEST = 40
LARGEST = 2000

COMPLETE = "complete"
YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a condition stands: whose rows it may read, and how far down the form."""

    where: str
    #: the group lists whose row is at hand; None outside any row
    rows: tuple[str, ...] | None = None
    #: questions at or after this place are not yet asked; None: all are
    before: int | None = None
    #: inside `some` or `count`, which do not nest
    inside: bool = False
    #: a named condition read for itself, before it is known where it will be used
    loose: bool = False


@dataclass(slots=True)
class ConditionReader:
    """Turns the tables of a file into conditions, noting every fault."""

    questions: Mapping[str, Question]
    lists: Mapping[str, GroupList]
    named: Mapping[str, object]
    limits: Mapping[str, int]
    faults: Faults
    sections: frozenset[str] = frozenset()
    _order: Mapping[str, int] = field(init=False)
    _open: list[str] = field(default_factory=list)
    _size: int = 0

    def __post_init__(self) -> None:
        self._order = {question: i for i, question in enumerate(self.questions)}

    def read(self, raw: object, place: Place) -> Condition:
        """Read a condition; a faulty part reads as never."""
        if isinstance(raw, bool):
            return ALWAYS if raw else NEVER
        self._size = 0
        return self._read(raw, place, 0)

    def _read(self, raw: object, place: Place, depth: int) -> Condition:
        self._size += 1
        if depth > DEEPEST or self._size > LARGEST:
            return self._fault(place, "the condition is too deep or too large")
        if not isinstance(raw, dict) or len(raw) != 1:
            return self._fault(place, "a condition needs exactly one operator")
        ((operator, operand),) = raw.items()
        reader = self._readers.get(operator)
        if reader is None:
            return self._fault(place, f"unknown operator {operator!r}")
        return reader(self, operator, operand, place, depth + 1)

    def _fault(self, place: Place, message: str) -> Condition:
        self.faults.add(place.where, message)
        return NEVER

    def _several(self, operator: str, operand: object, place: Place, depth: int) -> Condition:
        if not isinstance(operand, list):
            return self._fault(place, f"{operator!r} needs a list of conditions")
        parts = tuple(self._read(part, place, depth) for part in operand)
        return AllOf(parts) if operator == "all" else AnyOf(parts)

    def _not(self, _operator: str, operand: object, place: Place, depth: int) -> Condition:
        return Not(self._read(operand, place, depth))

    def _use(self, _operator: str, operand: object, place: Place, depth: int) -> Condition:
        if not isinstance(operand, str) or operand not in self.named:
            return self._fault(place, f"unknown condition {operand!r}")
        if operand in self._open:
            return self._fault(place, f"circular condition {operand!r}")
        self._open.append(operand)
        try:
            return self._read(self.named[operand], place, depth)
        finally:
            self._open.pop()

    def _some(self, operator: str, operand: object, place: Place, depth: int) -> Condition:
        keys = {"over", "where"} | ({"n"} if operator == "count" else set())
        if not isinstance(operand, dict) or set(operand) != keys:
            return self._fault(place, f"{operator!r} needs {', '.join(sorted(keys))}")
        over = self._over(operand["over"], place)
        if place.inside:
            return self._fault(place, f"{operator!r} inside another")
        inner = Place(place.where, over, place.before, inside=True, loose=place.loose)
        where = self._read(operand["where"], inner, depth)
        n = self._count(operand["n"], over, place) if operator == "count" else 1
        return Some(over, where, n)

    def _over(self, raw: object, place: Place) -> tuple[str, ...]:
        names = (raw,) if isinstance(raw, str) else tuple(raw) if isinstance(raw, list) else ()
        if not names:
            self._fault(place, "'over' needs a group list")
        for name in names:
            if name not in self.lists:
                self._fault(place, f"unknown group list {name!r}")
            elif place.before is not None and self._first_row(name) >= place.before:
                self._fault(place, f"'show_if' reads group list {name!r}, asked later")
        return tuple(name for name in names if isinstance(name, str) and name in self.lists)

    def _first_row(self, list_id: str) -> int:
        """Find where the rows of a list are first asked about."""
        asked = (self._order[q.id] for q in self.questions.values() if list_id in q.scope)
        return min(asked, default=len(self._order))

    def _count(self, raw: object, over: tuple[str, ...], place: Place) -> int:
        n = self.limits.get(raw) if isinstance(raw, str) else raw
        if not isinstance(n, int) or isinstance(n, bool):
            self._fault(place, f"'n' should be a whole number or a limit, not {raw!r}")
            return 1
        rows = sum(len(self.lists[name].groups) for name in over)
        if n < 1 or n > rows:
            self._fault(place, f"'n' is {n}, but should be from 1 to {rows}")
        return n

    def _blank(self, operator: str, operand: object, place: Place, _depth: int) -> Condition:
        name = operand[0] if isinstance(operand, list) and len(operand) == 1 else operand
        question, part = self._subject(operator, name, place)
        return Blank(question.id, part) if question else NEVER

    def _test(self, operator: str, operand: object, place: Place, _depth: int) -> Condition:
        if not isinstance(operand, list) or len(operand) != 2:  # noqa: PLR2004 - [name, code]
            return self._fault(place, f"{operator!r} needs a question and its code")
        name, raw = operand
        question, part = self._subject(operator, name, place)
        if question is None:
            return NEVER
        codes = _codes(operator, raw)
        if codes is None:
            return self._fault(place, f"{operator!r} on {name!r} needs {_NEEDS[operator]}")
        known = _known_codes(question, part)
        for code in codes:
            if known and code not in known:
                self._fault(place, f"unknown code {code!r} of {name!r}")
        return Test(operator, question.id, part, codes)

    def _subject(self, operator: str, name: object, place: Place) -> tuple[Question | None, str]:
        base, _, part = name.partition(".") if isinstance(name, str) else ("", "", "")
        question = self.questions.get(base)
        if question is None:
            self._fault(place, f"unknown question {name!r}")
            return None, ""
        self._check_row(question, place)
        if place.before is not None and self._order[base] >= place.before:
            self._fault(place, f"'show_if' reads a later question {base!r}")
        if part and part not in _parts(question):
            self._fault(place, f"unknown part {name!r}")
        elif operator not in _fitting(question, part):
            self._fault(place, f"operator {operator!r} does not fit {name!r}")
        return question, part

    def _check_row(self, question: Question, place: Place) -> None:
        if not question.scope or (place.loose and not place.inside):
            return
        if place.rows is None:
            self._fault(place, f"{question.id!r} is asked per group: use 'some' or 'count'")
        for name in place.rows or ():
            if name not in question.scope:
                self._fault(place, f"{question.id!r} is not asked of group list {name!r}")

    _readers: ClassVar[Mapping[str, "_Reader"]] = {
        "is": _test,
        "in": _test,
        "has": _test,
        "only": _test,
        "blank": _blank,
        "all": _several,
        "any": _several,
        "not": _not,
        "some": _some,
        "count": _some,
        "use": _use,
    }


_Reader = Callable[[ConditionReader, str, object, Place, int], Condition]


def _codes(operator: str, raw: object) -> tuple[str, ...] | None:
    if operator == "is":
        return (raw,) if isinstance(raw, str) else None
    if operator in {"has", "only"} and isinstance(raw, str):
        return (raw,)
    if isinstance(raw, list) and raw and all(isinstance(code, str) for code in raw):
        return tuple(raw)
    return None


def _parts(question: Question) -> tuple[str, ...]:
    if question.type != "mitigation":
        return ()
    return (COMPLETE, *(column.id for column in question.fields))


def _part_type(question: Question, part: str) -> str:
    if part == COMPLETE:
        return "one"
    return next((column.type for column in question.fields if column.id == part), "")


def _fitting(question: Question, part: str) -> tuple[str, ...]:
    kind = _part_type(question, part) if part else question.type
    return {"one": ("is", "in", "blank"), "many": ("has", "only", "blank")}.get(kind, ("blank",))


def _known_codes(question: Question, part: str) -> tuple[str, ...]:
    if not part:
        return question.codes
    if part == COMPLETE:
        return YES_NO
    columns = (column for column in question.fields if column.id == part)
    return tuple(choice.code for column in columns for choice in column.choices)


_NEEDS: Mapping[str, str] = {
    "is": "one code",
    "in": "a list of codes",
    "has": "a code or a list of codes",
    "only": "a code or a list of codes",
}
