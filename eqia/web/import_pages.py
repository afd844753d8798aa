"""What the pages of an import share: the measure and the file they are about, and their words."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for

from eqia.domain.errors import NotFound
from eqia.domain.imports.previews import Preview
from eqia.domain.imports.questions import Asked
from eqia.domain.periods import Frequency, period_name
from eqia.domain.readings import figure_words
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
from eqia.web.plan_pages import PlanPage

_GONE = "This file is not here any more. Send it again: how you read it is still known."
#: faults and readings that a page shows
_FAULTS, _EXAMPLES = 100, 30
_APRIL = 4
View = Callable[..., Any]


def on_file(view: View) -> View:
    """Find the file a page is about; one that was taken in already has no more to ask."""

    @wraps(view)
    def found(plan: PlanRow, measure_id: UUID, file_id: UUID) -> Any:  # noqa: ANN401 - an answer
        measure = measure_of(plan, measure_id)
        since = now() - KEPT_FOR
        file = queries.file_of(db.session, current_person().id, measure, file_id, since)
        if file is None:
            raise NotFound(_GONE)
        # It can be taken in, and emptied, between these two looks at it.
        if file.batch_id is not None or not file.content:
            return redirect(address("index", plan, measure))
        return view(plan, import_files.open_file(db.session, measure, file))

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


def told(asked: Asked, found: Preview) -> dict[str, object]:
    """Word some readings as they would be, and the rows that cannot be read."""
    definition, schedule = asked.definition, asked.schedule
    yearly = schedule is not None and schedule.frequency is Frequency.YEAR
    # A year is named by when it begins: 2015, or 2015/16.
    first_month = schedule.anchor.month if schedule and yearly else _APRIL

    def words(one: Any, before: Any = None) -> tuple[str, ...]:  # noqa: ANN401 - a reading
        return (
            period_name(one.period, first_month),
            definition.label(one.figure.member),
            figure_words(definition, before.figure) if before else "",
            figure_words(definition, one.figure),
        )

    changed = [words(one, before) for one, before in found.correcting[:_EXAMPLES]]
    return {
        "corrected": changed,
        "added": [words(one) for one in found.new[:_EXAMPLES]],
        "faults": found.taken.faults[:_FAULTS],
        "bare": found.taken.bare[:_EXAMPLES],
        "too_many": TOO_MANY,
    }
