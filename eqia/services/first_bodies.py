"""The bodies an empty instance starts with, for "which organisations decide?"."""

import tomllib
from pathlib import Path

from eqia.persistence.tables.organisations import BodyRow

_FILE = Path(__file__).with_suffix(".toml")


def first_bodies(host: str) -> list[BodyRow]:
    """Make the host itself and the bodies of the bundled list, each once."""
    listed: dict[str, str] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["bodies"]
    others = {code: name for code, name in listed.items() if name.casefold() != host.casefold()}
    return [BodyRow(code=code, name=name) for code, name in {"host": host, **others}.items()]
