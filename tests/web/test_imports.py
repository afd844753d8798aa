"""The pages of an import, from the file to its undoing, as a person walks them without scripts."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from eqia.domain.exported_readings import TEMPLATE
from eqia.persistence.queries.plans import LIVE
from eqia.persistence.tables import (
    EventRow,
    ImportBatchRow,
    ImportFileRow,
    MeasureVersionRow,
    PersonRow,
    ProjectRow,
    ReadingRow,
)
from tests.builders import make_member, make_person
from tests.plan_builders import make_measure, make_plan, make_version, person_of
from tests.web.test_outputs_attacked import statements

AGES = [
    {"code": "under_65", "label": "Under 65", "kind": "substantive"},
    {"code": "65_plus", "label": "65 and over", "kind": "substantive"},
    {"code": "none", "label": "Not recorded", "kind": "unknown"},
]
MONTHLY = """period,ward,age,late,all
2026-04-01,East,All,4,60
2026-04-01,East,Under 65,1,30
2026-04-01,East,Over 65,3,30
2026-05-01,East,All,6,61
2026-04-01,West,All,9,90
"""


class Desk:
    """Somebody of the team, at the imports of one measure."""

    def __init__(self, client, session, plan, measure, version):
        self.client, self.session = client, session
        self.plan, self.measure, self.version = plan, measure, version
        self.home = f"/plans/{plan.id}/measures/{measure.id}/imports"

    @property
    def project(self):
        return self.session.get_one(ProjectRow, self.plan.project_id)

    def send(self, content, name="visits.csv", *, expect=302):
        data = content.encode() if isinstance(content, str) else content
        page = self.client.get(self.home)
        sent = self.client.submit_form(
            page, data={"file": [(io.BytesIO(data), name)]}, expect=expect
        )
        return self.client.follow(sent) if expect == 302 else sent

    def send_raw(self, content):
        """Send a long file; the client's own way of sending leaves a file open."""
        token = self.client.get(self.home).form().values["csrf_token"]
        field = "--x\r\nContent-Disposition: form-data; name="
        head = f'{field}"csrf_token"\r\n\r\n{token}\r\n{field}"file"; filename="a.csv"\r\n\r\n'
        body = head.encode() + content + b"\r\n--x--\r\n"
        kind = "multipart/form-data; boundary=x"
        return self.client.raw.post(self.home, data=body, content_type=kind)

    def answer(self, page, expect=302, **said):
        data = {key.replace("__", "."): value for key, value in said.items()}
        sent = self.client.submit_form(page, data=data, expect=expect)
        return self.client.follow(sent) if expect == 302 else sent

    def say_plain(self, page):
        """Say what the monthly table means, up to the preview."""
        page = self.answer(page, kind="plain")
        page = self.answer(
            page,
            column__period="0",
            column__numerator="3",
            column__denominator="4",
            by="2",
            apart=["1"],
        )
        page = self.answer(page, choice__0="0", length="month")
        return self.answer(page, group__1="under_65", group__2="65_plus")

    def live(self):
        rows = self.session.execute(
            select(ReadingRow.period_start, ReadingRow.member, ReadingRow.numerator)
            .where(ReadingRow.version_id == self.version.id, LIVE)
            .order_by(ReadingRow.period_start, ReadingRow.member)
        ).all()
        self.session.rollback()
        return [tuple(row) for row in rows]


@pytest.fixture
def desk(client, session):
    plan = make_plan(session)
    months = {"frequency": "month", "first_period": date(2026, 4, 1)}
    measure = make_measure(session, plan=plan, title="Late visits", **months)
    version = make_version(session, plan=plan, measure=measure, members=AGES)
    person = person_of(session, plan)
    session.commit()
    return Desk(client.sign_in(person), session, plan, measure, version)


def test_a_table_is_said_looked_at_taken_in_and_undone(desk):
    page = desk.send(MONTHLY)
    assert "visits.csv: 5 rows" in page.text
    page = desk.say_plain(page)
    assert "Step 5 of 5. We read 5 rows." in page.text
    assert "Nothing has been kept yet" in page.text
    assert "New readings4" in page.text
    assert "About other places, people or groups1" in page.text
    assert desk.live() == []
    page = desk.answer(page)
    assert "4 readings were added and 0 were corrected" in page.text
    april, may = date(2026, 4, 1), date(2026, 5, 1)
    kept = [(april, "", 4), (april, "65_plus", 3), (april, "under_65", 1), (may, "", 6)]
    assert desk.live() == kept
    page = desk.client.get(next(u for t, u in page.links.items() if t.startswith("Undo")))
    page = desk.answer(page)
    assert "The import was undone" in page.text
    assert desk.live() == []


def test_the_same_file_twice_changes_nothing_and_asks_nothing_again(desk):
    desk.answer(desk.say_plain(desk.send(MONTHLY)))
    page = desk.answer(desk.send(MONTHLY), kind="plain")
    assert "Everything in this file is there already" in page.text
    assert "Unchanged4" in page.text
    assert not [form for form in page.forms if form.action.endswith("preview")]


def test_what_differs_is_a_correction_and_returns_when_undone(desk, clock):
    desk.answer(desk.say_plain(desk.send(MONTHLY)))
    clock.move(minutes=5)
    better = MONTHLY.replace("East,All,4,60", "East,All,5,60")
    page = desk.answer(desk.send(better, "better.csv"), kind="plain")
    assert "Corrections1" in page.text
    assert "6.7% (4 of 60)" in page.text
    assert "8.3% (5 of 60)" in page.text
    page = desk.answer(page, why="Counted again.")
    first, second = (u for t, u in page.links.items() if t.startswith("Undo"))
    page = desk.client.get(second)
    assert "cannot be undone, because 1 later correction builds on it" in page.text
    told = " ".join(page.text.split())
    assert "April 2026 Everybody 8.3% (5 of 60) 6.7% (4 of 60)" in told
    page = desk.client.get(first)
    assert "1 reading it corrected will be again what it was" in page.text
    told = " ".join(page.text.split())
    assert "April 2026 Everybody 8.3% (5 of 60) 6.7% (4 of 60)" in told
    page = desk.answer(page)
    assert desk.live()[0] == (date(2026, 4, 1), "", 4)
    assert len(page.text.split("Undone on")) == 2


def test_a_file_that_corrects_asks_why_once_and_keeps_what_was_said(desk):
    desk.answer(desk.say_plain(desk.send(MONTHLY)))
    page = desk.answer(desk.send(MONTHLY.replace("4,60", "5,60")), kind="plain")
    bad = desk.answer(page, expect=422)
    assert bad.errors == ["Say why the figures are corrected"]
    assert desk.live()[0] == (date(2026, 4, 1), "", 4)
    desk.answer(bad, why="A clinic sent its list late.")
    (kept,) = desk.session.scalars(select(ReadingRow).where(ReadingRow.supersedes.is_not(None)))
    assert kept.why == "A clinic sent its list late."


def test_the_undoing_of_a_long_import_is_summed_up_and_its_first_readings_told(desk):
    head = ",".join(TEMPLATE)
    months = [("04", 30), ("05", 31), ("06", 30), ("07", 31), ("08", 31), ("09", 30)]
    lines = [
        f",2026-{month}-01,2026-{month}-{last},,{label},1,{of},,,,,"
        for month, last in months
        for label, of in (("Everybody", 9), ("Under 65", 4))
    ]
    page = desk.answer(desk.answer(desk.send("\n".join([head, *lines]))))
    page = desk.client.get(next(u for t, u in page.links.items() if t.startswith("Undo")))
    told = " ".join(page.text.split())
    assert "12 readings it added will count no more. The history keeps both." in told
    assert "What changes, the first 10 of 12" in told
    assert "April 2026 Under 65 25.0% (1 of 4) No reading yet" in told
    assert "September 2026 Everybody" not in told


def test_an_undoing_that_would_leave_a_group_larger_than_everybody_is_refused(desk, clock):
    head = ",".join(TEMPLATE)
    april = ",2026-04-01,2026-04-30,,"
    desk.answer(desk.answer(desk.send(f"{head}\n{april}Everybody,4,60,,,,,\n")))
    clock.move(minutes=5)
    page = desk.answer(desk.send(f"{head}\n{april}Everybody,9,60,,,,,\n"))
    page = desk.answer(page, why="Counted again.")
    undo = next(u for t, u in page.links.items() if t.startswith("Undo"))
    waiting = desk.client.get(undo)
    clock.move(minutes=5)
    desk.answer(desk.answer(desk.send(f"{head}\n{april}Under 65,8,30,,,,,\n")))
    # Pressed on a page that was open before the group came, it is refused all the same.
    told = desk.answer(waiting, expect=409)
    assert "Without this import a group would have more than everybody together" in told.text
    page = desk.client.get(undo)
    assert "April 2026, Under 65: 8 counted is more than the 4 of Everybody" in page.text
    assert not [form for form in page.forms if form.action.endswith("undo")]
    assert [number for _, _, number in desk.live()] == [9, 8]


def test_one_bad_row_refuses_all_and_what_was_said_is_kept(desk):
    page = desk.say_plain(desk.send(MONTHLY.replace("3,30", "31,30")))
    assert "Refused1" in page.text
    assert "4 late The number counted cannot be above the number they are out of" in page.text
    assert not page.forms or all("preview" not in form.action for form in page.forms)
    # Sent by hand all the same, it is refused, and nothing is half kept.
    desk.client.post(page.url, {"seen": ""}, expect=409)
    assert desk.live() == []
    page = desk.answer(desk.send(MONTHLY), kind="plain")
    assert "New readings4" in page.text


def test_a_group_larger_than_everybody_keeps_all_of_a_file_out(desk):
    page = desk.say_plain(desk.send(MONTHLY.replace("East,Under 65,1,30", "East,Under 65,5,30")))
    assert "Refused1" in page.text
    told = "3 The whole row Under 65, April 2026: 5 counted is more than the 4 of Everybody"
    assert told in page.text
    assert not [form for form in page.forms if form.action.endswith("preview")]
    desk.client.post(page.url, {"seen": ""}, expect=409)
    assert desk.live() == []


def test_a_group_is_compared_with_what_is_there_already(desk):
    desk.answer(desk.say_plain(desk.send(MONTHLY)))
    less = "period,ward,age,late,all\n2026-04-01,East,All,2,60\n2026-05-01,West,All,2,60\n"
    page = desk.answer(desk.send(less), kind="plain")
    # The file has a row for everybody alone; the group is larger by what was kept before.
    assert "2 The whole row 65 and over, April 2026: 3 counted is more than the 2" in page.text
    assert desk.live()[0] == (date(2026, 4, 1), "", 4)


def test_groups_that_do_not_add_up_are_asked_about_before_a_file_is_taken_in(desk):
    rows = {"Everybody": "12,120", "Under 65": "5,60", "65 and over": "6,50", "Not recorded": "0,9"}
    lines = [f",2026-04-01,2026-04-30,,{label},{n},,,,," for label, n in rows.items()]
    page = desk.answer(desk.send("\n".join([",".join(TEMPLATE), *lines])))
    told = "April 2026. Counted: the groups add up to 11, Everybody is 12."
    assert f"{told} Out of: the groups add up to 119, Everybody is 120." in page.text
    bad = desk.answer(page, expect=422)
    assert bad.errors == [
        "Check the sums above. Tick the box if the figures are right, or put the file right"
    ]
    assert desk.live() == []
    desk.answer(bad, agreed=["yes"])
    assert len(desk.live()) == 4


def test_every_row_of_a_file_is_within_reach_told_by_what_would_happen_to_it(desk):
    late = [f"2026-{month:02d}-01,East,All,{month},60" for month in range(4, 12)]
    head = "period,ward,age,late,all\n"
    west = "".join(f"2026-04-01,West {n},All,1,9\n" for n in range(130))
    rest = "2026-12-01,East,All,[x],60\n2026-04-01,East,Over 65,<8,30\n"
    page = desk.say_plain(desk.send(MONTHLY + west))
    page = desk.answer(page)
    page = desk.answer(desk.send(head + "\n".join(late) + "\n" + west + rest), kind="plain")
    assert "“<8” in 1 row: Hidden at source, small number" in page.text
    assert "“[x]” in 1 row: Not available, so that no reading is kept" in page.text
    assert "Hidden at source, small number, 1" in page.text
    links = {text: url for text, url in page.links.items() if text.startswith("See ")}
    left = desk.client.get(links["See all 130 rows that are left out"])
    assert "page 1 of 2" in left.text
    assert "10 ward West 0" in " ".join(left.text.split())
    last = desk.client.get(f"{left.url}?page=99")
    assert "page 2 of 2" in last.text
    assert "139 ward West 129" in " ".join(last.text.split())
    changed = desk.client.get(links["See all 2 corrections"])
    assert changed.links["Back to what would change"] == page.url
    assert "9.8% (6 of 61) 8.3% (5 of 60) 3" in " ".join(changed.text.split())
    assert (
        "Not available in the file: “late”"
        in desk.client.get(links["See 1 row without a figure"]).text
    )
    desk.client.get(f"{page.url}/nothing", expect=404)


def test_our_own_form_goes_out_and_comes_back(desk):
    page = desk.client.get(desk.home)
    assert {"form.csv", "form.xlsx"} <= {url.rpartition("/")[2] for url in page.links.values()}
    answer = desk.client.raw.get(f"{desk.home}/form.csv")
    name = f"readings-{desk.plan.reference}-late-visits.csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    text = answer.data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 8 * 4
    assert rows[0]["measure_ref"] == f"{desk.plan.reference}-measure-1"
    assert [row["category"] for row in rows[:4]] == [
        *("Everybody", "Under 65", "65 and over", "Not recorded")
    ]
    rows[0] |= {"numerator": "4", "denominator": "60", "note": "'=counted twice"}
    rows[1] |= {"state": "masked_at_source"}
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    page = desk.send(out.getvalue())
    assert "it looks like: Our own form" in page.text
    page = desk.answer(page)
    assert "New readings2" in page.text
    assert "Without a figure30" in page.text
    desk.answer(page)
    found = desk.session.scalars(select(ReadingRow).order_by(ReadingRow.member)).all()
    assert [(row.numerator, row.state, row.comment) for row in found] == [
        (4, "final", "=counted twice"),
        (None, "masked_at_source", ""),
    ]


def test_our_own_form_is_a_spreadsheet_too(desk):
    content = desk.client.raw.get(f"{desk.home}/form.xlsx").data
    book = load_workbook(io.BytesIO(content))
    sheet = book.active
    sheet["F2"], sheet["G2"] = 4, 60
    out = io.BytesIO()
    book.save(out)
    page = desk.answer(desk.send(out.getvalue(), "visits.xlsx"))
    assert "New readings1" in page.text


def test_an_exact_export_comes_back_and_changes_nothing(desk):
    desk.answer(desk.say_plain(desk.send(MONTHLY)))
    away = f"/plans/{desk.plan.id}/measures/{desk.measure.id}/export"
    token = desk.client.get(desk.home).form().values["csrf_token"]
    for name in ("csv", "marked", "xlsx"):
        sent = {"kind": name, "csrf_token": token}
        exported = desk.client.raw.post(f"{away}/exact", data=sent)
        assert exported.status_code == 200, name
        page = desk.answer(desk.send(exported.data, f"back.{name}"))
        assert "Unchanged4" in page.text
        assert "Refused0" in page.text


def test_an_export_for_others_does_not_come_back(desk):
    desk.answer(desk.say_plain(desk.send(MONTHLY)))
    away = f"/plans/{desk.plan.id}/measures/{desk.measure.id}/export"
    hidden = desk.client.raw.get(f"{away}/csv").data
    page = desk.answer(desk.send(hidden, "hidden.csv"))
    assert "These figures were hidden or rounded for others to see" in page.text
    assert "Refused4" in page.text


def test_a_changed_preview_is_told_before_anything_is_kept(desk):
    page = desk.say_plain(desk.send(MONTHLY))
    other = desk.answer(desk.send(MONTHLY), kind="plain")
    desk.answer(other)
    told = desk.answer(page, expect=409)
    assert "Readings or the measure were changed while you looked" in told.text
    assert "Unchanged4" in told.text


def test_a_second_click_leads_to_what_the_first_one_did(desk):
    page = desk.say_plain(desk.send(MONTHLY))
    desk.answer(page)
    again = desk.client.submit_form(page)
    assert again.location.endswith("/imports")
    assert len(desk.session.scalars(select(ImportBatchRow)).all()) == 1


def test_a_file_is_for_whoever_sent_it_and_goes_after_a_day(desk, clock):
    page = desk.send(MONTHLY)
    other = make_person(desk.session)
    make_member(desk.session, project=desk.project, person=other)
    desk.session.commit()
    mine = desk.client.person_id
    desk.client.sign_in(other)
    desk.client.get(page.url, expect=404)
    clock.move(hours=25)
    desk.client.sign_in(desk.session.get_one(PersonRow, mine))
    desk.client.get(page.url, expect=404)
    assert "Files you have begun" not in desk.client.get(desk.home).text
    desk.client.sign_in(other)
    desk.send(MONTHLY)
    assert desk.session.scalar(select(func.count(ImportFileRow.id))) == 1
    assert desk.session.scalar(select(ImportFileRow.person_id)) != mine


def test_no_more_than_a_few_files_of_one_person_wait(desk):
    for number in range(7):
        desk.send(MONTHLY, f"{number}.csv")
    assert desk.session.scalar(select(func.count(ImportFileRow.id))) == 5


def test_a_file_above_the_limit_is_told_so(desk):
    for size in (10_000_001, 12_000_000):
        answer = desk.send_raw(b"x" * size)
        assert answer.status_code == 413
        assert "The file must have 10 MB or less" in answer.text


def test_without_its_token_a_file_is_not_taken(desk):
    data = {"file": (io.BytesIO(MONTHLY.encode()), "a.csv"), "csrf_token": "no"}
    desk.client.post(desk.home, data, expect=400)
    assert desk.session.scalar(select(func.count(ImportFileRow.id))) == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose a file"),
        (b"\xd0\xcf\x11\xe0old", "This is an old Excel file"),
        (b"PK\x03\x04broken", "This spreadsheet cannot be read"),
        (b"a,b\n", "There are no rows under the headings"),
        (b"a,a\n1,2\n", "Two columns are called"),
        (b"a;b;c\n1;2;3\n", "Columns are parted by semicolons"),
        (b'a,b\n1,"2\n', "Row 2 cannot be read: a quotation mark is missing"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_why(desk, content, words):
    page = desk.send(content, expect=422)
    assert words in page.text
    assert page.title.startswith("Error: ")


def test_a_measure_that_is_not_defined_is_defined_first(desk):
    bare = make_measure(desk.session, plan=desk.plan)
    desk.session.commit()
    home = f"/plans/{desk.plan.id}/measures/{bare.id}"
    assert desk.client.get(f"{home}/imports", expect=302).location == f"{home}/edit"


def test_pages_out_of_turn_lead_to_the_one_that_is_open(desk):
    page = desk.send(MONTHLY)
    base = page.url.rpartition("/")[0]
    for name in ("columns", "rows", "groups", "preview"):
        assert desk.client.get(f"{base}/{name}", expect=302).location == f"{base}/kind"
    page = desk.answer(page, kind="plain")
    for name in ("rows", "groups", "preview"):
        found = desk.client.get(f"{base}/{name}", expect=None)
        assert found.status == 200 or found.location == f"{base}/columns"


def test_what_is_missing_is_told_beside_its_box_and_the_rest_stays(desk):
    page = desk.answer(desk.send(MONTHLY), kind="plain")
    page = desk.answer(page, expect=422, column__numerator="3", column__minus="3", by="2")
    assert "Choose the column with the periods" in page.text
    assert "Choose the column with out of how many" in page.text
    assert "not both" in page.text
    assert page.form().values["column.numerator"] == "3"


def test_a_new_definition_between_preview_and_yes_is_told(desk):
    page = desk.say_plain(desk.send(MONTHLY))
    make_version(desk.session, plan=desk.plan, measure=desk.measure, number=2, members=AGES)
    desk.session.commit()
    desk.answer(page)
    latest = desk.session.scalars(
        select(MeasureVersionRow).order_by(MeasureVersionRow.number.desc())
    ).first()
    assert {row.version_id for row in desk.session.scalars(select(ReadingRow))} == {latest.id}


def test_imports_and_their_undoing_are_logged(desk):
    page = desk.answer(desk.say_plain(desk.send(MONTHLY)))
    page = desk.client.get(next(u for t, u in page.links.items() if t.startswith("Undo")))
    desk.answer(page)
    actions = desk.session.scalars(select(EventRow.action).order_by(EventRow.seq)).all()
    assert actions[-2:] == ["plan.readings_imported", "plan.import_undone"]


def test_a_page_takes_as_many_statements_however_long_the_file(desk):
    rows = "".join(f"2026-05-01,Ward {n},All,1,{n + 2}\n" for n in range(40))
    few = desk.say_plain(desk.send(MONTHLY))
    many = desk.answer(desk.send(MONTHLY + rows), kind="plain")
    assert statements(desk.client, few.url) == statements(desk.client, many.url)
    before = statements(desk.client, desk.home)
    desk.answer(few)
    changed = desk.answer(desk.send(MONTHLY.replace("4,60", "5,60")), kind="plain")
    desk.answer(changed, why="Counted again.")
    assert statements(desk.client, desk.home) == before
