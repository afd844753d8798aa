"""Sets of groups are defined by administrators, kept for good, on both databases."""

from dataclasses import replace
from datetime import date

import pytest

from eqia.domain.errors import Invalid, NotAllowed, NotFound
from eqia.domain.own_sets import OwnSet
from eqia.domain.people import Role
from eqia.persistence.queries import category_sets as queries
from eqia.services import category_sets
from tests.builders import NOW, acting, make_person

CARERS = OwnSet(
    label="Unpaid carers",
    edition="2026",
    from_date=date(2026, 4, 1),
    groups=("Unpaid carer", "Not a carer"),
)
LATER = replace(CARERS, edition="2027", from_date=date(2027, 4, 1))


def define(session, wanted=CARERS, roles=(Role.ADMINISTRATOR,), **more):
    actor = acting(make_person(session, roles=roles), roles=roles)
    return category_sets.define(session, actor=actor, now=NOW, wanted=wanted, **more)


def test_every_edition_is_known_and_the_one_in_use_is_offered(database_session):
    row = define(database_session)
    define(database_session, LATER, code=row.code)
    every = queries.every(database_session)
    assert {"org-unpaid-carers|2026", "org-unpaid-carers|2027", "sex|2021"} <= set(every)
    for today, edition in ((date(2027, 3, 31), "2026"), (date(2027, 4, 1), "2027")):
        offered = queries.offered(database_session, today)
        own = [one for one in offered.values() if one.code == row.code]
        assert [one.edition for one in own] == [edition]
    assert not [
        one
        for one in queries.offered(database_session, date(2026, 3, 31)).values()
        if one.code == row.code
    ]


def test_two_sets_of_one_name_in_other_words_have_codes_of_their_own(database_session):
    first = define(database_session)
    second = define(database_session, replace(CARERS, label="Unpaid   carers!"))
    assert first.code != second.code


@pytest.mark.parametrize(
    ("wanted", "code", "refusal"),
    [
        (CARERS, "org-unpaid-carers", Invalid),
        (replace(CARERS, edition="2025", from_date=date(2025, 1, 1)), "org-unpaid-carers", Invalid),
        (LATER, "org-nothing", NotFound),
        (LATER, "sex", NotFound),
        (CARERS, "", Invalid),
        (replace(CARERS, label="Care\x00rs", groups=("\x00", " ")), "", Invalid),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(database_session, wanted, code, refusal):
    define(database_session)
    with pytest.raises(refusal):
        define(database_session, wanted, code=code)
    assert len(queries.rows(database_session)) == 1


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.AUDITOR])
def test_nobody_else_defines_one(database_session, role):
    with pytest.raises(NotAllowed):
        define(database_session, roles=(role,))
