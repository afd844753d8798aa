"""A plan is closed only when nothing that the design names is missing (measures.md section 3)."""

from datetime import date

import pytest

from eqia.domain.coverage import items
from eqia.domain.errors import NotAllowed
from eqia.domain.plans import Move, PlanStatus
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.queries import plans as queries
from eqia.persistence.tables import BaselineRow, TargetRow
from eqia.services import plan_moves, standings
from tests.builders import NOW, kept
from tests.plan_builders import (
    make_action,
    make_finding,
    make_measure,
    make_plan,
    make_reading,
    make_version,
)
from tests.review_world import fixed, open_world

BEFORE = (date(2026, 1, 1), date(2026, 3, 31))
AFTER = (date(2026, 4, 1), date(2026, 6, 30))
CHANGE = date(2026, 4, 1)


class Whole:
    """A plan in which nothing is missing, but for what a test leaves out or changes."""

    def __init__(self, session, without="", **changed):
        world = open_world(session, form=fixed()).submit().confirm().later(hours=1)
        world.read()
        world.sign()
        self.session, self.world = session, world
        self.plan = make_plan(session, screening=world.screening, change_start=CHANGE)
        finding = make_finding(session, plan=self.plan)
        action = make_action(session, plan=self.plan, finding=finding)
        routine = {"frequency": ""} if without == "C10" else {"first_period": BEFORE[0]}
        self.measure = make_measure(
            session,
            plan=self.plan,
            action=None if without == "C03" else action,
            **routine,
        )
        definition = changed.get("definition", {})
        self.version = make_version(session, plan=self.plan, measure=self.measure, **definition)
        self.read(BEFORE, changed.get("before", (20, 20)))
        self.read(AFTER, changed.get("after", (20, 20)))
        if without != "C07":
            self.baseline()
        standings.refresh(session, self.measure)
        session.commit()

    def read(self, days, counts):
        for member, count in zip(("65_plus", "under_65"), counts, strict=True):
            make_reading(
                self.session,
                plan=self.plan,
                version=self.version,
                period_start=days[0],
                period_end=days[1],
                member=member,
                numerator=count,
                denominator=100,
            )

    def baseline(self):
        given = {"version_id": self.version.id, "created_by": self.plan.created_by}
        start, end = BEFORE
        given |= {"from_date": start, "to_date": end, "created_at": NOW}
        kept(self.session, BaselineRow(state="agreed", **given))
        kept(self.session, TargetRow(kind="level", value=10, **given))

    @property
    def rules(self):
        rows = queries.gather(self.session, self.plan)
        today = self.world.at.date()
        shown = measure_queries.shown(self.session, rows, today)
        return {one.rule for one in items(measure_queries.picture(rows, shown, today))}

    def close(self):
        plan_moves.move_plan(
            self.session,
            actor=self.world.lead,
            now=self.world.at,
            plan=self.plan,
            version=self.plan.version,
            move=Move(PlanStatus.CLOSED, "Everything it was for is done."),
        )


BARE = {"members": [], "reference": ""}
OTHER = {"characteristic": "sex"}
CLOSING = {"C03", "C04", "C05", "C07", "C10", "C14", "C19"}


def test_a_plan_that_lacks_nothing_that_blocks_is_closed(session):
    whole = Whole(session)
    assert not whole.rules & CLOSING
    whole.close()
    assert whole.plan.status == "closed"


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("C03", {"without": "C03"}),
        ("C04", {"definition": OTHER}),
        ("C05", {"definition": BARE}),
        ("C07", {"without": "C07"}),
        ("C10", {"without": "C10"}),
        ("C14", {"after": (60, 20)}),
    ],
)
def test_each_of_them_keeps_it_open(session, rule, changed):
    whole = Whole(session, **changed)
    assert rule in whole.rules
    with pytest.raises(NotAllowed, match="cannot be closed while something is missing"):
        whole.close()
    assert whole.plan.status == "open"


def test_a_newer_version_keeps_it_open(session):
    whole = Whole(session)
    whole.world.later(days=1).new_version().submit().confirm()
    whole.world.read()
    whole.world.sign()
    assert "C19" in whole.rules
    with pytest.raises(NotAllowed, match="cannot be closed"):
        whole.close()


@pytest.mark.parametrize("owner", ["", "Sam"])
def test_what_blocks_the_sign_off_alone_does_not_keep_it_open(session, owner):
    # C02 is asked of the screening; here it is told, and stops nothing.
    whole = Whole(session)
    row = queries.actions(session, whole.plan)[0]
    row.owner = owner
    session.commit()
    assert ("C02" in whole.rules) is not bool(owner)
    whole.close()
    assert whole.plan.status == "closed"
