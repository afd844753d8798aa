"""The whole main job in Chromium with JavaScript off: from a project to the signed record."""

from __future__ import annotations

import hashlib
import json
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from eqia.domain.people import Role
from eqia.persistence.database import make_session, writing
from eqia.persistence.tables import IdentityRow, OrganisationRow
from eqia.services import accounts
from eqia.web.extensions import db
from tests.browser.chromium import quiet_page
from tests.browser.person import PASSWORD, Somebody
from tests.builders import make_person
from tests.journeys.filling import start, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.server import Service

ANSWERS = {
    "A1": "A therapist comes to your home after a fall, instead of you going to the clinic.",
    "A2": ["new"],
    "A3": ["patients"],
    "A4": "50-499",
    "A5": "options",
    "A5_date": "2027-06-30",
    "A6": "no",
    "A7": "Northmere Health",
    "B1": "yes",
    **{f"B{n}": "no" for n in (2, 3, 4, 5, 6, 8)},
    "B7": "na",
    "C1": {"age": "minor", "*": "none"},
    "C2": {"*": ["judgement"]},
    "C4": {
        "age": {"action": "A phone call", "owner": "Lead", "due": "2027-01-30", "residual": "none"}
    },
    "D1": "no",
    "D2": "taken",
    "D3": "none",
    "D4": "no",
    "D5": "no",
    "F1": "done",
    "F2": [],
    "G1": "no",
}
PEOPLE = {
    "lead": (),
    "member": (),
    "reviewer": (Role.REVIEWER,),
    "approver": (Role.APPROVER,),
    "stranger": (),
}


@pytest.fixture
def folk(browser: Browser, service: Service) -> Iterator[dict[str, Somebody]]:
    """Everybody the main job needs, each signed in at a browser of their own."""
    with service.app.app_context(), make_session(db.engine) as session:
        hashed = service.app.extensions["passwords"].hash(PASSWORD)
        with writing(session):
            session.add(OrganisationRow(name="Northmere Health"))
        for name, roles in PEOPLE.items():
            email = f"{name}@example.org"
            row = make_person(session, name=name.title(), email=email, roles=roles)
            with writing(session):
                session.add(IdentityRow(person_id=row.id, issuer="local", subject=email))
                accounts.store_password(
                    session, person_id=row.id, hashed=hashed, now=row.created_at
                )
    with ExitStack() as browsers:
        found = {}
        for name in PEOPLE:
            page = quiet_page(browser, script=False, base_url=service.url)
            found[name] = Somebody(browsers.enter_context(page))
            found[name].sign_in(f"{name}@example.org")
        yield found


def test_the_main_job_from_first_page_to_next_version(folk: dict[str, Somebody]):
    lead, member, reviewer = folk["lead"], folk["member"], folk["reviewer"]

    project = _project(lead)
    home = start(lead, project.rsplit("/", 1)[-1])
    walk(lead, home, ANSWERS)
    _conflict(lead, member, home)

    lead.submit_form(lead.get(f"{home}/submit"))
    folk["stranger"].get(home, expect=404)
    _return_and_send_again(lead, reviewer, home)
    reviewer.submit_form(reviewer.get(f"{home}/review/confirm"))

    _sign(folk["approver"], home)
    _record(folk["stranger"], home)
    assert "Signed" in folk["stranger"].get("/register?status=signed").text

    page = lead.get(f"{home}/new-version")
    again = lead.submit_form(page, summary="The visits now include Yate.")
    assert "v2" in lead.get(again.location).h1


def _project(lead: Somebody) -> str:
    page = lead.get("/projects/new")
    made = lead.submit_form(page, title="Falls checks at home", question_set_id="bhp-nhs")
    lead.click("Invite or change people")
    form = lead.browser.locator("form", has=lead.browser.locator("#email"))
    form.locator("#name").fill("Member")
    form.locator("#email").fill("member@example.org")
    form.get_by_role("button", name="Invite").click()
    assert "is in the project now" in lead.browser.content()
    return made.location


def _conflict(lead: Somebody, member: Somebody, home: str) -> None:
    """Two people change the same answer: the second is told, with both texts."""
    ours, theirs = lead.get(f"{home}/pages/what"), member.get(f"{home}/pages/what")
    lead.submit_form(ours, A1="A therapist comes to you within a week of a fall.")
    told = member.submit_form(theirs, A1="A nurse comes to you within a day.", expect=409)
    assert "A therapist comes to you within a week of a fall." in told.html
    assert "A nurse comes to you within a day." in told.html
    assert "Lead" in told.text


def _return_and_send_again(lead: Somebody, reviewer: Somebody, home: str) -> None:
    page = reviewer.get(f"{home}/review/return")
    due = {"due-day": "1", "due-month": "2", "due-year": "2099"}
    reviewer.submit_form(page, data={"reason": "Say what a week means on a Sunday.", **due})
    assert "Say what a week means on a Sunday." in lead.get(home).text
    page = lead.get(f"{home}/pages/what")
    lead.submit_form(page, A1="A therapist comes to you within seven days of a fall.")
    lead.submit_form(lead.get(f"{home}/submit"))


def _sign(approver: Somebody, home: str) -> None:
    approver.submit_form(approver.get(f"{home}/review/receipt"), read=["read"])
    page = approver.get(f"{home}/review/sign")
    form = page.form()
    ticks = {name: list(values) for name, values in form.choices.items()}
    weight = dict.fromkeys(("benefits", "harms", "proportionate"), "Weighed against each other.")
    approver.submit_form(page, form, {**ticks, **weight})
    assert "Signed" in approver.get(home).text


def _record(reader: Somebody, home: str) -> None:
    """Anybody signed in reads the record as a page, a PDF and JSON that match each other."""
    record = home.replace("/screenings/", "/records/")
    page = reader.get(record)
    assert "A therapist comes to you within seven days of a fall." in page.text
    ask = reader.browser.context.request
    pdf, text = ask.get(f"{record}.pdf"), ask.get(f"{record}.json")
    assert pdf.body().startswith(b"%PDF-1.7")
    assert hashlib.sha256(text.body()).hexdigest()[:8] in page.html.replace(" ", "")
    assert json.loads(text.body())["schema"] == 2
    assert ask.get(f"{record}.csv").ok
    _check(reader, pdf.body())


def _check(reader: Somebody, pdf: bytes) -> None:
    """Whoever was given the file chooses it on the page for checking records."""
    reader.get("/verify")
    file = {"name": "record.pdf", "mimeType": "application/pdf", "buffer": pdf}
    reader.browser.set_input_files("#file", file)
    reader.browser.get_by_role("button", name="Check this file").click()
    heading = reader.browser.get_by_role("heading", level=1).inner_text()
    assert heading.startswith("This file is unchanged, but its seal is only for trying")
    states = [tag.inner_text() for tag in reader.browser.locator("dd .govuk-tag").all()]
    assert states == ["Holds"] * 6
