"""The review page of every nation's set, in its own words and language."""

import pytest

from tests.builders import make_person, make_screening
from tests.domain.forms import question_set, welsh_form
from tests.services.test_reviews_sets import FORMS


@pytest.mark.parametrize("name", list(FORMS))
def test_the_review_page_speaks_each_sets_words(client, session, name):
    lead = make_person(session)
    screening = make_screening(session, set_id=name, author=lead, answers=FORMS[name])
    page = client.sign_in(lead).get(f"/screenings/{screening.id}/review")
    assert next(iter(question_set(name).sections[0].title.values())) in page.text


def test_welsh_words_are_marked_as_welsh(client, session):
    lead = make_person(session)
    screening = make_screening(
        session, set_id="wales-reg8", author=lead, answers=welsh_form(), language="cy"
    )
    page = client.sign_in(lead).get(f"/screenings/{screening.id}/review")
    assert 'lang="cy"' in page.html
