"""The home page: what waits for the person who opens it."""

from collections.abc import Iterable
from uuid import UUID

from flask import Blueprint, render_template

from eqia.domain.permissions import Action
from eqia.persistence.queries import projects, publications, screenings, waiting_plans
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
    waiting = queries.waiting_for(db.session, person)
    concerns, again = waiting_plans.after_reviews(db.session, person, today())
    return render_template(
        "start/home.html",
        person=person,
        waiting=waiting,
        stuck=_stuck(waiting),
        requests=publications.waiting_for(db.session, person),
        overdue=queries.overdue_actions(db.session, person, today()),
        late=waiting_plans.overdue(db.session, person, today()),
        concerns=concerns,
        again=again,
        actions=waiting_plans.actions(db.session, person, today()),
        projects=projects.of_person(db.session, person.id),
        today=today(),
    )


def _stuck(waiting: Iterable[queries.Waiting]) -> frozenset[UUID]:
    """Find those that wait for an approver and cannot be signed with their outcome."""
    rows = [
        one.screening
        for one in waiting
        if one.task is Action.SIGN_OFF and one.screening.outcome_in_force
    ]
    return frozenset(
        row.id
        for row in rows
        if not screenings.question_set_of(db.session, row).outcome(row.outcome_in_force).signable
    )
