"""Forms of risks and issues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from eqia.domain.risks import IMPACTS, LIKELIHOODS, RISK_CHOICES, SCORE_WORDS, Risk
from eqia.web.forms.fields import (
    DayField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
    VersionField,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eqia.persistence.tables.plan_parts import RiskRow


class RiskForm(Form):
    """A risk or an issue: cause, event and effect apart."""

    kind = RadiosField(
        "What is it?", choices=RISK_CHOICES, needed="Choose whether it is a risk or an issue"
    )
    cause = LongTextField(
        "What does it come from?",
        hint="Because …",
        needed="Say what it comes from",
    )
    event = LongTextField(
        "What may happen, or has happened?",
        hint="… it may happen that …",
        needed="Say what may happen, or has happened",
    )
    effect = LongTextField(
        "What follows from it, and for whom?",
        hint="… so that … Name the groups that would feel it most.",
        needed="Say what follows from it, and for whom",
    )
    group = SelectField(
        "Does it fall on one group most? (optional)", blank="No group more than another"
    )
    likelihood = RadiosField(
        "How likely is it?",
        hint="For an issue: how likely is it to go on or to come back?",
        choices=LIKELIHOODS,
        needed="Choose how likely it is",
    )
    impact = RadiosField(
        "How bad would it be?",
        hint=SCORE_WORDS,
        choices=IMPACTS,
        needed="Choose how bad it would be",
    )
    owner = TextField("Who looks after it? (optional)", limit=200, called="The owner")
    response = LongTextField("What do you do about it? (optional)")
    action = SelectField("Which action of the plan answers it? (optional)", blank="None of them")
    review_date = DayField("When do you look at it again? (optional)", called="The date")
    version = VersionField()
    token = HiddenField()

    @property
    def risk(self) -> Risk:
        """What was typed, as a risk."""
        return Risk(
            kind=self.kind.data or "",
            cause=self.cause.data or "",
            event=self.event.data or "",
            effect=self.effect.data or "",
            likelihood=int(self.likelihood.data or 0),
            impact=int(self.impact.data or 0),
            group=self.group.data or "",
            owner=self.owner.data or "",
            response=self.response.data or "",
            review_date=self.review_date.data,
            action=UUID(self.action.data) if self.action.data else None,
        )


def risk_form(
    groups: Mapping[str, str], actions: Mapping[str, str], row: RiskRow | None = None
) -> RiskForm:
    """Make the form with the groups and actions the plan has, filled with a risk to change."""
    form = RiskForm(data=_told(row) if row else {})
    form.group.choices = groups
    form.action.choices = actions
    if not actions:
        del form["action"]
    return form


def _told(row: RiskRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "cause": row.cause,
        "event": row.event,
        "effect": row.effect,
        "group": row.group_id,
        "likelihood": str(row.likelihood),
        "impact": str(row.impact),
        "owner": row.owner,
        "response": row.response,
        "action": str(row.action_id) if row.action_id else "",
        "review_date": row.review_date,
        "version": row.version,
    }


class CloseForm(Form):
    """Why a risk counts no more."""

    why = LongTextField(
        "Why is it closed?",
        hint="Such as: it cannot happen any more, it was put right, it is watched elsewhere.",
        needed="Say why it is closed",
    )
    version = VersionField()


class VersionForm(Form):
    """A single button about something that others may have changed."""

    version = VersionField()
