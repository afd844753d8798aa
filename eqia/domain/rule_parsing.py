"""Outcomes, rules, duties, law and sign-off out of a question-set file."""

from collections.abc import Mapping
from datetime import date

from eqia.domain.condition_reading import ConditionReader, Place
from eqia.domain.conditions import NEVER, Condition, Some, parts_of
from eqia.domain.question_set_reading import Reading, Table, no_repeats
from eqia.domain.rules import Duty, Law, Outcome, Review, Rule, Signoff, Statement

#: product.md section 2
ROLES = frozenset({"member", "lead", "author", "reviewer", "approver", "auditor", "administrator"})

#: What each key of `uses` may hold (see QuestionSet): question ids, ...
USES_QUESTIONS = (
    *("summary", "kind_of_change", "stage", "decision_date", "decision_maker", "people", "bodies"),
    *("effect", "basis", "reason", "mitigation", "needs", "involvement", "involvement_date"),
    *("gaps", "measures", "review_date", "review_triggers", "stop_required"),
)
#: ... codes or tables of codes, ...
USES_CODES = (
    *(
        "late_stages",
        "harm_codes",
        "serious_codes",
        "same_codes",
        "unknown_codes",
        "no_basis",
        "hand_basis",
    ),
    *("direction", "evidence_basis"),
)
#: ... or codes by question id.
USES_TABLES = ("never_lowest", "never_lowest_long", "never_lowest_protected")


def parse_outcomes(reading: Reading, top: Table) -> tuple[Outcome, ...]:
    """Read the outcomes; their ranks run from 0 without a gap."""
    found = []
    for raw in top.items("outcomes"):
        table = reading.open(raw, "outcomes")
        found.append(
            Outcome(
                id=table.id(),
                rank=table.number("rank"),
                label=table.texts("label"),
                consequence=table.texts("consequence", required=False),
                publish=table.flag("publish", default=False),
                signable=table.flag("signable", default=True),
                needs_measure=table.flag("needs_measure", default=False),
                opens_eqia=table.flag("opens_eqia", default=False),
            )
        )
        table.close()
    no_repeats([outcome.id for outcome in found], "id", "outcomes", reading.faults)
    if sorted(outcome.rank for outcome in found) != list(range(len(found))):
        reading.faults.add("outcomes", f"ranks should run from 0 to {len(found) - 1}")
    return tuple(found)


def parse_default(top: Table, outcomes: tuple[Outcome, ...]) -> str:
    """Read the outcome that stands while nothing settles it: never the lowest."""
    default = top.text("default")
    ranks = {outcome.id: outcome.rank for outcome in outcomes}
    if default and default not in ranks:
        top.fault(f"'default' names an unknown outcome {default!r}")
    elif default and ranks[default] == min(ranks.values()):
        top.fault(f"'default' {default!r} is the lowest outcome")
    return default


def parse_rules(
    reading: Reading, top: Table, reader: ConditionReader, outcomes: tuple[Outcome, ...]
) -> tuple[Rule, ...]:
    """Read the rules; each has its outcome, its condition and its reason."""
    known = {outcome.id for outcome in outcomes}
    found = []
    for raw in top.items("rules"):
        table = reading.open(raw, "rules")
        rule_id = table.id()
        when = _required(table, reader, "when")
        names = ("groups", "questions") if _has_rows(when) else ("questions",)
        rule = Rule(
            id=rule_id,
            outcome=table.text("outcome"),
            when=when,
            reason=table.texts("reason", placeholders=names),
            tags=table.names("tags", ()),
            overridable=table.flag("overridable", default=True),
        )
        if rule.outcome and rule.outcome not in known:
            table.fault(f"unknown outcome {rule.outcome!r}")
        if rule_id == "default":
            table.fault("bad id 'default': it names the reason when no rule settles it")
        table.close()
        found.append(rule)
    no_repeats([rule.id for rule in found], "id", "rules", reading.faults)
    return tuple(found)


def parse_duties(reading: Reading, top: Table, reader: ConditionReader) -> tuple[Duty, ...]:
    """Read the duties that answers raise beside the outcome."""
    found = []
    for raw in top.items("duties", []):
        table = reading.open(raw, "duties")
        when = _required(table, reader, "raised_when")
        found.append(Duty(table.id(), when, table.texts("requires")))
        table.close()
    no_repeats([duty.id for duty in found], "id", "duties", reading.faults)
    return tuple(found)


def parse_law(reading: Reading, top: Table) -> tuple[Law, ...]:
    """Read the legal references, each with the day it was checked."""
    found = []
    for raw in top.items("law"):
        table = reading.open(raw, "law")
        as_at = table.day("as_at", required=True)
        found.append(Law(table.text("ref"), as_at or date.min, table.text("note", "")))
        table.close()
    return tuple(found)


def parse_signoff(reading: Reading, top: Table) -> Signoff:
    """Read who signs and the statements of the duty they confirm."""
    table = reading.single(top.table("signoff", {}), "signoff")
    roles = table.names("roles", ("approver",))
    separation = table.names("separation", ("author", "reviewer"))
    for role in (*roles, *separation):
        if role not in ROLES:
            table.fault(f"unknown role {role!r}")
    statements = []
    for raw in table.items("confirm", []):
        statement = reading.open(raw, "signoff.confirm")
        statements.append(Statement(statement.id(), statement.texts("text")))
        statement.close()
    no_repeats([s.id for s in statements], "id", "signoff.confirm", reading.faults)
    table.close()
    return Signoff(roles, separation, tuple(statements))


def parse_review(reading: Reading, top: Table) -> Review:
    """Read when the answers are looked at again."""
    table = reading.single(top.table("review", {}), "review")
    months = table.number("default_months", 12)
    if months < 1:
        table.fault("'default_months' should be 1 or more")
    triggers = table.names("triggers", ())
    table.close()
    return Review(months, triggers)


def parse_uses(reading: Reading, top: Table, reader: ConditionReader) -> Mapping[str, object]:
    """Read which question plays which part; a name nobody asks is a fault."""
    raw = top.table("uses", {})
    table = reading.single(raw, "uses")
    named = [name for key in USES_QUESTIONS for name in table.names(key, ())]
    named += [name for key in USES_TABLES for name in table.table(key, {})]
    named += [name for name in table.table("report", {}).values() if isinstance(name, str)]
    for name in named:
        if name not in reader.questions:
            table.fault(f"unknown question {name!r}")
    for key in USES_CODES:
        table.raw(key)
    condition = table.text("short_path", "")
    if condition and condition not in reader.named:
        table.fault(f"unknown condition {condition!r}")
    section = table.text("evidence_section", "")
    if section and section not in reader.sections:
        table.fault(f"unknown section {section!r}")
    table.close()
    return raw


def _required(table: Table, reader: ConditionReader, key: str) -> Condition:
    raw = table.raw(key)
    if raw is None:
        table.fault(f"missing key {key!r}")
        return NEVER
    # `true` would be a rule about nothing at all.
    return reader.read([] if isinstance(raw, bool) else raw, Place(table.where))


def _has_rows(condition: Condition) -> bool:
    return isinstance(condition, Some) or any(map(_has_rows, parts_of(condition)))
