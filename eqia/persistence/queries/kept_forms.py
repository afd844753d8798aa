"""What people had typed when their session ended."""

from uuid import UUID

from sqlalchemy.orm import Session

from eqia.persistence.tables.screenings import KeptFormRow


def kept_form(session: Session, kept_id: UUID) -> KeptFormRow | None:
    """Find a kept form."""
    return session.get(KeptFormRow, kept_id)
