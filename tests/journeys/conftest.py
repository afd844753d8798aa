"""The web app's fixtures, for whole journeys."""

from tests.web.conftest import app, client, clock, made, session

__all__ = ["app", "client", "clock", "made", "session"]
