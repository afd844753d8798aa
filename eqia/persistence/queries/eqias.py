"""The full EqIA linked to a screening, and what was found out since."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqia.persistence.tables.eqias import EqiaRow
from eqia.persistence.tables.evidence import EvidenceActionRow
from eqia.persistence.tables.screenings import ScreeningRow


def of_screening(session: Session, screening: ScreeningRow) -> EqiaRow | None:
    """Find the EqIA of a version, if anything was recorded about it yet."""
    return session.scalar(select(EqiaRow).where(EqiaRow.screening_id == screening.id))


def evidence_action(
    session: Session, screening: ScreeningRow, action_id: UUID
) -> EvidenceActionRow | None:
    """Find something to find out, if it belongs to this version."""
    return session.scalar(
        select(EvidenceActionRow).where(
            EvidenceActionRow.id == action_id, EvidenceActionRow.screening_id == screening.id
        )
    )
