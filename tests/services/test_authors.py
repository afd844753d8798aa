"""Whoever once sent a screening, or had a hand in what it says, neither reviews nor signs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eqia.domain.errors import NotAllowed
from eqia.domain.people import MemberRole, Role
from eqia.domain.screenings import Status
from eqia.persistence.queries import evidence as sources
from eqia.persistence.queries import screenings, start
from eqia.services import evidence, reviews
from eqia.services.screenings import stop_here, submit
from tests.builders import acting, make_member, make_person
from tests.review_world import FULL, World, open_world

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from eqia.domain.people import Person

pytestmark = pytest.mark.usefixtures("database_session")


def joined(world: World) -> Person:
    """A second lead, who is a reviewer and an approver too and has written nothing."""
    row = make_person(world.session, name="Jo Joined", roles=[Role.REVIEWER, Role.APPROVER])
    make_member(world.session, project=world.project, person=row, role=MemberRole.LEAD)
    roles = [Role.REVIEWER, Role.APPROVER]
    return acting(row, roles=roles, projects={world.project.id: MemberRole.LEAD})


def refused(world: World, person: Person) -> set[str]:
    """The codes with which the acts of a reviewer are refused to somebody."""
    codes = set()
    for act in (
        world.confirm,
        lambda actor: world.raise_outcome(actor=actor),
        lambda actor: world.propose(actor=actor),
        world.send_back,
        lambda actor: reviews.claim(world.session, **world.by(actor)),
    ):
        with pytest.raises(NotAllowed) as refusal:
            act(person)
        codes.add(refusal.value.code)
    return codes


def returned_after(world: World, person: Person) -> World:
    """Sent by one person, returned, changed and sent again by another."""
    submit(world.session, **world.by(person), token=world.token())
    world.later(hours=1).send_back()
    world.later(hours=1).submit_again()
    assert world.screening.submitted_by == world.lead.id != person.id
    return world


def test_whoever_sent_it_before_a_return_does_not_review_it(database_session: Session):
    world = open_world(database_session, form=FULL)
    person = joined(world)
    assert refused(returned_after(world, person), person) == {"author"}
    assert world.screening.status is Status.SUBMITTED


def test_whoever_sent_it_before_a_return_does_not_sign_it(database_session: Session):
    world = open_world(database_session, form=FULL)
    person = joined(world)
    returned_after(world, person).confirm()
    world.read(person)
    with pytest.raises(NotAllowed) as refusal:
        world.sign(person)
    assert refusal.value.code == "author"
    assert world.screening.status is Status.REVIEWED
    world.read()
    assert world.sign().screening.status is Status.SIGNED


def test_whoever_sent_an_earlier_version_does_not_review_the_next(database_session: Session):
    world = open_world(database_session, form=FULL)
    person = joined(world)
    returned_after(world, person).confirm()
    world.read()
    world.sign().new_version().submit()
    assert refused(world, person) == {"author"}


def test_it_does_not_wait_for_whoever_sent_it_before_a_return(database_session: Session):
    world = open_world(database_session, form=FULL)
    person = joined(world)
    returned_after(world, person)
    assert start.waiting_for(world.session, person) == []
    waiting = start.waiting_for(world.session, world.second)
    assert [one.screening.id for one in waiting] == [world.screening.id]


def test_whoever_took_a_source_off_is_an_author(database_session: Session):
    world = open_world(database_session, form=FULL)
    person = joined(world)
    assert person.id not in screenings.authors_of(world.session, world.screening.reference)
    (row,) = sources.rows_of(world.session, world.screening)
    evidence.remove(world.session, **world.by(person), evidence_id=row.id)
    assert person.id in screenings.authors_of(world.session, world.screening.reference)


def test_whoever_stopped_it_early_is_an_author(database_session: Session):
    world = open_world(database_session, form=FULL)
    person = joined(world)
    stop_here(world.session, **world.by(person), reason="The full EqIA will look at it.")
    world.submit()
    assert refused(world, person) == {"author"}
