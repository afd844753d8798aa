"""What the findings of a plan said of each group, for setting it beside the readings."""

from collections.abc import Iterable

from eqia.domain.findings import DIRECTION_LABELS, Direction
from eqia.domain.predictions import Prediction, Said, predictions_of
from eqia.persistence.queries.gathered import Gathered
from eqia.persistence.queries.measures import Shown
from eqia.persistence.tables.plans import FindingRow


def said_by(findings: Iterable[FindingRow]) -> list[Said]:
    """Read findings as what the screening said."""
    return [
        Said(
            row.group_id,
            row.label,
            Direction(row.direction),
            row.effect or DIRECTION_LABELS[row.direction],
            row.severity,
        )
        for row in findings
    ]


def predicted(gathered: Gathered, shown: Iterable[Shown]) -> tuple[Prediction, ...]:
    """Set what the version a plan follows said beside all its measures."""
    here = gathered.plan.screening_id
    said = said_by(row for row in gathered.findings if row.screening_id == here)
    return predictions_of(said, [one.view for one in shown])
