"""What was answered: raw values turned into Answers, and what is missing, unknown or hidden."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

#: text, one, date -> str; many -> codes; mitigation -> column values; list -> rows of columns
Answer = str | tuple[str, ...] | Mapping[str, str] | tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A required question nobody has answered; `group` is None for a form question."""

    question: str
    group: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The answers to the questions that are shown, each parsed once; hidden ones are not here."""

    #: question -> answer, or question -> group -> answer for questions asked per group
    values: Mapping[str, Answer | Mapping[str, Answer]]

    def get(self, question: str, group: str | None = None) -> Answer | None:
        """Give the answer, or None while it is blank."""
        raise NotImplementedError

    def items(self) -> Iterator[tuple[str, str | None, Answer]]:
        """Every answer as (question, group, answer)."""
        raise NotImplementedError

    def as_json(self) -> dict[str, object]:
        """Give the answers in the JSON shape of `eqia decide`."""
        raise NotImplementedError
