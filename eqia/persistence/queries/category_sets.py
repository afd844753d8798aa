"""Every set of groups there is: the standard ones, and those the organisation defines."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqia.domain.categories import CategorySet, load_category_sets
from eqia.domain.measures import set_key
from eqia.domain.own_sets import as_category_set
from eqia.persistence.tables.category_sets import CategorySetRow


def rows(session: Session) -> Sequence[CategorySetRow]:
    """List the organisation's own sets, each with its editions, the latest first."""
    return session.scalars(
        select(CategorySetRow).order_by(
            CategorySetRow.label, CategorySetRow.code, CategorySetRow.from_date.desc()
        )
    ).all()


def editions(session: Session, code: str) -> Sequence[CategorySetRow]:
    """List the editions of an own set, the latest first."""
    return session.scalars(
        select(CategorySetRow)
        .where(CategorySetRow.code == code)
        .order_by(CategorySetRow.from_date.desc())
    ).all()


def every(session: Session) -> dict[str, CategorySet]:
    """Give every edition of every set, by its key: those in use now and those of old series."""
    bundled = {set_key(one): one for one in load_category_sets().values()}
    return bundled | {set_key(one): one for one in map(set_of, rows(session))}


def offered(session: Session, today: date) -> dict[str, CategorySet]:
    """Give the sets a measure can be defined by: of an own one the edition in use today."""
    bundled = {set_key(one): one for one in load_category_sets().values()}
    newest: dict[str, CategorySetRow] = {}
    for row in rows(session):
        if row.from_date <= today:
            newest.setdefault(row.code, row)
    return bundled | {set_key(one): one for one in map(set_of, newest.values())}


def set_of(row: CategorySetRow) -> CategorySet:
    """Read a row as the set it holds."""
    head = {
        "code": row.code,
        "label": row.label,
        "characteristic": row.characteristic,
        "edition": row.edition,
        "source": row.source,
        "replaces": row.replaces,
    }
    return as_category_set(head, row.members)
