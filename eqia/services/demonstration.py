"""An invented organisation with people and projects at every stage, to try the service on."""

import tomllib
from collections.abc import Generator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from eqia.domain import reviews as rules
from eqia.domain.edits import Edit
from eqia.domain.eqias import EqiaStatus
from eqia.domain.people import MemberRole, Role
from eqia.persistence.database import writing
from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables.organisations import BodyRow, LocalGroupRow, OrganisationRow
from eqia.persistence.tables.people import IdentityRow, PersonRow, RoleGrantRow
from eqia.persistence.tables.projects import ProjectMemberRow, ProjectRow
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import (
    comments,
    demonstration_plans,
    demonstration_public,
    eqias,
    evidence,
    projects,
    reviews,
    screenings,
    sign_offs,
    tokens,
)
from eqia.services.demonstration_story import (
    SET,
    Acts,
    Stage,
    Story,
    answers,
    facts,
    in_order,
    source,
    typed,
)
from eqia.services.records import Printing

#: who signs reads so long before
_READ_BEFORE = timedelta(hours=2)
_FILE = Path(__file__).with_name("demonstration.toml")


def make(session: Session, *, now: datetime, printing: Printing | None = None) -> None:
    """Fill an empty instance with the demonstration; its records are made as `printing` says."""
    story = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    # Everybody joined long before the first screening began.
    joined = now - timedelta(days=400)
    with writing(session):
        _organisation(session, story["organisation"])
        folk = {one["key"]: _person(session, one, joined) for one in story["people"]}
    stage = Stage(session, now, folk, story["base"], printing or Printing())
    projects_told = [_project(stage, project) for project in story["projects"]]
    for _ in in_order([*projects_told, *demonstration_plans.follow(stage)]):
        pass


def _organisation(session: Session, told: Story) -> None:
    session.add(
        OrganisationRow(
            name=told["name"],
            logo_text=told["logo_text"],
            role_mailbox=told["role_mailbox"],
            question_set_id=SET,
        )
    )
    session.add_all(BodyRow(code=b["code"], name=b["name"]) for b in told["bodies"])
    session.add_all(LocalGroupRow(code=g["code"], label=g["label"]) for g in told["local_groups"])


def _person(session: Session, told: Story, joined: datetime) -> PersonRow:
    email = f"{told['key']}@severnside.example"
    row = PersonRow(name=told["name"], email=email, job_title=told["job_title"], created_at=joined)
    session.add(row)
    session.flush()
    session.add(IdentityRow(person_id=row.id, issuer="local", subject=email))
    session.add_all(
        RoleGrantRow(person_id=row.id, role=Role(role), from_at=joined) for role in told["roles"]
    )
    return row


def _project(stage: Stage, told: Story) -> Acts:
    first = told["screenings"][0]["started"] - 1
    now = stage.at(first)
    yield now
    row = projects.create(
        stage.session,
        actor=stage.person(told["lead"], now),
        now=now,
        project=facts(stage, told),
        token=tokens.new_token(),
    )
    with writing(stage.session):
        stage.session.add_all(
            ProjectMemberRow(
                project_id=row.id,
                person_id=stage.people[key].id,
                role=MemberRole.MEMBER,
                from_at=now,
            )
            for key in told["members"]
        )
    before: ScreeningRow | None = None
    for one in told["screenings"]:
        before = yield from _screening(stage, told, one, row=row, before=before)


def _screening(
    stage: Stage, told: Story, one: Story, *, row: ProjectRow, before: ScreeningRow | None
) -> Generator[datetime, None, ScreeningRow]:
    now = stage.at(one["started"])
    yield now
    lead = stage.person(told["lead"], now)
    if before is None:
        screening = screenings.start(
            stage.session,
            actor=lead,
            now=now,
            project=row,
            question_set_id=SET,
            language="en",
            token=tokens.new_token(),
        )
    else:
        screening = screenings.new_version(
            stage.session,
            actor=lead,
            now=now,
            screening=before,
            summary=one["changes"],
            sections=["about"],
            token=tokens.new_token(),
        )
    yield stage.at(one["started"] + 1)
    _fill_in(stage, told, one, screening)
    for step, act in _STEPS.items():
        if step in one:
            yield _moment(stage, one[step]) - (_READ_BEFORE if step == "signed" else timedelta())
            act(stage, told, one, screening)
    return screening


def _moment(stage: Stage, told: Any) -> datetime:  # noqa: ANN401 - days, or a table with them
    """Say when a step of a screening is taken."""
    if isinstance(told, Mapping):
        return stage.at(told["started"] if "started" in told else told["at"])
    return stage.at(told)


def _fill_in(stage: Stage, told: Story, one: Story, screening: ScreeningRow) -> None:
    """Give the sources first, then every answer, section by section."""
    now = stage.at(one["started"] + 1)
    lead = stage.person(told["lead"], now)
    for entered in one.get("evidence", ()):
        evidence.add(
            stage.session, actor=lead, now=now, screening=screening, source=source(stage, entered)
        )
    asked = queries.question_set_of(stage.session, screening)
    given = answers(stage, told, one, asked=asked, again=screening.number > 1)
    for section in asked.sections:
        if section.id not in one.get("sections", [s.id for s in asked.sections]):
            continue
        version = queries.section_version(stage.session, screening, section.id)
        edit = Edit(section.id, version, typed(given, asked, section.id))
        screenings.save(
            stage.session,
            actor=lead,
            now=now,
            screening=screening,
            edit=evidence.with_basis(stage.session, screening, edit),
        )
        screenings.complete_section(
            stage.session,
            actor=lead,
            now=now,
            screening=screening,
            section=section.id,
            completed=True,
        )


def _submit(stage: Stage, told: Story, one: Story, screening: ScreeningRow) -> None:
    now = stage.at(one["submitted"])
    lead = stage.person(told["lead"], now)
    if "stop_reason" in one:
        screenings.stop_here(
            stage.session, actor=lead, now=now, screening=screening, reason=one["stop_reason"]
        )
    screenings.submit(
        stage.session, actor=lead, now=now, screening=screening, token=tokens.new_token()
    )


def _return(stage: Stage, _told: Story, one: Story, screening: ScreeningRow) -> None:
    now = stage.at(one["returned"])
    dev = stage.person("dev", now)
    for comment in one["comments"]:
        comments.comment(
            stage.session,
            actor=dev,
            now=now,
            screening=screening,
            question=comment["question"],
            group=comment.get("group", ""),
            body=comment["body"],
        )
    reviews.send_back(
        stage.session,
        actor=dev,
        now=now,
        screening=screening,
        reason=one["return_reason"],
        due=stage.day(one["return_due"]),
    )


def _review(stage: Stage, _told: Story, one: Story, screening: ScreeningRow) -> None:
    now = stage.at(one["reviewed"])
    dev = stage.person("dev", now)
    reviews.claim(stage.session, actor=dev, now=now, screening=screening)
    reviews.confirm(
        stage.session, actor=dev, now=now, screening=screening, token=tokens.new_token()
    )


def _sign(stage: Stage, _told: Story, one: Story, screening: ScreeningRow) -> None:
    now = stage.at(one["signed"])
    frances = stage.person("frances", now)
    sign_offs.give_receipt(
        stage.session,
        actor=frances,
        now=now - _READ_BEFORE,
        screening=screening,
        digest=screening.content_digest,
    )
    asked = queries.question_set_of(stage.session, screening)
    weight = rules.Weight(one["benefits"], one["harms"], one["proportionate"])
    sign_offs.sign_off(
        stage.session,
        actor=frances,
        now=now,
        screening=screening,
        signing=rules.Signing(
            digest=screening.content_digest,
            statements=tuple(statement.id for statement in asked.signoff.confirm),
            weight=weight,
            supplied=rules.Supplied(review_date=stage.day(300)),
        ),
        token=tokens.new_token(),
        printing=stage.printing_of(screening.id),
    )


def _start_eqia(stage: Stage, told: Story, one: Story, screening: ScreeningRow) -> None:
    started = one["eqia"]
    now = stage.at(started["started"])
    kept = eqias.Kept(
        reference=started["reference"], link=started["link"], status=EqiaStatus.STARTED
    )
    eqias.update(
        stage.session,
        actor=stage.person(told["lead"], now),
        now=now,
        screening=screening,
        kept=kept,
    )


#: what happens to a screening, in the order in which it can
_STEPS = {
    "submitted": _submit,
    "returned": _return,
    "reviewed": _review,
    "signed": _sign,
    "eqia": _start_eqia,
    "published": demonstration_public.publish,
    "asked": demonstration_public.ask,
}
