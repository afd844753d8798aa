"""A word of warning where somebody writes a small number beside the name of a group.

Measures.md section 8, rule 4: a warning, never a refusal.
"""

from collections.abc import Collection, Iterator

from flask import flash

from eqia.domain.suppression import small_numbers_beside
from eqia.web.forms.base import Form

HINT = "Leave out numbers under 8 beside the name of a group: they could point at a person."
_WARNING = (
    "It was kept, but look at it again: it has a small number beside the name of a group"
    " ({found}), which could point at a person."
)


def warn(form: Form, labels: Collection[str]) -> None:
    """Tell whoever saved a form of small numbers beside the names of groups in its texts."""
    told = [one for text in _texts(form) for one in small_numbers_beside(text, labels)]
    if told:
        flash(_WARNING.format(found=", ".join(dict.fromkeys(told))), "warning")


def _texts(form: Form) -> Iterator[str]:
    for field in form:
        if getattr(field, "multiline", False) and isinstance(field.data, str):
            yield field.data
