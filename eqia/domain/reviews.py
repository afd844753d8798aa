"""The confirmed outcome: who may raise or lower it, why, and when a screening can be signed.

Product.md section 6, questions.md section 5. A rule is barred from lowering by the set's own
`overridable`, and an outcome from signing by its own `signable`: no rule or outcome is named here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from eqia.domain.answers import Answer, Answers, groups_or_form, shown
from eqia.domain.errors import Invalid, NotAllowed, Problem
from eqia.domain.evaluation import is_blank
from eqia.domain.flags import day_answered
from eqia.domain.questions import Outcome, Question, QuestionSet, text_in


class ReviewKind(StrEnum):
    """What a reviewer or approver did to one submission."""

    CONFIRM = "confirm"
    RAISE = "raise"
    PROPOSE_LOWERING = "propose_lowering"
    AGREE_LOWERING = "agree_lowering"
    RETURN = "return"


#: What each act is called in a list of what happened.
REVIEW_LABELS: Mapping[ReviewKind, str] = {
    ReviewKind.CONFIRM: "Outcome confirmed",
    ReviewKind.RAISE: "Outcome raised",
    ReviewKind.PROPOSE_LOWERING: "Lower outcome proposed",
    ReviewKind.AGREE_LOWERING: "Lower outcome agreed",
    ReviewKind.RETURN: "Returned to the team",
}


@dataclass(frozen=True, slots=True)
class Lowering:
    """A lower outcome, why, and on what evidence."""

    outcome: str
    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Weight:
    """What the approver weighed, in their own words (Hurley and Moore)."""

    benefits: str
    harms: str
    proportionate: str


@dataclass(frozen=True, slots=True)
class Supplied:
    """What the approver adds where the form does not ask for it."""

    measure: str = ""
    owner: str = ""
    due: date | None = None
    review_date: date | None = None

    def as_json(self) -> dict[str, str]:
        """Keep what was given as plain values."""
        given = {
            "measure": self.measure,
            "owner": self.owner,
            "due": self.due.isoformat() if self.due else "",
            "review_date": self.review_date.isoformat() if self.review_date else "",
        }
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Signing:
    """What the approver gives when they sign."""

    #: the content they read and sign
    digest: str
    #: ids of the duty's statements, each confirmed by itself
    statements: tuple[str, ...]
    weight: Weight
    supplied: Supplied = field(default_factory=Supplied)


def check_raise(question_set: QuestionSet, in_force: str, outcome: str, reason: str) -> None:
    """Refuse a raise that is not one, or that has no reason."""
    problems = _wrong_outcome(question_set, outcome)
    if not problems and _rank(question_set, outcome) <= _rank(question_set, in_force):
        problems = [Problem("outcome", "Choose an outcome higher than the present one")]
    _refuse(problems, _without_words("reason", reason, "Say why you raise the outcome"))


def check_proposal(
    question_set: QuestionSet,
    decision_rules: Iterable[str],
    in_force: str,
    lowering: Lowering,
) -> None:
    """Refuse a lowering that may not be, is not one, or lacks reason or evidence."""
    check_may_lower(question_set, decision_rules)
    problems = _wrong_outcome(question_set, lowering.outcome)
    if not problems and _rank(question_set, lowering.outcome) >= _rank(question_set, in_force):
        problems = [Problem("outcome", "Choose an outcome lower than the present one")]
    _refuse(
        problems,
        _without_words("reason", lowering.reason, "Say why the outcome should be lower"),
        _without_words("evidence", lowering.evidence, "Say what evidence supports it"),
    )


def barring_rules(question_set: QuestionSet, decision_rules: Iterable[str]) -> tuple[str, ...]:
    """Name the matched rules that nobody may override."""
    rules = ((rule_id, question_set.rule(rule_id)) for rule_id in decision_rules)
    return tuple(rule_id for rule_id, rule in rules if rule is not None and not rule.overridable)


def check_may_lower(question_set: QuestionSet, decision_rules: Iterable[str]) -> None:
    """Refuse any lowering while a rule matches that nobody may override."""
    barred = barring_rules(question_set, decision_rules)
    if barred:
        names = " and ".join(barred)
        raise NotAllowed(
            f"The outcome cannot be lowered while {names} applies. "
            "Return the screening if the answers behind it are wrong.",
            code="barred",
        )


def higher_outcomes(question_set: QuestionSet, outcome: str) -> tuple[Outcome, ...]:
    """List what an outcome can be raised to."""
    rank = _rank(question_set, outcome)
    return tuple(one for one in question_set.by_rank if one.rank > rank)


def lower_outcomes(question_set: QuestionSet, outcome: str) -> tuple[Outcome, ...]:
    """List what a lowering can propose."""
    rank = _rank(question_set, outcome)
    return tuple(one for one in question_set.by_rank if one.rank < rank)


def check_return(reason: str, due: date | None, today: date) -> None:
    """Refuse to return a screening without saying what to change and by when."""
    problems = _without_words("reason", reason, "Say what the team should change")
    if due is None:
        problems.append(Problem("due", "Enter the day you need it back"))
    elif due < today:
        problems.append(Problem("due", "The day you need it back must be today or later"))
    _refuse(problems)


# Sign-off


def check_sign_off(
    question_set: QuestionSet,
    answers: Answers,
    outcome: str,
    signing: Signing,
) -> None:
    """Refuse to sign what cannot be signed, naming everything that is missing."""
    check_signable(question_set, outcome)
    problems = missing_for(question_set, answers, outcome, signing.supplied)
    unconfirmed = [
        Problem(f"statements.{one.id}", "Confirm each statement, or do not sign")
        for one in question_set.signoff.confirm
        if one.id not in signing.statements
    ]
    weight = signing.weight
    _refuse(
        unconfirmed,
        _without_words("benefits", weight.benefits, "Say what benefits you weighed"),
        _without_words("harms", weight.harms, "Say what harms you weighed, or that you saw none"),
        _without_words("proportionate", weight.proportionate, "Say why this is proportionate"),
        problems,
    )


def check_signable(question_set: QuestionSet, outcome: str) -> None:
    """Refuse to sign an outcome that is no end state (Bracking)."""
    found = question_set.outcome(outcome)
    if not found.signable:
        raise NotAllowed(
            f"“{text_in(found.label)}” cannot be signed. Return the screening so that "
            "the team can find out what is missing.",
            code="not_signable",
        )


def missing_for(
    question_set: QuestionSet, answers: Answers, outcome: str, supplied: Supplied
) -> list[Problem]:
    """List what the outcome still needs: a measure, its owner and date, and a review date.

    Where the set has no question for one of them, the sign-off form asks for it.
    """
    problems = []
    if question_set.outcome(outcome).needs_measure and not has_measure(question_set, answers):
        problems += _measure_missing(question_set, supplied)
    if review_day(question_set, answers, supplied) is None:
        problems.append(Problem("review_date", "Enter the day to look at this again"))
    return problems


def asks_for_measure(question_set: QuestionSet, answers: Answers, outcome: str) -> bool:
    """Whether the sign-off form has to ask for a measure, as the set has no question for one."""
    needed = question_set.outcome(outcome).needs_measure
    return needed and not question_set.id_for("measures") and not has_measure(question_set, answers)


def review_day(
    question_set: QuestionSet, answers: Answers, supplied: Supplied | None = None
) -> date | None:
    """Give the day to look again: as answered, else as the approver says."""
    answered = day_answered(question_set, answers, "review_date")
    return answered or (supplied.review_date if supplied else None)


def has_measure(question_set: QuestionSet, answers: Answers) -> bool:
    """Whether a measure or an owned, dated fix is on the form (DMA [2020] EWHC 3416)."""
    return any(
        _complete(question_set.question(question_id), answer)
        for use in ("measures", "mitigation")
        for question_id, _, answer in answers_to(question_set, answers, use)
    )


def answers_to(
    question_set: QuestionSet, answers: Answers, use: str
) -> list[tuple[str, str | None, Answer]]:
    """List the shown answers to the questions that play a part, with their groups."""
    view = shown(question_set, answers)
    found = []
    for question_id in question_set.ids(use):
        for group in groups_or_form(question_set, question_set.question(question_id)):
            answer = answers.get(question_id, group)
            if answer is not None and view.asks(question_id, group):
                found.append((question_id, group, answer))
    return found


def _complete(question: Question, answer: Answer) -> bool:
    """Whether a row or a fix has everything it needs, an owner and a date among it."""
    rows: Iterable[object] = answer if isinstance(answer, tuple) else (answer,)
    if not question.fields:
        return False
    return any(
        isinstance(row, Mapping)
        and all(not is_blank(row.get(one.id)) for one in question.fields if one.required)
        for row in rows
    )


def _measure_missing(question_set: QuestionSet, supplied: Supplied) -> list[Problem]:
    if question_set.id_for("measures"):
        words = "This outcome needs a measure with an owner and a date. Return it to the team"
        return [Problem("measure", words)]
    problems = _without_words("measure", supplied.measure, "Say what will be measured")
    problems += _without_words("owner", supplied.owner, "Say who will do it")
    if supplied.due is None:
        problems.append(Problem("due", "Enter the day by which it will be done"))
    return problems


def _wrong_outcome(question_set: QuestionSet, outcome: str) -> list[Problem]:
    known = any(one.id == outcome for one in question_set.outcomes)
    return [] if known else [Problem("outcome", "Choose one of the outcomes")]


def _rank(question_set: QuestionSet, outcome: str) -> int:
    return question_set.outcome(outcome).rank


def _without_words(name: str, text: str, message: str) -> list[Problem]:
    return [] if text.strip() else [Problem(name, message)]


def _refuse(*problems: Iterable[Problem]) -> None:
    found = [problem for some in problems for problem in some]
    if found:
        raise Invalid(found)
