"""Who may do what: the whole table, role by role, action by action, status by status."""

from __future__ import annotations

from itertools import product
from uuid import uuid4

import pytest

from eqia.domain.people import MemberRole, Person, Role
from eqia.domain.permissions import RULES, Action, Thing, can, reading_action, role_used
from eqia.domain.screenings import Status

PROJECT, OTHER_PROJECT = uuid4(), uuid4()
WHO = ("nobody", "member", "lead", "reviewer", "approver", "auditor", "administrator")

_ALL = "dsrvgxw"
#: One letter a status: draft, submitted, returned, reviewed (v), signed (g), superseded (x),
#: withdrawn.
LETTERS = dict(zip(_ALL, Status, strict=True))
_ALL_STATUSES = dict.fromkeys(WHO, _ALL)
_TEAM_AND_READERS = dict.fromkeys(("member", "lead", "reviewer", "approver", "auditor"), _ALL)

#: Written out by hand from operations.md section 2, not from the code: who -> statuses.
TABLE: dict[Action, dict[str, str]] = {
    Action.SEE_HOME: _ALL_STATUSES,
    Action.SEE_REGISTER: _ALL_STATUSES,
    Action.MANAGE_OWN_ACCOUNT: _ALL_STATUSES,
    Action.START_PROJECT: _ALL_STATUSES,
    Action.READ_PROJECT: _TEAM_AND_READERS,
    Action.EDIT_PROJECT: {"member": _ALL, "lead": _ALL},
    Action.INVITE_MEMBER: {"lead": _ALL},
    Action.START_SCREENING: {"member": _ALL, "lead": _ALL},
    Action.READ_SCREENING: {**_TEAM_AND_READERS, "nobody": "gx", "administrator": "gx"},
    Action.EDIT_SCREENING: {"member": "dr", "lead": "dr"},
    Action.SUBMIT: {"lead": "d"},
    Action.WITHDRAW: {"lead": "dsrv"},
    Action.NEW_VERSION: {"lead": "g"},
    Action.COMMENT: {"reviewer": "dsrv", "approver": "dsrv"},
    Action.REPLY: {"member": "dsrv", "lead": "dsrv", "reviewer": "dsrv", "approver": "dsrv"},
    Action.SEE_EVENTS: {
        "member": _ALL,
        "lead": _ALL,
        "reviewer": _ALL,
        "approver": "vgx",
        "auditor": _ALL,
    },
    Action.SEE_QUEUE: {"reviewer": _ALL, "approver": _ALL, "auditor": _ALL},
    Action.CLAIM: {"reviewer": "s"},
    Action.RETURN: {"reviewer": "s", "approver": "v"},
    Action.CONFIRM: {"reviewer": "s"},
    Action.RAISE: {"reviewer": "s"},
    Action.PROPOSE_LOWERING: {"reviewer": "s"},
    Action.AGREE_LOWERING: {"reviewer": "s"},
    Action.GIVE_RECEIPT: {**dict.fromkeys(WHO, "g"), "approver": "vg", "reviewer": "vg"},
    Action.SIGN_OFF: {"approver": "v"},
    Action.READ_RECORD: dict.fromkeys(WHO, "gx"),
    Action.PUBLISH: {"reviewer": "gx", "approver": "gx"},
    Action.ANSWER_REQUEST: {"reviewer": "gx"},
    Action.EDIT_EQIA: {"member": "svg", "lead": "svg", "reviewer": "svg"},
    Action.APPROVE_EQIA: {"approver": "svg"},
    Action.ACCEPT_STATED_DATE: {"reviewer": "svg"},
    Action.LOG_FOLLOW_UP: {"lead": "dsrvgx", "reviewer": "dsrvgx"},
    Action.CLOSE_EVIDENCE_ACTION: {"member": "dsrvgx", "lead": "dsrvgx", "reviewer": "dsrvgx"},
    Action.OPEN_PLAN: {"member": "g", "lead": "g"},
    Action.READ_PLAN: _TEAM_AND_READERS,
    Action.EDIT_PLAN: {"member": _ALL, "lead": _ALL},
    Action.ADD_READING: {"member": _ALL, "lead": _ALL},
    Action.HOLD_REVIEW: {"lead": _ALL, "reviewer": _ALL},
    Action.MOVE_PLAN: {"lead": _ALL},
    Action.SEE_EXACT: {"member": _ALL, "lead": _ALL},
    Action.OPEN_EXACT: {"reviewer": _ALL, "approver": _ALL},
    Action.SEE_REPORT: {"reviewer": _ALL, "approver": _ALL, "auditor": _ALL},
    Action.SEE_GOVERNANCE: {"reviewer": _ALL, "approver": _ALL, "auditor": _ALL},
    Action.SEE_ALL_EVENTS: {"reviewer": _ALL, "auditor": _ALL},
    Action.ADMINISTER: {"administrator": _ALL},
}
NOT_AUTHOR = {
    Action.CLAIM,
    Action.RETURN,
    Action.CONFIRM,
    Action.RAISE,
    Action.PROPOSE_LOWERING,
    Action.AGREE_LOWERING,
    Action.SIGN_OFF,
    Action.APPROVE_EQIA,
    Action.ACCEPT_STATED_DATE,
    Action.ANSWER_REQUEST,
}
#: where each role may act at all, for the rules about separate hands
ACTED_BY = {
    Action.RETURN: (Role.REVIEWER, Status.SUBMITTED),
    Action.SIGN_OFF: (Role.APPROVER, Status.REVIEWED),
    Action.APPROVE_EQIA: (Role.APPROVER, Status.SIGNED),
    Action.ACCEPT_STATED_DATE: (Role.REVIEWER, Status.SIGNED),
    Action.ANSWER_REQUEST: (Role.REVIEWER, Status.SIGNED),
}


def person(who: str, *, project=PROJECT) -> Person:
    members = {"member": MemberRole.MEMBER, "lead": MemberRole.LEAD}
    roles = frozenset() if who in {"nobody", *members} else frozenset({Role(who)})
    projects = {project: members[who]} if who in members else {}
    return Person(uuid4(), who, f"{who}@example.org", roles, projects)


def test_every_action_is_in_the_table_and_has_a_rule():
    assert set(TABLE) == set(Action) == set(RULES)


@pytest.mark.parametrize("action", list(Action))
def test_the_table_holds_for_every_role_and_status(action):
    wrong = [
        (who, status)
        for who, (letter, status) in product(WHO, LETTERS.items())
        if can(person(who), action, Thing(PROJECT, status)).allowed
        is not (letter in TABLE[action].get(who, ""))
    ]
    assert wrong == []


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("who", ["member", "lead"])
def test_another_teams_people_may_no_more_than_anybody(action, who):
    stranger = person(who, project=OTHER_PROJECT)
    for letter, status in LETTERS.items():
        allowed = can(stranger, action, Thing(PROJECT, status)).allowed
        assert allowed is (letter in TABLE[action].get("nobody", ""))


@pytest.mark.parametrize("action", list(Action))
def test_nobody_signed_in_may_nothing(action):
    permission = can(None, action, Thing(PROJECT, Status.SIGNED))
    assert (permission.allowed, permission.code) == (False, "role")


@pytest.mark.parametrize("action", list(Action))
def test_every_refusal_has_a_code_and_words(action):
    for who, status in product(WHO, Status):
        permission = can(person(who), action, Thing(PROJECT, status))
        if not permission:
            assert permission.code in {"role", "status", "frozen"}
            assert permission.reason.endswith(".")


@pytest.mark.parametrize("action", sorted(NOT_AUTHOR))
def test_an_author_may_not(action):
    role, status = ACTED_BY.get(action, (Role.REVIEWER, Status.SUBMITTED))
    author = person(role)
    thing = Thing(PROJECT, status, authors=frozenset({uuid4(), author.id}))
    assert can(author, action, thing).code == "author"
    assert can(person(role), action, thing).allowed


@pytest.mark.parametrize("action", sorted(set(Action) - NOT_AUTHOR))
def test_an_author_may_all_else(action):
    for who, status in product(WHO, Status):
        them = person(who)
        plain, authored = Thing(PROJECT, status), Thing(PROJECT, status, frozenset({them.id}))
        assert can(them, action, authored).allowed is can(them, action, plain).allowed


def test_who_reviewed_may_not_sign():
    signer = person("approver")
    thing = Thing(PROJECT, Status.REVIEWED, reviewer_id=signer.id)
    assert can(signer, Action.SIGN_OFF, thing).code == "same_person"


def test_who_proposed_a_lowering_may_not_sign_what_another_agreed():
    signer = person("approver")
    thing = Thing(PROJECT, Status.REVIEWED, reviewer_id=uuid4(), proposer_id=signer.id)
    assert can(signer, Action.SIGN_OFF, thing).code == "same_person"


def test_who_proposed_a_lowering_may_not_agree_it_but_may_return():
    reviewer = person("reviewer")
    thing = Thing(PROJECT, Status.SUBMITTED, proposer_id=reviewer.id)
    assert can(reviewer, Action.AGREE_LOWERING, thing).code == "same_person"
    assert can(reviewer, Action.RETURN, thing).allowed


def test_several_roles_add_up_but_never_around_separate_hands():
    both = Person(
        uuid4(), "Both", "b@example.org", frozenset({Role.REVIEWER, Role.APPROVER, Role.AUDITOR})
    )
    assert can(both, Action.SIGN_OFF, Thing(PROJECT, Status.REVIEWED)).allowed
    thing = Thing(PROJECT, Status.REVIEWED, authors=frozenset({both.id}), reviewer_id=both.id)
    assert can(both, Action.SIGN_OFF, thing).code == "author"


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.DRAFT, Status.RETURNED}))
def test_changing_answers_after_submission_is_refused_as_frozen(status):
    assert can(person("lead"), Action.EDIT_SCREENING, Thing(PROJECT, status)).code == "frozen"


@pytest.mark.parametrize("action", sorted(a for a in Action if RULES[a].roles or RULES[a].team))
def test_what_depends_on_a_status_is_refused_without_one(action):
    depends = any(statuses != _ALL for statuses in TABLE[action].values())
    for who in TABLE[action]:
        if depends and TABLE[action][who] != _ALL:
            assert not can(person(who), action, Thing(PROJECT)).allowed


def test_being_an_administrator_adds_no_reading():
    for status in set(Status) - {Status.SIGNED, Status.SUPERSEDED}:
        thing = Thing(PROJECT, status)
        assert not can(person("administrator"), Action.READ_SCREENING, thing).allowed
        assert not can(person("administrator"), Action.SEE_EVENTS, thing).allowed


def test_a_project_is_known_by_those_who_may_read_it():
    assert reading_action(Thing(PROJECT)) is Action.READ_PROJECT
    assert reading_action(Thing(PROJECT, Status.DRAFT)) is Action.READ_SCREENING


@pytest.mark.parametrize(
    ("who", "action", "status", "role"),
    [
        ("lead", Action.SUBMIT, Status.DRAFT, "lead"),
        ("member", Action.EDIT_SCREENING, Status.DRAFT, "member"),
        ("approver", Action.SIGN_OFF, Status.REVIEWED, "approver"),
        ("nobody", Action.SEE_REGISTER, None, ""),
        ("administrator", Action.ADMINISTER, None, "administrator"),
    ],
)
def test_the_log_names_the_role_that_let_them(who, action, status, role):
    assert role_used(person(who), action, Thing(PROJECT, status)) == role
