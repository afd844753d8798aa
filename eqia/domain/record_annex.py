"""The annex of a record: the plan that was there when it was signed, its measures and charts."""

from collections.abc import Iterator, Sequence

from eqia.domain.frozen_charts import thaw
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
from eqia.domain.suppression import STATE_TEXTS, State

#: so many periods stand under a chart, so many measures and gaps in words: a record stays
#: under sixty pages (documents.md section 12), and its JSON holds the rest
_MOST_ROWS, _MOST_MEASURES, _MOST_GAPS = 13, 5, 3


def annex(reading: Reading) -> Section:
    """Give the thread from finding to reading, as it stood at the sign-off."""
    words = reading.words
    blocks = [
        Text(words("annex_lead")),
        *thread(reading),
        *measures(reading),
        Text(rules(reading)),
    ]
    return Section("annex", words("annex"), tuple(blocks))


def thread(reading: Reading) -> list[Block]:
    """Give what was found, what is done about it, and the reviews."""
    plan = reading["plan"]
    about = Facts(tuple(_about(reading, plan)))
    blocks: list[Block] = [about, *_threads(reading, plan), *_reviews(reading, plan)]
    if not reading.record.get("printed"):
        # Paper of the day tells both of them first.
        blocks += [*_moves(reading, plan.get("moves", [])), *_untold(reading, plan)]
    return blocks


def rules(reading: Reading) -> str:
    """Name the rules by which charts and gaps are read."""
    plan = reading["plan"]
    said = {"name": plan["rule_set"], "version": plan["rule_set_version"]}
    return reading.words("annex_rules", **said)


def _about(reading: Reading, plan: Record) -> Iterator[tuple[str, str]]:
    words = reading.words
    facts = (
        ("annex_aim", plan["aim"]),
        ("annex_plan_lead", plan["lead"]),
        ("annex_sponsor", plan["sponsor"]),
        ("annex_status", plan["status"]),
        ("annex_change_start", reading.day(plan["change_start"])),
        ("next_review", reading.day(plan["next_review"])),
        ("annex_coverage", plan["coverage"]),
    )
    yield from ((words(key), value) for key, value in facts if value)


def _threads(reading: Reading, plan: Record) -> list[Block]:
    words = reading.words
    blocks: list[Block] = [Heading(words("annex_thread"))]
    if not plan["findings"]:
        blocks.append(Text(words("annex_no_finding")))
    for finding in plan["findings"]:
        title = f"{finding['label']}: {finding['effect']}"
        blocks.append(Heading(title, 4))
        blocks += [Quote(finding["statement"])] if finding["statement"] else []
        if finding["no_action"]:
            blocks.append(Quote(finding["no_action"], words("annex_no_action")))
        blocks += [Facts(tuple(_action(reading, one))) for one in finding["actions"]]
        if not finding["actions"] and not finding["no_action"]:
            blocks.append(Text(words("annex_nothing_done")))
    return blocks


def _action(reading: Reading, action: Record) -> Iterator[tuple[str, str]]:
    words = reading.words
    facts = (
        ("annex_action", action["title"]),
        ("annex_why", action["reason"]),
        ("owner", action["owner"]),
        ("due", reading.day(action["due"])),
        ("state", _state(reading, action)),
        ("annex_done", reading.day(action["done"])),
        ("annex_outcome", action["outcome"]),
        ("annex_unmeasurable", action["unmeasurable"]),
        ("annex_measured_by", "\n".join(action["measures"])),
    )
    yield from ((words(key), value) for key, value in facts if value)


def _state(reading: Reading, action: Record) -> str:
    status: str = action["status"]
    return reading.words("annex_late", state=status) if action.get("late") else status


def _reviews(reading: Reading, plan: Record) -> list[Block]:
    words = reading.words
    if not plan["reviews"]:
        return [Heading(words("annex_reviews")), Text(words("annex_no_review"))]
    blocks: list[Block] = [Heading(words("annex_reviews"))]
    for one in plan["reviews"]:
        blocks.append(Quote(one["notes"], _held(reading, one)))
        if "again" in one:
            blocks.append(Text(_again(reading, one["again"])))
        for name, asked, said in one.get("answers", []):
            blocks.append(Quote(f"{asked}\n{said}", words("annex_answered", name=name)))
        blocks.append(Text(words("annex_then", words=one["coverage"])))
    return blocks


def _held(reading: Reading, review: Record) -> str:
    """Say when a review was held, what it decided, and who kept it."""
    day, decision = reading.day(review["held_on"]), review["decision"]
    if not review.get("who"):
        return f"{day}: {decision}"
    return reading.words("annex_held", day=day, decision=decision, who=review["who"])


def _again(reading: Reading, again: Record) -> str:
    key = "annex_again_by" if again["due"] else "annex_again"
    return reading.words(key, who=again["by"], day=reading.day(again["due"]))


def _moves(reading: Reading, moves: Sequence[Record]) -> list[Block]:
    """Say when and why the plan was paused, gone on with or closed, the last time first."""
    words = reading.words
    told = [
        Quote(
            "\n".join(
                [
                    one["reason"],
                    *([words("annex_keeper", who=one["keeper"])] if one["keeper"] else []),
                ]
            ),
            words("annex_move", state=one["status"], day=reading.day(one["on"]), who=one["who"]),
        )
        for one in moves
    ]
    return [Heading(words("annex_moves")), *told] if told else []


def _untold(reading: Reading, plan: Record) -> list[Block]:
    """Name those of whom the annex cannot say whether they give concern."""
    words, named = reading.words, tuple(plan.get("untold", []))
    if not named:
        return []
    return [Heading(words("annex_untold")), Text(words("annex_untold_why")), Bullets(named)]


def measures(reading: Reading) -> list[Block]:
    """Give each measure, as many as fit."""
    every = reading["plan"]["measures"]
    blocks = [block for one in every[:_MOST_MEASURES] for block in _measured(reading, one)]
    more = len(every) - _MOST_MEASURES
    return [*blocks, Text(_elsewhere(reading, "annex_more", more))] if more > 0 else blocks


def _elsewhere(reading: Reading, key: str, count: int) -> str:
    """Say how much more there is, and where."""
    where = "annex_in_service" if reading.record.get("printed") else "annex_in_json"
    return reading.words(key, count=count, where=reading.words(where))


def _measured(reading: Reading, measure: Record) -> list[Block]:
    """Give a measure: what it counts, before and now, its charts with their figures, its gaps."""
    words = reading.words
    heads = (words("group"), words("annex_baseline"), words("annex_latest"))
    compared = tuple(tuple(row) for row in measure["compared"])
    known, targets = measure["known_for"], tuple(_targets(reading, measure))
    blocks = [
        Heading(words("annex_measure", title=" ".join(measure["title"].split()))),
        Facts(tuple((label, text) for label, text in measure["definition"])),
        Table(words("annex_compared"), heads, compared, (32, 24, 44)),
        Text(_baseline(reading, measure["baseline"])),
        Text(known) if known else None,
        Text(f"{measure['hidden']} {words('annex_star')}", "note"),
        Bullets(targets) if targets else Text(words("annex_no_target")),
        *(block for chart in measure["charts"] for block in _chart(reading, chart)),
        *_changes(reading, measure.get("changes", [])),
        *_gaps(reading, measure),
    ]
    return list(listed(blocks))


def _baseline(reading: Reading, kept: Record | None) -> str:
    if kept is None:
        return reading.words("annex_no_baseline")
    days = reading.day(kept["from"]), reading.day(kept["to"])
    said = reading.words("annex_baseline_is", first=days[0], last=days[1], state=kept["state"])
    return f"{said} {kept['note']}".strip()


def _targets(reading: Reading, measure: Record) -> Iterator[str]:
    for one in measure["targets"]:
        by = reading.words("annex_by", day=reading.day(one["by"])) if one["by"] else ""
        yield f"{one['group']}: {one['value']}, {one['kind'].lower()}{by}"


def _chart(reading: Reading, chart: Record) -> list[Block]:
    """Follow a chart with its figures, the latest periods of them."""
    words = reading.words
    if all(row[1] == STATE_TEXTS[State.MASKED] for row in chart["rows"]):
        # A drawing without a point, and a column of stars, say no more than this.
        told = words("annex_all_hidden", first=chart["rows"][0][0], last=chart["rows"][-1][0])
        return [Heading(words("annex_chart", label=chart["label"]), 4), Text(told)]
    heads = (words("annex_period"), words("annex_figure"), words("annex_counted"))
    rows = [tuple(row) for row in chart["rows"][-_MOST_ROWS:]]
    stands_out = any(row[3] for row in rows)
    wide = (*heads, words("annex_stands_out"))
    table = (
        Table(chart["label"], wide, tuple(rows), (26, 18, 20, 36))
        if stands_out
        else Table(chart["label"], heads, tuple(row[:3] for row in rows), (40, 30, 30))
    )
    more = len(chart["rows"]) - len(rows)
    return [
        Heading(words("annex_chart", label=chart["label"]), 4),
        Picture(thaw(chart)),
        *([Bullets(tuple(chart["warnings"]))] if chart["warnings"] else []),
        table,
        *([Text(_elsewhere(reading, "annex_earlier", more))] if more else []),
    ]


def _changes(reading: Reading, changes: Sequence[Record]) -> list[Block]:
    """Give what people changed on the charts, why, and what these said before."""
    words = reading.words
    told = [
        (
            ", ".join(part for part in (one["what"], one["when"], one["group"]) if part),
            [one["reason"], words("annex_before", words=one["before"]) if one["before"] else ""],
        )
        for one in changes
    ]
    quotes = [Quote("\n".join(filter(None, lines)), label) for label, lines in told]
    return [Heading(words("annex_changes"), 4), *quotes] if quotes else []


def _gaps(reading: Reading, measure: Record) -> list[Block]:
    words, kept = reading.words, measure["gap_chart"]
    told: list[Block] = [Quote(text, pair) for pair, text in measure["gaps"][:_MOST_GAPS]]
    if kept is None:
        return told
    heads = (words("group"), words("annex_gap"), words("annex_limits"), words("annex_sure"))
    rows = tuple(
        (group, f"{gap} {unit}".strip(), f"{low} / {high}" if low else "", sure)
        for group, _, gap, low, high, unit, sure in kept["rows"]
    )
    table = Table(words("annex_gaps"), heads, rows, (28, 30, 22, 20))
    return [Heading(words("annex_gaps"), 4), Picture(thaw(kept)), table, *told]
