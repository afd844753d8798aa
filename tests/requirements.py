"""What a test needs from the machine: skipped where absent, failed where it was promised."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from eqia.web.assets.build import is_fresh

ROOT = Path(__file__).parents[1]


def missing(what: str, switch: str) -> None:
    """Skip, saying what is missing, or fail when the switch says it must be there."""
    if os.environ.get(switch) in {"1", "require"}:
        pytest.fail(f"{what}, but {switch} says it must be here")
    pytest.skip(what)


def built_root() -> Path:
    """The repository's folder, with the design system built from the sources as they are."""
    if not is_fresh(ROOT):
        missing("the design system was not built", "EQIA_ASSETS")
    return ROOT
