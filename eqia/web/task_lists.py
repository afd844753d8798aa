"""The sections of a screening as a task list."""

from collections import Counter
from collections.abc import Mapping

from flask import url_for

from eqia.domain.answers import Unanswered
from eqia.domain.journeys import Progress, SectionProgress, page_asking
from eqia.web.drafts import Draft, page_href

_WORDS: Mapping[Progress, str] = {
    Progress.NOT_STARTED: "state_not_started",
    Progress.IN_PROGRESS: "state_in_progress",
    Progress.COMPLETED: "state_completed",
    Progress.CANNOT_START: "state_cannot_start",
}
_TAGS: Mapping[Progress, str] = {
    Progress.NOT_STARTED: "govuk-tag--blue",
    Progress.IN_PROGRESS: "govuk-tag--light-blue",
}


_CANNOT = "govuk-task-list__status--cannot-start-yet"


def task_list(draft: Draft) -> dict[str, object]:
    """Give the sections of the form as the task list wants them."""
    left = Counter(_section_of(draft, one) for one in draft.missing)
    items = [_task(draft, one, left[one.section.id]) for one in draft.progress]
    return {"idPrefix": "section", "items": items}


def _section_of(draft: Draft, one: Unanswered) -> str:
    page = page_asking(draft.pages, one.question, one.group)
    return page.section if page else draft.asked.question(one.question).section


def state_of(draft: Draft, one: SectionProgress) -> Progress:
    """Give a section's state: completed once nothing is missing and the team says so."""
    row = draft.sections.get(one.section.id)
    said = row is not None and row.completed
    if one.status is Progress.CANNOT_START:
        return one.status
    if said and not one.missing:
        return Progress.COMPLETED
    begun = row is not None or one.status is not Progress.NOT_STARTED
    return Progress.IN_PROGRESS if begun else Progress.NOT_STARTED


def _task(draft: Draft, one: SectionProgress, left: int) -> dict[str, object]:
    state = state_of(draft, one)
    words = draft.say(_WORDS[state])
    item: dict[str, object] = {"title": {"text": draft.text(one.section.title)}}
    if state is Progress.CANNOT_START:
        return {
            **item,
            "status": {
                "text": words,
                "classes": "govuk-task-list__status--cannot-start-yet",
            },
        }
    href = page_href(draft.row, one.pages[0])
    if state is not Progress.NOT_STARTED:
        href = url_for("screenings.section", screening_id=draft.row.id, section=one.section.id)
    tag = _TAGS.get(state)
    status = {"tag": {"text": words, "classes": tag}} if tag else {"text": words}
    hint = {"hint": {"text": draft.counted("to_go", left)}} if left and tag else {}
    return {**item, "href": href, "status": status, **hint}
