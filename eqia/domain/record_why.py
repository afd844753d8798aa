"""Why a record came out as it did, and what was promised with it."""

from collections.abc import Iterator

from eqia.domain.record_blocks import (
    Block,
    Bullets,
    Facts,
    Heading,
    Quote,
    Section,
    Table,
    Text,
    listed,
)
from eqia.domain.record_reading import Reading, Record
from eqia.domain.record_summary import review_day

_CHANGING = ("raise", "propose_lowering", "agree_lowering")


def outcome_and_why(reading: Reading) -> Section:
    """Give both outcomes, who changed it and why, and every reason with its answers."""
    words, outcome = reading.words, reading["outcome"]
    blocks = [
        Facts(
            (
                (words("confirmed_outcome"), outcome["confirmed"]["label"]),
                (words("calculated_outcome"), outcome["calculated"]["label"]),
                (words("what_it_means"), outcome["confirmed"]["consequence"]),
            )
        ),
        *_changed(reading),
        Heading(words("rigour")),
        Text(words("rigour_lead")),
        _reasons(reading),
        *_duties(reading),
        *_would_change(reading),
        *_stopped(reading),
        *_eqia(reading),
    ]
    return Section("outcome", words("outcome_why"), listed(blocks))


def _changed(reading: Reading) -> list[Block]:
    words, outcome = reading.words, reading["outcome"]
    acts = [one for one in reading["reviews"] if one["kind"] in _CHANGING]
    if not acts:
        return [Text(words("same_outcome"))]
    same = outcome["confirmed"]["id"] == outcome["calculated"]["id"]
    return [
        Text(words("same_outcome" if same else "other_outcome")),
        *(review_act(reading, one) for one in acts),
    ]


def review_act(reading: Reading, act: Record) -> Quote:
    """Tell one act of a reviewer in their words, under who, what and when."""
    words, labels = reading.words, reading["outcome"]["labels"]
    label = words(
        "act_by", act=words(f"r_{act['kind']}"), name=act["name"], day=reading.day(act["at"])
    )
    outcome = labels.get(act["outcome"], act["outcome"])
    lines = (
        words("to_outcome", outcome=outcome) if outcome else "",
        words("act_proposed", name=act["proposed_by"]) if act["proposed_by"] else "",
        words("back_by", day=reading.day(act["due"])) if act["due"] else "",
        act["reason"],
        words("evidence_given", text=act["evidence"]) if act["evidence"] else "",
    )
    return Quote("\n".join(line for line in lines if line), label)


def _reasons(reading: Reading) -> Table:
    words, labels = reading.words, reading["outcome"]["labels"]
    rows = tuple(
        (
            reason["rule"],
            f"{reason['text']}\n{words('calls_for', outcome=labels[reason['outcome']])}",
            _cited(reading, reason["answers"]),
        )
        for reason in reading["outcome"]["reasons"]
    )
    heads = (words("rule"), words("reason"), words("answers_behind"))
    return Table(words("reasons"), heads, rows, (13, 44, 43))


def _cited(reading: Reading, answers: list[Record]) -> str:
    """List the answers behind a reason; groups that gave the same one are named together."""
    named: dict[tuple[str, str], list[str]] = {}
    for cited in answers:
        place = (cited["question"], _answer_words(reading, cited))
        named.setdefault(place, [])
        if cited["group"]:
            named[place].append(reading.group_label(cited["group"]))
    return "\n".join(
        f"{question} ({', '.join(groups)}): {answer}" if groups else f"{question}: {answer}"
        for (question, answer), groups in named.items()
    )


def _answer_words(reading: Reading, cited: Record) -> str:
    for question in reading.every_question():
        if question["id"] != cited["question"]:
            continue
        for entry in question["entries"]:
            if entry["group"] == cited["group"]:
                text = reading.in_text(entry["answer"]).replace("\n", "; ")
                return reading.day(text) if len(text) <= _SHORT else f"{text[:_SHORT]}…"
    return ""


#: An open text behind a reason is quoted this far; the whole of it stands in section 7.
_SHORT = 160


def _duties(reading: Reading) -> list[Block]:
    raised = tuple(duty["requires"] for duty in reading["outcome"]["duties"])
    return [Heading(reading.words("duties")), Bullets(raised)] if raised else []


def _would_change(reading: Reading) -> list[Block]:
    changes = tuple(change["text"] for change in reading["outcome"]["what_would_change"])
    return [Heading(reading.words("would_change")), Bullets(changes)] if changes else []


def _stopped(reading: Reading) -> list[Block]:
    stopped, words = reading["stopped"], reading.words
    if not stopped:
        return []
    still_open = _still_open(reading)
    blocks: list[Block] = [
        Heading(words("stopped")),
        Text(words("stopped_lead", day=reading.day(stopped["at"]))),
        Quote(stopped["reason"], words("why")),
    ]
    if still_open:
        blocks.append(Facts(((words("still_open"), ", ".join(still_open)),)))
    return blocks


def _still_open(reading: Reading) -> list[str]:
    """Name the blank questions, and for how many groups each."""
    blank: dict[str, list[str]] = {}
    for one in reading["outcome"]["unanswered"]:
        groups = blank.setdefault(one["question"], [])
        groups += [reading.group_label(one["group"])] if one["group"] else []
    return [
        f"{question} ({reading.words('some_groups', count=len(groups))})"
        if len(groups) > _NAMED
        else reading.place(question, None) + (f" ({', '.join(groups)})" if groups else "")
        for question, groups in blank.items()
    ]


#: More groups than this are counted, not named.
_NAMED = 3


def _eqia(reading: Reading) -> list[Block]:
    words, eqia = reading.words, reading["eqia"]
    if not reading["outcome"]["confirmed"]["opens_eqia"]:
        return []
    blocks: list[Block] = [Heading(words("eqia")), Text(words("eqia_needed"))]
    if not eqia:
        return [*blocks, Facts(((words("eqia_status"), words("eqia_not_started")),))]
    rows = (
        (words("reference"), eqia["reference"]),
        (words("eqia_link"), eqia["link"]),
        (words("eqia_status"), words(f"eqia_{eqia['status']}")),
        (words("eqia_approved_by"), _approval(reading, eqia)),
        (words("eqia_stated"), _stated(reading, eqia)),
    )
    return [*blocks, Facts(tuple(row for row in rows if row[1]))]


def _stated(reading: Reading, eqia: Record) -> str:
    """Give an earlier date that somebody stated, once a reviewer accepted it, and on what."""
    if not eqia["accepted_by"]:
        return ""
    accepted = reading.words(
        "accepted_by", name=eqia["accepted_by"], day=reading.day(eqia["accepted_at"])
    )
    parts = (
        reading.day(eqia["stated_date"]),
        eqia["stated_document"],
        eqia["stated_reason"],
        accepted,
    )
    return "\n".join(part for part in parts if part)


def _approval(reading: Reading, eqia: Record) -> str:
    if not eqia["approved_by"]:
        return ""
    day = reading.day(eqia["approved_at"])
    return reading.words("name_on", name=eqia["approved_by"], day=day)


def conditions(reading: Reading) -> Section:
    """Give every promise: when it is looked at again, measures, actions and what to find out."""
    words = reading.words
    triggers = reading.text_of("review_triggers").replace("\n", "; ")
    facts = [(words("next_review"), review_day(reading) or words("no_review"))]
    if triggers:
        facts.append((words("sooner_if"), triggers))
    blocks = [
        Heading(words("continuing")),
        Text(words("continuing_lead")),
        Facts(tuple(facts)),
        *_measures(reading),
        *_group_actions(reading),
        *_to_find_out(reading),
    ]
    return Section("conditions", words("conditions_measures"), listed(blocks))


def _measures(reading: Reading) -> list[Block]:
    words, rows = reading.words, reading.rows("measures")
    blocks: list[Block] = [Heading(words("measures"))]
    for number, row in enumerate(rows, 1):
        blocks.append(Facts(row, words("measure", number=number)))
    blocks += _supplied(reading)
    return blocks if len(blocks) > 1 else [*blocks, Text(words("no_measures"))]


def _supplied(reading: Reading) -> list[Block]:
    """Give the measure that the approver set, where the form asked for none."""
    words, supplied = reading.words, reading["sign_off"]["supplied"]
    rows = (
        (words("measure_what"), supplied.get("measure", "")),
        (words("owner"), supplied.get("owner", "")),
        (words("due"), reading.day(supplied.get("due"))),
    )
    given = tuple(row for row in rows if row[1])
    return [Facts(given, words("measure_supplied"))] if given else []


def _group_actions(reading: Reading) -> list[Block]:
    words = reading.words
    together: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for plan, label in [*_plans_by_group(reading), *_plans_for_all(reading)]:
        together.setdefault(plan, []).append(label)
    heading = Heading(words("group_actions"))
    if not together:
        return [heading, Text(words("no_group_actions"))]
    return [heading, *(Facts(plan, ", ".join(groups)) for plan, groups in together.items())]


Plan = tuple[tuple[str, str], ...]


def _plans_by_group(reading: Reading) -> Iterator[tuple[Plan, str]]:
    for one in reading["findings"]:
        for group in one["groups"]:
            parts = group.get("action") or ()
            if parts:
                plan = tuple((part["label"], reading.day(part["value"])) for part in parts)
                yield plan, group["label"]


def _plans_for_all(reading: Reading) -> Iterator[tuple[Plan, str]]:
    """Find the plan of a form that asks for one for everybody."""
    for question in reading.questions("mitigation"):
        for entry in question["entries"]:
            if entry["answer"] and not entry["group"]:
                yield reading.row(question, entry["answer"][0]), reading.words("everybody")


def _to_find_out(reading: Reading) -> list[Block]:
    words = reading.words
    rows = tuple(
        (
            action["text"],
            action["owner"] or words("not_given"),
            reading.day(action["due"], words("not_given")),
            _state(reading, action),
        )
        for action in reading["evidence_actions"]
    )
    if not rows:
        return [Heading(words("to_find_out")), Text(words("nothing_to_find_out"))]
    still_open = any(not action["done_at"] for action in reading["evidence_actions"])
    title = words("to_find_out" if still_open else "found_out")
    heads = (words("find_out"), words("owner"), words("due"), words("state"))
    return [Heading(title), Table(title, heads, rows, (34, 18, 17, 31))]


def _state(reading: Reading, action: Record) -> str:
    if not action["done_at"]:
        return reading.words("open")
    done, finding = reading.day(action["done_at"]), action["finding"]
    return reading.words("done_on", day=done, finding=finding).strip()
