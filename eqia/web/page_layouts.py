"""How a page of questions is laid out: its heading, what stands above, its blocks of fields."""

from collections.abc import Iterator
from dataclasses import dataclass

from eqia.domain.edits import Typed
from eqia.domain.journeys import Kind, Page, page_asking
from eqia.domain.questions import Question
from eqia.web.drafts import Draft, page_href
from eqia.web.forms.fields import Form, HouseField
from eqia.web.forms.screenings import OTHERS, name_of, numbered, places_on, shared_reasons
from eqia.web.wording import say
from eqia.web.words import lines_of

#: A heading names so many questions; more are named by their ids.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Block:
    """Fields that belong together, with a heading where they need one."""

    fields: tuple[HouseField, ...]
    heading: str = ""
    help: str = ""


def heading_of(draft: Draft, page: Page) -> str:
    """Give the heading of a page; one question alone is its own heading."""
    first = draft.asked.question(page.questions[0])
    if page.kind is Kind.GROUP:
        return draft.group_label(first, page.groups[0])
    if page.kind is Kind.SAME:
        return f"{say(draft.language, 'same')}: {_list_label(draft, page)}"
    if page.kind is Kind.OVERVIEW:
        return f"{_short(draft, first)}: {_list_label(draft, page)}"
    if len(page.questions) == 1:
        return numbered(first, draft.text(first.text))
    if len(page.questions) > MOST_NAMED:
        section = draft.asked.section(page.section)
        which = say(draft.language, "from_to", page.questions[0], page.questions[-1])
        return f"{draft.text(section.title)}: {which}"
    asked = [draft.asked.question(one) for one in page.questions]
    leading = [one for one in asked if not one.companion_of] or asked
    names = [_short(draft, one) for one in leading]
    return ", ".join([names[0], *map(_lower, names[1:])])


def _short(draft: Draft, question: Question) -> str:
    return draft.text(question.short) or question.id


def _list_label(draft: Draft, page: Page) -> str:
    return _lower(draft.text(draft.asked.group_list(page.group_list).label))


def _lower(label: str) -> str:
    """Begin with a small letter inside a sentence, unless it is an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def intro_of(draft: Draft, page: Page) -> list[str]:
    """Give what stands above the fields: an overview's question and help are said once."""
    if page.kind is not Kind.OVERVIEW:
        return []
    question = draft.asked.question(page.questions[0])
    return [part for part in (_asked(draft, question), draft.text(question.help)) if part]


def _asked(draft: Draft, question: Question) -> str:
    text = draft.text(question.text).replace("{group}", say(draft.language, "each_group"))
    return numbered(question, text)


def effect_of(draft: Draft, page: Page) -> dict[str, str] | None:
    """Give the effect a group's page goes with, and where to change it."""
    if page.kind is not Kind.GROUP:
        return None
    for question_id in draft.asked.ids("effect"):
        question = draft.asked.question(question_id)
        if page.group_list in question.scope:
            group = page.groups[0]
            typed = draft.typed.get((question_id, group), Typed())
            overview = page_asking(draft.pages, question_id, group)
            return {
                "label": draft.label(question, None),
                "answer": ", ".join(lines_of(question, typed, draft.language)),
                "href": page_href(draft.row, overview) if overview else "",
            }
    return None


def blocks_of(draft: Draft, page: Page, form: Form) -> list[Block]:
    """Gather the fields of a page; rows of groups that need it get their question above them."""
    if page.kind is not Kind.SAME:
        return [Block(tuple(_boxes(draft, page, form, None)))]
    shared = shared_reasons(draft.asked, page)
    blocks = [Block((form[shared.id],))] if shared else []
    for question_id in page.questions:
        question = draft.asked.question(question_id)
        boxes = tuple(_boxes(draft, page, form, question_id))
        if boxes:
            text = draft.text(question.text_same)
            heading = numbered(question, text) if text else _asked(draft, question)
            blocks.append(Block(boxes, heading, draft.text(question.help)))
    return blocks


def _boxes(draft: Draft, page: Page, form: Form, only: str | None) -> Iterator[HouseField]:
    for place in places_on(draft.asked, page):
        name = name_of(place)
        if only in {None, place[0]} and name in form:
            yield form[name]
            if name + OTHERS in form:
                yield form[name + OTHERS]
