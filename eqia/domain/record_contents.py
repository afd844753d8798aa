"""A record in reading order: what the page and the PDF both print, from its JSON alone."""

from collections.abc import Callable
from dataclasses import replace

from eqia.domain.record_acts import due_regard, sign_offs
from eqia.domain.record_annex import annex
from eqia.domain.record_blocks import Contents, Section
from eqia.domain.record_details import answers, evidence, groups, law, verify
from eqia.domain.record_publication import publication
from eqia.domain.record_reading import Reading, Record
from eqia.domain.record_report import report
from eqia.domain.record_summary import summary
from eqia.domain.record_why import conditions, outcome_and_why
from eqia.domain.record_words import Words

#: documents.md section 2, in its order
SECTIONS: tuple[Callable[[Reading], Section], ...] = (
    summary,
    outcome_and_why,
    conditions,
    due_regard,
    sign_offs,
    groups,
    answers,
    evidence,
    law,
    verify,
)


def contents(record: Record) -> Contents:
    """Put a stored record in the order it is read."""
    words = Words(record["language"])
    reading = Reading(record, words)
    # Numbered before the report goes in, so that section 7 holds the answers in every record.
    sections = [replace(make(reading), number=n) for n, make in enumerate(SECTIONS, 1)]
    if reading.table("report"):
        sections.insert(SECTIONS.index(groups), report(reading))
    if record.get("plan"):
        sections.append(annex(reading))
    public = "publication" in record
    if public:
        sections.insert(1, publication(reading))
    return Contents(
        language=record["language"],
        name=record["name"],
        title=words("title", project=record["project"]["title"]),
        organisation=record["organisation"]["name"],
        kind=words("pub_kind" if public else "kind"),
        status=words("signed"),
        index=words("contents"),
        sections=tuple(sections),
    )
