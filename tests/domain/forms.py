"""Forms to start a test from: complete, calm, and changed one answer at a time."""

from functools import cache
from random import Random

from eqia.domain.answer_parsing import parse_answers
from eqia.domain.decisions import decide
from eqia.domain.question_set_loading import load_question_sets

TEXT = "Nobody has to travel further and nothing costs more."
DAY = "2027-01-31"


@cache
def question_set(name="bhp-nhs"):
    return next(found for key, found in load_question_sets().items() if key[0] == name)


def seeded(seed):
    """The same chance every time; nothing secret hangs on it."""
    return Random(seed)  # noqa: S311


def groups(list_id, name="bhp-nhs"):
    return [group.id for group in question_set(name).group_list(list_id).groups]


def everywhere(list_ids, answer, name="bhp-nhs", **changed):
    """The same answer for every group of some lists, but for those named."""
    return {g: changed.get(g, answer) for list_id in list_ids for g in groups(list_id, name)}


def effects(answer="none", **changed):
    return everywhere(("pc", "local"), answer, **changed)


def fix(residual="none", **changed):
    whole = {"action": "Ring people", "owner": "Sam", "due": DAY, "residual": residual}
    return {k: v for k, v in {**whole, **changed}.items() if v is not None}


def health_form(**changed):
    """The clean base of questions.md section 3: R91 decides."""
    form = {
        "A1": TEXT,
        "A2": ["change"],
        "A3": ["patients"],
        "A4": "50-499",
        "A5": "options",
        "A5_date": "2027-06-30",
        "A6": "no",
        "A7": ["org-1"],
        "B1": "yes",
        "B2": "yes",
        "B3": "no",
        "B4": "no",
        "B5": "no",
        "B6": "no",
        "B7": "na",
        "B8": "no",
        "C1": effects(),
        "C2": effects(["data"]),
        "C3": effects(TEXT),
        "D1": "no",
        "D2": "none",
        "D3": "none",
        "D4": "no",
        "D5": "no",
        "F1": "done",
        "G1": "no",
        "G3": "2028-06-30",
    }
    form.update(changed)
    return {key: value for key, value in form.items() if value is not None}


#: NOREL: nobody is affected and nothing is taken away
QUIET = {
    "A2": ["technical"],
    "A3": ["nobody"],
    "B1": "no",
    "B2": "no",
    "B3": "no",
    "B4": "no",
    "B9": TEXT,
}


def short_form(**changed):
    """The short path: only what it asks."""
    first = {"A1": TEXT, "A4": "lt50", "A5": "idea", "A5_date": "2027-06-30", "A7": ["org-1"]}
    return {**first, **QUIET, **changed}


def ni_form(**changed):
    form = {
        "Q1": everywhere(("equality",), "none", "ni-s75"),
        "Q1E": everywhere(("equality",), TEXT, "ni-s75"),
        "Q2": everywhere(("equality",), "no", "ni-s75"),
        "Q3": everywhere(("relations",), "none", "ni-s75"),
        "Q4": everywhere(("relations",), "no", "ni-s75"),
        "Q5": "no",
        "M": "not_needed",
    }
    return {**form, **changed}


def scottish_form(**changed):
    form = {"S1": "no", "S2": "no", "S3": "no", "S4": "no", "FSD": "no", "J": TEXT, **changed}
    return {key: value for key, value in form.items() if value is not None}


def welsh_form(**changed):
    form = {
        "W1": everywhere(("pc",), "none", "wales-reg8"),
        "W1E": everywhere(("pc",), TEXT, "wales-reg8"),
        "W3": everywhere(("also",), "none", "wales-reg8"),
        "W2": "involved",
        "W4": "no",
    }
    return {**form, **changed}


def decided(form, name="bhp-nhs"):
    found = question_set(name)
    return decide(found, parse_answers(found, form))


def parsed(form, name="bhp-nhs"):
    return parse_answers(question_set(name), form)
