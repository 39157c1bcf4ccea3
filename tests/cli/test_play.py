"""The main job, as a user runs it: a process of its own, played twice, interrupted, refused."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from treadle.app import open_app
from treadle.facts.trace import DocumentCaptured
from treadle.kernel.verify import all_events, verify

ROOT = Path(__file__).parents[2]
HEDDLE = ROOT / "examples" / "heddle"


def words(folder: Path, *more: str, programme: Path = HEDDLE) -> list[str]:
    treadle = str(Path(sys.executable).parent / "treadle")
    store = str(folder / "t.sqlite")
    return [treadle, "--store", store, "play", str(programme), "--no-serve", *more]


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "TREADLE_DATA": str(folder / "data"), "COLUMNS": "120"}


def play(folder: Path, *more: str, programme: Path = HEDDLE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words(folder, *more, programme=programme),
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def told(folder: Path) -> tuple[set[str | None], int]:
    """What a store holds of the plant: the happenings' identities, and how many events in all."""
    app = open_app(str(folder / "t.sqlite"))
    try:
        assert verify(app.store).whole
        events = [e for e in all_events(app.store) if e.stored_as.startswith("trace.")]
        happenings = [e for e in events if not isinstance(e.fact, DocumentCaptured)]
        identities = {e.identity for e in happenings}
        assert len(identities) == len(happenings)
        return identities, len(events)
    finally:
        app.store.close()


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("played")
    run = play(folder, "--cars", "6")
    assert run.returncode == 0, run.stderr
    return folder, run.stdout


def test_it_ends_with_the_answers_that_a_user_would_ask_for(played: tuple[Path, str]) -> None:
    _, out = played
    for words_ in ("The story of Heddle One", "as they were built", "as maintained", "model year"):
        assert words_ in out
    assert "events a second" in out
    assert "Cathode coil" in out


def test_the_driving_software_goes_through_the_gate(played: tuple[Path, str]) -> None:
    _, out = played
    decided = [line.split("(")[0] for line in out.splitlines() if "Release gate" in line]
    assert decided == ["Release gate decided: REFUSED ", "Release gate decided: ADMITTED "]


def test_playing_twice_tells_nothing_twice(played: tuple[Path, str]) -> None:
    folder, _ = played
    before = told(folder)
    again = subprocess.run(
        [words(folder)[0], "--json", *words(folder, "--cars", "6")[1:]],
        env=environment(folder),
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(again.stdout)
    assert answer["throughput"]["already_in_the_thread"] == answer["throughput"]["events"]
    assert told(folder) == before


def test_the_recall_is_the_one_that_the_plant_knows(played: tuple[Path, str]) -> None:
    folder, _ = played
    run = [sys.executable, "-m", "treadle.twins.plant", "--programme", str(HEDDLE)]
    twin = subprocess.run(
        [*run, "--cars", "6", "--out", str(folder / "documents")],
        capture_output=True,
        text=True,
        check=True,
    )
    story = json.loads(twin.stdout.splitlines()[-1])["story"]
    asked = subprocess.run(
        [*words(folder)[:3], "trace", "recall", "--suspect", story["bad_lot"], "--json"],
        env=environment(folder),
        capture_output=True,
        text=True,
        check=True,
    )
    cars = json.loads(asked.stdout)["cars"]

    def which(how: str) -> set[str]:
        return {car["car"].removeprefix("urn:treadle:vin:") for car in cars if car[how]}

    assert which("as_built") == set(story["affected_as_built"])
    assert which("as_maintained") == set(story["affected_as_maintained"])


def test_an_interrupted_run_goes_on_and_ends_as_an_undisturbed_one(
    played: tuple[Path, str], tmp_path: Path
) -> None:
    whole, _ = played
    with subprocess.Popen(
        words(tmp_path, "--cars", "6"),
        env=environment(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and run.poll() is None:
            if (tmp_path / "t.sqlite").exists():
                break
            time.sleep(0.02)
        os.killpg(run.pid, signal.SIGINT)
        assert run.stderr is not None
        complaint = run.stderr.read()
        assert run.wait(timeout=60) in (0, 130), complaint
    again = play(tmp_path, "--cars", "6")
    assert again.returncode == 0, again.stderr
    assert told(tmp_path)[0] == told(whole)[0]


def test_another_run_of_the_same_cars_is_refused_in_the_same_store(
    played: tuple[Path, str],
) -> None:
    folder, _ = played
    before = told(folder)
    run = play(folder, "--cars", "7")
    assert run.returncode == 1
    assert "same VINs and other lives" in " ".join(run.stderr.split())
    assert told(folder) == before


def test_a_folder_that_is_no_programme_is_refused(tmp_path: Path) -> None:
    run = play(tmp_path, programme=tmp_path)
    assert run.returncode == 1
    assert "has no programme.toml" in " ".join(run.stderr.split())


def test_a_faulty_programme_is_refused_with_its_place(tmp_path: Path) -> None:
    programme = tmp_path / "mine"
    programme.mkdir()
    for file in HEDDLE.iterdir():
        if file.suffix in {".toml", ".csv"}:
            (programme / file.name).write_bytes(file.read_bytes())
    parts = (programme / "parts.csv").read_text().splitlines()
    (programme / "parts.csv").write_text("\n".join([*parts, parts[-1]]) + "\n")
    run = play(tmp_path, "--cars", "6", programme=programme)
    assert run.returncode == 1
    assert "parts.csv" in run.stderr
