"""All tables, gathered so that the metadata is whole."""

from eqia.persistence.tables.adjustments import ChartAdjustmentRow
from eqia.persistence.tables.base import Row
from eqia.persistence.tables.category_sets import CategorySetRow
from eqia.persistence.tables.eqias import EqiaRow, FollowUpRow
from eqia.persistence.tables.events import EventRow
from eqia.persistence.tables.evidence import EvidenceActionRow, EvidenceRow
from eqia.persistence.tables.imports import (
    ImportBatchRow,
    ImportFileRow,
    ImportLayoutRow,
    ImportUndoRow,
)
from eqia.persistence.tables.measures import (
    BaselineRow,
    MeasureRow,
    MeasureVersionRow,
    MeasureWordingRow,
    ReadingRow,
    TargetEndRow,
    TargetRow,
)
from eqia.persistence.tables.organisations import BodyRow, LocalGroupRow, OrganisationRow
from eqia.persistence.tables.people import (
    CredentialRow,
    IdentityRow,
    InvitationRow,
    LoginAttemptRow,
    PersonRow,
    PersonSessionRow,
    RoleGrantRow,
)
from eqia.persistence.tables.plan_parts import (
    PdsaMeasureRow,
    PdsaRow,
    PlanEntryRow,
    RiskRow,
)
from eqia.persistence.tables.plans import (
    ActionMeasureRow,
    ActionRow,
    FindingActionRow,
    FindingRow,
    PlanMoveRow,
    PlanReviewRow,
    PlanRow,
)
from eqia.persistence.tables.projects import ProjectMemberRow, ProjectRow
from eqia.persistence.tables.publications import (
    LookAnswerRow,
    LookRequestRow,
    PublicationRow,
    UnpublicationRow,
)
from eqia.persistence.tables.readiness import (
    ReadinessAnswerRow,
    ReadinessDeedRow,
    ReadinessRow,
)
from eqia.persistence.tables.records import RecordRow
from eqia.persistence.tables.reviews import CommentRow, ReceiptRow, ReviewRow, SignOffRow
from eqia.persistence.tables.screenings import (
    AnswerChangeRow,
    AnswerRow,
    KeptFormRow,
    QuestionSetRow,
    ReferenceRow,
    ScreeningRow,
    SectionRow,
    SubmitTokenRow,
)
from eqia.persistence.tables.standings import MeasureStandingRow

__all__ = [
    "ActionMeasureRow",
    "ActionRow",
    "AnswerChangeRow",
    "AnswerRow",
    "BaselineRow",
    "BodyRow",
    "CategorySetRow",
    "ChartAdjustmentRow",
    "CommentRow",
    "CredentialRow",
    "EqiaRow",
    "EventRow",
    "EvidenceActionRow",
    "EvidenceRow",
    "FindingActionRow",
    "FindingRow",
    "FollowUpRow",
    "IdentityRow",
    "ImportBatchRow",
    "ImportFileRow",
    "ImportLayoutRow",
    "ImportUndoRow",
    "InvitationRow",
    "KeptFormRow",
    "LocalGroupRow",
    "LoginAttemptRow",
    "LookAnswerRow",
    "LookRequestRow",
    "MeasureRow",
    "MeasureStandingRow",
    "MeasureVersionRow",
    "MeasureWordingRow",
    "OrganisationRow",
    "PdsaMeasureRow",
    "PdsaRow",
    "PersonRow",
    "PersonSessionRow",
    "PlanEntryRow",
    "PlanMoveRow",
    "PlanReviewRow",
    "PlanRow",
    "ProjectMemberRow",
    "ProjectRow",
    "PublicationRow",
    "QuestionSetRow",
    "ReadinessAnswerRow",
    "ReadinessDeedRow",
    "ReadinessRow",
    "ReadingRow",
    "ReceiptRow",
    "RecordRow",
    "ReferenceRow",
    "ReviewRow",
    "RiskRow",
    "RoleGrantRow",
    "Row",
    "ScreeningRow",
    "SectionRow",
    "SignOffRow",
    "SubmitTokenRow",
    "TargetEndRow",
    "TargetRow",
    "UnpublicationRow",
]
