"""What stands around every page: header, menu, footer, and the files its head links to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app, g, request, url_for

import eqia
from eqia.domain.permissions import Action, can
from eqia.persistence.queries import organisations
from eqia.web import sessions
from eqia.web.components import component
from eqia.web.extensions import db
from eqia.web.security import JS_ENABLED
from eqia.web.static_files import asset_names

if TYPE_CHECKING:
    from flask import Flask
    from markupsafe import Markup

    from eqia.domain.people import Person, Role
    from eqia.persistence.queries.people import Host
    from eqia.persistence.tables.organisations import OrganisationRow
    from eqia.web.static_files import Assets

    #: what an entry says and where it leads
    Entries = tuple[tuple[str, str], ...]

SERVICE = "Equality screening"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu; shown to those who may do what it leads to."""

    text: str
    endpoint: str
    action: Action


MENU = (
    Entry("Home", "start.home", Action.SEE_HOME),
    Entry("Projects", "projects.index", Action.SEE_HOME),
    Entry("Register", "register.index", Action.SEE_REGISTER),
    Entry("Review queue", "reviews.index", Action.SEE_QUEUE),
    Entry("Plans", "governance.index", Action.SEE_GOVERNANCE),
    Entry("Events", "events.index", Action.SEE_ALL_EVENTS),
    Entry("People", "people.index", Action.ADMINISTER),
    Entry("Organisation", "organisations.edit", Action.ADMINISTER),
    Entry("Your account", "account.show", Action.MANAGE_OWN_ACCOUNT),
)
#: Where the organisation's own header colour comes from, and the accessibility statement.
COLOUR_SHEET = "organisations.colour"
STATEMENT = "account.accessibility"
VERIFY = "verify.index"
PUBLISHED = "publications.index"
SIGN_OUT = "account.sign_out"


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses in the frame that are the same for everybody; what is not there leads home."""

    home: str
    #: the picture in the browser's tab
    icon: str
    #: the accessibility statement
    statement: str
    #: the page where anyone has a record checked
    verify: str
    #: what anyone can read
    published: str
    #: what ends the session
    sign_out: str


class Chrome:
    """The parts of a page that are the same everywhere, worked out once a request."""

    service = SERVICE
    version = eqia.__version__
    script = JS_ENABLED

    def __init__(self) -> None:
        signed_in = sessions.signed_in()
        self.person: Person | None = signed_in.person if signed_in else None
        self._organisation: OrganisationRow | Host | None = (
            signed_in.organisation if signed_in else _host()
        )
        self.links = _links()

    @property
    def assets(self) -> Assets:
        """Addresses of the style sheet and the script."""
        found: Assets = current_app.extensions["eqia_assets"]
        return found

    @property
    def name(self) -> str:
        """The organisation's short name, else its name, else the service's."""
        row = self._organisation
        return (row.logo_text or row.name) if row else SERVICE

    @property
    def colour_sheet(self) -> str:
        """Address of the style sheet with the organisation's own colour, or ""."""
        row = self._organisation
        if row is None or not row.colour or not _has(COLOUR_SHEET):
            return ""
        return url_for(COLOUR_SHEET, v=row.version)

    @property
    def header(self) -> Markup:
        """The header with the organisation's name."""
        return component("govukGenericHeader", {"url": self.links.home, "logoText": self.name})

    @property
    def menu(self) -> Markup:
        """The service's name and what this person may go to."""
        home, path = self.links.home, request.path
        entries = _entries(self.person) if self.person else ()
        here = next((href for _, href in entries if _within(path, href, home)), "")
        return _menu(entries, here, home, current=path == here)

    @property
    def contact(self) -> str:
        """The organisation's role mailbox, or ""."""
        return self._organisation.role_mailbox if self._organisation else ""


def chrome() -> Chrome:
    """Give this request's page surroundings."""
    if "chrome" not in g:
        g.chrome = Chrome()
    found: Chrome = g.chrome
    return found


def _host() -> OrganisationRow | None:
    """Read the organisation, unless the database is what failed (operations.md section 8)."""
    return None if g.get("database_down") else organisations.host(db.session)


def _entries(person: Person) -> Entries:
    """Choose the entries for what somebody may do anywhere: that hangs on their roles alone."""
    kept: dict[tuple[str, frozenset[Role]], Entries] = current_app.extensions["eqia_menus"]
    key = (request.script_root, person.roles)
    if key not in kept:
        kept[key] = tuple(
            (entry.text, url_for(entry.endpoint))
            for entry in MENU
            if _has(entry.endpoint) and can(person, entry.action).allowed
        )
    return kept[key]


@lru_cache(maxsize=256)
def _menu(entries: Entries, here: str, home: str, *, current: bool) -> Markup:
    """Draw the menu; it holds our own words and addresses only, so it is kept whole."""
    items = [
        {"text": text, "href": href, "current": current and href == here, "active": href == here}
        for text, href in entries
    ]
    return component(
        "govukServiceNavigation",
        {"serviceName": SERVICE, "serviceUrl": home, "navigation": items},
    )


def _within(path: str, href: str, home: str) -> bool:
    return path == href or (href != home and path.startswith(f"{href}/"))


def _links() -> Links:
    """Find the addresses once for each place the service is reached at."""
    kept: dict[str, Links] = current_app.extensions["eqia_links"]
    root = request.script_root
    if root not in kept:
        home = _address("start.home", "/")
        kept[root] = Links(
            home=home,
            icon=url_for("static", filename="favicon.svg"),
            statement=_address(STATEMENT, home),
            verify=_address(VERIFY, home),
            published=_address(PUBLISHED, home),
            sign_out=_address(SIGN_OUT, ""),
        )
    return kept[root]


def _address(endpoint: str, otherwise: str) -> str:
    return url_for(endpoint) if _has(endpoint) else otherwise


def _has(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def init_app(app: Flask) -> None:
    """Offer `chrome()` to every template, and find the built files once."""
    app.extensions["eqia_assets"] = asset_names(
        Path(str(app.static_folder)), app.static_url_path or "/static"
    )
    app.extensions["eqia_links"] = {}
    app.extensions["eqia_menus"] = {}
    app.jinja_env.globals["chrome"] = chrome
