"""Whether the process lives, whether it can work, and which version it is."""

import shutil
from collections.abc import Callable

from flask import Blueprint, current_app
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

import eqia
from eqia.persistence.schema import is_current
from eqia.services.health import can_write
from eqia.web.access import public
from eqia.web.extensions import db

blueprint = Blueprint("health", __name__)

_LEAST_FREE_BYTES = 100 * 1024 * 1024


@blueprint.get("/healthz")
@public
def healthz() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@public
def readyz() -> tuple[dict[str, bool], int]:
    """Say whether the database can be written, its tables are current and the disk has room."""
    checks = {
        "database": _ask(can_write),
        "migrations": _ask(is_current),
        "disk": shutil.disk_usage(current_app.instance_path).free > _LEAST_FREE_BYTES,
    }
    return checks, 200 if all(checks.values()) else 503


@blueprint.get("/version")
@public
def version() -> dict[str, str]:
    """Say which version runs."""
    return {"version": eqia.__version__}


def _ask(question: Callable[[Engine], bool]) -> bool:
    try:
        return question(db.engine)
    except (SQLAlchemyError, OSError):
        return False
