"""Runs of the real engine as jobs of a real server: progress, cancel, resume, the same again."""

import io
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from doors.job_server import Server
from proving.drives import FILES

COMMAND = (sys.executable, "-c", "import treadle.cli; treadle.cli.main()")
ALL = 1900  # variants of sweep.xosc; they are computed in parts of 200


@pytest.fixture
def server(real_engine: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    folder = {"TREADLE_DATA": str(tmp_path / "data"), "TREADLE_STORE": str(tmp_path / "t.sqlite")}
    made = Server(tmp_path, COMMAND, {**real_engine, **folder}, patience_s=300.0)
    made.start()
    yield made
    made.end(15)


def simulate(server: Server, **options: Any) -> dict[str, Any]:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    wish = {"scenario": "drive.xosc"} | options
    answer = server.client.post(
        "/v1/proving/simulate",
        files={"bundle": ("drives.zip", buffer.getvalue())},
        data={"options": json.dumps(wish)},
    )
    assert answer.status_code == 202, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_job_is_cancelled_resumed_and_comes_to_what_an_unbroken_one_does(server: Server) -> None:
    wish = {"variation": "sweep.xosc", "keep_trajectories": "failing", "sample_every_s": 0.5}
    job = simulate(server, **wish)
    seen = server.until(job, 201)
    assert seen["n_items"] == ALL
    cancelled = server.client.delete(f"/v1/jobs/{job['id']}").json()
    cancelled = server.until(job, ALL, "cancelled", "finished")
    assert cancelled["state"] == "cancelled"
    assert 0 < cancelled["n_done"] < ALL
    assert server.client.post(f"/v1/jobs/{job['id']}/resume").status_code == 202
    ended = server.until(job, ALL + 1, "finished", "failed")
    assert ended["summary"]["outcomes"] == {"COMPLETED": ALL}
    unbroken = simulate(server, **wish, again=True)
    unbroken = server.until(unbroken, ALL + 1, "finished", "failed")
    assert unbroken["id"] != job["id"]
    assert unbroken["result"] == ended["result"]


def test_a_job_says_what_one_may_ask_of_it(server: Server) -> None:
    job = simulate(server, keep_trajectories="all")
    server.until(job, 2, "finished", "failed")
    result = server.client.get(f"/v1/jobs/{job['id']}/result").json()
    assert (result["outcome"], result["ended"]) == ("COMPLETED", "stop trigger after 5 s")
    table = server.client.get(f"/v1/jobs/{job['id']}/result", params={"format": "csv"})
    assert table.text.splitlines()[0] == "time_s,entity,x_m,y_m,z_m,heading_rad,speed_mps"
    assert len(table.text.splitlines()) == 1 + 2 * 501
