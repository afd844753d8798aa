"""Which new passwords are refused."""

from __future__ import annotations

import pytest

from eqia.domain.contrast import colour_problem, contrast_with_white
from eqia.domain.passwords import COMMON, OURS, TOO_LONG, TOO_PLAIN, TOO_SHORT, password_problem

LIST = frozenset({"password", "letmein", "trustno1", "correcthorsebatterystaple"})


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("elevenchars", TOO_SHORT),
        ("twelve chars", None),
        ("x1y2z3" * 21 + "ab", None),
        ("x1y2z3" * 21 + "abc", TOO_LONG),
        ("abababababab", TOO_PLAIN),
        ("correcthorsebatterystaple", COMMON),
        ("CorrectHorseBatteryStaple!!", COMMON),
        ("2024password2024", COMMON),
        ("p4ssw0rd....", COMMON),
        ("letmeinletmein", COMMON),
        ("northmere2026", OURS),
        ("Ada Osei 12345678", OURS),
        ("northmere has a wide river", None),
        ("пароль из трёх слов", None),
        ("👩🏽‍⚕️ three little words", None),
    ],
)
def test_a_new_password(password, problem):
    words = ("Northmere Health", "Ada Osei")
    assert password_problem(password, common=LIST, words=words) == problem


@pytest.mark.parametrize(
    ("colour", "ratio"), [("#000000", 21), ("#ffffff", 1), ("#767676", 4.54), ("#777777", 4.48)]
)
def test_the_contrast_with_white(colour, ratio):
    assert contrast_with_white(colour) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize(
    ("colour", "good"),
    [("", True), ("#0f4c4f", True), ("#767676", True), ("#777777", False), ("0f4c4f", False)],
)
def test_a_header_colour(colour, good):
    assert (colour_problem(colour) is None) is good
