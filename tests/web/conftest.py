"""A plant that is only read, a client without a network, a real server and a real browser."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from doors.asgi import Client
from treadle import web
from treadle.app import App
from web.plant import plant

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pages(app: App) -> FastAPI:
    """Return a server of the pages alone; the guard has tests of its own."""
    http = FastAPI(openapi_url=None)
    http.include_router(web.build(app))
    http.mount("/static", StaticFiles(directory=web.STATIC))
    return http


def client_of(app: App) -> Client:
    return Client(pages(app), "http://console", {})


@pytest.fixture(scope="session")
def app() -> App:
    """Return an app that tests only read."""
    return plant()


@pytest.fixture(scope="session")
def client(app: App) -> Client:
    return client_of(app)


class Served:
    """A real server on a free port of this machine."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(pages(app), log_level="error", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """Return a server of a plant that browser tests may write to."""
    with Served(plant()) as server:
        yield server


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return a browser for one module: Playwright's loop must not outlive it in this thread."""
    where = shutil.which("chromium") or shutil.which("chromium-browser")
    if where is None or not Path(where).exists():
        pytest.skip("no Chromium on this machine: pages cannot be tried in a real browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=_FLAGS)
        yield browser
        browser.close()


Opener = Any


@pytest.fixture
def open_page(chromium: Browser, served: Served) -> Iterator[Opener]:
    """Return what opens a page; at the end it holds that the browser had nothing to complain of."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def open_at(path: str, **context: Any) -> Page:
        contexts.append(chromium.new_context(base_url=served.url, **context))
        page = contexts[-1].new_page()
        page.set_default_timeout(8000)
        page.on("console", lambda m: complaints.append(m.text) if m.type != "log" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert complaints == []
