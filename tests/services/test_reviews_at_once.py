"""Several clicks and several people at the same moment: one result, and everybody is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from eqia.domain.errors import Refusal
from eqia.domain.reviews import Signing, Weight
from eqia.persistence.database import make_session
from eqia.persistence.queries import reviews as queries
from eqia.persistence.tables import ReceiptRow, RecordRow, ScreeningRow
from eqia.services import events, reviews
from tests.review_world import open_world

AT_ONCE = 4


@pytest.fixture
def world(database_engine):
    with make_session(database_engine) as session:
        world = open_world(session).submit()
        world.engine = database_engine
        yield world


def at_once(world, act, count=AT_ONCE):
    """Do an act in several sessions at the same time; give each result, refusals as words."""
    screening_id = world.screening.id

    def one(number):
        with make_session(world.engine) as session:
            screening = session.get_one(ScreeningRow, screening_id)
            try:
                act(session, screening, number)
            except Refusal as refusal:
                return refusal.message
            return "done"

    world.session.commit()
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_four_clicks_on_confirm_are_one_confirmation(world):
    by = {"actor": world.reviewer, "now": world.at}
    found = at_once(
        world, lambda s, row, _: reviews.confirm(s, **by, screening=row, token="same-click")
    )
    assert found == ["done"] * AT_ONCE
    assert len(queries.acts(world.session, world.screening)) == 1
    assert events.verify(world.session) is None


def test_of_two_reviewers_at_once_one_is_told(world):
    people = [world.reviewer, world.second]

    def act(session, row, number):
        given = {"actor": people[number], "now": world.at, "screening": row}
        if number:
            reviews.raise_outcome(session, **given, outcome="full", reason="It is wider.")
        else:
            reviews.confirm(session, **given, token="one-of-two")

    found = at_once(world, act, 2)
    assert found.count("done") == 1
    assert len(queries.acts(world.session, world.screening)) == 1


def test_four_clicks_on_sign_are_one_record(world):
    world.confirm()
    world.read()
    digest, approver = world.screening.content_digest, world.approver
    weight = Weight("Shorter waits.", "None seen.", "Nobody is worse off.")
    signing = Signing(digest, ("need_a", "need_b", "need_c"), weight)

    def act(session, row, _):
        given = {"actor": approver, "now": world.at, "screening": row}
        reviews.sign_off(session, **given, signing=signing, token="sign-once")

    found = at_once(world, act)
    assert found.count("done") == AT_ONCE
    assert world.session.query(RecordRow).count() == 1


def test_four_receipts_of_one_person_are_one(world):
    world.confirm()
    digest, approver = world.screening.content_digest, world.approver

    def act(session, row, _):
        given = {"actor": approver, "now": world.at, "screening": row}
        reviews.give_receipt(session, **given, digest=digest)

    assert at_once(world, act) == ["done"] * AT_ONCE
    assert world.session.query(ReceiptRow).count() == 1
