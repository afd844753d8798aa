"""Set up an instance: its folder, its secret, its tables; and serve it."""

import os
import secrets
import socket
from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from sqlalchemy import inspect
from waitress import create_server

from eqia.persistence.database import make_engine, make_session, migrate
from eqia.persistence.schema import is_current
from eqia.services import invitations, standings
from eqia.services.records import Printing
from eqia.web import clock
from eqia.web.components import warm
from eqia.web.extensions import db
from eqia.web.factory import instance_folder
from eqia.web.kept import MOST_SHOWN
from eqia.web.oversize import SpeakingChannel
from eqia.web.settings import CONFIG_FILE, Settings, database_address, load_settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
THREADS = 8
_SECRET_BYTES = 32
_CONFIG = """# Settings of this instance, named as in the README. The environment goes before them.
EQIA_SECRET_KEY = "{secret}"
"""


def is_empty(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether nobody ever set this instance up: no settings file and no tables."""
    folder = instance_folder(environ)
    if (folder / CONFIG_FILE).exists():
        return False
    engine = make_engine(_address(folder, environ))
    try:
        return not inspect(engine).get_table_names()
    finally:
        engine.dispose()


def set_up(environ: Mapping[str, str] = os.environ) -> Path:
    """Make the folder, a settings file with a fresh secret, and the newest tables.

    What an older version worked out is worked out again, so that no page has to.
    """
    folder = instance_folder(environ)
    write_config(folder)
    settings = load_settings(folder, environ)
    engine = make_engine(database_address(settings.migration_url or settings.database_url, folder))
    try:
        migrate(engine)
        with make_session(engine) as session:
            standings.refresh_all(session, only_old=True)
    finally:
        engine.dispose()
    return folder


def write_config(folder: Path) -> None:
    """Write a settings file that only its owner can read; one that is there stays."""
    try:
        descriptor = os.open(folder / CONFIG_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(_CONFIG.format(secret=secrets.token_urlsafe(_SECRET_BYTES)))


def tables_are_current(app: Flask) -> bool:
    """Whether the database has the tables this version needs."""
    with app.app_context():
        return is_current(db.engine)


def seals_records(app: Flask) -> bool:
    """Whether records signed here get a seal."""
    return app.extensions["seals"].key is not None


def first_link(app: Flask, address: str) -> str | None:
    """Make the link for the first administrator; none once there is one."""
    with app.app_context():
        token = invitations.first_administrator_link(db.session, now=clock.now())
    return f"{address}/account/invitation/{token}" if token else None


def serve(app: Flask, host: str, port: int) -> None:
    """Serve until stopped; OSError where the address is taken or not ours."""
    settings: Settings = app.config["EQIA_SETTINGS"]
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:
        warm()
        server = create_server(
            app,
            sockets=[listening],
            threads=THREADS,
            ident=None,
            max_request_body_size=MOST_SHOWN,
            # Headers of a proxy count only where settings say there is one.
            clear_untrusted_proxy_headers=not settings.proxies,
        )
        server.channel_class = SpeakingChannel
        server.run()


def printing(app: Flask, address: str) -> Printing:
    """Say how records are made that nobody asks for from a browser, such as invented ones."""
    settings: Settings = app.config["EQIA_SETTINGS"]
    return Printing(
        address=f"{address}/records/",
        production=settings.production,
        seals=app.extensions["seals"],
        verify_address=f"{address}/verify",
    )


def _address(folder: Path, environ: Mapping[str, str]) -> str:
    given = {"EQIA_SECRET_KEY": "not needed to look for tables", **environ}
    return database_address(load_settings(folder, given).database_url, folder)
