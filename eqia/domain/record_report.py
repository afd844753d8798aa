"""The report that a nation's own regulations ask for, under their five headings."""

from eqia.domain.record_blocks import Block, Bullets, Heading, Quote, Section, Text, listed
from eqia.domain.record_reading import Reading, Record, gathered


def report(reading: Reading) -> Section:
    """Give purpose, steps, information, results and decisions (SI 2011/1064 reg 8(2)).

    Under each heading the team's own words come first, where the form asked for them.
    """
    words = reading.words
    blocks: list[Block] = [Text(words("reg8_lead"))]
    questions = reading.table("report")
    # In the order of the regulations: canonical JSON sorts the table by name.
    for heading, facts in _FACTS.items():
        said = reading.answer_to(questions.get(heading, ""))
        blocks.append(Heading(words(f"reg8_{heading}")))
        blocks += [Quote(said)] if said else []
        blocks += facts(reading)
    return Section("report", words("reg8"), listed(blocks))


def _purpose(_reading: Reading) -> list[Block]:
    return []


def _when(reading: Reading) -> dict[str, str]:
    """Say when each thing happened, or that it is planned."""
    return {entry["what"]: reading.when(entry) for entry in reading["timeline"]}


def _steps(reading: Reading) -> list[Block]:
    when = _when(reading)
    steps = reading.words(
        "steps_taken",
        screened=when["screened"],
        submitted=when["submitted"],
        reviewers=reading.reviewers(),
        signed=when["signed"],
    )
    asked = [
        Quote(reading.in_text(question["entries"][0]["answer"]), question["text"])
        for question in reading.questions("involvement")
        if question["entries"]
    ]
    return [Text(steps), *(quote for quote in asked if quote.text)]


def _information(reading: Reading) -> list[Block]:
    sources = tuple(_source(reading, one) for one in reading["evidence"])
    return [Bullets(sources) if sources else Text(reading.words("no_information"))]


def _source(reading: Reading, one: Record) -> str:
    kind, day = reading.words(f"k_{one['kind']}"), reading.day(one["dated"])
    return f"{one['title']} ({', '.join(part for part in (kind, day) if part)})"


def _results(reading: Reading) -> list[Block]:
    """Give the outcome, and the groups by how they fare."""
    effects = gathered(
        (group["label"], group.get("effect") or "")
        for one in reading["findings"]
        for group in one["groups"]
    )
    lines = tuple(f"{effect}: {groups}" for groups, effect in effects)
    outcome = Text(reading["outcome"]["confirmed"]["label"])
    return [outcome, Bullets(lines)] if lines else [outcome]


def _decisions(reading: Reading) -> list[Block]:
    words = reading.words
    sentence = words(
        "decision_taken",
        approver=reading.signer(),
        outcome=reading["outcome"]["confirmed"]["label"],
        decision=_when(reading).get("decided", words("not_yet")),
    )
    return [Text(sentence)]


_FACTS = {
    "purpose": _purpose,
    "steps": _steps,
    "information": _information,
    "results": _results,
    "decisions": _decisions,
}
