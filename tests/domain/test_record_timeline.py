"""The drawn timeline says whether the screening came before the decision, in marks and words."""

from __future__ import annotations

import pytest

from eqia.domain.charts import WIDTH, Line, Marker, Shape, Words
from eqia.domain.record_timeline import timeline_chart
from eqia.domain.record_words import Words as Wording

EN, CY = Wording("en"), Wording("cy")


def entry(what, day, *, planned=False):
    return {"what": what, "on": day, "who": "", "planned": planned}


def story(*, signed="2026-03-10", decided="2026-06-30", planned=True):
    days = [
        entry("screened", "2026-03-02"),
        {"what": "submitted", "at": "2026-03-05T10:00:00Z", "who": "", "planned": False},
        entry("read", signed),
        entry("read", signed),
        entry("signed", signed),
        *([entry("decided", decided, planned=planned)] if decided else []),
        entry("review_due", "2027-06-30", planned=True),
    ]
    return sorted(days, key=lambda one: one.get("on") or one["at"][:10])


def texts(chart):
    return [mark.text for mark in chart.marks if isinstance(mark, Words)]


def shapes(chart):
    return [mark.shape for mark in chart.marks if isinstance(mark, Marker)]


@pytest.mark.parametrize(
    ("signed", "decided", "headline"),
    [
        ("2026-03-10", "2026-06-30", "Signed 112 days before the decision."),
        ("2026-06-29", "2026-06-30", "Signed one day before the decision."),
        ("2026-06-30", "2026-06-30", "Signed on the day of the decision."),
        ("2026-07-01", "2026-06-30", "Signed one day after the decision."),
        ("2026-07-30", "2026-06-30", "Signed 30 days after the decision."),
        ("2026-07-30", "", "No date of the decision was known when this was signed."),
    ],
)
def test_the_headline_says_how_long_before_or_after_the_decision(signed, decided, headline):
    assert timeline_chart(story(signed=signed, decided=decided), EN).headline == headline


def test_what_is_planned_is_a_ring_and_the_decision_a_diamond():
    found = shapes(timeline_chart(story(), EN))
    assert found == [Shape.DISC, Shape.DISC, Shape.DISC, Shape.DISC, Shape.DIAMOND, Shape.RING]


def test_what_came_after_the_decision_says_so_in_shape_and_words():
    late = timeline_chart(story(signed="2026-07-30", planned=False), EN)
    assert shapes(late).count(Shape.TRIANGLE) == 2
    assert texts(late).count("after the decision") == 2
    assert "Signed: 30 July 2026, after the decision" in late.description
    assert "after the decision" not in " ".join(texts(timeline_chart(story(), EN)))


def test_the_same_act_on_one_day_is_counted():
    assert "Read before signing (2)" in texts(timeline_chart(story(), EN))


def test_the_time_between_two_marks_is_named():
    found = texts(timeline_chart(story(), EN))
    assert [text for text in found if text.endswith(" later")] == [
        "3 days later",
        "5 days later",
        "4 months later",
        "12 months later",
    ]


def test_it_is_in_the_language_of_the_record():
    chart = timeline_chart(story(), CY)
    assert chart.headline == "Llofnodwyd 112 diwrnod cyn y penderfyniad."
    assert "2 Maw 2026" in texts(chart)


def test_nothing_is_drawn_outside_the_frame():
    chart = timeline_chart(story(signed="2026-07-30"), EN)
    for mark in chart.marks:
        if isinstance(mark, Line):
            assert min(mark.x1, mark.x2) >= 0
            assert max(mark.x1, mark.x2) <= WIDTH
            assert max(mark.y1, mark.y2) <= chart.height
        else:
            assert 0 < mark.x < WIDTH
            assert 0 < mark.y < chart.height
