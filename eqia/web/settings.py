"""Settings: the environment over instance/config.py over defaults; a bad one stops the start."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from flask import Config

CONFIG_FILE = "config.py"
_SQLITE = "sqlite:///"
_WEB_ADDRESS = re.compile("https?://[^/]")


class SettingError(Exception):
    """A setting is missing or cannot be used; the message names it."""


class Environment(StrEnum):
    """Where the service runs. Production is the default, so that nothing is open by accident."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a deployment can choose."""

    env: Environment = Environment.PRODUCTION
    secret_key: str = field(default="", repr=False)
    #: older keys that still open cookies, so that a key can be changed without signing people out
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    database_url: str = field(default=f"{_SQLITE}eqia.sqlite3", repr=False)
    #: for migrations, by a role that owns the tables; the database address unless given
    migration_url: str = field(default="", repr=False)
    trusted_hosts: tuple[str, ...] = ("localhost", "127.0.0.1")
    #: proxies in front that set X-Forwarded-For and X-Forwarded-Proto
    proxies: int = 0
    idle_minutes: int = 30
    session_hours: int = 12
    reauthentication_minutes: int = 15
    invitation_days: int = 7
    #: a folder of fonts for the PDF, named as Debian's fonts-noto-core names them
    font_folder: str = ""
    #: the key that seals records: one PKCS#12 file, or a PEM key and its certificate
    seal_pkcs12: str = ""
    seal_key: str = ""
    seal_certificate: str = ""
    seal_passphrase: str = field(default="", repr=False)
    #: certificates of keys no longer used, whose seals still count
    seal_retired: tuple[str, ...] = ()
    #: a time service (RFC 3161) that vouches for when a record was sealed
    seal_time_service: str = ""
    #: a file of more passwords to refuse, one a line
    refused_passwords: str = ""
    argon2_memory_kib: int = 19 * 1024
    argon2_passes: int = 2
    testing: bool = False

    @property
    def production(self) -> bool:
        """Whether this is the real thing."""
        return self.env is Environment.PRODUCTION

    @classmethod
    def for_tests(cls, **overrides: Any) -> Self:  # noqa: ANN401 - any setting may be overridden
        """Make settings for a test: development, in memory, with a trivial password cost."""
        chosen: dict[str, Any] = {
            "env": Environment.DEVELOPMENT,
            "secret_key": "only for tests",
            "database_url": "sqlite://",
            "argon2_memory_kib": 8,
            "argon2_passes": 1,
            "testing": True,
            **overrides,
        }
        return cls(**chosen)


def load_settings(instance: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of an instance and check them; names are the same in both places."""
    config = Config(instance)
    config.from_pyfile(CONFIG_FILE, silent=True)
    given = {name: value for name, value in config.items() if name.startswith("EQIA_")}
    given |= {name: value for name, value in environ.items() if name.startswith("EQIA_")}
    settings = Settings(**dict(_read(given)))
    _check(settings)
    return settings


def database_address(url: str, instance: Path) -> str:
    """Put a relative SQLite file into the instance folder; use psycopg 3 for PostgreSQL."""
    name = url.removeprefix(_SQLITE)
    if url.startswith(_SQLITE) and name and name != ":memory:" and not Path(name).is_absolute():
        return f"{_SQLITE}{instance / name}"
    return url


def instance_from_environment(environ: Mapping[str, str] = os.environ) -> str | None:
    """Read where the instance lies, if the environment says so."""
    path = environ.get("EQIA_INSTANCE_PATH")
    if path and not Path(path).is_absolute():
        raise SettingError("EQIA_INSTANCE_PATH must be an absolute path")
    return path or None


def _read(given: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Parse every setting we know; other EQIA_ names belong to builds and tests."""
    known = [item for item in fields(Settings) if item.name != "testing"]
    pairs = [(item, f"EQIA_{item.name.upper()}") for item in known]
    return [
        (item.name, _parse(name, given[name], type(item.default)))
        for item, name in pairs
        if name in given
    ]


def _parse(name: str, value: object, kind: type) -> object:
    try:
        return _PARSERS[kind](value)
    except ValueError as error:
        raise SettingError(f"{name} cannot be used: {_EXPECTED[kind]}") from error


def _number(value: object) -> int:
    number = int(str(value))
    if number < 0:
        raise ValueError(number)
    return number


def _several(value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, (list, tuple)) else str(value).split(",")
    return tuple(text for part in parts if (text := str(part).strip()))


_PARSERS: Mapping[type, Callable[[Any], object]] = {
    Environment: Environment,
    str: str,
    int: _number,
    tuple: _several,
}
_EXPECTED: Mapping[type, str] = {
    Environment: "say production or development",
    int: "give a whole number, 0 or more",
    str: "give text",
    tuple: "give a list with commas between",
}


def _check(settings: Settings) -> None:
    if not settings.secret_key:
        raise SettingError(
            "EQIA_SECRET_KEY is missing. Run `eqia init`, which makes one, or set it yourself"
        )
    if settings.production and len(settings.secret_key) < _SHORTEST_SECRET:
        raise SettingError(f"EQIA_SECRET_KEY is too short: use {_SHORTEST_SECRET} or more letters")
    for name in ("idle_minutes", "session_hours", "invitation_days"):
        if not getattr(settings, name):
            raise SettingError(f"EQIA_{name.upper()} must be 1 or more")
    if settings.refused_passwords and not Path(settings.refused_passwords).is_file():
        raise SettingError(f"EQIA_REFUSED_PASSWORDS: no file {settings.refused_passwords}")
    if not settings.trusted_hosts:
        raise SettingError("EQIA_TRUSTED_HOSTS must name at least one host")
    _check_seal(settings)


def _check_seal(settings: Settings) -> None:
    if settings.seal_pkcs12 and (settings.seal_key or settings.seal_certificate):
        raise SettingError("Give EQIA_SEAL_PKCS12, or EQIA_SEAL_KEY with EQIA_SEAL_CERTIFICATE")
    if settings.seal_key and not settings.seal_certificate:
        raise SettingError("EQIA_SEAL_CERTIFICATE is missing: EQIA_SEAL_KEY needs it")
    if settings.seal_certificate and not settings.seal_key:
        raise SettingError("EQIA_SEAL_KEY is missing: EQIA_SEAL_CERTIFICATE needs it")
    if settings.seal_time_service and not _WEB_ADDRESS.match(settings.seal_time_service):
        raise SettingError("EQIA_SEAL_TIME_SERVICE must start with https:// or http://")


_SHORTEST_SECRET = 16
