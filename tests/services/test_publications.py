"""Publishing, taking down, asking for another look and answering: one act, one event."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from sqlalchemy import select

from eqia.documents import checking, fonts
from eqia.documents import records as documents
from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from eqia.domain.people import Role
from eqia.domain.publications import Choice, Decided, Why, parts_of
from eqia.domain.records import canonical, digest, read
from eqia.persistence.queries import events as log
from eqia.persistence.queries import publications as queries
from eqia.persistence.queries import records
from eqia.persistence.tables import EventRow, LookRequestRow, PublicationRow
from eqia.services import events, look_requests, publications
from eqia.services.look_requests import MOST_AN_HOUR, Asking, TooManyRequests
from tests.builders import make_publication, make_request, take_down
from tests.domain.publishable import WITHHELD, copied, decided, whole_record
from tests.review_world import CONDITIONS, World, open_world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

SECRET = "Twelve patients"


@pytest.fixture
def world(session: Session) -> World:
    return signed(session)


def signed(session: Session) -> World:
    world = open_world(session, form=CONDITIONS)
    world.submit().confirm()
    world.read()
    return world.sign()


def choices(world: World, left_out: dict[str, Choice] | None = None, **more: Any) -> Decided:
    return decided(read(record(world).canonical_json), left_out, **more)


def record(world: World):
    found = records.of_screening(world.session, world.screening.id)
    assert found is not None
    return found


def publish(world: World, *, actor=None, token: str = "", **left_out: Any) -> PublicationRow:
    return publications.publish(
        world.session,
        actor=actor or world.reviewer,
        now=world.at,
        record=record(world),
        decided=left_out.pop("decided", None) or choices(world, {SECRET: WITHHELD}),
        token=token or world.token(),
    )


def unpublish(world: World, **more: Any):
    given = {**world.by(world.approver), "reason": "It names a street.", **more}
    return publications.unpublish(world.session, **given)


def ask(world: World, **more: Any) -> LookRequestRow:
    given = {"wrong": "No bus stops there.", "contact": "", "token": world.token()}
    asking = Asking(**{**given, "senders": ("yesterday", "today"), **more})
    copy = queries.live(world.session, world.screening.id)
    return look_requests.ask_for_another_look(
        world.session, now=world.at, publication=copy, asking=asking
    )


def answer(world: World, asked: LookRequestRow, *, actor=None, **more: Any):
    given = {**world.by(actor or world.reviewer), "answer": "We rang the bus company.", **more}
    return look_requests.answer_request(world.session, request_id=asked.id, **given)


def actions(world: World) -> list[str]:
    return [row.action for row in log.timeline(world.session, world.screening)]


# Publishing


def test_a_copy_is_frozen_with_its_own_digest_and_file(world: World):
    row = publish(world)
    assert row.sha256 == digest(row.canonical_json)
    assert row.pdf_sha256 == hashlib.sha256(row.pdf).hexdigest()
    assert row.sha256 != record(world).sha256
    copy = read(row.canonical_json)
    assert copy["publication"]["record_sha256"] == record(world).sha256
    assert row.canonical_json == canonical(copy)
    assert SECRET not in row.canonical_json


def test_the_record_stays_as_it_was(world: World):
    before = (record(world).canonical_json, record(world).pdf)
    publish(world)
    world.session.expire_all()
    assert (record(world).canonical_json, record(world).pdf) == before


def test_each_act_is_one_event_and_the_chain_holds(world: World):
    publish(world)
    asked = ask(world)
    answer(world, asked)
    unpublish(world)
    assert actions(world)[-4:] == [
        "publication.published",
        "request.made",
        "request.answered",
        "publication.taken_down",
    ]
    assert events.verify(world.session) is None


def test_the_log_holds_no_word_of_the_public_or_of_what_is_left_out(world: World):
    publish(world)
    asked = ask(world, wrong="Mrs Tansley was not asked.", contact="tansley@example.org")
    answer(world, asked, answer="We asked Mrs Tansley.")
    payloads = json.dumps([row.payload for row in world.session.scalars(select(EventRow))])
    assert "ansley" not in payloads
    assert SECRET not in payloads


@pytest.mark.parametrize("who", ["reviewer", "approver"])
def test_a_reviewer_or_an_approver_publishes(world: World, who: str):
    assert publish(world, actor=getattr(world, who)).published_by == getattr(world, who).id


@pytest.mark.parametrize("who", ["lead", "auditor"])
def test_nobody_else_does(world: World, who: str):
    actor = world.lead if who == "lead" else world.person("Al Auditor", Role.AUDITOR)
    with pytest.raises(NotAllowed):
        publish(world, actor=actor)
    assert queries.live(world.session, world.screening.id) is None


def test_a_second_click_gives_the_first_copy_back(world: World):
    first = publish(world, token="once")
    assert publish(world, token="once").id == first.id
    assert world.session.scalars(select(PublicationRow)).all() == [first]


def test_a_version_has_one_public_copy_at_a_time(world: World):
    publish(world)
    with pytest.raises(Conflict):
        publish(world)
    unpublish(world)
    world.later(hours=1)
    again = publish(world, decided=choices(world))
    assert queries.live(world.session, world.screening.id) == again
    assert SECRET in again.canonical_json


def test_a_part_without_a_choice_publishes_nothing(world: World):
    part = parts_of(read(record(world).canonical_json))[0]
    some = {one: choice for one, choice in choices(world).choices.items() if one != part.id}
    with pytest.raises(Invalid):
        publish(world, decided=Decided(some))
    assert world.session.scalars(select(PublicationRow)).all() == []


def test_what_one_public_version_leaves_out_another_cannot_publish(world: World):
    publish(world)
    world.later(days=1).new_version().submit().confirm()
    world.read()
    world.sign()
    with pytest.raises(Invalid, match="another public version"):
        publish(world, decided=choices(world))
    second = publish(world)
    assert second.number == 2
    first = queries.at_address(world.session, second.reference, 1)
    assert first is not None
    assert queries.newer(world.session, first) == second
    assert queries.is_superseded(world.session, first)


def test_unpublishing_needs_a_reason_and_something_published(world: World):
    with pytest.raises(Conflict):
        unpublish(world)
    publish(world)
    with pytest.raises(Invalid):
        unpublish(world, reason="  ")
    unpublish(world)
    assert queries.live(world.session, world.screening.id) is None
    assert queries.count(world.session, "") == 0


def test_the_database_keeps_one_copy_at_a_time_and_no_question_to_none(database_session: Session):
    world = signed(database_session)
    first = make_publication(database_session, record=record(world))
    with pytest.raises(NotAllowed):
        make_publication(database_session, record=record(world))
    take_down(database_session, publication=first)
    make_publication(database_session, record=record(world))


def test_the_list_finds_by_reference_title_and_outcome_and_nothing_taken_down(world: World):
    row = publish(world)
    for text in ("", row.reference.lower(), row.title[:5], row.outcome[3:]):
        assert [one.publication.id for one in queries.page(world.session, text, 1)] == [row.id]
    for text in ("%", "_", "no such thing", SECRET):
        assert queries.count(world.session, text) == 0


def test_both_databases_find_the_same(database_session: Session):
    world = signed(database_session)
    first = make_publication(database_session, record=record(world))
    take_down(database_session, publication=first)
    copy = make_publication(database_session, record=record(world))
    asked = make_request(database_session, publication=copy)
    here, reference = world.screening.id, world.screening.reference
    assert queries.at_address(database_session, reference, 1) == copy
    assert queries.count(database_session, "mill ROAD") == 1
    assert [one.publication for one in queries.page(database_session, "mill", 1)] == [copy]
    assert queries.newer(database_session, copy) is None
    assert queries.others_of(database_session, reference, here) == []
    assert queries.published_among(database_session, [here]) == {here}
    standing = queries.standing(database_session, here)
    assert (standing.copy, standing.asked, standing.open) == (copy, 1, 1)
    waits = queries.waiting_for(database_session, world.reviewer)
    assert [one.request for one in waits] == [asked]
    assert queries.asked_since(database_session, world.at - timedelta(1), senders=["x"]) == 0


# The file of a copy


def test_no_byte_of_the_file_holds_what_is_left_out(world: World):
    left_out = {SECRET: WITHHELD, "Shorter waits.": Choice(Why.SMALL)}
    pdf = publish(world, decided=choices(world, left_out)).pdf
    shown = "\n".join(everything_in(pdf))
    assert "Nobody is worse off." in shown
    for secret in (
        *left_out,
        "Rita Reviewer",
        "Ann Approver",
        "Lee Lead",
        record(world).canonical_json,
    ):
        assert secret not in shown
    assert str(world.screening.id) not in shown
    assert read(record(world).canonical_json)["salt"] not in shown


def test_the_file_carries_no_attachment(world: World):
    with pikepdf.open(io.BytesIO(publish(world).pdf)) as pdf:
        assert not pdf.attachments
        assert "/AF" not in pdf.Root
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})
        assert pdf.trailer.get("/Prev") is None


def test_files_of_records_that_differ_in_what_is_left_out_are_the_same():
    faces = fonts.load(None)
    files = []
    for secret in ("The hall at Quarry Lane is sold already.", "Quite another secret " * 30):
        record = whole_record()
        record["stopped"]["reason"] = secret
        copy = copied(record, decided(record, {secret[:12]: WITHHELD}))
        copy["publication"]["record_sha256"] = "0" * 64
        files.append(documents.render(copy, "publication", faces=faces))
    assert files[0] == files[1]
    checking.check(files[0], "publication")


def everything_in(pdf: bytes) -> Iterator[str]:
    """Every string, name and stream of a file, and the text that readers draw from its pages."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for thing in opened.objects:
            if isinstance(thing, pikepdf.Stream):
                yield thing.read_bytes().decode("utf-8", "replace")
            yield repr(thing)
            yield from strings_in(thing)


def strings_in(thing: Any) -> Iterator[str]:
    if isinstance(thing, pikepdf.String):
        yield str(thing)
    elif isinstance(thing, pikepdf.Array):
        for one in thing:
            if not getattr(one, "is_indirect", False):
                yield from strings_in(one)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for one in thing.values():
            if not getattr(one, "is_indirect", False):
                yield from strings_in(one)


# Another look


def test_a_request_is_logged_once_and_answered_once(world: World):
    publish(world)
    asked = ask(world, token="form-1", contact="me@example.org")
    assert ask(world, token="form-1", wrong="Sent twice.").id == asked.id
    given = answer(world, asked)
    assert given.at == world.at
    with pytest.raises(Conflict):
        answer(world, asked, answer="Another answer.")
    (line,) = queries.requests_of(world.session, world.screening.id)
    assert (line.request.wrong, line.answer, line.answered_by) == (
        "No bus stops there.",
        given,
        "Rita Reviewer",
    )


@pytest.mark.parametrize(
    "bad", [{"wrong": " \n"}, {"wrong": "x" * 4001}, {"contact": "x" * 201}, {"wrong": "\ud800"}]
)
def test_a_request_needs_words_and_is_bounded(world: World, bad: dict[str, str]):
    publish(world)
    with pytest.raises(Invalid):
        ask(world, **bad)


def test_one_address_sends_so_many_an_hour_and_others_still_can(world: World):
    publish(world)
    for _ in range(MOST_AN_HOUR):
        ask(world)
    with pytest.raises(TooManyRequests):
        ask(world)
    ask(world, senders=("", "somebody else"))
    # Past midnight the same address has another name, and yesterday's is looked at too.
    with pytest.raises(TooManyRequests):
        ask(world, senders=("today", "tomorrow"))
    world.at += timedelta(hours=1, seconds=1)
    ask(world)


def test_nothing_is_asked_about_what_is_not_published(world: World):
    row = publish(world)
    unpublish(world)
    asking = Asking("Wrong.", "", world.token(), ("", "today"))
    with pytest.raises(NotFound):
        look_requests.ask_for_another_look(
            world.session, now=world.at, publication=row, asking=asking
        )


def test_an_author_does_not_answer_and_a_reviewer_of_nothing_of_it_does(world: World):
    publish(world)
    asked = ask(world)
    with pytest.raises(NotAllowed, match="somebody else"):
        answer(world, asked, actor=world.author_with_every_role)
    with pytest.raises(NotAllowed):
        answer(world, asked, actor=world.approver)
    answer(world, asked, actor=world.second)


def test_an_open_request_waits_for_reviewers_who_wrote_nothing_of_it(world: World):
    publish(world)
    asked = ask(world)
    waits = [one.request.id for one in queries.waiting_for(world.session, world.reviewer)]
    assert waits == [asked.id]
    assert queries.waiting_for(world.session, world.author_with_every_role) == []
    assert queries.waiting_for(world.session, world.approver) == []
    assert queries.open_requests(world.session, [world.screening.id]) == {world.screening.id: 1}
    answer(world, asked)
    assert queries.waiting_for(world.session, world.reviewer) == []
    assert queries.open_requests(world.session, [world.screening.id]) == {}
