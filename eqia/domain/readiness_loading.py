"""Checklist files into checklists: the bundled versions, each refused if it contradicts itself."""

import hashlib
import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from eqia.domain.errors import Invalid, Problem
from eqia.domain.readiness import AnswerCode, Checklist, Gate, Item, Label, Name, Part, SetMeaning
from eqia.domain.readiness_auto import DERIVED
from eqia.domain.readiness_suggestions import SUGGESTED

FOLDER = Path(__file__).parent / "readiness_lists"

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@cache
def load_checklists() -> Mapping[int, Checklist]:
    """Load every bundled version, by its number."""
    paths = sorted(FOLDER.glob("*.toml"))
    found = [read_checklist(path.read_text("utf-8"), path.name) for path in paths]
    return {one.version: one for one in found}


def in_force(today: date) -> Checklist:
    """Find the latest version in force today; before the first starts, the first."""
    listed = sorted(load_checklists().values(), key=lambda one: one.version)
    started = [one for one in listed if one.effective_from <= today]
    return (started or listed[:1])[-1]


def read_checklist(text: str, name: str) -> Checklist:
    """Read a checklist from TOML and refuse one that contradicts itself, naming every fault."""
    try:
        raw = tomllib.loads(text)
        checklist = _checklist(raw)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid([Problem(name, f"is not a checklist: {error}")]) from error
    faults = [Problem(name, fault) for fault in faults_of(checklist)]
    if faults:
        raise Invalid(faults)
    return checklist


def faults_of(checklist: Checklist) -> Iterator[str]:
    """Walk everything in which a checklist contradicts itself."""
    ids = [*(part.id for part in checklist.parts), *(gate.id for gate in checklist.gates)]
    ids += [label.id for label in checklist.labels]
    yield from (f"{one} is there twice" for one in sorted(set(ids)) if ids.count(one) > 1)
    known = {label.id for label in checklist.labels}
    for part in checklist.parts:
        yield from _part_faults(part, known)
    for set_id, meaning in checklist.sets.items():
        unknown = set(meaning.involvement.values()) - set(AnswerCode)
        yield from (f"{set_id}: there is no answer {one!r}" for one in sorted(unknown))


def _part_faults(part: Part, labels: Collection[str]) -> Iterator[str]:
    if not part.text.strip():
        yield f"{part.id} asks nothing"
    for name, known in ((part.auto, DERIVED), (part.suggest, SUGGESTED)):
        if name and name not in known:
            yield f"{part.id}: nothing is called {name!r}"
    for placeholder in _PLACEHOLDER.findall(part.text + part.help):
        if placeholder not in labels:
            yield f"{part.id}: there is no name {placeholder!r}"


def _checklist(raw: dict[str, Any]) -> Checklist:
    plain = json.dumps(raw, sort_keys=True, ensure_ascii=False, default=str)
    return Checklist(
        id=raw["id"],
        version=raw["version"],
        title=raw["title"],
        effective_from=raw["effective_from"],
        labels=tuple(_label(one) for one in raw["labels"]),
        gates=tuple(_gate(one) for one in raw["gates"]),
        sets={set_id: _meaning(one) for set_id, one in raw["sets"].items()},
        digest=hashlib.sha256(plain.encode()).hexdigest(),
    )


def _label(raw: dict[str, Any]) -> Label:
    names = tuple(Name(**one) for one in raw.pop("names"))
    if not names:
        msg = "a label without a name"
        raise ValueError(msg)
    return Label(names=names, **raw)


def _gate(raw: dict[str, Any]) -> Gate:
    return Gate(items=tuple(_item(one) for one in raw.pop("items")), **raw)


def _item(raw: dict[str, Any]) -> Item:
    item_id, parts = raw["id"], raw.pop("parts", None)
    if parts is None:
        return Item(item_id, raw["text"], (Part(item=item_id, **raw),))
    made = (Part(**{**one, "id": f"{item_id}{one['id']}"}, item=item_id) for one in parts)
    return Item(item_id, raw["text"], tuple(made))


def _meaning(raw: dict[str, Any]) -> SetMeaning:
    lists = {name: tuple(value) for name, value in raw.items() if name != "involvement"}
    return SetMeaning(**lists, involvement=raw.get("involvement", {}))
