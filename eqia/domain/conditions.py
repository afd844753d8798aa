"""The few operators that rules are written in, as values (questions.md section 7)."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Test:
    """One answer held against codes: `is`, `in`, `has` or `only`; a blank answer fails it."""

    __test__ = False  # not a test case, whatever its name

    operator: str
    question: str
    #: "" for the answer itself, else a part of it: `complete`, `residual`
    part: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """True while nothing is answered."""

    question: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part is; an empty one is true."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one part is; an empty one is false."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Turns a condition round, blank answers and all."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Some:
    """True when at least `n` shown rows of these group lists satisfy `where`."""

    over: tuple[str, ...]
    where: "Condition"
    n: int = 1


Condition = Test | Blank | AllOf | AnyOf | Not | Some

ALWAYS = AllOf(())
NEVER = AnyOf(())


def leaves(
    condition: Condition, over: tuple[str, ...] = ()
) -> Iterator[tuple[Test | Blank, tuple[str, ...]]]:
    """Every test in a condition, with the group lists it is asked over."""
    if isinstance(condition, Test | Blank):
        yield condition, over
    elif isinstance(condition, Not):
        yield from leaves(condition.part, over)
    elif isinstance(condition, Some):
        yield from leaves(condition.where, condition.over)
    else:
        for part in condition.parts:
            yield from leaves(part, over)


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """List the conditions a condition is made of."""
    if isinstance(condition, Not):
        return (condition.part,)
    if isinstance(condition, Some):
        return (condition.where,)
    if isinstance(condition, AllOf | AnyOf):
        return condition.parts
    return ()
