"""The home page: what waits for the person who opens it."""

from flask import Blueprint, render_template

from eqia.domain.permissions import Action
from eqia.persistence.queries import projects, publications
from eqia.persistence.queries import start as queries
from eqia.web.access import current_person, requires
from eqia.web.clock import today
from eqia.web.extensions import db

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
@requires(Action.SEE_HOME)
def home() -> str:
    """Show what waits for you, your projects and how to start."""
    person = current_person()
    return render_template(
        "start/home.html",
        person=person,
        waiting=queries.waiting_for(db.session, person),
        requests=publications.waiting_for(db.session, person),
        overdue=queries.overdue_actions(db.session, person, today()),
        projects=projects.of_person(db.session, person.id),
        today=today(),
    )
