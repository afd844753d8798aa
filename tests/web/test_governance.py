"""The view over all plans: what it counts, how it is filtered, and what it keeps to itself."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from eqia.domain.days import add_months
from eqia.domain.people import Role
from eqia.domain.plans import Review
from eqia.domain.screenings import Status
from eqia.persistence.database import writing
from eqia.persistence.tables import MeasureRow
from eqia.services import plan_snapshots, plans, standings
from tests.builders import NOW, acting, make_person, make_project, make_screening
from tests.plan_builders import (
    make_action,
    make_finding,
    make_measure,
    make_plan,
    make_reading,
    make_version,
)


@pytest.fixture(autouse=True)
def _auditor(client, session):
    client.sign_in(make_person(session, roles=[Role.AUDITOR]))


def planned(session, title="Moving the clinic", group="age", label="Age", **overrides):
    project = make_project(session, title=title, organisations="Ferrow Hospital")
    screening = make_screening(session, project=project, status=Status.SIGNED)
    plan = make_plan(session, screening=screening, **overrides)
    finding = make_finding(session, plan=plan, group_id=group, label=label)
    action = make_action(session, plan=plan, finding=finding, due=date(2026, 11, 1))
    measure = make_measure(session, plan=plan, action=action)
    version = make_version(session, plan=plan, measure=measure, characteristic=group)
    for member in ("", "65_plus", "under_65"):
        make_reading(session, plan=plan, version=version, member=member)
    with writing(session):
        standings.refresh(session, measure)
    return plan


def rows(page):
    """The rows of the first table as text."""
    body = next(page.tree.iter("tbody"))
    return [" ".join("".join(row.itertext()).split()) for row in body.iter("tr")]


def test_without_a_plan_it_says_so(client):
    assert "0 plans found" in client.get("/governance").text


def test_it_is_linked_from_the_home_page_and_the_register(client):
    words = "Plans: what is overdue, stuck or gives concern"
    for url in ("/", "/register"):
        assert client.get(url).links[words] == "/governance"


def test_the_menu_leads_there_for_those_who_may_see_it(client, session):
    assert client.get("/").links["Plans"] == "/governance"
    client.sign_in(make_person(session))
    assert "Plans" not in client.get("/").links


def test_a_plan_is_told_with_what_is_overdue_and_stuck(client, session):
    plan = planned(session)
    (row,) = rows(client.get("/governance"))
    # Read quarterly since April 2025; of seven quarters that ended one was read.
    assert row.startswith(f"Moving the clinic{plan.reference}, Open 5, 4 for more than a period")
    assert "1Missed visits: There is no baseline for every group" in row.replace("1 M", "1M")
    assert "C07" not in row
    assert row.endswith("None 1 No date")


def test_those_in_most_trouble_come_first(client, session):
    calm = planned(session, title="Calm", status="paused")
    late = planned(session, title="Late")
    page = client.get("/governance?status=any")
    assert [
        row.split(plan.reference)[0] for row, plan in zip(rows(page), (late, calm), strict=True)
    ] == [
        "Late",
        "Calm",
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Clinic", "Leaflet", "Rests"}),
        ("status=open", {"Clinic", "Leaflet"}),
        ("text=clin", {"Clinic"}),
        ("text=ferrow", {"Clinic", "Leaflet", "Rests"}),
        ("text=%25", set()),
        ("group=sex", {"Leaflet"}),
        ("status=closed", {"Old"}),
        ("status=lately", {"Old"}),
        ("status=any", {"Clinic", "Leaflet", "Old", "Rests"}),
        ("trouble=readings", {"Clinic", "Leaflet"}),
        ("trouble=concerns", set()),
        ("trouble=blockers&group=age", {"Clinic", "Rests"}),
        ("trouble=actions&status=paused", {"Rests"}),
        ("trouble=untold", set()),
        ("page=2", {"Clinic", "Leaflet", "Rests"}),
    ],
)
def test_it_is_filtered(client, session, query, found):
    planned(session, title="Clinic")
    planned(session, title="Leaflet", group="sex", label="Sex")
    planned(session, title="Old", status="closed")
    planned(session, title="Rests", status="paused")
    page = client.get(f"/governance?{query}")
    told = rows(page) if "Next review" in page.text else []
    assert {row.split("EQS")[0] for row in told} == found


@pytest.mark.parametrize(
    "query",
    ["trouble=x", "group=nobody", "status=gone", "text=" + "x" * 201, "text=%00&trouble=%ED%A0%80"],
)
def test_a_filter_nobody_offers_is_named(client, query):
    assert "There is a problem" in client.get(f"/governance?{query}", expect=422).text


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=" + "9" * 5000, "status=open&a=b"])
def test_an_odd_address_is_no_trouble(client, query):
    client.get(f"/governance?{query}")


def test_it_goes_on_over_several_pages(client, session):
    for number in range(26):
        planned(session, title=f"Plan {number}")
    page = client.get("/governance?trouble=readings")
    assert "26 plans found" in page.text
    assert len(rows(page)) == 25
    assert len(rows(client.get("/governance?trouble=readings&page=2"))) == 1


def test_the_file_holds_what_the_page_counts(client, session):
    plan = planned(session, title="=1+1", next_review=date(2027, 1, 15))
    answer = client.raw.get("/governance/plans.csv?trouble=readings")
    assert answer.mimetype == "text/csv"
    heading, row = csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")))
    told = dict(zip(heading, row, strict=True))
    assert told["Reference"] == plan.reference
    assert told["Project"] == "'=1+1"
    assert (told["Readings overdue"], told["Of these for more than a period"]) == ("5", "4")
    assert (told["Actions overdue"], told["Next review"]) == ("1", "2027-01-15")
    assert told["What stops it"].startswith("Missed visits: There is no baseline")
    assert told["What stops it"].endswith(" (C07)")
    assert told["Cause for concern, no review since"] == "0"
    assert told["Cannot be told here: figures are hidden"] == ""


def test_plans_closed_of_late_are_pointed_at(client, session):
    assert "closed since" not in client.get("/governance").text
    planned(session, title="Goes on")
    planned(session, title="Old", status="closed", updated_at=datetime(2026, 1, 5, tzinfo=UTC))
    planned(session, title="Over", status="closed")
    words = "1 plan was closed since 24 August 2026"
    assert words not in client.get("/governance?status=any").text
    link = client.get("/governance?text=ferrow&trouble=readings&page=1").links[words]
    assert link == "/governance?text=ferrow&status=lately"
    assert [row.split("EQS")[0] for row in rows(client.get(link))] == ["Over"]


def with_concern(session):
    """Fifteen calm quarters of everybody and then one that stands out."""
    plan = planned(session)
    measure = make_measure(
        session, plan=plan, title="Calls", frequency="month", first_period=date(2025, 1, 1)
    )
    version = make_version(session, plan=plan, measure=measure, members=[], reference="")
    for at in range(20):
        start = date(2025 + at // 12, at % 12 + 1, 1)
        end = date(2025 + (at + 1) // 12, (at + 1) % 12 + 1, 1)
        make_reading(
            session,
            plan=plan,
            version=version,
            period_start=start,
            period_end=date.fromordinal(end.toordinal() - 1),
            member="",
            numerator=700 if at == 19 else 300 + at % 3 * 20,
            denominator=1000,
        )
    with writing(session):
        standings.refresh(session, measure)
    return plan


def test_a_concern_without_a_review_and_icons_are_told_in_words(client, session):
    with_concern(session)
    page = client.get("/governance?trouble=concerns")
    (row,) = rows(page)
    assert "Calls: Everybody: cause for concern: higher than usual." in row
    assert "Cause for concern: higher than usual" in page.text.split("What the latest figures")[1]


def test_what_a_review_decided_to_screen_again_is_told_apart_and_found(client, session):
    plan = with_concern(session)
    assert rows(client.get("/governance?trouble=concerns"))
    calls = session.scalars(select(MeasureRow).where(MeasureRow.title == "Calls")).one()
    decided = Review(
        held_on=date(2026, 11, 24),
        decision="rescreen",
        notes="More calls are lost than we said.",
        rescreen_by="Asha",
        rescreen_due=date(2026, 12, 1),
        answers={f"concern-{calls.id}": "The lines were cut, and we look at it again."},
    )
    reviewer = acting(make_person(session), roles=[Role.REVIEWER])
    plans.hold_review(session, actor=reviewer, now=NOW, plan=plan, review=decided)
    assert "0 plans found" in client.get("/governance?trouble=concerns").text
    (row,) = rows(client.get("/governance?trouble=again"))
    told = "To be screened again: A review on 24 November 2026 decided to screen again; Asha, by"
    assert told in row
    assert "No review since" not in row
    assert "Calls: Answered by the review of 24 November 2026" in row
    file = client.raw.get("/governance/plans.csv?trouble=again").get_data(as_text=True)
    assert "decided to screen again; Asha, by 1 December 2026; it has not begun." in file


def test_a_plan_that_rests_keeps_what_was_overdue_and_one_that_is_over_has_no_next_review(
    client, session
):
    planned(session, title="Rests", status="paused", next_review=date(2026, 1, 1))
    planned(session, title="Over", status="closed", next_review=date(2026, 1, 1))
    over, rests = sorted(rows(client.get("/governance?status=any")))
    assert "5, waiting while the plan is paused" in rests
    assert rests.endswith("1 January 2026 Overdue")
    assert "waiting" not in over
    assert over.endswith("None: it is closed")
    text = client.raw.get("/governance/plans.csv?status=any").get_data(as_text=True)
    told = {one["Project"]: one for one in csv.DictReader(io.StringIO(text.lstrip("\ufeff")))}
    assert told["Rests"]["Overdue before a pause"] == "5"
    assert (told["Over"]["Overdue before a pause"], told["Over"]["Next review"]) == ("0", "")


def statements(client, session, url):
    said = []

    def listen(_conn, _cursor, statement, *_rest):
        said.append(statement)

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", listen)
    client.get(url)
    event.remove(engine, "before_cursor_execute", listen)
    return len(said)


@pytest.mark.parametrize("url", ["/governance", "/governance/plans.csv", "/governance?group=age"])
def test_many_plans_are_read_in_as_many_statements_as_one(client, session, url):
    planned(session)
    few = statements(client, session, url)
    assert few > 10
    for number in range(12):
        planned(session, title=f"Plan {number}")
    assert statements(client, session, url) == few


def with_hidden(session):
    """A plan whose latest figure of a group would give concern, were it not hidden."""
    plan = planned(session)
    measure = make_measure(
        session, plan=plan, title="Falls", frequency="month", first_period=date(2025, 1, 1)
    )
    version = make_version(session, plan=plan, measure=measure)
    for at in range(20):
        first, last = date(2025 + at // 12, at % 12 + 1, 1), add_months(date(2025, 1, 1), at + 1)
        days = {"period_start": first, "period_end": last - timedelta(days=1)}
        few = 3 + at % 2 if at < 19 else 90
        for member, number in (("", 400), ("65_plus", few), ("under_65", 300)):
            values = {**days, "member": member, "numerator": number, "denominator": 500}
            make_reading(session, plan=plan, version=version, **values)
    with writing(session):
        standings.refresh(session, measure)
    return plan


def test_what_hidden_figures_keep_from_those_who_watch_is_never_called_none(client, session):
    plan = with_hidden(session)
    page = client.get("/governance?trouble=untold")
    (row,) = rows(page)
    groups = "Falls: Everybody; Under 65; 65 and over"
    assert row.endswith(f"Cannot be told here, figures are hidden:{groups} 1 No date")
    assert "None" not in row
    # What nobody can be told of here may stop it all the same, and is told so.
    (row,) = rows(client.get("/governance?trouble=blockers"))
    assert "Whether more does cannot be told here" in row
    told = "Falls Everybody; Under 65 Cannot be told here: figures are hidden"
    assert told in page.text.split("What the latest")[1]
    answer = client.raw.get("/governance/plans.csv").get_data(as_text=True).lstrip("\ufeff")
    heading, line = csv.reader(io.StringIO(answer))
    told = dict(zip(heading, line, strict=True))
    assert told["Cause for concern, no review since"] == "Cannot be told"
    assert f"would stop the plan being closed. Their figures are hidden: {groups}" in (
        client.get(f"/plans/{plan.id}").text
    )
    assert told["Cannot be told here: figures are hidden"] == groups
    assert told["Reference"] == plan.reference
    kept = plan_snapshots.snapshot(session, plan, date(2026, 11, 24))
    assert kept["untold"] == [groups]


def test_only_what_was_looked_for_is_told_of_the_latest_figures(client, session):
    with_concern(session)
    with_hidden(session)
    page = client.get("/governance?trouble=concerns")
    assert "Falls" not in page.text.split("What the latest figures")[1]
    links = client.get("/governance").links
    assert {"Calls", "Falls"} <= set(links)
    assert "/measures/" in links["Calls"]
