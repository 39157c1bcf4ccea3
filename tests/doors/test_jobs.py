"""Runs as jobs of a real server, on a fake engine: killed and started again, they go on."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from proving.fake_treadle import FILES, surroundings, written

_PATIENCE_S = 60.0


@dataclass
class Server:
    """A server that can be killed and started again on the same store."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    client: httpx.Client = field(init=False)

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "proving.fake_treadle", "serve", "--port", str(self.port)],
                cwd=written(self.folder / "scenarios"),
                env=surroundings(self.folder),
                stdout=log,
                stderr=log,
            )
        address = f"http://127.0.0.1:{self.port}"
        deadline = time.monotonic() + _PATIENCE_S
        with httpx.Client(trust_env=False) as asking:
            while True:
                assert self.process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < deadline
                try:
                    asking.get(f"{address}/healthz")
                except httpx.TransportError:
                    time.sleep(0.05)
                else:
                    break
        key = (self.folder / "data" / "keys" / "local.key").read_text()
        headers = {"Authorization": f"Bearer {key}"}
        self.client = httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=30)

    def end(self, number: int) -> None:
        """End it by a signal."""
        assert self.process is not None
        self.client.close()
        os.kill(self.process.pid, number)
        self.process.wait(_PATIENCE_S)

    def job(self, job: dict[str, Any]) -> dict[str, Any]:
        """Return how far a job is."""
        told: dict[str, Any] = self.client.get(f"/v1/jobs/{job['id']}").json()
        return told

    def until(self, job: dict[str, Any], n_done: int, *states: str) -> dict[str, Any]:
        """Return a job when it is so far, or in one of these states."""
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            now = self.job(job)
            if now["state"] in states or now["n_done"] >= n_done:
                return now
            time.sleep(0.02)
        pytest.fail(f"{now} goes nowhere")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    made = Server(tmp_path, port)
    made.start()
    yield made
    made.end(signal.SIGTERM)


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in FILES.items():
            made.writestr(f"project/{name}", content)
    return buffer.getvalue()


def simulate(server: Server, **options: Any) -> dict[str, Any]:
    files = {"bundle": ("project.zip", archive())}
    data = {"options": json.dumps({"scenario": "project/slow.xosc"} | options)}
    answer = server.client.post("/v1/proving/simulate", files=files, data=data)
    assert answer.status_code == 202, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_server_that_was_killed_shows_its_jobs_and_resumes_them(server: Server) -> None:
    job = simulate(server, keep_trajectories="all")
    now = server.until(job, 21)
    assert now["state"] == "running"
    assert server.client.get("/healthz").status_code == 200
    server.end(signal.SIGKILL)
    server.start()
    interrupted = server.job(job)
    assert (interrupted["state"], interrupted["n_done"]) == ("interrupted", 20)
    resumed = server.client.post(f"/v1/jobs/{job['id']}/resume")
    assert resumed.status_code == 202
    ended = server.until(job, 100, "finished", "failed")
    assert ended["summary"]["outcomes"] == {"COMPLETED": 45}
    again = server.until(simulate(server, keep_trajectories="all", again=True), 100, "finished")
    assert again["id"] != job["id"]
    assert again["result"] == ended["result"]
    table = server.client.get(f"/v1/jobs/{job['id']}/result", params={"format": "csv"})
    assert table.text.startswith("variant,time_s,entity,x_m,y_m,z_m,heading_rad,speed_mps\n")
    parquet = server.client.get(f"/v1/jobs/{job['id']}/result", params={"format": "parquet"})
    assert parquet.content[:4] == b"PAR1"
    result = server.client.get(f"/v1/jobs/{job['id']}/result").json()
    assert result["outcome"] == "COMPLETED"


def test_the_command_line_and_the_server_see_the_same_runs(server: Server) -> None:
    job = simulate(server, scenario="project/one.xosc")
    server.until(job, 100, "finished")
    run = subprocess.run(
        [sys.executable, "-m", "proving.fake_treadle", "proving", "simulate", "one.xosc", "--json"],
        cwd=server.folder / "scenarios",
        env=surroundings(server.folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["run"] == job["run"], "sent or read from disk, it is one run"
    listed = server.client.get("/v1/proving/runs").json()
    assert [row["run"] for row in listed] == [job["run"]]
    checked = server.client.post("/v1/proving/check", json={"source": job["about"]}).json()
    assert checked["n_executed"] == 1


def test_a_server_that_is_told_to_end_leaves_its_jobs_to_be_resumed(server: Server) -> None:
    job = simulate(server, keep_trajectories="all")
    server.until(job, 21)
    server.end(signal.SIGTERM)
    server.start()
    assert server.job(job)["state"] == "interrupted"
    cancelled = server.client.delete(f"/v1/jobs/{job['id']}")
    assert cancelled.json()["state"] == "cancelled"
