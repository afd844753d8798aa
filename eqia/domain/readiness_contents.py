"""The readiness checklist in reading order, in the few blocks a document is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from eqia.domain.days import london_day
from eqia.domain.readiness import ANSWER_LABELS, NOTHING, Gate, Label, Part
from eqia.domain.readiness_sheets import Sheet
from eqia.domain.record_blocks import Block, Bullets, Contents, Facts, Section, Table, Text
from eqia.domain.record_times import in_words

LANGUAGE = "en"
FROM_DATA = "Answered from the screening and the plan. Nobody can tick it."
NO_ANSWER = "No answer yet"


@dataclass(frozen=True, slots=True)
class Signed:
    """Who answered a part, when, and whether they confirmed what the data suggested."""

    who: str
    at: datetime
    confirmed: bool = False

    @property
    def words(self) -> str:
        """Say so."""
        done = "Confirmed" if self.confirmed else "Answered"
        return f"{done} by {self.who} on {in_words(london_day(self.at), LANGUAGE)}"


Answered = Mapping[str, Signed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the document is of."""

    name: str
    project: str
    organisation: str
    today: date
    enforced: bool


def contents(sheet: Sheet, heading: Heading, answered: Answered) -> Contents:
    """Put a checklist in the order it is read: how it stands, each gate, the names that changed."""
    parts = [
        ("standing", "How it stands", tuple(_standing(sheet, heading))),
        *((gate.id, gate.title, _gate(sheet, gate, heading, answered)) for gate in _gates(sheet)),
        ("names", "Names that changed", (_names(sheet, heading.today),)),
    ]
    return Contents(
        language=LANGUAGE,
        name=heading.name,
        title=f"Ready to adopt and spread? {heading.project}",
        organisation=heading.organisation,
        kind="Readiness checklist",
        status=f"as it stood on {in_words(heading.today, LANGUAGE)}",
        index="Contents",
        sections=tuple(
            Section(part_id, title, blocks, number)
            for number, (part_id, title, blocks) in enumerate(parts, 1)
        ),
    )


def equality_words(sheet: Sheet, *, enforced: bool) -> str:
    """Say whether the equality gate is open, and what follows from it."""
    if not sheet.shut:
        if sheet.untold:
            return (
                "The equality items are settled as far as it can be told. Whether these give cause"
                f" for concern, nobody can say, as figures are hidden: {' | '.join(sheet.untold)}."
            )
        return "The equality items are settled."
    why = "; ".join(sheet.shut)
    follows = (
        "Until they are settled, the items on spread cannot be answered and the plan cannot be"
        " closed. Your organisation chose this."
        if enforced
        else "This is a warning. It stops nothing."
    )
    return f"The equality items are not settled: {why}. {follows}"


def _gates(sheet: Sheet) -> tuple[Gate, ...]:
    return sheet.checklist.gates


def _standing(sheet: Sheet, heading: Heading) -> Iterator[Block]:
    yield Facts(
        (
            ("Project", heading.project),
            ("Screening", heading.name),
            ("List", sheet.checklist.name),
            ("Settled", f"{sheet.settled} of {sheet.total}"),
        )
    )
    yield Text(equality_words(sheet, enforced=heading.enforced), kind="note")
    yield Table(
        caption="Each gate, and how it stands",
        heads=("Gate", "Settled", "To look at"),
        rows=tuple((one.gate.title, one.share, str(len(one.warnings))) for one in sheet.standings),
        widths=(60, 20, 20),
    )


def _gate(sheet: Sheet, gate: Gate, heading: Heading, answered: Answered) -> tuple[Block, ...]:
    standing = next(one for one in sheet.standings if one.gate is gate)
    rows = tuple(_row(sheet, part, heading.today, answered) for part in gate.parts)
    table = Table(gate.title, ("Item", "Answer", "What was said"), rows, (38, 17, 45))
    blocks: list[Block] = [Text(gate.intro), table]
    if standing.warnings:
        blocks += [Text(f"{standing.share} settled. To look at:"), Bullets(standing.lines)]
    else:
        blocks.append(Text(f"{standing.share} settled. Nothing is left to look at."))
    return tuple(blocks)


def _row(sheet: Sheet, part: Part, today: date, answered: Answered) -> tuple[str, str, str]:
    given = sheet.given.get(part.id, NOTHING)
    asked = f"{part.id} {sheet.checklist.say(f'{part.text} {part.help}'.strip(), today)}"
    label = ANSWER_LABELS.get(given.answer, NO_ANSWER)
    return asked, label, "\n".join(_said(sheet, part, answered))


def _said(sheet: Sheet, part: Part, answered: Answered) -> Iterator[str]:
    """Walk what stands beside an answer; for one from live data, what it rests on."""
    live = sheet.derived.get(part.id)
    if live is not None:
        yield live.words
        yield from live.lines
    if sheet.reads_only(part):
        yield FROM_DATA
        return
    given = sheet.given.get(part.id, NOTHING)
    for label, words in (
        ("", given.note),
        ("For whom: ", given.for_whom),
        ("Link: ", given.link),
        ("Seen to by: ", given.owner),
        ("Date: ", in_words(given.on, LANGUAGE) if given.on else ""),
    ):
        if words:
            yield f"{label}{words}"
    if part.id in answered:
        yield answered[part.id].words


def _names(sheet: Sheet, today: date) -> Table:
    rows = tuple(_named(label, today) for label in sheet.checklist.labels)
    heads = ("What", "Name now", "Names before", "Looked up")
    return Table("Names that changed", heads, rows, (28, 26, 26, 20))


def _named(label: Label, today: date) -> tuple[str, str, str, str]:
    def dated(name: str, since: date | None) -> str:
        return f"{name}, from {in_words(since, LANGUAGE)}" if since else name

    now = label.current(today)
    before = "; ".join(dated(one.name, one.since) for one in label.historic(today)) or "None"
    checked = in_words(label.as_at, LANGUAGE)
    return (
        label.what,
        dated(now.name, now.since),
        before,
        checked if label.verified else f"{checked}. To be checked",
    )
