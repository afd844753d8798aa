"""What the database itself refuses, whoever asks (operations.md sections 2 and 3)."""

# ruff: noqa: S608 - the SQL is put together from the names of our own tables, nothing typed
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import JSON, Table, UniqueConstraint

from eqia.domain.screenings import EDITABLE, MOVES, Status
from eqia.persistence.authorship import SUBMITTER_UNLOGGED, is_author
from eqia.persistence.tables import Row

SQLITE = "sqlite"

#: Rows that are only ever added.
APPEND_ONLY = (
    *("event", "review", "receipt", "sign_off", "record", "answer_change", "question_set"),
    *("publication", "unpublication", "look_request", "look_answer"),
    *("measure_version", "measure_wording", "target", "baseline", "reading"),
    *("plan_review", "plan_move"),
    *("readiness", "readiness_answer", "readiness_deed"),
    *("import_batch", "import_undo"),
    *("chart_adjustment", "category_set"),
)
#: Rows that change and stay: what was planned is never wiped out.
NEVER_REMOVED = (
    *("plan", "finding", "action", "finding_action", "measure", "action_measure"),
    *("risk", "pdsa", "pdsa_measure", "plan_entry"),
)
#: Rows that stand still with the screening they belong to.
FROZEN_WITH_SCREENING = ("answer", "evidence")
#: Tables that may not be emptied in one stroke.
NEVER_EMPTIED = (*APPEND_ONLY, *FROZEN_WITH_SCREENING, "screening")

#: What may still change on a signed or withdrawn screening: its flags and what they follow from.
_LATER = frozenset(
    {
        "status",
        "version",
        "updated_at",
        "late_from",
        "stale_from",
        "information_overdue_from",
        "eqia_pending_from",
        "decided_without_from",
        "review_due",
        "decision_date",
    }
)
#: What never changes after a screening was started.
_IDENTITY = (
    "id",
    "reference",
    "number",
    "project_id",
    "previous_id",
    "created_by",
    "created_at",
)
#: What stands still from submission on, until the screening is returned.
_SUBMITTED = ("question_set_digest", "language", "submitted_by", "submitted_at")

_SCREENING: Table = Row.metadata.tables["screening"]
_EDITABLE = ", ".join(f"'{status.value}'" for status in sorted(EDITABLE))
_UNCHANGEABLE = ", ".join(
    f"'{status.value}'" for status in (Status.SIGNED, Status.SUPERSEDED, Status.WITHDRAWN)
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A change the database refuses: `when`, in SQL over OLD and NEW, and the words it says."""

    name: str
    table: str
    on: str
    when: str
    message: str
    only: str = ""


def rules() -> tuple[Rule, ...]:
    """List every rule, for both databases."""
    return (
        *_append_only(),
        *_frozen_with_screening(),
        *_screening(),
        *_separation(),
        *_sign_off(),
        *_eqia(),
        *_public(),
        *_planned(),
        *_plan_parts(),
        *_no_replacing(),
    )


def _append_only() -> Iterator[Rule]:
    for table in APPEND_ONLY:
        for on in ("UPDATE", "DELETE"):
            words = f"append_only: {table} is only ever added to"
            yield Rule(f"{table}_no_{on.lower()}", table, on, "TRUE", words)


def _frozen_with_screening() -> Iterator[Rule]:
    """Check the old parent and the new one: an update could move a row into a signed screening."""
    old, new = (_parent_closed(side) for side in ("OLD", "NEW"))
    words = "frozen: the screening is no longer a draft"
    for table in FROZEN_WITH_SCREENING:
        yield Rule(f"{table}_frozen_insert", table, "INSERT", new, words)
        yield Rule(f"{table}_frozen_update", table, "UPDATE", f"{old} OR {new}", words)
        yield Rule(f"{table}_frozen_delete", table, "DELETE", old, words)
        yield Rule(
            f"{table}_same_id", table, "UPDATE", _changed("id"), f"frozen: {table} keeps its id"
        )
    yield Rule("answer_change_frozen", "answer_change", "INSERT", new, words)
    yield Rule(
        "evidence_same_author",
        "evidence",
        "UPDATE",
        _changed("created_by"),
        "append_only: who entered evidence does not change",
    )


def _screening() -> Iterator[Rule]:
    move = " OR ".join(
        f"(OLD.status = '{a.value}' AND NEW.status = '{b.value}')" for a, b in sorted(MOVES)
    )
    signed = f"OLD.status IN ({_UNCHANGEABLE}) AND ({_changed(*_content())})"
    submitted = f"OLD.status NOT IN ({_EDITABLE}) AND ({_changed(*_SUBMITTED)})"
    forgotten = f"({_changed('submitted_by')}) AND {SUBMITTER_UNLOGGED}"
    for name, on, when, words in (
        ("started", "INSERT", "NEW.status <> 'draft'", "status: a screening starts as a draft"),
        ("identity", "UPDATE", _changed(*_IDENTITY), "frozen: a screening stays the same one"),
        ("move", "UPDATE", f"OLD.status <> NEW.status AND NOT ({move})", "status: no such move"),
        ("signed", "UPDATE", signed, "frozen: a signed or withdrawn screening does not change"),
        ("submitted", "UPDATE", submitted, "frozen: what was submitted does not change"),
        ("submitter", "UPDATE", forgotten, "author: who sent it before is not logged"),
        ("reviewed", "UPDATE", _reviewed_without(), "status: a review comes first"),
        ("signed_off", "UPDATE", _signed_without(), "status: a sign-off comes first"),
        ("kept", "DELETE", "OLD.status <> 'draft'", "frozen: only a draft can be removed"),
    ):
        yield Rule(f"screening_{name}", "screening", on, when, words)


def _separation() -> Iterator[Rule]:
    words = "author: an author cannot review or sign"
    yield Rule("review_author", "review", "INSERT", is_author("NEW.reviewer_id"), words)
    yield Rule("sign_off_author", "sign_off", "INSERT", is_author("NEW.person_id"), words)
    yield Rule(
        "review_same_person",
        "review",
        "INSERT",
        "NEW.kind = 'agree_lowering' AND EXISTS (SELECT 1 FROM review p"
        " WHERE p.id = NEW.proposal_id AND p.reviewer_id = NEW.reviewer_id)",
        "same_person: a lowering is proposed by one person and agreed by another",
    )
    yield Rule(
        "review_proposal",
        "review",
        "INSERT",
        "NEW.kind = 'agree_lowering' AND NOT EXISTS (SELECT 1 FROM review p"
        " WHERE p.id = NEW.proposal_id AND p.kind = 'propose_lowering'"
        " AND p.screening_id = NEW.screening_id AND p.submitted_at = NEW.submitted_at)",
        "status: there is no such proposal for this submission",
    )
    yield Rule(
        "review_status",
        "review",
        "INSERT",
        f"NOT EXISTS (SELECT 1 FROM screening s WHERE {_this_submission()} AND (s.status"
        " = 'submitted' OR (NEW.kind = 'return' AND s.status IN ('reviewed', 'returned'))))",
        "status: only what was submitted can be reviewed",
    )
    yield Rule(
        "sign_off_same_person",
        "sign_off",
        "INSERT",
        "EXISTS (SELECT 1 FROM review r JOIN screening s ON s.id = r.screening_id"
        " AND s.submitted_at = r.submitted_at WHERE r.screening_id = NEW.screening_id"
        " AND r.kind <> 'return' AND r.reviewer_id = NEW.person_id)",
        "same_person: the reviewer of a version does not sign it",
    )


def _sign_off() -> Iterator[Rule]:
    yield Rule(
        "sign_off_status",
        "sign_off",
        "INSERT",
        f"{_status('NEW')} <> 'reviewed'",
        "status: only a reviewed screening can be signed",
    )
    yield Rule(
        "sign_off_digest",
        "sign_off",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM screening s JOIN receipt r ON r.screening_id = s.id"
        " WHERE s.id = NEW.screening_id AND s.content_digest = NEW.content_digest"
        " AND r.id = NEW.receipt_id AND r.person_id = NEW.person_id"
        " AND r.content_digest = NEW.content_digest)",
        "digest: the signer has not read these answers",
    )


def _eqia() -> Iterator[Rule]:
    approved = f"NEW.status = 'approved' AND {is_author('NEW.approved_by')}"
    accepted = f"NEW.accepted_by IS NOT NULL AND {is_author('NEW.accepted_by')}"
    for on in ("INSERT", "UPDATE"):
        words = "author: an author cannot approve the full EqIA"
        yield Rule(f"eqia_author_{on.lower()}", "eqia", on, approved, words)
        words = "author: an author cannot accept an earlier approval date"
        yield Rule(f"eqia_accepted_{on.lower()}", "eqia", on, accepted, words)
    fixed = _changed("status", "approved_by", "approved_at", "screening_id")
    yield Rule(
        "eqia_approved",
        "eqia",
        "UPDATE",
        f"OLD.status = 'approved' AND ({fixed})",
        "frozen: an approval stands",
    )


def _public() -> Iterator[Rule]:
    """Keep one public copy of a version at a time, and questions to what is public."""
    live = (
        "EXISTS (SELECT 1 FROM publication p WHERE {match}"
        " AND NOT EXISTS (SELECT 1 FROM unpublication u WHERE u.publication_id = p.id))"
    )
    words = "status: this version is published already"
    again = live.format(match="p.screening_id = NEW.screening_id")
    yield Rule("publication_once", "publication", "INSERT", again, words)
    words = "status: this record is not published"
    gone = "NOT " + live.format(match="p.id = NEW.publication_id")
    yield Rule("look_request_published", "look_request", "INSERT", gone, words)


def _planned() -> Iterator[Rule]:
    """Keep a plan to signed findings, and a corrected reading to its own place."""
    for table in NEVER_REMOVED:
        words = f"append_only: a {table} is never removed"
        yield Rule(f"{table}_kept", table, "DELETE", "TRUE", words)
    for table in ("plan", "finding"):
        words = f"status: a {table} follows a signed screening"
        when = f"{_status('NEW')} NOT IN ('signed', 'superseded')"
        yield Rule(f"{table}_signed", table, "INSERT", when, words)
    found = _changed(
        *("plan_id", "screening_id", "question", "group_id", "direction", "effect", "statement"),
        *("severity", "evidence"),
    )
    words = "frozen: a finding stays as it was signed"
    yield Rule("finding_frozen", "finding", "UPDATE", found, words)
    yield from _readings()


def _readings() -> Iterator[Rule]:
    """Keep one live reading in a place, undone imports aside, and let no undo break a chain."""
    place = " AND ".join(
        f"t.{name} = NEW.{name}" for name in ("version_id", "period_start", "period_end", "member")
    )
    words = "append_only: this group has a reading for this period already"
    start = f"EXISTS (SELECT 1 FROM reading t WHERE {place} AND t.supersedes IS NULL"
    # The second half stops INSERT OR REPLACE from wiping out a start that was undone.
    first = f"NEW.supersedes IS NULL AND {start} AND ({_KEPT} OR {_same_key(['after_undone'])}))"
    yield Rule("reading_first", "reading", "INSERT", first, words)
    words = "append_only: a correction stands in the place of what it corrects"
    same = _standing(f"t.id = NEW.supersedes AND {place}")
    wrong = f"NEW.supersedes IS NOT NULL AND NOT {same}"
    yield Rule("reading_corrects", "reading", "INSERT", wrong, words)
    words = "append_only: this reading was corrected already"
    again = f"NEW.supersedes IS NOT NULL AND {_standing('t.supersedes = NEW.supersedes')}"
    yield Rule("reading_corrected", "reading", "INSERT", again, words)
    words = "append_only: an import that was undone takes in nothing more"
    late = "EXISTS (SELECT 1 FROM import_undo u WHERE u.batch_id = NEW.import_batch_id)"
    yield Rule("reading_undone", "reading", "INSERT", late, words)
    words = "append_only: later corrections build on this import"
    built = (
        "EXISTS (SELECT 1 FROM reading b JOIN reading t ON t.supersedes = b.id"
        f" WHERE b.import_batch_id = NEW.batch_id AND {_KEPT})"
    )
    yield Rule("import_undo_last", "import_undo", "INSERT", built, words)


def _plan_parts() -> Iterator[Rule]:
    """Keep what else a plan holds in its place, and linked within one plan."""
    for table, place in (
        ("risk", ("plan_id",)),
        ("pdsa", ("plan_id", "number")),
        ("pdsa_measure", ("pdsa_id", "measure_id")),
        ("plan_entry", ("plan_id", "section", "place")),
    ):
        words = f"frozen: a {table} keeps its place"
        yield Rule(f"{table}_same_place", table, "UPDATE", _changed(*place), words)
    words = "frozen: what is linked belongs to one plan"
    foreign = (
        "NEW.action_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM action a WHERE a.id = NEW.action_id AND a.plan_id = NEW.plan_id)"
    )
    for on in ("INSERT", "UPDATE"):
        yield Rule(f"risk_same_plan_{on.lower()}", "risk", on, foreign, words)
    foreign = (
        "NOT EXISTS (SELECT 1 FROM pdsa p JOIN measure m ON m.plan_id = p.plan_id"
        " WHERE p.id = NEW.pdsa_id AND m.id = NEW.measure_id)"
    )
    yield Rule("pdsa_measure_same_plan", "pdsa_measure", "INSERT", foreign, words)


#: a reading that no undo took back
_KEPT = "NOT EXISTS (SELECT 1 FROM import_undo u WHERE u.batch_id = t.import_batch_id)"


def _standing(which: str) -> str:
    return f"EXISTS (SELECT 1 FROM reading t WHERE {which} AND {_KEPT})"


def _no_replacing() -> Iterator[Rule]:
    """Stop SQLite's INSERT OR REPLACE, which deletes the old row without asking its triggers."""
    guarded = [(table, "append_only") for table in APPEND_ONLY]
    guarded += [(table, "frozen") for table in (*FROZEN_WITH_SCREENING, "screening")]
    for table, code in guarded:
        keys = list(_unique_keys(Row.metadata.tables[table]))
        if table in FROZEN_WITH_SCREENING:
            keys = [("id",)]
        when = " OR ".join(_same_key(key) for key in [("rowid",), *keys])
        when = f"EXISTS (SELECT 1 FROM {table} t WHERE {when})"
        words = f"{code}: there is such a {table} already"
        yield Rule(f"{table}_no_replace", table, "INSERT", when, words, only=SQLITE)
    for table in (*FROZEN_WITH_SCREENING, "screening"):
        words = f"frozen: {table} keeps its place"
        when = "NEW.rowid <> OLD.rowid"
        yield Rule(f"{table}_same_rowid", table, "UPDATE", when, words, only=SQLITE)


def _unique_keys(table: Table) -> Iterator[tuple[str, ...]]:
    yield ("id",)
    for column in table.columns:
        if column.unique:
            yield (column.name,)
    for constraint in sorted(table.constraints, key=lambda one: str(one.name)):
        # A column's own constraint has appeared above.
        if isinstance(constraint, UniqueConstraint) and len(constraint.columns) > 1:
            yield tuple(column.name for column in constraint.columns)


def _same_key(columns: Iterable[str]) -> str:
    return "(" + " AND ".join(f"t.{name} = NEW.{name}" for name in columns) + ")"


def _content() -> list[str]:
    return [column.name for column in _SCREENING.columns if column.name not in _LATER]


def _changed(*columns: str) -> str:
    return " OR ".join(
        f"{_plain('NEW', name)} {{differs}} {_plain('OLD', name)}" for name in columns
    )


def _plain(side: str, name: str) -> str:
    """Name a column so that it compares: PostgreSQL cannot compare JSON."""
    column = _SCREENING.columns.get(name)
    is_json = column is not None and isinstance(column.type, JSON)
    return f"CAST({side}.{name} AS TEXT)" if is_json else f"{side}.{name}"


def _status(side: str) -> str:
    """Find the status of the screening a row belongs to, and hold it still until the end."""
    return f"(SELECT s.status FROM screening s WHERE s.id = {side}.screening_id {{held}})"


def _parent_closed(side: str) -> str:
    return f"{_status(side)} NOT IN ({_EDITABLE})"


def _this_submission() -> str:
    return "s.id = NEW.screening_id AND s.submitted_at = NEW.submitted_at"


def _reviewed_without() -> str:
    return (
        "NEW.status = 'reviewed' AND OLD.status <> 'reviewed' AND NOT EXISTS"
        " (SELECT 1 FROM review r WHERE r.screening_id = NEW.id"
        " AND r.submitted_at = NEW.submitted_at"
        " AND r.kind IN ('confirm', 'raise', 'agree_lowering'))"
    )


def _signed_without() -> str:
    return (
        "NEW.status = 'signed' AND OLD.status <> 'signed' AND NOT EXISTS"
        " (SELECT 1 FROM sign_off o WHERE o.screening_id = NEW.id)"
    )
