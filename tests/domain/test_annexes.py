"""The annex of a record is frozen as it was, from figures that may leave the team."""

import io
import json
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from eqia.documents import checking
from eqia.documents.records import render
from eqia.domain.adjustments import Adjustment
from eqia.domain.annexes import MOST_CHARTS, MOST_GROUPS, Measured, annex_of
from eqia.domain.frozen_charts import freeze, thaw
from eqia.domain.measure_gaps import gaps_drawn
from eqia.domain.measure_series import chart_of
from eqia.domain.measures import Baseline, Definition, Member, Target
from eqia.domain.periods import Period
from eqia.domain.pictures import MeasureView
from eqia.domain.published_readings import published
from eqia.domain.readings import Figure, Reading
from eqia.domain.record_annex import annex
from eqia.domain.record_blocks import Bullets, Facts, Picture, Quote, Table, Text
from eqia.domain.record_reading import Reading as Record
from eqia.domain.record_words import Words
from eqia.domain.records import as_plain, record_of
from eqia.domain.standings import CLOSE
from tests.documents.rich import longest

MONTHS = [Period(date(2025, m, 1), date(2025, m, 28)) for m in range(1, 13)]
MONTHS += [Period(date(2026, m, 1), date(2026, m, 28)) for m in range(1, 13)]
PLAN = {
    "aim": "Fewer missed visits.",
    "lead": "",
    "sponsor": "",
    "status": "Open",
    "change_start": None,
    "next_review": date(2027, 2, 1),
    "coverage": "1 of 1",
    "findings": [
        {
            "label": "Age",
            "effect": "Small harm",
            "statement": "It is further.",
            "no_action": "",
            "actions": [],
        }
    ],
    "reviews": [],
}


def measured(groups=2, months=MONTHS, small=False):
    members = tuple(Member(f"g{at}", f"Group {at}") for at in range(groups))
    definition = Definition(
        shape="proportion",
        numerator="Visits missed",
        denominator="Visits booked",
        direction="down",
        members=members,
        reference="g0",
    )
    readings = tuple(
        Reading(period, Figure(one.code, 3 if small else 20 + at * 7, 90), date(2027, 1, 1))
        for period in months
        for at, one in enumerate(members)
    )
    (view,) = published(
        [
            MeasureView(
                id="1",
                title="Missed visits",
                definition=definition,
                baseline=Baseline(MONTHS[0].start, MONTHS[2].end, "agreed"),
                targets=(Target("", "level", 10, date(2025, 1, 1), date(2026, 12, 31)),),
                readings=readings,
            )
        ]
    )
    return Measured(view, 2, "Booking system")


def frozen(*measures):
    """As it comes back from the stored record."""
    return json.loads(json.dumps(as_plain(annex_of(PLAN, measures))))


def section(kept, language="en"):
    return annex(Record({"plan": kept}, Words(language)))


def test_a_chart_comes_back_mark_by_mark():
    view = measured().view
    for chart in (chart_of(view, "g1").chart, gaps_drawn(view).chart):
        once = thaw(json.loads(json.dumps(freeze(chart))))
        assert freeze(once) == freeze(chart)
        assert (once.headline, once.description) == (chart.headline, chart.description)
        assert [type(mark) for mark in once.marks] == [type(mark) for mark in chart.marks]


def test_each_chart_is_followed_by_its_figures():
    blocks = section(frozen(measured())).blocks
    pictures = [at for at, block in enumerate(blocks) if isinstance(block, Picture)]
    assert len(pictures) == 3
    for at in pictures:
        assert any(isinstance(block, Table) for block in blocks[at + 1 : at + 3])


@pytest.mark.parametrize("language", ["en", "cy"])
def test_what_it_says(language):
    blocks = section(frozen(measured()), language).blocks
    said = " ".join(block.text for block in blocks if isinstance(block, Text))
    assert "Making Data Count" in said
    assert "mdc-2.5-2023-11" in said
    tables = [row for block in blocks if isinstance(block, Table) for row in block.rows]
    latest = "about 28% (25 of 90), 1 December 2026 to 28 December 2026"
    assert ("Group 1", "about 28%", f"{latest}. {CLOSE}") in tables


def test_hidden_figures_are_in_no_part_of_it():
    kept = frozen(measured(small=True))
    assert "3 of 90" not in json.dumps(kept)
    assert "hidden, small number" in json.dumps(kept)


def test_a_series_hidden_from_end_to_end_is_told_in_a_sentence():
    blocks = section(frozen(measured(small=True))).blocks
    assert [type(block).__name__ for block in blocks].count("Picture") == 1
    hidden = [
        block.text for block in blocks if isinstance(block, Text) and "is hidden" in block.text
    ]
    assert len(hidden) == 2


def test_a_record_stays_short_and_its_json_is_whole():
    kept = frozen(*[measured(9) for _ in range(14)])
    charts = [len(one["charts"]) for one in kept["measures"]]
    # Three groups and the gaps, twice: everybody together was not read here.
    assert 2 * (MOST_GROUPS + 1) == MOST_CHARTS
    assert charts == [MOST_GROUPS] * 2 + [0] * 12
    assert all(len(one["readings"]) == len(MONTHS) for one in kept["measures"])
    blocks = section(kept).blocks
    said = [block.text for block in blocks if isinstance(block, Text)]
    assert "9 more measures are in the JSON file of this record." in said
    assert "11 earlier periods are in the JSON file of this record." in said
    assert max(len(block.rows) for block in blocks if isinstance(block, Table)) == 13


def test_the_longest_annex_is_under_sixty_pages_with_its_record():
    facts = replace(longest(), plan=annex_of(PLAN, [measured(9) for _ in range(14)]))
    pdf = render(record_of(facts))
    checking.check(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages) < 60


def test_changes_to_the_charts_are_kept_with_what_these_said_before():
    one = measured()
    change = Adjustment(
        *("recalculation", MONTHS[12].start, "g1", "A new clinic."), before="Group 1: No change."
    )
    changed = replace(one, view=replace(one.view, adjustments=(change,)))
    kept = json.loads(json.dumps(as_plain(annex_of(PLAN, [changed]))))
    section = annex(Record({"plan": kept}, Words("en")))
    (quote,) = [one for one in section.blocks if getattr(one, "text", "").startswith("A new")]
    assert quote.label == "New limits, 1 January 2026 to 28 January 2026, Group 1"
    assert quote.text == "A new clinic.\nBefore it, the chart said: Group 1: No change."
    assert "changes" not in annex_of(PLAN, [one])["measures"][0]


TOLD = {
    **PLAN,
    "findings": [
        {
            **PLAN["findings"][0],
            "actions": [
                {
                    "title": "Open on Saturdays",
                    "reason": "",
                    "owner": "Sam",
                    "due": "2026-05-01",
                    "status": "Open",
                    "done": None,
                    "outcome": "",
                    "unmeasurable": "",
                    "measures": [],
                    "late": True,
                }
            ],
        }
    ],
    "reviews": [
        {
            "held_on": "2026-11-24",
            "who": "Lee Lead",
            "decision": "Screen again",
            "notes": "More visits are missed.",
            "coverage": "0 of 1",
            "again": {"by": "Asha", "due": "2026-12-01"},
            "answers": [["Missed visits", "The gap is wider.", "Buses stopped."]],
        }
    ],
    "moves": [
        {
            "status": "Paused",
            "on": "2026-06-01",
            "who": "Lee Lead",
            "reason": "The clinic is shut.",
            "keeper": "Ward 3",
        }
    ],
    "untold": ["Missed visits: 65 and over"],
}


def lines(plan, **more):
    kept = json.loads(json.dumps(as_plain({**frozen(), **plan})))
    blocks = annex(Record({"plan": kept, **more}, Words("en"))).blocks
    found = []
    for block in blocks:
        if isinstance(block, Facts):
            found += [f"{label}: {text}" for label, text in block.rows]
        elif isinstance(block, Bullets):
            found += block.items
        elif isinstance(block, Quote):
            found.append(f"{block.label} | {block.text}")
        elif isinstance(block, Text):
            found.append(block.text)
    return found


def test_it_tells_what_was_overdue_who_held_reviews_moved_the_plan_and_who_is_hidden():
    said = lines(TOLD)
    moved = "The clinic is shut.\nLooks after what goes on: Ward 3"
    for words in (
        "State: Open, overdue",
        "24 November 2026: Screen again, kept by Lee Lead | More visits are missed.",
        "The next version is started by Asha, by 1 December 2026.",
        "Answered: Missed visits | The gap is wider.\nBuses stopped.",
        f"Paused from 1 June 2026, by Lee Lead | {moved}",
        "Missed visits: 65 and over",
    ):
        assert words in said, (words, said)


def test_what_is_printed_tells_moves_and_who_is_hidden_once_and_first():
    said = lines(TOLD, printed=True)
    assert not [one for one in said if "The clinic is shut" in one or "65 and over" in one]
    assert "State: Open, overdue" in said


def test_a_record_of_before_says_no_more_than_it_did():
    review = {"held_on": "2026-11-24", "decision": "Go on", "notes": "Well.", "coverage": "1 of 1"}
    said = lines({**PLAN, "reviews": [review]})
    assert "24 November 2026: Go on | Well." in said
    assert not [one for one in said if "kept by" in one or "overdue" in one]
