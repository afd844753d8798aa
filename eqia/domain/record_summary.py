"""The first page of a record: what it is, what was decided and why, in plain English."""

from datetime import date, datetime

from eqia.domain.days import london_day
from eqia.domain.record_blocks import Block, Bullets, Facts, Heading, Panel, Section, Text, listed
from eqia.domain.record_reading import Reading, shortened
from eqia.domain.record_times import in_words

#: Reasons named on the first page; every one stands in section 2.
FIRST_REASONS = 3


def summary(reading: Reading) -> Section:
    """Give the status, the facts that identify it, and the whole story in ten lines."""
    words = reading.words
    confirmed = reading["outcome"]["confirmed"]
    blocks: list[Block] = [
        Panel(
            words("signed_by_on", day=reading.day(reading["sign_off"]["at"])), confirmed["label"]
        ),
        Facts(_story(reading)),
        Text(_fixed(reading), "note"),
        Facts(_identity(reading)),
        Heading(words("aware")),
        Text(words("aware_lead")),
        Bullets(tuple(one["text"] for one in reading["sign_off"]["statements"])),
    ]
    return Section("summary", words("summary"), listed(blocks))


def _identity(reading: Reading) -> tuple[tuple[str, str], ...]:
    words, project, form = reading.words, reading["project"], reading["question_set"]
    rows = (
        (words("organisation"), reading["organisation"]["name"]),
        (words("partners"), project["organisations"]),
        (words("deciding"), reading.text_of("bodies").replace("\n", ", ")),
        (words("form"), words("form_version", title=form["title"], version=form["version"])),
    )
    return tuple(row for row in rows if row[1])


def _story(reading: Reading) -> tuple[tuple[str, str], ...]:
    words = reading.words
    what = reading.text_of("summary") or reading["project"]["summary"]
    decided = words(
        "decided_by",
        approver=reading.signer(),
        day=signed_day(reading),
        reviewers=reading.reviewers(),
    )
    rows = (
        (words("what"), shortened(what, words("cut"))),
        (words("why"), _why(reading)),
        (words("conditions"), _conditions(reading)),
        (words("who_decided"), decided),
        (words("when_read"), _when_read(reading)),
        (words("next_review"), review_day(reading) or words("no_review")),
    )
    return tuple(row for row in rows if row[1])


def _why(reading: Reading) -> str:
    """Give the reasons for the outcome in force; a changed outcome has its reviewer's reason."""
    outcome = reading["outcome"]
    changed = [one for one in reading["reviews"] if one["kind"] in {"raise", "agree_lowering"}]
    if outcome["confirmed"]["id"] != outcome["calculated"]["id"] and changed:
        return shortened(changed[-1]["reason"], reading.words("cut_reason"))
    deciding = [
        r["text"] for r in outcome["reasons"] if r["outcome"] == outcome["calculated"]["id"]
    ]
    first = deciding[:FIRST_REASONS]
    if len(outcome["reasons"]) > len(first):
        first.append(reading.words("more_reasons", count=len(outcome["reasons"])))
    return " ".join(first)


def _conditions(reading: Reading) -> str:
    promised = len(reading.rows("measures"))
    promised += sum(
        1 for one in reading["findings"] for group in one["groups"] if group.get("action")
    )
    gaps = sum(1 for one in reading["evidence_actions"] if not one["done_at"])
    key = "some_conditions" if promised or gaps else "no_conditions"
    return reading.words(key, count=promised, gaps=gaps)


def _when_read(reading: Reading) -> str:
    words = reading.words
    read = [
        words("read_by", name=one["name"], day=reading.day(one["at"]))
        for one in reading["receipts"]
    ]
    return "\n".join(read) or words("none")


def _fixed(reading: Reading) -> str:
    """Say what the signature is not, and where to look later (documents.md section 2)."""
    words, organisation = reading.words, reading["organisation"]
    where = (
        words("at_address", address=reading["address"])
        if reading["address"]
        else words("in_register", organisation=organisation["name"], reference=reading["reference"])
    )
    mailbox = organisation["mailbox"]
    contact = words("contact", mailbox=mailbox) if mailbox else ""
    return words("not_approval", day=signed_day(reading), where=where, contact=contact).strip()


def signed_day(reading: Reading) -> str:
    """Give the day of the sign-off in words."""
    at = datetime.fromisoformat(reading["sign_off"]["at"])
    return in_words(london_day(at), reading.words.language)


def review_day(reading: Reading) -> str:
    """Give the day the screening is looked at again, in words."""
    due = [entry["on"] for entry in reading["timeline"] if entry["what"] == "review_due"]
    return in_words(date.fromisoformat(due[0]), reading.words.language) if due else ""
