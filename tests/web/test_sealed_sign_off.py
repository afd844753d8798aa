"""A sign-off on the page: the record is sealed, or nothing is signed and the page says why."""

from __future__ import annotations

import pytest

from eqia.domain.records import read as read_record
from eqia.domain.screenings import Status
from eqia.persistence.queries import records
from eqia.services.seals import Seals, SealSettings
from tests.documents.seal_material import NAME, seal_key, write_pem
from tests.review_world import open_world
from tests.web.test_reviews_sign_off import NEEDS, WEIGHT, make_approver, read, status, url


@pytest.fixture
def world(session):
    return open_world(session).submit().confirm()


@pytest.fixture
def approver(client, world):
    client.sign_in(make_approver(world))
    read(client, world)
    return client


@pytest.fixture
def sealing(app, tmp_path, monkeypatch):
    """Give the instance a key of its own, with more settings."""
    write_pem(tmp_path, seal_key())

    def set_to(**more) -> Seals:
        files = {"key": "key.pem", "certificate": "certificate.pem"}
        seals = Seals(SealSettings(instance=tmp_path, **files, **more))
        monkeypatch.setitem(app.extensions, "seals", seals)
        return seals

    return set_to


def sign(approver, world, *, expect=302):
    page = approver.get(url(world, "/sign"))
    return approver.submit_form(
        page, page.form(), data={"statements": NEEDS, **WEIGHT}, expect=expect
    )


def stored(world):
    return records.of_screening(world.session, world.screening.id)


def test_what_is_signed_on_the_page_is_sealed_and_says_where_to_check(approver, world, sealing):
    sealing()
    sign(approver, world)
    assert status(world) is Status.SIGNED
    record = read_record(stored(world).canonical_json)
    assert record["seal"]["name"] == NAME
    assert record["verify_address"] == "http://localhost/verify"
    page = approver.get(f"/records/{world.screening.id}")
    assert f"Sealed by {NAME}." in page.text
    assert "http://localhost/verify" in page.text


def test_without_settings_the_seal_is_for_trying_out_and_the_page_says_so(approver, world):
    sign(approver, world)
    assert read_record(stored(world).canonical_json)["seal"]["kind"] == "development"
    assert "DEVELOPMENT SEAL" in approver.get(f"/records/{world.screening.id}").text


def test_when_the_time_service_is_away_nothing_is_signed_and_nothing_typed_is_lost(
    approver, world, sealing
):
    sealing(time_service="http://127.0.0.1:9")
    page = sign(approver, world, expect=403)
    assert "The time service of the seal did not answer. Nothing was signed." in page.text
    assert WEIGHT["benefits"] in page.html
    assert status(world) is Status.REVIEWED
    assert stored(world) is None
    sealing()
    sign(approver, world)
    assert status(world) is Status.SIGNED
