"""Several imports, corrections and undoings at the same moment: one live reading, all told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from eqia.domain.errors import Refusal
from eqia.domain.readings import Figure
from eqia.persistence.database import make_session
from eqia.persistence.tables import (
    ImportBatchRow,
    ImportFileRow,
    ImportUndoRow,
    MeasureRow,
    PlanRow,
    ReadingRow,
)
from eqia.services import events, import_files, imports, readings
from tests.services.test_imports import FIRST, SECOND, Team

AT_ONCE = 4


@pytest.fixture
def team(database_engine):
    with make_session(database_engine) as session:
        team = Team(session)
        team.engine = database_engine
        yield team


def at_once(team, acts):
    """Do acts in sessions of their own at the same time; give each result, refusals as words."""
    by, plan_id = team.by(), team.plan.id
    team.session.commit()

    def one(act):
        with make_session(team.engine) as session:
            plan = session.get_one(PlanRow, plan_id)
            try:
                act(session, {**by, "plan": plan})
            except Refusal as refusal:
                return refusal.message
            return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def taking(team, opened, seen):
    file_id, measure_id = opened.row.id, team.measure.id

    def act(session, by):
        file = session.get_one(ImportFileRow, file_id)
        measure = session.get_one(MeasureRow, measure_id)
        found = import_files.open_file(session, measure, file)
        imports.confirm(session, **by, opened=found, yes=imports.Yes(seen))

    return act


def correcting(team, place, number):
    quarter, member = place
    entry = readings.Entry(quarter, (Figure(member, number, 100),), why="Counted again.")
    entry = replace(entry, agreed=entry.mark)
    measure_id = team.measure.id
    return lambda session, by: readings.add_readings(
        session, **by, measure_id=measure_id, entry=entry
    )


def undoing(team, batch_id):
    measure_id = team.measure.id
    return lambda session, by: imports.undo(session, **by, measure_id=measure_id, batch_id=batch_id)


def looked_at(team, numbers):
    opened = team.opened(numbers)
    seen = import_files.preview(team.session, opened, **team.by()).mark
    return opened, seen


def count(team, table):
    return team.session.scalar(select(func.count(table.id)))


def test_four_clicks_take_a_file_in_once(team):
    opened, seen = looked_at(team, {FIRST: 10, SECOND: 20})
    found = at_once(team, [taking(team, opened, seen)] * AT_ONCE)
    # Who comes last may find the file emptied already.
    assert set(found) <= {"done", import_files.TAKEN}
    assert "done" in found
    assert count(team, ImportBatchRow) == 1
    assert team.live() == {FIRST: 10, SECOND: 20}
    assert events.verify(team.session) is None


def test_of_several_files_for_one_place_one_is_taken_in(team):
    files = [looked_at(team, {FIRST: number}) for number in range(AT_ONCE)]
    found = at_once(team, [taking(team, *one) for one in files])
    assert found.count("done") == 1
    assert found.count(imports.OVERTAKEN) == AT_ONCE - 1
    assert count(team, ReadingRow) == 1


def test_a_correction_and_an_undoing_never_leave_two(team):
    batch = team.take({FIRST: 10})
    found = at_once(team, [undoing(team, batch.id), correcting(team, FIRST, 11)])
    assert found[1] == "done"
    # Whichever came first: the correction stands alone, or on an import that stays.
    assert team.live() == {FIRST: 11}
    assert (found[0] == "done") == (count(team, ImportUndoRow) == 1)


def test_four_undoings_are_one(team):
    batch = team.take({FIRST: 10})
    assert at_once(team, [undoing(team, batch.id)] * AT_ONCE) == ["done"] * AT_ONCE
    assert count(team, ImportUndoRow) == 1
    assert team.live() == {}
