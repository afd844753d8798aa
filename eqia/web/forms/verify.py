"""The form with which anyone has a file checked."""

from typing import Any

from flask import request
from flask_wtf.form import _Auto

from eqia.domain.examinations import MOST_BYTES
from eqia.web.forms.fields import Form
from eqia.web.forms.files import FileField


class VerifyForm(Form):
    """The file to check."""

    class Meta(Form.Meta):
        """Files alone; nothing is changed by a check, so a token would only keep programs out."""

        csrf = False

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:  # noqa: ARG002 - WTForms' signature
            """Take what was sent as files, unless nothing is to be taken."""
            return request.files if formdata is _Auto and request.method == "POST" else None

    file = FileField(
        "Choose the PDF of a record",
        hint=f"A PDF of at most {MOST_BYTES // 1_000_000} MB. We check it and do not keep it.",
        accept="application/pdf,.pdf",
        most=MOST_BYTES,
        needed="Choose a file to check",
    )
