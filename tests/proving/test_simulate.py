"""`treadle proving ...` on a fake engine: what is asked for, shown, written and kept."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from cli.conftest import Treadle, runner
from proving import fake_treadle
from treadle import proving
from treadle.app import App, open_app
from treadle.kernel import ThingId
from treadle.proving.formats import opening

COLUMNS = "time_s,entity,x_m,y_m,z_m,heading_rad,speed_mps"


@pytest.fixture(autouse=True)
def _fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(opening, "API", fake_treadle.FAKE)
    monkeypatch.setattr(opening, "MANIFESTS", fake_treadle.FAKE)
    monkeypatch.setenv("TREADLE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(fake_treadle.written(tmp_path / "scenarios"))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    made = open_app(f"{tmp_path}/t.sqlite")
    yield made
    made.store.close()


@pytest.fixture
def treadle(app: App) -> Treadle:
    return runner(app, (proving.DOMAIN,))


def simulated(treadle: Treadle, *words: object, code: int = 0) -> dict[str, Any]:
    run = treadle("proving", "simulate", *words, "--json")
    assert run.code == code, run.err + run.out
    told: dict[str, Any] = run.json()
    return told


def test_a_scenario_that_completes_is_good(treadle: Treadle) -> None:
    run = treadle("proving", "simulate", "one.xosc")
    assert run.code == 0, run.err
    assert "COMPLETED" in run.out
    assert "stop trigger after 10 s" in run.out
    assert "Cut in" in run.out


def test_a_scenario_with_something_left_out_never_passes(treadle: Treadle) -> None:
    run = treadle("proving", "simulate", "odd.xosc")
    assert run.code == 1
    assert "INCONCLUSIVE" in run.out
    assert "odd.xosc:2" in run.out
    assert "nothing in Treadle reads this element" in run.out


def test_a_scenario_that_cannot_run_is_refused_and_nothing_is_kept(
    treadle: Treadle, app: App
) -> None:
    run = treadle("proving", "simulate", "wrong.xosc")
    assert run.code == 1
    assert "wrong.xosc:3: Ego is not declared" in run.err
    assert app.store.head().position == 0


@pytest.mark.parametrize(
    "words",
    [
        ("nowhere.xosc",),
        ("one.xosc", "--variation", "nowhere.xosc"),
        ("one.xosc", "--set", "novalue"),
        ("one.xosc", "--motion", "flying"),
        ("one.xosc", "--trajectories", "out.txt"),
        ("one.xosc", "--trajectories", "nowhere/out.csv"),
        ("one.xosc", "--step", "fast"),
        (),
    ],
)
def test_wrong_use_is_2(treadle: Treadle, words: tuple[str, ...]) -> None:
    assert treadle("proving", "simulate", *words).code == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--step", "0"), "more than 0"),
        (("--step", "nan"), "more than 0"),
        (("--time-limit", "-1"), "more than 0"),
        (("--variant", "1"), "numbered 0 to 0"),
        (("--sample", "2"), "a sample of 1 to 1"),
        (("--variant", "0", "--sample", "1"), "not both"),
        (("--threads", "0"), "1 or more"),
    ],
)
def test_a_wish_that_cannot_be_granted_is_1_and_says_why(
    treadle: Treadle, words: tuple[str, ...], why: str
) -> None:
    run = treadle("proving", "simulate", "one.xosc", *words)
    assert run.code == 1
    assert why in run.err


def test_many_variants_are_counted_not_listed(treadle: Treadle) -> None:
    run = treadle("proving", "simulate", "one.xosc", "--variation", "many.xosc")
    assert run.code == 0, run.err
    assert len(run.out.splitlines()) < 70
    told = treadle("proving", "simulate", "one.xosc", "--variation", "many.xosc", "--json").json()
    assert (told["n_variants"], told["n_completed"], told["n_outside"]) == (9000, 8900, 100)
    assert told["n_collisions"] == 3000
    speeds = [c["impact_speed_mps"] for c in told["collisions"]]
    assert speeds == sorted(speeds, reverse=True)
    assert speeds[0] == pytest.approx(8998.1)


def test_a_variation_alone_is_the_scenario_that_it_names(treadle: Treadle) -> None:
    by_both = simulated(treadle, "one.xosc", "--variation", "few.xosc", "--variant", 4)
    assert simulated(treadle, "few.xosc", "--variant", 4)["run"] == by_both["run"]


def test_a_variation_of_another_scenario_is_refused(treadle: Treadle) -> None:
    run = treadle("proving", "simulate", "odd.xosc", "--variation", "few.xosc")
    assert run.code == 1
    assert "another scenario" in run.err


def test_one_variant_and_a_sample_by_seed(treadle: Treadle) -> None:
    one = simulated(treadle, "one.xosc", "--variation", "many.xosc", "--variant", 7)
    assert one["collisions"][0]["variant"] == 7
    sample = ("one.xosc", "--variation", "many.xosc", "--sample", 5)
    first = simulated(treadle, *sample, "--seed", 1)
    assert first["n_variants"] == 5
    assert simulated(treadle, *sample, "--seed", 1)["run"] == first["run"]
    assert simulated(treadle, *sample, "--seed", 2)["result"] != first["result"]


def test_trajectories_have_exactly_these_columns(treadle: Treadle) -> None:
    simulated(treadle, "one.xosc", "--trajectories", "out.csv")
    lines = Path("out.csv").read_text().splitlines()
    assert lines[0] == COLUMNS
    rows = list(csv.DictReader(lines))
    assert [row["time_s"] for row in rows] == ["0", "0.01", "0.02", "0.03", "0.04"]
    assert {row["entity"] for row in rows} == {"Ego", "Target, slow"}


def test_several_variants_have_their_number_first(treadle: Treadle) -> None:
    words = ("one.xosc", "--variation", "many.xosc", "--sample", "3", "--trajectories")
    simulated(treadle, *words, "out.csv")
    lines = Path("out.csv").read_text().splitlines()
    assert lines[0] == f"variant,{COLUMNS}"
    simulated(treadle, *words, "out.parquet")
    table = parquet.read_table("out.parquet")
    assert table.column_names == lines[0].split(",")
    plain = list(csv.DictReader(lines))
    assert table["x_m"].to_pylist() == [float(row["x_m"]) for row in plain]
    assert table["entity"].to_pylist() == [row["entity"] for row in plain]


def test_trajectories_that_were_not_kept_are_not_made_up(treadle: Treadle, app: App) -> None:
    told = simulated(treadle, "one.xosc")
    work = proving.DOMAIN.works[0]
    with pytest.raises(Exception, match="no trajectories were kept"):
        work.saves[0].write(app.works.saving(app.works.life(told["run"])), Path("out.csv"))
    assert not Path("out.csv").exists()


def test_everything_lands_on_the_thread(treadle: Treadle, app: App) -> None:
    told = simulated(treadle, "one.xosc", "--set", "Ego_v0=12.5", "--seed", "3")
    scenario = ThingId(told["scenario"])
    files = app.works.inputs(scenario)
    assert sorted(files.files) == ["one.xosc", "r.xodr"]
    asked = app.works.life(told["run"]).asked
    assert asked.options["set"] == {"Ego_v0": "12.5"}
    assert asked.seed == 3
    assert {"treadle", "numpy", "numba", "llvmlite", "python"} <= set(asked.versions)
    assert {"treadle.engine", "treadle.proving.rules"} <= set(asked.versions)
    knots = [app.describe(event) for event in app.store.thread(scenario)]
    assert knots == [
        ("Scenario registered", "Cut in, 2 files"),
        ("Run asked for", f"Cut in {told['scenario'][21:29]}, 1 variant"),
    ]
    knots = [app.describe(event) for event in app.store.thread(ThingId(told["run"]))]
    assert [headline for headline, _ in knots][1:] == ["Part of a run finished", "Run finished"]
    assert knots[-1][1] == "1 COMPLETED, 0 collisions"
    assert app.verify().whole


def test_a_run_is_repeated_when_its_files_are_gone(treadle: Treadle) -> None:
    told = simulated(treadle, "one.xosc", "--trajectories", "out.csv")
    for name in fake_treadle.FILES:
        Path(name).unlink()
    run = treadle("proving", "repeat", told["run"][-32:][:8], "--json")
    assert run.code == 0, run.err
    assert run.json()["identical"] is True
    assert run.json()["result"] == told["result"]


def test_a_repeat_that_differs_is_1_and_says_in_what(
    treadle: Treadle, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = simulated(treadle, "one.xosc", "--trajectories", "out.csv")
    from proving import fake_engine  # noqa: PLC0415 - only here

    monkeypatch.setattr(fake_engine, "STEPS", 4)
    run = treadle("proving", "repeat", told["run"], "--json")
    assert run.code == 1
    assert run.json()["differences"] == ["there were 5 samples, there are 4"]


def test_runs_are_listed_the_newest_first(treadle: Treadle) -> None:
    first = simulated(treadle, "one.xosc")
    second = simulated(treadle, "odd.xosc", code=1)
    listed = treadle("proving", "runs", "--json").json()
    assert [row["run"] for row in listed] == [second["run"], first["run"]]
    assert [row["outcome"] for row in listed] == ["INCONCLUSIVE", "COMPLETED"]
    shown = treadle("proving", "run", first["run"], "--json")
    assert shown.json() == first
    assert treadle("proving", "run", "urn:treadle:run:nothing").code == 1


def test_the_same_run_is_answered_from_the_thread(treadle: Treadle) -> None:
    first = simulated(treadle, "one.xosc")
    run = treadle("proving", "simulate", "one.xosc")
    assert "--again" in run.err
    assert first["run"][-32:] in run.out
    again = simulated(treadle, "one.xosc", "--again")
    assert again["run"] != first["run"]
    assert again["result"] == first["result"]


def test_a_check_names_what_is_wrong_and_what_is_left_out(treadle: Treadle) -> None:
    good = treadle("proving", "check", "one.xosc", "odd.xosc", "--json")
    assert good.code == 0
    told = good.json()
    assert (told["n_executed"], told["n_not_supported"], told["n_errors"]) == (2, 1, 0)
    assert told["not_supported"][0]["place"] == "odd.xosc:2"
    assert told["elements"] == []
    everything = treadle("proving", "check", "one.xosc", "odd.xosc", "--all", "--json").json()
    assert len(everything["elements"]) == 3
    bad = treadle("proving", "check", "wrong.xosc")
    assert bad.code == 1
    assert "wrong.xosc:3" in bad.out
    assert "Ego is not declared" in bad.out


def test_a_file_that_cannot_be_read_is_a_finding_and_the_others_are_read(treadle: Treadle) -> None:
    Path("broken.xosc").write_text("no equals sign")
    run = treadle("proving", "check", "broken.xosc", "one.xosc", "--json")
    assert run.code == 1
    assert run.json()["n_executed"] == 1
    assert run.json()["findings"][0]["text"].startswith("broken.xosc:1")


def test_a_road_alone_is_checked(treadle: Treadle) -> None:
    Path("r.xodr").write_text("<OpenDRIVE odd='1'/>")
    told = treadle("proving", "check", "r.xodr", "--json").json()
    assert told["not_supported"][0] == {
        "element": "OpenDRIVE",
        "place": "r.xodr:1",
        "matters": True,
        "reason": "nothing in Treadle reads this element",
    }
    Path("r.xodr").write_text("<OpenDRIVE wrong='1'/>")
    run = treadle("proving", "check", "r.xodr")
    assert run.code == 1
    assert "a gap in the road" in run.out


def test_kernels_are_compiled_ahead(treadle: Treadle) -> None:
    run = treadle("proving", "warm")
    assert run.code == 0
    assert "compiled, and kept on disk" in run.err


def test_what_could_not_be_compiled_ahead_is_said(
    treadle: Treadle, monkeypatch: pytest.MonkeyPatch
) -> None:
    from proving import fake_engine  # noqa: PLC0415 - only here

    monkeypatch.setattr(fake_engine, "WORKERS_DIE", True)
    run = treadle("proving", "warm")
    assert run.code == 1
    assert "3 of 70 functions" in run.err
    assert "kept on disk" not in run.err


def test_concrete_scenarios_are_counted_those_outside_apart(treadle: Treadle) -> None:
    run = treadle("proving", "count", "many.xosc", "--json")
    assert run.json() == {"n_scenarios": 9000, "n_outside": 100, "n_inside": 8900}
    assert "9,000" in treadle("proving", "count", "many.xosc").out


def test_help_says_the_words_of_the_issue(treadle: Treadle) -> None:
    told = treadle("proving", "simulate", "--help").out
    for word in ("--variation", "--variant", "--sample", "--seed", "--set", "--step"):
        assert word in told
    assert "NAME=VALUE" in told
