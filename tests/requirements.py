"""What a test needs from the machine: skipped where absent, failed where it was promised."""

from __future__ import annotations

import os

import pytest


def missing(what: str, switch: str) -> None:
    """Skip, saying what is missing, or fail when the switch says it must be there."""
    if os.environ.get(switch) in {"1", "require"}:
        pytest.fail(f"{what}, but {switch} says it must be here")
    pytest.skip(what)
