"""What a form can come to, when, on what law, and who signs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from eqia.domain.conditions import Condition

#: language code -> text
Texts = Mapping[str, str]


def text_in(texts: Texts, language: str | None = None) -> str:
    """Pick the text in a language, or in the first one it is written in."""
    if language is not None and language in texts:
        return texts[language]
    return next(iter(texts.values()), "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a screening can come to, from the lowest rank to the highest."""

    id: str
    rank: int
    label: Texts
    consequence: Texts = field(default_factory=dict)
    publish: bool = False
    signable: bool = True
    needs_measure: bool = False
    opens_eqia: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """When an outcome is called for, and the one sentence that says why."""

    id: str
    outcome: str
    when: Condition
    reason: Texts
    tags: tuple[str, ...] = ()
    overridable: bool = True


@dataclass(frozen=True, slots=True)
class Duty:
    """Another duty that an answer raises beside the outcome."""

    id: str
    raised_when: Condition
    requires: Texts


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the duty that the approver confirms."""

    id: str
    text: Texts


@dataclass(frozen=True, slots=True)
class Law:
    """A legal reference and the day it was last checked."""

    ref: str
    as_at: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Signoff:
    """Who signs, kept apart from whom, and what they confirm."""

    roles: tuple[str, ...] = ("approver",)
    separation: tuple[str, ...] = ()
    confirm: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """When the answers are looked at again, if nobody says otherwise."""

    default_months: int = 12
    triggers: tuple[str, ...] = ()
