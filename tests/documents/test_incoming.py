"""Files as people send them: every encoding; spreadsheets that hide, merge, calculate or bomb."""

from __future__ import annotations

import io
import tracemalloc
from datetime import date, datetime
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from eqia.documents import incoming
from eqia.documents.sheets import workbook
from eqia.domain.errors import Invalid

TEXT = "ward,late\nÉast “A”,4\n"
ROWS = ((2, ("Éast “A”", "4")),)


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace(",", "\t").encode(),
        ("sep=,\r\n" + TEXT).encode(),
    ],
)
def test_letters_with_accents_are_told_whatever_the_encoding(content):
    found = incoming.read(content)
    assert [cells for _, cells in found.sheets[0].lines] == [cells for _, cells in ROWS]
    assert found.note == ""


def test_what_is_not_utf_8_is_read_as_windows_1252_and_said_so():
    found = incoming.read(TEXT.encode("cp1252"))
    assert found.sheets[0].lines == ROWS
    assert "We read it as Windows-1252" in found.note


BAD = [
    ("ward,late\nÉast,4\n".encode() + "Wést,5\n".encode("cp1252"), "Line 3 is written in"),
    (b"ward,late\n\x81\x8d,4\n", "Line 2 holds a character that cannot be read"),
    (b"\xef\xbb\xbfward,late\n\xff,4\n", "Line 2 holds a character that cannot be read"),
    (b"ward,late\n\x00,4\n", "neither a CSV file nor a spreadsheet"),
    ("ward,late\nA,4\n".encode("utf-16-le"), "neither a CSV file nor a spreadsheet"),
    (b"ward;late\nA;4,5\n", "Columns are parted by semicolons"),
    (b'ward,late\n"A,4\nB,5\n', "Row 2 cannot be read: a quotation mark is missing"),
    (b'ward,late\n"A"B,4\n', "Row 2 cannot be read: a quotation mark"),
    (b"ward\n" + b"1\n" * 150_002, "150,000 rows or fewer"),
    (b"," * 199 + b"\n" + (b"1" + b"," * 199 + b"\n") * 15_001, "3,000,000 cells or fewer"),
    (b"a,b\n" + b"x" * 140_000 + b",1\n", "Row 2 cannot be read"),
    (b"x" * 10_000_001, "10 MB or less"),
    (b"", "The file is empty"),
    (b"%PDF-1.7 \x81", "cannot be read"),
]


@pytest.mark.parametrize(("content", "words"), BAD, ids=map(str, range(len(BAD))))
def test_what_cannot_be_read_is_refused_with_the_line(content, words):
    with pytest.raises(Invalid, match=words):
        incoming.read(content)


def test_a_line_break_in_quotation_marks_ends_no_row():
    found = incoming.read(b'a,b\r\n"Rate\n",1\r\n"x\r\ny",2\r\n,\r\nz,3\r\n')
    assert found.sheets[0].lines == ((2, ("Rate", "1")), (3, ("x\ny", "2")), (5, ("z", "3")))


def book(*rows, **sheets) -> Workbook:
    """A spreadsheet of one sheet, and others by name."""
    made = Workbook()
    made.active.title = "Readings"
    for row in rows:
        made.active.append(row)
    for name, lines in sheets.items():
        sheet = made.create_sheet(name)
        for line in lines:
            sheet.append(line)
    return made


def saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def cells(made: Workbook) -> list[tuple[str, ...]]:
    (sheet,) = incoming.read(saved(made)).sheets
    return [row for _, row in sheet.lines]


def test_days_percentages_and_texts_are_read_as_they_are_shown():
    made = book(
        ["period", "late", "share", "flag"],
        [datetime(2026, 4, 1), 4, 0.12, True],  # noqa: DTZ001 - spreadsheets know no zones
        [date(2026, 5, 1), " 64 ", 0.5, None],
        [45778, "*", 0.1, "N/A"],
        ["Apr-26", 1234567, 7.0, "=not"],
    )
    for row in (2, 3):
        made.active.cell(row, 3).number_format = "0%"
    made.active["D5"].data_type = "s"
    assert cells(made) == [
        ("2026-04-01", "4", "12%", "TRUE"),
        ("2026-05-01", "64", "50%", ""),
        ("45778", "*", "0.1", "N/A"),
        ("Apr-26", "1234567", "7", "=not"),
    ]


def test_a_share_is_multiplied_exactly():
    made = book(["a"], *[[number] for number in (0.07, 0.29, 1.1, 0.000123)])
    for row in range(2, 6):
        made.active.cell(row, 1).number_format = "0.0%"
    assert cells(made) == [("7%",), ("29%",), ("110%",), ("0.0123%",)]


def test_a_formula_without_its_result_is_refused_by_name():
    made = book(["period", "late", "all"], ["Apr-26", "=1+1", 3], ["May-26", 4, "=SUM(B2:B3)"])
    with pytest.raises(Invalid) as refused:
        incoming.read(saved(made))
    said = [one.message for one in refused.value.problems]
    assert [words[:7] for words in said] == ["Cell B2", "Cell C3"]
    assert "Readings" in said[0]


def rewritten(content: bytes, name: str, change) -> bytes:
    """Change one part of a spreadsheet as another program would have written it."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            data = old.read(part)
            new.writestr(part, change(data) if part == name else data)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_formula_with_its_result_counts_as_the_result():
    made = saved(book(["late", "note"], ["=1+1", "x"], ['=IF(1,"","")', "y"]))

    def with_results(data: bytes) -> bytes:
        data = data.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
        data = data.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
        return data.replace(b'r="A3"', b'r="A3" t="str"')

    (sheet,) = incoming.read(rewritten(made, SHEET, with_results)).sheets
    assert [row for _, row in sheet.lines] == [("2", "x"), ("", "y")]


def test_merged_cells_among_the_rows_are_refused_and_a_merged_title_is_not():
    made = book(["ward", "late"], ["East", 1], [None, 2])
    made.active.merge_cells("A2:A3")
    with pytest.raises(Invalid, match="Cells A2:A3 are merged"):
        incoming.read(saved(made))
    made = book(["ward", "late"], ["East", 1])
    made.active.merge_cells("A1:A1")
    assert incoming.read(saved(made)).sheets


def test_hidden_sheets_are_left_out_and_told():
    made = book(["a"], [1], Old=[["a"], [9]], Older=[["a"], [8]])
    made["Old"].sheet_state = "hidden"
    made["Older"].sheet_state = "veryHidden"
    found = incoming.read(saved(made))
    assert [one.name for one in found.sheets] == ["Readings"]
    assert found.note == "2 hidden sheets were left out."


def test_several_sheets_are_all_offered_and_one_of_notes_is_told():
    made = book(["a"], [1], More=[["b"], [2]], Notes=[["Nothing but words"]])
    found = incoming.read(saved(made))
    assert [one.name for one in found.sheets] == ["Readings", "More"]
    assert found.note == "The sheet “Notes” was left out."


def test_days_counted_from_1904_are_read_and_told():
    made = book(["day", "late"], [date(2026, 4, 1), 1])
    made.epoch = CALENDAR_MAC_1904
    found = incoming.read(saved(made))
    assert found.sheets[0].lines[0][1] == ("2026-04-01", "1")
    assert "1904" in found.note


def test_our_own_spreadsheet_comes_back_as_it_went():
    content = workbook("Readings", ["a", "b"], [["=1+1", 5], ["-x", -2], ["it's", None]])
    (sheet,) = incoming.read(content).sheets
    assert [row for _, row in sheet.lines] == [("=1+1", "5"), ("-x", "-2"), ("it's", "")]


WHOLE = saved(book(["day", "late"], [date(2026, 4, 1), 4], ["May-26", "*"]))


def bomb(rows: int, row: bytes = b"<row><c><v>1</v></c></row>") -> bytes:
    made = saved(book(["a"], [1]))
    return rewritten(
        made, SHEET, lambda data: data.replace(b"</sheetData>", row * rows + b"</sheetData>")
    )


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    content = bomb(4_000_000)
    assert len(content) < 1_000_000
    tracemalloc.start()
    with pytest.raises(Invalid, match="unpacks to far more than its size"):
        incoming.read(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_many_parts_are_refused():
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for number in range(501):
            archive.writestr(f"{number}.xml", "<a/>")
    with pytest.raises(Invalid, match="unpacks to far more"):
        incoming.read(out.getvalue())


def test_too_many_rows_and_cells_far_away_are_refused():
    far = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    with pytest.raises(Invalid, match="150,000 rows or fewer"):
        incoming.read(bomb(1, far))
    wide = b'<row r="3"><c r="XFD3"><v>1</v></c></row>'
    with pytest.raises(Invalid, match="Row 3 has more cells than there are headings"):
        incoming.read(bomb(1, wide))
    many = b'<row><c r="XFD%d"><v>1</v></c></row>'
    with pytest.raises(Invalid, match="3,000,000 cells or fewer"):
        incoming.read(bomb(1, b"".join(many.replace(b"%d", b"%d" % n) for n in range(3, 200))))


SPOILT = {
    "entities": lambda data: b'<!DOCTYPE a [<!ENTITY b "c">]>' + data,
    "another encoding": lambda data: data.decode().encode("utf-16"),
    "cut short": lambda data: data[:200],
    "no number": lambda data: data.replace(b"<v>1</v>", b"<v>one</v>"),
    "nothing": lambda _data: b"",
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_broken_or_hostile_part_is_refused(how):
    content = rewritten(saved(book(["a"], [1])), SHEET, SPOILT[how])
    with pytest.raises(Invalid):
        incoming.read(content)


@pytest.mark.parametrize("name", ["sheet1.xml", "SHEET1.XML", "sheet1.dat"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_a_part_of_any_name_and_encoding(name, encoding):
    """A sheet lies wherever the file says that it lies, not only in what ends in .xml."""

    def moved(data: bytes) -> bytes:
        return data.replace(b"sheet1.xml", name.encode())

    def declared(data: bytes) -> bytes:
        rest = data[data.index(b"<worksheet") :].decode()
        head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]>'
        return (head + rest).encode(encoding)

    plain = saved(book(["a"], [1]))
    out = io.BytesIO()
    with ZipFile(io.BytesIO(plain)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            change = declared if part == SHEET else moved
            new.writestr(part.replace("sheet1.xml", name), change(old.read(part)))
    with pytest.raises(Invalid, match="cannot be read"):
        incoming.read(out.getvalue())


@pytest.mark.parametrize("keep", range(0, 4000, 250))
def test_a_spreadsheet_cut_short_is_refused(keep):
    with pytest.raises(Invalid):
        incoming.read(saved(book(["a"], [1]))[: keep + 4])


def read_or_refused(content: bytes) -> bool:
    """Whether a file is read, or refused in words; anything else is raised."""
    try:
        return bool(incoming.read(content).sheets[0].lines)
    except Invalid as refusal:
        return all(one.message for one in refusal.problems)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_read_or_refused(content):
    for start in (b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04", b"a,b\n"):
        assert read_or_refused(start + content)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_a_spreadsheet_with_a_few_bytes_changed_is_read_or_refused(place, spoilt):
    content = bytearray(WHOLE)
    at = place % len(content)
    content[at : at + len(spoilt)] = spoilt
    assert read_or_refused(bytes(content))
