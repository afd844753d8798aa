"""What a signed screening found for each group, and what it promised to do about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from eqia.domain.answers import Answer, Answers
from eqia.domain.questions import Question, QuestionSet, text_in

LONGEST_OWNER = 200
#: how bad a harm would be, as a finding keeps it
SERIOUS, SMALL = "serious", "small"


class Direction(StrEnum):
    """Which way the effect on a group goes."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    UNKNOWN = "unknown"


DIRECTION_LABELS: Mapping[str, str] = {
    Direction.POSITIVE: "Helps",
    Direction.NEUTRAL: "No different",
    Direction.NEGATIVE: "Harm",
    Direction.UNKNOWN: "Not known yet",
}


class Likelihood(StrEnum):
    """How likely it is that the effect comes about, which the team judges."""

    UNLIKELY = "unlikely"
    POSSIBLE = "possible"
    LIKELY = "likely"


LIKELIHOOD_LABELS: Mapping[str, str] = {
    Likelihood.UNLIKELY: "Unlikely",
    Likelihood.POSSIBLE: "Possible",
    Likelihood.LIKELY: "Likely",
}

#: findings that somebody has to do something about (measures.md section 3)
NEED_ACTION = frozenset({Direction.NEGATIVE, Direction.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Finding:
    """One group and the direction in which the change affects it, in one screening version."""

    question: str
    group: str
    label: str
    direction: Direction
    #: the effect as answered, in words
    effect: str = ""
    #: what was said to happen
    statement: str = ""
    #: how bad that would be: "small" or "serious", for harm alone
    severity: str = ""
    #: what the answer rests on, in words
    evidence: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """What tells it from every other finding of its version."""
        return self.question, self.group

    @property
    def needs_action(self) -> bool:
        """Whether something has to be done, or a reason given why not."""
        return self.direction in NEED_ACTION


@dataclass(frozen=True, slots=True)
class Promise:
    """Something the screening said would be done, found out or measured."""

    #: the answer it was made from, which makes it once and no more
    cause: str
    title: str
    owner: str = ""
    due: date | None = None
    #: the finding it answers, for what was promised for one group
    group: str = ""
    #: what else was said of it, as label and words
    details: tuple[tuple[str, str], ...] = ()


def findings_of(question_set: QuestionSet, answers: Answers, language: str) -> tuple[Finding, ...]:
    """Read the findings from the answers, by the part each question plays (`uses`)."""
    directions = question_set.table("direction")
    seen = answers.visible(question_set)
    return tuple(
        Finding(
            question.id,
            group.id,
            text_in(group.label, language),
            Direction(directions.get(str(code), Direction.UNKNOWN)),
            question.label_of(str(code), language),
            _said(question_set, seen, question, group.id),
            _severity(question_set, str(code)),
            _basis(question_set, seen, question, group.id, language),
        )
        for question in _asked(question_set, "effect")
        for group in question_set.groups_for(question)
        if (code := seen.get(question.id, group.id)) is not None
    )


def fixes_of(question_set: QuestionSet, answers: Answers, language: str) -> tuple[Promise, ...]:
    """Read what will be done about harm, group by group."""
    seen = answers.visible(question_set)
    found = []
    for question in _asked(question_set, "mitigation"):
        groups = [group.id for group in question_set.groups_for(question)]
        for group in groups if question.scope else [""]:
            row = seen.get(question.id, group or None)
            if isinstance(row, Mapping):
                cause = f"{question.id}:{group}" if group else question.id
                found.append(_promise(question, row, cause, language, group=group))
    return tuple(one for one in found if one.title)


def gaps_of(question_set: QuestionSet, answers: Answers, language: str) -> tuple[Promise, ...]:
    """Read what will be found out, row by row."""
    return tuple(_rows(question_set, answers, "gaps", language))


def measures_of(question_set: QuestionSet, answers: Answers, language: str) -> tuple[Promise, ...]:
    """Read what will be measured, row by row."""
    return tuple(_rows(question_set, answers, "measures", language))


def _asked(question_set: QuestionSet, use: str) -> tuple[Question, ...]:
    return tuple(question_set.question(one) for one in question_set.ids(use))


def _said(question_set: QuestionSet, seen: Answers, effect: Question, group: str) -> str:
    """Find the reason given for a group: that of the question with the same groups."""
    for question in _asked(question_set, "reason"):
        said = seen.get(question.id, group) if question.scope == effect.scope else None
        if isinstance(said, str):
            return said
    return ""


def _severity(question_set: QuestionSet, code: str) -> str:
    if code in question_set.codes("serious_codes"):
        return SERIOUS
    return SMALL if code in question_set.codes("harm_codes") else ""


def _basis(
    question_set: QuestionSet, seen: Answers, effect: Question, group: str, language: str
) -> str:
    """Find what the answer for a group rests on: what was ticked, in words."""
    for question in _asked(question_set, "basis"):
        ticked = seen.get(question.id, group) if question.scope == effect.scope else None
        if isinstance(ticked, tuple | list | frozenset | set):
            words = (question.label_of(str(code), language) for code in ticked)
            return ", ".join(words)
    return ""


def _rows(
    question_set: QuestionSet, answers: Answers, use: str, language: str
) -> Iterator[Promise]:
    question_id = question_set.id_for(use)
    rows = answers.visible(question_set).get(question_id) if question_id else None
    for index, row in enumerate(rows if isinstance(rows, tuple) else ()):
        if isinstance(row, Mapping):
            question = question_set.question(question_id)
            promise = _promise(question, row, f"{question_id}:{index}", language)
            if promise.title:
                yield promise


def _promise(
    question: Question, row: Mapping[str, Answer], cause: str, language: str, *, group: str = ""
) -> Promise:
    """Read one row: its first column says what, its dates by when, `owner` who."""
    words = {column.id: str(row.get(column.id) or "").strip() for column in question.fields}
    title, *others = question.fields
    dates = [words[column.id] for column in question.fields if column.type == "date"]
    details = tuple(
        (text_in(column.label, language), _shown(column.choices, words[column.id], language))
        for column in others
        if words[column.id] and column.type != "date" and column.id != "owner"
    )
    return Promise(
        cause=cause,
        title=words[title.id],
        owner=words.get("owner", "")[:LONGEST_OWNER],
        due=_day(next((one for one in dates if one), "")),
        group=group,
        details=details,
    )


def _shown(choices: object, code: str, language: str) -> str:
    found = (
        {c.code: text_in(c.label, language) for c in choices} if isinstance(choices, tuple) else {}
    )
    return found.get(code, code)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
