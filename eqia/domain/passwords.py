"""Which passwords are refused, and why; no rules about letters, digits and signs."""

from collections.abc import Collection, Iterable

SHORTEST = 12
LONGEST = 128
TOO_SHORT = f"Use {SHORTEST} characters or more. Three random words work well"
TOO_LONG = f"Use {LONGEST} characters or fewer"
COMMON = "Many people use this password, so it is easy to guess. Choose another"
TOO_PLAIN = "This password repeats a few characters, so it is easy to guess. Choose another"
OURS = "Do not build your password on your name or your organisation's. Choose another"

_FEWEST_DIFFERENT = 5
_SHORTEST_WORD = 4
#: letters of its own a password needs beside a word that anyone could guess
_OWN_LETTERS = 8
_LOOKALIKES = str.maketrans("013457@$!", "oieastasi")


def password_problem(
    password: str, *, common: Collection[str], words: Iterable[str] = ()
) -> str | None:
    """Say what is wrong with a new password, or None."""
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    folded = password.casefold()
    if len(set(folded)) < _FEWEST_DIFFERENT:
        return TOO_PLAIN
    if any(form in common for form in _forms(folded)):
        return COMMON
    if _built_on(folded, words):
        return OURS
    return None


def _forms(folded: str) -> Iterable[str]:
    """Give what somebody who guesses would try first: bare, undisguised, halved when doubled."""
    bare = folded.strip("0123456789 !.?-_*#")
    half = folded[: len(folded) // 2]
    yield folded
    yield bare
    yield folded.translate(_LOOKALIKES)
    yield bare.translate(_LOOKALIKES)
    if half * 2 == folded:
        yield half


def _built_on(folded: str, words: Iterable[str]) -> bool:
    """Whether little is left once the words of the person and the organisation are taken out."""
    rest = folded
    for word in {part for text in words for part in text.casefold().split()}:
        if len(word) >= _SHORTEST_WORD:
            rest = rest.replace(word, "")
    return rest != folded and sum(letter.isalpha() for letter in rest) < _OWN_LETTERS
