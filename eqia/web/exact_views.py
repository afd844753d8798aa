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
#: and for how long a form is taken that was begun meanwhile
HOURS = 8
#: how many may be open at once
MOST = 20
_OPENED = "opened_exact"


def keep_open(measure_id: UUID) -> None:
    """Let whoever opened the exact figures of a measure see them for a while."""
    until = now() + timedelta(minutes=MINUTES)
    found = {**_kept(), _key(measure_id): until.isoformat()}
    # A cookie holds only so much: those opened first are forgotten first.
    session[_OPENED] = dict(sorted(found.items(), key=lambda one: one[1])[-MOST:])


def open_until(measure_id: UUID, thing: Thing) -> datetime | None:
    """Say until when they are open to whoever asks; None if they are not."""
    until = _open().get(_key(measure_id))
    if until is None or not allowed(Action.OPEN_EXACT, thing):
        return None
    return datetime.fromisoformat(until)


def opened_before(measure_id: UUID, thing: Thing) -> bool:
    """Whether whoever asks opened them today, though the time may be over.

    What somebody began to write about them while they were open is still taken.
    """
    return _key(measure_id) in _kept() and bool(allowed(Action.OPEN_EXACT, thing))


def _key(measure_id: UUID) -> str:
    # Somebody else who signs in at the same browser has opened nothing.
    return f"{current_person().id}/{measure_id}"


def _open() -> dict[str, str]:
    """Give what is still open."""
    return _since(now())


def _kept() -> dict[str, str]:
    """Give what was opened within a working day; what is older is forgotten."""
    return _since(now() - timedelta(hours=HOURS))


def _since(moment: datetime) -> dict[str, str]:
    found = session.get(_OPENED, {})
    return {key: until for key, until in found.items() if until > moment.isoformat()}
