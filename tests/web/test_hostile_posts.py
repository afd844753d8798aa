"""Every form of every page every role can reach, under hostile posts with all tokens in order.

1,000 posts a form: EQIA_HOSTILE_POSTS=1000 pytest tests/web/test_hostile_posts.py -s
A plain run takes fewer, from the same seeded sequence.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.hostility import MARK, Attacker
from tests.page import FormOnPage, Page
from tests.page_checks import check_page
from tests.walking import Site, Snapshot, kind_of, walked_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.hostility import Attack

POSTS = int(os.environ.get("EQIA_HOSTILE_POSTS", "60"))
#: Answers given before a form is looked at: broken request, not signed in, not yours, too large.
BEFORE_VALIDATION = frozenset({400, 401, 403, 404, 413, 429})
#: Of so many answers one is read with the strict parser, which costs more than the answer.
READ_ONE_IN = 25
#: a browser sends no longer address
LONGEST_ADDRESS = 4000
REFUSED = frozenset({409, 422})


@dataclass
class Target:
    """A form, who has it open and where."""

    endpoint: str
    page: str
    form: FormOnPage
    cookie: str


@dataclass
class Score:
    """How the posts to one form ended."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        posts = sum(self.statuses.values())
        early = sum(n for status, n in self.statuses.items() if status in BEFORE_VALIDATION)
        return 1 - early / posts if posts else 1.0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with walked_site(tmp_path_factory) as site:
        yield site


def targets(site: Site) -> list[Target]:
    """One of each kind of form, with somebody who can reach it."""
    found: dict[tuple[str, str, tuple[str, ...]], Target] = {}
    for sight in site.sights:
        for form in sight.forms:
            kind = kind_of(site, form)
            if kind not in found:
                found[kind] = Target(kind[0], sight.url, form, f"eqia={sight.cookie}")
    return list(found.values())


def strike(site: Site, target: Target, attack: Attack) -> Page:
    """Send it, with the cookie as it was when the page was opened."""
    plain = site.app.test_client(use_cookies=False)
    common = {"headers": {"Cookie": target.cookie}, "base_url": "http://localhost"}
    if target.form.method == "get":
        body = attack.body.decode("ascii")[:LONGEST_ADDRESS]
        response = plain.get(target.form.action, query_string=body, **common)
    else:
        kind = "application/x-www-form-urlencoded"
        response = plain.post(target.form.action, data=attack.body, content_type=kind, **common)
    return Page(response, urlsplit(target.form.action).path)


def faults_of(
    site: Site, target: Target, page: Page, attack: Attack, *, read: bool
) -> Iterator[str]:
    """What is wrong with an answer."""
    if page.status >= 500:
        yield f"{page.status} for {attack.what}"
        return
    if page.status in REFUSED:
        words = "govuk-error-summary" if page.status == 422 else "<h1"
        if words not in page.html:
            yield f"{page.status} without a message for {attack.what}"
        lost = kept_words(attack, target.form) and MARK not in page.html
        if lost:
            yield f"{page.status} lost what was typed: {attack.what}"
    if "<script>alert" in page.html or "onerror=alert(1)>" in page.html:
        yield f"mark-up came back unescaped: {attack.what}"
    if read and page.html:
        try:
            check_page(site.app, page)
        except Exception as error:
            yield f"{page.status} unsound page for {attack.what}: {error}"


def kept_words(attack: Attack, form: FormOnPage) -> bool:
    """Whether marked words stand in a box somebody types in, which is shown again.

    A post that takes a row away takes its words away.
    """
    pairs = attack.pairs
    if form.method == "get":
        # What did not fit into the address was never sent.
        sent = attack.body.decode("ascii")[:LONGEST_ADDRESS]
        pairs = parse_qsl(sent, keep_blank_values=True, errors="replace")
    if any(name.endswith("-remove") for name, _ in pairs):
        return False
    return any(MARK in value and name in form.typed for name, value in pairs)


def test_no_form_falls_to_hostile_posts(site: Site, capsys: pytest.CaptureFixture[str]):
    found = targets(site)
    snapshot = Snapshot(site.app)
    chance = Random(20261124)  # noqa: S311 - the same posts every time
    with site.app.app_context():
        strangers = [person.id for person in site.people]
    scores: dict[str, Score] = {}
    for target in found:
        attacker = Attacker(Random(chance.random()), strangers)  # noqa: S311
        score = scores.setdefault(f"{target.endpoint} on {target.page}", Score())
        for number in range(POSTS):
            attack = attacker.attack(target.form)
            page = strike(site, target, attack)
            score.statuses[page.status] += 1
            score.faults += faults_of(site, target, page, attack, read=number % READ_ONE_IN == 0)
            snapshot.restore()
    with capsys.disabled():
        report(scores)
    faults = [f"{name}: {fault}" for name, score in scores.items() for fault in score.faults]
    assert not faults, "\n".join(faults)
    assert overall(scores) >= 0.9


def overall(scores: dict[str, Score]) -> float:
    """Share of all posts that reached validation."""
    total: Counter[int] = sum((score.statuses for score in scores.values()), Counter())
    return Score(total).share


def report(scores: dict[str, Score]) -> None:
    """Print how it went, form by form."""
    posts = sum(sum(score.statuses.values()) for score in scores.values())
    lines = [f"\n{len(scores)} forms, {POSTS} hostile posts each, {posts} in all"]
    for name, score in sorted(scores.items(), key=lambda pair: pair[1].share):
        lines.append(f"  {score.share:6.1%} reached validation  {dict(score.statuses)}  {name}")
    lines.append(f"  {overall(scores):6.1%} of all reached validation")
    sys.stdout.write("\n".join(lines) + "\n")
