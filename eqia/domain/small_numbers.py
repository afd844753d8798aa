"""Small numbers that stand beside the name of a group in what somebody wrote.

Measures.md section 8, rule 4: such a number may point at a person, however it is written. People
shorten the names of groups, so that each word of a name that tells one from others counts.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from eqia.domain.group_words import ANY, forms_of, listed, words_of

#: what stands for a small number that is hidden
_STAR = "*"
#: a number of people that a person may be recognised by, 7/10 too, but no part of a day or share
_DIGIT = r"[1-7](?!\w|[.,]\d|\s?%|/\d+/|-[^\W\d])"  #: and one, where it is not part of another word
_ONE = (
    r"(?<!no )(?<!any )(?<!every )(?<!each )(?<!by )(?<!\w-)(?<!\w)one(?!\w| another| by one|-\w)"
)
#: how far from a number the name of a group is looked for, in letters
_NEAR = 40


def small_numbers_beside(
    text: str, labels: Collection[str], language: str = "en"
) -> tuple[str, ...]:
    """Say which numbers under 8 stand near the name of a group, and of which: the nearest."""
    return tuple(
        dict.fromkeys(f"{one} near {label}" for one, _, label in _found(text, labels, language))
    )


def hidden_outside(text: str, labels: Collection[str], language: str = ANY) -> str:
    """Give a text as people outside the team read it, such numbers hidden."""
    for _, (first, last), _ in reversed([*_found(text, labels, language)]):
        text = f"{text[:first]}{_STAR}{text[last:]}"
    return text


@dataclass(frozen=True, slots=True)
class _Names:
    """What stands for some groups in a text: their names, and the words that tell them apart."""

    wholes: re.Pattern[str]
    words: re.Pattern[str]
    labels: dict[str, str]

    def beside(self, text: str) -> list[tuple[tuple[int, int], bool, str]]:
        """Give each place where one stands, a whole name before its words."""
        whole = [
            (one.span(), False, self.labels.get(one.group().casefold(), one.group()))
            for one in self.wholes.finditer(text)
        ]
        return [*whole, *((one.span(), True, one.group()) for one in self.words.finditer(text))]


def _found(
    text: str, labels: Collection[str], language: str
) -> Iterator[tuple[str, tuple[int, int], str]]:
    """Give each such number with its place and the group whose name is nearest."""
    numbers = [one for one in _numbers(language).finditer(text) if not one["name"]]
    if not numbers or not labels:
        return
    names = _names(frozenset(labels), language).beside(text)
    for found in numbers:
        place = found.span("number")
        # A number in the name of a group, such as “Under 5”, tells nothing.
        if any(first <= place[0] < last for (first, last), is_word, _ in names if not is_word):
            continue
        near = [(_apart(place, span), is_word, name) for span, is_word, name in names]
        near = [one for one in near if one[0] <= _NEAR]
        if near:
            yield found["number"], place, min(near)[2]


@lru_cache(maxsize=500)
def _names(labels: frozenset[str], language: str) -> _Names:
    ordered = sorted(labels, key=lambda one: (-len(one), one))
    ages = [age for label in ordered for age in _ages(label)]
    return _Names(
        wholes=re.compile("|".join([*map(_alone, ordered), *ages]), re.IGNORECASE),
        words=re.compile(_either(forms_of(labels, language)), re.IGNORECASE),
        labels={label.casefold(): label for label in ordered},
    )


def _ages(label: str) -> Iterator[str]:
    """Give how people of an age are named in short: over 65s, 65+, 18-64."""
    found = re.findall(r"\d+", label)
    if words_of(label):
        return
    if len(found) == 1:
        before = _either(listed("ages", ANY))
        yield rf"{before}[ -]{found[0]}s?(?!\w)|(?<!\w){found[0]}(?:\+|s(?!\w))"
    elif found:
        yield rf"(?<!\w){found[0]} ?(?:to|i|-|\u2013) ?{found[-1]}(?!\w)"


@cache
def _numbers(language: str) -> re.Pattern[str]:
    """Find what may be a number of people, or, with what it is the number of, only a name."""
    words = set(listed("numbers", language))
    if language == ANY:
        words -= set(listed("numbers", "both"))
    said = rf"(?<!\w-){_either(words - {'one'})}(?!-\w)"
    counted = "|".join([rf"(?<![\w.,/]){_DIGIT}", said, *([_ONE] if "one" in words else [])])
    upto = rf"(?:\s*(?:or|to|neu|i|-|\u2013)\s*(?:\d+|{_either(words)}))?"
    things = rf"(?!{upto}[\s-]+(?:per cent|{_either(listed('things', language))}))"
    name = rf"(?P<name>{_either(listed('numbered', language))}\s+)?"
    return re.compile(rf"{name}(?P<number>{counted}){things}", re.IGNORECASE)


def _either(words: Iterable[str]) -> str:
    """Find any of some words, the longest first, as whole words."""
    found = sorted(words, key=lambda one: (-len(one), one))
    return rf"(?<!\w)(?:{'|'.join(map(re.escape, found)) or '(?!)'})(?!\w)"


def _alone(label: str) -> str:
    return rf"(?<!\w){re.escape(label)}(?!\w)"


def _apart(one: tuple[int, int], two: tuple[int, int]) -> int:
    """Say how many letters lie between two places."""
    return max(two[0] - one[1], one[0] - two[1], 0)
