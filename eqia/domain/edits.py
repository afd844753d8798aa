"""What somebody typed on one page of a form, parsed or not, and against which version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from eqia.domain.answers import Answer

#: a question, and the group it is asked of; "" for a question asked once
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in one place: the answer, and the text that did not parse, if any."""

    value: Answer | None = None
    #: shown again as typed, never decided on (interface.md 5.2)
    raw: object = None


@dataclass(frozen=True, slots=True)
class Edit:
    """One page's worth of answers for one section, made against a version of that section."""

    section: str
    version: int
    typed: Mapping[Place, Typed] = field(default_factory=dict)

    def differences(self, stored: Mapping[Place, Typed]) -> Iterator[tuple[Place, Typed, Typed]]:
        """Walk the places where what was typed is not what is stored: place, before, after."""
        for place, after in self.typed.items():
            before = stored.get(place, Typed())
            if (plain(before.value), plain(before.raw)) != (plain(after.value), plain(after.raw)):
                yield place, before, after


def plain(value: object) -> object:
    """Give a value in the JSON shape it is stored in; what says nothing is None."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()} or None
    if isinstance(value, tuple | list):
        return [plain(item) for item in value] or None
    return value or None
