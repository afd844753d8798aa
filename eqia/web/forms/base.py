"""What every form of the service has: its problems, what was kept for it, its hidden fields."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from flask import g, request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto, _is_submitted
from markupsafe import Markup

from eqia.web.forms.simple import HiddenField, HouseField
from eqia.web.wording import ENGLISH, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eqia.domain.errors import Problem

#: Where a message about the whole form leads when the form has no box.
_WHOLE_PAGE = "main-content"


class Form(FlaskForm):
    """A form on a page. An invalid one is shown again with status 422.

    Opened again after signing in, it is filled from `flask.g.kept`, what was posted before.
    """

    class Meta(FlaskForm.Meta):
        """Posted fields, or those kept from a post that could not be taken at the time."""

        #: what our own words on the form are in
        language = ENGLISH

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:  # noqa: ARG002 - WTForms' signature
            """Choose what fills the form."""
            if formdata is not _Auto:
                return formdata
            # The request's own form also when it is empty: an empty post is a post, not a visit.
            return request.form if _is_submitted() else g.get("kept")

    @classmethod
    @cache
    def spoken(cls, language: str) -> type[Self]:
        """Give the same form with our own words in a language."""
        meta = type("Meta", (cls.Meta,), {"language": language})
        return cls if language == ENGLISH else type(cls.__name__, (cls,), {"Meta": meta})

    def say(self, key: str, *values: object) -> str:
        """Give words of ours in the form's language."""
        return say(self.meta.language, key, *values)

    @property
    def problems(self) -> list[dict[str, str]]:
        """Give every message with the place it leads to, as the error summary wants them."""
        found = [(self._first_box(), message) for message in self.form_errors]
        for field in self:
            if isinstance(field, HouseField) and field.has_box:
                found += field.problems()
            else:
                found += [(self._first_box(), message) for message in field.errors[:1]]
        return [{"href": f"#{anchor}", "text": text} for anchor, text in dict.fromkeys(found)]

    @property
    def hidden(self) -> Markup:
        """Every hidden field, the CSRF token among them, without ids."""
        drawn = Markup("").join(f() for f in self if isinstance(f, HiddenField))
        if "csrf_token" not in self:
            return drawn
        token = self["csrf_token"].current_token
        return drawn + Markup('<input type="hidden" name="csrf_token" value="{}">').format(token)

    @property
    def stays(self) -> bool:
        """Whether a row or reason is added or taken off: save, and show this page again."""
        return any(field.pressed for field in self if isinstance(field, HouseField))

    def pressed(self, name: str) -> bool:
        """Whether the form was sent with the button of this name."""
        return _is_submitted() and name in request.form

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Put what a service refused beside the fields it is about."""
        for problem in problems:
            field = self._field_for(problem.field)
            if isinstance(field, HouseField):
                field.refuse(problem.message)
            else:
                self.form_errors.append(problem.message)

    def _field_for(self, name: str) -> Any:
        """Find `F2` for `F2[1].what`, and `C1.age` for itself."""
        whole = self._fields.get(name)
        return whole if whole is not None else self._fields.get(re.split(r"[\[.]", name)[0])

    def _first_box(self) -> str:
        boxes = (f for f in self if isinstance(f, HouseField) and f.has_box)
        return next((box.anchor for box in boxes), _WHOLE_PAGE)
