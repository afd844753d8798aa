"""A box to choose one file with; what is in it is read once, and only so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import FileStorage

from eqia.web import widgets
from eqia.web.forms.simple import HouseField, presentable

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_NAME = 120


class FileField(HouseField):
    """One file; `data` is its content, cut one byte beyond `most`."""

    widget = staticmethod(widgets.file_upload)

    def __init__(
        self, label: str = "", validators: Sequence[Any] | None = None, **options: Any
    ) -> None:
        self.accept: str = options.pop("accept", "")
        self.most: int = options.pop("most", 0)
        #: what the sender calls it, fit to be shown
        self.file_name = ""
        super().__init__(label, validators, **options)

    @property
    def is_blank(self) -> bool:
        """Whether no file was chosen; a browser then sends one without name or content."""
        return not self.data and not self.file_name

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the one file that was sent."""
        self.data = b""
        files = [one for one in valuelist if isinstance(one, FileStorage)]
        if len(files) > 1:
            raise ValueError("Choose one file, not several")
        if files:
            self.file_name = presentable(files[0].filename or "")[:_LONGEST_NAME]
            self.data = files[0].stream.read(self.most + 1)
