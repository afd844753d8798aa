"""What every act on a screening shares: who acts, the lock, the permission, the event."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from eqia.domain.days import london_day
from eqia.domain.errors import Conflict, Invalid, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person
from eqia.domain.permissions import Action, Thing
from eqia.domain.texts import clean_text
from eqia.persistence.database import writing
from eqia.persistence.queries import screenings
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import events
from eqia.services.guards import must

CHANGED = "Somebody else acted on this screening while you had the page open. Look at it again."


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, when, and from where: the same for every act."""

    actor: Person
    now: datetime
    context: Context = NO_CONTEXT

    @property
    def today(self) -> date:
        """The day in London."""
        return london_day(self.now)


@contextmanager
def acting(
    session: Session,
    by: By,
    action: Action,
    screening: ScreeningRow,
    *,
    version: int | None = None,
    raises_version: bool = True,
) -> Iterator[Thing]:
    """Do one act on a locked screening, if this person may and nobody was quicker.

    Comments leave the version alone, so that they do not throw out a reviewer's open form.
    """
    with writing(session):
        session.refresh(screening, with_for_update=True)
        thing = screenings.thing_of(session, screening)
        must(by.actor, action, thing)
        if version is not None and version != screening.version:
            raise Conflict(CHANGED)
        if raises_version:
            screening.version += 1
            screening.updated_at = by.now
        yield thing


def log(
    session: Session,
    by: By,
    action: str,
    screening: ScreeningRow,
    payload: Mapping[str, Any] | None = None,
    texts: Mapping[str, str] | None = None,
) -> None:
    """Append the act to the event log of the screening."""
    events.append(
        session,
        now=by.now,
        actor=by.actor,
        action=action,
        entity="screening",
        entity_id=screening.id,
        entity_version=screening.number,
        payload=payload,
        texts=texts,
        context=by.context,
    )


def words(field: str, text: str, message: str) -> str:
    """Clean what was typed; refuse it when nothing is left."""
    cleaned = clean_text(text, field=field).strip()
    if not cleaned:
        raise Invalid([Problem(field, message)])
    return cleaned


def short(text: str, longest: int, field: str) -> str:
    """Clean a line of text; refuse one that is too long to keep."""
    cleaned = clean_text(text, field=field).strip()
    if len(cleaned) > longest:
        raise Invalid([Problem(field, f"Use {longest:,} characters or fewer")])
    return cleaned


def link(text: str, field: str) -> str:
    """Clean a web address; refuse what a browser should not be sent to."""
    cleaned = short(text, 2000, field)
    if cleaned and not cleaned.lower().startswith(("https://", "http://")):
        raise Invalid([Problem(field, "Enter a web address that starts with https://")])
    return cleaned
