"""The life of a screening: its statuses and the only list of allowed moves."""

from enum import StrEnum


class Status(StrEnum):
    """Where a screening version stands (product.md section 3)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    SIGNED = "signed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


#: Every move there is. `returned` becomes `draft` at the first save after the return.
MOVES: frozenset[tuple[Status, Status]] = frozenset(
    {
        (Status.DRAFT, Status.SUBMITTED),
        (Status.SUBMITTED, Status.RETURNED),
        (Status.SUBMITTED, Status.REVIEWED),
        (Status.REVIEWED, Status.RETURNED),
        (Status.REVIEWED, Status.SIGNED),
        (Status.RETURNED, Status.DRAFT),
        (Status.SIGNED, Status.SUPERSEDED),
        (Status.DRAFT, Status.WITHDRAWN),
        (Status.RETURNED, Status.WITHDRAWN),
        (Status.SUBMITTED, Status.WITHDRAWN),
        (Status.REVIEWED, Status.WITHDRAWN),
    }
)

#: Only here may answers change.
EDITABLE = frozenset({Status.DRAFT, Status.RETURNED})
FROZEN = frozenset(Status) - EDITABLE
UNSIGNED = frozenset({Status.DRAFT, Status.RETURNED, Status.SUBMITTED, Status.REVIEWED})
#: What the event log calls the acts that make somebody an author of a screening. Saved answers
#: have a history of their own; the log remembers the rest, such as who sent it before a return.
AUTHORS_ACTS = frozenset(
    {
        "evidence.added",
        "evidence.changed",
        "evidence.removed",
        "screening.moved",
        "screening.stopped",
        "screening.submitted",
        "screening.versioned",
        "screening.went_on",
    }
)


def may_move(before: Status, after: Status) -> bool:
    """Whether a screening may go from one status to the other."""
    return (before, after) in MOVES
