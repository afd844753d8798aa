"""Who is an author, in SQL: the database asks it of everybody who reviews, signs or approves."""

# ruff: noqa: S608 - the SQL is put together from the names of our own tables, nothing typed
from collections.abc import Iterable

from eqia.domain.screenings import AUTHORS_ACTS


def is_author(person: str) -> str:
    """Whether somebody changed or ever submitted any version under the reference.

    The row names the last submitter only; those before a return stand in the event log.
    """
    return (
        "EXISTS (SELECT 1 FROM screening this JOIN screening v ON v.reference = this.reference"
        f" WHERE this.id = NEW.screening_id AND (v.submitted_by = {person}"
        " OR EXISTS (SELECT 1 FROM answer_change c"
        f" WHERE c.screening_id = v.id AND c.actor_id = {person})"
        " OR EXISTS (SELECT 1 FROM evidence e"
        f" WHERE e.screening_id = v.id AND e.created_by = {person})"
        f" OR {_logged(person, 'v.id', sorted(AUTHORS_ACTS))}))"
    )


def _logged(person: str, screening: str, acts: Iterable[str]) -> str:
    """Whether the event log has one of these acts on a screening, by or for somebody."""
    names = ", ".join(f"'{act}'" for act in acts)
    return (
        "EXISTS (SELECT 1 FROM event a WHERE a.entity = 'screening'"
        f" AND a.entity_id = {screening} AND a.action IN ({names})"
        f" AND (a.actor_id = {person} OR a.on_behalf_of = {person}))"
    )


#: Somebody submitted it and the log does not know: then no other name may take that place.
SUBMITTER_UNLOGGED = (
    "OLD.submitted_by IS NOT NULL"
    f" AND NOT {_logged('OLD.submitted_by', 'OLD.id', ['screening.submitted'])}"
)
