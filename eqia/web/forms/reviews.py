"""Forms of reviewers and approvers, and the filter of their queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from eqia.domain.flags import FLAG_LABELS, FlagKind
from eqia.domain.questions import Outcome, QuestionSet, text_in
from eqia.domain.reviews import Lowering, Signing, Supplied, Weight
from eqia.domain.screenings import Status
from eqia.persistence.queries.reviews import QueueFilter
from eqia.web.forms.fields import (
    CheckboxesField,
    DayField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
    VersionField,
)
from eqia.web.wording import marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: What waits where, as the queue's filter offers it.
STAGES: Mapping[str, str] = {
    Status.SUBMITTED: "With reviewers",
    Status.REVIEWED: "Waiting to be signed",
    Status.RETURNED: "Back with their teams",
}
WHOSE: Mapping[str, str] = {
    "all": "Everybody's",
    "mine": "Mine",
    "free": "Taken by nobody",
}
MOST_PAGES = 10_000


class ActForm(Form):
    """A form that changes a screening: carries the version it was made against."""

    version = VersionField()


class ConfirmForm(ActForm):
    """Confirm the calculated outcome."""

    reason = LongTextField(
        "Anything to add? (optional)", hint="It is kept with your confirmation and printed."
    )
    token = HiddenField()


class ReturnForm(ActForm):
    """Send a screening back to its team."""

    reason = LongTextField(
        "What should the team change?",
        hint="Comments you made on single answers go back with it.",
        needed="Say what the team should change",
    )
    due = DayField(
        "When do you need it back?",
        hint="For example, 30 11 2026",
        called="The day you need it back",
        needed="Enter the day you need it back",
    )


class RaiseForm(ActForm):
    """Raise the outcome."""

    outcome = RadiosField("What should the outcome be?", needed="Choose the higher outcome")
    reason = LongTextField("Why do you raise it?", needed="Say why you raise the outcome")


class ProposeForm(ActForm):
    """Propose a lower outcome."""

    outcome = RadiosField("What should the outcome be?", needed="Choose the lower outcome")
    reason = LongTextField("Why should it be lower?", needed="Say why the outcome should be lower")
    evidence = LongTextField(
        "What evidence supports this?",
        hint="Name the document or figures, and where they are.",
        needed="Say what evidence supports it",
    )

    @property
    def lowering(self) -> Lowering:
        """What is proposed."""
        texts = (self.reason.data or "", self.evidence.data or "")
        return Lowering(self.outcome.data or "", *texts)


class AgreeForm(ActForm):
    """Agree a lower outcome that somebody else proposed."""

    reason = LongTextField("Why do you agree?", needed="Say why you agree")


class CommentForm(Form):
    """A comment on one answer, or on the whole."""

    body = LongTextField("Your comment", needed="Enter a comment")
    question = HiddenField()
    group = HiddenField()


class ReplyForm(Form):
    """A reply to a comment."""

    body = LongTextField(
        "Your reply",
        hint="A reply does not change an answer on the form.",
        needed="Enter a reply",
    )


class ReassignForm(Form):
    """Hand a screening to another reviewer."""

    reviewer = SelectField("Who should review it?", blank="Choose a reviewer", needed="Choose one")

    @property
    def reviewer_id(self) -> UUID:
        """The reviewer chosen, who is on the list."""
        return UUID(self.reviewer.data)


class ReceiptForm(Form):
    """Say that one has read a version."""

    read = CheckboxesField("Your receipt", needed="Tick the box if you have read it")
    digest = HiddenField()


class SignForm(Form):
    """Everything the approver says when they sign."""

    statements = CheckboxesField(
        "Confirm each statement by itself",
        hint="Tick a statement only if it is true of you.",
    )
    benefits = LongTextField("What benefits did you weigh?", needed="Say what benefits you weighed")
    harms = LongTextField(
        "What harms did you weigh?",
        hint="If you saw none, say so and why.",
        needed="Say what harms you weighed, or that you saw none",
    )
    proportionate = LongTextField(
        "Why is this proportionate?", needed="Say why this is proportionate"
    )
    measure = TextField("What will be measured?", limit=500)
    owner = TextField("Who will do it?", limit=200)
    due = DayField("By when will it be done?", called="The day by which it will be done")
    review_date = DayField("When will you look at this again?", called="The review date")
    digest = HiddenField()
    token = HiddenField()

    @property
    def signing(self) -> Signing:
        """What the approver gives."""
        return Signing(
            digest=self.digest.data or "",
            statements=tuple(self.statements.data or ()),
            weight=Weight(*(self[n].data or "" for n in ("benefits", "harms", "proportionate"))),
            supplied=Supplied(
                measure=self.measure.data or "" if "measure" in self else "",
                owner=self.owner.data or "" if "owner" in self else "",
                due=self.due.data if "due" in self else None,
                review_date=self.review_date.data if "review_date" in self else None,
            ),
        )


def sign_form(asked: QuestionSet, language: str, *, measure: bool, review_date: bool) -> SignForm:
    """Make the form with the set's own statements, asking only for what the answers lack."""
    form = SignForm()
    form.statements.choices = {
        one.id: marked(language, text_in(one.text, language)) for one in asked.signoff.confirm
    }
    left_out = [] if measure else ["measure", "owner", "due"]
    left_out += [] if review_date else ["review_date"]
    for name in left_out:
        del form[name]
    return form


def outcome_choices(outcomes: Iterable[Outcome], language: str) -> dict[str, str]:
    """Offer these outcomes by their own words."""
    return {one.id: marked(language, text_in(one.label, language)) for one in outcomes}


@dataclass(frozen=True, slots=True)
class QueueSearch:
    """The filter of the queue, as the address holds it; what makes no sense is left out."""

    whose: str
    status: Status
    #: the first outcome of those that are called the same
    outcome: str
    flag: FlagKind | None
    page: int
    #: every outcome of every set, and what it is called
    labels: Mapping[str, str]

    @classmethod
    def of(cls, args: Mapping[str, str], labels: Mapping[str, str], first: Status) -> QueueSearch:
        """Read the address; an unknown value is no filter, so that an old link still works.

        `first` is where a person looks who has not said.
        """
        status, flag, page = args.get("status", ""), args.get("flag", ""), args.get("page", "")
        outcome = args.get("outcome", "")
        return cls(
            whose=args["whose"] if args.get("whose") in WHOSE else "all",
            status=Status(status) if status in STAGES else first,
            outcome=outcome if outcome in labels else "",
            flag=FlagKind(flag) if flag in set(FLAG_LABELS) else None,
            page=min(max(int(page), 1), MOST_PAGES) if _is_number(page) else 1,
            labels=labels,
        )

    def filter_for(self, person_id: UUID) -> QueueFilter:
        """Give the filter, with the person who looks."""
        return QueueFilter(
            status=self.status,
            reviewer_id=person_id if self.whose == "mine" else None,
            unclaimed=self.whose == "free",
            outcomes=self._called_the_same,
            flag=self.flag,
            page=self.page,
        )

    @property
    def _called_the_same(self) -> frozenset[str]:
        """Find every outcome with the words of the one chosen: sets share some words, not ids."""
        wanted = self.labels.get(self.outcome)
        return frozenset(one for one, label in self.labels.items() if label == wanted)

    @property
    def outcomes(self) -> dict[str, str]:
        """Offer each wording once."""
        return {one: label for label, one in {v: k for k, v in self.labels.items()}.items()}

    @property
    def query(self) -> dict[str, str]:
        """Give the filter as it stands in the address, without the page."""
        found = {"whose": self.whose, "status": self.status.value, "outcome": self.outcome}
        return {**found, "flag": self.flag.value if self.flag else ""}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(MOST_PAGES))
