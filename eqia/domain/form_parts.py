"""What a form is made of: questions, their choices and columns, groups and sections."""

from dataclasses import dataclass, field

from eqia.domain.conditions import ALWAYS, NEVER, Condition
from eqia.domain.rules import Texts, text_in


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be ticked; an exclusive one stands alone."""

    code: str
    label: Texts
    hint: Texts = field(default_factory=dict)
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One group of people; `not_asked` says why its row is left out when hidden."""

    id: str
    label: Texts
    list_id: str
    protected: bool
    show_if: Condition = ALWAYS
    not_asked: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GroupList:
    """Groups that share a table: protected and local groups never do."""

    id: str
    label: Texts
    protected: bool
    groups: tuple[Group, ...]
    #: where its rows stand on the form; "" for the section of the question asked of it
    section: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form with its title and a line or two to start it."""

    id: str
    title: Texts
    intro: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a `mitigation` or `list` question: `text`, `one` or `date`."""

    id: str
    type: str
    label: Texts
    choices: tuple[Choice, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Move:
    """A change of one answer that is worse, or that action or finding out can make true.

    `to` gives another code (of a part, if named); `gain` adds a tick; `becomes` leaves that one
    tick; `fix` completes a mitigation with that harm left; `empty` makes it incomplete.
    """

    kind: str
    codes: tuple[str, ...] = ()
    #: only from these codes; empty: from any answer
    of: tuple[str, ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One thing that is asked, of the form or of every group in some lists."""

    id: str
    section: str
    type: str
    text: Texts
    #: questions that share a page are shown together
    page: str
    #: empty for a form question, else the group lists it is asked of
    scope: tuple[str, ...] = ()
    #: the wording for groups that fare no differently; empty: no other wording
    text_same: Texts = field(default_factory=dict)
    #: a few words for lists, check answers and reasons
    short: Texts = field(default_factory=dict)
    help: Texts = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    fields: tuple[Field, ...] = ()
    companion_of: str = ""
    show_if: Condition = ALWAYS
    required_if: Condition = ALWAYS
    #: when every choice has to be ticked
    tick_all_if: Condition = NEVER
    #: outcomes that make it required, checked after deciding
    required_for: tuple[str, ...] = ()
    min_length: int = 0
    max_length: int = 20_000
    worse: tuple[Move, ...] = ()
    steps: tuple[Move, ...] = ()
    #: the default offered as visible text, never stored until accepted: `bodies`, `review_date`
    offer: str = ""
    legal: str = ""
    #: kept for the record; rules never read it and `eqia decide` never asks for it
    record_only: bool = False

    @property
    def per_group(self) -> bool:
        """Whether it is asked of every group rather than once."""
        return bool(self.scope)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code that can answer it; none for open text, and for open lists of names."""
        return tuple(choice.code for choice in self.choices)

    def choice(self, code: str) -> Choice | None:
        """Find the choice with this code."""
        return next((choice for choice in self.choices if choice.code == code), None)

    def label_of(self, code: str, language: str | None = None) -> str:
        """Give the words for a code; a code without words (a name typed in) is its own."""
        choice = self.choice(code)
        return text_in(choice.label, language) if choice else code
