"""Imports of spreadsheets and of tables with more in them than a list can offer."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import Workbook

from tests.plan_builders import make_measure, make_plan, make_version, person_of
from tests.web.test_imports import AGES, Desk


@pytest.fixture
def desk(client, session):
    plan = make_plan(session)
    months = {"frequency": "month", "first_period": date(2026, 4, 1)}
    measure = make_measure(session, plan=plan, title="Late visits", **months)
    version = make_version(session, plan=plan, measure=measure, members=AGES)
    session.commit()
    return Desk(client.sign_in(person_of(session, plan)), session, plan, measure, version)


def book(**sheets) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


ROWS = [["day", "late", "all"], [date(2026, 4, 1), 4, 60], [date(2026, 5, 1), 0, 61]]


def test_one_of_several_sheets_is_chosen_and_hidden_ones_are_told(desk):
    made = Workbook()
    for name in ("Old", "New", "Secret"):
        sheet = made.create_sheet(name)
        for row in ROWS:
            sheet.append(row)
    made.remove(made.worksheets[0])
    made["Secret"].sheet_state = "hidden"
    out = io.BytesIO()
    made.save(out)
    page = desk.send(out.getvalue(), "visits.xlsx")
    assert "1 hidden sheet was left out" in page.text
    assert "Old (2 rows)" in page.text
    assert "Choose a sheet" in desk.answer(page, expect=422, kind="plain").text
    page = desk.answer(page, kind="plain", sheet="1")
    said = {"column.period": "0", "column.numerator": "1", "column.denominator": "2"}
    page = desk.answer(page, expect=422, **said)
    assert "Choose the column with the groups, or say that there is none" in page.text
    page = desk.answer(page, **said, by="-")
    page = desk.answer(page, length="month")
    assert "New readings2" in page.text
    desk.answer(page)
    assert desk.live() == [(date(2026, 4, 1), "", 4), (date(2026, 5, 1), "", 0)]


def test_a_formula_cell_is_named_on_the_page(desk):
    page = desk.send(book(Visits=[*ROWS, [date(2026, 6, 1), "=1+1", 62]]), "v.xlsx", expect=422)
    assert "Cell B4 of the sheet “Visits” holds a formula without its result" in page.text


def test_a_zip_bomb_is_refused_on_the_page(desk):
    content = book(Visits=[["a" * 30_000] * 100] * 8)
    assert len(content) < 100_000
    page = desk.send(content, "v.xlsx", expect=422)
    assert "unpacks to far more than its size" in page.text


def test_a_place_among_hundreds_is_typed(desk):
    lines = [f"2026-04,Place {n},{n % 5},60" for n in range(600)]
    page = desk.send("\n".join(["month,place,late,all", *lines]))
    page = desk.answer(page, kind="plain")
    said = {"column.period": "0", "column.numerator": "2", "column.denominator": "3"}
    page = desk.answer(page, **said, by="-", apart=["1"])
    assert "Type it exactly as in the file, such as Place 0" in page.text
    again = desk.answer(page, expect=422, **{"choice.0": "Nowhere"})
    assert "Choose one of “place”" in again.text
    assert again.form().values["choice.0"] == "Nowhere"
    page = desk.answer(page, **{"choice.0": "Place 7"})
    assert "New readings1" in page.text
    assert "About other places, people or groups599" in page.text


def test_a_hundred_thousand_rows_are_refused_one_by_one_and_the_first_are_shown(desk):
    sent = desk.send_raw(b"month,late,all\n" + b"2026-04,5,4\n" * 100_000)
    page = desk.answer(desk.client.get(sent.location), kind="plain")
    said = {"column.period": "0", "column.numerator": "1", "column.denominator": "2"}
    page = desk.answer(page, **said, by="-")
    assert "Refused100,000" in page.text
    assert "Refused rows, the first 100" in page.text
    assert desk.live() == []
