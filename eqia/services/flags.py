"""Store from which day each flag holds, whenever an act changes what it depends on."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from eqia.domain.answers import Answers
from eqia.domain.days import add_months, london_day
from eqia.domain.flags import Facts, FlagKind, flags_of
from eqia.persistence.queries import flags as queries
from eqia.persistence.queries import reviews, screenings
from eqia.persistence.tables.projects import ProjectRow
from eqia.persistence.tables.screenings import ScreeningRow

COLUMNS = {kind: f"{kind.value}_from" for kind in FlagKind}


def refresh(
    session: Session, screening: ScreeningRow, today: date, answers: Answers | None = None
) -> Facts:
    """Work out the flags of one version again and store their days; call it inside an act."""
    facts = queries.facts_of(session, screening, today, answers)
    since = {flag.kind: flag.since for flag in flags_of(facts)}
    for kind, column in COLUMNS.items():
        setattr(screening, column, since.get(kind))
    screening.decision_date = facts.decision_date
    screening.review_due = facts.review_due
    return facts


def refresh_versions(session: Session, screening: ScreeningRow, today: date) -> None:
    """Do the same for every version under a reference: what one logs can move another."""
    for version in screenings.versions(session, screening.reference):
        refresh(session, version, today)


def refresh_project(session: Session, *, project: ProjectRow, now: datetime) -> None:
    """Do the same for every screening of a project whose facts changed."""
    for screening in reviews.of_project(session, project.id):
        refresh(session, screening, london_day(now))


def refresh_stale_after(session: Session, *, before: int, after: int, today: date) -> None:
    """Follow a change of the months after which a signed screening is stale.

    Only those whose stored day can move are worked out again: most are stale by their review
    date long before.
    """
    for screening in reviews.signed(session):
        signed_on = london_day(screening.signed_at) if screening.signed_at else today
        stored = screening.stale_from
        if stored is None or stored == add_months(signed_on, before):
            refresh(session, screening, today)
        elif stored > add_months(signed_on, after):
            screening.stale_from = add_months(signed_on, after)
