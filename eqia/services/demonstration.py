"""An invented organisation with people and projects at every stage, to try the service on."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from eqia.domain import reviews as rules
from eqia.domain.answer_parsing import parse_answers
from eqia.domain.answers import Answers
from eqia.domain.edits import Edit, Place, Typed
from eqia.domain.eqias import EqiaStatus
from eqia.domain.evidence import Source
from eqia.domain.people import MemberRole, Person, Role
from eqia.domain.projects import Project
from eqia.domain.questions import QuestionSet
from eqia.persistence.database import writing
from eqia.persistence.queries import people
from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables.organisations import BodyRow, LocalGroupRow, OrganisationRow
from eqia.persistence.tables.people import IdentityRow, PersonRow, RoleGrantRow
from eqia.persistence.tables.projects import ProjectMemberRow, ProjectRow
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import (
    comments,
    eqias,
    evidence,
    projects,
    reviews,
    screenings,
    sign_offs,
    tokens,
)

Story = Mapping[str, Any]
_FILE = Path(__file__).with_name("demonstration.toml")
_SET = "bhp-nhs"


@dataclass
class Stage:
    """The demonstration while it is made: who is there, and what day it is."""

    session: Session
    today: datetime
    people: dict[str, PersonRow]
    base: Story

    def at(self, days: float) -> datetime:
        """Give the moment some days from the one it is made."""
        return self.today + timedelta(days=days)

    def day(self, days: int) -> date:
        """Give the same, as a day."""
        return self.at(days).date()

    def person(self, key: str, now: datetime) -> Person:
        """Somebody with the grants they have then."""
        found = people.person_with_grants(self.session, self.people[key].id, now)
        if found is None:
            raise LookupError(key)
        return found


def make(session: Session, *, now: datetime) -> None:
    """Fill an empty instance with the demonstration."""
    story = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    # Everybody joined long before the first screening began.
    joined = now - timedelta(days=400)
    with writing(session):
        _organisation(session, story["organisation"])
        folk = {one["key"]: _person(session, one, joined) for one in story["people"]}
    stage = Stage(session, now, folk, story["base"])
    for project in story["projects"]:
        _project(stage, project)


def _organisation(session: Session, told: Story) -> None:
    session.add(
        OrganisationRow(
            name=told["name"],
            logo_text=told["logo_text"],
            role_mailbox=told["role_mailbox"],
            question_set_id=_SET,
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


def _project(stage: Stage, told: Story) -> None:
    first = told["screenings"][0]["started"] - 1
    now = stage.at(first)
    row = projects.create(
        stage.session,
        actor=stage.person(told["lead"], now),
        now=now,
        project=_facts(stage, told),
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
        before = _screening(stage, told, one, row=row, before=before)


def _facts(stage: Stage, told: Story) -> Project:
    return Project(
        title=told["title"],
        summary=told["summary"],
        organisations=told["organisations"],
        question_set_id=_SET,
        start_date=stage.day(told["start"]),
        end_date=stage.day(told["end"]),
        decision_date=stage.day(told["decision"]),
        sites=told["sites"],
        supplier=told["supplier"],
        groups_served=told["groups_served"],
        people_a_year=told["people_a_year"],
        bodies=tuple(told["bodies"]),
    )


def _screening(
    stage: Stage, told: Story, one: Story, *, row: ProjectRow, before: ScreeningRow | None
) -> ScreeningRow:
    now = stage.at(one["started"])
    lead = stage.person(told["lead"], now)
    if before is None:
        screening = screenings.start(
            stage.session,
            actor=lead,
            now=now,
            project=row,
            question_set_id=_SET,
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
    _fill_in(stage, told, one, screening)
    for step, act in _STEPS.items():
        if step in one:
            act(stage, told, one, screening)
    return screening


def _fill_in(stage: Stage, told: Story, one: Story, screening: ScreeningRow) -> None:
    """Give the sources first, then every answer, section by section."""
    now = stage.at(one["started"] + 1)
    lead = stage.person(told["lead"], now)
    for source in one.get("evidence", ()):
        evidence.add(
            stage.session, actor=lead, now=now, screening=screening, source=_source(stage, source)
        )
    asked = queries.question_set_of(stage.session, screening)
    answers = _answers(stage, told, one, asked=asked, again=screening.number > 1)
    for section in asked.sections:
        if section.id not in one.get("sections", [s.id for s in asked.sections]):
            continue
        typed = _typed(answers, asked, section.id)
        version = queries.section_version(stage.session, screening, section.id)
        edit = Edit(section.id, version, typed)
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


def _source(stage: Stage, told: Story) -> Source:
    return Source(
        kind=told["kind"],
        title=told["title"],
        groups=tuple(told["groups"]),
        dated=stage.day(told["dated"]),
        link=told["link"],
    )


def _answers(stage: Stage, told: Story, one: Story, *, asked: QuestionSet, again: bool) -> Answers:
    """Lay a project's own answers over the calm ones; a re-screen gives only what changed."""
    given = one["answers"] if again else _laid_over(stage.base, one["answers"])
    raw = {name: _plain(stage, value) for name, value in given.items()}
    if not again:
        raw[asked.id_for("decision_date")] = stage.day(told["decision"]).isoformat()
        raw[asked.id_for("review_date")] = stage.day(told["start"] + 365).isoformat()
        _give_one_reason(asked, raw, one.get("same_reason", told["summary"]))
    return parse_answers(asked, raw)


def _give_one_reason(asked: QuestionSet, raw: dict[str, Any], words: str) -> None:
    """Write the reason for the groups that fare no differently, once for all of them."""
    same = asked.codes("same_codes")
    for effect, reason in zip(asked.ids("effect"), asked.ids("reason"), strict=True):
        rows = raw.get(effect, {})
        shared = {group: words for group, code in rows.items() if code in same}
        raw[reason] = {**shared, **raw.get(reason, {})}


def _laid_over(base: Story, own: Story) -> dict[str, Any]:
    joined = dict(base)
    for name, value in own.items():
        under = joined.get(name)
        if isinstance(under, Mapping) and isinstance(value, Mapping):
            joined[name] = {**under, **value}
        else:
            joined[name] = value
    return joined


def _plain(stage: Stage, value: Any) -> Any:  # noqa: ANN401 - whatever TOML holds
    """Turn days counted from today into dates, however deep they lie."""
    if isinstance(value, int):
        return stage.day(value).isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(stage, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(stage, item) for item in value]
    return value


def _typed(answers: Answers, asked: QuestionSet, section: str) -> dict[Place, Typed]:
    found = answers.items(asked)
    # Groups lie in the section of their list, not in that of the question asked of them.
    return {
        (question, group or ""): Typed(answer)
        for question, group, answer in found
        if _section_of(asked, question, group) == section
    }


def _section_of(asked: QuestionSet, question: str, group: str | None) -> str:
    lists = [one for one in asked.groups if any(g.id == group for g in one.groups)]
    return next((one.section for one in lists if one.section), asked.question(question).section)


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
        now=now - timedelta(hours=2),
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
}
