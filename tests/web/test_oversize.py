"""What is too large even to be handed on is refused in words."""

from __future__ import annotations

import threading
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest
from waitress import create_server

from eqia.web.oversize import SpeakingChannel

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def port() -> Iterator[int]:
    """A server that takes no more than a thousand bytes."""

    def app(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"taken"]

    server = create_server(app, host="127.0.0.1", port=0, max_request_body_size=1000)
    server.channel_class = SpeakingChannel
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.close()
    thread.join(5)


def answer(port: int, size: int, **headers: str) -> tuple[int, str, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", "/verify", body=b"x" * size, headers=headers)
    response = connection.getresponse()
    told = response.status, response.headers["Content-Type"], response.read().decode()
    connection.close()
    return told


def test_what_is_too_large_is_refused_in_words(port: int) -> None:
    status, kind, page = answer(port, 1001)
    assert (status, kind) == (413, "text/html; charset=utf-8")
    assert "<h1>That is too much to send at once</h1>" in page
    assert "less than 5 MB" in page


def test_what_fits_is_taken(port: int) -> None:
    assert answer(port, 900)[::2] == (200, "taken")


def test_other_faults_keep_the_servers_own_words(port: int) -> None:
    status, kind, _ = answer(port, 0, **{"Transfer-Encoding": "nonsense"})
    assert status in {400, 501}
    assert kind.startswith("text/plain")
