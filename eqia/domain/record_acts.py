"""Who did what and when: the timeline and the sign-offs of a record."""

from eqia.domain.record_blocks import (
    Block,
    Bullets,
    Facts,
    Heading,
    Picture,
    Quote,
    Section,
    Table,
    Text,
    listed,
)
from eqia.domain.record_reading import Reading, Record
from eqia.domain.record_timeline import timeline_chart
from eqia.domain.record_why import review_act
from eqia.domain.records import in_blocks


def due_regard(reading: Reading) -> Section:
    """Give every date in order, what is planned, and what came in the wrong order."""
    words = reading.words
    rows = tuple(
        (words(f"t_{entry['what']}"), reading.when(entry), entry["who"] or _who(reading, entry))
        for entry in reading["timeline"]
    )
    heads = (words("event"), words("when"), words("who"))
    notes = tuple(reading["order"])
    blocks: list[Block] = [
        Heading(words("timing")),
        Text(words("timing_lead")),
        Picture(timeline_chart(reading["timeline"], words)),
        Table(words("timeline"), heads, rows, (30, 42, 28)),
        Heading(words("wrong_order")),
        Bullets(notes) if notes else Text(words("in_order")),
        *_logged(reading),
    ]
    return Section("timeline", words("timeline"), listed(blocks))


def _logged(reading: Reading) -> list[Block]:
    """Tell what was logged before the sign-off: a decision taken, a review held, a trigger."""
    words, entries = reading.words, reading["follow_ups"]
    if not entries:
        return []
    rows = tuple(
        (
            words(f"l_{one['kind']}"),
            reading.day(one["on"]),
            _about(reading, one),
            words("name_on", name=one["name"], day=reading.day(one["at"])),
        )
        for one in entries
    )
    heads = (words("event"), words("when"), words("about"), words("logged_by"))
    return [Heading(words("logged")), Table(words("logged"), heads, rows, (20, 20, 34, 26))]


def _about(reading: Reading, one: Record) -> str:
    read = one["version_read"]
    version = reading.words("had_read", version=reading.words("v", number=read)) if read else ""
    parts = (one["body"], one["trigger"], version, one["note"], one["link"])
    return "\n".join(part for part in parts if part)


#: who did what, where the timeline itself names nobody
_PARTS = {"submitted": "submitter", "reviewed": "reviewer", "signed": "approver"}


def _who(reading: Reading, entry: Record) -> str:
    return reading.named(_PARTS.get(entry["what"], ""))


def sign_offs(reading: Reading) -> Section:
    """Give the sign-off with its statements and weights, who read it, and how it was challenged."""
    words, signed = reading.words, reading["sign_off"]
    facts = (
        (words("approver"), signed["name"]),
        (words("role"), reading.role(signed["role"])),
        (words("signed_on"), reading.day(signed["at"])),
        (words("version_read"), reading["name"]),
        # A public copy has no such digest: withheld answers could be found by trying.
        (words("digest_read"), in_blocks(reading.record.get("content_digest", ""))),
    )
    blocks = [
        Heading(words("who_decided")),
        Facts(tuple(fact for fact in facts if fact[1])),
        _statements(reading),
        Heading(words("weight")),
        Quote(signed["benefits"], words("benefits")),
        Quote(signed["harms"], words("harms")),
        Quote(signed["proportionate"], words("proportionate")),
        *_receipts(reading),
        Heading(words("people")),
        _people(reading),
        *_reviews(reading),
        *_comments(reading),
        Heading(words("flags")),
        _flags(reading),
        *_again(reading),
        *_since(reading),
        Heading(words("record")),
        Text(_record(reading)),
    ]
    return Section("sign-offs", words("sign_offs"), listed(blocks))


def _statements(reading: Reading) -> Table:
    words = reading.words
    rows = tuple(
        (one["text"], words("confirmed" if one["confirmed"] else "not_confirmed"))
        for one in reading["sign_off"]["statements"]
    )
    heads = (words("statement"), words("confirmed"))
    return Table(words("statements"), heads, rows, (76, 24))


def _receipts(reading: Reading) -> list[Block]:
    words = reading.words
    rows = tuple(
        (
            one["name"],
            "\n".join(part for part in (reading.role(one["role"]), one["organisation"]) if part),
            _read(reading, one),
            words("v", number=one["version"]),
        )
        for one in reading["receipts"]
    )
    heads = (words("name"), words("job"), words("read_on"), words("version"))
    heading = Heading(words("receipts"))
    table = Table(words("receipts"), heads, rows, (28, 28, 30, 14))
    return [heading, table if rows else Text(words("none"))]


def _read(reading: Reading, one: Record) -> str:
    day = reading.day(one["at"])
    return f"{day}, {reading.words('after_decision')}" if one["after_decision"] else day


def _people(reading: Reading) -> Table:
    words = reading.words
    rows = tuple(
        (words(f"p_{one['part']}"), one["name"], reading.role(one["title"]))
        for one in reading["people"]
    )
    heads = (words("who_part"), words("name"), words("job"))
    return Table(words("people"), heads, rows, (34, 33, 33))


def _reviews(reading: Reading) -> list[Block]:
    heading = Heading(reading.words("reviews"))
    return [heading, *(review_act(reading, one) for one in reading["reviews"])]


def _comments(reading: Reading) -> list[Block]:
    words = reading.words
    blocks: list[Block] = [Heading(words("comments"))]
    if not reading["comments"]:
        return [*blocks, Text(words("no_comments"))]
    for one in reading["comments"]:
        place = reading.place(one["question"], one["group"]) or words("the_form")
        day = reading.day(one["at"])
        label = words("comment_on", name=one["name"], place=place, day=day)
        blocks.append(Quote(one["body"], label))
        blocks += [_reply(reading, reply) for reply in one["replies"]] or [Text(words("no_reply"))]
    return blocks


def _reply(reading: Reading, reply: Record) -> Quote:
    day = reading.day(reply["at"])
    return Quote(reply["body"], reading.words("reply_by", name=reply["name"], day=day))


def _flags(reading: Reading) -> Block:
    words = reading.words
    flags = tuple(words(f"f_{flag}") for flag in reading["flags"])
    return Bullets(flags) if flags else Text(words("no_flags"))


def _since(reading: Reading) -> list[Block]:
    """Tell what differs from the signed version before."""
    words, changes = reading.words, reading["changes"]
    if not changes:
        return []
    rows = tuple(
        (
            "\n".join(
                part for part in (f"{one['question']}. {one['short']}", one["group_label"]) if part
            ),
            reading.in_text(one["before"]) or words("not_answered"),
            reading.in_text(one["after"]) or words("not_answered"),
        )
        for one in changes["answers"]
    )
    name, summary = changes["since"], changes["summary"]
    title = words("since", name=name)
    lead = words("since_outcome", name=name, outcome=changes["outcome"], summary=summary)
    heads = (words("question"), words("before"), words("now"))
    return [
        Heading(title),
        Text(lead.strip()),
        Table(title, heads, rows, (24, 38, 38)) if rows else Text(words("no_changes")),
    ]


def _again(reading: Reading) -> list[Block]:
    """Tell which review asked for it, and what the readings showed then."""
    words, again = reading.words, reading.record.get("again")
    if not again:
        return []
    day, number = reading.day(again["held_on"]), again["number"]
    doubts = tuple(_doubt(reading, one, number) for one in again["doubts"])
    shown: list[Block] = [Text(words("again_showed")), Bullets(doubts)] if doubts else []
    return [
        Heading(words("again")),
        Text(words("again_decided", day=day, name=again["who"], number=number)),
        Quote(again["notes"]),
        *shown,
    ]


def _doubt(reading: Reading, doubt: Record, number: int) -> str:
    words = reading.words
    said = {name: doubt[name] for name in ("name", "said", "measure", "shows")}
    told = (
        words("again_said", number=number, **said)
        if doubt["said"]
        else f"{doubt['name']}. {doubt['why']} {doubt['shows']}".strip()
    )
    return f"{told} {words('again_answer', text=doubt['answer'])}" if doubt["answer"] else told


def _record(reading: Reading) -> str:
    if "publication" in reading.record:
        return reading.words("pub_record_lead")
    return reading.words(
        "record_lead", count=len(reading["events"]), seq=reading["chain_head"]["seq"]
    )
