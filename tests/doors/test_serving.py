"""A real server in a process of its own, and a client that talks to it."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from api.epcis_documents import document, observed

_PATIENCE_S = 30.0
TREADLE = (sys.executable, "-c", "import treadle.cli; treadle.cli.main()")


@dataclass(frozen=True)
class Server:
    """A `treadle serve` that runs."""

    address: str
    printed: str
    data: Path
    environment: dict[str, str]

    def client(self) -> httpx.Client:
        """Return a client that has the key which the server made."""
        key = (self.data / "keys" / "local.key").read_text()
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.Client(base_url=self.address, headers=headers, trust_env=False)


def _port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            with httpx.Client(trust_env=False) as client:
                client.get(f"{address}/healthz")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server did not come up")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("data")
    environment = {
        **os.environ,
        "TREADLE_DATA": str(data),
        "TREADLE_STORE": str(data / "t.sqlite"),
        "COLUMNS": "200",
    }
    environment.pop("TREADLE_OAUTH", None)
    port = _port()
    log = (data / "log").open("w+")
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import treadle.cli; treadle.cli.main()",
            "serve",
            "--port",
            str(port),
        ],
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield Server(address, (data / "log").read_text(), data, environment)
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)
        log.close()


def test_a_document_is_captured_over_http_and_asked_for_on_the_command_line(
    server: Server,
) -> None:
    with server.client() as http:
        taken = http.post("/standards/epcis/capture", json=json.loads(document(observed(1))))
        assert taken.status_code == 202, taken.text
        assert http.get("/v1/store/head").json()["position"] == 2
    run = subprocess.run(
        [*TREADLE, "trace", "story", observed(1)["epcList"][0], "--json"],
        env=server.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert len(json.loads(run.stdout)) == 1


def test_new_events_reach_a_listener(server: Server) -> None:
    with server.client() as http, http.stream("GET", "/v1/events/stream?after=0") as stream:
        for line in stream.iter_lines():
            if line.startswith("id: "):
                assert line == "id: 1"
                break


def test_the_printed_address_opens_the_console(server: Server) -> None:
    page = re.search(r"Open (\S+)", server.printed)
    assert page is not None
    with httpx.Client(trust_env=False, follow_redirects=True) as browser:
        assert browser.get(server.address).status_code == 401
        opened = browser.get(page[1])
        assert opened.status_code == 200
        assert opened.headers["content-type"].startswith("text/html")
        assert "key=" not in str(opened.url)


def test_no_key_is_in_the_log_of_requests(server: Server) -> None:
    key = (server.data / "keys" / "local.key").read_text()
    with httpx.Client(trust_env=False) as browser:
        browser.get(server.address, params={"key": key})
    told = (server.data / "log").read_text()
    assert told.count(key) == server.printed.count(key) == 1


def test_a_port_that_is_taken_is_told_in_words_and_exit_code_1(server: Server) -> None:
    port = server.address.rpartition(":")[2]
    run = subprocess.run(
        [*TREADLE, "serve", "--port", port],
        env=server.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE_S,
    )
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert "already in use; try another --port" in run.stderr
