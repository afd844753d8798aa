"""What is missing leads to the page where it is put right."""

from uuid import UUID

import pytest

from eqia.domain.coverage_items import Item, Level, On
from eqia.persistence.tables import PlanRow
from eqia.web.plan_fixes import address_of

ONE = UUID(int=1)
PLAN = PlanRow(id=ONE, screening_id=UUID(int=2))


def address(app, rule, on, *, may_review=False):
    item = Item(rule, Level.WARN, on, str(UUID(int=3)), "Name", "It lacks something.", "Mend it")
    with app.test_request_context():
        return address_of(PLAN, item, may_review=may_review).removeprefix(f"/plans/{ONE}")


@pytest.mark.parametrize(
    ("rule", "on", "ending"),
    [
        ("C01", On.FINDING, "/actions/new"),
        ("C02", On.ACTION, f"/actions/{UUID(int=3)}"),
        ("C03", On.ACTION, f"/actions/{UUID(int=3)}/cannot-measure"),
        ("C04", On.FINDING, "#measures"),
        # Whom it counts, whom they are compared with and how often: all on the form of a measure.
        ("C05", On.MEASURE, f"/measures/{UUID(int=3)}/edit"),
        ("C06", On.MEASURE, f"/measures/{UUID(int=3)}/edit"),
        ("C10", On.MEASURE, f"/measures/{UUID(int=3)}/edit"),
        ("C07", On.MEASURE, f"/measures/{UUID(int=3)}/baseline"),
        ("C09", On.MEASURE, f"/measures/{UUID(int=3)}/target"),
        ("C11", On.MEASURE, f"/measures/{UUID(int=3)}"),
        ("C18", On.RISK, f"/risks/{UUID(int=3)}"),
        ("C19", On.PLAN, "#take-over"),
    ],
)
def test_each_thing_leads_to_where_it_is_mended(app, rule, on, ending):
    assert address(app, rule, on) == ending


@pytest.mark.parametrize(
    ("may_review", "ending"), [(True, "/review"), (False, f"/measures/{UUID(int=3)}")]
)
def test_a_concern_leads_to_the_review_for_whoever_may_hold_one(app, may_review, ending):
    assert address(app, "C14", On.MEASURE, may_review=may_review) == ending
