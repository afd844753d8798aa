"""The edit that comes back from a page of the form, valid or not."""

from eqia.domain.answers import Answer
from eqia.domain.edits import Edit, Place, Typed, plain
from eqia.domain.journeys import Page
from eqia.domain.questions import Question, canonical_json
from eqia.domain.texts import LONGEST_TEXT
from eqia.web.forms.fields import (
    CheckboxesField,
    DayField,
    Form,
    HouseField,
    ListField,
    MitigationField,
    RadiosField,
)
from eqia.web.forms.screenings import (
    OTHERS,
    Sheet,
    name_of,
    places_on,
    reasons_place,
    shared_reasons,
)
from eqia.web.forms.shared_reasons import ReasonsField

#: More than this is shown again but not kept: no single field may hold as much.
MOST_KEPT = 2 * LONGEST_TEXT


def edit_from(form: Form, sheet: Sheet, page: Page) -> Edit:
    """Read a posted form, valid or not, as the edit to save."""
    typed: dict[Place, Typed] = {}
    shared = shared_reasons(sheet.asked, page)
    if shared is not None:
        typed.update(_shared(form[shared.id], page, shared))
    for place in places_on(sheet.asked, page):
        if shared is not None and place[0] == shared.id:
            continue
        found = _typed(form, name_of(place))
        if found is not None:
            typed[place] = found
    return Edit(page.section, form["version"].data or 0, typed)


def _typed(form: Form, name: str) -> Typed | None:
    """Read one field; None where nothing of it can be kept, so that what is stored stays."""
    box: HouseField = form[name]
    value = _value(box)
    more = form[name + OTHERS] if name + OTHERS in form else None  # noqa: SIM401 - a form has no get
    if more is not None and isinstance(value, tuple):
        value = (*value, *(n for n in more.data or () if n not in value))
    if not box.errors and not (more is not None and more.errors):
        return Typed(value or None)
    if more is not None or not _may_be_kept(box):
        return None
    partial = isinstance(box, MitigationField | ListField)
    return Typed(value if partial else None, plain(box.raw_for_keeping))


def _value(box: HouseField) -> Answer | None:
    if isinstance(box, DayField):
        return box.iso
    data: Answer | None = box.data
    return data


def _may_be_kept(box: HouseField) -> bool:
    """Whether what was typed may be stored: not a code nobody offered, not a far too long text."""
    if isinstance(box, RadiosField | CheckboxesField):
        return set(box.posted or ()) <= set(box.codes)
    return len(canonical_json(plain(box.raw_for_keeping))) <= MOST_KEPT


def _shared(box: ReasonsField, page: Page, question: Question) -> dict[Place, Typed]:
    """Give every group the reason it is ticked under; what is not clear waits as it was typed."""
    waiting: Place = (question.id, reasons_place(page))
    if box.errors:
        small = len(canonical_json(box.raw_for_keeping)) <= MOST_KEPT
        return {waiting: Typed(None, box.raw_for_keeping)} if small else {}
    found: dict[Place, Typed] = {
        (question.id, group): Typed(box.by_group.get(group)) for group in page.groups
    }
    return {**found, waiting: Typed()}
