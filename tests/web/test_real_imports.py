"""The three real files of measures.md section 10, through the pages as a person sends them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from eqia.domain.categories import load_category_sets
from eqia.domain.measures import members_in, set_key
from tests.plan_builders import make_measure, make_plan, make_version, person_of
from tests.web.test_imports import Desk

DATA = Path(__file__).parents[3] / "shared" / "data"
FINGERTIPS = "fingertips_93356_campylobacter_county_ua.csv"
STOPS = "eff_stop_and_search_3_areas_2006-07_to_2017-18.csv"
VISITS = "nhsr_ae_attendances_type1_9_trusts_2016-04_to_2019-03.csv"


def desk_for(client, session, first, frequency, key=None, **definition):
    plan = make_plan(session)
    measure = make_measure(session, plan=plan, first_period=first, frequency=frequency)
    chosen = load_category_sets()[key] if key else None
    members = [one.as_json() for one in members_in(chosen)] if chosen else []
    by = {"category_set": set_key(chosen) if chosen else "", "members": members, "reference": ""}
    version = make_version(session, plan=plan, measure=measure, **by, **definition)
    session.commit()
    return Desk(client.sign_in(person_of(session, plan)), session, plan, measure, version)


def sent(desk, name):
    path = DATA / name
    if not path.exists():
        pytest.skip("shared data absent: not a git checkout")
    return desk.send(path.read_bytes(), name)


def labelled(page, words):
    """Find the value of the choice with these words."""
    found = [value for name, value in options(page) if name == words]
    assert found, f"no choice {words}"
    return found[0]


def options(page):
    for element in page.tree.iter("option"):
        yield "".join(element.itertext()).strip(), element.get("value")
    texts = {one.get("for"): "".join(one.itertext()).strip() for one in page.tree.iter("label")}
    for box in page.tree.iter("input"):
        yield texts.get(box.get("id"), ""), box.get("value")


def test_visits_of_one_trust_of_nine(client, session):
    desk = desk_for(client, session, date(2016, 4, 1), "month", characteristic="")
    page = desk.answer(sent(desk, VISITS))
    said = {
        "column.period": labelled(page, "period"),
        "column.minus": labelled(page, "breaches"),
        "column.denominator": labelled(page, "attendances"),
        "apart": [labelled(page, "org_code")],
    }
    page = desk.answer(page, **said)
    page = desk.answer(page, **{"choice.0": labelled(page, "RA7"), "length": "month"})
    assert "New readings36" in page.text
    assert "84.5% (7,292 of 8,634)" in page.text
    desk.answer(page)
    assert desk.live()[0] == (date(2016, 4, 1), "", 7292)
    assert len(desk.live()) == 36
    page = desk.answer(sent(desk, VISITS))
    assert "Unchanged36" in page.text


def test_rates_of_england_by_one_kind_of_tenths(client, session):
    desk = desk_for(
        *(client, session, date(2015, 1, 1), "year", ("deprivation_deciles", "2015")),
        shape="rate",
        per=100_000,
    )
    page = desk.answer(sent(desk, FINGERTIPS))
    page = desk.answer(page, by=labelled(page, "Category"))
    one_set = "County & UA deprivation deciles in England (IMD2015)"
    page = desk.answer(
        page,
        **{
            "choice.0": labelled(page, "England (E92000001)"),
            "choice.1": labelled(page, "All ages"),
            "choice.2": labelled(page, one_set),
        },
    )
    assert page.form().values["group.0"] == "1"
    page = desk.answer(page)
    assert "New readings33" in page.text
    assert "Aggregated from all known lower geography values" in page.text
    desk.answer(page)
    assert (date(2015, 1, 1), "1", 3541) in desk.live()


def test_stops_of_one_force_by_sixteen_groups(client, session):
    desk = desk_for(
        *(client, session, date(2006, 4, 1), "year", ("ethnicity_nhs", "2001")),
        shape="rate",
        per=1000,
    )
    page = desk.answer(sent(desk, STOPS))
    said = {
        "column.numerator": labelled(page, "Number of stop and searches"),
        "column.denominator": labelled(page, "Population by ethnicity"),
    }
    page = desk.answer(page, **said)
    both = {"choice.0": labelled(page, "Avon & Somerset"), "choice.1": ["0", "1"]}
    desk.answer(page, expect=422, **both)
    one = {**both, "choice.1": labelled(page, "ONS 2001 16+1")}
    page = desk.answer(page, **one)
    page = desk.answer(page, expect=422)
    assert "Choose the group of “Unreported”" in page.text
    (unsaid,) = (name for name, value in page.form().values.items() if value == "")
    page = desk.answer(page, **{unsaid: labelled(page, "Not stated")})
    assert "New readings204" in page.text
    assert "Without a figure12" in page.text
    assert "Not available in the file: “Population by ethnicity”" in page.text
    desk.answer(page)
    assert (date(2017, 4, 1), "R", 0) in desk.live()
