"""The live panel: the outcome so far, its reasons, and what would change it."""

from eqia.domain.explanations import CitedAnswer
from eqia.domain.what_would_change import what_would_change
from eqia.web.drafts import Draft
from eqia.web.words import answer_lines


def panel_of(draft: Draft, *, changes: bool = False) -> dict[str, object]:
    """Give the live panel: the outcome so far and why.

    `changes`: also what would change it, once every answer is there, where the answers are
    checked as a whole (questions.md section 6).
    """
    outcome = draft.asked.outcome(draft.decision.outcome)
    done = not draft.missing
    return {
        "outcome": {
            "text": draft.text(outcome.label),
            "opens_eqia": outcome.opens_eqia,
            "more": not outcome.signable,
        },
        "reasons": [
            {"text": reason.text, "answers": [_cited(draft, one) for one in reason.answers]}
            for reason in draft.decision.reasons
        ],
        "changes": changes_of(draft) if done and changes else [],
        "heading": draft.say("outcome_done" if done else "outcome_so_far"),
        "note": draft.text(outcome.consequence) if done else _note(draft),
    }


def _note(draft: Draft) -> str:
    """Say how far it is; while the first answers decide what is asked, no number would be true."""
    if draft.closed:
        return draft.say("first_answers")
    return f"{draft.counted('to_go', len(draft.missing))} {draft.say('can_change')}"


def changes_of(draft: Draft) -> list[dict[str, str]]:
    """Say what would change the outcome; only for a form with every answer (questions.md 6)."""
    found = what_would_change(draft.asked, draft.answers, language=draft.language)
    return [{"text": change.text, "outcome": change.outcome} for change in found]


def _cited(draft: Draft, cited: CitedAnswer) -> dict[str, str]:
    question = draft.asked.question(cited.question)
    words = answer_lines(question, cited.answer, draft.language, draft.bodies)
    return {
        "label": draft.label(question, cited.group),
        "answer": ", ".join(words),
        "href": draft.href(cited.question, cited.group),
    }
