"""Imports as acts: chains of imports, corrections by hand and undoings, on both databases."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from eqia.domain.exported_readings import TEMPLATE
from eqia.domain.imports import previews
from eqia.domain.imports.layouts import Layout
from eqia.domain.people import MemberRole
from eqia.domain.periods import Period
from eqia.domain.readings import Figure
from eqia.persistence.queries import measures as queries
from eqia.persistence.queries.plans import LIVE
from eqia.persistence.tables import (
    EventRow,
    ImportBatchRow,
    ImportFileRow,
    ImportLayoutRow,
    ImportUndoRow,
    ReadingRow,
)
from eqia.services import import_files, imports, readings
from eqia.services.import_files import Sent
from tests.builders import NOW, acting, make_person
from tests.plan_builders import make_measure, make_plan, make_version, person_of

QUARTERS = [
    Period(date(2026, 1, 1), date(2026, 3, 31)),
    Period(date(2026, 4, 1), date(2026, 6, 30)),
]
# Two groups, of which neither is a part of the other: any number fits beside any.
MEMBERS = ("65_plus", "under_65")
LABELS = {"": "Everybody", "65_plus": "65 and over", "under_65": "Under 65"}
PLACES = [(quarter, member) for quarter in QUARTERS for member in MEMBERS]


@dataclass
class Team:
    """A plan with one measure, and somebody who acts on it."""

    session: object
    moves: int = 0
    plan: object = field(init=False)
    measure: object = field(init=False)
    version: object = field(init=False)
    actor: object = field(init=False)

    def __post_init__(self):
        self.plan = make_plan(self.session)
        days = {"frequency": "quarter", "first_period": date(2026, 1, 1)}
        self.measure = make_measure(self.session, plan=self.plan, **days)
        self.version = make_version(self.session, plan=self.plan, measure=self.measure)
        self.actor = acting(
            person_of(self.session, self.plan), projects={self.plan.project_id: MemberRole.LEAD}
        )

    def by(self):
        self.moves += 1
        return {"actor": self.actor, "now": NOW + timedelta(minutes=self.moves)}

    def opened(self, numbers, **more):
        """Send our own form with a number for some places, up to the preview."""
        rows = [
            f"{self.measure.id},{quarter.start},{quarter.end},,{LABELS[member]},{n},100,,,,,"
            for (quarter, member), n in numbers.items()
        ]
        text = "\n".join([",".join(TEMPLATE), *rows])
        sent = Sent(more.get("name", "visits.csv"), text.encode())
        row = import_files.send(
            self.session, **self.by(), plan=self.plan, measure_id=self.measure.id, sent=sent
        )
        opened = import_files.open_file(self.session, self.measure, row)
        import_files.begin(self.session, **self.by(), opened=opened, kind="own", sheet="")
        return opened

    def confirm(self, opened, seen=None, why="Counted again.", **said):
        found = import_files.preview(self.session, opened, **self.by())
        yes = imports.Yes(found.mark if seen is None else seen, why, **said)
        return imports.confirm(
            self.session,
            **self.by(),
            plan=self.plan,
            opened=opened,
            yes=yes,
        )

    def take(self, numbers):
        return self.confirm(self.opened(numbers))

    def undo(self, batch_id):
        imports.undo(
            self.session,
            **self.by(),
            plan=self.plan,
            measure_id=self.measure.id,
            batch_id=batch_id,
        )

    def correct(self, place, number):
        quarter, member = place
        entry = readings.Entry(quarter, (Figure(member, number, 100),), why="Counted again.")
        entry = replace(entry, agreed=entry.mark)
        return readings.add_readings(
            self.session, **self.by(), plan=self.plan, measure_id=self.measure.id, entry=entry
        )

    def live(self):
        rows = self.session.scalars(
            select(ReadingRow).where(ReadingRow.version_id == self.version.id, LIVE)
        ).all()
        found = {(Period(r.period_start, r.period_end), r.member): r.numerator for r in rows}
        assert len(found) == len(rows), "two live readings in one place"
        return found


@pytest.fixture
def team(database_session):
    return Team(database_session)


FIRST, SECOND = PLACES[0], PLACES[1]


def test_an_import_is_one_act_with_one_event(team):
    batch = team.take({FIRST: 10, SECOND: 20})
    assert (batch.added, batch.corrected, batch.unchanged) == (2, 0, 0)
    assert team.live() == {FIRST: 10, SECOND: 20}
    event = team.session.scalars(select(EventRow).order_by(EventRow.seq.desc())).first()
    assert event.action == "plan.readings_imported"
    assert {row.import_batch_id for row in team.session.scalars(select(ReadingRow))} == {batch.id}


def test_the_same_again_changes_nothing(team):
    team.take({FIRST: 10})
    with pytest.raises(Invalid, match="there already"):
        team.take({FIRST: 10})
    assert team.session.scalar(select(func.count(ReadingRow.id))) == 1


def test_only_what_differs_is_corrected(team):
    team.take({FIRST: 10, SECOND: 20})
    batch = team.take({FIRST: 11, SECOND: 20})
    assert (batch.added, batch.corrected, batch.unchanged) == (0, 1, 1)
    assert team.live() == {FIRST: 11, SECOND: 20}


def test_a_file_is_taken_in_once_however_often_it_is_asked(team):
    opened = team.opened({FIRST: 10})
    seen = import_files.preview(team.session, opened, **team.by()).mark
    batch = team.confirm(opened, seen)
    assert team.confirm(opened, seen).id == batch.id
    assert team.session.scalar(select(func.count(ImportBatchRow.id))) == 1
    assert opened.row.content == b""
    with pytest.raises(Conflict, match="taken in already"):
        import_files.open_file(team.session, team.measure, opened.row)


def test_what_changed_since_it_was_looked_at_is_told_first(team):
    opened = team.opened({FIRST: 10})
    seen = import_files.preview(team.session, opened, **team.by()).mark
    team.correct(FIRST, 9)
    with pytest.raises(Conflict):
        team.confirm(opened, seen)
    assert team.live() == {FIRST: 9}
    assert team.confirm(opened).corrected == 1


def test_one_row_that_cannot_be_read_keeps_all_out(team):
    opened = team.opened({FIRST: 10, SECOND: 101})
    with pytest.raises(Invalid, match="Some rows cannot be read"):
        team.confirm(opened)
    assert team.live() == {}
    assert team.session.scalar(select(func.count(ImportBatchRow.id))) == 0


def test_more_readings_than_are_taken_in_at_once_are_refused(team, monkeypatch):
    monkeypatch.setattr(previews, "MOST_CHANGES", 1)
    with pytest.raises(Invalid, match="or fewer at once"):
        team.take({FIRST: 10, SECOND: 20})
    assert team.take({FIRST: 10}).added == 1


def test_a_file_that_corrects_says_why_once_for_all_it_replaces(team):
    team.take({FIRST: 10, SECOND: 20})
    opened = team.opened({FIRST: 11, SECOND: 20, PLACES[2]: 5})
    with pytest.raises(Invalid, match="Say why the figures are corrected"):
        team.confirm(opened, why=" ")
    assert team.live() == {FIRST: 10, SECOND: 20}
    team.confirm(opened, why="The clinic counted again.")
    told = {row.numerator: row.why for row in team.session.scalars(select(ReadingRow))}
    assert told == {10: "", 20: "", 11: "The clinic counted again.", 5: ""}
    event = team.session.scalars(select(EventRow).order_by(EventRow.seq.desc())).first()
    assert "why" in event.payload["texts"]


def test_an_undone_import_leaves_the_reading_entered_by_hand(team):
    team.correct(FIRST, 9)
    batch = team.take({FIRST: 10, SECOND: 20})
    team.undo(batch.id)
    assert team.live() == {FIRST: 9}
    team.undo(batch.id)
    assert team.session.scalar(select(func.count(ImportUndoRow.id))) == 1


def test_a_reading_is_entered_by_hand_where_an_import_was_undone(team):
    team.undo(team.take({FIRST: 10}).id)
    team.correct(FIRST, 12)
    assert team.live() == {FIRST: 12}
    team.undo(team.take({FIRST: 13}).id)
    team.correct(FIRST, 14)
    assert team.live() == {FIRST: 14}


def test_the_same_file_can_come_again_after_it_was_undone(team):
    for _ in range(3):
        batch = team.take({FIRST: 10})
        assert team.live() == {FIRST: 10}
        team.undo(batch.id)
        assert team.live() == {}
    found = team.session.scalars(select(ReadingRow.after_undone)).all()
    assert sorted(found) == [0, 1, 2]


def test_an_import_that_corrections_build_on_stays(team):
    batch = team.take({FIRST: 10, SECOND: 20})
    team.correct(SECOND, 21)
    with pytest.raises(Conflict, match="build on this import"):
        team.undo(batch.id)
    assert team.live() == {FIRST: 10, SECOND: 21}


def test_an_import_is_undone_from_the_measure_it_is_of(team):
    batch = team.take({FIRST: 10})
    other = make_measure(team.session, plan=team.plan)
    with pytest.raises(NotFound):
        imports.undo(
            team.session, **team.by(), plan=team.plan, measure_id=other.id, batch_id=batch.id
        )


def test_only_the_team_imports_and_only_while_the_plan_is_open(team):
    opened = team.opened({FIRST: 10})
    lead, team.actor = team.actor, acting(make_person(team.session))
    with pytest.raises(NotAllowed):
        team.confirm(opened)
    team.actor = lead
    batch = team.confirm(opened)
    team.plan.status = "closed"
    team.session.commit()
    with pytest.raises(NotAllowed):
        team.undo(batch.id)
    with pytest.raises(NotAllowed):
        team.opened({SECOND: 10})


def test_limits_and_notes_are_kept_and_a_silent_file_leaves_them(team):
    opened = team.opened({FIRST: 10})
    row = opened.sheets[0].lines[0][1]
    said = (*row[:8], "9.876543210987654", "10.5", "", "By hand")
    sheet = type(opened.sheets[0])("", opened.sheets[0].headings, ((2, said),))
    team.confirm(replace(opened, sheets=(sheet,)))
    (kept,) = team.session.scalars(select(ReadingRow))
    assert (str(kept.lower), str(kept.upper), kept.comment) == (
        *("9.876543210987654", "10.5", "By hand"),
    )
    with pytest.raises(Invalid, match="there already"):
        team.take({FIRST: 10})


def test_how_a_kind_was_read_is_kept_for_one_person_and_measure(team):
    opened = team.opened({FIRST: 10})
    layout = Layout(kind="plain", columns={"period": "period_start"}, by="category")
    for _ in range(2):
        import_files.say(team.session, **team.by(), opened=opened, layout=layout)
    kept = team.session.scalars(
        select(ImportLayoutRow).where(ImportLayoutRow.kind == "plain")
    ).all()
    assert [Layout.from_json(row.layout) for row in kept] == [layout]
    again = team.opened({SECOND: 5})
    asked = import_files.begin(team.session, **team.by(), opened=again, kind="plain", sheet="")
    assert asked.given.columns == {"period": "period_start"}


def test_files_left_lying_are_cleared_away(team):
    team.opened({FIRST: 10})
    team.moves += 60 * 25
    team.opened({FIRST: 11})
    assert team.session.scalar(select(func.count(ImportFileRow.id))) == 1


@dataclass
class Model:
    """What should be live: for each place a pile of (number, import), the undone ones taken off."""

    piles: dict = field(default_factory=dict)

    def live(self):
        return {place: pile[-1][0] for place, pile in self.piles.items() if pile}

    def put(self, numbers, batch):
        changed = {p: n for p, n in numbers.items() if self.live().get(p) != n}
        for place, number in changed.items():
            self.piles.setdefault(place, []).append((number, batch))
        return changed

    def may_undo(self, batch):
        return all(batch not in [of for _, of in pile[:-1]] for pile in self.piles.values() if pile)

    def undo(self, batch):
        self.piles = {
            place: [one for one in pile if one[1] != batch] for place, pile in self.piles.items()
        }


_NUMBERS = st.integers(0, 3)
_ACTS = st.one_of(
    st.tuples(
        st.just("import"),
        st.dictionaries(st.sampled_from(PLACES), _NUMBERS, min_size=1, max_size=4),
    ),
    st.tuples(st.just("correct"), st.tuples(st.sampled_from(PLACES), _NUMBERS)),
    st.tuples(st.just("undo"), st.integers(0, 9)),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(_ACTS, min_size=1, max_size=9))
def test_whatever_is_imported_corrected_and_undone_one_reading_is_live(database_session, acts):
    team, model, batches = Team(database_session), Model(), []
    for act, what in acts:
        if act == "import":
            _import(team, model, batches, what)
        elif act == "correct":
            place, number = what
            team.correct(place, number)
            model.put({place: number}, None)
        elif batches:
            _undo(team, model, batches[what % len(batches)])
        assert team.live() == model.live()
    view = queries.views_of(team.session, [team.measure])[team.measure.id]
    assert len(view.readings) == len(model.live())


def _import(team, model, batches, numbers):
    opened = team.opened(numbers)
    found = import_files.preview(team.session, opened, **team.by())
    changed = {p: n for p, n in numbers.items() if model.live().get(p) != n}
    assert found.changes == len(changed)
    assert len(found.unchanged) == len(numbers) - len(changed)
    if not changed:
        with pytest.raises(Invalid):
            team.confirm(opened)
        return
    batch = team.confirm(opened)
    model.put(numbers, batch.id)
    batches.append(batch.id)


def _undo(team, model, batch_id):
    if model.may_undo(batch_id):
        team.undo(batch_id)
        model.undo(batch_id)
    else:
        with pytest.raises(Conflict):
            team.undo(batch_id)
