"""Fill a screening in through its pages, as a team would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from eqia.web.wording import WORDS, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.pages import CheckingClient, FormOnPage, Page

COMPLETED = {say(language, "state_completed") for language in WORDS}
TEXT = "A plain sentence of our own, long enough to be a reason."
DAY = {"day": "30", "month": "6", "year": "2027"}
_NOTHING: Mapping[str, Any] = {"who": [], "why": ""}
#: `C4.age-due-day`, `G2-1-what`, `A5_date-day`, `C3.why-1`
_BOX = re.compile(
    r"(?P<question>\w+)(?:\.(?P<group>\w+))?(?:-(?P<row>\d+))?(?:-(?P<column>\w+?))??"
    r"(?:-(?P<part>day|month|year))?"
)


def start(client: CheckingClient, project_id: Any, **values: str) -> str:
    """Start a screening and give its address."""
    page = client.get(f"/screenings/new/{project_id}")
    return client.submit_form(page, **values).location


def boxes(form: FormOnPage, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Put answers, in the shape of `eqia decide`, into the boxes of a page; the rest at will."""
    buttons = {name for name, _ in form.buttons}
    found = {}
    for name in sorted(form.names - form.hidden - buttons):
        match = _BOX.fullmatch(name)
        assert match, name
        value = _value(match, form, name, answers)
        if value is not None:
            found[name] = value
    return found


def _value(match: re.Match[str], form: FormOnPage, name: str, answers: Mapping[str, Any]) -> Any:
    question, group, column, part = (
        match["question"],
        match["group"],
        match["column"],
        match["part"],
    )
    if group == "others":
        return None
    value = answers.get(question)
    if group in {"who", "why"} and isinstance(value, dict):
        # The row after the one reason is for another reason, which nobody has.
        first = match["row"] == "1"
        return _shared(question, group, form, value) if first else _NOTHING[group]
    if group == "who":
        return list(form.choices[name])
    if isinstance(value, dict) and group not in {None, "why"}:
        value = value.get(group, value.get("*"))
    if column is not None:
        row = value[0] if isinstance(value, list) and value else value
        value = row.get(column) if isinstance(row, dict) else None
        if match["row"] and answers.get(question, "any") in ([], None):
            return None
    if part:
        return (
            dict(zip(("year", "month", "day"), value.split("-"), strict=True))[part]
            if value
            else DAY[part]
        )
    return _offered(form, name, value)


def _shared(question: str, box: str, form: FormOnPage, reasons: Mapping[str, str]) -> Any:
    """Give the one reason that every group of the page has, or the groups it is for."""
    groups = next(list(form.choices[n]) for n in sorted(form.names) if f"{question}.who-" in n)
    texts = {reasons.get(group, reasons.get("*", "")) for group in groups}
    assert len(texts) == 1, f"several reasons for {groups}"
    return groups if box == "who" else texts.pop()


def _offered(form: FormOnPage, name: str, value: Any) -> Any:
    """Choose only what a hand can choose; without an answer, the first that is offered."""
    offered = form.choices.get(name)
    if offered is None:
        return TEXT if value is None else value
    if value is None:
        return offered[0]
    return [one for one in value if one in offered] if isinstance(value, list) else value


def walk(
    client: CheckingClient,
    home: str,
    answers: Mapping[str, Any],
    *,
    most: int = 90,
    first: str = "",
) -> int:
    """Answer page after page from the task list until nothing is left; gives how many."""
    seen: set[str] = set()
    address = first or _open_sections(client, home)[0]
    for count in range(most):
        page = client.get(address)
        while page.location:
            page = client.follow(page)
        seen |= {address, page.url}
        if page.url.endswith("/check"):
            return count
        address = answer(client, page, answers)
        if address == home:
            left = [one for one in _open_sections(client, home) if one not in seen]
            if not left:
                return count + 1
            address = left[0]
    message = f"no end after {most} pages, at {address}"
    raise AssertionError(message)


def answer(client: CheckingClient, page: Page, answers: Mapping[str, Any]) -> str:
    """Do what a page asks for, and give the address that follows."""
    if "/sections/" in page.url:
        return client.submit_form(page, completed="yes").location
    if page.url.endswith("/evidence"):
        return page.links["Continue"]
    form = page.form()
    return client.submit_form(page, form, boxes(form, answers)).location


def _open_sections(client: CheckingClient, home: str) -> list[str]:
    """The links of the task list that are not completed yet."""
    found = []
    for item in client.get(home).having_class("govuk-task-list__item"):
        if not COMPLETED & set(map(str.strip, item.itertext())):
            found += [a.get("href", "") for a in item.iter("a")]
    return found
