"""The readiness checklist as a PDF: the same page, tags and archive form as the record."""

import hashlib
import json
from dataclasses import asdict
from datetime import datetime

import reportlab

from eqia import __version__
from eqia.documents.finishing import finish
from eqia.documents.fonts import Faces, load
from eqia.documents.lengths import fitted
from eqia.documents.metadata import About
from eqia.documents.records import drawn, one_line
from eqia.domain.record_blocks import Contents

#: PDF/A-2a and PDF/UA-1, with nothing attached: it is a print of the day, not a record
PROFILE = "publication"
#: What was said stands in a column, which takes twice the pages that whole lines do.
MOST = 70_000


def render(whole: Contents, *, at: datetime, faces: Faces | None = None) -> bytes:
    """Make the PDF of a checklist; the same contents at the same moment give the same bytes."""
    faces = faces or load()
    return finish(drawn(fitted(whole, "continued_on_page", MOST), faces), _about(whole, at))


def _about(whole: Contents, at: datetime) -> About:
    made = f"eqia {__version__}"
    text = json.dumps(asdict(whole), sort_keys=True, ensure_ascii=False)
    return About(
        profile=PROFILE,
        language="en-GB",
        title=one_line(f"{whole.name}: {whole.title}"),
        author=one_line(whole.organisation),
        subject=one_line(whole.kind),
        keywords=one_line(f"{whole.name}, {whole.kind}, {whole.status}"),
        creator=made,
        producer=f"{made}, ReportLab {reportlab.__version__}",
        at=at,
        reference=one_line(whole.name),
        sha256=hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest(),
    )
