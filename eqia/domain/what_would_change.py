"""What would change it: the one or two answers that lead to each other outcome.

Questions.md section 6: exact, but cheap. Every possible change of one answer is tried on the
compiled set, working out again only what reads it; rows that look alike are tried once. Pairs are
tried only for outcomes no single change reaches, and only where together they touch every rule
that stands in the way.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from eqia.domain.answers import Answer, Answers, shown
from eqia.domain.decisions import outcome_of
from eqia.domain.evaluation import Program
from eqia.domain.explanations import (
    CitedAnswer,
    cited_answers,
    group_label,
    in_words,
    question_name,
    reason_text,
)
from eqia.domain.flips import Flips
from eqia.domain.moves import Trial, trials
from eqia.domain.questions import Outcome, Question, QuestionSet, text_in

MOST = 5

_TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "change": "If this becomes true: {changes}, the outcome becomes: {outcome}.",
        "stuck": "No one or two changes of this kind lower it. It stands because: {reasons}",
        "plan": "a plan with an action, an owner and a date. Harm left: {left}",
        "no_plan": "no full plan",
    },
    "cy": {
        "change": "Os daw hyn yn wir: {changes}, y canlyniad fydd: {outcome}.",
        "stuck": "Ni fyddai un neu ddau newid o'r fath yn gostwng y canlyniad."
        " Mae'n sefyll oherwydd: {reasons}",
        "plan": "cynllun gyda cham, perchennog a dyddiad. Niwed ar ôl: {left}",
        "no_plan": "dim cynllun llawn",
    },
}


@dataclass(frozen=True, slots=True)
class Change:
    """Answers which, if they become true, lead to another outcome; none if nothing lowers it."""

    outcome: str
    changes: tuple[CitedAnswer, ...]
    text: str


#: a change as the program sees it: question, kind of row, nodes made true, whether a step
Key = tuple[str, int, tuple[int, ...], bool]


@dataclass(slots=True)
class _Alike:
    """Changes that come to the same: the same answer to the same question on like rows."""

    members: list[Trial]
    state: list[int]
    rank: int
    #: bit per rule that matches after it, and one more for a blank that rules read
    matched: int
    #: bit per rule that reads the question
    reads: int

    @property
    def is_step(self) -> bool:
        return self.members[0].is_step


def what_would_change(
    question_set: QuestionSet, answers: Answers, *, language: str | None = None
) -> tuple[Change, ...]:
    """List the changes that lead to each other outcome, at most five each, in form order.

    Give nothing while a blank that rules read is open, so that this does not coach the form.
    """
    language = language or question_set.languages[0]
    view = shown(question_set, answers)
    if view.state[view.program.incomplete]:
        return ()
    search = _Search(question_set, view.program, view.state)
    search.try_singles(list(trials(question_set, answers, view)))
    found: list[Change] = []
    lowered = search.rank == 0
    for outcome in question_set.by_rank:
        if outcome.rank == search.rank:
            continue
        ways = search.singles(outcome) or search.pairs(outcome)
        lowered = lowered or (bool(ways) and outcome.rank < search.rank)
        found += [_change(question_set, outcome, way, language) for way in ways]
    if not lowered:
        found.append(_stuck(question_set, search, answers, language))
    return tuple(found)


@dataclass(slots=True)
class _Search:
    """Tries changes on one decided form."""

    question_set: QuestionSet
    program: Program
    state: list[int]
    rank: int = 0
    alike: dict[Key, _Alike] = field(default_factory=dict)
    _kinds: dict[int, int] = field(default_factory=dict)
    _flips: dict[bool, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rank = outcome_of(self.program, self.state).outcome.rank

    def try_singles(self, found: list[Trial]) -> None:
        """Try every change of one answer, like ones once."""
        for trial in found:
            nodes = self.program.inputs[trial.question].nodes(trial.answer)
            key = (trial.question, self._kind(trial), nodes, trial.is_step)
            if key in self.alike:
                self.alike[key].members.append(trial)
                continue
            state = self._changed(self.state, trial)
            self.program.work(state, self.program.after((trial.question,)))
            matched, rank = self._matched(state)
            reads = self.program.rules_reading(trial.question)
            self.alike[key] = _Alike([trial], state, rank, matched, reads)

    def singles(self, outcome: Outcome) -> list[tuple[Trial, ...]]:
        """List the single changes that give exactly this outcome."""
        found = (
            trial
            for alike in self.alike.values()
            if alike.rank == outcome.rank and self._fit(alike, outcome)
            for trial in alike.members
        )
        return [(trial,) for trial in sorted(found, key=lambda trial: trial.order)[:MOST]]

    def pairs(self, outcome: Outcome) -> list[tuple[Trial, ...]]:
        """List the pairs of changes that give exactly this outcome."""
        fit = [alike for alike in self.alike.values() if self._fit(alike, outcome)]
        found: list[tuple[Trial, ...]] = []
        for first, second in self._promising(fit, outcome):
            for pair in _kinds_of_pairs(first, second):
                if self._rank_after(pair[0]) == outcome.rank:
                    found += pair
        return sorted(found, key=lambda pair: [trial.order for trial in pair])[:MOST]

    def _fit(self, alike: _Alike, outcome: Outcome) -> bool:
        """Downward only what action or finding out can make true; upward anything."""
        return alike.is_step or outcome.rank > self.rank

    def _promising(self, fit: list[_Alike], outcome: Outcome) -> Iterator[tuple[_Alike, _Alike]]:
        """Pair those that may clear all that stands above the outcome and call for it."""
        above, of = self._rules_above(outcome), self._rules_of(outcome)
        both = self._flippable(upward=outcome.rank > self.rank)
        by_default = outcome.id == self.question_set.default
        groups: dict[tuple[int, int], list[_Alike]] = {}
        for alike in fit:
            groups.setdefault((alike.matched, alike.reads & both), []).append(alike)
        listed = list(groups.items())
        for i, ((matched, reads), firsts) in enumerate(listed):
            for (other, other_reads), seconds in listed[i:]:
                joint = reads & other_reads
                called = by_default or (matched | other | joint) & of
                if called and not matched & other & above & ~joint:
                    yield from _across(firsts, seconds)

    def _rank_after(self, pair: tuple[Trial, ...]) -> int:
        state = self.state
        for trial in pair:
            state = self._changed(state, trial)
        names = tuple(sorted({trial.question for trial in pair}))
        self.program.work(state, self.program.after(names))
        return outcome_of(self.program, state).outcome.rank

    def _changed(self, state: list[int], trial: Trial) -> list[int]:
        return self.program.changed(state, trial.question, trial.bit, trial.answer)

    def _matched(self, state: list[int]) -> tuple[int, int]:
        matched, top = 0, -1
        for i, (node, rank) in enumerate(self.program.rules):
            if state[node]:
                matched |= 1 << i
                top = max(top, rank)
        incomplete = bool(state[self.program.incomplete])
        default = self.question_set.outcome(self.question_set.default).rank
        if top < 0 or (incomplete and top < default):
            top = default
        return matched | incomplete << len(self.program.rules), top

    def _rules_above(self, outcome: Outcome) -> int:
        """Mark the rules that stand above an outcome; below the default, a blank does too."""
        rules = self.program.rules
        bits = sum(1 << i for i, (_, rank) in enumerate(rules) if rank > outcome.rank)
        default = self.question_set.outcome(self.question_set.default)
        return bits | (outcome.rank < default.rank) << len(rules)

    def _rules_of(self, outcome: Outcome) -> int:
        rules = self.program.rules
        return sum(1 << i for i, (_, rank) in enumerate(rules) if rank == outcome.rank)

    def _flippable(self, *, upward: bool) -> int:
        """Mark the rules that two changes can turn."""
        if upward not in self._flips:
            available: dict[str, int] = {}
            for alike in self.alike.values():
                for trial in alike.members:
                    if upward or alike.is_step:
                        bits = available.get(trial.question, 0)
                        available[trial.question] = bits | trial.bit
            self._flips[upward] = Flips(self.program, self.state, available).within(2)
        return self._flips[upward]

    def _kind(self, trial: Trial) -> int:
        """Tell rows apart by all that is answered on them; 0 for the form."""
        if trial.group is None:
            return 0
        if trial.bit not in self._kinds:
            kind = 1
            for node in self.program.row_tests():
                kind = kind << 1 | bool(self.state[node] & trial.bit)
            odd = trial.bit & self.program.odd_rows
            self._kinds[trial.bit] = -trial.bit if odd else kind
        return self._kinds[trial.bit]


def _across(firsts: list[_Alike], seconds: list[_Alike]) -> Iterator[tuple[_Alike, _Alike]]:
    if firsts is not seconds:
        yield from ((first, second) for first in firsts for second in seconds)
        return
    for i, first in enumerate(firsts):
        yield from ((first, second) for second in firsts[i:])


def _kinds_of_pairs(first: _Alike, second: _Alike) -> Iterator[list[tuple[Trial, ...]]]:
    """Gather the pairs that come to the same: both on one row, or on two."""
    one_row: list[tuple[Trial, ...]] = []
    two_rows: list[tuple[Trial, ...]] = []
    for a in first.members:
        for b in second.members:
            if (a.question, a.group) == (b.question, b.group):
                continue  # two changes of one answer are none
            if first is second and a.order > b.order:
                continue
            pair = (a, b) if a.order < b.order else (b, a)
            (one_row if a.group == b.group else two_rows).append(pair)
    yield from (pairs for pairs in (one_row, two_rows) if pairs)


def _change(
    question_set: QuestionSet, outcome: Outcome, way: tuple[Trial, ...], language: str
) -> Change:
    words = _words(language)
    names = [_in_words(question_set, trial, language) for trial in way]
    text = words["change"].format(
        changes=in_words(names, language), outcome=text_in(outcome.label, language)
    )
    cited = tuple(CitedAnswer(trial.question, trial.group, trial.answer) for trial in way)
    return Change(outcome.id, cited, text)


def _stuck(question_set: QuestionSet, search: _Search, answers: Answers, language: str) -> Change:
    """Say in words, not by rule ids, what holds the outcome where it is."""
    program, state = search.program, search.state
    reasons = [
        reason_text(
            question_set, rule.reason, cited_answers(program, state, rule.when, answers), language
        )
        for rule, (node, rank) in zip(question_set.rules, program.rules, strict=True)
        if state[node] and rank == search.rank
    ] or [text_in(question_set.default_reason, language)]
    text = _words(language)["stuck"].format(reasons=" ".join(reasons))
    return Change(question_set.by_rank[search.rank].id, (), text)


def _words(language: str) -> Mapping[str, str]:
    return _TEXTS.get(language, _TEXTS["en"])


def _in_words(question_set: QuestionSet, trial: Trial, language: str) -> str:
    question = question_set.question(trial.question)
    name = question_name(question, language)
    if trial.group is not None:
        name = f"{name}, {group_label(question_set, question, trial.group, language)}"
    return f"{name}: {answer_in_words(question, trial.answer, language)}"


def answer_in_words(question: Question, answer: Answer, language: str) -> str:
    """Give the words for an answer that can be ticked, or for a plan."""
    if isinstance(answer, Mapping):
        left = answer.get("residual", "")
        column = next((c for c in question.fields if c.id == "residual"), None)
        choices = column.choices if column else ()
        label = next((text_in(c.label, language) for c in choices if c.code == left), left)
        return _words(language)["plan" if answer else "no_plan"].format(left=label)
    codes = answer if isinstance(answer, tuple) else (answer,)
    return in_words([question.label_of(str(code), language) for code in codes], language)
