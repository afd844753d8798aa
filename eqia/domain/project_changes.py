"""What changed in a project since sign-off that matters, its size band included."""

import re
from collections.abc import Mapping

from eqia.domain.projects import material_changes
from eqia.domain.questions import Question, QuestionSet


def differences(
    question_set: QuestionSet, signed: Mapping[str, object], current: Mapping[str, object]
) -> tuple[str, ...]:
    """Name the material project facts that differ, a move to another size band included."""
    found = material_changes(signed, current)
    question = question_set.id_for("people")
    if question and not any("people a year" in words for words in found):
        asked = question_set.question(question)
        before, after = signed.get("people_a_year"), current.get("people_a_year")
        if band_of(asked, before) != band_of(asked, after):
            found = (*found, "the number of people a year, to another size band")
    return found


def band_of(question: Question, people: object) -> str:
    """Find the size band a number falls in, by codes such as `lt50`, `50-499`, `5000plus`."""
    if not isinstance(people, int):
        return ""
    for code in question.codes:
        low, high = _bounds(code)
        if low is not None and low <= people and (high is None or people <= high):
            return code
    return ""


def _bounds(code: str) -> tuple[int | None, int | None]:
    if match := re.fullmatch(r"lt(\d+)", code):
        return 0, int(match[1]) - 1
    if match := re.fullmatch(r"(\d+)-(\d+)", code):
        return int(match[1]), int(match[2])
    if match := re.fullmatch(r"(\d+)plus", code):
        return int(match[1]), None
    return None, None
