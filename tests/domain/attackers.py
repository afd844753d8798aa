"""Somebody who works out hidden numbers from everything that is shown (measures.md section 8)."""

from __future__ import annotations

from itertools import product

from eqia.domain.suppression import MASKED, RULES, Shown, State, Sum


def counts_possible(shown, sums, profile, *, most, limits=None):
    """Enumerate the whole numbers each hidden cell could be, given every cell and every sum.

    `limits` are what cells cannot exceed: a count its denominator.
    """
    rules = RULES[profile]
    published = {}
    for key, cell in shown.items():
        if cell == MASKED:
            published[key] = range(1, min(most, (limits or {}).get(key, most)) + 1)
        elif cell.count is None:
            published[key] = range(most + 1)
        else:
            published[key] = [
                n
                for n in range(cell.count + rules.step)
                if (0 if n == 0 else rules.rounded(n)) == cell.count
                and (n == 0) == (cell.count == 0)
                and not rules.hides(n)
            ]
    totals = {one.total for one in sums}
    leaves = [key for key in published if key not in totals]
    allowed = {key: frozenset(numbers) for key, numbers in published.items()}
    found = {key: set() for key in published if shown[key] == MASKED}
    for chosen in product(*(published[key] for key in leaves)):
        world = dict(zip(leaves, chosen, strict=True))
        # A total is the sum of its parts: a wider one follows from those before it.
        for one in sums:
            world[one.total] = sum(world[part] for part in one.parts)
        if all(world[one.total] in allowed[one.total] for one in sums):
            for key, numbers in found.items():
                numbers.add(world[key])
    return found


def assert_nothing_can_be_worked_out(shown, sums, profile, *, most, limits=None):
    """Fail where a hidden cell can be only one number; for any output of cells and sums."""
    found = counts_possible(shown, sums, profile, most=most, limits=limits)
    for key, numbers in found.items():
        assert len(numbers) > 1, f"{key} can only be {numbers} in {shown}"


def cells_of(texts):
    """Read published cells back from what an output shows: "*", "0", "15"."""
    empty = {"no reading yet": State.MISSING, "not collected": State.NOT_COLLECTED}
    found = {}
    for key, text in texts.items():
        if text == "*":
            found[key] = MASKED
        elif text in empty:
            found[key] = Shown(empty[text])
        else:
            number = int(text.replace(",", ""))
            found[key] = Shown(State.NUMBER if number else State.ZERO, number)
    return found


__all__ = ["Sum", "assert_nothing_can_be_worked_out", "cells_of", "counts_possible"]
