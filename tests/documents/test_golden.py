from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eqia.documents import fonts
from eqia.documents.records import renderer_version
from tests.documents import golden

if TYPE_CHECKING:
    from collections.abc import Callable

    from eqia.documents.fonts import Faces


@pytest.mark.parametrize("load", [fonts.load, fonts.fallback], ids=["fonts", "fallback"])
def test_every_machine_and_every_python_gives_these_bytes(load: Callable[[], Faces]) -> None:
    faces = load()
    known = golden.known().get(renderer_version(faces))
    # A new renderer, library or font: see golden.py.
    assert known is not None, f"no digests are known for {renderer_version(faces)}"
    assert golden.digests(faces) == known
