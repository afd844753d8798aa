"""The form of a review: what was seen, what is made of each concern, and what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eqia.domain.errors import Invalid, Problem
from eqia.domain.plans import DECISION_LABELS, Review
from eqia.services.plan_answers import ANSWER
from eqia.web.forms.fields import DayField, HiddenField, LongTextField, RadiosField, TextField
from eqia.web.small_numbers import HINT, KeptForGood

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eqia.domain.plan_reviews import Question
    from eqia.web.forms.simple import HouseField

CHANGED = "This has changed since you opened the page. Look at it again."
_SEEN = "seen-"
_ONLY_THEN = "Only needed if you decide to screen again."


class ReviewForm(KeptForGood):
    """What a review saw and decided."""

    #: what it is asked, filled in by `review_form`
    asked: Sequence[Question] = ()

    held_on = DayField(
        "When was it held?", called="The day of the review", needed="Enter the day it was held"
    )
    attendees = LongTextField("Who was there? (optional)", hint="Roles are enough.")
    notes = LongTextField(
        "What did you see, and why did you decide so?",
        hint=f"Name the groups and the figures. {HINT}",
        needed="Say what you saw and why you decided so",
    )
    decision = RadiosField(
        "What was decided?", choices=DECISION_LABELS, needed="Choose what was decided"
    )
    rescreen_by = TextField(
        "Who starts the next version of the screening?",
        hint=_ONLY_THEN,
        limit=200,
        called="The name",
    )
    rescreen_due = DayField(
        "By when is it started?", hint=_ONLY_THEN, called="The day by which it is started"
    )
    next_review = DayField(
        "When is the next review?",
        hint="Needed if you go on or change the plan.",
        called="The next review",
    )
    token = HiddenField()

    @property
    def questions(self) -> list[tuple[Question, HouseField]]:
        """What is asked, each with its box."""
        return [(one, self[one.key]) for one in self.asked]

    @property
    def review(self) -> Review:
        """What was typed, as a review; refused where what it answers is not as it was read."""
        changed = [one for one in self.asked if self[_SEEN + one.key].data != one.mark]
        for one in changed:
            self[_SEEN + one.key].data, self[_SEEN + one.key].typed = one.mark, None
        if changed:
            raise Invalid([Problem(one.key, CHANGED) for one in changed])
        return Review(
            held_on=self.held_on.data,
            decision=self.decision.data or "",
            notes=self.notes.data or "",
            attendees=self.attendees.data or "",
            next_review=self.next_review.data,
            rescreen_by=self.rescreen_by.data or "",
            rescreen_due=self.rescreen_due.data,
            answers={one.key: self[one.key].data or "" for one in self.asked},
        )


def review_form(asked: Sequence[Question]) -> ReviewForm:
    """Make the form with a box for each thing that no review has answered yet."""
    boxes = {
        one.key: LongTextField(
            f"{one.name}: what do you make of it, and what happens now?",
            hint=one.asked,
            needed=ANSWER,
        )
        for one in asked
    }
    seen = {_SEEN + one.key: HiddenField() for one in asked}
    kind = type("ReviewForm", (ReviewForm,), {"asked": tuple(asked), **boxes, **seen})
    form: ReviewForm = kind(data={_SEEN + one.key: one.mark for one in asked})
    return form
