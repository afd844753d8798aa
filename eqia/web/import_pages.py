"""What the pages of an import share: the measure and the file they are about, and their words."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for

from eqia.domain.errors import NotFound
from eqia.domain.wholes import PART_OF
from eqia.persistence.queries import imports as queries
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.tables.measures import MeasureRow
from eqia.persistence.tables.plans import PlanRow
from eqia.services import import_files
from eqia.services.import_files import KEPT_FOR, Opened
from eqia.services.imports import TOO_MANY
from eqia.web.access import current_person
from eqia.web.clock import now
from eqia.web.extensions import db
from eqia.web.forms.base import Form
from eqia.web.import_lists import BARE, CHANGED, KINDS, NEW, REFUSED, Lists, sums_in_words
from eqia.web.plan_pages import PlanPage

_GONE = "This file is not here any more. Send it again: how you read it is still known."
#: rows of each list that are shown at once; the rest is one page away
_FIRST = {REFUSED: 100, CHANGED: 30, NEW: 10, BARE: 10}
#: periods that are named in which the groups do not add up
_SUMS = 20
View = Callable[..., Any]


def on_file(view: View) -> View:
    """Find the file a page is about; one that was taken in already has no more to ask."""

    @wraps(view)
    def found(plan: PlanRow, measure_id: UUID, file_id: UUID, **values: str) -> Any:  # noqa: ANN401 - an answer
        measure = measure_of(plan, measure_id)
        since = now() - KEPT_FOR
        file = queries.file_of(db.session, current_person().id, measure, file_id, since)
        if file is None:
            raise NotFound(_GONE)
        # It can be taken in, and emptied, between these two looks at it.
        if file.batch_id is not None or not file.content:
            return redirect(address("index", plan, measure))
        return view(plan, import_files.open_file(db.session, measure, file), **values)

    return found


def measure_of(plan: PlanRow, measure_id: UUID) -> MeasureRow:
    """Find the measure a page is about."""
    measure = measure_queries.get(db.session, plan, measure_id)
    if measure is None:
        raise NotFound("There is no such measure in this plan.")
    return measure


def address(page: str, plan: PlanRow, measure: MeasureRow, **values: Any) -> str:  # noqa: ANN401 - parts of an address
    """Give the address of a page about a measure's imports."""
    return url_for(f"imports.{page}", plan_id=plan.id, measure_id=measure.id, **values)


def step_address(plan: PlanRow, opened: Opened, page: str) -> str:
    """Give the address of a page about one file."""
    return address(page, plan, opened.measure, file_id=opened.row.id)


def page_of(name: str, plan: PlanRow, opened: Opened, form: Form, **values: object) -> str:
    """Draw a page about one file."""
    page = PlanPage(db.session, plan)
    return render_template(
        f"imports/{name}.html",
        page=page,
        measure=opened.measure,
        file=opened.row,
        form=form,
        step=name,
        **{"asked": None, **values},
    )


def told(lists: Lists) -> dict[str, object]:
    """Word the first rows of each list, and what has to be asked."""
    return {
        "counts": lists.counts,
        "kinds": KINDS,
        "first": {which: lists.rows(which, 0, _FIRST[which]) for which in _FIRST},
        "sums": list(sums_in_words(lists, _SUMS)),
        "too_many": TOO_MANY,
        "part_of": PART_OF,
    }
