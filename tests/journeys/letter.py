"""An invented proposal, answered in Welsh."""

from __future__ import annotations

from tests.journeys.readings import Reading

LETTER = Reading(
    facts="",
    set="wales-reg8",
    language="cy",
    published="",
    outcome="assessed_not_substantial",
    rules=["L4"],
    compare="",
    project={"title": "Llythyr apwyntiad cliriach", "summary": "Llythyr newydd i gleifion."},
    bodies={"bwrdd": "Bwrdd Iechyd Glan-y-llyn"},
    evidence=[{"kind": "views", "title": "Grŵp darllen cleifion", "note": "", "groups": ["age"]}],
    answers={
        "P1": "Bydd llythyrau apwyntiad yn fyrrach ac yn haws eu darllen.",
        "P2": ["change"],
        "P3": "options",
        "P3_date": "2027-06-30",
        "P3_who": "Bwrdd y gwasanaeth",
        "P4": "500-4999",
        "P5": "Cleifion sy'n cael llythyr.",
        "P6": ["bwrdd"],
        "P7": "dim",
        "W1": {"*": "none", "disability": "positive"},
        "W1E": {
            "disability": "Mae'r print yn fwy, ac mae fersiwn hawdd ei darllen ar gael.",
            "*": "Mae pawb yn cael yr un llythyr, yn yr iaith a ddewiswyd ganddynt.",
        },
        "W3": {"*": "none"},
        "W3E": {"*": "Mae'r llythyr yn Gymraeg ac yn Saesneg, ac nid yw'n costio dim."},
        "W4": "no",
        "W2": "involved",
        "W2_who": "Deuddeg claf mewn grŵp darllen.",
        "K1": [],
        "K2": [],
        "K3": "2027-12-01",
        "K3_triggers": ["complaint"],
    },
)
