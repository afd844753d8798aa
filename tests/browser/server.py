"""The real service on a free loopback port, in a thread of the test."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from werkzeug.serving import WSGIRequestHandler, make_server

from eqia.persistence.schema import migrate
from eqia.web.extensions import db
from eqia.web.factory import create_app
from eqia.web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask


class Service(NamedTuple):
    """An app, for putting things into its database, and where it answers."""

    app: Flask
    url: str


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        pass


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve the app until the block ends; gives the address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    # Answering is let finish before the server goes, so that no connection is left open.
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def fresh_service(folder: Path, *, demonstration: bool = False) -> Iterator[Service]:
    """Make an instance in the folder, with an empty up-to-date database, and serve it."""
    settings = Settings.for_tests(database_url=f"sqlite:///{folder / 'eqia.sqlite3'}")
    app = create_app(settings, demonstration=demonstration, instance_path=folder)
    with app.app_context():
        migrate(db.engine)
    with serving(app) as url:
        yield Service(app, url)
