"""The host organisation, the bodies it decides with and the groups it adds."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqia.persistence.tables.organisations import BodyRow, LocalGroupRow, OrganisationRow


def host(session: Session) -> OrganisationRow | None:
    """Find the organisation this instance serves; none before the first set-up."""
    return session.scalar(select(OrganisationRow))


def bodies(session: Session, *, active_only: bool = True) -> Sequence[BodyRow]:
    """List the bodies that may decide with the host, by name."""
    statement = select(BodyRow).order_by(BodyRow.name, BodyRow.id)
    return session.scalars(
        statement.where(BodyRow.active.is_(True)) if active_only else statement
    ).all()


def local_groups(session: Session, *, active_only: bool = True) -> Sequence[LocalGroupRow]:
    """List the groups the organisation adds, by label."""
    statement = select(LocalGroupRow).order_by(LocalGroupRow.label, LocalGroupRow.id)
    return session.scalars(
        statement.where(LocalGroupRow.active.is_(True)) if active_only else statement
    ).all()
