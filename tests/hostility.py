"""Posts no browser sends: for any form, with its session, token and version in order."""
# ruff: noqa: ARG002 - every way of spoiling a post is called alike

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random
    from uuid import UUID

    from tests.page import FormOnPage

Pairs = list[tuple[str, str]]
MARK = "keepme"
#: The token proves who sends; versions and other hidden values are attacked in some posts only.
_NEVER = frozenset({"csrf_token"})
_MEGABYTE = 1_000_000

TEXTS: tuple[str, ...] = (
    "",
    " \t\n ",
    "\x00",
    f"{MARK}\x00\x07\x1b[31m",
    f"{MARK}\ud800",
    f"{MARK} \u202etxt.exe\u2066\u2069",
    f"<script>alert('{MARK}')</script>",
    f"\"'><img src=x onerror=alert(1)>{MARK}",
    f"</textarea></select></title>{MARK}",
    f"{{{{ 7 * 7 }}}} ${{7*7}} %s %n {MARK}",
    f"'; DROP TABLE screening; -- {MARK}",
    f'=HYPERLINK("http://evil.example") {MARK}',
    f"{MARK} e\u0301 \U0001f469\u200d\U0001f467 \u0130 \ufb01 \u2028 \ufeff \uffff",
    f"{MARK}\r\nSet-Cookie: a=b",
    "9" * 5000,
    "-1",
    "1e309",
    "NaN",
    "٣٤",
    "0x10",
    "2027-02-30",
    "99999999999999999999",
    "true",
    "null",
    "[]",
    '{"a": 1}',
    "//evil.example",
    "../../etc/passwd",
    "javascript:alert(1)",
    "00000000-0000-0000-0000-000000000000",
    "no-such-code",
    f"{MARK} " + "x" * 20_001,
)


@dataclass(frozen=True)
class Attack:
    """A post, and what it was made of."""

    pairs: Pairs
    what: str

    @property
    def body(self) -> bytes:
        """The post as sent: lone surrogates too, which no browser can send."""
        return "&".join(f"{_quoted(n)}={_quoted(v)}" for n, v in self.pairs).encode("ascii")


def _quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))


class Attacker:
    """Makes posts for forms out of a seeded chance and some ids of other people's things."""

    def __init__(self, chance: Random, strangers: Sequence[UUID]) -> None:
        self._chance = chance
        self._texts = (*TEXTS, *map(str, strangers))

    def attack(self, form: FormOnPage) -> Attack:
        """Spoil some of the boxes of a form."""
        pairs = list(form.values.items(multi=True))
        if form.buttons and self._chance.random() < 0.7:
            button = self._chance.choice(form.buttons)
            pairs += [button] if button[0] else []
        targets = sorted(name for name in form.names if name and name not in _NEVER)
        seen = [name for name in targets if name not in form.hidden] or targets
        done = []
        for _ in range(self._chance.choice((1, 1, 2, 3, 6))):
            # One post in ten attacks a hidden value: a version, a token or somebody's id.
            pool = targets if self._chance.random() < 0.1 else seen
            name = self._chance.choice(pool) if pool else "extra"
            kind = self._chance.choice(list(_KINDS))
            pairs = _KINDS[kind](self, form, pairs, name)
            done.append(f"{kind} {name}")
        return Attack(pairs, ", ".join(done))

    def text(self) -> str:
        """Any hostile text; now and then a megabyte."""
        if self._chance.random() < 0.01:
            return f"{MARK} " + "m" * _MEGABYTE
        return self._chance.choice(self._texts)

    def filled(self, form: FormOnPage, pairs: Pairs, name: str) -> Pairs:
        """A box with hostile text in it."""
        return [pair for pair in pairs if pair[0] != name] + [(name, self.text())]

    def missing(self, form: FormOnPage, pairs: Pairs, name: str) -> Pairs:
        """A box left out."""
        return [pair for pair in pairs if pair[0] != name]

    def emptied(self, form: FormOnPage, pairs: Pairs, name: str) -> Pairs:
        """Every visible box empty."""
        return [(n, v if n in form.hidden else "") for n, v in pairs]

    def repeated(self, form: FormOnPage, pairs: Pairs, name: str) -> Pairs:
        """A box sent several times."""
        return [*pairs, *((name, self.text()) for _ in range(self._chance.choice((1, 2, 50))))]

    def extra(self, form: FormOnPage, pairs: Pairs, name: str) -> Pairs:
        """Boxes the form does not have."""
        names = (f"{name}-9999-x", f"{name}[]", "is_admin", "status", "", "\x00", f"{name}.{name}")
        return [*pairs, (self._chance.choice(names), self.text())]

    def chosen(self, form: FormOnPage, pairs: Pairs, name: str) -> Pairs:
        """Something that is on offer, to get past the first check."""
        offered = form.choices.get(name, ())
        if not offered:
            return self.filled(form, pairs, name)
        return [p for p in pairs if p[0] != name] + [(name, self._chance.choice(offered))]

    def all_filled(self, form: FormOnPage, pairs: Pairs, name: str) -> Pairs:
        """Every visible box hostile."""
        return [(n, v if n in form.hidden else self.text()) for n, v in pairs]

    def many(self, form: FormOnPage, pairs: Pairs, name: str) -> Pairs:
        """Far more boxes than any form has."""
        if self._chance.random() < 0.9:
            return self.filled(form, pairs, name)
        return [*pairs, *((f"{name}-{n}", "x") for n in range(2000))]


_KINDS: Mapping[str, Callable[[Attacker, FormOnPage, Pairs, str], Pairs]] = {
    "filled": Attacker.filled,
    "missing": Attacker.missing,
    "emptied": Attacker.emptied,
    "repeated": Attacker.repeated,
    "extra": Attacker.extra,
    "chosen": Attacker.chosen,
    "all filled": Attacker.all_filled,
    "many": Attacker.many,
}
