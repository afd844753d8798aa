"""Text that may point at a person: worth a warning, never a refusal (product.md section 1)."""

import re
from collections.abc import Callable, Iterable, Iterator

_NHS = re.compile(r"(?<!\d)(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?!\d)", re.ASCII)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.]{2,20}", re.ASCII)
_PHONE = re.compile(r"(?<![\d£])(?:\+44|0)(?:[ -]?\d){9,10}(?!\d)", re.ASCII)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b", re.ASCII)
_SMALL = r"(?:[1-7]|one|two|three|four|five|six|seven)"
#: A number below this beside a group can point at a person.
_NEAR = r"(?:\W+\w+){0,2}\W+"
_SHORTEST_STEM, _STEM = 3, 5
_DULL = frozenset(
    [
        "and",
        "the",
        "for",
        "from",
        "with",
        "most",
        "people",
        "groups",
        "group",
        "facing",
        "areas",
        "local",
    ]
)
#: NHS numbers end in a check digit, modulus 11.
_MODULUS, _DIGITS = 11, 10


def _nhs(text: str) -> bool:
    return any(_is_nhs("".join(match.groups())) for match in _NHS.finditer(text))


def _is_nhs(digits: str) -> bool:
    weighted = sum(int(d) * w for d, w in zip(digits, range(_DIGITS, 1, -1), strict=False))
    check = _MODULUS - weighted % _MODULUS
    return check != _DIGITS and int(digits[-1]) == check % _MODULUS


_SIGNS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("an NHS number", _nhs),
    ("an email address", _EMAIL.search),
    ("a phone number", _PHONE.search),
    ("a full postcode", _POSTCODE.search),
)


def personal_signs(text: str, groups: Iterable[str] = ()) -> Iterator[str]:
    """Name what in a text may point at a person; `groups` are the labels of groups."""
    for words, found in _SIGNS:
        if found(text):
            yield words
    if _small_number(text, groups):
        yield "a number below 8 beside a group of people"


def _small_number(text: str, groups: Iterable[str]) -> bool:
    stems = {
        word[:_STEM]
        for label in groups
        for word in re.findall(r"\w+", label.lower())
        if len(word) >= _SHORTEST_STEM and word not in _DULL and not word.isdigit()
    }
    if not stems:
        return False
    stem = "|".join(sorted(map(re.escape, stems)))
    shape = rf"\b{_SMALL}\b{_NEAR}(?:{stem})|\b(?:{stem})\w*{_NEAR}{_SMALL}\b(?![%\d])"
    return re.search(shape, text.lower()) is not None
