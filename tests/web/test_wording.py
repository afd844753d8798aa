import pytest

from eqia.web.wording import WORDS, say


@pytest.mark.parametrize("language", WORDS)
def test_every_language_has_every_word_with_the_same_gaps(language):
    english = WORDS["en"]
    assert set(WORDS[language]) == set(english)
    for key, words in WORDS[language].items():
        assert words.strip()
        assert words.count("{}") == english[key].count("{}"), key


def test_a_language_we_have_no_words_in_is_answered_in_english():
    assert say("fr", "save") == "Save and continue"
