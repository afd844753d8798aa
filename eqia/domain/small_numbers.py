"""Small numbers that stand beside the name of a group in what somebody wrote.

Measures.md section 8, rule 4: such a number may point at a person, however it is written.
"""

import re
from collections.abc import Collection, Iterator, Mapping

#: what stands for a small number that is hidden
_STAR = "*"
#: numbers of people that a person may be recognised by
_DIGITS = r"(?<![\d.,/])[1-7](?![\d.,/%]\d|\d|%)"
#: the same in words; what only sounds like a number of people is left out
_WORDS: Mapping[str, str] = {
    "en": r"(?<!no )(?<!any )(?<!every )(?<!each )(?<!by )\b(?:one(?! another| by one)|two|three"
    r"|four|five|six|seven)\b",
    "cy": r"\b(?:un|dau|ddau|dwy|ddwy|tri|thri|dri|tair|dair|thair|pedwar|bedwar|phedwar|pedair"
    r"|bedair|phedair|pump|bump|phump|pum|chwech|chwe|saith)\b",
}
#: how far from a number the name of a group is looked for, in letters
_NEAR = 40


def small_numbers_beside(
    text: str, labels: Collection[str], language: str = "en"
) -> tuple[str, ...]:
    """Say which numbers under 8 stand near the name of a group, and of which: the nearest."""
    return tuple(
        dict.fromkeys(f"{one} near {label}" for one, _, label in _found(text, labels, language))
    )


def hidden_outside(text: str, labels: Collection[str], language: str = "en") -> str:
    """Give a text as people outside the team read it, such numbers hidden."""
    for _, (first, last), _ in reversed([*_found(text, labels, language)]):
        text = f"{text[:first]}{_STAR}{text[last:]}"
    return text


def _found(
    text: str, labels: Collection[str], language: str
) -> Iterator[tuple[str, tuple[int, int], str]]:
    """Give each such number with its place and the group whose name is nearest."""
    names = [(one, found.span()) for one in labels for found in _named(one).finditer(text)]
    words = "|".join(dict.fromkeys((_DIGITS, _WORDS.get(language, _WORDS["en"]))))
    for found in re.finditer(words, text, re.IGNORECASE):
        # A number in the name of a group, such as “Under 5”, tells nothing.
        if any(first <= found.start() < last for _, (first, last) in names):
            continue
        near = [(_apart(found.span(), span), label) for label, span in names]
        near = [one for one in near if one[0] <= _NEAR]
        if near:
            yield found.group(), found.span(), min(near)[1]


def _named(label: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(label)}(?!\w)", re.IGNORECASE)


def _apart(one: tuple[int, int], two: tuple[int, int]) -> int:
    """Say how many letters lie between two places."""
    return max(two[0] - one[1], one[0] - two[1], 0)
