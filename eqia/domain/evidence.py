"""Evidence: what a source is, which groups it covers, and what it makes the basis of an answer."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from eqia.domain.answers import Answer, Answers, shown
from eqia.domain.edits import Edit, Place, Typed
from eqia.domain.errors import Invalid, Problem
from eqia.domain.questions import Question, QuestionSet

#: Kinds a source can be; a set says which basis each of them gives (`uses.evidence_basis`).
KINDS: Mapping[str, str] = {
    "data": "Local data",
    "research": "National data or research",
    "views": "What affected people told us",
    "assessment": "An earlier EqIA or Health Equity Assessment",
}
LONGEST_TITLE = 300
LONGEST_LINK = 2000


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of evidence, entered once with the groups it covers."""

    kind: str
    title: str
    groups: tuple[str, ...] = ()
    dated: date | None = None
    link: str = ""
    note: str = ""


def check_source(question_set: QuestionSet, source: Source) -> None:
    """Refuse a source without a kind or title, or for groups the form does not have."""
    problems = []
    if source.kind not in KINDS:
        problems.append(Problem("kind", "Choose what kind of source it is"))
    if not source.title.strip():
        problems.append(Problem("title", "Enter the title of the source"))
    for name, text, longest in (
        ("title", source.title, LONGEST_TITLE),
        ("link", source.link, LONGEST_LINK),
    ):
        if len(text) > longest:
            problems.append(Problem(name, f"Use {longest:,} characters or fewer"))
    known = {group.id for one in question_set.groups for group in one.groups}
    if not set(source.groups) <= known:
        problems.append(Problem("groups", "Choose groups from the list"))
    if problems:
        raise Invalid(problems)


def fingerprint(source: Source) -> str:
    """Give a short text that changes with anything in the source, for forms that carry it."""
    dated = source.dated.isoformat() if source.dated else ""
    parts = [source.kind, source.title, *sorted(source.groups), dated, source.link, source.note]
    return hashlib.sha256("\x1f".join(parts).encode(errors="surrogatepass")).hexdigest()


def web_address(link: str) -> str:
    """Give the link back if a browser may follow it, else "" (a shelf mark is no link)."""
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return ""
    return link.strip() if parts.scheme in {"http", "https"} and parts.netloc else ""


def covered(question_set: QuestionSet, sources: Iterable[Source], group: str) -> frozenset[str]:
    """List the basis codes that the sources give a group."""
    given = question_set.table("evidence_basis")
    return frozenset(
        given[source.kind] for source in sources if group in source.groups and source.kind in given
    )


def from_evidence(question_set: QuestionSet) -> frozenset[str]:
    """List the basis codes that only a source can give, never a hand."""
    return frozenset(question_set.table("evidence_basis").values())


def basis(
    question_set: QuestionSet, question: Question, by_hand: Iterable[str], given: frozenset[str]
) -> tuple[str, ...]:
    """Join what was ticked by hand with what the sources give, in form order.

    A source takes the place of an exclusive tick such as "nothing yet".
    """
    hand = frozenset(by_hand) - from_evidence(question_set)
    if given:
        hand -= {choice.code for choice in question.choices if choice.exclusive}
    return tuple(code for code in question.codes if code in hand | given)


def basis_edits(
    question_set: QuestionSet, stored: Mapping[Place, Typed], sources: Iterable[Source]
) -> dict[str, Edit]:
    """Work out the basis of every group anew, as one edit for each section it stands in."""
    listed = tuple(sources)
    found: dict[str, dict[Place, Typed]] = {}
    for question_id in question_set.ids("basis"):
        question = question_set.question(question_id)
        for list_id in question.scope:
            section = question_set.group_list(list_id).section or question.section
            for group in question_set.group_list(list_id).groups:
                place = (question_id, group.id)
                held = _ticks(stored.get(place, Typed()).value)
                given = covered(question_set, listed, group.id)
                codes = basis(question_set, question, held, given)
                if codes != held:
                    found.setdefault(section, {})[place] = Typed(codes or None)
    return {section: Edit(section, 0, typed) for section, typed in found.items()}


def uncovered(
    question_set: QuestionSet, answers: Answers, sources: Iterable[Source]
) -> tuple[Place, ...]:
    """List the rows that rest on a kind of evidence no source covers (questions.md section 2)."""
    listed = tuple(sources)
    view = shown(question_set, answers)
    only = from_evidence(question_set)
    return tuple(
        (question_id, group)
        for question_id in question_set.ids("basis")
        for group in view.groups(question_set.question(question_id))
        if (frozenset(_ticks(answers.get(question_id, group))) & only)
        - covered(question_set, listed, group)
    )


def _ticks(value: Answer | None) -> tuple[str, ...]:
    return tuple(str(code) for code in value) if isinstance(value, tuple | list) else ()
