"""Who may do what, to what, in which status: one table, deny by default."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from eqia.domain.screenings import Status


class Action(StrEnum):
    """Everything a person can ask the service to do. Every route names one."""

    # anyone signed in
    SEE_HOME = "see_home"
    SEE_REGISTER = "see_register"
    MANAGE_OWN_ACCOUNT = "manage_own_account"
    START_PROJECT = "start_project"
    # a project
    READ_PROJECT = "read_project"
    EDIT_PROJECT = "edit_project"
    INVITE_MEMBER = "invite_member"
    START_SCREENING = "start_screening"
    # a screening
    READ_SCREENING = "read_screening"
    EDIT_SCREENING = "edit_screening"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    NEW_VERSION = "new_version"
    COMMENT = "comment"
    REPLY = "reply"
    SEE_EVENTS = "see_events"
    # review
    SEE_QUEUE = "see_queue"
    CLAIM = "claim"
    RETURN = "return"
    CONFIRM = "confirm"
    RAISE = "raise"
    PROPOSE_LOWERING = "propose_lowering"
    AGREE_LOWERING = "agree_lowering"
    # sign-off
    GIVE_RECEIPT = "give_receipt"
    SIGN_OFF = "sign_off"
    READ_RECORD = "read_record"
    # after the decision
    EDIT_EQIA = "edit_eqia"
    APPROVE_EQIA = "approve_eqia"
    ACCEPT_STATED_DATE = "accept_stated_date"
    LOG_FOLLOW_UP = "log_follow_up"
    CLOSE_EVIDENCE_ACTION = "close_evidence_action"
    # oversight and administration
    SEE_REPORT = "see_report"
    SEE_ALL_EVENTS = "see_all_events"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class Thing:
    """The facts about a project or screening that a permission depends on."""

    project_id: UUID | None = None
    status: Status | None = None
    #: everybody who saved a change to, or submitted, any version under the reference
    authors: frozenset[UUID] = frozenset()
    #: who confirmed or raised this version, or agreed its lowering
    reviewer_id: UUID | None = None
    #: who proposed the lowering that waits for agreement
    proposer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Permission:
    """A yes or a no, and in words why."""

    allowed: bool
    reason: str = ""
    #: one of operations.md section 2: author, same_person, frozen, role, status, reauth
    code: str = ""
