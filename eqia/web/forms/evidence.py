"""The form for one source of evidence."""

from collections.abc import Callable, Mapping
from functools import partial

from eqia.domain.evidence import LONGEST_LINK, LONGEST_TITLE, Source, fingerprint
from eqia.domain.questions import QuestionSet, text_in
from eqia.web.forms.fields import (
    CheckboxesField,
    DayField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    TextField,
)
from eqia.web.wording import say

#: prefix of the fields that hold the groups of one list each
GROUPS = "groups."


class SourceForm(Form):
    """One source: what it is, when, whom it covers and where to find it."""

    kind: RadiosField
    title: TextField
    dated: DayField
    link: TextField
    token = HiddenField()
    seen = HiddenField()
    note: LongTextField


def source_form(
    asked: QuestionSet,
    language: str,
    kinds: Mapping[str, str],
    *,
    source: Source | None = None,
    token: str = "",
) -> SourceForm:
    """Build the form with the set's groups, list by list; none is ticked beforehand."""
    fields = _fields(partial(say, language), kinds)
    for one in asked.groups:
        label = text_in(one.label, language)
        choices = {group.id: text_in(group.label, language) for group in one.groups}
        fields[GROUPS + one.id] = CheckboxesField(
            say(language, "source_covers", label), choices=choices
        )
    kind = type("SourceForm", (SourceForm.spoken(language),), fields)
    form: SourceForm = kind(data=_values(asked, source) if source else {"token": token})
    return form


def _fields(words: Callable[[str], str], kinds: Mapping[str, str]) -> dict[str, object]:
    """Ask in a language."""
    return {
        "kind": RadiosField(
            words("source_which_kind"), choices=kinds, needed=words("source_kind_needed")
        ),
        "title": TextField(
            words("source_title"),
            hint=words("source_title_hint"),
            limit=LONGEST_TITLE,
            called=words("source_title_called"),
            needed=words("source_title_needed"),
        ),
        "dated": DayField(words("source_dated"), called=words("source_dated_called")),
        "link": TextField(
            words("source_link"),
            hint=words("source_link_hint"),
            limit=LONGEST_LINK,
            called=words("source_link_called"),
        ),
        "note": LongTextField(words("source_note"), hint=words("source_note_hint")),
    }


def _values(asked: QuestionSet, source: Source) -> dict[str, object]:
    groups = {GROUPS + one.id: source.groups for one in asked.groups}
    return {
        "kind": source.kind,
        "title": source.title,
        "dated": source.dated,
        "link": source.link,
        "note": source.note,
        "seen": fingerprint(source),
        **groups,
    }


def source_from(form: SourceForm) -> Source:
    """Read a valid form as a source."""
    ticked = (group for box in form if box.name.startswith(GROUPS) for group in box.data or ())
    return Source(
        kind=form.kind.data or "",
        title=form.title.data or "",
        groups=tuple(dict.fromkeys(ticked)),
        dated=form.dated.data,
        link=form.link.data or "",
        note=form.note.data or "",
    )
