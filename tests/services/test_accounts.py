"""Accounts on both databases: hashes, single-use links, and rules the page cannot lift."""

from __future__ import annotations

import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from eqia.domain.errors import Invalid, NotAllowed, NotFound
from eqia.domain.people import Role
from eqia.persistence.database import make_session
from eqia.persistence.queries import organisations
from eqia.persistence.queries import people as queries
from eqia.persistence.tables import (
    CredentialRow,
    EventRow,
    LoginAttemptRow,
    PersonRow,
    PersonSessionRow,
    ProjectMemberRow,
)
from eqia.services import accounts, events, invitations, people
from eqia.services.passwords import Passwords
from tests.builders import NOW, acting, make_person, make_project

PASSWORDS = Passwords(memory_kib=8, passes=1)
BROWSER = accounts.Browser("Firefox on Linux", "192.0.2.1")
PASSWORD = "a heron by the weir"


@pytest.fixture
def session(database_session):
    return database_session


@pytest.fixture
def admin(session):
    return acting(make_person(session, roles=[Role.ADMINISTRATOR]), roles=[Role.ADMINISTRATOR])


def account(**values):
    return invitations.NewAccount(
        **{"name": "Ada Osei", "email": "ada@example.org", "password": PASSWORD, **values}
    )


def accept(session, token, *, now=NOW, **values):
    return invitations.accept(
        session,
        now=now,
        token=token,
        account=account(**values),
        passwords=PASSWORDS,
        browser=BROWSER,
    )


def invite(session, admin, **values):
    given = {"name": "Ada Osei", "email": "Ada@Example.org", "roles": [Role.REVIEWER], **values}
    return invitations.invite(session, actor=admin, now=NOW, **given)


def sign_in(session, *, password=PASSWORD, now=NOW, browser=BROWSER, email="ada@example.org"):
    return accounts.sign_in(
        session,
        now=now,
        email=email,
        password=password,
        browser=browser,
        passwords=PASSWORDS,
    )


def test_an_invitation_makes_a_person_who_can_sign_in(session, admin):
    accept(session, invite(session, admin))
    token = sign_in(session)
    found = queries.open_session(session, accounts.digest(token))
    assert found.person.name == "Ada Osei"
    person = queries.with_grants(session, found.person, NOW)
    assert person.roles == {Role.REVIEWER}


def test_a_link_is_good_for_one_account(session, admin):
    token = invite(session, admin)
    accept(session, token)
    with pytest.raises(NotFound):
        accept(session, token, email="second@example.org")


def test_the_address_of_an_invitation_cannot_be_swapped(session, admin):
    accept(session, invite(session, admin), email="somebody.else@example.org")
    assert queries.by_email(session, "ada@example.org") is not None
    assert queries.by_email(session, "somebody.else@example.org") is None


def test_an_invitation_to_a_project_makes_a_member(session):
    lead = make_person(session)
    project = make_project(session, lead=lead)
    person = queries.person_with_grants(session, lead.id, NOW)
    token = invitations.invite_to_project(
        session, actor=person, now=NOW, project=project, name="Ada", email="ada@example.org"
    )
    accept(session, token)
    ada = queries.by_email(session, "ada@example.org")
    member = session.query(ProjectMemberRow).filter_by(person_id=ada.id).one()
    assert (member.project_id, member.added_by) == (project.id, lead.id)


def test_only_an_administrator_invites(session):
    reviewer = acting(make_person(session), roles=[Role.REVIEWER])
    with pytest.raises(NotAllowed):
        invite(session, reviewer)


def test_nothing_secret_is_stored(session, admin):
    link = invite(session, admin)
    accept(session, link)
    token = sign_in(session)
    stored = [
        str(value)
        for table in (CredentialRow, PersonSessionRow, EventRow, LoginAttemptRow)
        for row in session.query(table)
        for value in vars(row).values()
    ]
    assert not any(secret in value for value in stored for secret in (link, token, PASSWORD))
    assert all(row.secret_hash.startswith("$argon2id$") for row in session.query(CredentialRow))


def test_a_hash_made_at_another_cost_is_made_again_at_sign_in(session, admin):
    accept(session, invite(session, admin))
    row = session.query(CredentialRow).one()
    row.secret_hash = before = Passwords(memory_kib=16, passes=1).hash(PASSWORD)
    session.commit()
    sign_in(session)
    session.expire_all()
    assert session.query(CredentialRow).one().secret_hash != before
    sign_in(session)


def test_production_hashes_cost_19_mebibytes_and_two_passes():
    stored = Passwords(memory_kib=19 * 1024, passes=2).hash(PASSWORD)
    assert "$m=19456,t=2,p=1$" in stored


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_threads_that_hashed_give_their_memory_back():
    passwords = Passwords(memory_kib=19 * 1024, passes=1)
    before = resident_megabytes()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(passwords.hash, ["a heron by the weir"] * 32))
    assert resident_megabytes() - before < 40


def resident_megabytes():
    words = Path("/proc/self/statm").read_text().split()
    return int(words[1]) * resource.getpagesize() / 1024 / 1024


def test_guessing_from_one_address_does_not_slow_another(session, admin):
    accept(session, invite(session, admin))
    for _ in range(10):
        with pytest.raises(Invalid):
            sign_in(session, password="wrong")
    with pytest.raises(accounts.TooManyTries):
        sign_in(session)
    sign_in(session, browser=accounts.Browser("", "192.0.2.2"))


def test_trying_many_accounts_from_one_address_is_slowed(session):
    for number in range(accounts.FREE_FOR_ADDRESS):
        with pytest.raises(Invalid):
            sign_in(session, email=f"person{number}@example.org")
    with pytest.raises(accounts.TooManyTries):
        sign_in(session, email="another@example.org")


def test_the_wait_is_never_longer_than_five_minutes(session):
    for _ in range(40):
        session.add(
            LoginAttemptRow(
                account=accounts.digest("ada@example.org"),
                address=BROWSER.address,
                at=NOW,
                succeeded=False,
            )
        )
    session.commit()
    with pytest.raises(accounts.TooManyTries):
        sign_in(session, now=NOW + timedelta(minutes=4))
    with pytest.raises(Invalid):
        sign_in(session, now=NOW + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("idle", "age", "live"),
    [(29.9, 29.9, True), (30, 30, False), (1, 719, True), (1, 720, False), (-60, -60, True)],
)
def test_a_session_holds_for_its_time_also_when_the_clock_jumps_back(idle, age, live):
    seen = queries.SeenSession(
        id=uuid4(),
        person_id=uuid4(),
        created_at=NOW - timedelta(minutes=age),
        last_seen_at=NOW - timedelta(minutes=idle),
        authenticated_at=NOW,
    )
    assert accounts.is_live(seen, limits=accounts.Limits(), now=NOW) is live


def test_the_last_administrator_stays_also_without_a_page(session, admin):
    row = session.get(PersonRow, admin.id)
    with pytest.raises(NotAllowed, match="always be one"):
        people.deactivate(session, actor=admin, now=NOW, person=row)
    session.expire_all()
    assert session.get(PersonRow, admin.id).active


def test_acts_on_people_are_in_the_chain(session, admin):
    accept(session, invite(session, admin))
    ada = queries.by_email(session, "ada@example.org")
    later = NOW + timedelta(hours=1)
    grant = people.grant_role(
        session, actor=admin, now=later, person=ada, role=Role.AUDITOR, until_at=None
    )
    people.revoke_role(session, actor=admin, now=later, person=ada, grant_id=grant.id)
    people.deactivate(session, actor=admin, now=later, person=ada)
    people.reactivate(session, actor=admin, now=later, person=ada)
    told = [row.action for row in session.query(EventRow).order_by(EventRow.seq)]
    assert told == [
        "person.invited",
        "person.accepted_person",
        "person.signed_in",
        "person.role_granted",
        "person.role_revoked",
        "person.deactivated",
        "person.reactivated",
    ]
    assert events.verify(session) is None


def test_a_grant_that_has_not_begun_can_be_taken_back(session, admin):
    ada = make_person(session)
    start = NOW + timedelta(days=5)
    grant = people.grant_role(
        session, actor=admin, now=NOW, person=ada, role=Role.AUDITOR, from_at=start
    )
    people.revoke_role(session, actor=admin, now=NOW, person=ada, grant_id=grant.id)
    assert queries.with_grants(session, ada, start + timedelta(days=1)).roles == frozenset()


def test_an_empty_instance_starts_with_itself_and_the_bundled_bodies_to_decide_with(session):
    link = invitations.first_administrator_link(session, now=NOW)
    accept(session, link, email="first@example.org")
    names = [row.name for row in organisations.bodies(session)]
    assert organisations.host(session).name in names
    assert "North Bristol NHS Trust" in names
    assert len(set(names)) == len(names) == 10


def test_a_link_used_twice_at_the_same_moment_makes_one_account(database_engine):
    with make_session(database_engine) as session:
        link = invitations.first_administrator_link(session, now=NOW)

    def use(number):
        with make_session(database_engine) as session:
            try:
                return accept(session, link, email=f"person{number}@example.org")
            except NotFound:
                return None

    with ThreadPoolExecutor(4) as pool:
        made = [token for token in pool.map(use, range(4)) if token]
    with make_session(database_engine) as session:
        assert (len(made), session.query(PersonRow).count()) == (1, 1)


def test_two_administrators_cannot_end_each_other_at_the_same_moment(database_engine):
    with make_session(database_engine) as session:
        pair = [make_person(session, roles=[Role.ADMINISTRATOR]) for _ in range(2)]
        actors = [acting(row, roles=[Role.ADMINISTRATOR]) for row in pair]

    def end(number):
        with make_session(database_engine) as session:
            other = session.get_one(PersonRow, actors[1 - number].id)
            try:
                people.deactivate(session, actor=actors[number], now=NOW, person=other)
            except NotAllowed:
                return 0
            return 1

    with ThreadPoolExecutor(2) as pool:
        ended = sum(pool.map(end, range(2)))
    with make_session(database_engine) as session:
        assert (ended, len(queries.permanent_administrators(session, NOW))) == (1, 1)
