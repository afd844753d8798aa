"""The full detail of a record: groups, answers, evidence, law, and how to check it."""

from eqia.domain.record_blocks import (
    Block,
    Facts,
    Heading,
    Quote,
    Section,
    Table,
    Text,
    listed,
)
from eqia.domain.record_reading import Reading, Record, gathered
from eqia.domain.records import canonical, digest, in_blocks
from eqia.domain.seals import seal_in


def groups(reading: Reading) -> Section:
    """Give how each group fares, protected groups first and apart from local ones."""
    blocks: list[Block] = []
    for one in sorted(reading["findings"], key=lambda found: not found["protected"]):
        blocks += _group_list(reading, one)
    return Section("groups", reading.words("groups"), tuple(blocks))


def _group_list(reading: Reading, one: Record) -> list[Block]:
    words = reading.words
    title = one["label"]
    if not one["protected"] and words("not_protected").lower() not in title.lower():
        title = f"{title} ({words('not_protected')})"
    names = ", ".join(group["label"] for group in one["groups"])
    if not one["asked_by_group"]:
        return [Heading(title), Text(words("not_by_group", groups=names))]
    if not any(group.get("effect") or group.get("required") for group in one["groups"]):
        return [Heading(title), Text(words("folded", groups=names))]
    heads = (words("group"), words("effect"), words("based_on"))
    rows = tuple(_group_row(reading, group) for group in one["groups"])
    reasons = gathered((group["label"], group.get("reason") or "") for group in one["groups"])
    table = Table(title, heads, rows, (36, 32, 32))
    if not any(row[2] for row in rows):
        # A form that does not ask what an answer rests on has no column for it.
        table = Table(title, heads[:2], tuple(row[:2] for row in rows), (50, 50))
    blocks: list[Block] = [Heading(title), table]
    if reasons:
        blocks.append(Heading(words("what_happens"), 4))
        blocks += [Quote(text, labels) for labels, text in reasons]
    return blocks


def _group_row(reading: Reading, group: Record) -> tuple[str, str, str]:
    words = reading.words
    if not group["asked"]:
        return group["label"], group["not_asked"] or words("not_asked"), ""
    if not group["effect"]:
        missing = "not_answered" if group["required"] else "not_answered_optional"
        return group["label"], words(missing), ""
    effect = group["effect"]
    if group["direction"]:
        # Words, never colour alone (documents.md section 2).
        effect = f"{effect} ({words('d_' + group['direction'])})"
    return group["label"], effect, "\n".join(group["basis"])


def answers(reading: Reading) -> Section:
    """Give every question that was asked, with its id and its answer."""
    words = reading.words
    blocks: list[Block] = [Text(words("answers_lead"))]
    for section in reading["sheet"]:
        blocks.append(Heading(section["title"]))
        short: list[tuple[str, str]] = []
        for question in section["questions"]:
            if _is_short(reading, question):
                answer = _text(reading, question, question["entries"][0])
                short.append((reading.numbered(question), answer))
                continue
            blocks += _answer_table(reading, short)
            short = []
            blocks.append(Heading(reading.numbered(question), 4))
            blocks += _question(reading, question)
        blocks += _answer_table(reading, short)
    return Section("answers", words("answers"), tuple(blocks))


#: Beyond this an answer is set on the full width of the page.
_SHORT = 120


def _is_short(reading: Reading, question: Record) -> bool:
    """Whether question and answer fit side by side."""
    if not question["required"] and not any(entry["answer"] for entry in question["entries"]):
        return True
    if question["columns"] or any(entry["group"] for entry in question["entries"]):
        return False
    return len(reading.in_text(question["entries"][0]["answer"])) <= _SHORT


def _answer_table(reading: Reading, rows: list[tuple[str, str]]) -> list[Block]:
    words = reading.words
    heads = (words("question"), words("answer"))
    caption = words("question_answer")
    return [Table(caption, heads, tuple(rows), (62, 38))] if rows else []


def _question(reading: Reading, question: Record) -> list[Block]:
    if question["columns"]:
        return _rows(reading, question)
    words = reading.words
    entries = [
        (entry["group_label"], _text(reading, question, entry)) for entry in question["entries"]
    ]
    if not any(label for label, _ in entries):
        return [Quote(text) for _, text in entries]
    together = gathered(entries)
    if all(len(text) <= _SHORT for _, text in together):
        heads = (words("groups"), words("answer"))
        return [Table(reading.numbered(question), heads, tuple(together), (62, 38))]
    return [Quote(text, labels) for labels, text in together]


def _text(reading: Reading, question: Record, entry: Record) -> str:
    text = reading.in_text(entry["answer"])
    if question["type"] == "date":
        text = reading.day(text)
    return text or _missing(reading, question)


def _missing(reading: Reading, question: Record) -> str:
    """Say that there is no answer: never a blank, never a "no"."""
    return reading.words("not_answered" if question["required"] else "not_answered_optional")


def _rows(reading: Reading, question: Record) -> list[Block]:
    """Give a table answer as stacked rows: more than four columns do not fit a page."""
    words = reading.words
    blocks: list[Block] = []
    blank = []
    for entry in question["entries"]:
        rows = [reading.row(question, cells) for cells in entry["answer"] or ()]
        if not any(rows):
            blank.append(entry["group_label"])
        for number, row in enumerate(rows, 1):
            blocks.append(Facts(row, entry["group_label"] or words("row", number=number)))
    if blank:
        blocks.append(Quote(_missing(reading, question), ", ".join(filter(None, blank))))
    return blocks


def evidence(reading: Reading) -> Section:
    """Give every source with its date and the groups it covers, and what is missing."""
    words = reading.words
    heads = (words("source"), words("dated"), words("covers"))
    rows = tuple(
        (
            _source(reading, one),
            reading.day(one["dated"], words("no_date")),
            ", ".join(one["group_labels"]) or words("none"),
        )
        for one in reading["evidence"]
    )
    lacking = ", ".join(reading["sources_missing"])
    gaps = reading.rows("gaps")
    asked = any(one["asked_by_group"] for one in reading["findings"])
    covered = words("no_source_for", groups=lacking) if lacking else words("every_source")
    blocks = [
        Table(words("evidence"), heads, rows, (46, 20, 34)) if rows else Text(words("no_evidence")),
        Text(covered) if asked else None,
        Heading(words("gaps")),
        *(Facts(row) for row in gaps),
        None if gaps else Text(words("no_gaps")),
    ]
    return Section("evidence", words("evidence"), listed(blocks))


def _source(reading: Reading, one: Record) -> str:
    parts = (one["title"], reading.words(f"k_{one['kind']}"), one["note"], one["link"])
    return "\n".join(part for part in parts if part)


def law(reading: Reading) -> Section:
    """Give the law with the day each reference was checked, and every version in play."""
    words, form, made = reading.words, reading["question_set"], reading["made_with"]
    heads = (words("law_ref"), words("law_note"), words("checked_on"))
    rows = tuple(
        (one["ref"], one["note"], reading.day(one["checked_on"])) for one in reading["law"]
    )
    # Acts are cited by their English names, whatever language the form is in.
    english = () if reading["language"] == "en" else ("en", "en", "")
    facts = (
        (words("form"), words("form_version", title=form["title"], version=form["version"])),
        (words("form_digest"), in_blocks(form["digest"])),
        (words("translation"), form["translation_status"]),
        (words("application"), made["application"]),
        (words("renderer"), made["renderer"]),
        (words("schema"), str(reading["schema"])),
    )
    blocks = [
        Text(words("law_lead")),
        Table(words("law"), heads, rows, (36, 39, 25), english) if rows else None,
        Facts(tuple(fact for fact in facts if fact[1])),
    ]
    return Section("law", words("law"), listed(blocks))


def verify(reading: Reading) -> Section:
    """Give the digest by which the record is known, and where to check it."""
    words, head, seal = reading.words, reading.record.get("chain_head"), seal_in(reading.record)
    sha256, public = digest(canonical(reading.record)), "publication" in reading.record
    facts = (
        (words("pub_digest" if public else "record_digest"), in_blocks(sha256)),
        (words("chain_head"), _head(reading, head) if head else ""),
        (words("where_to_check"), reading["address"]),
        (words("check_file"), reading.record.get("verify_address", "")),
        (words("seal"), words(f"seal_{seal.kind}", name=seal.name)),
        (words("seal_fingerprint"), in_blocks(seal.fingerprint)),
    )
    lead = words("pub_verify_lead" if public else "verify_lead")
    blocks = (Text(lead), Facts(tuple(fact for fact in facts if fact[1])))
    return Section("verify", words("verify"), blocks)


def _head(reading: Reading, head: Record) -> str:
    return reading.words("chain_value", seq=head["seq"], hash=in_blocks(head["hash"]))
