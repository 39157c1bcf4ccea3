"""`treadle proving ...` on the real engine, in processes of their own."""

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from docs.pages import DOCS, blocks
from proving import drives
from treadle.proving.formats.trajectories import read_csv

COLUMNS = "time_s,entity,x_m,y_m,z_m,heading_rad,speed_mps"
TREADLE = (sys.executable, "-c", "import treadle.cli; treadle.cli.main()")
STEP_S = 0.01
CUT_IN = "alks/logical_scenarios/concrete_scenarios"


@dataclass(frozen=True)
class Ran:
    """What a process gave."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        """What was printed for programs."""
        answer: dict[str, Any] = json.loads(self.out)
        return answer


Treadle = Callable[..., Ran]


@pytest.fixture
def treadle(real_engine: dict[str, str], tmp_path: Path) -> Treadle:
    """Run treadle in a folder with our own drives, on a store of its own."""
    folder = drives.written(tmp_path / "drives")
    data = {"TREADLE_DATA": str(tmp_path / "data"), "TREADLE_STORE": str(tmp_path / "t.sqlite")}

    def run(*words: object) -> Ran:
        asked = [*TREADLE, *map(str, words)]
        ran = subprocess.run(
            asked, cwd=folder, env={**real_engine, **data}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    run.folder = folder  # type: ignore[attr-defined] # the fixture puts it there
    return run


def folder_of(treadle: Treadle) -> Path:
    folder: Path = treadle.folder  # type: ignore[attr-defined] # the fixture puts it there
    return folder


def simulate(treadle: Treadle, *words: object, code: int = 0) -> dict[str, Any]:
    ran = treadle("proving", "simulate", *words, "--json")
    assert ran.code == code, ran.err + ran.out
    return ran.told


def test_a_drive_is_what_one_works_out_by_hand(treadle: Treadle) -> None:
    told = simulate(treadle, "drive.xosc", "--trajectories", "out.csv")
    assert (told["outcome"], told["ended"]) == ("COMPLETED", "stop trigger after 5 s")
    lines = (folder_of(treadle) / "out.csv").read_text().splitlines()
    assert lines[0] == COLUMNS
    rows = list(csv.DictReader(lines))
    ego = {row["time_s"]: float(row["x_m"]) for row in rows if row["entity"] == "Ego"}
    assert list(ego)[:3] == ["0", "0.01", "0.02"]
    assert ego["5"] == pytest.approx(10.0 + 20.0 * 5.0, abs=1e-9)
    lead = [row for row in rows if row["entity"] == "Lead"][-1]
    # 20 m/s for a second, 20 to 10 within two, 10 for two more; a step may lag half its change
    assert float(lead["x_m"]) == pytest.approx(60.0 + 20.0 + 30.0 + 20.0, abs=0.1)
    assert float(lead["speed_mps"]) == pytest.approx(10.0, abs=1e-9)
    assert {float(row["y_m"]) for row in rows} == {-1.75}


def test_a_collision_is_what_one_works_out_by_hand(treadle: Treadle) -> None:
    told = simulate(treadle, "drive.xosc", "--set", "Speed=35")
    (hit,) = told["collisions"]
    # 46 m between the bumpers close by 15 m/s for a second, then ever faster by 5 m/s2
    seconds = (-15.0 + np.sqrt(15.0**2 + 2 * 5.0 * 31.0)) / 5.0
    assert hit["time_s"] == pytest.approx(1.0 + seconds, abs=STEP_S)
    assert hit["impact_speed_mps"] == pytest.approx(15.0 + 5.0 * seconds, abs=5.0 * STEP_S)
    assert hit["delta_v_mps"] == pytest.approx(hit["impact_speed_mps"] / 2)


def test_every_structure_of_a_variation_can_be_repeated_when_its_files_are_gone(
    treadle: Treadle,
) -> None:
    words = ("drive.xosc", "--variation", "many.xosc", "--trajectories", "out.parquet")
    told = simulate(treadle, *words)
    assert (told["n_variants"], told["n_completed"], told["n_outside"]) == (12, 8, 4)
    deltas = {
        hit["variant"]: hit["delta_v_mps"] / hit["impact_speed_mps"] for hit in told["collisions"]
    }
    assert deltas == pytest.approx({1: 0.5, 4: 0.25, 7: 0.5, 10: 0.25}), "3 t hit 1 t, or as heavy"
    shutil.rmtree(folder_of(treadle))
    folder_of(treadle).mkdir()
    again = treadle("proving", "repeat", told["run"], "--json")
    assert again.code == 0, again.err
    assert again.told["identical"] is True
    assert again.told["result"] == told["result"]


def test_a_single_variant_keeps_only_the_files_that_it_needs_and_is_repeated(
    treadle: Treadle,
) -> None:
    told = simulate(treadle, "drive.xosc", "--variation", "many.xosc", "--variant", 10)
    (hit,) = told["collisions"]
    assert hit["variant"] == 10
    assert hit["y_m"] > 0.0, "on the bent road"
    shutil.rmtree(folder_of(treadle))
    folder_of(treadle).mkdir()
    assert treadle("proving", "repeat", told["run"], "--json").told["identical"] is True


def test_a_run_of_files_that_are_named_from_the_root_is_repeated_byte_for_byte(
    treadle: Treadle,
) -> None:
    here = folder_of(treadle)
    words = ("--variation", here / "many.xosc", "--include-outside")
    told = simulate(treadle, here / "drive.xosc", *words)
    again = treadle("proving", "repeat", told["run"], "--json").told
    assert (again["identical"], again["result"]) == (True, told["result"])


def test_what_is_outside_of_constraints_is_run_on_request_and_stays_marked(
    treadle: Treadle,
) -> None:
    words = ("drive.xosc", "--variation", "many.xosc", "--variant", 2)
    left_out = simulate(treadle, *words, code=1)
    assert (left_out["n_outside"], left_out["ended"]) == (1, "not run")
    run = simulate(treadle, *words, "--include-outside", code=1)
    assert (run["n_outside"], run["n_completed"]) == (1, 0)
    assert run["ended"] == "stop trigger after 5 s"
    assert run["n_collisions"] == 1
    assert "outside its authors' constraints: (lessThan 40)" in run["reasons"][0]["reason"]


def test_a_foreign_controller_is_never_passed_over(treadle: Treadle) -> None:
    told = simulate(treadle, "driven.xosc", code=1)
    assert told["outcome"] == "INCONCLUSIVE"
    (left_out,) = told["not_supported"]
    assert left_out["element"] == "ActivateControllerAction"
    assert "no controller driver" in left_out["reason"]
    without = simulate(treadle, "driven.xosc", "--no-controllers")
    assert without["outcome"] == "COMPLETED"
    assert without["not_supported"] == []


def test_a_time_limit_is_an_end_that_is_no_good_one(treadle: Treadle) -> None:
    told = simulate(treadle, "drive.xosc", "--time-limit", "2", code=1)
    assert (told["outcome"], told["ended"]) == ("INCONCLUSIVE", "time limit after 2 s")
    assert "2 s, the time limit" in told["reasons"][0]["reason"]


def test_several_variants_have_their_number_first(treadle: Treadle) -> None:
    words = ("drive.xosc", "--variation", "many.xosc", "--sample", 3, "--seed", 4)
    simulate(treadle, *words, "--include-outside", "--trajectories", "out.csv")
    lines = (folder_of(treadle) / "out.csv").read_text().splitlines()
    assert lines[0] == f"variant,{COLUMNS}"
    assert len({line.split(",")[0] for line in lines[1:]}) == 3


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--step", "0"), "more than 0"),
        (("--step", "-0.01"), "more than 0"),
        (("--step", "nan"), "more than 0"),
        (("--step", "1e308"), "at most 1 s"),
        (("--step", "1e-9"), "steps"),
        (("--time-limit", "inf"), "no length of time"),
        (("--step", "0.5", "--time-limit", "0.1"), "longer than the time limit"),
        (("--sample-every", "0"), "more than 0"),
        (("--set", "Sped=3"), "it declares Car, Road, Speed"),
        (("--set", "Speed=fast"), "fast"),
        (("--variation", "many.xosc", "--variant", "12"), "numbered 0 to 11"),
        (("--variation", "many.xosc", "--variant", "-1"), "numbered 0 to 11"),
        (("--variation", "many.xosc", "--sample", "0"), "a sample of 1 to 12"),
        (("--variation", "many.xosc", "--sample", "13"), "a sample of 1 to 12"),
        (("--variation", "cars/small.xosc"), "catalog"),
        (("--variation", "driven.xosc"), "no variation"),
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_granted_is_1_and_says_why(
    treadle: Treadle, words: tuple[str, ...], why: str
) -> None:
    ran = treadle("proving", "simulate", "drive.xosc", *words)
    assert ran.code == 1, ran.out
    assert why in ran.err
    assert "Traceback" not in ran.err


def test_a_run_by_a_model_says_so_and_is_repeated_to_the_last_bit(treadle: Treadle) -> None:
    by_default = simulate(treadle, "drive.xosc", "--trajectories", "default.csv")
    modelled = simulate(
        treadle, "drive.xosc", "--motion", "dynamic", "--trajectories", "dynamic.csv"
    )
    assert modelled["options"]["motion"] == "dynamic"
    assert "motion" not in by_default["options"]
    assert modelled["result"] != by_default["result"]
    plan, names = read_csv(folder_of(treadle) / "default.csv")
    went, same = read_csv(folder_of(treadle) / "dynamic.csv")
    assert names == same
    assert len(plan) == len(went)
    assert np.abs(plan["x_m"] - went["x_m"]).max() < 0.1  # 5 m/s2 for 2 s: v dt / 2 and a catch-up
    assert np.abs(plan["x_m"] - went["x_m"]).max() > 0.0
    repeated = treadle("proving", "repeat", modelled["run"], "--json")
    assert repeated.code == 0, repeated.err


@pytest.mark.parametrize("name", ["straight/road.xodr", "cars/small.xosc"])
def test_a_file_of_another_kind_is_refused_with_what_it_is(treadle: Treadle, name: str) -> None:
    ran = treadle("proving", "simulate", name)
    assert ran.code == 1
    assert "OpenDRIVE" in ran.err or "catalog" in ran.err


def test_the_pages_example_of_python_runs(treadle: Treadle, real_engine: dict[str, str]) -> None:
    page = (DOCS / "proving.md").read_text(encoding="utf-8")
    (block,) = [one for one in blocks(page) if one.language == "python"]
    words = [sys.executable, "-c", block.text]
    ran = subprocess.run(
        words, cwd=folder_of(treadle), env=real_engine, capture_output=True, text=True, check=True
    )
    assert ran.stdout.count("COMPLETED") == 20
    assert ran.stdout.splitlines()[-1] == "[]"


def test_a_shared_scenario_goes_as_its_reference_does(treadle: Treadle, shared_data: Path) -> None:
    """Cut-in of UN R157 (4.4.1): 0.05 m, and two steps of speed where a trigger acts later."""
    folder = shared_data / "scenarios"
    name = f"{CUT_IN}/alks_scenario_4_4_1_cut_in_no_collision_template"
    words = (folder / f"{name}.xosc", "--no-controllers", "--trajectories", "out.csv")
    assert simulate(treadle, *words)["outcome"] == "COMPLETED"
    ours, names = read_csv(folder_of(treadle) / "out.csv")
    theirs, their_names = read_csv(folder / "reference_no_controller" / f"{name}.csv.gz")
    at = {(round(row["time_s"], 3), names[row["entity"]]): row for row in ours}
    apart = []
    for row in theirs:
        mine = at.get((round(float(row["time_s"]), 3), their_names[row["entity"]]))
        if mine is not None:
            way = np.hypot(mine["x_m"] - row["x_m"], mine["y_m"] - row["y_m"])
            apart.append(way - 2 * STEP_S * abs(row["speed_mps"]))
    assert len(apart) > 0.95 * len(theirs)
    assert max(apart) < 0.05
