"""Every page, everybody and every stage, against one table written by hand.

Who may comes from the table of tests/domain/test_permissions.py, which was written out from the
design and not from the code. A page missing here, or one that names no action, fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

import pytest
from flask import url_for
from sqlalchemy import select

from eqia.domain.people import MemberRole, Role
from eqia.domain.permissions import Action
from eqia.domain.screenings import Status
from eqia.persistence.database import create_all_for_tests, make_session
from eqia.persistence.queries import pdsa, plan_sections
from eqia.persistence.tables import (
    ActionMeasureRow,
    BodyRow,
    ChartAdjustmentRow,
    CommentRow,
    EvidenceActionRow,
    EvidenceRow,
    FindingRow,
    LocalGroupRow,
    LookRequestRow,
    MeasureRow,
    MeasureVersionRow,
    PersonSessionRow,
    PlanRow,
    ProjectRow,
    PublicationRow,
    RoleGrantRow,
    ScreeningRow,
    TargetRow,
)
from eqia.services import demonstration
from eqia.services.eqias import NO_EQIA
from eqia.web.access import action_of
from eqia.web.extensions import db
from tests.builders import NOW, make_member, make_person, make_project
from tests.domain.test_permissions import LETTERS, TABLE
from tests.pages import CheckingClient
from tests.part_builders import make_cycle, make_entry, make_risk
from tests.plan_builders import make_batch

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Flask
    from werkzeug.routing import Rule

OPEN, ALONE, PROJECT, SCREENING = "open", "alone", "project", "screening"
PERSON, RECORD, PLAN = "person", "record", "plan"

#: endpoint -> (what it needs, what it is about)
PAGES: dict[str, tuple[Action | None, str]] = {
    "account.accessibility": (None, OPEN),
    "account.confirm": (Action.MANAGE_OWN_ACCOUNT, ALONE),
    "account.end_session": (Action.MANAGE_OWN_ACCOUNT, ALONE),
    "account.invitation": (None, OPEN),
    "account.password": (Action.MANAGE_OWN_ACCOUNT, ALONE),
    "account.show": (Action.MANAGE_OWN_ACCOUNT, ALONE),
    "account.sign_in": (None, OPEN),
    "account.sign_out": (None, OPEN),
    "calendars.plan": (Action.READ_PLAN, PLAN),
    "calendars.readings": (Action.SEE_HOME, ALONE),
    "category_sets.index": (Action.ADMINISTER, ALONE),
    "category_sets.new": (Action.ADMINISTER, ALONE),
    "eqias.accept_date": (Action.ACCEPT_STATED_DATE, SCREENING),
    "eqias.approve": (Action.APPROVE_EQIA, SCREENING),
    "eqias.close_action": (Action.CLOSE_EVIDENCE_ACTION, SCREENING),
    "eqias.edit": (Action.EDIT_EQIA, SCREENING),
    "eqias.log": (Action.LOG_FOLLOW_UP, SCREENING),
    "eqias.show": (Action.READ_SCREENING, SCREENING),
    "eqias.state_date": (Action.EDIT_EQIA, SCREENING),
    "events.index": (Action.SEE_ALL_EVENTS, ALONE),
    "events.timeline": (Action.SEE_EVENTS, SCREENING),
    "evidence.edit": (Action.EDIT_SCREENING, SCREENING),
    "evidence.index": (Action.READ_SCREENING, SCREENING),
    "evidence.new": (Action.EDIT_SCREENING, SCREENING),
    "evidence.remove": (Action.EDIT_SCREENING, SCREENING),
    "exports.chart": (Action.READ_PLAN, PLAN),
    "exports.gaps": (Action.READ_PLAN, PLAN),
    "exports.measure": (Action.READ_PLAN, PLAN),
    "exports.measure_exact": (Action.SEE_EXACT, PLAN),
    "exports.measure_file": (Action.READ_PLAN, PLAN),
    "exports.opened": (Action.OPEN_EXACT, PLAN),
    "exports.pdf": (Action.READ_PLAN, PLAN),
    "exports.plan": (Action.READ_PLAN, PLAN),
    "exports.plan_exact": (Action.SEE_EXACT, PLAN),
    "exports.plan_file": (Action.READ_PLAN, PLAN),
    "findings.likelihood": (Action.EDIT_PLAN, PLAN),
    "governance.download": (Action.SEE_GOVERNANCE, ALONE),
    "governance.index": (Action.SEE_GOVERNANCE, ALONE),
    "health.healthz": (None, OPEN),
    "health.readyz": (None, OPEN),
    "health.version": (None, OPEN),
    "adjustments.new_limits": (Action.EDIT_PLAN, PLAN),
    "adjustments.note": (Action.EDIT_PLAN, PLAN),
    "adjustments.set_aside": (Action.EDIT_PLAN, PLAN),
    "adjustments.take_back": (Action.EDIT_PLAN, PLAN),
    "imports.columns": (Action.ADD_READING, PLAN),
    "imports.groups": (Action.ADD_READING, PLAN),
    "imports.index": (Action.ADD_READING, PLAN),
    "imports.kind": (Action.ADD_READING, PLAN),
    "imports.listed": (Action.ADD_READING, PLAN),
    "imports.preview": (Action.ADD_READING, PLAN),
    "imports.rows": (Action.ADD_READING, PLAN),
    "imports.template": (Action.ADD_READING, PLAN),
    "imports.undo": (Action.ADD_READING, PLAN),
    "measures.baseline": (Action.EDIT_PLAN, PLAN),
    "measure_links.end": (Action.EDIT_PLAN, PLAN),
    "measure_versions.show": (Action.READ_PLAN, PLAN),
    "measures.due": (Action.SEE_HOME, ALONE),
    "measures.edit": (Action.EDIT_PLAN, PLAN),
    "measures.exact": (Action.OPEN_EXACT, PLAN),
    "measures.new": (Action.EDIT_PLAN, PLAN),
    "measures.readings": (Action.ADD_READING, PLAN),
    "measures.show": (Action.READ_PLAN, PLAN),
    "measures.target": (Action.EDIT_PLAN, PLAN),
    "targets.change": (Action.EDIT_PLAN, PLAN),
    "targets.remove": (Action.EDIT_PLAN, PLAN),
    "organisations.bodies": (Action.ADMINISTER, ALONE),
    "organisations.body": (Action.ADMINISTER, ALONE),
    "organisations.colour": (None, OPEN),
    "organisations.edit": (Action.ADMINISTER, ALONE),
    "organisations.group": (Action.ADMINISTER, ALONE),
    "organisations.groups": (Action.ADMINISTER, ALONE),
    "pdsa.edit": (Action.EDIT_PLAN, PLAN),
    "pdsa.index": (Action.READ_PLAN, PLAN),
    "pdsa.new": (Action.EDIT_PLAN, PLAN),
    "people.deactivate": (Action.ADMINISTER, PERSON),
    "people.end_grant": (Action.ADMINISTER, PERSON),
    "people.index": (Action.ADMINISTER, ALONE),
    "people.invite": (Action.ADMINISTER, ALONE),
    "people.log": (Action.ADMINISTER, ALONE),
    "people.reactivate": (Action.ADMINISTER, PERSON),
    "people.reset": (Action.ADMINISTER, PERSON),
    "people.show": (Action.ADMINISTER, PERSON),
    "plan_sections.edit": (Action.EDIT_PLAN, PLAN),
    "plan_sections.index": (Action.READ_PLAN, PLAN),
    "plan_sections.put_back": (Action.EDIT_PLAN, PLAN),
    "plan_sections.take_off": (Action.EDIT_PLAN, PLAN),
    "plan_sections.write": (Action.EDIT_PLAN, PLAN),
    "plans.action": (Action.EDIT_PLAN, PLAN),
    "plans.add_action": (Action.EDIT_PLAN, PLAN),
    "plans.cannot_measure": (Action.EDIT_PLAN, PLAN),
    "plans.edit": (Action.EDIT_PLAN, PLAN),
    "plans.finish": (Action.EDIT_PLAN, PLAN),
    "plans.move": (Action.MOVE_PLAN, PLAN),
    "plans.new": (Action.OPEN_PLAN, SCREENING),
    "plans.no_action": (Action.EDIT_PLAN, PLAN),
    "plans.review": (Action.HOLD_REVIEW, PLAN),
    "plans.review_exact": (Action.OPEN_EXACT, PLAN),
    "plans.show": (Action.READ_PLAN, PLAN),
    "plans.take_over": (Action.EDIT_PLAN, PLAN),
    "projects.change_member": (Action.INVITE_MEMBER, PROJECT),
    "projects.edit": (Action.EDIT_PROJECT, PROJECT),
    "projects.index": (Action.SEE_HOME, ALONE),
    "projects.members": (Action.INVITE_MEMBER, PROJECT),
    "projects.new": (Action.START_PROJECT, ALONE),
    "projects.show": (Action.READ_PROJECT, PROJECT),
    "publications.ask": (None, OPEN),
    "publications.asked": (None, OPEN),
    "publications.feed": (None, OPEN),
    "publications.index": (None, OPEN),
    "publications.json": (None, OPEN),
    "publications.pdf": (None, OPEN),
    "publications.show": (None, OPEN),
    "publishing.answer": (Action.ANSWER_REQUEST, RECORD),
    "publishing.publish": (Action.PUBLISH, RECORD),
    "publishing.requests": (Action.READ_RECORD, RECORD),
    "publishing.unpublish": (Action.PUBLISH, RECORD),
    "readiness.gate": (Action.EDIT_PLAN, PLAN),
    "readiness.history": (Action.READ_PLAN, PLAN),
    "readiness.pdf": (Action.READ_PLAN, PLAN),
    "readiness.show": (Action.READ_PLAN, PLAN),
    "readiness.tell": (Action.EDIT_PLAN, PLAN),
    "records.csv": (Action.READ_RECORD, RECORD),
    "records.json": (Action.READ_RECORD, RECORD),
    "records.pdf": (Action.READ_RECORD, RECORD),
    "records.show": (Action.READ_RECORD, RECORD),
    "register.download": (Action.SEE_REGISTER, ALONE),
    "register.index": (Action.SEE_REGISTER, ALONE),
    "register.report": (Action.SEE_REPORT, ALONE),
    "register.report_download": (Action.SEE_REPORT, ALONE),
    "reviews.agree_lowering": (Action.AGREE_LOWERING, SCREENING),
    "reviews.claim": (Action.CLAIM, SCREENING),
    "reviews.comment": (Action.COMMENT, SCREENING),
    "reviews.confirm": (Action.CONFIRM, SCREENING),
    "reviews.index": (Action.SEE_QUEUE, ALONE),
    "reviews.propose_lowering": (Action.PROPOSE_LOWERING, SCREENING),
    "reviews.raise_outcome": (Action.RAISE, SCREENING),
    "reviews.reassign": (Action.CLAIM, SCREENING),
    "reviews.reply": (Action.REPLY, SCREENING),
    "reviews.send_back": (Action.RETURN, SCREENING),
    "reviews.show": (Action.READ_SCREENING, SCREENING),
    "risks.close": (Action.EDIT_PLAN, PLAN),
    "risks.edit": (Action.EDIT_PLAN, PLAN),
    "risks.index": (Action.READ_PLAN, PLAN),
    "risks.new": (Action.EDIT_PLAN, PLAN),
    "risks.reopen": (Action.EDIT_PLAN, PLAN),
    "screenings.check": (Action.READ_SCREENING, SCREENING),
    "screenings.new": (Action.START_SCREENING, PROJECT),
    "screenings.new_version": (Action.NEW_VERSION, SCREENING),
    "screenings.newer_questions": (Action.EDIT_SCREENING, SCREENING),
    "screenings.page": (Action.EDIT_SCREENING, SCREENING),
    "screenings.section": (Action.EDIT_SCREENING, SCREENING),
    "screenings.show": (Action.READ_SCREENING, SCREENING),
    "screenings.stop": (Action.EDIT_SCREENING, SCREENING),
    "screenings.submit": (Action.SUBMIT, SCREENING),
    "screenings.withdraw": (Action.WITHDRAW, SCREENING),
    "sign_offs.receipt": (Action.GIVE_RECEIPT, SCREENING),
    "sign_offs.sign": (Action.SIGN_OFF, SCREENING),
    "start.home": (Action.SEE_HOME, ALONE),
    "static": (None, OPEN),
    "verify.certificates": (None, OPEN),
    "verify.index": (None, OPEN),
}
STAGES = (Status.DRAFT, Status.SUBMITTED, Status.REVIEWED, Status.SIGNED)
_READING = {
    PROJECT: Action.READ_PROJECT,
    PLAN: Action.READ_PLAN,
    SCREENING: Action.READ_SCREENING,
    PERSON: Action.ADMINISTER,
    # Before it is signed there is no record to know of.
    RECORD: Action.READ_RECORD,
}
#: where somebody who may is told that there is no such thing: not yet, not theirs, not any more
NOT_THERE = frozenset(
    {
        "account.end_session",
        "account.invitation",
        "eqias.accept_date",
        # A file on its way is seen by whoever sent it, and by nobody else.
        *(f"imports.{page}" for page in ("columns", "groups", "kind", "listed", "preview", "rows")),
        "readiness.tell",
        "reviews.agree_lowering",
    }
)
#: where somebody who may is told why it cannot be done, in these words
TOLD_WHY = {"eqias.approve": NO_EQIA}
SIGN_IN, ASKED_TO_SIGN_IN = 302, 401
PUBLIC = select(PublicationRow.reference, PublicationRow.number)


class Persona(NamedTuple):
    """Somebody, and what the policy calls them where they have no project."""

    who: str
    token: str


class World(NamedTuple):
    """The demonstration, with strangers of every role, each signed in."""

    app: Flask
    bytes: bytes
    personas: dict[str, Persona]
    values: dict[str, dict[str, object]]


@pytest.fixture(scope="module")
def monkeypatch_module():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def world(made, monkeypatch_module) -> World:
    app = made.app
    monkeypatch_module.setitem(app.config, "CLOCK", lambda: NOW)
    monkeypatch_module.setitem(app.config, "WTF_CSRF_ENABLED", False)
    with app.app_context():
        db.dispose()
        create_all_for_tests(db.engine)
        engine = db.engine
    with app.app_context():
        demonstration.make(db.session, now=NOW)
    with make_session(engine) as session:
        people = _people(session)
        values = {stage.value: _values(session, stage, people) for stage in STAGES}
        personas = {"anonymous": Persona("anonymous", "")}
        for name, person in people.items():
            who = "nobody" if name.endswith("elsewhere") else name
            personas[name] = Persona(who, _token(app, person))
    with engine.connect() as connection:
        snapshot = connection.connection.dbapi_connection.serialize()
    return World(app, snapshot, personas, values)


def _people(session) -> dict[str, object]:
    """Strangers to the demonstration: nobody's author, in all its projects or in none."""
    projects = session.scalars(select(ProjectRow)).all()
    people = {"nobody": make_person(session)}
    for role in MemberRole:
        people[role.value] = make_person(session)
        for project in projects:
            make_member(session, project=project, person=people[role.value], role=role)
        people[f"{role.value} elsewhere"] = make_person(session)
        elsewhere = make_project(session)
        make_member(session, project=elsewhere, person=people[f"{role.value} elsewhere"], role=role)
    for role in Role:
        people[role.value] = make_person(session, roles=[role])
    return people


def _token(app: Flask, person) -> str:
    client = CheckingClient(app).sign_in(person)
    with client.raw.session_transaction() as cookie:
        return cookie["token"]


def _values(session, stage: Status, people) -> dict[str, object]:
    """An id for every name in an address, all of one screening in this stage."""
    screening = session.scalars(
        select(ScreeningRow).where(ScreeningRow.status == stage).order_by(ScreeningRow.reference)
    ).first()
    assert screening is not None, f"the demonstration has nothing {stage}"
    author = screening.created_by
    grant = session.scalars(select(RoleGrantRow).where(RoleGrantRow.role == Role.AUDITOR)).first()
    return {
        "screening_id": screening.id,
        "project_id": screening.project_id,
        "person_id": grant.person_id,
        "grant_id": grant.id,
        "session_id": _kept(
            session,
            PersonSessionRow(
                person_id=people["nobody"].id,
                token_hash=uuid4().hex,
                created_at=NOW,
                last_seen_at=NOW,
                authenticated_at=NOW,
            ),
        ),
        "comment_id": _kept(
            session, CommentRow(screening_id=screening.id, body="Why?", author_id=author, at=NOW)
        ),
        "evidence_id": _of(session, EvidenceRow, screening)
        or _kept(
            session,
            EvidenceRow(
                screening_id=screening.id,
                kind="data",
                title="Counts",
                created_by=author,
                created_at=NOW,
            ),
        ),
        "action_id": _kept(
            session,
            EvidenceActionRow(
                screening_id=screening.id, cause="gap:9", text="Find out", created_at=NOW
            ),
        ),
        "request_id": _of(session, LookRequestRow, screening) or uuid4(),
        **dict(zip(("reference", "number"), session.execute(PUBLIC).first(), strict=True)),
        **_of_the_plan(session),
        "body": session.scalars(select(BodyRow.id)).first(),
        "group": session.scalars(select(LocalGroupRow.id)).first(),
        "token": "no-such-token",
        "filename": "plain.css",
        "page_id": "about",
        "section": "about",
        "kind": "decision",
        "filetype": "csv",
    }


def _of_the_plan(session) -> dict[str, object]:
    """The demonstration's first plan, with an id of everything in it."""
    plan = session.scalars(select(PlanRow).order_by(PlanRow.created_at, PlanRow.reference)).first()

    def first(table, order):
        return session.scalars(
            select(table).where(table.plan_id == plan.id).order_by(order)
        ).first()

    measure = first(MeasureRow, MeasureRow.title)
    return {
        "plan_id": plan.id,
        "step_id": session.scalars(
            select(ActionMeasureRow.action_id).where(ActionMeasureRow.measure_id == measure.id)
        ).first(),
        "finding_id": first(FindingRow, FindingRow.position).id,
        "measure_id": measure.id,
        "adjustment_id": session.scalars(
            select(ChartAdjustmentRow.id)
            .join(MeasureVersionRow, MeasureVersionRow.id == ChartAdjustmentRow.version_id)
            .where(MeasureVersionRow.measure_id == measure.id)
        ).first(),
        "target_id": session.scalars(
            select(TargetRow.id)
            .join(MeasureVersionRow, MeasureVersionRow.id == TargetRow.version_id)
            .where(MeasureVersionRow.measure_id == measure.id)
        ).first(),
        "before": 1,
        "start": measure.first_period.isoformat(),
        "batch_id": _batch(session, plan, measure),
        **_more_of_the_plan(session, plan),
        "gate_id": "priority",
        "key": "1-3",
        "rule": "R15",
        "way": "pause",
    }


def _batch(session, plan, measure) -> UUID:
    of_it = select(MeasureVersionRow).where(MeasureVersionRow.measure_id == measure.id)
    version = session.scalars(of_it.order_by(MeasureVersionRow.number.desc())).first()
    return make_batch(session, plan=plan, version=version).id


def _more_of_the_plan(session, plan) -> dict[str, object]:
    number = pdsa.next_number(session, plan)
    place = plan_sections.next_place(session, plan, "stakeholders")
    return {
        "risk_id": make_risk(session, plan=plan).id,
        "cycle_id": make_cycle(session, plan=plan, number=number).id,
        "entry_id": make_entry(session, plan=plan, place=place).id,
        "part": "stakeholders",
        "file_id": uuid4(),
        "ending": "csv",
        "which": "new",
    }


def _kept(session, row) -> UUID:
    session.add(row)
    session.commit()
    return row.id


def _of(session, table, screening) -> UUID | None:
    return session.scalars(select(table.id).where(table.screening_id == screening.id)).first()


def test_every_page_names_an_action(made):
    assert unguarded(made.app) == []


def test_a_page_that_names_no_action_is_refused_and_found(own_app):
    own_app.add_url_rule("/planted", "planted", lambda: "come in")
    assert own_app.test_client().get("/planted").status_code == 403
    assert unguarded(own_app) == ["planted"]


def test_every_page_is_in_the_table_and_asks_for_what_the_table_says(made):
    found = {name: action_of(view) for name, view in made.app.view_functions.items()}
    wanted = {name: action or "public" for name, (action, _) in PAGES.items()}
    assert found == wanted


def unguarded(app: Flask) -> list[str]:
    return [name for name, view in app.view_functions.items() if action_of(view) is None]


@pytest.mark.parametrize("endpoint", sorted(PAGES))
def test_everybody_is_let_in_or_refused_as_the_table_says(world, endpoint):
    _restore(world)
    problems = [_try(world, *cell) for cell in _cells(world, endpoint)]
    assert [problem for problem in problems if problem] == []


def _cells(world: World, endpoint: str):
    rules = [rule for rule in world.app.url_map.iter_rules() if rule.endpoint == endpoint]
    for rule in rules:
        for method in sorted(rule.methods & {"GET", "POST"}):
            for name in world.personas:
                for stage in _stages(rule):
                    yield endpoint, method, name, stage


def _stages(rule: Rule) -> tuple[str, ...]:
    about_a_screening = "screening_id" in rule.arguments
    return tuple(stage.value for stage in STAGES) if about_a_screening else (Status.DRAFT.value,)


def _try(world: World, endpoint: str, method: str, name: str, stage: str) -> str:
    """Ask for a page as somebody; words if the answer is not what the table says."""
    answer = _ask(world, endpoint, method, name, stage)
    expected = _expected(endpoint, method, world.personas[name].who, stage)
    if _as_expected(endpoint, answer, expected):
        return ""
    place = answer.headers.get("Location", "")
    return f"{endpoint} {method} {name} {stage}: {answer.status_code} {place}, not {expected}"


def _ask(world: World, endpoint: str, method: str, name: str, stage: str):
    client = world.app.test_client()
    with client.session_transaction() as cookie:
        cookie["token"] = world.personas[name].token
    values = dict(world.values[stage])
    values["row_id"] = values.get(endpoint.rpartition(".")[2])
    rule = next(r for r in world.app.url_map.iter_rules() if r.endpoint == endpoint)
    with world.app.test_request_context():
        url = url_for(endpoint, **{key: values[key] for key in rule.arguments})
    answer = client.open(url, method=method, buffered=True)
    if method == "POST" and answer.status_code < 400:
        _restore(world)
    return answer


def _expected(endpoint: str, method: str, who: str, stage: str) -> int | None:
    """The refusal the policy asks for; None where this person is let in."""
    action, about = PAGES[endpoint]
    if action is None:
        return None
    if who == "anonymous":
        return SIGN_IN if method == "GET" else ASKED_TO_SIGN_IN
    letter = next(letter for letter, status in LETTERS.items() if status == stage)
    if about in _READING and letter not in TABLE[_READING[about]].get(who, ""):
        return 404
    return None if letter in TABLE[action].get(who, "") else 403


def _as_expected(endpoint: str, answer, expected: int | None) -> bool:
    to_sign_in = "/account/sign-in" in answer.headers.get("Location", "")
    if expected == SIGN_IN:
        return answer.status_code == SIGN_IN and to_sign_in
    if expected is not None:
        return answer.status_code == expected
    if answer.status_code == 404:
        return endpoint in NOT_THERE
    if endpoint == "health.readyz":
        return answer.is_json
    if answer.status_code == 403 and endpoint in TOLD_WHY:
        return TOLD_WHY[endpoint] in answer.text
    let_in = answer.status_code < 500 and answer.status_code not in {401, 403}
    return let_in and (not to_sign_in or endpoint == "account.sign_out")


def _restore(world: World) -> None:
    """Put back what a page that did something changed."""
    with world.app.app_context(), db.engine.connect() as connection:
        connection.connection.dbapi_connection.deserialize(world.bytes)
