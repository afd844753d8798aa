"""A plan in reading order, to be printed: what a record's annex would say of it today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from eqia.domain.record_annex import measures, rules, thread
from eqia.domain.record_blocks import Block, Contents, Section, Text
from eqia.domain.record_reading import Reading
from eqia.domain.record_times import in_words
from eqia.domain.record_words import Words

LANGUAGE = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the document is of."""

    name: str
    project: str
    organisation: str
    today: date


def contents(plan: Mapping[str, Any], heading: Heading) -> Contents:
    """Put a frozen plan in the order it is read: the thread, then each measure."""
    reading = Reading({"plan": plan, "printed": True}, Words(LANGUAGE))
    every: list[tuple[str, str, list[Block]]] = [
        ("plan", "The plan", thread(reading)),
        ("measures", "Measures", measures(reading)),
        ("rules", "How the figures are read", [Text(rules(reading))]),
    ]
    parts = [part for part in every if part[2]]
    return Contents(
        language=LANGUAGE,
        name=heading.name,
        title=f"Plan: {heading.project}",
        organisation=heading.organisation,
        kind="Plan and measures, small numbers hidden",
        status=f"as it stood on {in_words(heading.today, LANGUAGE)}",
        index="Contents",
        sections=tuple(
            Section(part_id, title, tuple(blocks), number)
            for number, (part_id, title, blocks) in enumerate(parts, 1)
        ),
    )
