"""Question-set files into question sets: the bundled ones, and any given."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from eqia.domain.errors import Invalid, Problem
from eqia.domain.question_set_parsing import parse_question_set
from eqia.domain.questions import QuestionSet

FOLDER = Path(__file__).parent / "question_sets"

#: (id, version) -> set
QuestionSets = Mapping[tuple[str, int], QuestionSet]


class QuestionSetInvalid(Invalid):
    """A question-set file cannot be used; every fault is listed."""

    code = "question_set_invalid"


@cache
def load_question_sets() -> QuestionSets:
    """Load the bundled sets, every published version."""
    sets: dict[tuple[str, int], QuestionSet] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        question_set = read_question_set(path, known=digests(sets.values()))
        sets[question_set.key] = question_set
    return sets


def digests(sets: Iterable[QuestionSet]) -> dict[tuple[str, int], str]:
    """Map the id and version of each set to its digest."""
    return {question_set.key: question_set.digest for question_set in sets}


def in_force(sets: QuestionSets, set_id: str, today: date) -> QuestionSet | None:
    """Find the latest version in force today; before the first starts, the first."""
    versions = sorted(
        (s for s in sets.values() if s.id == set_id), key=lambda found: found.version, reverse=True
    )
    started = [s for s in versions if s.effective_from <= today]
    running = [s for s in started if s.effective_to is None or today <= s.effective_to]
    return next(iter([*running, *started, *reversed(versions)]), None)


def read_question_set(
    source: Path | str, *, known: Mapping[tuple[str, int], str] | None = None, name: str = ""
) -> QuestionSet:
    """Read a set from a file, or from TOML text; raise with every fault if it cannot be used."""
    name = name or (source.name if isinstance(source, Path) else "question set")
    raw = _toml(source, name)
    return _parsed(raw, name, known or {})


def from_snapshot(snapshot: Mapping[str, object]) -> QuestionSet:
    """Read a set back from what `to_snapshot` gave."""
    return _parsed(snapshot, "snapshot", {})


def _parsed(
    raw: Mapping[str, object], name: str, known: Mapping[tuple[str, int], str]
) -> QuestionSet:
    parsed, problems = parse_question_set(raw, name, known)
    if parsed is None or problems:
        raise QuestionSetInvalid(problems)
    return parsed


def _toml(source: Path | str, name: str) -> dict[str, object]:
    try:
        text = source.read_bytes().decode() if isinstance(source, Path) else source
        return {key: _plain(value) for key, value in tomllib.loads(text).items()}
    except OSError as error:
        raise QuestionSetInvalid([Problem(name, f"cannot be read: {error.strerror}")]) from error
    except RecursionError as error:
        raise QuestionSetInvalid([Problem(name, "is nested too deeply")]) from error
    except ValueError as error:  # bad UTF-8 and bad TOML alike
        raise QuestionSetInvalid([Problem(name, f"is not TOML: {error}")]) from error


def _plain(value: object) -> object:
    """Turn dates into text, so that a set is the same from a file and from a snapshot."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
