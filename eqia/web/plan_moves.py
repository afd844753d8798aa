"""What is told before a plan is paused, gone on with or closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from eqia.domain.coverage import Item, blocking
from eqia.domain.errors import Invalid, Problem
from eqia.domain.plans import ActionStatus, PlanStatus
from eqia.persistence.tables.plans import ActionRow
from eqia.web.forms.plans import CloseForm, MoveForm
from eqia.web.plan_pages import PlanPage
from eqia.web.plan_threads import Waiting

SURE = "Read what is still open once more, then close the plan."


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a plan moves: its page, and what is said afterwards."""

    to: PlanStatus
    heading: str
    button: str
    said: str
    form: type[MoveForm] = MoveForm


WAYS: Mapping[str, Way] = {
    "open": Way(
        PlanStatus.OPEN, "Go on with the plan", "Go on with the plan", "The plan is open again."
    ),
    "pause": Way(PlanStatus.PAUSED, "Pause the plan", "Pause the plan", "The plan is paused."),
    "close": Way(PlanStatus.CLOSED, "Close the plan", "Go on", "The plan is closed.", CloseForm),
}


class MovePage(PlanPage):
    """A plan with all that is left to do in it."""

    @cached_property
    def blocking(self) -> tuple[Item, ...]:
        """What keeps it from being closed."""
        return blocking(self.items)

    @property
    def open_actions(self) -> list[ActionRow]:
        """The actions that nobody has ended."""
        return [row for row in self.rows.actions if row.status == ActionStatus.OPEN]

    @cached_property
    def still_due(self) -> list[Waiting]:
        """The readings that would not be asked for any more."""
        return [*self.late, *self.due]


def close_when_sure(page: MovePage, form: MoveForm) -> None:
    """Show once more what is closed, and take the words only when they come back as they were."""
    if not isinstance(form, CloseForm):
        return
    told = f"{page.plan.version}|{form.reason.data}|{form.looked_after_by.data}"
    mark = sha256(told.encode(errors="replace")).hexdigest()
    if form.sure.data == mark:
        return
    form.sure.data, form.sure.typed, form.is_sure = mark, None, True
    raise Invalid([Problem("", SURE)])
