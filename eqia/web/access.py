"""Guards: every page names the action it needs; what names none answers 403."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import uuid4

from flask import Flask, current_app, g, request
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import Forbidden

from eqia.domain.errors import NotAllowed, NotFound
from eqia.domain.events import Context
from eqia.domain.people import Person
from eqia.domain.permissions import Action, Permission, Thing, can, reading_action, role_used
from eqia.services import accounts
from eqia.web import clock, kept, sessions
from eqia.web.extensions import db

View = Callable[..., Any]
_ACTION = "eqia_action"
_NOT_THERE = "There is no such page."


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a page is about, and the facts that decide who may see it."""

    row: Any
    thing: Thing
    #: what a person must be allowed before they may know the thing is there
    reading: Action | None = None


Loader = Callable[..., Loaded | None]


def public(view: View) -> View:
    """Mark a page that anyone may see, signed in or not."""
    setattr(view, _ACTION, "public")
    return view


def requires(
    action: Action, *, load: Loader | None = None, reauth: bool = False
) -> Callable[[View], View]:
    """Let a page be used only by those who may do `action` to what `load` finds.

    `the_screening(session, screening_id)` takes `screening_id` out of the address and the page
    is called with `screening=row` in its place.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> Any:  # noqa: ANN401 - whatever the address and page hold
            if sessions.signed_in() is None:
                return kept.sign_in_first()
            thing = _load(load, values) if load else None
            _must(action, thing)
            if reauth and not recently_authenticated():
                return kept.confirm_first(current_person().id)
            return view(**values)

        setattr(guarded, _ACTION, action)
        return guarded

    return decorate


def action_of(view: View) -> Action | str | None:
    """Give the action a view needs, `public`, or None where somebody forgot."""
    found: Action | str | None = getattr(view, _ACTION, None)
    return found


def current_person() -> Person:
    """Give the person signed in; only for pages behind a guard."""
    signed_in = sessions.signed_in()
    if signed_in is None:
        raise NotAllowed("Sign in to do this.", code="role")
    return signed_in.person


def context() -> Context:
    """Give where an act comes from, for the event log."""
    signed_in = sessions.signed_in()
    return Context(
        session_id=signed_in.row.id if signed_in else None,
        request_id=request_id(),
        role_used=g.get("role_used", ""),
    )


def request_id() -> str:
    """Give the name of this request, for the log and for error pages."""
    if "request_id" not in g:
        g.request_id = uuid4().hex
    found: str = g.request_id
    return found


def allowed(action: Action | str, thing: Thing | None = None) -> Permission:
    """Say whether the person signed in may do this; pages ask it as `may`."""
    signed_in = sessions.signed_in()
    return can(signed_in.person if signed_in else None, Action(action), thing)


def recently_authenticated() -> bool:
    """Whether the person proved who they are a short while ago."""
    signed_in = sessions.signed_in()
    return signed_in is not None and accounts.is_fresh(
        signed_in.row, limits=sessions.limits(), now=clock.now()
    )


def kept_form() -> MultiDict[str, str] | None:
    """Give what the person had typed on this page before their session ended."""
    found: MultiDict[str, str] | None = g.get("kept")
    return found


def init_app(app: Flask) -> None:
    """Refuse pages that name no action, and bring back kept forms."""
    app.before_request(_refuse_unguarded)
    app.before_request(_bring_back)
    app.jinja_env.globals["may"] = allowed


def _refuse_unguarded() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and action_of(view) is None:
        raise Forbidden


def _bring_back() -> None:
    g.kept = None
    if "kept" in request.args and current_user.is_authenticated:
        g.kept = kept.kept_form(current_person().id)


def _load(load: Loader, values: dict[str, Any]) -> Thing:
    """Find what the page is about; 404, in the same words, where it is not theirs to know of."""
    wanted = list(inspect.signature(load).parameters)[1:]
    loaded = load(db.session, **{name: values.pop(name) for name in wanted})
    if loaded is None or not _may_know_of(loaded):
        raise NotFound(_NOT_THERE)
    values[load.__name__.removeprefix("the_")] = loaded.row
    return loaded.thing


def _may_know_of(loaded: Loaded) -> bool:
    return bool(allowed(loaded.reading or reading_action(loaded.thing), loaded.thing))


def _must(action: Action, thing: Thing | None) -> None:
    permission = allowed(action, thing)
    if not permission:
        raise NotAllowed(permission.reason, code=permission.code)
    g.role_used = role_used(current_person(), action, thing)
