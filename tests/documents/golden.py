"""The digests every machine and every Python must give: the same record, the same bytes.

When a record is meant to give other bytes from now on, raise `RENDERER` in
eqia/documents/records.py and write the new digests: python -m tests.documents.golden
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from eqia.documents import fonts
from eqia.documents.records import render, renderer_version
from eqia.domain.records import record_of
from tests.documents.rich import RICH
from tests.documents.samples import sample

FILE = Path(__file__).with_name("golden.json")
PROFILES = ("record", "publication")


def known() -> dict[str, dict[str, str]]:
    """Digests by renderer version and document."""
    return json.loads(FILE.read_text()) if FILE.is_file() else {}


def digests(faces: fonts.Faces) -> dict[str, str]:
    """Digests of every document in some fonts."""
    made = {f"sample {profile}": sample(profile, faces) for profile in PROFILES}
    for name, facts in RICH.items():
        record = record_of(facts())
        for profile in PROFILES:
            made[f"{name} {profile}"] = render(record, profile, faces=faces)
    return {name: hashlib.sha256(pdf).hexdigest() for name, pdf in made.items()}


def main() -> None:
    every = {faces.version: faces for faces in (fonts.load(), fonts.fallback())}
    made = {renderer_version(faces): digests(faces) for faces in every.values()}
    FILE.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
