"""The record as a PDF: laid out, tagged and finished, the same bytes every time."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pikepdf
import PIL
import reportlab

from eqia import __version__
from eqia.documents.blocks import Story, make_section, make_title
from eqia.documents.colour import srgb
from eqia.documents.finishing import Attachment, finish
from eqia.documents.fonts import Faces, load
from eqia.documents.lengths import fitted
from eqia.documents.metadata import PARTS, About
from eqia.documents.pages import Furniture, draw
from eqia.documents.tagging import Drawn, Element
from eqia.documents.theme import theme_of
from eqia.domain.record_blocks import Contents
from eqia.domain.record_contents import contents
from eqia.domain.record_words import Words
from eqia.domain.records import canonical, digest

#: Raised whenever the same record would give other bytes.
RENDERER = 4

#: what a screen reader speaks
_LANGUAGES = {"en": "en-GB", "cy": "cy"}

#: XML 1.0, section 2.2: what no metadata can hold
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def renderer_version(faces: Faces) -> str:
    """Name everything that the bytes of a PDF depend on, beside the record itself."""
    parts = (
        f"renderer {RENDERER}",
        f"eqia {__version__}",
        f"reportlab {reportlab.__version__}",
        f"pikepdf {pikepdf.__version__} (qpdf {pikepdf.__libqpdf_version__})",
        f"pillow {PIL.__version__}",
        faces.version,
        f"colours {hashlib.sha256(srgb()).hexdigest()[:12]}",
    )
    return ", ".join(parts)


def render(
    record: Mapping[str, Any], profile: str = "record", *, faces: Faces | None = None
) -> bytes:
    """Make the PDF of a record; the same record always gives the same bytes.

    `record` is PDF/A-3a with the record itself attached, `publication` is PDF/A-2a for the
    frozen publication copy; both are PDF/UA-1 and wait for the seal (documents.md section 3).
    """
    if profile not in PARTS:
        msg = f"there is no profile {profile!r}"
        raise ValueError(msg)
    faces = faces or load()
    whole = fitted(contents(record))
    json_text = canonical(record)
    about = _about(record, whole, profile, digest(json_text))
    attached = _attachment(whole, json_text) if profile == "record" else None
    return finish(drawn(whole, faces), about, attached)


def drawn(whole: Contents, faces: Faces) -> Drawn:
    """Set a document on pages: its title, its sections and what stands at the edges."""
    theme, words, tree = theme_of(faces), Words(whole.language), Element("Document")
    story: Story = make_title(whole, theme, tree)
    for section in whole.sections:
        story += make_section(section, theme, tree)
    furniture = Furniture(
        top_left=whole.organisation,
        top_right=whole.kind,
        bottom_left=f"{whole.name} · {whole.status}",
        page_of=lambda page, pages: words("page_of", page=page, pages=pages),
    )
    return draw(story, tree, theme, furniture)


def _about(record: Mapping[str, Any], whole: Contents, profile: str, sha256: str) -> About:
    made = f"eqia {__version__}"
    return About(
        profile=profile,
        language=_LANGUAGES.get(whole.language, whole.language),
        title=one_line(f"{whole.name}: {whole.title}"),
        author=one_line(whole.organisation),
        subject=one_line(whole.kind),
        keywords=one_line(f"{whole.name}, {whole.kind}, {whole.status}"),
        creator=made,
        producer=f"{made}, ReportLab {reportlab.__version__}, pikepdf {pikepdf.__version__}",
        # A publication copy says when it was published; a record is as old as its sign-off.
        at=datetime.fromisoformat(record.get("published_at") or record["sign_off"]["at"]),
        reference=one_line(whole.name),
        sha256=sha256,
    )


def one_line(text: str) -> str:
    """Put a text on one line, without what no metadata can hold."""
    return " ".join(_NO_XML.sub("", text).split())


def _attachment(whole: Contents, json_text: str) -> Attachment:
    name = re.sub(r"[^A-Za-z0-9-]+", "-", whole.name)
    return Attachment(f"{name}.json", Words(whole.language)("kind"), json_text.encode())
