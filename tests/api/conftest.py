"""Servers that tests speak to."""

import pytest

from doors import toy
from doors.asgi import Client
from treadle import api
from treadle.app import App

KEY = "k-local-test"
HERE = "http://127.0.0.1:8170"


def client(app: App, security: api.Security | None = None) -> Client:
    """Return a client of an app's API that has the local key."""
    limits = api.Limits(command_bytes=2000, document_bytes=5000, stream_s=0.05, poll_s=0.01)
    http = api.build(app, security or api.Security(key=KEY), limits)
    headers = {"Authorization": f"Bearer {KEY}"}
    return Client(http, HERE, headers)


@pytest.fixture
def app() -> App:
    return toy.toy_app()


@pytest.fixture
def http(app: App) -> Client:
    return client(app)


@pytest.fixture
def stranger(http: Client) -> Client:
    """A client that shows no key."""
    del http.headers["Authorization"]
    return http
