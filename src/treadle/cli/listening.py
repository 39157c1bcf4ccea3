"""A server of our own while something runs: the API and the console on loopback, in a thread."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from treadle.app import App
from treadle.kernel import RefusedError

_PATIENCE_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """A server that is up.

    Attributes
    ----------
    address
        Where the API is: `http://127.0.0.1:PORT`.
    page
        The console's address, with the key that opens it.
    key
        The local key, for programs.
    """

    address: str
    page: str
    key: str
    thread: threading.Thread

    def wait(self) -> None:
        """Wait until the server ends."""
        while self.thread.is_alive():
            self.thread.join(timeout=0.5)


def _free(port: int) -> socket.socket:
    """Return a loopback socket: of this port, or of any where it is taken or 0."""
    for wanted in (port, 0):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", wanted))
        except OSError:
            listener.close()
        else:
            return listener
    text = "no port is free on this machine"
    raise RefusedError(text)


@contextmanager
def listening(app: App, port: int) -> Iterator[Listening]:
    """Yield a server of the API and the console on loopback; it ends with the block."""
    import uvicorn  # noqa: PLC0415 - the server takes 0.3 s to import, with FastAPI

    from treadle.api import build  # noqa: PLC0415 - FastAPI
    from treadle.api.security import Security  # noqa: PLC0415 - FastAPI
    from treadle.cli.console import mount  # noqa: PLC0415 - the console's templates

    security = Security.local()
    http = build(app, security)
    mount(http, app)
    config = uvicorn.Config(
        http,
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    listener = _free(port)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="listening", daemon=True
    )
    thread.start()
    deadline = time.monotonic() + _PATIENCE_S
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            text = "the server did not come up; `treadle serve` says why"
            raise RefusedError(text)
        time.sleep(0.01)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    key = security.key
    try:
        yield Listening(address=address, page=f"{address}/?key={key}", key=key, thread=thread)
    finally:
        server.should_exit = True  # it closes its socket itself
        try:
            thread.join(timeout=_PATIENCE_S)
        except KeyboardInterrupt:  # a second Ctrl-C: open answers are not waited for
            server.force_exit = True
            thread.join(timeout=_PATIENCE_S)
