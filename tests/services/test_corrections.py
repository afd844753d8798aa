"""A concern that a correction takes away stays until a review has looked at it."""

from datetime import date

import pytest
from sqlalchemy import select

from eqia.domain.periods import Period
from eqia.domain.readings import Figure
from eqia.domain.record_times import in_words
from eqia.persistence.tables import (
    ImportUndoRow,
    MeasureStandingRow,
    MeasureVersionRow,
    ReadingRow,
)
from eqia.services import readings, standings
from tests.builders import kept
from tests.plan_builders import make_batch, make_reading
from tests.services.test_adjustments import Case, review_of, worried

DECEMBER = Period(date(2024, 12, 1), date(2024, 12, 31))
WITHOUT = "Without the correction of 65 and over for December 2024, the gap between"


@pytest.fixture
def case(database_session):
    return Case(database_session)


def told(case, measure):
    row = case.session.scalars(
        select(MeasureStandingRow).where(MeasureStandingRow.measure_id == measure.id)
    ).one()
    case.session.refresh(row)
    return row


def correct(case, measure, count, **more):
    given = {**case.given(), "measure_id": measure.id}
    entry = readings.Entry(
        DECEMBER, (Figure("65_plus", count, 100),), why="A slip of the pen.", **more
    )
    readings.add_readings(case.session, **given, entry=entry)


def latest(case):
    return case.session.scalars(
        select(ReadingRow).where(
            ReadingRow.period_start == DECEMBER.start, ReadingRow.member == "65_plus"
        )
    ).first()


def test_it_stays_for_the_team_and_for_others_until_a_review_held_after_it(case):
    measure = worried(case)
    review_of(case, measure)
    case.world.later(days=1)
    # Answered, and yet what the review saw is not what the correction makes of it.
    correct(case, measure, 11)
    for said in (told(case, measure).exact, told(case, measure).published):
        assert WITHOUT in said["concern"][1]
        assert "a review has to look at this change." in said["concern"][1]
    assert told(case, measure).concern_since == case.world.at.date()
    review_of(case, measure)
    assert told(case, measure).exact["concern"] is None


def test_a_slip_corrected_on_the_day_it_was_entered_counts_for_nothing(case):
    measure = worried(case)
    assert told(case, measure).exact["concern"]
    # The reading was made at the moment of the builders; the same day is a slip.
    case.world.at = latest(case).created_at
    correct(case, measure, 11)
    assert told(case, measure).exact["concern"] is None


def test_several_corrected_on_one_day_are_told_together(case):
    measure = worried(case)
    case.world.later(days=1)
    correct(case, measure, 11)
    given = {**case.given(), "measure_id": measure.id}
    november = Period(date(2024, 11, 1), date(2024, 11, 30))
    entry = readings.Entry(november, (Figure("65_plus", 11, 100),), why="A slip of the pen.")
    readings.add_readings(case.session, **given, entry=entry)
    assert "Without the corrections of 2 readings on" in told(case, measure).exact["concern"][1]


def test_an_import_that_is_undone_silences_nothing_either(case):
    measure = worried(case)
    case.world.at = latest(case).created_at
    correct(case, measure, 11)
    version = case.session.get_one(MeasureVersionRow, latest(case).version_id)
    batch = make_batch(case.session, plan=case.plan, version=version)
    january = {"period_start": date(2025, 1, 1), "period_end": date(2025, 1, 31)}
    for member, count in (("65_plus", 60), ("under_65", 10)):
        given = {"member": member, "numerator": count, "import_batch_id": batch.id}
        make_reading(case.session, plan=case.plan, version=version, **january, **given)
    standings.refresh(case.session, measure)
    assert "clearly wider" in told(case, measure).exact["concern"][1]
    case.world.later(days=1)
    by = {"created_by": case.plan.created_by, "created_at": case.world.at}
    kept(case.session, ImportUndoRow(batch_id=batch.id, **by))
    standings.refresh(case.session, measure)
    said = f"Before an import was undone on {in_words(case.world.at.date())}, the gap between"
    assert said in told(case, measure).exact["concern"][1]
