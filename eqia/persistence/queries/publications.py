"""Read what is published, and what the public asked about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, defer
from sqlalchemy.orm.interfaces import ORMOption

from eqia.domain.people import Person, Role
from eqia.domain.screenings import Status
from eqia.persistence.queries.start import references_by
from eqia.persistence.tables import (
    LookAnswerRow,
    LookRequestRow,
    PersonRow,
    PublicationRow,
    ScreeningRow,
    UnpublicationRow,
)

PAGE_SIZE = 25
#: more than this on a home page helps nobody
MOST = 50


@dataclass(frozen=True, slots=True)
class Published:
    """One line of the public list."""

    publication: PublicationRow
    #: a newer version of the screening was signed
    superseded: bool


@dataclass(frozen=True, slots=True)
class Request:
    """A request for another look, with its answer once there is one."""

    request: LookRequestRow
    publication: PublicationRow
    answer: LookAnswerRow | None
    answered_by: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What is public of a version now, and what was asked about it."""

    copy: PublicationRow | None
    asked: int
    open: int


_LIVE = ~exists().where(UnpublicationRow.publication_id == PublicationRow.id)


def live(session: Session, screening_id: UUID) -> PublicationRow | None:
    """Find the public copy of a version that stands now."""
    return session.scalar(
        select(PublicationRow).where(PublicationRow.screening_id == screening_id, _LIVE)
    )


def at_address(session: Session, reference: str, number: int) -> PublicationRow | None:
    """Find the newest public copy of a version, also one that was taken down."""
    return session.scalar(
        select(PublicationRow)
        .where(PublicationRow.reference == reference, PublicationRow.number == number)
        .order_by(_LIVE.desc(), PublicationRow.published_at.desc(), PublicationRow.id)
        .limit(1)
    )


def taken_down(session: Session, publication: PublicationRow) -> UnpublicationRow | None:
    """Find the act that ended a publication, if one did."""
    return session.scalar(
        select(UnpublicationRow).where(UnpublicationRow.publication_id == publication.id)
    )


def newer(session: Session, publication: PublicationRow) -> PublicationRow | None:
    """Find the newest public version under the same reference, if it is a later one."""
    return session.scalar(
        select(PublicationRow)
        .where(
            PublicationRow.reference == publication.reference,
            PublicationRow.number > publication.number,
            _LIVE,
        )
        .order_by(PublicationRow.number.desc())
        .limit(1)
        .options(*_light())
    )


def is_superseded(session: Session, publication: PublicationRow) -> bool:
    """Whether a newer version of the screening was signed."""
    status = session.scalar(
        select(ScreeningRow.status).where(ScreeningRow.id == publication.screening_id)
    )
    return status is Status.SUPERSEDED


def others_of(session: Session, reference: str, screening_id: UUID) -> Sequence[PublicationRow]:
    """List the public copies of the other versions under a reference."""
    return session.scalars(
        select(PublicationRow).where(
            PublicationRow.reference == reference,
            PublicationRow.screening_id != screening_id,
            _LIVE,
        )
    ).all()


# The public list


def page(session: Session, text: str, number: int) -> list[Published]:
    """Read one page of what is published, the newest first."""
    rows = session.execute(
        _listed(text)
        .order_by(PublicationRow.published_at.desc(), PublicationRow.reference, PublicationRow.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return [Published(row, status is Status.SUPERSEDED) for row, status in rows]


def count(session: Session, text: str) -> int:
    """Count what is published."""
    statement = select(func.count()).select_from(PublicationRow).where(*_matching(text))
    return session.scalar(statement) or 0


def _listed(text: str) -> Select[PublicationRow, Status]:
    return (
        select(PublicationRow, ScreeningRow.status)
        .join(ScreeningRow, ScreeningRow.id == PublicationRow.screening_id)
        .where(*_matching(text))
        .options(*_light())
    )


def _matching(text: str) -> list[ColumnElement[bool]]:
    if not text:
        return [_LIVE]
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    columns = (PublicationRow.reference, PublicationRow.title, PublicationRow.outcome)
    return [_LIVE, or_(*(column.ilike(f"%{escaped}%", escape="\\") for column in columns))]


def _light() -> tuple[ORMOption, ...]:
    """Leave the files where they are: a list needs none of them."""
    heavy = (PublicationRow.canonical_json, PublicationRow.pdf, PublicationRow.choices)
    return tuple(defer(column) for column in heavy)


# Requests for another look


def standing(session: Session, screening_id: UUID) -> Standing:
    """Say whether a version is public, and count what was asked about it."""
    asked = session.scalar(
        select(func.count())
        .select_from(LookRequestRow)
        .where(LookRequestRow.screening_id == screening_id)
    )
    still_open = open_requests(session, [screening_id]).get(screening_id, 0)
    return Standing(live(session, screening_id), asked or 0, still_open)


def requests_of(session: Session, screening_id: UUID) -> list[Request]:
    """List what was asked about a version, the newest first."""
    return _requests(session, LookRequestRow.screening_id == screening_id)


def request(session: Session, request_id: UUID) -> LookRequestRow | None:
    """Find a request."""
    return session.get(LookRequestRow, request_id)


def answer_to(session: Session, request_id: UUID) -> LookAnswerRow | None:
    """Find the answer to a request."""
    return session.scalar(select(LookAnswerRow).where(LookAnswerRow.request_id == request_id))


def request_with_token(session: Session, token: str) -> LookRequestRow | None:
    """Find the request a form led to."""
    return session.scalar(select(LookRequestRow).where(LookRequestRow.token == token))


def asked_since(
    session: Session,
    since: datetime,
    *,
    senders: Iterable[str] | None = None,
    publication_id: UUID | None = None,
) -> int:
    """Count what was asked since a moment, by a sender or about one copy."""
    wanted: list[ColumnElement[bool]] = [LookRequestRow.at > since]
    if senders is not None:
        wanted.append(LookRequestRow.sender.in_(list(senders)))
    if publication_id is not None:
        wanted.append(LookRequestRow.publication_id == publication_id)
    statement = select(func.count()).select_from(LookRequestRow).where(*wanted)
    return session.scalar(statement) or 0


def waiting_for(session: Session, person: Person) -> list[Request]:
    """List the open requests a reviewer can answer, the oldest first."""
    if Role.REVIEWER not in person.roles:
        return []
    not_mine = PublicationRow.reference.not_in(references_by(person.id))
    found = _requests(session, LookAnswerRow.id.is_(None), not_mine, oldest_first=True)
    return found[:MOST]


def open_requests(session: Session, screenings: Iterable[UUID]) -> Mapping[UUID, int]:
    """Count the open requests of some versions."""
    rows = session.execute(
        select(LookRequestRow.screening_id, func.count())
        .outerjoin(LookAnswerRow, LookAnswerRow.request_id == LookRequestRow.id)
        .where(LookAnswerRow.id.is_(None), LookRequestRow.screening_id.in_(list(screenings)))
        .group_by(LookRequestRow.screening_id)
    )
    return dict(rows.all())


def published_among(session: Session, screenings: Iterable[UUID]) -> frozenset[UUID]:
    """Say which of some versions have a public copy."""
    return frozenset(
        session.scalars(
            select(PublicationRow.screening_id).where(
                PublicationRow.screening_id.in_(list(screenings)), _LIVE
            )
        )
    )


def _requests(
    session: Session, *wanted: ColumnElement[bool], oldest_first: bool = False
) -> list[Request]:
    at = LookRequestRow.at if oldest_first else LookRequestRow.at.desc()
    rows = session.execute(
        select(LookRequestRow, PublicationRow, LookAnswerRow, PersonRow.name)
        .join(PublicationRow, PublicationRow.id == LookRequestRow.publication_id)
        .outerjoin(LookAnswerRow, LookAnswerRow.request_id == LookRequestRow.id)
        .outerjoin(PersonRow, PersonRow.id == LookAnswerRow.person_id)
        .where(*wanted)
        .order_by(at, LookRequestRow.id)
        .options(*_light())
    )
    return [Request(asked, copy, answer, name or "") for asked, copy, answer, name in rows]
