"""Which style sheet and script a page links to: the built ones, or the plain fallback."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Assets:
    """Addresses for a page's head, and whether they are the real, built files."""

    css_url: str
    js_url: str
    built: bool


def asset_names(static_folder: Path, static_url: str = "/static") -> Assets:
    """Read the build's manifest; without a whole build, answer with the plain files."""
    try:
        names = json.loads((static_folder / "dist" / "manifest.json").read_text(encoding="utf-8"))
        css, script = names["app.css"], names["app.js"]
    except (OSError, ValueError, KeyError, TypeError):
        return Assets(f"{static_url}/plain.css", f"{static_url}/plain.js", built=False)
    return Assets(f"{static_url}/dist/{css}", f"{static_url}/dist/{script}", built=True)
