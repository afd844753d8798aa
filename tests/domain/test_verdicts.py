"""Six checks, each by itself, and what they add up to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from eqia.domain.examinations import Seen, SeenSeal, Trouble
from eqia.domain.records import digest
from eqia.domain.seals import NO_SEAL, Seal, SealKind, seal_in
from eqia.domain.verdicts import (
    CHECKS,
    HEADLINES,
    Evidence,
    Overall,
    Remade,
    State,
    Stored,
    judge,
)

JSON = '{"name":"EQS-2026-0042 v3"}'
OURS = Seal(SealKind.ORGANISATION, "Northmere Health", "a" * 64)
OLD = Seal(SealKind.ORGANISATION, "Northmere Health (old)", "b" * 64)
TRYING = Seal(SealKind.DEVELOPMENT, "Development seal", "d" * 64)
HOLDS, FAILS, NOT_CHECKED = State.HOLDS, State.FAILS, State.NOT_CHECKED

SEAL = SeenSeal(
    certifies=True,
    intact=True,
    whole_file=True,
    name=OURS.name,
    fingerprint=OURS.fingerprint,
    at="2026-11-24T10:00:00+00:00",
    in_time=True,
)
SEEN = Seen(
    sha256="f" * 64,
    seals=(SEAL,),
    signatures=1,
    stated_sha256=digest(JSON),
    json_text=JSON,
    attachments=1,
)
STORED = Stored(file_sha256="f" * 64, record_sha256=digest(JSON), seal=OURS)
KNOWN = {OURS.fingerprint: OURS, OLD.fingerprint: OLD}
HERE = Evidence(seen=SEEN, trusted=KNOWN, asked=True, stored=STORED, remade=Remade.SAME)
ALONE = Evidence(seen=SEEN, trusted=KNOWN)


def seen(**changes: Any) -> Seen:
    return replace(SEEN, **changes)


def by(**changes: Any) -> Seen:
    return seen(seals=(replace(SEAL, **changes),))


def states(evidence: Evidence) -> tuple[State, ...]:
    return tuple(line.state for line in judge(evidence).lines)


def check_all(holds: str, *, fails: str = "", others: State = NOT_CHECKED) -> tuple[State, ...]:
    given = dict.fromkeys(holds, HOLDS) | dict.fromkeys(fails, FAILS)
    return tuple(given.get(number, others) for number in "123456")


#: what is looked at -> how the six checks come out, and the whole
TABLE: dict[str, tuple[Evidence, tuple[State, ...], Overall]] = {
    "everything as it was": (HERE, check_all("123456"), Overall.GENUINE),
    "made by another version": (
        replace(HERE, remade=Remade.OTHER_VERSION),
        check_all("12345"),
        Overall.GENUINE,
    ),
    "made again, it is different": (
        replace(HERE, remade=Remade.OTHER),
        check_all("12345", fails="6"),
        Overall.NOT_GENUINE,
    ),
    "it cannot be made again": (
        replace(HERE, remade=Remade.FAILED),
        check_all("12345", fails="6"),
        Overall.NOT_GENUINE,
    ),
    "sealed with a retired key": (
        replace(HERE, seen=by(name=OLD.name, fingerprint=OLD.fingerprint)),
        check_all("123456"),
        Overall.GENUINE,
    ),
    "sealed with a key nobody knows": (
        replace(HERE, seen=by(fingerprint="c" * 64)),
        check_all("13456", fails="2"),
        Overall.NOT_GENUINE,
    ),
    "sealed when the certificate did not hold": (
        replace(HERE, seen=by(in_time=False)),
        check_all("13456", fails="2"),
        Overall.NOT_GENUINE,
    ),
    "a broken seal": (
        replace(HERE, seen=by(intact=False)),
        check_all("23456", fails="1"),
        Overall.NOT_GENUINE,
    ),
    "a seal that allows changes": (
        replace(HERE, seen=by(certifies=False)),
        check_all("23456", fails="1"),
        Overall.NOT_GENUINE,
    ),
    "something added": (
        replace(HERE, seen=by(whole_file=False)),
        check_all("12456", fails="3"),
        Overall.NOT_GENUINE,
    ),
    "two seals": (
        replace(HERE, seen=seen(seals=(SEAL, SEAL), signatures=2)),
        check_all("3456", fails="12"),
        Overall.NOT_GENUINE,
    ),
    "a seal, and one that cannot be read": (
        replace(HERE, seen=seen(signatures=2)),
        check_all("3456", fails="12"),
        Overall.NOT_GENUINE,
    ),
    "one signature, which cannot be read": (
        replace(HERE, seen=seen(seals=())),
        check_all("456", fails="123"),
        Overall.NOT_GENUINE,
    ),
    "no seal": (
        replace(HERE, seen=seen(seals=(), signatures=0)),
        check_all("456", fails="123"),
        Overall.NOT_GENUINE,
    ),
    "another file of the same record": (
        replace(HERE, seen=seen(sha256="0" * 64)),
        check_all("12356", fails="4"),
        Overall.NOT_GENUINE,
    ),
    "no such record": (
        replace(HERE, stored=None, remade=Remade.NOT_TRIED),
        check_all("123", fails="4"),
        Overall.NOT_GENUINE,
    ),
    "no data inside": (
        replace(HERE, seen=seen(json_text=None, attachments=0)),
        check_all("12346", fails="5"),
        Overall.NOT_GENUINE,
    ),
    "two files inside": (
        replace(HERE, seen=seen(json_text=None, attachments=2)),
        check_all("12346", fails="5"),
        Overall.NOT_GENUINE,
    ),
    "other data inside": (
        replace(HERE, seen=seen(json_text='{"name":"another"}')),
        check_all("12346", fails="5"),
        Overall.NOT_GENUINE,
    ),
    "other data inside, and stated so": (
        replace(HERE, seen=seen(json_text="{}", stated_sha256=digest("{}"))),
        check_all("12346", fails="5"),
        Overall.NOT_GENUINE,
    ),
    "no digest stated": (
        replace(HERE, seen=seen(stated_sha256="")),
        check_all("12346", fails="5"),
        Overall.NOT_GENUINE,
    ),
    "a published copy": (
        replace(
            HERE,
            seen=seen(json_text=None, attachments=0),
            stored=replace(STORED, attaches_data=False),
        ),
        check_all("123456"),
        Overall.GENUINE,
    ),
    "a published copy with data put in": (
        replace(HERE, stored=replace(STORED, attaches_data=False)),
        check_all("12346", fails="5"),
        Overall.NOT_GENUINE,
    ),
    "with a certificate alone": (ALONE, check_all("1235"), Overall.SEALED),
    "with a certificate alone, made again": (
        replace(ALONE, remade=Remade.SAME),
        check_all("12356"),
        Overall.SEALED,
    ),
    "a published copy, with a certificate alone": (
        replace(ALONE, seen=seen(json_text=None, attachments=0)),
        check_all("1235"),
        Overall.SEALED,
    ),
    "with nothing at all": (replace(ALONE, trusted={}), check_all("135"), Overall.UNSURE),
    "with another certificate": (
        replace(ALONE, trusted={OLD.fingerprint: OLD}),
        check_all("135", fails="2"),
        Overall.NOT_GENUINE,
    ),
    "a development seal where records are real": (
        replace(HERE, seen=by(fingerprint=TRYING.fingerprint, development=True)),
        check_all("13456", fails="2"),
        Overall.NOT_GENUINE,
    ),
    "a development seal that was made known where records are real": (
        replace(
            HERE,
            seen=by(fingerprint=TRYING.fingerprint, development=True),
            trusted={TRYING.fingerprint: TRYING},
        ),
        check_all("13456", fails="2"),
        Overall.NOT_GENUINE,
    ),
    "a development seal where the service is tried out": (
        replace(
            HERE,
            seen=by(fingerprint=TRYING.fingerprint, development=True),
            trusted={TRYING.fingerprint: TRYING},
            production=False,
        ),
        check_all("123456"),
        Overall.DEVELOPMENT,
    ),
}

UNSEALED = replace(
    HERE,
    seen=seen(seals=(), signatures=0),
    stored=replace(STORED, seal=NO_SEAL),
)
TABLE |= {
    "a record signed without a seal": (UNSEALED, check_all("456"), Overall.STORED),
    "a record of the first shape, without data inside": (
        replace(
            UNSEALED,
            seen=replace(UNSEALED.seen, json_text=None, attachments=0, stated_sha256=""),
            remade=Remade.OTHER_VERSION,
        ),
        check_all("4"),
        Overall.STORED,
    ),
    "a published copy without a seal": (
        replace(
            UNSEALED,
            seen=replace(UNSEALED.seen, json_text=None, attachments=0),
            stored=replace(STORED, seal=NO_SEAL, attaches_data=False),
        ),
        check_all("456"),
        Overall.STORED,
    ),
    "another file that claims to be such a record": (
        replace(UNSEALED, seen=replace(UNSEALED.seen, sha256="0" * 64)),
        check_all("56", fails="1234"),
        Overall.NOT_GENUINE,
    ),
    "such a record, sealed later by somebody": (
        replace(UNSEALED, seen=by(fingerprint="c" * 64)),
        check_all("13456", fails="2"),
        Overall.NOT_GENUINE,
    ),
    "such a record, away from the service": (
        replace(ALONE, seen=UNSEALED.seen),
        check_all("5", fails="123"),
        Overall.NOT_GENUINE,
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_each_check_stands_for_itself_and_all_must_hold(name: str) -> None:
    evidence, wanted, overall = TABLE[name]
    verdict = judge(evidence)
    assert states(evidence) == wanted, verdict.lines
    assert verdict.overall is overall
    assert (verdict.headline, verdict.advice) == HEADLINES[overall]


def test_there_are_six_checks_each_in_a_sentence() -> None:
    assert len(CHECKS) == 6
    for evidence, _, _ in TABLE.values():
        for line in judge(evidence).lines:
            assert line.words.endswith("."), line
            assert line.words[0].isupper(), line


@pytest.mark.parametrize("trouble", Trouble)
def test_a_file_that_cannot_be_checked_has_no_checks(trouble: Trouble) -> None:
    verdict = judge(replace(HERE, seen=seen(trouble=trouble)))
    assert verdict.overall is Overall.UNUSABLE
    assert verdict.lines == ()
    assert verdict.headline


def test_nothing_but_all_six_can_make_a_file_genuine() -> None:
    """Of every combination of what may be wrong, one alone is genuine."""
    wrong = {
        "intact": by(intact=False),
        "certifies": by(certifies=False),
        "whole_file": by(whole_file=False),
        "fingerprint": by(fingerprint="9" * 64),
        "in_time": by(in_time=False),
        "data": seen(json_text="{}"),
        "file": seen(sha256="1" * 64),
        "none": seen(seals=(), signatures=0),
    }
    for name, one in wrong.items():
        for evidence in (replace(HERE, seen=one), replace(ALONE, seen=one)):
            assert judge(evidence).overall is not Overall.GENUINE, name
    assert judge(ALONE).overall is not Overall.GENUINE


def test_the_name_in_a_strange_seal_is_set_apart_from_our_words() -> None:
    evidence = replace(HERE, seen=by(name="we checked this file", fingerprint="c" * 64))
    words = judge(evidence).lines[1].words
    assert "calls themselves “we checked this file”" in words


@pytest.mark.parametrize("seal", [NO_SEAL, OURS, TRYING])
def test_the_seal_of_a_record_is_read_back(seal: Seal) -> None:
    assert seal_in({"seal": seal.as_json()}) == seal


@pytest.mark.parametrize("record", [{"seal": "none"}, {}])
def test_a_record_of_the_first_shape_has_no_seal(record: dict[str, Any]) -> None:
    assert seal_in(record) == NO_SEAL
