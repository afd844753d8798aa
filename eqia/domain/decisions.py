"""From answers to an outcome with every reason for it, and what would change it."""

from dataclasses import dataclass

from eqia.domain.answers import Answer, Unanswered

DEFAULT_RULE = "default"


@dataclass(frozen=True, slots=True)
class CitedAnswer:
    """One answer on the form that a reason rests on."""

    question: str
    group: str | None
    answer: Answer


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that matched, in one sentence, with the answers that fired it."""

    rule: str
    outcome: str
    text: str
    answers: tuple[CitedAnswer, ...]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What the answers come to: never a bare verdict, always its reasons."""

    outcome: str
    #: every matched rule, the deciding outcome first
    reasons: tuple[Reason, ...]
    #: ids of the duties raised
    duties: tuple[str, ...]
    #: blank required questions
    unanswered: tuple[Unanswered, ...]
    #: no blank question stands between these answers and a settled outcome
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """Answers which, if they become true, lead to another outcome."""

    outcome: str
    changes: tuple[CitedAnswer, ...]
    text: str
