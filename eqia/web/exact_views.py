"""For how long somebody from outside a team sees the exact figures of a measure they opened.

Opening is an act of its own and logged; the page can then be reloaded and walked through, until
the time is over or whoever opened it signs out.
"""

from datetime import datetime, timedelta
from uuid import UUID

from flask import session

from eqia.domain.permissions import Action, Thing
from eqia.web.access import allowed, current_person
from eqia.web.clock import now

#: how long they stay open
MINUTES = 20
_OPENED = "opened_exact"


def keep_open(measure_id: UUID) -> None:
    """Let whoever opened the exact figures of a measure see them for a while."""
    until = now() + timedelta(minutes=MINUTES)
    session[_OPENED] = {**_open(), _key(measure_id): until.isoformat()}


def open_until(measure_id: UUID, thing: Thing) -> datetime | None:
    """Say until when they are open to whoever asks; None if they are not."""
    until = _open().get(_key(measure_id))
    if until is None or not allowed(Action.OPEN_EXACT, thing):
        return None
    return datetime.fromisoformat(until)


def _key(measure_id: UUID) -> str:
    # Somebody else who signs in at the same browser has opened nothing.
    return f"{current_person().id}/{measure_id}"


def _open() -> dict[str, str]:
    """Give what is still open; what is over is forgotten."""
    moment = now().isoformat()
    return {key: until for key, until in session.get(_OPENED, {}).items() if until > moment}
