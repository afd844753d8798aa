"""The kinds of file that are known: what their columns are called and what must be asked.

Headings of the Fingertips and FingertipsNext files are as their publisher's own code spells them;
measures.md section 10 names the traps of each.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from eqia.domain.exported_readings import TEMPLATE
from eqia.domain.imports.layouts import Layout, Role
from eqia.domain.imports.sheets import Sheet, folded
from eqia.domain.periods import YearKind

OWN, FINGERTIPS, UPLOAD, NEXT = "own", "fingertips", "fingertips_upload", "fingertips_next"
FACTS, TABLE, PLAIN = "facts_long", "facts_table", "plain"
#: the column worked out of year, quarter and month, and the one worked out of two ages
PERIOD, AGE = "Period", "Age"
#: what stands in a column that tells groups apart where a row is about everybody
WHOLE = frozenset({"", "all", "-1"})
_ALL_COLUMNS = (Role.NUMERATOR, Role.MINUS, Role.DENOMINATOR, Role.VALUE, Role.LOWER, Role.UPPER)
_NEXT_HEAD = ("area_code", "date_from", "date_to", "period_type", "sex")
_NEXT_TAIL = (
    *("count", "value", "denominator"),
    *("lower_ci_95", "upper_ci_95", "lower_ci_99_8", "upper_ci_99_8"),
)
_NEXT_AGES = ("age_from_years_inclusive", "age_to_years_inclusive")
#: as the publisher's code has them, and as its guidance had them before
NEXT_HEADINGS = (
    (*_NEXT_HEAD, *_NEXT_AGES, "deprivation_decile", "deprivation_category", *_NEXT_TAIL),
    (*_NEXT_HEAD, "age_from", "age_to", "deprivation_decile", *_NEXT_TAIL),
)


def _as_it_is(sheet: Sheet, _layout: Layout) -> Sheet:
    return sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A kind of file."""

    kind: str
    label: str
    hint: str
    #: headings that together tell it from every other kind
    told_by: tuple[str, ...] = ()
    columns: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    #: columns that may hold the groups; the first there is, unless somebody chooses
    by: tuple[str, ...] = ()
    #: where rows by several sets stand in one file: column with groups -> column naming the set
    sets: Mapping[str, str] = field(default_factory=dict)
    #: columns of which one value must be chosen, each with the column that words it
    apart: Mapping[str, str] = field(default_factory=dict)
    #: the parts somebody must find among wordy columns
    asks: tuple[Role, ...] = ()
    #: numbers by which it says that there is none
    missing: frozenset[str] = frozenset()
    #: whether it names no period, or years without their kind
    asks_period: bool = False
    asks_year: bool = False
    prepare: Callable[[Sheet, Layout], Sheet] = _as_it_is


def _upload_periods(sheet: Sheet, layout: Layout) -> Sheet:
    """Write year, range, quarter and month as one text; -1 says that one is not used."""
    year, span, quarter, month = (
        sheet.column(name) for name in ("Year", "YearRange", "Quarter", "Month")
    )
    split = layout.year == YearKind.FINANCIAL

    def written(cells: tuple[str, ...]) -> str:
        text = cells[year]
        if not text.isdigit():
            return text
        if cells[month].isdigit():
            return f"{text}-{int(cells[month]):02d}"
        if split:
            text = f"{text}/{(int(text) + 1) % 100:02d}"
        if cells[quarter].isdigit():
            return f"{text} Q{cells[quarter]}"
        years = int(cells[span]) if cells[span].isdigit() else 1
        return text if years <= 1 else f"{cells[year]} - {int(cells[year]) + years - 1}"

    return sheet.with_column(PERIOD, (written(cells) for _, cells in sheet.lines))


def _next_ages(sheet: Sheet, _layout: Layout) -> Sheet:
    """Write both ages as one group; a blank end is open."""
    first, last = (
        next(at for name in names if (at := sheet.column(name)) >= 0)
        for names in ((_NEXT_AGES[0], "age_from"), (_NEXT_AGES[1], "age_to"))
    )

    def written(cells: tuple[str, ...]) -> str:
        young, old = cells[first], cells[last]
        if not old or not young:
            return f"{young}+" if young else f"0-{old}" if old else ""
        return f"{young}-{old}"

    return sheet.with_column(AGE, (written(cells) for _, cells in sheet.lines))


PRESETS: Mapping[str, Preset] = {
    one.kind: one
    for one in (
        Preset(
            kind=OWN,
            label="Our own form",
            hint="Downloaded here and filled in, as CSV or as a spreadsheet.",
            told_by=TEMPLATE,
            columns={
                Role.START: ("period_start",),
                Role.END: ("period_end",),
                Role.NUMERATOR: ("numerator",),
                Role.DENOMINATOR: ("denominator",),
                Role.VALUE: ("value",),
                Role.LOWER: ("lower_95",),
                Role.UPPER: ("upper_95",),
                Role.STATE: ("state",),
                Role.NOTE: ("note",),
            },
            by=("category",),
        ),
        Preset(
            kind=FINGERTIPS,
            label="Fingertips download",
            hint="Indicator data from fingertips.phe.org.uk, with areas, sexes and ages.",
            told_by=("Indicator ID", "Area Code", "Time period", "Value", "Count", "Denominator"),
            columns={
                Role.PERIOD: ("Time period",),
                Role.NUMERATOR: ("Count",),
                Role.DENOMINATOR: ("Denominator",),
                Role.VALUE: ("Value",),
                Role.LOWER: ("Lower CI 95.0 limit",),
                Role.UPPER: ("Upper CI 95.0 limit",),
                Role.NOTE: ("Value note",),
            },
            by=("Category", "Sex", "Age"),
            sets={"Category": "Category Type"},
            apart={
                "Indicator ID": "Indicator Name",
                "Area Code": "Area Name",
                "Sex": "",
                "Age": "",
            },
        ),
        Preset(
            kind=FACTS,
            label="Ethnicity facts and figures, long",
            hint="A download with Measure, Time, Ethnicity and Geography in columns.",
            told_by=("Measure", "Time", "Ethnicity", "Ethnicity_type", "Geography"),
            columns={Role.PERIOD: ("Time",), Role.NOTE: ("Notes",)},
            by=("Ethnicity",),
            sets={"Ethnicity": "Ethnicity_type"},
            apart={"Measure": "", "Geography": ""},
            asks=_ALL_COLUMNS,
        ),
        Preset(
            kind=TABLE,
            label="Ethnicity facts and figures, table",
            hint="Ethnicity in the first column, then one to three columns of figures.",
            by=("Ethnicity",),
            asks=_ALL_COLUMNS,
            asks_period=True,
        ),
        Preset(
            kind=UPLOAD,
            label="Fingertips upload",
            hint="The form by which figures are sent to Fingertips, with ids for age and sex.",
            told_by=("IndicatorId", "Year", "YearRange", "Quarter", "Month", "AgeId", "SexId"),
            columns={
                Role.PERIOD: (PERIOD,),
                Role.NUMERATOR: ("Count",),
                Role.DENOMINATOR: ("Denominator",),
                Role.VALUE: ("Value",),
                Role.LOWER: ("LowerCI95", "LowerCI"),
                Role.UPPER: ("UpperCI95", "UpperCI"),
            },
            by=("CategoryId", "SexId", "AgeId"),
            sets={"CategoryId": "CategoryTypeId"},
            apart={"IndicatorId": "", "AreaCode": "AreaName", "AgeId": "", "SexId": ""},
            missing=frozenset({"-1", "-1.0"}),
            asks_year=True,
            prepare=_upload_periods,
        ),
        Preset(
            kind=NEXT,
            label="FingertipsNext",
            hint="The form of the new Fingertips, with date_from, date_to and deprivation_decile.",
            told_by=("area_code", "date_from", "date_to", "period_type", "deprivation_decile"),
            columns={
                Role.START: ("date_from",),
                Role.END: ("date_to",),
                Role.NUMERATOR: ("count",),
                Role.DENOMINATOR: ("denominator",),
                Role.VALUE: ("value",),
                Role.LOWER: ("lower_ci_95",),
                Role.UPPER: ("upper_ci_95",),
            },
            by=("deprivation_decile", "sex", AGE),
            apart={
                "area_code": "",
                "sex": "",
                AGE: "",
                "deprivation_category": "",
                "deprivation_decile": "",
            },
            prepare=_next_ages,
        ),
        Preset(
            kind=PLAIN,
            label="Another table",
            hint="One row for each period, or for each period and group. You say what is where.",
            asks=(Role.PERIOD, *_ALL_COLUMNS, Role.NOTE),
        ),
    )
}
#: a table of facts and figures has so many columns
_TABLE_WIDE = range(2, 5)


def recognise(sheet: Sheet) -> str:
    """Offer the kind whose headings are all there; any other table is a plain one."""
    found = {folded(one) for one in sheet.headings}
    for preset in PRESETS.values():
        if preset.told_by and {folded(one) for one in preset.told_by} <= found:
            return preset.kind
    is_table = folded(sheet.headings[0]) == "ethnicity" and len(sheet.headings) in _TABLE_WIDE
    return TABLE if is_table else PLAIN


def heading_faults(kind: str, sheet: Sheet) -> list[str]:
    """Say which headings a kind of file must have and this one lacks, has switched or added."""
    if kind == NEXT:
        return _exact_faults(sheet.headings)
    wanted = {*PRESETS[kind].told_by, *(PRESETS[kind].by if kind == TABLE else ())}
    found = {folded(one) for one in sheet.headings}
    lacking = [one for one in sorted(wanted) if folded(one) not in found]
    return [f"There is no column “{one}”" for one in lacking]


def as_preset_spells(kind: str, sheet: Sheet) -> Sheet:
    """Spell the headings a kind is known by as it spells them, whatever the case in the file."""
    preset = PRESETS[kind]
    names = (
        *preset.told_by,
        *preset.by,
        *preset.sets.values(),
        *(name for pair in preset.apart.items() for name in pair),
        *(name for names in preset.columns.values() for name in names),
    )
    known = {folded(name): name for name in names if name}
    headings = tuple(known.get(folded(one), one) for one in sheet.headings)
    return Sheet(sheet.name, headings, sheet.lines)


def prepared(kind: str, sheet: Sheet, layout: Layout) -> Sheet:
    """Put together what a kind of file keeps in several columns."""
    return PRESETS[kind].prepare(as_preset_spells(kind, sheet), layout)


def _exact_faults(headings: tuple[str, ...]) -> list[str]:
    given = tuple(one for one in headings if one)
    if given in NEXT_HEADINGS:
        return []
    wanted = NEXT_HEADINGS["deprivation_category" not in given]
    lacking = [f"There is no column “{one}”" for one in wanted if one not in given]
    extra = [f"“{one[:80]}” is no column of FingertipsNext" for one in given if one not in wanted]
    switched = [
        f"Column {at} is “{found}” and must be “{meant}”"
        for at, (found, meant) in enumerate(zip(given, wanted, strict=False), 1)
        if found != meant
    ]
    return lacking + extra or switched
