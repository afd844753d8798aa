"""What every question set must satisfy, whoever wrote it (questions.md section 4, P1 to P6)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from eqia.domain.answer_parsing import parse_answers
from eqia.domain.answers import Answers, Shown, shown
from eqia.domain.decisions import DEFAULT_RULE, Decision, decide, outcome_of
from eqia.domain.moves import trials
from eqia.domain.questions import Question, QuestionSet
from eqia.domain.sample_forms import Form, random_form

#: Answers that never go with the lowest outcome (see QuestionSet).
UNSAFE = ("never_lowest", "never_lowest_long", "never_lowest_protected")

#: Worse moves tried on one random form; a sweep tries them all.
SOME_MOVES = 8

#: Something no question can hold; what is hidden may.
RUBBISH = {"rubbish": [1, None, "\x00"]}


@dataclass(frozen=True, slots=True)
class Breach:
    """One property broken, in words, with the form that breaks it."""

    property: str
    message: str
    form: Form = field(default_factory=dict)


@dataclass(slots=True)
class Findings:
    """What came of trying a set on random forms."""

    forms: int = 0
    fired: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    #: unsafe: the set must not be used
    breaches: list[Breach] = field(default_factory=list)
    #: not covered by the forms tried
    warnings: list[Breach] = field(default_factory=list)

    def note(self, name: str, message: str, form: Form) -> None:
        """Note a breach, the first few of each property."""
        if sum(1 for breach in self.breaches if breach.property == name) < 3:  # noqa: PLR2004 - a sample, not a flood
            self.breaches.append(Breach(name, message, form))


def check_properties(question_set: QuestionSet, chance: Random, forms: int) -> Findings:
    """Try a set on random forms and say what it breaks."""
    findings = Findings()
    for _ in range(forms):
        check_form(question_set, random_form(question_set, chance), chance, findings)
    for rule in question_set.rules:
        if not findings.fired[rule.id]:
            findings.warnings.append(Breach("P4", f"rule {rule.id} fired on no form"))
    for outcome in question_set.outcomes:
        if not findings.outcomes[outcome.id]:
            findings.warnings.append(Breach("P4", f"outcome {outcome.id} never occurred"))
    return findings


def check_form(
    question_set: QuestionSet,
    form: Form,
    chance: Random,
    findings: Findings,
    *,
    thorough: bool = False,
) -> Decision:
    """Check one complete form against P1 to P6, but for the order of rules.

    Unless thorough, the dearer checks are done on a part of the forms.
    """
    answers = parse_answers(question_set, form)
    decision = decide(question_set, answers)
    case = Case(question_set, answers, shown(question_set, answers), decision, form, findings)
    findings.forms += 1
    findings.fired.update(decision.rules)
    findings.outcomes[decision.outcome] += 1
    _check_safe(case)
    _check_serious(case)
    _check_reasons(case)
    _check_default(case)
    if thorough or chance.random() < 1 / 2:
        _check_worse(case, chance, most=None if thorough else SOME_MOVES)
    if thorough or chance.random() < 1 / 4:
        _check_same(case, "P5", "a hidden answer changes the decision", spoiled(form, case.view))
        _check_same(case, "P6", "the order of answers changes it", shuffled(form, chance))
        _check_blank(case, chance)
    return decision


@dataclass(frozen=True, slots=True)
class Case:
    """One form, seen from all sides."""

    question_set: QuestionSet
    answers: Answers
    view: Shown
    decision: Decision
    form: Form
    findings: Findings

    def broken(self, name: str, message: str) -> None:
        """Note that this form breaks a property."""
        self.findings.note(name, message, self.form)

    def protected(self, question: Question) -> list[str]:
        """List the protected groups a question is asked of."""
        return [g.id for g in self.question_set.groups_for(question) if g.protected]


def _check_default(case: Case) -> None:
    """P4: no complete form reaches the default."""
    message = "a complete form reaches the default"
    warned = any(warning.message == message for warning in case.findings.warnings)
    if case.decision.settled and DEFAULT_RULE in case.decision.rules and not warned:
        case.findings.warnings.append(Breach("P4", message, case.form))


def _check_same(case: Case, name: str, message: str, form: Form) -> None:
    if decide(case.question_set, parse_answers(case.question_set, form)) != case.decision:
        case.broken(name, message)


def _check_safe(case: Case) -> None:
    """P1: the lowest outcome never goes with an unknown or a harm."""
    if case.decision.outcome != case.question_set.lowest.id:
        return
    short = case.view.holds(case.question_set.id_for("short_path"))
    for use in UNSAFE if not short else UNSAFE[:1]:
        table = case.question_set.uses.get(use, {})
        for question_id, codes in table.items() if isinstance(table, Mapping) else ():
            question = case.question_set.question(question_id)
            shown_groups = case.view.groups(question)
            groups = case.protected(question) if use == UNSAFE[2] else shown_groups
            for group in groups or (None,):
                if _holds(case, (question_id, group), codes):
                    case.broken("P1", f"{question_id} {group or ''} screens out")


def _holds(case: Case, place: tuple[str, str | None], codes: object) -> bool:
    answer = case.answers.get(*place)
    given = answer if isinstance(answer, tuple) else (answer,)
    listed = codes if isinstance(codes, list | tuple) else ()
    return case.view.asks(*place) and any(code in listed for code in given)


def _check_worse(case: Case, chance: Random, *, most: int | None) -> None:
    """P2: no worse answer lowers the outcome."""
    program, state = case.view.program, case.view.state
    before = outcome_of(program, state).outcome.rank
    worse = [t for t in trials(case.question_set, case.answers, case.view) if not t.is_step]
    for trial in worse if most is None else chance.sample(worse, min(most, len(worse))):
        after = program.changed(state, trial.question, trial.bit, trial.answer)
        program.work(after, program.after((trial.question,)))
        if outcome_of(program, after).outcome.rank < before:
            place = f"{trial.question} {trial.group or ''} to {trial.answer}"
            case.broken("P2", f"{place} lowers the outcome")


def _check_serious(case: Case) -> None:
    """P2: serious harm to a protected group gives the top outcome."""
    if case.decision.outcome == case.question_set.top.id:
        return
    serious = case.question_set.codes("serious_codes")
    for question_id in case.question_set.ids("effect"):
        for group in case.protected(case.question_set.question(question_id)):
            if (
                case.view.asks(question_id, group)
                and case.answers.get(question_id, group) in serious
            ):
                case.broken("P2", f"serious harm to {group} is not the top outcome")


def _check_reasons(case: Case) -> None:
    """P3: every decision has a reason, and reasons cite what is on the form."""
    if not case.decision.reasons or not all(reason.text for reason in case.decision.reasons):
        case.broken("P3", "a decision has no reason")
    for reason in case.decision.reasons:
        for cited in reason.answers:
            if case.answers.get(cited.question, cited.group) != cited.answer:
                case.broken("P3", f"{reason.rule} cites {cited.question}, not so given")


def _check_blank(case: Case, chance: Random) -> None:
    """P1: a blank where rules need an answer never screens out."""
    view = case.view
    needed = [
        (question.id, group)
        for question in view.program.asked_for
        for group in (view.groups(question) or (None,))
        if view.requires(question.id, group)
    ]
    if not needed:
        return
    question_id, group = chance.choice(needed)
    copy = dict(case.form)
    rows = copy.pop(question_id)
    if group is not None and isinstance(rows, Mapping):
        copy[question_id] = {name: row for name, row in rows.items() if name != group}
    decision = decide(case.question_set, parse_answers(case.question_set, copy))
    if not decision.settled and decision.outcome == case.question_set.lowest.id:
        case.broken("P1", f"blank {question_id} {group or ''} screens out")


def spoiled(form: Form, view: Shown) -> Form:
    """Put rubbish wherever nothing is shown."""
    question_set = view.program.question_set
    copy: Form = {}
    for question in question_set.questions:
        rows = form.get(question.id)
        if not view.asks(question.id):
            copy[question.id] = RUBBISH
        elif question.scope and isinstance(rows, Mapping):
            known = (group.id for group in question_set.groups_for(question))
            copy[question.id] = {
                group: rows.get(group) if view.asks(question.id, group) else RUBBISH
                for group in known
            }
        elif question.id in form:
            copy[question.id] = rows
    return copy


def shuffled(form: Form, chance: Random) -> Form:
    """Put the answers, their rows and their ticks in another order."""
    names = list(form)
    chance.shuffle(names)
    return {name: _shuffled(form[name], chance) for name in names}


def _shuffled(value: object, chance: Random) -> object:
    if isinstance(value, Mapping):
        names = list(value)
        chance.shuffle(names)
        return {name: _shuffled(value[name], chance) for name in names}
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return chance.sample(value, len(value))
    return value
