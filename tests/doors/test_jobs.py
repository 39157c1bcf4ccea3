"""Runs as jobs of a real server, on a fake engine: killed and started again, they go on."""

import io
import json
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from doors.job_server import Server
from proving.fake_treadle import FILES, surroundings, written


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    written(tmp_path / "scenarios")
    command = (sys.executable, "-m", "proving.fake_treadle")
    made = Server(tmp_path, command, surroundings(tmp_path))
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
