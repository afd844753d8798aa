"""Administrators define sets of groups, none ever changed; a team is asked before it leaves one."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from eqia.domain.categories import move_words
from eqia.domain.errors import Invalid, NotFound, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.measures import Definition
from eqia.domain.own_sets import LONGEST_EDITION, LONGEST_LABEL, OWN, OwnSet, check_own_set
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.texts import clean_text
from eqia.persistence.database import writing
from eqia.persistence.queries import category_sets as queries
from eqia.persistence.tables.category_sets import CategorySetRow
from eqia.persistence.tables.measures import MeasureVersionRow
from eqia.services import acts, events, tokens
from eqia.services.guards import must
from eqia.services.organisations import new_code

NO_SUCH = "There is no such set of groups."


def define(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    wanted: OwnSet,
    code: str = "",
    token: str = "",
    context: Context = NO_CONTEXT,
) -> CategorySetRow:
    """Define a set of groups; `code` is that of the set whose next edition it is."""
    must(actor, Action.ADMINISTER)
    clean = _cleaned(wanted)
    with writing(session):
        used = tokens.result_of(session, token=token, actor=actor) if token else None
        if used is not None:
            return session.get_one(CategorySetRow, used)
        before = queries.editions(session, code) if code else ()
        if code and not before:
            raise NotFound(NO_SUCH)
        known = queries.every(session).values()
        check_own_set(clean, known, [(row.edition, row.from_date) for row in before])
        row = CategorySetRow(
            code=code or new_code(clean.label, {one.code for one in known}, prefix=OWN),
            edition=clean.edition,
            label=clean.label,
            characteristic=clean.characteristic,
            source=clean.source,
            replaces=before[0].edition if before else "",
            members=clean.members,
            from_date=clean.from_date,
            created_by=actor.id,
            created_at=now,
        )
        session.add(row)
        session.flush()
        if token:
            tokens.use(
                session,
                token=token,
                actor=actor,
                action="define_category_set",
                now=now,
                result=row.id,
            )
        events.append(
            session,
            now=now,
            actor=actor,
            action="organisation.category_set_defined",
            entity="category_set",
            entity_id=row.id,
            payload={"code": row.code, "edition": row.edition},
            context=context,
        )
    return row


def ask_before_leaving(
    session: Session, held: MeasureVersionRow | None, definition: Definition
) -> None:
    """Ask before a measure leaves one set of groups for another: nothing is mapped silently."""
    if held is None or held.category_set in {"", definition.category_set}:
        return
    sets = queries.every(session)
    before, after = sets.get(held.category_set), sets.get(definition.category_set)
    if before is not None:
        raise Invalid([Problem("moves", move_words(before, after))])


def under_others(session: Session, definition: Definition) -> frozenset[str]:
    """Find the groups of a measure that are a part of another of its groups."""
    found = queries.every(session).get(definition.category_set)
    mine = {one.label for one in definition.members}
    wider = found.parents() if found else {}
    return frozenset(code for parent in mine & set(wider) for code in wider[parent])


def _cleaned(wanted: OwnSet) -> OwnSet:
    return replace(
        wanted,
        label=acts.short(wanted.label, LONGEST_LABEL, "label"),
        edition=acts.short(wanted.edition, LONGEST_EDITION, "edition"),
        source=clean_text(wanted.source, field="source").strip(),
        groups=_names(wanted.groups, "groups"),
        unknown=_names(wanted.unknown, "unknown"),
    )


def _names(labels: tuple[str, ...], field: str) -> tuple[str, ...]:
    cleaned = (clean_text(label, field=field).strip() for label in labels)
    return tuple(label for label in cleaned if label)
