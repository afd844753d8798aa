"""Forms of a plan: what it is for, its actions, why it is paused or closed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from eqia.domain.plans import (
    ACTION_LABELS,
    ACTION_STATUS_LABELS,
    Action,
    ActionStatus,
    End,
    Links,
    Plan,
)
from eqia.web.forms.fields import (
    CheckboxesField,
    DayField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    TextField,
    VersionField,
)
from eqia.web.small_numbers import HINT, KeptForGood

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eqia.persistence.tables.plans import ActionRow


class PlanForm(Form):
    """What a plan says about itself."""

    aim = LongTextField(
        "What is the plan to achieve?",
        hint="For whom, and what will be different. Two or three plain sentences.",
        needed="Say what the plan is to achieve",
    )
    lead = TextField("Who leads it? (optional)", limit=200, called="The lead")
    sponsor = TextField("Which senior person backs it? (optional)", limit=200, called="The sponsor")
    start_date = DayField("When does the plan start? (optional)", called="The start date")
    end_date = DayField("When does it end? (optional)", called="The end date")
    change_start = DayField(
        "When does the change reach people? (optional)",
        hint="Figures from before this day show what it was like without the change.",
        called="The day the change starts",
    )
    next_review = DayField("When is the next review? (optional)", called="The next review")
    version = VersionField()

    @property
    def plan(self) -> Plan:
        """What was typed, as a plan."""
        return Plan(
            aim=self.aim.data or "",
            lead=self.lead.data or "",
            sponsor=self.sponsor.data or "",
            start_date=self.start_date.data,
            end_date=self.end_date.data,
            change_start=self.change_start.data,
            next_review=self.next_review.data,
        )


class ActionForm(Form):
    """Something that will be done, and which findings it answers."""

    title = LongTextField("What will be done?", needed="Say what will be done")
    kind = RadiosField(
        "What is it for?", choices=ACTION_LABELS, needed="Choose what the action is for"
    )
    owner = TextField("Who will do it?", limit=200, called="The owner")
    due = DayField("By when?", called="The date")
    findings = CheckboxesField("Which findings does it answer? (optional)")
    reason = LongTextField(
        "Why does it answer them?",
        hint="Only needed if you tick a finding: a sentence is enough.",
    )
    version = VersionField()
    token = HiddenField()

    @property
    def action(self) -> Action:
        """What was typed, as an action."""
        return Action(
            title=self.title.data or "",
            kind=self.kind.data or "",
            owner=self.owner.data or "",
            due=self.due.data,
        )

    @property
    def links(self) -> Links:
        """The findings that were ticked, and why."""
        ticked = tuple(UUID(one) for one in self.findings.data or ())
        return Links(ticked, self.reason.data or "")


def action_form(findings: Mapping[str, str], row: ActionRow | None = None) -> ActionForm:
    """Make the form with the plan's own findings; for a change, with those not linked yet."""
    kind = type(
        "ActionForm",
        (ActionForm,),
        {
            "findings": CheckboxesField(
                "Which findings does it answer? (optional)"
                if row is None
                else "Which findings does it answer too? (optional)",
                choices=findings,
            )
        },
    )
    form: ActionForm = kind(obj=row)
    if not findings:
        del form["findings"], form["reason"]
    return form


class EndForm(KeptForGood):
    """How an action ended."""

    status = RadiosField(
        "How did it end?",
        choices={
            one.value: ACTION_STATUS_LABELS[one]
            for one in (ActionStatus.DONE, ActionStatus.CANCELLED)
        },
        needed="Choose how it ended",
    )
    done_date = DayField("On which day?", called="The day", needed="Enter the day")
    outcome = LongTextField(
        "What came of it, or why was it given up?",
        needed="Say what came of it, or why it was given up",
    )
    version = VersionField()

    @property
    def end(self) -> End:
        """What was typed, as the end of an action."""
        return End(self.status.data or "", self.done_date.data, self.outcome.data or "")


class WhyForm(KeptForGood):
    """A reason that is signed and dated."""

    reason = LongTextField("Why?", needed="Say why")


class MoveForm(KeptForGood):
    """Why a plan is paused, gone on with or closed."""

    reason = LongTextField("Why?", hint=HINT, needed="Say why")
    version = VersionField()


class CloseForm(MoveForm):
    """Why a plan is closed, and who looks after what goes on."""

    reason = LongTextField(
        "Why is the plan closed?",
        hint=f"What was achieved, and what was not. {HINT}",
        needed="Say why the plan is closed",
    )
    looked_after_by = TextField(
        "Who looks after what goes on? (optional)",
        hint="For measures that are read after the plan, and groups that are still watched.",
        limit=200,
        called="The name",
    )
    #: the digest of what was shown once more before the plan is closed
    sure = HiddenField()
    #: whether it is shown once more now
    is_sure = False
