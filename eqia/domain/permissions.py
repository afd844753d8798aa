"""Who may do what, to what, in which status: one table, deny by default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from uuid import UUID

from eqia.domain.people import MemberRole, Person, Role
from eqia.domain.screenings import EDITABLE, UNSIGNED, Status


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
    # the public copy of a record
    PUBLISH = "publish"
    ANSWER_REQUEST = "answer_request"
    # after the decision
    EDIT_EQIA = "edit_eqia"
    APPROVE_EQIA = "approve_eqia"
    ACCEPT_STATED_DATE = "accept_stated_date"
    LOG_FOLLOW_UP = "log_follow_up"
    CLOSE_EVIDENCE_ACTION = "close_evidence_action"
    # the plan that follows a signed screening
    OPEN_PLAN = "open_plan"
    READ_PLAN = "read_plan"
    EDIT_PLAN = "edit_plan"
    ADD_READING = "add_reading"
    HOLD_REVIEW = "hold_review"
    MOVE_PLAN = "move_plan"
    # figures that could tell about a person
    SEE_EXACT = "see_exact"
    OPEN_EXACT = "open_exact"
    # oversight and administration
    SEE_REPORT = "see_report"
    SEE_GOVERNANCE = "see_governance"
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

    def __bool__(self) -> bool:
        """Let a page ask `if may(...)`."""
        return self.allowed


YES = Permission(allowed=True)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: who may, and in which statuses."""

    #: every person signed in
    anyone: frozenset[Status] | None = None
    #: roles for the whole organisation, each with the statuses in which it may
    roles: Mapping[Role, frozenset[Status]] = field(default_factory=dict)
    #: the project's own people, by what they are in it
    team: Mapping[MemberRole, frozenset[Status]] = field(default_factory=dict)
    #: who wrote or submitted any version may not (operations.md section 2, `author`)
    not_author: bool = False
    not_reviewer: bool = False
    not_proposer: bool = False

    def statuses(self, person: Person, thing: Thing) -> frozenset[Status] | None:
        """Give every status in which this person may; None when no role of theirs helps."""
        found = [self.anyone] if self.anyone is not None else []
        found += [self.roles[role] for role in person.roles if role in self.roles]
        member = person.projects.get(thing.project_id) if thing.project_id else None
        if member is not None and member in self.team:
            found.append(self.team[member])
        return frozenset().union(*found) if found else None


_ALL = frozenset(Status)
_SUBMITTED = frozenset({Status.SUBMITTED})
_REVIEWED = frozenset({Status.REVIEWED})
_SIGNED = frozenset({Status.SIGNED})
_RECORDED = frozenset({Status.SIGNED, Status.SUPERSEDED})
_LIVE = _ALL - {Status.WITHDRAWN}
_SENT = frozenset({Status.SUBMITTED, Status.REVIEWED, Status.SIGNED})
#: what has come as far as an approver
_ROUTED = _REVIEWED | _RECORDED

_LEAD, _MEMBER = MemberRole.LEAD, MemberRole.MEMBER
_READERS = {Role.REVIEWER: _ALL, Role.APPROVER: _ALL, Role.AUDITOR: _ALL}


def _team(statuses: frozenset[Status]) -> Mapping[MemberRole, frozenset[Status]]:
    return {_LEAD: statuses, _MEMBER: statuses}


_ANYONE = Rule(anyone=_ALL)
_OWN_AND_READERS = Rule(roles=_READERS, team=_team(_ALL))
_REVIEW = Rule(roles={Role.REVIEWER: _SUBMITTED}, not_author=True)

#: The table of operations.md section 2. What is not here is refused.
RULES: Mapping[Action, Rule] = {
    Action.SEE_HOME: _ANYONE,
    Action.SEE_REGISTER: _ANYONE,
    Action.MANAGE_OWN_ACCOUNT: _ANYONE,
    Action.START_PROJECT: _ANYONE,
    Action.READ_PROJECT: _OWN_AND_READERS,
    Action.EDIT_PROJECT: Rule(team=_team(_ALL)),
    Action.INVITE_MEMBER: Rule(team={_LEAD: _ALL}),
    Action.START_SCREENING: Rule(team=_team(_ALL)),
    Action.READ_SCREENING: Rule(anyone=_RECORDED, roles=_READERS, team=_team(_ALL)),
    Action.EDIT_SCREENING: Rule(team=_team(EDITABLE)),
    Action.SUBMIT: Rule(team={_LEAD: frozenset({Status.DRAFT})}),
    Action.WITHDRAW: Rule(team={_LEAD: UNSIGNED}),
    Action.NEW_VERSION: Rule(team={_LEAD: _SIGNED}),
    Action.COMMENT: Rule(roles={Role.REVIEWER: UNSIGNED, Role.APPROVER: UNSIGNED}),
    Action.REPLY: Rule(
        roles={Role.REVIEWER: UNSIGNED, Role.APPROVER: UNSIGNED}, team=_team(UNSIGNED)
    ),
    Action.SEE_EVENTS: Rule(
        roles={Role.REVIEWER: _ALL, Role.AUDITOR: _ALL, Role.APPROVER: _ROUTED}, team=_team(_ALL)
    ),
    Action.SEE_QUEUE: Rule(roles=_READERS),
    Action.CLAIM: _REVIEW,
    Action.RETURN: Rule(
        roles={Role.REVIEWER: _SUBMITTED, Role.APPROVER: _REVIEWED}, not_author=True
    ),
    Action.CONFIRM: _REVIEW,
    Action.RAISE: _REVIEW,
    Action.PROPOSE_LOWERING: _REVIEW,
    Action.AGREE_LOWERING: Rule(
        roles={Role.REVIEWER: _SUBMITTED}, not_author=True, not_proposer=True
    ),
    # Other decision-makers may add theirs after signing (product.md section 6).
    Action.GIVE_RECEIPT: Rule(
        anyone=_SIGNED, roles={Role.APPROVER: _REVIEWED, Role.REVIEWER: _REVIEWED}
    ),
    Action.SIGN_OFF: Rule(roles={Role.APPROVER: _REVIEWED}, not_author=True, not_reviewer=True),
    Action.READ_RECORD: Rule(anyone=_RECORDED),
    Action.PUBLISH: Rule(roles={Role.REVIEWER: _RECORDED, Role.APPROVER: _RECORDED}),
    # Another look at one's own work would be no other look.
    Action.ANSWER_REQUEST: Rule(roles={Role.REVIEWER: _RECORDED}, not_author=True),
    Action.EDIT_EQIA: Rule(roles={Role.REVIEWER: _SENT}, team=_team(_SENT)),
    Action.APPROVE_EQIA: Rule(roles={Role.APPROVER: _SENT}, not_author=True),
    Action.ACCEPT_STATED_DATE: Rule(roles={Role.REVIEWER: _SENT}, not_author=True),
    Action.LOG_FOLLOW_UP: Rule(roles={Role.REVIEWER: _LIVE}, team={_LEAD: _LIVE}),
    Action.CLOSE_EVIDENCE_ACTION: Rule(roles={Role.REVIEWER: _LIVE}, team=_team(_LIVE)),
    Action.OPEN_PLAN: Rule(team=_team(_SIGNED)),
    # A plan shows how the figures stand, so that not everybody who may read the record may read it.
    Action.READ_PLAN: _OWN_AND_READERS,
    Action.EDIT_PLAN: Rule(team=_team(_ALL)),
    Action.ADD_READING: Rule(team=_team(_ALL)),
    Action.HOLD_REVIEW: Rule(roles={Role.REVIEWER: _ALL}, team={_LEAD: _ALL}),
    Action.MOVE_PLAN: Rule(team={_LEAD: _ALL}),
    # Measures.md section 8: others see small numbers hidden, and who opens them is logged.
    Action.SEE_EXACT: Rule(team=_team(_ALL)),
    Action.OPEN_EXACT: Rule(roles={Role.REVIEWER: _ALL, Role.APPROVER: _ALL}),
    Action.SEE_REPORT: Rule(roles=_READERS),
    Action.SEE_GOVERNANCE: Rule(roles=_READERS),
    Action.SEE_ALL_EVENTS: Rule(roles={Role.REVIEWER: _ALL, Role.AUDITOR: _ALL}),
    Action.ADMINISTER: Rule(roles={Role.ADMINISTRATOR: _ALL}),
}

AUTHOR = (
    "You wrote, changed or submitted part of this screening, so somebody else must do this."
    " Ask somebody from another team."
)
SAME_REVIEWER = "You reviewed this screening, so another person must sign it."
SAME_PROPOSER = "You proposed this lower outcome, so another reviewer must agree it."
NO_RECORD = "There is no record yet. It is made when the screening is signed."

_ROLE_WORDS = {
    Role.REVIEWER: "a reviewer",
    Role.APPROVER: "an approver",
    Role.AUDITOR: "an auditor",
    Role.ADMINISTRATOR: "an administrator",
}
_STATUS_WORDS = {
    Status.DRAFT: "a draft",
    Status.SUBMITTED: "with the reviewer",
    Status.RETURNED: "back with its team",
    Status.REVIEWED: "reviewed and waiting to be signed",
    Status.SIGNED: "signed",
    Status.SUPERSEDED: "replaced by a newer version",
    Status.WITHDRAWN: "withdrawn",
}
_EDITS = frozenset({Action.EDIT_SCREENING})


def can(person: Person | None, action: Action, thing: Thing | None = None) -> Permission:
    """Say whether this person may do this to this thing now, and if not, why not."""
    rule = RULES.get(action)
    if person is None or rule is None:
        return Permission(allowed=False, reason="Sign in to do this.", code="role")
    about = thing or Thing()
    statuses = rule.statuses(person, about)
    if statuses is None:
        return Permission(allowed=False, reason=_who_may(action), code="role")
    if about.status is None and statuses != _ALL:
        # Asked about no screening at all: what depends on a status is refused.
        return Permission(allowed=False, reason="This needs a screening.", code="status")
    if about.status is not None and about.status not in statuses:
        return _wrong_status(action, about.status)
    return _apart(rule, person, about)


def role_used(person: Person, action: Action, thing: Thing | None = None) -> str:
    """Name the role that lets them do it, for the log; none where anyone may."""
    rule = RULES[action]
    about = thing or Thing()
    member = person.projects.get(about.project_id) if about.project_id else None
    if member is not None and _holds(rule.team.get(member), about):
        return member.value
    held = (role for role in Role if role in person.roles and _holds(rule.roles.get(role), about))
    return next((role.value for role in held), "")


def reading_action(thing: Thing) -> Action:
    """Name what a person must be allowed before they may even know the thing is there."""
    return Action.READ_PROJECT if thing.status is None else Action.READ_SCREENING


def _holds(statuses: frozenset[Status] | None, thing: Thing) -> bool:
    return statuses is not None and (thing.status is None or thing.status in statuses)


def _apart(rule: Rule, person: Person, thing: Thing) -> Permission:
    """Keep the duties of one version in different hands."""
    if rule.not_author and person.id in thing.authors:
        return Permission(allowed=False, reason=AUTHOR, code="author")
    if rule.not_reviewer and person.id in {thing.reviewer_id, thing.proposer_id}:
        return Permission(allowed=False, reason=SAME_REVIEWER, code="same_person")
    if rule.not_proposer and person.id == thing.proposer_id:
        return Permission(allowed=False, reason=SAME_PROPOSER, code="same_person")
    return YES


def _wrong_status(action: Action, status: Status) -> Permission:
    if action is Action.READ_RECORD:
        return Permission(allowed=False, reason=NO_RECORD, code="status")
    if action in _EDITS:
        reason = f"This screening is {_STATUS_WORDS[status]}, so its answers cannot be changed."
        return Permission(allowed=False, reason=reason, code="frozen")
    reason = f"This cannot be done now: the screening is {_STATUS_WORDS[status]}."
    return Permission(allowed=False, reason=reason, code="status")


@cache
def _who_may(action: Action) -> str:
    rule = RULES[action]
    team = {
        frozenset({_LEAD}): ["the project's lead"],
        frozenset({_LEAD, _MEMBER}): ["the project's team"],
    }.get(frozenset(rule.team), [])
    names = team + [words for role, words in _ROLE_WORDS.items() if role in rule.roles]
    listed = " or ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
    return f"Only {listed} can do this."
