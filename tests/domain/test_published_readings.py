"""What leaves the team: no hidden number follows from anything that is shown (section 8)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eqia.domain.concerns import concern_of, gaps_of
from eqia.domain.inference import Sum
from eqia.domain.measure_gaps import gaps_drawn
from eqia.domain.measure_series import chart_of, icons_of
from eqia.domain.measures import REST, Baseline, Definition, Member, MemberKind
from eqia.domain.periods import Period
from eqia.domain.pictures import MeasureView
from eqia.domain.published_readings import published
from eqia.domain.readings import Figure, Reading, ReadingState, figure_words
from eqia.domain.suppression import MASKED, Profile, Shown, State
from eqia.domain.withholding import COARSE
from tests.domain.attackers import assert_enough_is_open, assert_shares_are_safe

FIVE = "ethnicity_census_five|2021"
NINETEEN = "ethnicity_census|2021"
ABC = tuple(Member(code, f"Group {code}") for code in "abc")
Q1 = Period(date(2026, 1, 1), date(2026, 3, 31))
Q2 = Period(date(2026, 4, 1), date(2026, 6, 30))
JANUARY = Period(date(2026, 1, 1), date(2026, 1, 31))
FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def definition(shape="proportion", members=ABC, **more):
    values = {"numerator": "Visits missed", "denominator": "Visits", "direction": "down"}
    return Definition(shape=shape, members=members, **{**values, "reference": "a", **more})


def reading(member, *parts, period=Q1, state="final"):
    return Reading(period, Figure(member, *parts, state=state), entered=date(2026, 4, 2))


def view(*readings, of=None, **more):
    values = {"id": "1", "title": "Missed visits", "definition": of or definition()}
    return MeasureView(readings=readings, **{**values, **more})


def whole(*shares):
    """A breakdown of shares with its total."""
    total = sum(top for top, _ in shares), sum(of for _, of in shares)
    return reading("", *total), *(reading(*one) for one in named(shares))


def named(shares):
    return [(code, *share) for code, share in zip("abc"[: len(shares)], shares, strict=True)]


def words(seen):
    return [figure_words(seen.definition, one.figure) for one in seen.readings]


def one(seen):
    (found,) = published([seen])
    return found


@pytest.mark.parametrize(
    ("share", "text"),
    [
        ((30, 61), "50.0% (30 of 60)"),
        ((3, 60), "* of 60 (hidden, small number)"),
        ((58, 60), "* of 60 (hidden, small number)"),
        ((0, 5), "0 of * (hidden, small number)"),
        ((2, 5), "* (hidden, small number)"),
        ((0, 60), "0.0% (0 of 60)"),
    ],
)
def test_shares_come_from_the_figures_shown(share, text):
    assert words(one(view(reading("a", *share)))) == [text]


def test_a_provisional_figure_stays_one_and_the_five_empty_states_stay_apart():
    states = [ReadingState.MASKED, ReadingState.NOT_COLLECTED, ReadingState.NOT_APPLICABLE]
    empty = [reading(code, state=state) for code, state in zip("abc", states, strict=True)]
    seen = one(view(reading("", 30, 60, state="provisional"), *empty))
    assert words(seen) == [
        "50.0% (30 of 60), provisional",
        "Hidden at source, small number",
        "Not collected",
        "Does not apply",
    ]


def test_two_measures_that_split_the_same_count_in_other_ways_are_hidden_together():
    # Sex tells 3 of 20; age alone would show its 20 and 17 of the same 40.
    sexes = definition("count", (Member("f", "Female"), Member("m", "Male")))
    ages = definition("count", (Member("y", "Young"), Member("o", "Old")))
    split = (
        view(*counts({"": 23, "f": 3, "m": 20}), of=sexes, suppression=Profile.MASK4_SECONDARY),
        view(*counts({"": 23, "y": 23, "o": 0}), of=ages, suppression=Profile.MASK4_SECONDARY),
    )
    by_sex, by_age = published(split)
    assert words(by_sex) == ["23", *["* (hidden, small number)"] * 2]
    assert words(by_age)[1] == "23"


def counts(values, period=Q1):
    return [reading(code, count, period=period) for code, count in values.items()]


def test_a_set_with_headings_does_not_give_away_the_wider_set():
    # Arab 3 and Any other 20 make Other 23: from 23 and 20 the 3 would follow.
    wide = definition(
        "count",
        (Member("o", "Other ethnic group"), Member("w", "White")),
        category_set=FIVE,
        reference="w",
    )
    fine = definition(
        "count",
        (Member("18", "Arab"), Member("19", "Any other ethnic group")),
        category_set=NINETEEN,
        reference="18",
    )
    both = (
        view(*counts({"": 63, "o": 23, "w": 40}), of=wide, suppression=Profile.MASK4_SECONDARY),
        view(*counts({"18": 3, "19": 20}), of=fine, suppression=Profile.MASK4_SECONDARY),
    )
    seen = published(both)
    assert words(seen[1]) == ["* (hidden, small number)"] * 2


def test_short_periods_do_not_follow_from_the_long_one_they_fill():
    # One measure reads every month, another the whole quarter: 43 less 40 is 3.
    months = [(JANUARY, 20), (FEBRUARY, 3), (MARCH, 20)]
    readings = [reading("", count, period=period) for period, count in months]
    same = {"of": definition("count", ()), "suppression": Profile.MASK4_SECONDARY}
    monthly, quarterly = published([view(*readings, **same), view(reading("", 43), **same)])
    assert [*words(monthly), *words(quarterly)].count("* (hidden, small number)") == 2


def test_what_was_hidden_at_source_does_not_follow_from_our_figures():
    seen = one(
        view(
            *counts({"": 43, "a": 20, "b": 20}),
            reading("c", state=ReadingState.MASKED),
            *counts({"": 60, "a": 20, "b": 20, "c": 20}, Q2),
            of=definition("count"),
            suppression=Profile.MASK4_SECONDARY,
        )
    )
    assert words(seen)[:2] == ["43", "* (hidden, small number)"]


def test_an_average_of_few_people_is_hidden_and_everybody_with_it_where_it_would_follow():
    def average(member, value, people):
        return Reading(Q1, Figure(member, None, people, Decimal(value)))

    whole = average("", "12.5", 100), average("a", "12", 60), average("b", "14", 38)
    seen = one(view(*whole, average("c", "9", 2), of=definition("mean", denominator="")))
    shown = [item.figure.value for item in seen.readings]
    assert shown == [None, Decimal(12), Decimal(14), None]


def test_nothing_is_worked_out_from_a_series_with_a_hidden_figure():
    months = [Period(date(2025, m, 1), date(2025, m, 28)) for m in range(1, 13)]
    months += [Period(date(2026, m, 1), date(2026, m, 28)) for m in range(1, 9)]
    shares = [(30 + at % 4, 61) for at in range(19)] + [(2, 61)]
    series = [
        reading("a", *share, period=period) for period, share in zip(months, shares, strict=True)
    ]
    exact = view(*series, baseline=Baseline(date(2025, 1, 1), date(2026, 8, 31), "agreed"))
    seen = one(exact)
    assert icons_of(exact, "a").variation is not None
    assert icons_of(seen, "a").variation is None
    drawn = chart_of(seen, "a")
    assert "August 2026: hidden, small number." in drawn.chart.description.replace(
        "1 August 2026 to 28 August 2026", "August 2026"
    )
    assert "average" not in drawn.chart.description
    assert seen.before("a") == ()
    assert seen.standing.place("a").before == ""
    assert seen.standing.place("a").has_baseline


def test_nothing_is_worked_out_where_rounding_is_all_that_moves():
    # 14 to 18 are shown 15, but for one 20: above limits that rounding alone has drawn.
    months = [Period(date(2025, m, 1), date(2025, m, 28)) for m in range(1, 13)]
    months += [Period(date(2026, m, 1), date(2026, m, 28)) for m in range(1, 5)]
    counted = [14, 16, 15, 17, 15, 14, 16, 17, 13, 15, 16, 14, 17, 15, 16, 18]
    series = [
        reading("a", count, 300, period=period)
        for period, count in zip(months, counted, strict=True)
    ]
    assert icons_of(view(*series), "a").variation is not None
    seen = one(view(*series))
    assert icons_of(seen, "a").withheld == (COARSE,)
    assert "rounded further" in chart_of(seen, "a").chart.headline
    many = [
        replace(item, figure=replace(item.figure, numerator=20 * n, denominator=900))
        for item, n in zip(series, counted, strict=True)
    ]
    assert icons_of(one(view(*many)), "a").variation is not None


def test_a_gap_with_a_hidden_side_is_not_told_from_an_older_one():
    members = (*ABC[:2], Member("u", "Not known", MemberKind.UNKNOWN))
    first = [reading(*one, period=JANUARY) for one in [("a", 30, 90), ("b", 60, 90)]]
    last = [reading("a", 30, 90), reading("b", 2, 90)]
    last = [reading(one.figure.member, one.figure.numerator, 90, period=Q2) for one in last]
    of = definition(members=members)
    assert one(view(*first, of=of)).standing.gaps
    assert not one(view(*first, *last, of=of)).standing.gaps


def test_what_a_hidden_number_gives_reason_for_is_not_told_outside():
    # Of about 10 people with half missed before, only 1 would be clearly fewer.
    members = ABC[:2]
    before = [reading("a", 50, 100, period=Q1), reading("b", 50, 100, period=Q1)]
    now = [reading("a", 100, 200, period=Q2), reading("b", 1, 10, period=Q2)]
    of = definition(members=members, direction="up")
    exact = view(*before, *now, of=of, baseline=Baseline(Q1.start, Q1.end, "agreed"))
    assert concern_of(exact) is not None
    (seen,) = published([exact])
    assert seen.standing.concern is None
    assert seen.standing.place("b").course == "unsure"


SHARE = st.integers(1, 70).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@settings(max_examples=100, deadline=None)
@example(((2, 2), (21, 21), (0, 39)))
@given(st.tuples(SHARE, SHARE, SHARE))
def test_the_rest_of_rounded_counts_never_breaks_a_gap(shares):
    # Of the rounded rest of 2 of 2, 21 of 21 and 0 of 39 more would be counted than there are.
    seen = one(view(*whole(*shares), of=definition(reference=REST)))
    for gap in gaps_of(seen):
        assert 0 <= gap.now.reference.value <= 1
    gaps_drawn(seen)


# Somebody who reads everything


def cell(count, state):
    if count is None:
        return MASKED if state == "hidden" else Shown(State.MISSING)
    return Shown(State.NUMBER if count else State.ZERO, count)


def read(views):
    """What is published of each count, by the number of its measure and its group and period."""
    return {
        (number, item.figure.member, item.period): item.figure
        for number, seen in enumerate(views)
        for item in seen.readings
    }


def attack(exact, sums, profile, name="{}{}".format):
    """Try every number for every count of the published views; `name` names the same alike."""
    shares = exact[0].definition.shape == "proportion"
    shown, counted = {}, {}
    seen, known = read(published(exact)), read(exact)
    for (number, member, period), figure in seen.items():
        key = name(number, member, period) if member else f"all{period.start}{period.end}"
        own = known[number, member, period]
        pair = cell(figure.numerator, figure.state), cell(figure.denominator, figure.state)
        shown[key] = pair if shares else pair[0]
        counted[key] = (own.numerator, own.denominator) if shares else own.numerator
    check = assert_shares_are_safe if shares else assert_enough_is_open
    check(shown, counted, sums, profile)


def all_of(period=Q1):
    return f"all{period.start}{period.end}"


PARTS = st.integers(1, 12).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
WIDER = st.integers(1, 40).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@settings(max_examples=12, deadline=None)
@example(((0, 1), (0, 1), (7, 9)), Profile.MASK4_SECONDARY)
@given(st.tuples(PARTS, PARTS, PARTS), st.sampled_from(Profile))
def test_no_share_of_a_breakdown_can_be_worked_out(shares, profile):
    exact = view(*whole(*shares), suppression=profile)
    attack([exact], (Sum(all_of(), ("0a", "0b", "0c")),), profile)


@settings(max_examples=12, deadline=None)
@given(st.tuples(WIDER, WIDER), st.sampled_from(Profile))
def test_nor_who_is_left_out_of_two_groups(shares, profile):
    exact = view(*whole(*shares), of=definition(members=ABC[:2]), suppression=profile)
    attack([exact], (Sum(all_of(), ("0a", "0b")),), profile)


@settings(max_examples=12, deadline=None)
@given(st.tuples(*[st.integers(0, 11)] * 3), st.sampled_from(Profile))
def test_nor_from_two_measures_that_split_the_same_people(counted, profile):
    a, b, c = counted
    total = a + b
    ages, sexes = definition("count"), definition("count", ABC[:2])
    other = min(c, total)
    exact = [
        view(*counts({"": total, "a": a, "b": b, "c": 0}), of=ages, suppression=profile),
        view(*counts({"": total, "a": other, "b": total - other}), of=sexes),
    ]
    strictest = max(profile, Profile.MASK7_ROUND5, key=lambda one: "479".index(one.value[4]))
    sums = (Sum(all_of(), ("0a", "0b", "0c")), Sum(all_of(), ("1a", "1b")))
    attack(exact, sums, strictest)


@settings(max_examples=12, deadline=None)
@given(st.tuples(*[st.integers(0, 12)] * 4), st.sampled_from(Profile))
def test_nor_from_headings_and_what_is_under_them(counted, profile):
    wide = definition(
        "count",
        (Member("o", "Other ethnic group"), Member("w", "White")),
        category_set=FIVE,
        reference="w",
    )
    fine = definition(
        "count",
        (Member("18", "Arab"), Member("19", "Any other ethnic group"), Member("20", "White")),
        category_set=NINETEEN,
        reference="18",
    )
    arab, other, white, _ = counted
    total = arab + other + white
    of_five = counts({"": total, "o": arab + other, "w": white})
    of_all = counts({"": total, "18": arab, "19": other, "20": white})
    exact = [
        view(*of_five, of=wide, suppression=profile),
        view(*of_all, of=fine, suppression=profile),
    ]
    sums = (
        Sum(all_of(), ("0o", "0w")),
        Sum(all_of(), ("118", "119", "120")),
        Sum("0o", ("118", "119")),
    )
    attack(exact, sums, profile)


@settings(max_examples=12, deadline=None)
@given(st.tuples(*[st.integers(0, 12)] * 6), st.booleans(), st.sampled_from(Profile))
def test_nor_from_periods_that_run_on(counted, is_split, profile):
    # January, February and March, read one by one and as a quarter, with and without groups.
    months = list(zip((JANUARY, FEBRUARY, MARCH), counted[:3], counted[3:], strict=True))
    of = definition("count", ABC[:2] if is_split else ())
    single, longer = [], []
    for period, a, b in months:
        values = {"": a + b, **({"a": a, "b": b} if is_split else {})}
        single += counts(values, period)
    a, b = sum(counted[:3]), sum(counted[3:])
    longer += counts({"": a + b, **({"a": a, "b": b} if is_split else {})})
    exact = [view(*one, of=of, suppression=profile) for one in (single, longer)]

    def name(_, code, period):
        return f"{code}{period.start}{period.end}"

    periods = (JANUARY, FEBRUARY, MARCH)
    codes = ("all", "a", "b") if is_split else ("all",)
    sums = [
        Sum(f"{code}{Q1.start}{Q1.end}", tuple(f"{code}{one.start}{one.end}" for one in periods))
        for code in codes
    ]
    if is_split:
        sums += [Sum(all_of(one), (name(0, "a", one), name(0, "b", one))) for one in (*periods, Q1)]
    attack(exact, sums, profile, name=name)
