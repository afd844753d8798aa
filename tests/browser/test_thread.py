"""The thread in Chromium with JavaScript off: from a signed screening to its next version."""

from __future__ import annotations

import csv
import io
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pypdf
import pytest

from eqia.persistence.database import make_session, writing
from eqia.persistence.tables import IdentityRow
from eqia.services import accounts
from eqia.web.extensions import db
from tests.browser.chromium import quiet_page
from tests.browser.person import PASSWORD, Somebody
from tests.plan_builders import answers
from tests.review_world import fixed, open_world

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser
    from sqlalchemy.orm import Session

    from eqia.persistence.tables import PersonRow
    from tests.browser.server import Service
    from tests.page import Page

#: the year whose quarters are read: all of them are over, whatever day it is
YEAR = datetime.now(UTC).year - 1
STARTS = [f"{YEAR}-{month:02}-01" for month in (1, 4, 7, 10)]
MEASURE = {
    "kind": "outcome",
    "shape": "proportion",
    "numerator": "Visits missed",
    "denominator": "Visits booked",
    "direction": "down",
    "characteristic": "age",
    "members": "Under 65\n65 and over",
    "reference": "Under 65",
    "frequency": "quarter",
    "lag_days": "14",
}


@pytest.fixture
def folk(browser: Browser, service: Service) -> Iterator[dict[str, Somebody | str]]:
    """The team, a reviewer and an approver of a signed screening, each at a browser."""
    with service.app.app_context(), make_session(db.engine) as session:
        world = open_world(session, form=fixed())
        world.at = datetime.now(UTC) - timedelta(hours=3)
        world.submit().confirm().read()
        world.sign()
        rows = {
            "lead": world.lead_row,
            "reviewer": world.rows["Rita Reviewer"],
            "approver": world.rows["Ann Approver"],
        }
        _let_in(session, service, rows)
        home = f"/screenings/{world.screening.id}"
    with ExitStack() as browsers:
        found: dict[str, Somebody | str] = {"home": home}
        for name, row in rows.items():
            page = quiet_page(browser, script=False, base_url=service.url)
            somebody = Somebody(browsers.enter_context(page))
            somebody.sign_in(row.email)
            found[name] = somebody
        yield found


def _let_in(session: Session, service: Service, rows: Mapping[str, PersonRow]) -> None:
    hashed = service.app.extensions["passwords"].hash(PASSWORD)
    with writing(session):
        for row in rows.values():
            session.add(IdentityRow(person_id=row.id, issuer="local", subject=row.email))
            accounts.store_password(session, person_id=row.id, hashed=hashed, now=row.created_at)


def test_a_finding_leads_to_a_measure_a_concern_a_review_and_a_signed_annex(folk):
    lead, home = folk["lead"], folk["home"]
    plan = _open(lead, home)
    measure = _define(lead, plan)
    _read(lead, measure)
    _import(lead, measure)
    _concern(lead, plan, measure)
    again = _decide(lead, plan)
    _change(lead, again)
    _sign(folk, again)
    _annex(lead, again)


def _day(name: str, day: str) -> dict[str, str]:
    year, month, number = day.split("-")
    return {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}


def _open(lead: Somebody, home: str) -> str:
    """Open the plan: what the screening found and promised is in it already."""
    page = lead.get(f"{home}/plan")
    page = lead.submit_form(page, aim="Nobody misses more visits than before.")
    for words in ("0 of 1 findings that need action are covered", "Ring people", "Missed visits"):
        assert words in page.text
    return page.url


def _define(lead: Somebody, plan: str) -> str:
    lead.get(plan)
    page = lead.click("Define it")
    return lead.submit_form(page, data=MEASURE | _day("first_period", STARTS[0])).url


def _figures(older: int) -> dict[str, str]:
    counts = {"": (10 + older, 200), "under_65": (10, 100), "65_and_over": (older, 100)}
    return {
        name: str(number)
        for code, (counted, of) in counts.items()
        for name, number in ((f"figure.{code}", counted), (f"of.{code}", of))
    }


def _read(lead: Somebody, measure: str) -> None:
    """Type two quarters by group, and say that they are what later ones are compared with."""
    for start, older in zip(STARTS, (12, 14), strict=False):
        page = lead.get(f"{measure}/readings/{start}")
        page = lead.submit_form(page, data=_figures(older))
    assert "14.0% (14 of 100)" in page.text
    page = lead.click("Set the baseline")
    days = _day("from_date", STARTS[0]) | _day("to_date", f"{YEAR}-06-30")
    page = lead.submit_form(page, data={**days, "state": "agreed"})
    assert "13.0%" in page.text


def _import(lead: Somebody, measure: str) -> None:
    """Fill in the service's own form for two quarters more, and send it."""
    lead.get(measure)
    lead.click("Import readings")
    blank = lead.browser.context.request.get(f"{measure}/imports/form.csv").text()
    rows = list(csv.reader(io.StringIO(blank.lstrip("\ufeff"))))
    counts = {"Everybody": ("55", "200"), "Under 65": ("10", "100"), "65 and over": ("45", "100")}
    filled = [
        [*row[:5], *counts[row[4]], *row[7:]] if row[1] in STARTS[2:] else row for row in rows
    ]
    text = io.StringIO()
    csv.writer(text).writerows(filled)
    file = {"name": "quarters.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}
    lead.browser.set_input_files('input[type="file"]', file)
    lead.browser.get_by_role("button", name="Send the file").click()
    page = lead.submit_form(_shown(lead), kind="own")
    assert "Import 6 readings" in page.text
    page = lead.submit_form(page)
    assert "45.0% (45 of 100)" in lead.get(measure).text


def _shown(lead: Somebody) -> Page:
    return lead.get(lead.browser.url)


def _concern(lead: Somebody, plan: str, measure: str) -> None:
    """The gap is clearly wider: the chart says so in words, and so does the plan."""
    wider = "The gap between 65 and over and Under 65 is clearly wider than before."
    page = lead.get(measure)
    assert wider in page.text
    assert lead.browser.locator("main svg").count()
    assert wider in lead.get(plan).text


def _decide(lead: Somebody, plan: str) -> str:
    """Hold a review that ends in screening again, and start the next version."""
    lead.get(plan)
    page = lead.click("Hold a review")
    words = {"decision": "rescreen", "notes": "Older people miss more visits than we said."}
    today = datetime.now(UTC).date()
    later = today + timedelta(days=90)
    days = _day("held_on", today.isoformat()) | _day("next_review", later.isoformat())
    again = {"rescreen_by": "Asha"} | _day("rescreen_due", today.isoformat())
    page = lead.submit_form(page, data=words | days | again | answers(page))
    assert "Screen again: the answers no longer hold" in page.text
    page = lead.click("Start version 2 of the screening")
    words = {"summary": "More visits are missed than we expected.", "sections": ["about"]}
    page = lead.submit_form(page, data=words)
    assert "v2" in page.text
    return page.url


def _change(lead: Somebody, home: str) -> None:
    page = lead.get(f"{home}/pages/what")
    lead.submit_form(page, A1="Visits move to the evening, and older people are rung before.")
    # The section that the concern is about is looked at again as well.
    for section in ("about", "groups"):
        lead.submit_form(lead.get(f"{home}/sections/{section}"), completed="yes")
    lead.submit_form(lead.get(f"{home}/submit"), confirm=["yes"])


def _sign(folk: Mapping[str, Somebody], home: str) -> None:
    reviewer, approver = folk["reviewer"], folk["approver"]
    reviewer.submit_form(reviewer.get(f"{home}/review/confirm"))
    approver.submit_form(approver.get(f"{home}/review/receipt"), read=["read"])
    page = approver.get(f"{home}/review/sign")
    form = page.form()
    ticks = {name: list(values) for name, values in form.choices.items()}
    weight = dict.fromkeys(("benefits", "harms", "proportionate"), "Weighed against each other.")
    approver.submit_form(page, form, {**ticks, **weight})
    assert "Signed" in approver.get(home).text


def _annex(lead: Somebody, home: str) -> None:
    """The record of version 2 carries the plan as it stood, on its page and in its PDF."""
    record = home.replace("/screenings/", "/records/")
    page = lead.get(record)
    body = lead.browser.context.request.get(f"{record}.pdf").body()
    printed = " ".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(body)).pages)
    for text in (page.text, " ".join(printed.split())):
        assert "Annex: the plan and its measures" in text
        assert "Older people miss more visits than we said." in text
        assert "about 45%" in text
