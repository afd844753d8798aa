"""Whatever stands in the cells of a file: every row is read, told or refused, and none twice."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from eqia.domain.errors import Invalid
from eqia.domain.exported_readings import TEMPLATE
from eqia.domain.imports.checks import column_problems, group_problems, row_problems
from eqia.domain.imports.layouts import LEFT_OUT, NO_GROUPS
from eqia.domain.imports.presets import PRESETS, heading_faults
from eqia.domain.imports.previews import compare
from eqia.domain.imports.sheets import make_sheet
from eqia.domain.readings import COUNTED
from tests.domain.import_samples import MONTHS, counted, reader

WRITTEN = st.one_of(
    st.sampled_from(
        [
            *("", "0", "1", "10", "1,234", "12.5", "-1", "3%", "*", "N/A", "-", "NaN", "inf"),
            *("1e9", "1e99", "=1+1", "'=1", "2026", "2026-04", "2026-04-01", "30/04/2026"),
            *("03/04/2026", "2025/26 Q1", "45778", "Everybody", "Under 65", "65 and over", "All"),
            *("final", "masked", "not_collected", "m1", "m2", "age", "\N{ARABIC-INDIC DIGIT ONE}"),
        ]
    ),
    st.text(max_size=12),
)
SHAPES = st.sampled_from(["proportion", "rate", "mean", "count"])


def tables(wide: int):
    row = st.lists(WRITTEN, min_size=wide, max_size=wide)
    return st.lists(row, min_size=1, max_size=12)


NUMBERS = st.sampled_from(["", "0", "1", "5", "10", "12", "1,000", "12.5", "*", "N/A", "-", "NaN"])
SPANS = [("2026-04-01", "2026-04-30"), ("01/05/2026", "31/05/2026"), ("2026-04-01", "")]


@st.composite
def own_rows(draw):
    """Rows of our own form that mostly could be right."""
    rows = []
    for _ in range(draw(st.integers(1, 12))):
        start, end = draw(st.sampled_from(SPANS))
        group = draw(st.sampled_from(["Everybody", "Under 65", "65 and over", "Others"]))
        numbers = [draw(NUMBERS) for _ in range(5)]
        state = draw(st.sampled_from(["", "", "", "final", "masked", "guessed"]))
        rows.append(["m1", start, end, "", group, *numbers, state, ""])
    return rows


def all_told(taken, lines: int, definition) -> None:
    """Every row is in one place, no group has two readings, and every figure is possible."""
    told = len(taken.given) + len(taken.faults) + len(taken.bare) + taken.others
    assert told == lines
    places = [(one.period, one.figure.member) for one in taken.given]
    assert len(set(places)) == len(places)
    for one in taken.given:
        figure = one.figure
        if figure.state not in COUNTED:
            assert (figure.numerator, figure.denominator, figure.value) == (None, None, None)
        assert figure.numerator is None or figure.numerator >= 0
        assert figure.denominator is None or figure.denominator > 0
        assert figure.value is None or figure.value.is_finite()
        assert one.lower is None or one.lower.is_finite()
    assert all(one.reason for one in (*taken.faults, *taken.bare))
    found = compare(taken, {}, definition)
    assert found.may_go_on == bool(taken.given and not taken.faults and not found.clashes)


@settings(max_examples=150, deadline=None)
@given(st.one_of(own_rows(), tables(len(TEMPLATE))), SHAPES)
def test_our_own_form_with_anything_in_it(rows, shape):
    try:
        sheet = make_sheet("", enumerate([list(TEMPLATE), *rows], 1))
    except Invalid:
        return
    taken = reader(sheet, counted(shape), MONTHS).take()
    all_told(taken, len(sheet.lines), counted(shape))
    if shape == "proportion":
        assert all(
            (one.figure.numerator or 0) <= (one.figure.denominator or 0) for one in taken.given
        )


@settings(max_examples=150, deadline=None)
@given(tables(6), SHAPES, st.sampled_from(sorted(PRESETS)), st.data())
def test_any_table_as_any_kind_with_anything_said(rows, shape, kind, data):
    headings = ["when", "who", "where", "a", "b", "c"]
    try:
        sheet = make_sheet("", enumerate([headings, *rows], 1))
    except Invalid:
        return
    if heading_faults(kind, sheet):
        kind = "plain"
    some = st.sampled_from(headings)
    found = reader(sheet, counted(shape), MONTHS, kind).say(
        columns=data.draw(
            st.dictionaries(
                st.sampled_from(
                    ["period", "numerator", "minus", "denominator", "value", "lower", "note"]
                ),
                some,
            )
        ),
        by=data.draw(st.sampled_from([*headings, NO_GROUPS, ""])),
        apart=tuple(data.draw(st.lists(some, unique=True, max_size=2))),
        length=data.draw(st.sampled_from(["", "month"])),
        order=data.draw(st.sampled_from(["", "dmy", "mdy"])),
    )
    asked = found.asked
    chosen = {
        name: data.draw(st.sampled_from(list(values))) for name, values in asked.choices.items()
    }
    codes = st.sampled_from(["", "under_65", "65_plus", LEFT_OUT, "gone"])
    found = found.say(chosen=chosen)
    found = found.say(members={label: data.draw(codes) for label in found.asked.labels})
    for check in (column_problems, row_problems, group_problems):
        assert all(one.field and one.message for one in check(found.asked))
    assert found.asked.next_page in found.asked.pages
    all_told(found.take(), len(sheet.lines), counted(shape))
