"""Somebody who works out hidden numbers from everything that is shown (measures.md section 8).

Whole numbers are tried one by one: nothing here is taken from the code that hides.
"""

from __future__ import annotations

from eqia.domain.suppression import MASKED, RULES, Shown, State

#: what is counted, out of how many, and how many of these are not counted
TOP, BOTTOM, LEFT = "top/", "bottom/", "left/"


def numbers_open(shown, sums, profile, key, *, exact, most, taken=(), unseen=()):
    """Find the whole numbers a count could be, given every other and every sum.

    None where what is `taken` for small cannot all be. Who takes 58 of 60 for hidden takes the two
    for few, not the 58; `exact` says which are which.
    """
    tried = {
        one: _numbers(one, shown, exact, RULES[profile], most, one in taken, unseen)
        for one in exact
    }
    if not _can_be(tried, sums):
        return None
    small = RULES[profile].highest
    # A large one is only asked whether it could be two.
    first = [n for n in tried[key] if n <= small or not 1 <= exact[key] <= small]
    found = set()
    for number in first:
        if _can_be({**tried, key: [number]}, sums):
            found.add(number)
        if len(found) > small // 2:
            break
    return found


def assert_enough_is_open(shown, exact, sums, profile, *, unseen=()):
    """Fail where a hidden small number can be only few, or a large one only one.

    More than half of the small numbers have to stay open, whether somebody takes all that is
    hidden for small, guesses rightly which are, or takes nothing for granted. `unseen` are counts
    that nobody shows, such as those left out. Whoever takes for small what was hidden for others'
    sake, and so leaves out the true number, has learnt nothing.
    """
    rules = RULES[profile]
    if not any(one.count for key, one in shown.items() if key not in unseen):
        return  # nothing is left to hide
    most = max(exact.values()) + rules.step + rules.highest
    said = {"exact": exact, "most": most, "unseen": unseen}
    small = {key for key, number in exact.items() if 1 <= number <= rules.highest}
    for key, number in exact.items():
        if key not in small and (key in unseen or shown[key] != MASKED):
            continue
        least = rules.highest // 2 + 1 if key in small else 2
        for taken in ((), small, exact):
            found = numbers_open(shown, sums, profile, key, taken=taken, **said)
            if found is not None and number in found and len(found) < least:
                # Three who have one or two each can only be so many, whatever is hidden.
                best = numbers_open(
                    _all_hidden(shown, exact), sums, profile, key, taken=small, **said
                )
                words = f"{key}, {number}, can only be {found} in {shown} {exact} by {taken}"
                assert len(found) >= len(best), words


def _all_hidden(shown, exact):
    return {key: MASKED if exact[key] else one for key, one in shown.items()}


def shares_of(shown, exact, sums):
    """Put shares in one table: who is counted, all of them and who is left out, in every row."""
    cells, numbers, added = {}, {}, []
    for key, (top, bottom) in exact.items():
        cells |= {TOP + key: shown[key][0], BOTTOM + key: shown[key][1]}
        numbers |= {TOP + key: top, BOTTOM + key: bottom, LEFT + key: bottom - top}
        added.append((BOTTOM + key, (TOP + key, LEFT + key)))
    added += [
        (column + one.total, tuple(column + part for part in one.parts))
        for one in sums
        for column in (TOP, BOTTOM, LEFT)
    ]
    return cells, numbers, added, {key for key in numbers if key.startswith(LEFT)}


def assert_shares_are_safe(shown, exact, sums, profile):
    """Fail where those counted, all of them or those left out can be worked out."""
    cells, numbers, added, unseen = shares_of(shown, exact, sums)
    assert_enough_is_open(cells, numbers, added, profile, unseen=unseen)


def _numbers(key, shown, exact, rules, most, is_taken, unseen):
    """What a count could be by itself."""
    small = range(1, rules.highest + 1)
    is_small = exact[key] in small
    if key in unseen:
        return small if is_taken and is_small else range(most + 1)
    cell = shown[key]
    if cell == MASKED:
        left = exact.get(LEFT + key.removeprefix(TOP)) if key.startswith(TOP) else None
        few_left = left in small and not is_small
        first = min(1, exact[key])
        return small if is_taken and not few_left else range(first, most + 1)
    if cell.count is None:
        return range(most + 1)
    if cell.count == 0:
        return [0]
    return [n for n in range(1, most + 1) if not rules.hides(n) and rules.rounded(n) == cell.count]


def _can_be(numbers, sums):
    """Whether there are whole numbers for all that add up: each is tried in turn."""
    sums = [(one.total, one.parts) if hasattr(one, "total") else one for one in sums]
    if any(not found for found in numbers.values()):
        return False
    first = {key: (min(found), max(found)) for key, found in numbers.items()}
    allowed = {key: frozenset(found) for key, found in numbers.items()}
    around = {key: [] for key in numbers}
    for one in sums:
        for key in (one[0], *one[1]):
            around[key].append(one)
    order = sorted((key for key in numbers if around[key]), key=lambda key: len(allowed[key]))
    return _tried(first, allowed, around, order)


def _tried(bounds, allowed, around, order):
    open_ = [key for key in order if bounds[key][0] != bounds[key][1]]
    for key in order:
        for total, parts in around[key]:
            if not (
                sum(bounds[one][0] for one in parts) <= bounds[total][1]
                and bounds[total][0] <= sum(bounds[one][1] for one in parts)
            ):
                return False
    if not open_:
        return True
    # The one that a sum leaves the fewest others beside comes next.
    key = min(
        open_,
        key=lambda one: (
            min(
                sum(bounds[other][0] != bounds[other][1] for other in (total, *parts))
                for total, parts in around[one]
            ),
            len(allowed[one]),
        ),
    )
    return any(
        _tried({**bounds, key: (n, n)}, allowed, around, order)
        for n in _left_by(key, bounds, allowed, around)
    )


def _left_by(key, bounds, allowed, around):
    """The numbers that no sum rules out at once."""
    for n in sorted(allowed[key]):
        tried = {**bounds, key: (n, n)}
        if all(
            sum(tried[one][0] for one in parts) <= tried[total][1]
            and tried[total][0] <= sum(tried[one][1] for one in parts)
            for total, parts in around[key]
        ):
            yield n


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
