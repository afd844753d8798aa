"""States the demonstration lacks, made beside it by the services, with the demonstration's people.

What a visitor is shown stays the story; what a walk has to reach is more than a story can hold.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from eqia.domain.answer_parsing import parse_answers
from eqia.domain.days import add_months
from eqia.domain.edits import Edit
from eqia.domain.eqias import EqiaStatus
from eqia.domain.evidence import Source
from eqia.domain.measure_versions import Change
from eqia.domain.measures import Definition, Routine, members_from
from eqia.domain.periods import Frequency, Schedule
from eqia.domain.plans import Action, End, Move, Plan, PlanStatus, Review
from eqia.domain.projects import Project
from eqia.domain.question_set_loading import from_snapshot, load_question_sets
from eqia.domain.readings import Figure
from eqia.persistence.queries import people
from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables import LocalGroupRow, PlanRow, ScreeningRow
from eqia.services import (
    eqias,
    evidence,
    measures,
    organisations,
    plan_actions,
    plan_moves,
    plans,
    projects,
    readings,
    screenings,
    tokens,
)
from eqia.services.demonstration_story import typed
from tests import comparison_states, import_states
from tests.domain.forms import health_form, question_set
from tests.journeys.letter import LETTER
from tests.journeys.readings import reading
from tests.review_world import CONDITIONS, FULL, MORE, World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from eqia.domain.people import Person
    from eqia.domain.questions import QuestionSet
    from eqia.persistence.tables import PersonRow, ProjectRow

_WHOLE = {"A5_who": "The board", "F1_who": "Twelve patients", "D2_why": "Nothing fits."}


@dataclass(frozen=True)
class Proposal:
    """A proposal to screen: with which questions, in which language, and what is answered."""

    title: str
    set_id: str
    answers: Mapping[str, object]
    language: str = "en"
    #: sections left as they are when a team has just begun
    unanswered: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Folk:
    """The demonstration's people, by their first names."""

    session: Session
    now: datetime
    rows: Mapping[str, PersonRow]

    def person(self, name: str) -> Person:
        found = people.person_with_grants(self.session, self.rows[name].id, self.now)
        assert found is not None
        return found


def add(session: Session, *, now: datetime) -> None:
    """Make what only some moments of a screening's life show."""
    rows = {row.name.split()[0]: row for row in people.everybody(session)}
    folk = Folk(session, now - timedelta(days=3), rows)
    other_local_groups(folk)
    comparison_states.define_sets(session, actor=folk.person("Hannah"), now=folk.now)
    begun(folk, "Longer visiting hours")
    signed = an_earlier_date_waits_for_a_reviewer(folk)
    a_lower_outcome_waits_for_a_second_reviewer(folk)
    one_that_cannot_be_signed_yet(folk)
    national = reading("sc-sg-nset-p3")
    # Not finished, and certain already: it may stop.
    later = frozenset({"after"})
    drafted(folk, Proposal("Better connections", national.set, national.answers, "en", later))
    one_stopped_early(folk)
    a_plan_with_much_missing(folk, signed)
    one_signed_again_while_its_plan_ran(folk)
    a_plan_that_owes_a_reply(folk)
    one_that_rests_until_it_is_screened_again(folk)
    certain_already = frozenset({"after"})
    drafted(folk, Proposal("A bus lane", national.set, national.answers, "en", certain_already))
    letter = Proposal("Llythyr apwyntiad cliriach", LETTER.set, LETTER.answers, "cy")
    drafted(folk, letter)
    # A file waits for a day only, so it was sent just now.
    bare = session.scalars(select(PlanRow).where(PlanRow.aim == "Nobody is left out.")).one()
    import_states.add(session, actor=folk.person("Carys"), now=now, plan=bare)


@contextmanager
def newer_questions(set_id: str) -> Iterator[None]:
    """Let the next version of a set be in force beside the one that is bundled."""
    sets = load_question_sets()
    newer = _next_version(question_set(set_id))
    sets[newer.key] = newer  # type: ignore[index]
    yield
    del sets[newer.key]  # type: ignore[attr-defined]


def _next_version(asked: QuestionSet) -> QuestionSet:
    """One question said otherwise, one taken out and one put in."""
    text = json.dumps(asked.to_snapshot()).replace('"P7"', '"P7b"')
    source = json.loads(text)
    source["questions"][0]["text"]["en"] = "What will people notice?"
    return from_snapshot({**source, "version": asked.version + 1})


def other_local_groups(folk: Folk) -> None:
    """Ask about another local group from now on; the drafts of the story have the old one."""
    hannah = {"actor": folk.person("Hannah"), "now": folk.now}
    organisations.add_local_group(folk.session, **hannah, label="People who work at sea")
    (old,) = folk.session.scalars(
        select(LocalGroupRow).where(LocalGroupRow.label == "Seasonal farm workers")
    )
    organisations.set_active(
        folk.session, **hannah, kind=LocalGroupRow, row_id=old.id, active=False
    )


def begun(folk: Folk, title: str) -> ProjectRow:
    """A project nobody has screened yet."""
    return projects.create(
        folk.session,
        actor=folk.person("Carys"),
        now=folk.now,
        project=Project(title, "What it is for."),
        token=tokens.new_token(),
    )


def an_earlier_date_waits_for_a_reviewer(folk: Folk) -> ScreeningRow:
    """Signed, and its full EqIA approved; the lead says that this was earlier."""
    form = health_form(**_WHOLE, **FULL)
    world = drafted(folk, Proposal("A new home for the eye clinic", "bhp-nhs", form))
    world.submit().confirm()
    world.read()
    world.sign()
    kept = eqias.Kept("EqIA-2026-11", "https://example.org/board/11", EqiaStatus.STARTED)
    eqias.update(folk.session, **world.by(world.lead), kept=kept)
    eqias.approve(folk.session, **world.by(world.approver))
    eqias.state_date(
        folk.session,
        **world.by(world.lead),
        stated_date=folk.now.date() - timedelta(days=2),
        document="Board minutes, item 4",
        reason="The board met before anybody here had an account.",
    )
    return world.screening


def a_lower_outcome_waits_for_a_second_reviewer(folk: Folk) -> None:
    """Sent to review, where one reviewer thinks that less is needed."""
    form = health_form(**_WHOLE, **MORE)
    world = drafted(folk, Proposal("Evening blood tests", "bhp-nhs", form))
    world.submit().propose()


def one_that_cannot_be_signed_yet(folk: Folk) -> None:
    """Two reviewers agreed on less, though nothing is done about the harm."""
    rows = health_form()
    form = {**rows, **_WHOLE, "C1": {**rows["C1"], "age": "minor"}, **CONDITIONS}
    world = drafted(folk, Proposal("One way into the clinic", "bhp-nhs", form))
    world.submit().propose("conditions")
    world.agree()


def one_stopped_early(folk: Folk) -> None:
    """A draft whose team stopped, as its answers called for the full assessment."""
    form = health_form(**_WHOLE, **FULL)
    world = drafted(folk, Proposal("Fewer home visits", "bhp-nhs", form))
    screenings.stop_here(folk.session, **world.by(world.lead), reason="We are certain by now.")


def a_plan_with_much_missing(folk: Folk, signed: ScreeningRow) -> None:
    """The plan of a screening that found harm and promised nothing, just opened."""
    session, by = folk.session, {"actor": folk.person("Carys"), "now": folk.now}
    aim = Plan(aim="Nobody is left out.")
    plan = plans.open_plan(session, **by, screening=signed, plan=aim)
    action = Action(title="Keep one walk-in day", kind="mitigation")
    plan_actions.add_action(session, **by, plan=plan, action=action)
    comparison_states.add(session, **by, plan=plan)
    a_figure_that_gives_concern(folk, plan)


def a_figure_that_gives_concern(folk: Folk, plan: PlanRow) -> None:
    """A measure of everybody, calm for months, and then out of the usual with no review since."""
    by = {"actor": folk.person("Carys"), "now": folk.now, "plan": plan}
    definition = Definition(
        shape="proportion", numerator="Visits missed", denominator="Visits", direction="down"
    )
    first = add_months(folk.now.date().replace(day=1), -20)
    routine = Routine(title="Visits missed", frequency="month", first_period=first)
    row = measures.define(
        folk.session, **by, defined=measures.Defined(routine=routine, definition=definition)
    )
    for at in range(18):
        figure = Figure("", 700 if at == 17 else 300 + at % 3 * 20, 1000)
        entry = readings.Entry(Schedule(Frequency.MONTH, first).period(at), (figure,))
        readings.add_readings(folk.session, **by, measure_id=row.id, entry=entry)


def a_measure_that_counts_something_else(folk: Folk, plan: PlanRow) -> None:
    """A measure read for a year, worded better, and made to count another thing since."""
    by = {"actor": folk.person("Carys"), "now": folk.now, "plan": plan}
    first = add_months(folk.now.date().replace(day=1), -14)
    routine = Routine(title="Replies that came", frequency="month", first_period=first)
    said = Definition(shape="proportion", numerator="Replies", denominator="Texts", direction="up")
    row = measures.define(folk.session, **by, defined=measures.Defined(routine, said))
    for at in range(12):
        figures = (Figure("", 400 + at * 7 % 50, 1000),)
        entry = readings.Entry(Schedule(Frequency.MONTH, first).period(at), figures)
        readings.add_readings(folk.session, **by, measure_id=row.id, entry=entry)
    changes = (
        (replace(said, numerator="Replies to a text"), Change.SAME, ""),
        (replace(said, numerator="Replies within a day"), Change.OTHER, "Late ones are no use."),
    )
    for definition, change, reason in changes:
        means = {"change": change, "reason": reason, "version": row.version}
        changed = measures.Defined(routine, definition, measure_id=row.id, **means)
        measures.define(folk.session, **by, defined=changed)


def one_signed_again_while_its_plan_ran(folk: Folk) -> None:
    """A record with an annex: version 2, signed when the plan of version 1 had figures."""
    form = health_form(**_WHOLE, **CONDITIONS)
    world = drafted(folk, Proposal("Letters in large print", "bhp-nhs", form))
    world.submit().confirm()
    world.read()
    world.sign()
    by = {"actor": folk.person("Carys"), "now": folk.now}
    plan = plans.open_plan(
        folk.session, **by, screening=world.screening, plan=Plan(aim="Everybody can read them.")
    )
    definition = Definition(
        shape="proportion",
        numerator="Letters that could not be read",
        denominator="Letters sent",
        direction="down",
        members=members_from(["Disabled people", "People who are not disabled"]),
        reference="people_who_are_not_disabled",
    )
    first = date(folk.now.year - 1, 1, 1)
    routine = Routine(title="Letters read", frequency="month", first_period=first)
    row = measures.define(
        folk.session, **by, plan=plan, defined=measures.Defined(routine, definition)
    )
    for at in range(18):
        period = Schedule(Frequency.MONTH, first).period(at)
        few, many = 3 + at % 3, 40 + 11 * at % 37
        figures = (
            Figure("", few + many, 950),
            Figure("disabled_people", few, 150),
            Figure("people_who_are_not_disabled", many, 800),
        )
        entry = readings.Entry(period, figures)
        readings.add_readings(folk.session, **by, plan=plan, measure_id=row.id, entry=entry)
    world.later(hours=1).new_version().submit().confirm()
    world.read()
    world.sign()


def one_that_rests_until_it_is_screened_again(folk: Folk) -> None:
    """A plan that was paused after a review which decided to screen again."""
    form = health_form(**_WHOLE, **CONDITIONS)
    world = drafted(folk, Proposal("Visits by video", "bhp-nhs", form))
    world.submit().confirm()
    world.read()
    world.sign()
    by = {"actor": world.lead, "now": folk.now}
    plan = plans.open_plan(
        folk.session, **by, screening=world.screening, plan=Plan(aim="Everybody can be seen.")
    )
    review = Review(
        held_on=folk.now.date(),
        decision="rescreen",
        notes="Fewer people have a camera than we thought.",
        rescreen_by="Carys Morgan",
        rescreen_due=folk.now.date() + timedelta(days=1),
    )
    plans.hold_review(folk.session, **by, plan=plan, review=review)
    pause = Move(PlanStatus.PAUSED, "No visit is moved before it is screened again.")
    plan_moves.move_plan(folk.session, **by, plan=plan, version=plan.version, move=pause)


def a_plan_that_owes_a_reply(folk: Folk) -> None:
    """A signed screening with rules that ask for a reply and for people to be involved."""
    asked = {"F1": "none", "F1_why": "There was no time."}
    form = health_form(**_WHOLE, **CONDITIONS, **asked)
    world = drafted(folk, Proposal("Texts in place of letters", "bhp-nhs", form))
    world.submit().confirm()
    world.read()
    world.sign()
    by = {"actor": world.lead, "now": folk.now}
    aim = Plan(aim="Nobody misses a visit for want of a letter.")
    plan = plans.open_plan(folk.session, **by, screening=world.screening, plan=aim)
    action = Action(title="Ask a panel", kind="other")
    row = plan_actions.add_action(folk.session, **by, plan=plan, action=action)
    end = End("done", folk.now.date(), "They want both.")
    plan_actions.finish_action(folk.session, **by, plan=plan, row=row, version=row.version, end=end)
    a_measure_that_counts_something_else(folk, plan)


def drafted(folk: Folk, proposal: Proposal) -> World:
    """Start a project and its screening, and answer it page by page."""
    session, lead = folk.session, folk.rows["Carys"]
    row = projects.create(
        session,
        actor=folk.person("Carys"),
        now=folk.now,
        project=Project(proposal.title, "What it is for.", question_set_id=proposal.set_id),
        token=tokens.new_token(),
    )
    draft = screenings.start(
        session,
        actor=folk.person("Carys"),
        now=folk.now,
        project=row,
        question_set_id=proposal.set_id,
        language=proposal.language,
        token=tokens.new_token(),
    )
    others = {"Rita Reviewer": "Dev", "Sol Second": "Efua", "Ann Approver": "Frances"}
    rows = {part: folk.rows[name] for part, name in others.items()}
    world = World(session, lead, row, draft, folk.now, rows)
    answer(world, proposal)
    return world


def answer(world: World, proposal: Proposal) -> None:
    """Give one source, then every answer, section by section."""
    asked = queries.question_set_of(world.session, world.screening)
    whole = {name: _spread(asked, name, value) for name, value in proposal.answers.items()}
    given = parse_answers(asked, whole)
    groups = tuple(group.id for one in asked.groups for group in one.groups)
    source = Source(kind="data", title="Visits last year", groups=groups)
    evidence.add(world.session, **world.by(world.lead), source=source)
    for section in (one for one in asked.sections if one.id not in proposal.unanswered):
        edit = Edit(
            section.id,
            queries.section_version(world.session, world.screening, section.id),
            typed(given, asked, section.id),
        )
        edit = evidence.with_basis(world.session, world.screening, edit)
        screenings.save(world.session, **world.by(world.lead), edit=edit)
        screenings.complete_section(
            world.session, **world.by(world.lead), section=section.id, completed=True
        )


def _spread(asked: QuestionSet, name: str, value: object) -> object:
    """Give every group its answer where `"*"` stands for those without their own."""
    question = asked.question(name)
    if not question.scope or not isinstance(value, dict):
        return value
    return {
        group.id: value.get(group.id, value.get("*", next(iter(value.values()))))
        for group in asked.groups_for(question)
    }
