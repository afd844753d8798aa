import pytest

from eqia.domain.evidence import KINDS
from eqia.domain.privacy import _SIGNS
from eqia.domain.texts import BROKEN, TOO_LONG
from eqia.services import submissions
from eqia.web.wording import SAID, WORDS, counted, said, say


@pytest.mark.parametrize("language", WORDS)
def test_every_language_has_every_word_with_the_same_gaps(language):
    english = WORDS["en"]
    assert set(WORDS[language]) == set(english)
    for key, words in WORDS[language].items():
        assert words.strip()
        assert words.count("{}") == english[key].count("{}"), key


def test_a_language_we_have_no_words_in_is_answered_in_english():
    assert say("fr", "save") == "Save and continue"
    assert said("fr", "Local data") == said("en", "Local data") == "Local data"


def test_one_thing_has_words_of_its_own():
    assert counted("en", "to_go", 1) == "1 answer is still needed."
    assert counted("en", "to_go", 12) == "12 answers are still needed."


def test_what_is_said_in_english_elsewhere_is_found_by_what_it_says():
    asked_for = {
        *KINDS.values(),
        *(words for words, _ in _SIGNS),
        *(BROKEN, TOO_LONG),
        *(submissions.UNREADABLE, submissions.NO_SOURCE, submissions.BLANK),
        *(submissions.LOOK_AGAIN, submissions.SHORT_OF["many"], submissions.SHORT_OF["list"]),
    }
    assert asked_for <= set(SAID["cy"])
