"""Works and jobs over HTTP: files in, progress, cancel, resume, result."""

import io
import json
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.conftest import HERE, KEY
from doors import toy
from doors.asgi import Client
from treadle import api
from treadle.api.oauth import Client as Program
from treadle.api.oauth import OAuth, hashed
from treadle.app import App
from treadle.kernel.bundle import Bundle
from treadle.kernel.claims import Claims
from treadle.kernel.sql import SqlStore

BOXES = b"one\nthree\nseven\ntwelve\nx\nyy\nzzz\n"
_PATIENCE_S = 20.0


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    store = SqlStore.open(f"sqlite:///{tmp_path}/t.sqlite", (), str)
    yield replace(toy.toy_app(), store=store, claims=Claims(tmp_path / "claims"))
    store.close()


@pytest.fixture
def http(app: App) -> Iterator[Client]:
    limits = api.Limits(bundle_bytes=5000, stream_s=10.0, poll_s=0.01, jobs=1)
    made = api.build(app, api.Security(key=KEY), limits)
    yield Client(made, HERE, {"Authorization": f"Bearer {KEY}"})
    made.state.queue.close()


def send(http: Client, archive: bytes | None = None, **wish: Any) -> httpx.Response:
    files = {"bundle": ("boxes.zip", zipped(boxes=BOXES) if archive is None else archive)}
    options = {"boxes": "boxes"} | wish
    return http.post("/v1/toy/roll", files=files, data={"options": json.dumps(options)})


def over(http: Client, job: dict[str, Any]) -> dict[str, Any]:
    """Return a job when nothing more will come of it by itself."""
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        now: dict[str, Any] = http.get(f"/v1/jobs/{job['id']}").json()
        if now["state"] not in ("queued", "running"):
            return now
        time.sleep(0.01)
    pytest.fail(f"{now} did not end")


def test_a_work_asked_for_is_a_job_that_ends_with_a_result(http: Client) -> None:
    answer = send(http)
    assert answer.status_code == 202, answer.text
    job = answer.json()
    assert answer.headers["Location"] == f"/v1/jobs/{job['id']}"
    ended = over(http, job)
    assert ended["state"] == "finished"
    assert (ended["n_done"], ended["n_items"]) == (7, 7)
    assert ended["summary"] == {"n_boxes": 7, "sum_m": 25.0}
    result = http.get(f"/v1/jobs/{job['id']}/result")
    assert result.json() == {"n_boxes": 7, "sum_m": 25.0}
    table = http.get(f"/v1/jobs/{job['id']}/result", params={"format": "csv"})
    assert table.headers["content-type"].startswith("text/csv")
    assert table.text.splitlines()[0] == "0 3.0"
    assert http.get("/v1/jobs").json()["jobs"] == [ended]


def test_the_same_asked_again_is_answered_from_the_thread(http: Client) -> None:
    job = over(http, send(http).json())
    known = send(http)
    assert (known.status_code, known.json()) == (200, job)
    anew = send(http, again=True)
    assert anew.status_code == 202
    assert over(http, anew.json())["result"] == job["result"]


def test_files_on_the_thread_need_not_be_sent_again(http: Client) -> None:
    job = over(http, send(http).json())
    wish = {"source": job["about"], "push_m": 2.0}
    answer = http.post("/v1/toy/roll", json=wish)
    assert answer.status_code == 202, answer.text
    assert over(http, answer.json())["summary"]["sum_m"] == 50.0
    sizes = http.post("/v1/toy/lengths", json={"source": job["about"]})
    assert sizes.json() == [len(BOXES.replace(b"\n", b""))]


def test_a_file_that_is_alone_need_not_be_named(http: Client) -> None:
    job = http.post("/v1/toy/roll", files={"bundle": zipped(x=b"one")})
    assert over(http, job.json())["summary"]["sum_m"] == 3.0
    sizes = http.post("/v1/toy/lengths", files={"bundle": zipped(x=b"one", y=b"three")})
    assert sizes.json() == [3, 5]


def test_one_job_at_a_time_the_others_wait(http: Client) -> None:
    first = send(http, wait_s=0.3, again=True).json()
    second = send(http, seed=1, wait_s=0.0).json()
    assert http.get(f"/v1/jobs/{second['id']}").json()["state"] == "queued"
    assert over(http, second)["state"] == "finished"
    assert http.get(f"/v1/jobs/{first['id']}").json()["state"] == "finished"


def test_a_job_is_cancelled_and_resumed_after_its_last_part(http: Client) -> None:
    job = send(http, wait_s=0.1).json()
    while http.get(f"/v1/jobs/{job['id']}").json()["n_done"] < 4:
        time.sleep(0.01)
    cancelled = http.ask("DELETE", f"/v1/jobs/{job['id']}")
    assert cancelled.json()["state"] == "cancelled"
    assert http.ask("DELETE", f"/v1/jobs/{job['id']}").status_code == 409
    assert http.get(f"/v1/jobs/{job['id']}/result").status_code == 409
    time.sleep(0.3)
    assert http.get(f"/v1/jobs/{job['id']}").json()["n_done"] == 3
    resumed = http.post(f"/v1/jobs/{job['id']}/resume")
    assert resumed.status_code == 202, resumed.text
    ended = over(http, job)
    assert ended["state"] == "finished"
    whole = over(http, send(http, again=True).json())
    assert ended["result"] == whole["result"]
    assert http.post(f"/v1/jobs/{job['id']}/resume").status_code == 409


def test_a_job_that_is_resumed_while_it_still_stops_goes_on_when_it_has(http: Client) -> None:
    job = send(http, wait_s=0.3).json()
    while http.get(f"/v1/jobs/{job['id']}").json()["n_done"] < 1:
        time.sleep(0.01)
    assert http.ask("DELETE", f"/v1/jobs/{job['id']}").json()["state"] == "cancelled"
    resumed = http.post(f"/v1/jobs/{job['id']}/resume")
    assert resumed.json()["state"] == "running"
    assert over(http, job)["state"] == "finished"


def test_a_waiting_job_can_be_cancelled(http: Client) -> None:
    send(http, wait_s=0.3)
    job = send(http, seed=9).json()
    assert http.ask("DELETE", f"/v1/jobs/{job['id']}").json()["state"] == "cancelled"


def test_what_fails_says_why(http: Client) -> None:
    toy.broken["at"] = 5
    try:
        job = over(http, send(http).json())
    finally:
        toy.broken["at"] = -1
    assert (job["state"], job["n_done"]) == ("failed", 3)
    assert job["error"] == "box 5 does not roll; oil it"
    http.post(f"/v1/jobs/{job['id']}/resume")
    assert over(http, job)["state"] == "finished"


def test_a_closed_server_leaves_jobs_interrupted_for_the_next_one(http: Client, app: App) -> None:
    job = send(http, wait_s=0.2).json()
    while http.get(f"/v1/jobs/{job['id']}").json()["n_done"] < 4:
        time.sleep(0.01)
    old: Any = http._client._transport
    old.app.state.queue.close()
    made = api.build(app, api.Security(key=KEY))
    another = Client(made, HERE, {"Authorization": f"Bearer {KEY}"})
    assert another.get(f"/v1/jobs/{job['id']}").json()["state"] == "interrupted"
    assert another.post(f"/v1/jobs/{job['id']}/resume").status_code == 202
    assert over(another, job)["state"] == "finished"
    made.state.queue.close()


def test_progress_is_streamed_until_the_job_is_over(http: Client) -> None:
    job = send(http, wait_s=0.05).json()
    stream = http.get(f"/v1/jobs/{job['id']}/stream")
    assert stream.headers["content-type"].startswith("text/event-stream")
    told = [json.loads(x[6:]) for x in stream.text.splitlines() if x.startswith("data: ")]
    done = [now["n_done"] for now in told]
    assert done == sorted(done)
    assert len(set(done)) > 2
    assert told[-1]["state"] == "finished"


@pytest.mark.parametrize(
    ("files", "data", "problem"),
    [
        ({"bundle": b"no zip"}, "{}", (422, "no zip archive")),
        ({"bundle": zipped(**{"../a": b"x"})}, "{}", (422, "leads out")),
        ({"bundle": zipped(boxes=BOXES)}, "{", (400, "JSON")),
        ({"bundle": zipped(a=BOXES, b=BOXES)}, "{}", (422, "say in `boxes`")),
        ({"bundle": zipped(boxes=BOXES)}, '{"boxes": "other"}', (422, "cannot be read")),
        ({"bundle": zipped(boxes=BOXES)}, '{"boxes": "boxes", "odd": 1}', (422, "odd")),
        ({"bundle": zipped(boxes=BOXES)}, '{"source": "urn:x", "boxes": "b"}', (422, "either")),
        ({"bundle": zipped(boxes=BOXES), "more": b""}, "{}", (400, "files")),
        ({"more": zipped(boxes=BOXES)}, "{}", (422, "no field 'more'")),
        ({"bundle": bytes(2_000_000)}, "{}", (413, "larger")),
    ],
)
def test_what_cannot_be_computed_is_refused_before_anything_is_written(
    http: Client, app: App, files: dict[str, bytes], data: str, problem: tuple[int, str]
) -> None:
    answer = http.post("/v1/toy/roll", files=files, data={"options": data})
    status, why = problem
    assert answer.status_code == status, answer.text
    assert why in answer.json()["detail"]
    assert app.store.head().position == 0


@pytest.mark.parametrize(
    ("headers", "content"),
    [
        ({"Content-Type": "multipart/form-data"}, b"x"),
        ({"Content-Type": "multipart/form-data; boundary=a"}, b"--b\r\n\r\n"),
        ({"Content-Type": "multipart/form-data; boundary=a; charset=odd"}, b"--a\r\n\r\nx"),
        ({"Content-Type": "text/plain"}, b"x"),
        ({"Content-Type": "application/json"}, b'{"source": "urn:nobody"}'),
        ({"Content-Type": "application/json"}, b"{}"),
    ],
)
def test_a_broken_form_is_a_problem_and_no_fault(
    http: Client, headers: dict[str, str], content: bytes
) -> None:
    answer = http.post("/v1/toy/roll", content=content, headers=headers)
    assert answer.status_code in (400, 404, 415, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_job_has_the_scopes_of_its_domain(app: App) -> None:
    scopes = {
        "toy:read": {"toy:read"},
        "trace:read": {"trace:read"},
        "toy": {"toy:read", "toy:write"},
    }
    clients = {
        name: Program(name=name, secret=hashed("s"), scopes=frozenset(granted))
        for name, granted in scopes.items()
    }
    security = api.Security(key=KEY, oauth=OAuth(clients=clients), loopback_only=False)
    made = api.build(app, security)
    life, _ = app.works.ask(toy.DOMAIN, toy.ROLL, Bundle(files={"b": b"x"}), boxes="b")
    job = f"/v1/jobs/{life.id}"

    def asked(name: str, method: str, path: str) -> httpx.Response:
        http = Client(made, HERE, {})
        form = {"grant_type": "client_credentials", "client_id": name, "client_secret": "s"}
        token = http.post("/oauth/token", data=form).json()["access_token"]
        return http.ask(method, path, headers={"Authorization": f"Bearer {token}"})

    assert asked("toy:read", "GET", job).status_code == 200
    assert asked("toy:read", "DELETE", job).status_code == 403
    assert asked("toy:read", "POST", f"{job}/resume").status_code == 403
    assert asked("trace:read", "GET", job).status_code == 403
    assert asked("trace:read", "GET", "/v1/jobs").json()["jobs"] == []
    assert len(asked("toy:read", "GET", "/v1/jobs").json()["jobs"]) == 1
    assert asked("toy", "DELETE", job).json()["state"] == "cancelled"


def test_there_is_no_such_job(http: Client) -> None:
    assert http.get(f"/v1/jobs/{'0' * 32}").status_code == 404
    assert http.get("/v1/jobs/odd").status_code == 422
