"""Find what a page is about, with the facts that decide who may see it."""

from uuid import UUID

from sqlalchemy.orm import Session

from eqia.persistence.queries import screenings
from eqia.web.access import Loaded


def the_screening(session: Session, screening_id: UUID) -> Loaded | None:
    """Find the version of a screening that a page is about."""
    row = screenings.get(session, screening_id)
    return Loaded(row, screenings.thing_of(session, row)) if row else None
