"""The form of a PDSA cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from eqia.domain.pdsa import CYCLE_LABELS, Cycle
from eqia.web.forms.fields import (
    CheckboxesField,
    DayField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    VersionField,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eqia.persistence.tables.plan_parts import PdsaRow


class CycleForm(Form):
    """One small test of a change, from its aim to what was decided."""

    objective = LongTextField(
        "What do you want to find out or make better?",
        hint="One small thing, for whom.",
        needed="Say what you want to find out or make better",
    )
    prediction = LongTextField(
        "What do you think will happen?",
        hint="For each group, if you expect a difference. Write it down before you start.",
        needed="Say what you think will happen",
    )
    starts_on = DayField(
        "When does it start?", called="The start", needed="Enter the day it starts"
    )
    measures = CheckboxesField(
        "Which measures should show it? (optional)",
        hint="Their charts mark the days it starts and ends.",
    )
    plan = LongTextField(
        "Plan (optional)", hint="Who does what, where, with whom, and what is counted."
    )
    do = LongTextField("Do (optional)", hint="What was done, and what went otherwise than planned.")
    study = LongTextField(
        "Study (optional)",
        hint="What you learned, set against what you thought. Was it so for every group?",
    )
    act = LongTextField("Act (optional)", hint="What you do next because of it.")
    ends_on = DayField("When did it end, or when will it? (optional)", called="The end")
    decision = RadiosField(
        "What was decided?",
        hint="Once it has ended and you have said what you learned.",
    )
    version = VersionField()
    token = HiddenField()

    @property
    def cycle(self) -> Cycle:
        """What was typed, as a cycle."""
        ticked = self["measures"].data if "measures" in self else ()
        return Cycle(
            objective=self.objective.data or "",
            prediction=self.prediction.data or "",
            start=self.starts_on.data,
            plan=self.plan.data or "",
            do=self.do.data or "",
            study=self.study.data or "",
            act=self.act.data or "",
            end=self.ends_on.data,
            decision="" if self.decision.data == UNDECIDED else self.decision.data or "",
            measures=tuple(UUID(one) for one in ticked or ()),
        )


#: a radio once chosen cannot be taken back, so that there is one for nothing decided
UNDECIDED = "none"


def cycle_form(
    measures: Mapping[str, str], row: PdsaRow | None = None, touched: Iterable[str] = ()
) -> CycleForm:
    """Make the form with the measures the plan has, filled with a cycle to change."""
    form = CycleForm(data=_told(row, touched) if row else {})
    form.decision.choices = {**CYCLE_LABELS, UNDECIDED: "Nothing yet"}
    form.measures.choices = measures
    if not measures:
        del form["measures"]
    return form


def _told(row: PdsaRow, touched: Iterable[str]) -> dict[str, Any]:
    return {
        "objective": row.objective,
        "prediction": row.prediction,
        "starts_on": row.starts_on,
        "measures": tuple(touched),
        "plan": row.plan_words,
        "do": row.do_words,
        "study": row.study_words,
        "act": row.act_words,
        "ends_on": row.ends_on,
        "decision": row.decision or UNDECIDED,
        "version": row.version,
    }
