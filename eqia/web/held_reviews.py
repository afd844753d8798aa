"""The page on which a review of a plan is held, by its team or by somebody outside it."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from uuid import UUID

from flask import request

from eqia.domain.texts import first_line
from eqia.domain.untold import Untold
from eqia.persistence.queries import opened
from eqia.persistence.queries.measures import Shown
from eqia.web.exact_views import MINUTES, MOST, open_until, opened_before
from eqia.web.plan_pages import PlanPage


class HeldPage(PlanPage):
    """A plan to be reviewed, with the exact figures of the measures that were opened for it."""

    #: for how long they stay open
    minutes = MINUTES

    @cached_property
    def known_exactly(self) -> frozenset[UUID]:
        """The measures whose exact figures somebody from outside the team has open."""
        if self.is_exact:
            return frozenset()
        # What is sent was begun while they were open.
        is_open = opened_before if request.method == "POST" else open_until
        return frozenset(row.id for row in self.rows.measures if is_open(row.id, self.thing))

    @cached_property
    def measures(self) -> tuple[Shown, ...]:
        """Its measures as far as whoever holds the review knows them."""
        return opened.shown_to(self.session, self.rows, self.today, self.known_exactly)

    @property
    def opened_names(self) -> Sequence[str]:
        """The measures whose exact figures are open for this review."""
        return tuple(
            first_line(one.row.title) for one in self.measures if one.row.id in self.known_exactly
        )

    @property
    def open_until(self) -> datetime | None:
        """Until when the first of them is open."""
        found = (open_until(one, self.thing) for one in self.known_exactly)
        return min((until for until in found if until is not None), default=None)

    @property
    def to_open(self) -> Sequence[Untold]:
        """Of whom they cannot be told whether they give concern, unless they open the figures.

        Of what was hidden before it came here nobody can be told.
        """
        if self.is_exact:
            return ()
        known = {str(one) for one in self.known_exactly}
        return tuple(one for one in self.untold if one.measure not in known)[:MOST]
