"""Fill a screening in through its pages, as a team would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.pages import CheckingClient, FormOnPage, Page


def start(client: CheckingClient, project_id: Any, **values: str) -> str:
    """Start a screening and give its address."""
    page = client.get(f"/screenings/new/{project_id}")
    return client.submit_form(page, **values).location


def boxes(form: FormOnPage, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Turn answers in the shape of `eqia decide` into the boxes of one page that ask them."""
    found: dict[str, Any] = {}
    for name in form.names:
        question, _, group = name.partition(".")
        if question in answers:
            value = answers[question]
            if group and isinstance(value, dict) and not name.endswith(".others"):
                group = group.partition("-")[0]
                value = value.get(group)
            put(found, form, name.partition("-")[0], value)
        else:
            base = name.partition("-")[0]
            if base in answers:
                put(found, form, base, answers[base])
    return found


def put(found: dict[str, Any], form: FormOnPage, base: str, value: Any) -> None:
    """Put one answer into the boxes of a field."""
    if value is None:
        return
    if f"{base}-day" in form.names and isinstance(value, str):
        year, month, day = value.split("-")
        found.update({f"{base}-day": day, f"{base}-month": month, f"{base}-year": year})
    elif isinstance(value, dict):
        for column, one in value.items():
            put(found, form, f"{base}-{column}", one)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        put(found, form, f"{base}-1", value[0])
    elif base in form.names:
        found[base] = keep_offered(form, base, value)


def keep_offered(form: FormOnPage, base: str, value: Any) -> Any:
    """Leave out ticks that no hand can make, such as a basis that sources give."""
    offered = form.choices.get(base)
    if isinstance(value, list) and offered is not None:
        return [one for one in value if one in offered]
    return value


def shared_reason(form: FormOnPage, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Write one reason for every group of the page, each ticked."""
    name = next((n for n in form.names if n.endswith(".why-1")), "")
    if not name:
        return {}
    question = name.partition(".")[0]
    who = name.replace(".why-", ".who-")
    groups = list(form.choices[who])
    return {name: answers[question][groups[0]], who: groups}


def walk(client: CheckingClient, home: str, answers: Mapping[str, Any], *, most: int = 80) -> int:
    """Answer page after page from the task list until nothing is left; gives how many."""
    seen: set[str] = set()
    address = _open_sections(client, home)[0]
    for count in range(most):
        page = client.get(address)
        while page.location:
            page = client.follow(page)
        seen |= {address, page.url}
        if page.url.endswith(("/check", home)):
            return count
        address = _next(client, page, answers)
        if address == home:
            left = [one for one in _open_sections(client, home) if one not in seen]
            if not left:
                return count + 1
            address = left[0]
    message = f"no end after {most} pages, at {address}"
    raise AssertionError(message)


def _next(client: CheckingClient, page: Page, answers: Mapping[str, Any]) -> str:
    """Do what a page asks for, and give the address that follows."""
    if page.url.endswith("/evidence"):
        return next(href for text, href in page.links.items() if text.startswith("Say whether"))
    if "/sections/" in page.url:
        return client.submit_form(page, completed="yes").location
    form = page.form()
    data = {**boxes(form, answers), **shared_reason(form, answers)}
    return client.submit_form(page, form, data).location


def _open_sections(client: CheckingClient, home: str) -> list[str]:
    return _sections(client.get(home))


def _sections(page: Page) -> list[str]:
    """The links of the task list that are not completed yet."""
    found = []
    for item in page.having_class("govuk-task-list__item"):
        text = "".join(item.itertext())
        if "Completed" not in text:
            found += [a.get("href", "") for a in item.iter("a")]
    return found
