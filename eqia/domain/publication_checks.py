"""Looks at a public copy as somebody would who wants what was left out of it.

What it finds stops the publication: better a question too many than a name on the web.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from eqia.domain.errors import Invalid, Problem
from eqia.domain.publications import State, always_in, names_in, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from eqia.domain.publications import Choice, Decided, Part
    from eqia.domain.record_reading import Record

#: Shorter texts are looked for as they are written, as words by themselves.
_LONG, _SHORT = 8, 3
#: A sentence of so many letters says enough to be known again.
_SENTENCE = 25
#: Counts below this are suppressed.
SMALL = 8
_MOST_NUMBERS = 500
_NUMBER = re.compile(r"(?<![\w.,/:-])(?:\d{1,3}(?:,\d{3})+|\d{1,9})(?![\w/:]|[.,-]\d)")
_PER_CENT = re.compile(r"(\d{1,3}(?:\.\d{1,3})?) ?(?:%|per ?cent)")
_YEARS = range(1900, 2101)
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}


def check_copy(record: Record, decided: Decided, elsewhere: Iterable[str] = ()) -> None:
    """Refuse a copy that gives away what it leaves out, naming each part that does.

    `elsewhere` are texts that other public copies of the same screening leave out.
    """
    parts, choices = parts_of(record), decided.choices
    hidden = decided.left_out(parts)
    shown = [part for part in parts if part not in hidden]
    names = () if decided.names else names_in(record)
    problems = [
        *_repeated(shown, hidden),
        *_always_too(hidden, always_in(record)),
        *_in_reasons(hidden, choices, names),
        *_named(shown, names),
        *_by_numbers(shown, [p for p in hidden if choices[p.id].state is State.SUPPRESSED]),
        *_left_out_elsewhere(shown, tuple(elsewhere)),
    ]
    if problems:
        raise Invalid(dict.fromkeys(problems))


def _repeated(shown: Sequence[Part], hidden: Sequence[Part]) -> Iterator[Problem]:
    for part in shown:
        for other in hidden:
            if gives_away(part.text, other.text):
                message = (
                    f"“{part.labels[0]}” repeats words you leave out at “{other.labels[0]}”."
                    " Leave both out, or publish both"
                )
                yield Problem(part.id, message)


def _always_too(hidden: Sequence[Part], always: Sequence[str]) -> Iterator[Problem]:
    for part in hidden:
        wanted = _folded(part.text)
        if len(wanted) >= _LONG and any(wanted in _folded(one) for one in always):
            message = (
                f"“{part.labels[0]}” is also in what is always published, such as an answer chosen"
                " from a list. Publish it here too"
            )
            yield Problem(part.id, message)


def gives_away(shown: str, hidden: str) -> bool:
    """Whether a text that is shown holds one that is not, or a whole sentence of it."""
    plain, wanted = _folded(shown), _folded(hidden)
    if len(wanted) >= _LONG:
        if wanted in plain:
            return True
    elif len(wanted) >= _SHORT and _has_word(shown, hidden.strip()):
        return True
    sentences = (_folded(one) for one in re.split(r"[.!?;\n]+", hidden))
    return any(len(one) >= _SENTENCE and one in plain for one in sentences)


def _in_reasons(
    hidden: Sequence[Part], choices: Mapping[str, Choice], names: Sequence[str]
) -> Iterator[Problem]:
    """Look at the reasons given: they are public too."""
    for part in hidden:
        reason = choices[part.id].reason
        if not reason:
            continue
        if any(gives_away(reason, other.text) for other in hidden):
            yield Problem(part.id, f"The reason for “{part.labels[0]}” says what is left out")
        for name in _names_found(reason, names):
            yield Problem(part.id, f"The reason for “{part.labels[0]}” names {name}")


def _named(shown: Sequence[Part], names: Sequence[str]) -> Iterator[Problem]:
    for part in shown:
        for name in _names_found(part.text, names):
            message = (
                f"“{part.labels[0]}” names {name}, and this copy gives roles, not names."
                " Leave it out, or choose to give names"
            )
            yield Problem(part.id, message)


def _names_found(text: str, names: Iterable[str]) -> Iterator[str]:
    yield from (name for name in names if _has_word(_folded(text), _folded(name)))


def _left_out_elsewhere(shown: Sequence[Part], elsewhere: Sequence[str]) -> Iterator[Problem]:
    for part in shown:
        if any(gives_away(part.text, text) for text in elsewhere):
            message = (
                f"“{part.labels[0]}” is left out of another public version."
                " Leave it out here too, or unpublish that version first"
            )
            yield Problem(part.id, message)


# What is left when numbers that are shown are taken from each other


def _by_numbers(shown: Sequence[Part], suppressed: Sequence[Part]) -> Iterator[Problem]:
    wanted = {n for part in suppressed for n in numbers(part.text) if 0 < n < SMALL}
    if not wanted:
        return
    found = {part.id: [n for n in numbers(part.text) if n >= SMALL] for part in shown}
    totals = sorted({n for own in found.values() for n in own})[:_MOST_NUMBERS]
    for part in shown:
        own = found[part.id][:_MOST_NUMBERS]
        if _by_taking_away(wanted, own, totals) or wanted & set(_shares(part.text, totals)):
            message = (
                f"From the numbers in “{part.labels[0]}” a small number you leave out can be"
                " worked out. Leave it out too"
            )
            yield Problem(part.id, message)


def _by_taking_away(wanted: set[int], own: Sequence[int], totals: Sequence[int]) -> bool:
    """Take a number from another, two from one in the same text, or all the rest from the most."""
    if not own:
        return False
    known, together = set(totals), set(own)
    return any(
        2 * max(own) - sum(own) == n
        or any(a - n in known or a + n in known for a in own)
        or any(a - b - n in together for a in own for b in own if a > b)
        for n in wanted
    )


def _shares(text: str, totals: Sequence[int]) -> Iterator[int]:
    """Turn a share of a number back into a count."""
    for share in _PER_CENT.findall(text):
        yield from (round(total * float(share) / 100) for total in totals)


def numbers(text: str) -> list[int]:
    """Find the counts in a text; years, dates and shares are none."""
    bare = _PER_CENT.sub(" ", text)
    found = [(n, int(n.replace(",", ""))) for n in _NUMBER.findall(bare)]
    digits = [value for typed, value in found if "," in typed or value not in _YEARS]
    return digits + [_WORDS[w] for w in re.findall(r"\w+", text.lower()) if w in _WORDS]


@lru_cache(maxsize=1000)
def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
