"""The file of a readiness checklist: made when somebody asks for it, checked, never stored."""

from datetime import datetime
from importlib import import_module
from pathlib import Path

from eqia.domain.record_blocks import Contents


def pdf(whole: Contents, *, at: datetime, font_folder: Path | None = None) -> bytes:
    """Make the PDF and look it over; a faulty one is an error, never a file."""
    # ReportLab comes with the first PDF, as for a record: it costs half a second and 20 MB.
    fonts, documents, checking = (
        import_module(f"eqia.documents.{name}") for name in ("fonts", "readiness", "checking")
    )
    made: bytes = documents.render(whole, at=at, faces=fonts.load(font_folder))
    checking.check(made, documents.PROFILE)
    return made
