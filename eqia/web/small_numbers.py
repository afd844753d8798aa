"""A word of warning where somebody writes a small number beside the name of a group.

Measures.md section 8, rule 4: a warning, never a refusal. What can be changed afterwards is kept
and warned of; what cannot be is shown again before it is kept, and one more press keeps it.
"""

from collections.abc import Collection, Iterator
from hashlib import sha256
from typing import Any

from flask import flash

from eqia.domain.errors import Invalid, Problem
from eqia.domain.small_numbers import small_numbers_beside
from eqia.web.forms.base import Form
from eqia.web.forms.simple import HiddenField

HINT = "Leave out numbers under 8 beside the name of a group: they could point at a person."
#: what the button of a form says that was looked at again
AS_IT_IS = "Keep it as it is"
_WARNING = (
    "It was kept, but look at it again: it has a small number beside the name of a group"
    " ({found}), which could point at a person."
)
_FIRST = (
    "Look at this again: it has a small number beside the name of a group ({found}), which could"
    " point at a person. It cannot be changed afterwards. Change it, or choose “{button}”."
)


class KeptForGood(Form):
    """A form whose texts cannot be changed afterwards."""

    #: the digest of the texts that somebody was told of, and keeps all the same
    looked_at = HiddenField()
    #: whether it comes back with such a warning
    looks_again = False


def look_again(form: Form, labels: Collection[str]) -> None:
    """Refuse texts that are kept for good once, if they hold small numbers; keep them if told."""
    if not isinstance(form, KeptForGood):
        return
    found = {one.name: told for one in _texts(form) if (told := _told(form, one, labels))}
    mark = sha256("\n".join(one.data for one in _texts(form)).encode(errors="replace")).hexdigest()
    if not found or form.looked_at.data == mark:
        return
    form.looked_at.data, form.looked_at.typed, form.looks_again = mark, None, True
    raise Invalid(
        [Problem(name, _FIRST.format(found=told, button=AS_IT_IS)) for name, told in found.items()]
    )


def warn(form: Form, labels: Collection[str]) -> None:
    """Tell whoever saved a form of small numbers beside the names of groups in its texts."""
    if isinstance(form, KeptForGood):
        return
    told = [told for one in _texts(form) if (told := _told(form, one, labels))]
    if told:
        flash(_WARNING.format(found=", ".join(dict.fromkeys(told))), "warning")


def _told(form: Form, field: Any, labels: Collection[str]) -> str:  # noqa: ANN401 - a text field
    return ", ".join(small_numbers_beside(field.data, labels, form.meta.language))


def _texts(form: Form) -> Iterator[Any]:
    for field in form:
        if getattr(field, "multiline", False) and isinstance(field.data, str):
            yield field
