"""A definition that changes: asked first, and nothing that stood on it is lost."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from eqia.domain.errors import Invalid
from eqia.domain.measure_versions import ASKS
from eqia.domain.measures import Baseline, members_from
from eqia.persistence.queries import measure_versions as versions
from eqia.persistence.queries import measures as queries
from eqia.persistence.tables import EventRow
from eqia.services import measures
from tests.services.test_plans import (
    QUARTERS,
    ROUTINE,
    SHARE,
    by,
    define,
    opened,
    read,
    signed_world,
)

JAN_TO_JUNE = Baseline(QUARTERS[0].start, QUARTERS[1].end, "agreed")
OTHER_WORDS = replace(SHARE, numerator="Visits that were missed")


class Case:
    """A measure with a quarter read and a baseline."""

    def __init__(self, session):
        self.world = signed_world(session)
        self.session = session
        self.plan = opened(self.world)
        self.measure = define(self.world, self.plan)
        self.there = {"plan": self.plan, "measure_id": self.measure.id}
        read(self.world, self.plan, self.measure, QUARTERS[0], ("", 30, 200))
        self.baseline(JAN_TO_JUNE)

    def baseline(self, wanted):
        measures.set_baseline(self.session, **by(self.world), **self.there, baseline=wanted)

    def change(self, definition=SHARE, change="", reason="", routine=ROUTINE):
        said = {"change": change, "reason": reason}
        place = {"measure_id": self.measure.id, "version": self.measure.version}
        defined = measures.Defined(routine, definition, **place, **said)
        measures.define(self.session, **by(self.world), plan=self.plan, defined=defined)

    @property
    def version(self):
        return queries.version_of(self.session, self.measure)

    @property
    def view(self):
        return queries.views_of(self.session, [self.measure])[self.measure.id]


@pytest.fixture
def case(session):
    return Case(session)


def refused(case, *args, **kwargs):
    with pytest.raises(Invalid) as found:
        case.change(*args, **kwargs)
    case.session.expire_all()
    (problem,) = found.value.problems
    assert found.value.code == ASKS
    return problem


def test_another_word_is_asked_about_before_anything_changes(case):
    problem = refused(case, OTHER_WORDS)
    assert problem.field == "change"
    assert problem.message.startswith("Say whether it counts the same thing in other words")
    assert (case.version.number, len(case.view.readings)) == (1, 1)


def test_the_same_in_other_words_goes_on_and_keeps_what_it_said(case):
    case.change(OTHER_WORDS, change="same")
    assert case.version.number == 1
    assert case.view.definition.numerator == "Visits that were missed"
    assert (len(case.view.readings), case.view.baseline.state) == (1, "agreed")
    (told,) = versions.wordings_of(case.session, case.version)
    assert (told.at, told.who) == (case.world.at, case.world.lead.name)
    (change,) = told.changes
    assert (change.label, change.before, change.after) == (
        "What is counted",
        "Visits missed",
        "Visits that were missed",
    )
    logged = case.session.scalars(
        select(EventRow).where(EventRow.action == "plan.measure_reworded")
    ).one()
    assert logged.payload["definition"] == 1
    # And back again: still the same series.
    case.change(SHARE, change="same")
    assert (case.version.number, len(case.view.readings)) == (1, 1)
    assert len(versions.wordings_of(case.session, case.version)) == 2


def test_something_else_needs_a_reason_and_leaves_the_earlier_series_to_be_read(case):
    assert refused(case, OTHER_WORDS, change="other", reason=" ").field == "reason"
    case.change(OTHER_WORDS, change="other", reason="Rung-off visits count too.")
    assert (case.version.number, case.view.readings) == (2, ())
    (earlier,) = versions.earlier_of(case.session, case.measure)
    assert (earlier.row.number, earlier.reason) == (1, "Rung-off visits count too.")
    assert (earlier.until, earlier.who) == (case.world.at, case.world.lead.name)
    assert earlier.stands.words == ("1 reading, Q4 of 2025/26", "the baseline")


@pytest.mark.parametrize(
    "changed",
    [
        {"shape": "rate", "per": 1000},
        {"direction": "up"},
        {"members": members_from(["Under 65", "65 to 74", "75 and over"])},
        {"reference": "65_and_over"},
    ],
)
def test_what_is_no_matter_of_words_can_only_be_something_else(case, changed):
    problem = refused(case, replace(SHARE, **changed), change="same")
    assert "starts a new series" in problem.message
    case.change(replace(SHARE, **changed), change="other", reason="We meant this.")
    assert case.version.number == 2


def test_other_periods_start_a_new_series_and_are_asked_about_as_well(case):
    monthly = replace(ROUTINE, frequency="month", first_period=QUARTERS[1].start)
    assert "starts a new series" in refused(case, routine=monthly).message
    case.change(routine=monthly, change="other", reason="We look every month.")
    assert case.version.number == 2


def test_comparing_for_the_first_time_goes_on(session):
    case = Case(session)
    case.change(replace(SHARE, reference=""), change="other", reason="Not compared.")
    read(case.world, case.plan, case.measure, QUARTERS[0], ("", 30, 200))
    case.change(SHARE, change="same")
    assert (case.version.number, len(case.view.readings)) == (2, 1)


def test_where_nothing_stands_nothing_is_asked(session):
    world = signed_world(session)
    plan = opened(world)
    measure = define(world, plan)
    define(world, plan, definition=OTHER_WORDS)
    assert queries.version_of(session, measure).number == 2


def test_no_earlier_figures_is_not_said_where_an_earlier_version_has_them(case):
    none = replace(JAN_TO_JUNE, state="none_earlier", note="We did not count before.")
    case.change(OTHER_WORDS, change="other", reason="Rung-off visits count too.")
    with pytest.raises(Invalid) as found:
        case.baseline(none)
    (problem,) = found.value.problems
    assert problem.field == "state"
    assert "version 1 of this measure was read for Q4 of 2025/26" in problem.message
    case.baseline(replace(none, state="provisional"))
