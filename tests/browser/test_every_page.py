"""Every kind of page, in every state it can be brought to, in Chromium at both widths.

Nothing found by axe at WCAG 2.2 AA, no sideways scroll, nothing on the console; a page that
refuses says so in its title, and its error summary takes the focus and leads to the field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from eqia.persistence.database import make_session
from eqia.persistence.tables import RoleGrantRow
from eqia.web.extensions import db
from eqia.web.wording import WORDS, say
from tests.browser.chromium import NARROW, WIDE, assert_accessible, quiet_page
from tests.browser.server import serving
from tests.walking import Site, Snapshot, kind_of, walked_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from playwright.sync_api import Browser
    from playwright.sync_api import Page as BrowserPage

    from eqia.persistence.tables import PersonRow
    from tests.page import FormOnPage

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
#: Pages whose address names one of a list (an item's code, a period) and that differ by it alone.
ALIKE = frozenset({"readiness.history", "measures.readings"})
_EMPTY = """form => {
  for (const box of form.elements) {
    if (box.type === "checkbox" || box.type === "radio") box.checked = false;
    else if (box.tagName === "SELECT") box.selectedIndex = 0;
    else if (!["hidden", "submit", "button"].includes(box.type)) box.value = "";
  }
}"""
ERRORS = tuple(f"{say(language, 'error')}: " for language in WORDS)
_STALE = """form => { form.elements["version"].value = "7777"; }"""
_SEND = "form => form.requestSubmit ? form.requestSubmit() : form.submit()"


@dataclass(frozen=True)
class Visit:
    """One page to look at, as somebody."""

    person: PersonRow | None
    url: str
    form: FormOnPage | None = None


@dataclass
class Tour:
    """The demonstration being served, and one page and one form of each kind in it."""

    site: Site
    base_url: str
    snapshot: Snapshot
    pages: list[Visit] = field(default_factory=list)
    forms: list[Visit] = field(default_factory=list)
    roles: dict[UUID, frozenset[str]] = field(default_factory=dict)

    def plan(self) -> Tour:
        """Choose what to look at from all that anybody is shown."""
        self._look_up()
        kinds: set[object] = set()
        seen: dict[str, set[str]] = {}
        for sight in self.site.sights:
            if not sight.is_page:
                continue
            person = self.site.person(sight.person)
            # A page is looked at if its address is new, or shows what no page of its kind did, or
            # is in another language; the home page once for each role, as everybody's is their own.
            own = self.roles.get(person.id) if person and sight.url == "/" else None
            endpoint = self.site.endpoint(sight.url)
            address = "" if endpoint in ALIKE else _ID.sub("#", sight.url)
            shape = (endpoint, address, sight.status, own, sight.language)
            shown = seen.setdefault(endpoint, set())
            if shape not in kinds or not sight.parts <= shown:
                kinds.add(shape)
                shown |= sight.parts
                self.pages.append(Visit(person, sight.url))
            for form in sight.forms:
                same = kind_of(self.site, form)
                if form.method == "post" and same not in kinds:
                    kinds.add(same)
                    self.forms.append(Visit(person, sight.url, form))
        return self

    def open(self, page: BrowserPage, visit: Visit) -> None:
        """Go to the page, as that person."""
        page.context.clear_cookies()
        if visit.person is not None:
            cookie = self.site.client(visit.person).raw.get_cookie("eqia")
            assert cookie is not None
            page.context.add_cookies(
                [{"name": "eqia", "value": cookie.value, "url": self.base_url}]
            )
        page.goto(visit.url)

    def _look_up(self) -> None:
        """Note what roles everybody has."""
        with self.site.app.app_context():
            engine = db.engine
        with make_session(engine) as session:
            for person in self.site.people:
                grants = select(RoleGrantRow).where(RoleGrantRow.person_id == person.id)
                roles = frozenset(grant.role.value for grant in session.scalars(grants))
                self.roles[person.id] = roles


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tour]:
    with walked_site(tmp_path_factory) as site, serving(site.app) as url:
        yield Tour(site, url, Snapshot(site.app)).plan()


def complaint_about(page: BrowserPage, what: str) -> list[str]:
    """What is wrong with the page that is open, at both widths: first as wide as it is."""
    found = []
    size = page.viewport_size
    is_narrow = size is not None and size["width"] == NARROW
    for width in (NARROW, WIDE) if is_narrow else (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        try:
            assert_accessible(page)
        except AssertionError as error:
            found.append(f"{what} at {width}: {str(error)[:600]}")
    return found


def complaint_about_refusal(page: BrowserPage, what: str) -> list[str]:
    """What is wrong with a page that came back: its title, its summary, where that leads."""
    found = []
    if not page.title().startswith(ERRORS):
        found.append(f"{what}: title {page.title()!r}")
    focused = "document.activeElement.className"
    if "govuk-error-summary" not in page.evaluate(focused):
        found.append(f"{what}: the summary has no focus but {page.evaluate(focused)!r}")
        return found
    page.keyboard.press("Tab")
    href = page.evaluate("document.activeElement.getAttribute('href') || ''")
    if not href.startswith("#"):
        # What is still missing before sending lies on other pages.
        return found if href.startswith("/") else [*found, f"{what}: no link in the summary"]
    page.keyboard.press("Enter")
    focused = page.evaluate("document.activeElement.id")
    if focused != href[1:] and href != "#main-content":
        found.append(f"{what}: the summary leads to {href}, but {focused!r} has the focus")
    return found


def test_every_page_is_accessible_at_both_widths(browser: Browser, tour: Tour):
    found = []
    with quiet_page(browser, base_url=tour.base_url) as page:
        for visit in tour.pages:
            tour.open(page, visit)
            found += complaint_about(page, f"{visit.url} as {visit.person and visit.person.name}")
    assert found == [], f"{len(found)} complaints about {len(tour.pages)} pages"
    assert len(tour.pages) > 60


def sent(page: BrowserPage, tour: Tour, visit: Visit, change: str) -> int:
    """Open a page, change its form and send it; gives the status of what came back."""
    assert visit.form is not None
    tour.open(page, visit)
    boxes = page.locator(f'form[method="post"][action="{visit.form.action}"]')
    form = boxes.first if boxes.count() else page.locator('main form[method="post"]').first
    form.evaluate(change)
    with page.expect_navigation() as arrived:
        form.evaluate(_SEND)
    return arrived.value.status if arrived.value else 0


def test_every_refused_form_says_so_and_leads_to_the_field(browser: Browser, tour: Tour):
    found, refused = [], 0
    with quiet_page(browser, base_url=tour.base_url) as page:
        for visit in tour.forms:
            status = sent(page, tour, visit, _EMPTY)
            what = f"{visit.url} sent empty ({status})"
            if status == 422:
                refused += 1
                found += complaint_about_refusal(page, what) + complaint_about(page, what)
            elif status >= 500:
                found.append(what)
            tour.snapshot.restore()
    assert found == [], f"{len(found)} complaints about {refused} refused forms"
    assert refused > 15


def test_every_conflict_page_is_accessible(browser: Browser, tour: Tour):
    found, endpoints = [], set()
    with quiet_page(browser, base_url=tour.base_url) as page:
        for visit in tour.forms:
            assert visit.form is not None
            endpoint = tour.site.endpoint(visit.form.action, "POST")
            if "version" not in visit.form.hidden or endpoint in endpoints:
                continue
            endpoints.add(endpoint)
            status = sent(page, tour, visit, _STALE)
            what = f"{visit.url} sent stale ({status})"
            found += complaint_about(page, what) if status in {409, 422} else []
            tour.snapshot.restore()
    assert found == []
    assert endpoints


def test_pages_for_lost_closed_and_expired_are_accessible(browser: Browser, tour: Tour):
    found = []
    lead = next(person for person in tour.site.people if not tour.roles[person.id])
    visits = [Visit(lead, "/no/such/page"), Visit(lead, "/people"), Visit(None, "/projects")]
    with quiet_page(browser, base_url=tour.base_url) as page:
        for visit in visits:
            tour.open(page, visit)
            found += complaint_about(page, visit.url)
        edited = next(v for v in tour.forms if v.form and "/pages/" in v.form.action)
        tour.open(page, edited)
        page.context.clear_cookies()
        form = page.locator(f'form[method="post"][action="{edited.form.action}"]')
        with page.expect_navigation():
            form.evaluate(_SEND)
        found += complaint_about(page, "a session that ended")
    assert found == []
