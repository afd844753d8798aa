"""What the pages of a readiness checklist show, gathered once."""

from collections.abc import Mapping
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.permissions import Action
from eqia.domain.readiness import NOTHING, Checklist, Given, Part
from eqia.domain.readiness_contents import Heading, Signed, contents
from eqia.domain.readiness_sheets import Sheet
from eqia.domain.record_blocks import Contents
from eqia.domain.small_numbers import hidden_outside
from eqia.persistence.queries import organisations, people
from eqia.persistence.queries import readiness as queries
from eqia.persistence.queries.readiness import Kept
from eqia.persistence.tables.plans import PlanRow
from eqia.persistence.tables.readiness import ReadinessAnswerRow
from eqia.services import readiness as services
from eqia.web.access import allowed
from eqia.web.plan_pages import AboutPlan


class ReadinessPage(AboutPlan):
    """Everything about the checklist of one plan, each part worked out when a page asks for it."""

    def __init__(self, session: Session, plan: PlanRow, *, outside: bool = False) -> None:
        super().__init__(session, plan)
        self.outside = outside or not allowed(Action.SEE_EXACT, self.thing)

    @cached_property
    def kept(self) -> Kept:
        """What people answered, and which version of the list."""
        return queries.kept(self.session, self.plan, self.today)

    @property
    def checklist(self) -> Checklist:
        """The list that is answered."""
        return self.kept.checklist

    @cached_property
    def sheet(self) -> Sheet:
        """The checklist as it stands today."""
        return services.sheet(self.session, self.plan, self.kept, self.today, outside=self.outside)

    @cached_property
    def enforced(self) -> bool:
        """Whether the equality gate holds up what comes after it."""
        return services.is_enforced(self.session)

    @cached_property
    def names(self) -> Mapping[UUID, str]:
        """The names of everybody who answered."""
        rows = self.kept.standing.values()
        return people.names(self.session, {row.created_by for row in rows})

    def given(self, part: Part) -> Given:
        """Give what counts for a part."""
        return self.sheet.given.get(part.id, NOTHING)

    def row(self, part: Part) -> ReadinessAnswerRow | None:
        """Give the answer of a person that stands for a part."""
        return None if self.sheet.reads_only(part) else self.kept.standing.get(part.id)

    def said_before(self, part: Part) -> bool:
        """Whether people answered a part that the data answer today: what they said is kept."""
        return self.sheet.reads_only(part) and part.id in self.kept.standing

    def written(self, text: str) -> str:
        """Give what somebody wrote as its reader may see it."""
        return hidden_outside(text, self.sheet.groups) if self.outside else text

    def say(self, text: str) -> str:
        """Put the names of today into a text of the list."""
        return self.checklist.say(text, self.today)

    @cached_property
    def contents(self) -> Contents:
        """The checklist in reading order, for its file."""
        host = organisations.host(self.session)
        heading = Heading(
            name=self.name,
            project=self.project.title,
            organisation=host.name if host else "",
            today=self.today,
            enforced=self.enforced,
        )
        answered = {
            part: Signed(self.names.get(row.created_by, ""), row.created_at, bool(row.suggested))
            for part, row in self.kept.standing.items()
        }
        return contents(self.sheet, heading, answered)
