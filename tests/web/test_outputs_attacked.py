"""Somebody outside the team who reads every output and works out what is hidden.

Measures.md section 8: from all that is published, a hidden small number must leave more than half
of the small numbers open, and so must the number of those who are left out.
"""

from datetime import date
from functools import partial
from itertools import count
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from eqia.domain.inference import Sum
from eqia.domain.people import Role
from eqia.domain.periods import Frequency, Schedule
from eqia.domain.suppression import Profile
from eqia.persistence.tables import PlanRow
from eqia.web.extensions import db
from tests.builders import make_person
from tests.domain.attackers import assert_shares_are_safe, cells_of
from tests.plan_builders import (
    make_action,
    make_finding,
    make_measure,
    make_plan,
    make_reading,
    make_version,
)
from tests.web import published_outputs as outputs

LABELS = ["Apples", "Pears", "Plums"]
MEMBERS = [{"code": one.lower(), "label": one, "kind": "substantive"} for one in LABELS]
QUARTER = {"period_start": date(2026, 7, 1), "period_end": date(2026, 9, 30)}
#: few enough to try every number
PARTS = st.integers(1, 11).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
SUMS = (Sum("Everybody", tuple(LABELS)),)
OUTPUTS = {
    "page": outputs.from_page,
    "plan": outputs.from_plan,
    "chart": outputs.from_chart,
    **{kind: partial(outputs.from_file, kind=kind) for kind in ("csv", "xlsx", "json")},
    "pdf": outputs.from_pdf,
    "annex": outputs.from_annex,
}
_numbers = count(1)


@pytest.fixture
def reviewer(client, session):
    return client.sign_in(make_person(session, roles=[Role.REVIEWER]))


def published(session, shares, profile):
    """A plan of its own with one measure, read in one quarter; its address."""
    plan = make_plan(session)
    action = make_action(session, plan=plan, finding=make_finding(session, plan=plan))
    first = QUARTER["period_start"]
    measure = make_measure(session, plan=plan, action=action, first_period=first)
    version = make_version(
        session,
        plan=plan,
        measure=measure,
        members=MEMBERS,
        reference="apples",
        suppression=profile.value,
        numerator=f"Fruit eaten {next(_numbers)}",
    )
    for label, (top, of) in exact_of(shares).items():
        member = label.lower() if label in LABELS else ""
        parts = {"numerator": top, "denominator": of, "member": member}
        make_reading(session, plan=plan, version=version, **parts, **QUARTER)
    session.commit()
    return f"/plans/{plan.id}/measures/{measure.id}"


def exact_of(shares):
    """The true shares: of everybody first, then of each group."""
    total = (sum(top for top, _ in shares), sum(of for _, of in shares))
    return dict(zip([outputs.EVERYBODY, *LABELS], [total, *shares], strict=True))


def attack(cells, shares, profile):
    """Try every number for every hidden one, and for those left out."""
    tops = cells_of({label: top for label, (top, _) in cells.items()})
    bottoms = cells_of({label: bottom for label, (_, bottom) in cells.items()})
    shown = {label: (tops[label], bottoms[label]) for label in cells}
    assert_shares_are_safe(shown, exact_of(shares), SUMS, profile)


@pytest.mark.parametrize("output", OUTPUTS)
@settings(
    max_examples=8,
    deadline=None,
    # A page takes too long for a search of the smallest example.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(shares=st.tuples(PARTS, PARTS, PARTS), profile=st.sampled_from(Profile))
def test_no_hidden_number_can_be_worked_out_from(output, reviewer, session, shares, profile):
    measure = published(session, shares, profile)
    attack(OUTPUTS[output](reviewer, measure, LABELS), shares, profile)


def test_every_output_shows_the_same(reviewer, session):
    measure = published(session, ((3, 60), (30, 61), (20, 20)), Profile.MASK7_ROUND5)
    read = [one(reviewer, measure, LABELS) for name, one in OUTPUTS.items() if name != "chart"]
    assert all(one == read[0] for one in read)
    assert read[0] == {
        "Everybody": ("55", "140"),
        "Apples": ("*", "60"),
        "Pears": ("30", "60"),
        "Plums": ("20", "20"),
    }
    # A chart has one point for a period: it is there, or it is not.
    chart = outputs.from_chart(reviewer, measure, LABELS)
    assert chart == {**read[0], "Apples": ("*", "*")}


def test_the_attacker_reads_what_is_there(reviewer, session):
    shares = ((3, 60), (30, 61), (20, 20))
    measure = published(session, shares, Profile.MASK4_SECONDARY)
    cells = outputs.from_page(reviewer, measure, LABELS)
    assert cells["Apples"][0] == "*"
    bare = {"Pears": ("30", "61"), "Plums": ("20", "20"), "Everybody": ("53", "141")}
    with pytest.raises(AssertionError, match="can only be"):
        attack({**cells, **bare}, shares, Profile.MASK4_SECONDARY)


def test_a_small_number_that_what_is_shown_leaves_6_or_7_is_not_left_at_that(reviewer, session):
    # Of about 20 and 10 counted, 6 to 14 would be left for the third.
    shares = ((7, 60), (12, 61), (0, 20))
    measure = published(session, shares, Profile.MASK7_ROUND5)
    cells = outputs.from_page(reviewer, measure, LABELS)
    assert {label: top for label, (top, _) in cells.items()} == {
        "Everybody": "20",
        "Apples": "*",
        "Pears": "*",
        "Plums": "0",
    }
    attack(cells, shares, Profile.MASK7_ROUND5)
    with pytest.raises(AssertionError, match="can only be"):
        attack({**cells, "Pears": ("10", "60")}, shares, Profile.MASK7_ROUND5)


def test_no_signal_is_drawn_from_rounding_alone(reviewer, session):
    plan = make_plan(session)
    first = date(2025, 7, 1)
    measure = make_measure(session, plan=plan, frequency="month", first_period=first)
    version = make_version(session, plan=plan, measure=measure, members=[], reference="")
    for at, counted in enumerate([14, 16, 15, 17, 15, 14, 16, 17, 13, 15, 16, 14, 17, 15, 16, 18]):
        period = Schedule(Frequency.MONTH, first).period(at)
        days = {"period_start": period.start, "period_end": period.end}
        parts = {"numerator": counted, "denominator": 300, "member": ""}
        make_reading(session, plan=plan, version=version, **parts, **days)
    session.commit()
    page = reviewer.get(f"/plans/{plan.id}/measures/{measure.id}")
    assert "The counts are rounded further than they go up and down" in page.text
    assert "usual range" not in page.text
    opened = reviewer.follow(reviewer.submit_form(page, page.form("/exact")))
    assert "usual range" in opened.text


@pytest.mark.parametrize(
    "end", ["", "/export", "/export/csv", "/chart.csv", "/gaps.csv", "../../export/csv"]
)
def test_an_output_takes_as_many_statements_however_much_there_is(reviewer, session, end):
    few = published(session, ((30, 60), (30, 61), (20, 25)), Profile.MASK7_ROUND5)
    many = published(session, ((30, 60), (30, 61), (20, 25)), Profile.MASK7_ROUND5)
    plan = session.get_one(PlanRow, UUID(many.split("/")[2]))
    for _ in range(4):
        more = make_measure(session, plan=plan, first_period=date(2025, 1, 1))
        version = make_version(session, plan=plan, measure=more, members=MEMBERS, reference="pears")
        for member in ("", "apples", "pears"):
            make_reading(session, plan=plan, version=version, member=member, **QUARTER)
    session.commit()
    counts = [
        statements(reviewer, plan_of(one) + "/export/csv" if end.startswith("..") else one + end)
        for one in (few, many)
    ]
    assert counts[0] == counts[1]


def plan_of(measure):
    return measure.partition("/measures")[0]


def statements(client, url):
    """How many statements a page takes, once it is warm."""
    client.get(url)
    seen = []

    def count_one(*_):
        seen.append(1)

    with client.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", count_one)
    client.get(url)
    event.remove(engine, "before_cursor_execute", count_one)
    return len(seen)
