"""The event log: each entry carries the hash of the one before, so that tampering shows."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

#: What the first event follows.
GENESIS = "0" * 64

#: Under this name the payload holds the digest of the salt, so that a changed salt shows.
SALT_DIGEST = "salt_sha256"
TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Context:
    """Where an act came from: the signed-in session, the request and the role used."""

    session_id: UUID | None = None
    request_id: str = ""
    role_used: str = ""


NO_CONTEXT = Context()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing somebody did, with its place in the log."""

    id: UUID
    seq: int
    org: str
    at_utc: datetime
    actor_id: UUID | None
    on_behalf_of: UUID | None
    role_used: str
    session_id: UUID | None
    request_id: str
    action: str
    entity: str
    entity_id: UUID | None
    entity_version: int | None
    payload: Mapping[str, Any] = field(default_factory=dict)
    prev_hash: str = GENESIS


EVENT_FIELDS = tuple(one.name for one in fields(Event))


@dataclass(frozen=True, slots=True)
class Logged:
    """An event as found in the log, with the hash and salt kept beside it."""

    event: Event
    hash: str
    salt: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry of the log that cannot be as it was written."""

    seq: int
    why: str


def canonical(value: object) -> str:
    """JSON that is the same for the same value: sorted keys, no spaces, UTC times."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    )


def event_hash(event: Event) -> str:
    """Hash everything an event says, the hash of the one before included."""
    return sha256(canonical(event_values(event)).encode()).hexdigest()


def event_values(event: Event) -> dict[str, Any]:
    """Give what an event says, by name (`asdict` copies every value, and saves wait for it)."""
    return {name: getattr(event, name) for name in EVENT_FIELDS}


def plain_payload(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a payload into what will come back from the database."""
    plain: dict[str, Any] = json.loads(canonical(dict(payload)))
    return plain


def with_texts(payload: Mapping[str, Any], texts: Mapping[str, str], salt: str) -> dict[str, Any]:
    """Add salted digests of free text: the text itself never enters the log."""
    digests = {name: text_digest(text, salt) for name, text in texts.items()}
    return {**payload, TEXTS: digests, SALT_DIGEST: sha256(salt.encode()).hexdigest()}


def text_digest(text: str, salt: str) -> str:
    """Make the digest that shows a text unchanged without telling what it says."""
    return sha256(f"{salt}:{text}".encode(errors="surrogatepass")).hexdigest()


def verify_chain(entries: Iterable[Logged]) -> Broken | None:
    """Find the first entry, in order of `seq`, that was changed, removed or put in."""
    head = GENESIS
    for seq, entry in enumerate(entries, start=1):
        why = _fault(entry, seq, head)
        if why:
            return Broken(seq, why)
        head = entry.hash
    return None


def _fault(entry: Logged, seq: int, head: str) -> str:
    if entry.event.seq != seq:
        return f"event {entry.event.seq} stands in its place"
    if entry.event.prev_hash != head:
        return "it does not follow the event before it"
    if event_hash(entry.event) != entry.hash:
        return "its contents do not match its hash"
    if entry.salt and _salt_changed(entry):
        return "its salt was changed"
    return ""


def _salt_changed(entry: Logged) -> bool:
    digest = sha256(entry.salt.encode()).hexdigest()
    return entry.event.payload.get(SALT_DIGEST) != digest


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return str(value)
