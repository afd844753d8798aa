"""The approver sees what keeps a screening from being signed before they try."""

import pytest

from eqia.domain.people import Role
from eqia.domain.screenings import Status
from tests.builders import make_person
from tests.domain.forms import effects
from tests.review_world import MEASURES, open_world

OPEN = "C01: Age. Nothing is done about the harm."


@pytest.fixture
def world(session):
    world = open_world(session, form={"C1": effects(age="minor"), "G2": MEASURES}).submit()
    world.propose("conditions")
    world.agree()
    return world


@pytest.fixture
def approver(client, world):
    world.rows["Ann"] = make_person(world.session, name="Ann", roles=[Role.APPROVER])
    return client.sign_in(world.rows["Ann"])


def test_the_review_page_and_the_sign_off_page_name_row_and_fix(approver, world):
    review = approver.get(f"/screenings/{world.screening.id}/review")
    assert OPEN in review.text
    assert "Sign it off" not in review.links
    page = approver.get(f"/screenings/{world.screening.id}/review/sign")
    assert OPEN in page.text
    assert "Return it to the team, to say what will be done, by whom and by when." in page.text
    assert not [form for form in page.forms if form.action.endswith("/sign")]
    back = next(href for text, href in page.links.items() if text.startswith("Return it"))
    assert "Return to the team" in approver.get(back).text


def test_a_post_past_the_page_is_refused_with_the_same_words(approver, world):
    approver.get(f"/screenings/{world.screening.id}/review/sign")
    page = approver.post(
        f"/screenings/{world.screening.id}/review/sign",
        {"statements": ["need_a"], "digest": world.screening.content_digest},
        expect=403,
    )
    assert OPEN in page.text
    world.session.expire_all()
    assert world.screening.status is Status.REVIEWED


def test_a_screening_that_can_be_signed_says_nothing(client, session):
    world = open_world(session).submit().confirm()
    row = make_person(session, name="Ann", roles=[Role.APPROVER])
    page = client.sign_in(row).get(f"/screenings/{world.screening.id}/review")
    assert "Before it can be signed" not in page.text
    assert "Sign it off" in page.links
