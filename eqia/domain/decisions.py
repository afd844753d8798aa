"""From answers to an outcome with every reason for it (questions.md section 3)."""

from dataclasses import dataclass

from eqia.domain.answers import Answers, Unanswered
from eqia.domain.compilation import compile_set
from eqia.domain.evaluation import Program
from eqia.domain.explanations import CitedAnswer, cited_answers, reason_text
from eqia.domain.questions import Outcome, QuestionSet, text_in

__all__ = ["DEFAULT_RULE", "CitedAnswer", "Decision", "Reason", "decide", "top_matches"]

#: names the reason when no rule settles it
DEFAULT_RULE = "default"


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
    #: blank required questions; texts, companions and offered defaults only if a rule reads them
    unanswered: tuple[Unanswered, ...]
    #: whether no blank that rules read stands between these answers and a settled outcome
    settled: bool

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that matched."""
        return tuple(reason.rule for reason in self.reasons)


def decide(question_set: QuestionSet, answers: Answers, *, language: str | None = None) -> Decision:
    """Decide a form: the highest outcome any rule calls for, and all that call for any."""
    language = language or question_set.languages[0]
    program = compile_set(question_set)
    state = program.run(answers.values)
    outcome = outcome_of(program, state)
    reasons = _reasons(program, state, answers, language)
    if outcome.by_default:
        text = text_in(question_set.default_reason, language)
        reasons.append(Reason(DEFAULT_RULE, question_set.default, text, ()))
    ranks = {one.id: one.rank for one in question_set.outcomes}
    reasons.sort(key=lambda reason: (-ranks[reason.outcome], reason.rule))
    duties = zip(question_set.duties, program.duties, strict=True)
    return Decision(
        outcome=outcome.outcome.id,
        reasons=tuple(reasons),
        duties=tuple(duty.id for duty, node in duties if state[node]),
        unanswered=unanswered(program, state, outcome.outcome),
        settled=not state[program.incomplete],
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome alone, and whether it stands by default."""

    outcome: Outcome
    by_default: bool


def outcome_of(program: Program, state: list[int]) -> Verdict:
    """Take the highest rank among the matches; blanks and silence fall to the default."""
    question_set = program.question_set
    top = max((rank for node, rank in program.rules if state[node]), default=-1)
    default = question_set.outcome(question_set.default)
    if top < 0 or (state[program.incomplete] and top < default.rank):
        return Verdict(default, by_default=True)
    return Verdict(question_set.by_rank[top], by_default=False)


def _reasons(program: Program, state: list[int], answers: Answers, language: str) -> list[Reason]:
    found = []
    for rule, (node, _) in zip(program.question_set.rules, program.rules, strict=True):
        if state[node]:
            cited = cited_answers(program, state, rule.when, answers)
            text = reason_text(program.question_set, rule.reason, cited, language)
            found.append(Reason(rule.id, rule.outcome, text, cited, rule.tags))
    return found


def unanswered(program: Program, state: list[int], outcome: Outcome) -> tuple[Unanswered, ...]:
    """List the blank required questions that `eqia decide` asks for, in form order."""
    found: list[Unanswered] = []
    for question in program.asked_for:
        blank = state[program.missing[question.id]]
        if outcome.id in question.required_for:
            answered = state[program.answered[question.id]]
            blank = state[program.shown[question.id]] & ~answered
        if not blank:
            continue
        bits = program.inputs[question.id].bits
        if bits:
            found += [Unanswered(question.id, group) for group, bit in bits.items() if blank & bit]
        else:
            found.append(Unanswered(question.id))
    return tuple(found)


def top_matches(
    question_set: QuestionSet, answers: Answers, *, language: str | None = None
) -> tuple[Reason, ...]:
    """Give the matched rules of the top outcome: with any, the team may stop here."""
    decision = decide(question_set, answers, language=language)
    return tuple(r for r in decision.reasons if r.outcome == question_set.top.id)
