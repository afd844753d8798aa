"""The form of a measure: what it counts, for whom, how often and which way is better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from eqia.domain.measure_versions import CHANGE_LABELS
from eqia.domain.measures import (
    CONFLICT_DEFAULT,
    CONFLICT_LABELS,
    GOAL_LABELS,
    KIND_LABELS,
    REST,
    REST_LABEL,
    SHAPE_LABELS,
    Definition,
    Member,
    MemberKind,
    Routine,
    members_from,
    members_in,
)
from eqia.domain.periods import FREQUENCY_LABELS
from eqia.domain.suppression import DEFAULT, PROFILE_LABELS
from eqia.services.measures import Defined
from eqia.web.forms.fields import (
    CheckboxesField,
    DayField,
    Form,
    HiddenField,
    LongTextField,
    NamesField,
    NumberField,
    RadiosField,
    SelectChoice,
    SelectField,
    TextField,
    VersionField,
    choice,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eqia.domain.categories import CategorySet
    from eqia.persistence.tables.measures import MeasureRow

ASKS_WHOM = (
    "Choose which group of “{label}” you compare the others with; or save again, if with none"
)
_SHORT = "govuk-input--width-5"
#: what stands between a set and one of its groups
_IN = "#"

_ROUTINE = (
    *("title", "kind", "owner", "source", "frequency", "first_period"),
    *("lag_days", "version"),
)
_DEFINITION = ("shape", "numerator", "denominator", "direction", "per", "unit")


class MeasureForm(Form):
    """Everything a measure says, on one page."""

    title = LongTextField("What do you measure?", needed="Say what you measure")
    kind = RadiosField(
        "What kind of measure is it?", choices=KIND_LABELS, needed="Choose what kind it is"
    )
    shape = RadiosField(
        "What kind of figure is it?",
        choices=SHAPE_LABELS,
        needed="Choose what kind of figure it is",
    )
    numerator = LongTextField(
        "What exactly is counted?",
        hint="So that two people would count the same. Say what is left out.",
        needed="Say exactly what is counted",
    )
    denominator = LongTextField(
        "Out of what? (for a share or a rate)",
        hint="All people or visits it could happen to.",
    )
    per = NumberField("For a rate: per how many? (optional)", classes=_SHORT, hint="Such as 1,000.")
    unit = TextField("For an average or a count: the unit (optional)", limit=100, called="The unit")
    direction = RadiosField(
        "Which way is better?", choices=GOAL_LABELS, needed="Choose which way is better"
    )
    characteristic = SelectField(
        "Which finding is it broken down for?", blank="None: it is not broken down"
    )
    category_set = SelectField(
        "Do you count by a standard set of groups? (optional)",
        blank="No, by groups of our own",
        hint="Then each of its groups is counted apart.",
    )
    set_reference = SelectField(
        "If so, which of its groups do you compare the others with? (optional)",
        blank="None",
        hint="The groups of the set you chose above.",
    )
    #: the set whose groups were offered to compare with
    offered = HiddenField()
    moves = CheckboxesField(
        "If you change the set of groups (optional)",
        choices={"yes": "We mean to leave the old groups: their figures are not carried over"},
    )
    members = NamesField(
        "If you do not count by a standard set, which groups do you count apart?",
        hint="One a line, such as “Under 65” and “65 and over”. Count everybody in one of them.",
    )
    unknown = NamesField(
        "Under which names do people go whose group is not known? (optional)",
        hint="One a line, such as “Not recorded”.",
    )
    reference = TextField(
        "Which of your own groups do you compare the others with? (optional)",
        limit=200,
        hint="Write it as in your list above, or “Everyone else”.",
    )
    frequency = RadiosField(
        "How often is it read?", choices=FREQUENCY_LABELS, needed="Choose how often it is read"
    )
    first_period = DayField(
        "On which day does the first period start?",
        hint="Go back far enough to see what it was like before the change.",
        called="The first day",
        needed="Enter the first day of the first period",
    )
    lag_days = NumberField(
        "How many days after a period are figures there?", classes=_SHORT, hint="0 if at once."
    )
    owner = TextField("Who looks after it?", limit=200, called="The owner")
    source = LongTextField("Where do the figures come from? (optional)")
    actions = CheckboxesField("Which actions does it show the effect of?")
    conflict = SelectField(
        "If a figure signals better and worse at once, what does it count as? (optional)",
        choices=CONFLICT_LABELS,
        blank="As usual",
        hint="A low figure can rise for months and still be low.",
    )
    suppression = SelectField(
        "How are small numbers hidden from people outside your team? (optional)",
        choices=PROFILE_LABELS,
        blank="As usual: 1 to 7 hidden, the rest rounded to 5",
        hint="Small numbers could point at people. Your team always sees the exact figures.",
    )
    change = RadiosField(
        "What does your change mean for the readings so far?", choices=CHANGE_LABELS
    )
    reason = LongTextField(
        "If something else is counted, why?",
        hint="People who read the earlier series are told it.",
    )
    version = VersionField()
    token = HiddenField()
    #: whether it is asked what the change means for the readings so far
    asks = False
    #: the sets that can be chosen, by their keys
    sets: Mapping[str, CategorySet] = {}

    def validate(self, extra_validators: Any = None) -> bool:
        """Never mix a standard set with groups of one's own."""
        good = bool(super().validate(extra_validators))
        if self.category_set.data and (self.members.data or self.unknown.data):
            box = self.members if self.members.data else self.unknown
            box.refuse("Choose a standard set or list your own groups, not both")
            return False
        whom = self._whom()
        if whom:
            self.set_reference.errors = []
            self.set_reference.refuse(whom)
        return good and not whom

    def _whom(self) -> str:
        """Say what is wrong with whom the groups of a set are compared with."""
        chosen, picked = self.category_set.data or "", self.set_reference.data or ""
        if picked and not chosen:
            return "Choose a standard set, or say it below your own groups"
        # The groups of a set are there to choose from only once it is chosen.
        offered, self.offered.data, self.offered.typed = self.offered.data, chosen, None
        if chosen and offered != chosen and not picked and not self.reference.data:
            label = set_label(self.sets[chosen]) if chosen in self.sets else chosen
            return ASKS_WHOM.format(label=label)
        return ""

    def defined(self, measure_id: UUID | None = None) -> Defined:
        """Read what was typed as a measure."""
        chosen = self.category_set.data or ""
        members = members_from(self.members.data or (), self.unknown.data or ())
        if chosen:
            members = members_in(self.sets[chosen])
        routine = Routine(
            title=self.title.data or "",
            kind=self.kind.data or "",
            owner=self.owner.data or "",
            source=self.source.data or "",
            frequency=self.frequency.data or "",
            first_period=self.first_period.data,
            lag_days=self.lag_days.data or 0,
        )
        definition = Definition(
            shape=self.shape.data or "",
            numerator=self.numerator.data or "",
            denominator=self.denominator.data or "",
            direction=self.direction.data or "",
            per=1 if self.per.data is None else self.per.data,
            unit=self.unit.data or "",
            characteristic=self.characteristic.data or "",
            category_set=chosen,
            members=members,
            reference=self._reference(members),
            conflict=self.conflict.data or CONFLICT_DEFAULT,
            suppression=self.suppression.data or DEFAULT,
        )
        ticked = self["actions"].data if "actions" in self else ()
        return Defined(
            routine,
            definition,
            tuple(UUID(one) for one in ticked or ()),
            measure_id,
            self.version.data if measure_id else 0,
            moves="moves" in self and bool(self["moves"].data),
            change=(self["change"].data or "") if "change" in self else "",
            reason=(self["reason"].data or "") if "reason" in self else "",
        )

    def _reference(self, members: tuple[Member, ...]) -> str:
        """Find whom the others are compared with: chosen from the set, or named."""
        picked = self.set_reference.data or ""
        if picked and not self.reference.data:
            return picked if picked == REST else picked.partition(_IN)[2]
        return _code_of(self.reference.data or "", members)


def set_label(found: CategorySet) -> str:
    """Name a set with its edition."""
    return f"{found.label}, {found.edition}"


def _members_of(key: str, found: CategorySet) -> Iterator[SelectChoice]:
    """Offer the groups of a set that say something about people."""
    for one in members_in(found):
        if one.kind is MemberKind.SUBSTANTIVE:
            yield choice(f"{key}{_IN}{one.code}", one.label, group=set_label(found))


def _code_of(label: str, members: tuple[Member, ...]) -> str:
    """Find a group by its name; an unknown one is refused with the definition."""
    wanted = label.strip().casefold()
    if wanted in {REST_LABEL.casefold(), "everybody else", "the others"}:
        return REST
    found = (one.code for one in members if one.label.casefold() == wanted)
    return next(found, label.strip())


def measure_form(
    *,
    characteristics: Mapping[str, str],
    actions: Mapping[str, str],
    sets: Mapping[str, CategorySet],
    row: MeasureRow | None = None,
    definition: Definition | None = None,
    linked: bool = False,
) -> MeasureForm:
    """Make the form with the plan's own findings and actions; linked actions are not offered."""
    form = MeasureForm(data=_values(row, definition))
    form.sets = sets
    # Chosen from after the form is made, so that each question stays in its place.
    form.characteristic.choices = characteristics
    form.category_set.choices = {key: set_label(one) for key, one in sets.items()}
    chosen = form.category_set.data or ""
    groups = _members_of(chosen, sets[chosen]) if chosen in sets else ()
    form.set_reference.choices = [choice(REST, REST_LABEL), *groups]
    form["actions"].choices = actions
    if linked:
        form["actions"].label.text = "Which other actions does it show the effect of? (optional)"
    if not actions:
        del form["actions"]
    if definition is None or not definition.category_set:
        del form["moves"]
    if definition is None:
        del form["change"], form["reason"]
    elif form["change"].data:
        form.asks = True
    return form


def _values(row: MeasureRow | None, definition: Definition | None) -> dict[str, object]:
    values: dict[str, object] = {}
    if row is not None:
        values = {name: getattr(row, name) for name in _ROUTINE}
    if definition is not None:
        values |= {name: getattr(definition, name) for name in _DEFINITION}
        values["characteristic"] = definition.characteristic
        values["conflict"] = definition.conflict
        usual = definition.suppression == DEFAULT
        values["suppression"] = "" if usual else definition.suppression
        values["category_set"] = definition.category_set
        own = () if definition.category_set else definition.members
        values["members"] = tuple(one.label for one in own if one.kind is MemberKind.SUBSTANTIVE)
        values["unknown"] = tuple(one.label for one in own if one.kind is MemberKind.UNKNOWN)
        named = definition.label(definition.reference) if definition.reference else ""
        values["reference"] = "" if definition.category_set else named
        values["set_reference"] = _picked(definition) if definition.category_set else ""
        values["offered"] = definition.category_set
    return values


def _picked(definition: Definition) -> str:
    """Give the group of the set that the others are compared with, as the list offers it."""
    code = definition.reference
    return code if code in {"", REST} else f"{definition.category_set}{_IN}{code}"
