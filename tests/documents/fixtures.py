"""Records of all four question sets, made from plain values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from eqia.domain.answer_parsing import parse_answers
from eqia.domain.decisions import decide
from eqia.domain.interchange import decision_as_json
from eqia.domain.question_set_loading import load_question_sets
from eqia.domain.record_times import Dates, Read
from eqia.domain.records import Facts, SignOff, record_of
from eqia.domain.what_would_change import what_would_change

ALL_SETS = ("bhp-nhs", "ni-s75", "scot-psed-fsd", "wales-reg8")

SIGNED = datetime(2026, 11, 24, 15, 4, tzinfo=UTC)

SAME = (
    "The clinic keeps the same staff, the same appointment length and the same letters, and "
    "people in this group use it as often as others do."
)


def form_of(set_id: str):
    return max((s for s in load_question_sets().values() if s.id == set_id), key=lambda s: s.key)


def rows(set_id: str, list_id: str, value: Any, **others: Any) -> dict[str, Any]:
    """The same answer for every group of a list, but for some."""
    groups = {group.id: value for group in form_of(set_id).group_list(list_id).groups}
    return {**groups, **others}


def english() -> dict[str, Any]:
    set_id = "bhp-nhs"
    return {
        "A1": (
            "The diabetes foot clinic at Eastfield moves its Thursday session to the new health "
            "centre on Mill Road, one mile away. People will book online or by phone, and the "
            "session runs until 7pm instead of 5pm."
        ),
        "A2": ["change"],
        "A3": ["patients", "carers", "staff"],
        "A4": "500-4999",
        "A5": "options",
        "A5_date": "2027-02-18",
        "A5_who": "Community Services Board",
        "A6": "no",
        "A7": ["bhp", "city-council"],
        "B1": "yes",
        "B2": "yes",
        "B3": "no",
        "B4": "no",
        "B5": "yes",
        "B6": "yes",
        "B7": "na",
        "B8": "alternative",
        "C1": {
            **rows(set_id, "pc", "none", age="minor", disability="mixed", sex="positive"),
            **rows(set_id, "local", "none", deprivation="positive", language_digital="minor"),
        },
        "C2": {
            **rows(set_id, "pc", ["data"], disability=["data", "views"], race=["judgement"]),
            **rows(set_id, "local", ["research"]),
        },
        "C3": {
            **rows(
                set_id,
                "pc",
                SAME,
                age="Older people told us that the new stop is a longer walk and has no bench.",
                disability=(
                    "The new building has level access and a hoist, which helps. The walk from "
                    "the bus stop is 250 metres, which is harder for people who use a frame or a "
                    "chair.\n\nTwo of the six parking bays are for blue badge holders."
                ),
                sex="The later hours help people who care for children in the day, mostly women.",
            ),
            **rows(
                set_id,
                "local",
                SAME,
                deprivation="Mill Road is on two bus routes from the estates that had none before.",
                language_digital="Booking online is harder without English or a phone with data.",
            ),
        },
        "C4": {
            "age": {
                "action": "Ask the council for a bench and a shelter at the Mill Road stop.",
                "owner": "Estates lead",
                "due": "2027-03-31",
                "residual": "none",
            },
            "disability": {
                "action": "Offer hospital transport and a home visit to anyone who asks.",
                "owner": "Clinic manager",
                "due": "2027-02-01",
                "residual": "none",
            },
            "language_digital": {
                "action": "Keep the phone line, with interpreters, and put it first on letters.",
                "owner": "Booking lead",
                "due": "2027-02-01",
                "residual": "none",
            },
        },
        "D1": "no",
        "D2": "taken",
        "D2_needs": ["disadvantage", "needs"],
        "D3": "none",
        "D4": "yes",
        "D4_which": "Older people who are also disabled are the most likely to find the walk hard.",
        "D5": "no",
        "F1": "done",
        "F1_who": "41 people at two clinic sessions, and the patients' group, which wrote to us.",
        "F2": [
            {
                "gap": "Who does not come to the clinic now, and why.",
                "how": "Phone calls to 60 people who missed two visits.",
                "owner": "Public involvement lead",
                "due": "2027-01-20",
            }
        ],
        "G1": "no",
        "G2": [
            {
                "what": "Missed visits",
                "owner": "Clinic manager",
                "baseline": "14 in 100",
                "target": "10 in 100 in every group",
                "split_by": "Age, disability, area",
                "source": "Clinic list",
                "date": "2027-09-30",
            },
            {"what": "Visits booked by phone", "owner": "Booking lead", "date": "2027-06-30"},
        ],
        "G3": "2028-03-01",
        "G3_triggers": ["complaint", "outcome_gap"],
    }


def short_form() -> dict[str, Any]:
    """A change that touches nobody: the short path."""
    return {
        "A1": "A new folder structure for the team's own files.",
        "A2": ["technical"],
        "A3": ["nobody"],
        "A4": "lt50",
        "A5": "idea",
        "A5_date": "2027-02-18",
        "A7": ["bhp"],
        "B1": "no",
        "B2": "no",
        "B3": "no",
        "B4": "no",
        "B9": "Only our own team sees these files, and nothing about our work changes.",
    }


def _about(summary: str) -> dict[str, Any]:
    return {
        "P1": summary,
        "P2": ["change"],
        "P3": "options",
        "P3_date": "2027-02-18",
        "P3_who": "The board",
        "P4": "500-4999",
        "P5": "People who use the service now.",
        "P6": ["host"],
        "P7": "It keeps the service open.",
    }


def _northern_ireland() -> dict[str, Any]:
    set_id = "ni-s75"
    return {
        **_about("The advice line closes an hour earlier and a call-back service opens."),
        "Q1": rows(set_id, "equality", "none", dependants="minor", age="minor"),
        "Q1E": rows(
            set_id,
            "equality",
            "Calls by hour show no difference for these people.",
            dependants="People with dependants ring most between 5pm and 6pm.",
        ),
        "Q2": rows(set_id, "equality", "no", dependants="yes"),
        "Q2_how": "Call-back times are agreed with each caller.",
        "Q3": rows(set_id, "relations", "none"),
        "Q3E": rows(set_id, "relations", "The line is used by people from every background."),
        "Q4": rows(set_id, "relations", "no"),
        "Q5": "no",
        "M": "recorded",
        "M_plan": {
            "action": "Call back in the evening.",
            "owner": "Line manager",
            "due": "2027-03-01",
            "residual": "none",
        },
        "DD1": "yes",
        "DD2": "no",
        "I1": "done",
        "I1_who": "Two groups of callers, 18 people.",
        "K2": [{"what": "Calls not answered", "owner": "Line manager", "date": "2027-09-30"}],
        "K3": "2027-12-01",
    }


def _scotland() -> dict[str, Any]:
    return {
        **_about("The stock list for the store moves from paper to a shared sheet."),
        "S1": "no",
        "S2": "no",
        "S3": "no",
        "S4": "no",
        "E1": "We read the job notes of the store team.",
        "J": "Nobody outside the store sees the list, and no task or hour changes.",
        "FSD": "no",
        "CR": "no",
        "ISL": "no",
        "I1": "na",
        "I1_why": "Nobody is affected.",
        "K3": "2027-12-01",
    }


def _wales() -> dict[str, Any]:
    set_id = "wales-reg8"
    return {
        **_about("Mae'r clinig yn symud i Dŷ Ŵyr, Llanfair. Bydd yn agor yn hwyrach."),
        "W1": rows(set_id, "pc", "none", disability="substantial", age="positive"),
        "W1E": rows(
            set_id,
            "pc",
            "Nid oes gwahaniaeth yn y ffigurau lleol ar gyfer y grŵp hwn.",
            disability="Mae'r daith yn hirach ac nid oes bws ar ôl chwech.",
        ),
        "W1M": {
            "disability": {
                "action": "Cynnig cludiant am ddim.",
                "owner": "Rheolwr y clinig",
                "due": "2027-03-01",
                "residual": "minor",
            }
        },
        "W4": "yes",
        "W3": rows(set_id, "also", "positive"),
        "W3E": rows(set_id, "also", "Bydd mwy o staff sy'n siarad Cymraeg yn Nhŷ Ŵyr."),
        "W2": "involved",
        "W2_who": "Siaradwyd â 32 o bobl a dau grŵp lleol.",
        "R_steps": "Dau gyfarfod cyhoeddus, arolwg a thaith gyda phobl anabl.",
        "R_information": "Ffigurau'r clinig, amserlen y bysiau a'r arolwg.",
        "R_results": "Effaith sylweddol ar bobl anabl oni bai bod cludiant.",
        "R_decisions": "Bydd y bwrdd yn penderfynu ym mis Chwefror 2027.",
        "K3": "2027-12-01",
    }


ANSWERS = {
    "bhp-nhs": english,
    "ni-s75": _northern_ireland,
    "scot-psed-fsd": _scotland,
    "wales-reg8": _wales,
}

LANGUAGE = {"wales-reg8": "cy"}


def make_dates(**overrides: Any) -> Dates:
    values: dict[str, Any] = {
        "written": datetime(2026, 10, 1, 8, 30, tzinfo=UTC),
        "screened": datetime(2026, 10, 5, 9, 0, tzinfo=UTC),
        "submitted": datetime(2026, 11, 2, 16, 20, tzinfo=UTC),
        "returned": (datetime(2026, 10, 20, 11, 0, tzinfo=UTC),),
        "reviewed": datetime(2026, 11, 16, 10, 45, tzinfo=UTC),
        "read": (Read("Priya Nair", datetime(2026, 11, 23, 8, 15, tzinfo=UTC)),),
        "signed": SIGNED,
        "decision": date(2027, 2, 18),
        "decision_by": "Community Services Board",
        "starts": date(2027, 3, 1),
        "ends": date(2029, 2, 28),
        "review_due": date(2028, 3, 1),
    }
    return Dates(**{**values, **overrides})


def make_sign_off(**overrides: Any) -> SignOff:
    values: dict[str, Any] = {
        "name": "Priya Nair",
        "role": "Director of Community Services",
        "at": SIGNED,
        "statements": (),
        "benefits": "Later hours and level access help people who could not come before.",
        "harms": "A longer walk from the bus for some older and disabled people.",
        "proportionate": "Transport and home visits take the harm away at a small cost.",
    }
    return SignOff(**{**values, **overrides})


def review(kind: str, **overrides: Any) -> dict[str, Any]:
    values = {
        "kind": kind,
        "outcome": "",
        "reason": "",
        "evidence": "",
        "due": None,
        "name": "Tom Okafor",
        "at": datetime(2026, 11, 16, 10, 45, tzinfo=UTC),
        "submitted_at": datetime(2026, 11, 2, 16, 20, tzinfo=UTC),
        "proposed_by": "",
    }
    return {**values, **overrides}


def evidence(title: str, groups: list[str], **overrides: Any) -> dict[str, Any]:
    values = {
        "kind": "data",
        "title": title,
        "dated": date(2026, 6, 30),
        "groups": groups,
        "group_labels": [group.replace("_", " ").capitalize() for group in groups],
        "link": "",
        "note": "",
    }
    return {**values, **overrides}


def make_facts(
    set_id: str = "bhp-nhs",
    *,
    answers: dict[str, Any] | None = None,
    rich: bool = True,
    confirmed: str = "",
    **overrides: Any,
) -> Facts:
    form = form_of(set_id)
    language = LANGUAGE.get(set_id, "en")
    parsed = parse_answers(form, ANSWERS[set_id]() if answers is None else answers)
    decision = decide(form, parsed, language=language)
    changes = what_would_change(form, parsed, language=language) if decision.settled else ()
    values: dict[str, Any] = {
        "screening_id": UUID("0f9b1c9e-7b7a-4e57-9d0e-5d1f3b0c9a42"),
        "reference": "EQS-2026-0042",
        "version": 1,
        "language": language,
        "salt": "00112233445566778899aabbccddeeff",
        "made_with": {"application": "eqia 0.1.0", "renderer": "renderer 1"},
        "address": "https://eqia.example/records/0f9b1c9e-7b7a-4e57-9d0e-5d1f3b0c9a42",
        "organisation": {"name": "Riverside Health Partners", "mailbox": "equality@example.org"},
        "project": make_project_facts(set_id),
        "people": [
            {"part": "lead", "name": "Ada Lewis", "title": "Project manager"},
            {"part": "member", "name": "Sam Cole", "title": "Analyst"},
            {"part": "submitter", "name": "Ada Lewis", "title": "Project manager"},
            {"part": "reviewer", "name": "Tom Okafor", "title": "Equality lead"},
            {"part": "approver", "name": "Priya Nair", "title": "Director"},
        ],
        "question_set": form,
        "answers": parsed,
        "decision": decision_as_json(form, decision, changes),
        "confirmed_outcome": confirmed or decision.outcome,
        "content_digest": "ab" * 32,
        "reviews": [review("confirm", outcome=decision.outcome)],
        "receipts": [receipt()],
        "sign_off": make_sign_off(statements=tuple(one.id for one in form.signoff.confirm)),
        "dates": make_dates(),
        "names": {"bhp": "Riverside Health Partners", "city-council": "Riverside City Council"},
        "head_seq": 118,
        "head_hash": "cd" * 32,
        **(_rich() if rich else {}),
    }
    return Facts(**{**values, **overrides})


def receipt(**overrides: Any) -> dict[str, Any]:
    values = {
        "name": "Priya Nair",
        "role": "approver",
        "organisation": "Riverside Health Partners",
        "version": 1,
        "digest": "ab" * 32,
        "after_decision": False,
        "at": datetime(2026, 11, 23, 8, 15, tzinfo=UTC),
    }
    return {**values, **overrides}


def make_project_facts(set_id: str) -> dict[str, Any]:
    title = "Clinig traed Tŷ Ŵyr" if set_id in LANGUAGE else "Foot clinic at Mill Road"
    return {
        "title": title,
        "summary": "Moves one clinic session.",
        "organisations": "Riverside City Council",
        "start_date": date(2027, 3, 1),
        "end_date": date(2029, 2, 28),
        "decision_date": date(2027, 2, 18),
        "sites": "Mill Road Health Centre",
        "supplier": "",
        "groups_served": "People with diabetes",
        "people_a_year": 1900,
        "bodies": ["bhp"],
        "body_names": ["Riverside Health Partners"],
    }


def _rich() -> dict[str, Any]:
    return {
        "evidence": [
            evidence(
                "Clinic list, visits by age and area, 2025 to 2026",
                ["age", "race", "sex", "disability"],
                link="https://data.example/clinic-list",
                note="Counts of visits and missed visits. Records sex as given by the patient.",
            ),
            evidence("Letter from the patients' group", ["disability"], kind="views", dated=None),
        ],
        "evidence_actions": [
            {
                "cause": "gap:0",
                "text": "Who does not come to the clinic now, and why.",
                "owner": "Public involvement lead",
                "due": date(2027, 1, 20),
                "done_at": None,
                "done_by": "",
                "finding": "",
            }
        ],
        "comments": [
            {
                "question": "C3",
                "group": "race",
                "name": "Tom Okafor",
                "at": datetime(2026, 10, 19, 9, 0, tzinfo=UTC),
                "body": "This is the same text as for five other groups. Is it true here?",
                "replies": [
                    {
                        "name": "Ada Lewis",
                        "at": datetime(2026, 10, 28, 9, 0, tzinfo=UTC),
                        "body": "We checked the clinic list by ethnic group: no difference.",
                    }
                ],
            }
        ],
        "events": [
            {
                "seq": 118,
                "at": datetime(2026, 11, 23, 8, 15, tzinfo=UTC),
                "action": "receipt.given",
                "name": "Priya Nair",
                "hash": "cd" * 32,
            }
        ],
    }


@cache
def make_record(set_id: str = "bhp-nhs") -> dict[str, Any]:
    return record_of(make_facts(set_id))
