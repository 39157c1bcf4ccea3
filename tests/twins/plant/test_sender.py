"""The twin sends over real HTTP: retries, refusals, interruption, and files instead."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from treadle.twins.plant.__main__ import main
from treadle.twins.plant.play import Document
from treadle.twins.plant.sender import WAITS_S, Capture, RefusedError

Answer = tuple[int, dict[str, str], bytes]


class Api(ThreadingHTTPServer):
    """A capture interface that keeps what it was sent and answers as a test wishes."""

    def __init__(self, answer: Callable[[int, bytes], Answer]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        self.bodies: list[bytes] = []
        self.heads: list[dict[str, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        api = self.server
        assert isinstance(api, Api)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        api.bodies.append(body)
        api.heads.append({"path": self.path, **{k.lower(): v for k, v in self.headers.items()}})
        status, heads, content = api.answer(len(api.bodies), body)
        if not status:  # hang up without an answer
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in heads.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_request(self, *args: Any) -> None:
        del args


def taken(n: int, body: bytes) -> Answer:
    """Take every event."""
    n_in = len(json.loads(body)["epcisBody"]["eventList"])
    report = {"n_in": n_in, "n_ok": n_in, "n_duplicate": 0, "n_rejected": 0, "rejections": []}
    return 202, {"Location": f"/standards/epcis/capture/{n}"}, json.dumps(report).encode()


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[int, bytes], Answer]], Api]]:
    running: list[Api] = []

    def start(answer: Callable[[int, bytes], Answer]) -> Api:
        api = Api(answer)
        threading.Thread(target=api.serve_forever, args=(0.01,), daemon=True).start()
        running.append(api)
        return api

    yield start
    for api in running:
        api.shutdown()
        api.server_close()


Serve = Callable[[Callable[[int, bytes], Answer]], Api]


def command(heddle: Path, api: Api, *more: str) -> list[str]:
    common = ["--programme", str(heddle), "--cars", "6", "--batch", "300"]
    return [*common, "--api", api.address, "--key", "the-key", *more]


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def one_document() -> Document:
    content = json.dumps({"epcisBody": {"eventList": [{}, {}, {}]}}).encode()
    return Document(number=4, content=content, n_events=3, cars_done=0)


def test_a_run_is_captured_and_accounted_for(
    serve: Serve, heddle: Path, contents: list[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    del contents
    api = serve(taken)
    assert main(command(heddle, api)) == 0
    said = lines(capsys.readouterr().out)
    assert [s["event"] for s in said] == ["started", *["captured"] * len(api.bodies), "finished"]
    assert said[0]["n_documents"] == len(api.bodies)
    assert said[0]["n_events"] == sum(s["n_ok"] for s in said[1:-1]) == said[-1]["n_ok"]
    assert said[-2]["cars_done"] == said[0]["n_cars"] == 6
    assert said[-1]["story"]["bad_lot"].startswith("urn:epc:class:lgtin:")
    for head in api.heads:
        assert head["path"] == "/standards/epcis/capture"
        assert head["authorization"] == "Bearer the-key"
        assert head["content-type"] == "application/json"


def test_files_are_what_would_be_sent(
    serve: Serve, heddle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    api = serve(taken)
    assert main(command(heddle, api)) == 0
    base = ["--programme", str(heddle), "--cars", "6", "--batch", "300"]
    assert main([*base, "--out", str(tmp_path / "out")]) == 0
    files = sorted((tmp_path / "out").iterdir())
    assert [f.read_bytes() for f in files] == api.bodies
    assert lines(capsys.readouterr().out)[-2]["event"] == "written"


def test_a_run_goes_on_at_a_document(serve: Serve, heddle: Path) -> None:
    whole, rest = serve(taken), serve(taken)
    assert main(command(heddle, whole)) == 0
    assert main(command(heddle, rest, "--from-batch", "3")) == 0
    assert rest.bodies == whole.bodies[2:]
    assert main(command(heddle, rest, "--from-batch", "99")) == 1


def test_a_connection_that_breaks_is_tried_again(serve: Serve) -> None:
    def answer(n: int, body: bytes) -> Answer:
        return (0, {}, b"") if n <= 2 else taken(n, body)

    api, waits = serve(answer), list[float]()
    with httpx.Client(trust_env=False) as client:
        report = Capture(client, api.address, "k", pause=waits.append).send(one_document())
    assert report.n_ok == 3
    assert len(api.bodies) == 3
    assert waits == list(WAITS_S[:2])


def test_an_api_that_is_not_there_is_given_up_after_some_attempts() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        waits: list[float] = []
        with (
            httpx.Client(trust_env=False) as client,
            pytest.raises(RefusedError, match=r"document 4: no connection .* after 6 attempts"),
        ):
            Capture(client, address, "k", pause=waits.append).send(one_document())
    assert waits == list(WAITS_S)


def report_of(**counts: int) -> bytes:
    return json.dumps(counts).encode()


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (
            (401, {}, b'{"title": "no such key"}'),
            'answered 401: {"title": "no such key"}; check --key',
        ),
        ((422, {}, b"no EPCIS document"), "answered 422: no EPCIS document; mend the cause"),
        ((500, {}, b""), "answered 500: no text"),
        ((200, {"Location": "/x"}, b"{}"), "answered 200"),
        ((307, {"Location": "/elsewhere"}, b""), "answered 307"),
        ((202, {}, b"{}"), "without a Location header"),
        ((202, {"Location": "/x"}, b"<html>"), "not with a capture report"),
        ((202, {"Location": "/x"}, b"[1]"), "not with a capture report"),
        (
            (202, {"Location": "/x"}, report_of(n_in=3, n_ok=2, n_duplicate=0, n_rejected=0)),
            "3 events were sent, the report counts n_in=3 n_ok=2",
        ),
        (
            (202, {"Location": "/x"}, report_of(n_in=2, n_ok=2, n_duplicate=0, n_rejected=0)),
            "3 events were sent, the report counts n_in=2",
        ),
    ],
)
def test_any_other_answer_is_an_error_and_is_not_tried_again(
    serve: Serve, answer: Answer, says: str
) -> None:
    api = serve(lambda _n, _body: answer)
    with httpx.Client(trust_env=False) as client, pytest.raises(RefusedError) as refusal:
        Capture(client, api.address, "the-key").send(one_document())
    assert says in str(refusal.value)
    assert "the-key" not in str(refusal.value)
    assert len(api.bodies) == 1


@pytest.mark.parametrize(
    ("counts", "key"),
    [
        ({"n_in": 3, "n_ok": 1, "n_duplicate": 1, "n_rejected": 1}, "rejections"),
        ({"n_in": 3, "n_ok": 2, "n_duplicate": 1, "n_rejected": 1}, "rejected"),
    ],
)
def test_duplicates_may_be_counted_as_ok_or_beside_it(
    serve: Serve, counts: dict[str, int], key: str
) -> None:
    why = [{"place": "eventList[0]", "reason": "no action"}]
    body = json.dumps(counts | {key: why}).encode()
    api = serve(lambda _n, _body: (202, {"Location": "/x"}, body))
    with httpx.Client(trust_env=False) as client:
        report = Capture(client, api.address, "k").send(one_document())
    assert (report.n_duplicate, report.n_rejected, report.rejections) == (1, 1, why)


def test_the_twin_uses_nothing_else_of_treadle() -> None:
    look = (
        "import sys, treadle.twins.plant.__main__\n"
        "own = ('treadle', 'treadle.twins', 'treadle.twins.plant')\n"
        "print([m for m in sys.modules if m.partition('.')[0] == 'treadle' and m not in own"
        " and not m.startswith('treadle.twins.plant.')])"
    )
    source = str(Path(__file__).resolve().parents[3] / "src")
    done = subprocess.run(
        [sys.executable, "-c", look],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": source},
    )
    assert done.stdout.strip() == "[]"


def test_a_refusal_ends_the_run_with_exit_code_1(
    serve: Serve, heddle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(n: int, body: bytes) -> Answer:
        return taken(n, body) if n == 1 else (403, {}, b"scope trace:write is missing")

    api = serve(answer)
    assert main(command(heddle, api)) == 1
    streams = capsys.readouterr()
    assert "scope trace:write is missing" in streams.err
    assert [s["event"] for s in lines(streams.out)] == ["started", "captured", "failed"]
    assert len(api.bodies) == 2


def test_rejected_events_are_told_and_the_run_counts_as_refused(
    serve: Serve, heddle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(n: int, body: bytes) -> Answer:
        status, heads, content = taken(n, body)
        report = json.loads(content)
        if n == 2:
            why = {"place": "eventList[7]", "reason": "bizStep weaving is unknown"}
            report |= {"n_ok": report["n_ok"] - 1, "n_rejected": 1, "rejections": [why]}
        return status, heads, json.dumps(report).encode()

    assert main(command(heddle, serve(answer))) == 1
    streams = capsys.readouterr()
    assert "document 2: rejected eventList[7]: bizStep weaving is unknown" in streams.err
    assert lines(streams.out)[-1]["n_rejected"] == 1


@pytest.mark.parametrize(
    "wish",
    [
        [],
        ["--api", "http://127.0.0.1:1"],
        ["--out", "x", "--api", "http://127.0.0.1:1", "--key", "k"],
        ["--out", "x", "--cars", "0"],
    ],
)
def test_wrong_use_is_exit_code_2(
    heddle: Path, wish: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TREADLE_KEY", raising=False)
    with pytest.raises(SystemExit) as stopped:
        main(["--programme", str(heddle), *wish])
    assert stopped.value.code == 2


def test_a_programme_that_is_not_there_is_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--programme", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "has no programme.toml" in capsys.readouterr().err


def test_a_signal_stops_after_the_current_document_and_says_where_to_go_on(
    serve: Serve, heddle: Path
) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def answer(n: int, body: bytes) -> Answer:
        if n == 2:
            arrived.set()
            go_on.wait(30)
        return taken(n, body)

    api = serve(answer)
    run = [sys.executable, "-m", "treadle.twins.plant", *command(heddle, api)]
    source = str(Path(__file__).resolve().parents[3] / "src")
    twin = subprocess.Popen(
        run, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": source}
    )
    assert arrived.wait(60)
    twin.send_signal(signal.SIGTERM)
    time.sleep(0.2)  # the signal reaches the process before the answer does
    go_on.set()
    out, _ = twin.communicate(timeout=60)
    assert twin.returncode == 130
    last = lines(out)[-1]
    assert (last["event"], last["from_batch"], len(api.bodies)) == ("interrupted", 3, 2)
