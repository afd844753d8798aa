"""The last word on who may: services ask again, whatever the page before them did."""

from eqia.domain.errors import NotAllowed
from eqia.domain.people import Person
from eqia.domain.permissions import Action, Thing, can


def must(actor: Person, action: Action, thing: Thing | None = None) -> None:
    """Refuse, with the reason, an act this person may not do."""
    permission = can(actor, action, thing)
    if not permission:
        raise NotAllowed(permission.reason, code=permission.code)
