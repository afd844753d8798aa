"""Why the service says no, in words fit for a page; caught once, at the edge."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field, in words the person can act on."""

    field: str
    message: str


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The service cannot do what was asked; `message` may be shown as it is."""

    code = "refused"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class NotAllowed(Refusal):
    """The person may not do this to this thing now."""

    code = "not_allowed"


class NotFound(Refusal):
    """There is no such thing, or it is not theirs to know of."""

    code = "not_found"


class Conflict(Refusal):
    """Somebody else changed it first: both texts are kept and shown."""

    code = "conflict"

    def __init__(
        self,
        message: str,
        *,
        current: str = "",
        attempted: str = "",
        other: str = "",
        own: bool = False,
        code: str | None = None,
    ) -> None:
        super().__init__(message, code=code)
        self.current = current
        self.attempted = attempted
        self.other = other
        #: whether the same person did it, in another tab or on another machine
        self.own = own


class Invalid(Refusal):
    """Something typed cannot be used; every problem is named, not just the first."""

    code = "invalid"

    def __init__(self, problems: Iterable[Problem], *, code: str | None = None) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.field}: {p.message}" for p in self.problems), code=code)
