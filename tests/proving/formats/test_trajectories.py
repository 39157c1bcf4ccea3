"""Trajectories in files: read back by other readers, written whole or not at all."""

import csv
import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from proving.fake_engine import Scenario
from treadle.kernel import InvalidInputError, RefusedError
from treadle.kernel.bundle import Bundle
from treadle.proving.formats import trajectories
from treadle.proving.rules.result import SAMPLE, Result

HEADER = "time_s,entity,x_m,y_m,z_m,heading_rad,speed_mps"


def made(*variants: int, keep: str = "all") -> Result:
    scenario = Scenario.read("a", open_file=Bundle(files={"a": b"count=1000"}))
    return scenario.compile().run(list(variants), trajectories=keep)


def test_every_number_is_the_same_for_pythons_own_reader(tmp_path: Path) -> None:
    result = made(7)
    trajectories.write_results([result], tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == HEADER.split(",")
    for row, sample in zip(rows, result.samples, strict=True):
        assert row["entity"] == result.entities[sample["entity"]]
        for name in ("x_m", "y_m", "z_m", "heading_rad", "speed_mps"):
            assert float(row[name]) == sample[name]
        assert float(row["time_s"]) == pytest.approx(sample["time_s"], abs=1e-9)


def test_times_are_written_as_people_write_them(tmp_path: Path) -> None:
    result = made(1)
    result.samples["time_s"] = np.arange(5) * 0.1  # 0.30000000000000004 among them
    trajectories.write_results([result], tmp_path / "a.csv")
    times = [line.split(",")[0] for line in (tmp_path / "a.csv").read_text().splitlines()[1:]]
    assert times == ["0", "0.1", "0.2", "0.3", "0.4"]


def test_plain_names_stand_without_quotes(tmp_path: Path) -> None:
    result = replace(made(1), entities=("Ego", "Target"))
    trajectories.write_results([result], tmp_path / "a.csv")
    assert '"' not in (tmp_path / "a.csv").read_text()


def test_several_parts_are_one_file_with_variants(tmp_path: Path) -> None:
    parts = [made(1, 2), made(3)]
    trajectories.write_results(iter(parts), tmp_path / "a.csv")
    trajectories.write_results(iter(parts), tmp_path / "a.parquet")
    rows, entities = trajectories.read_csv(tmp_path / "a.csv")
    together = np.concatenate([part.samples for part in parts])
    assert entities == ("Ego", "Target, slow")
    for name in SAMPLE.names or ():
        assert np.allclose(rows[name], together[name], rtol=0, atol=1e-12), name
    table = parquet.read_table(tmp_path / "a.parquet")
    assert table.column_names == ["variant", *HEADER.split(",")]
    assert table["x_m"].to_pylist() == together["x_m"].tolist()
    assert table["entity"].to_pylist() == [entities[n] for n in together["entity"]]


def test_a_gzipped_reference_is_read(tmp_path: Path) -> None:
    text = f"{HEADER}\n0.0,Ego,1.5,2,0,0.1,30\n0.01,Bus,1,2,0,0,-1\n0.01,Ego,1.8,2,0,0.1,30\n"
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text.encode()))
    rows, entities = trajectories.read_csv(tmp_path / "a.csv.gz")
    assert entities == ("Ego", "Bus")
    assert rows["entity"].tolist() == [0, 1, 0]
    assert rows["speed_mps"].tolist() == [30.0, -1.0, 30.0]
    assert rows["variant"].tolist() == [0, 0, 0]


def test_a_shared_reference_is_read(shared_data: Path) -> None:
    path = shared_data / "scenarios/reference/esmini/resources/xosc/cut-in.csv.gz"
    rows, entities = trajectories.read_csv(path)
    with gzip.open(path, "rt") as file:
        told = list(csv.DictReader(file))
    assert len(rows) == len(told)
    assert [entities[n] for n in rows["entity"][:50]] == [row["entity"] for row in told[:50]]
    assert rows["x_m"][-1] == float(told[-1]["x_m"])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("time_s,entity\n0,Ego\n", "no column x_m"),
        (f"{HEADER}\n0,Ego,a,0,0,0,0\n", "no file of trajectories"),
        ("", "no file of trajectories"),
    ],
)
def test_what_is_no_file_of_trajectories_is_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(InvalidInputError, match=why):
        trajectories.read_csv(tmp_path / "a.csv")


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"\.csv or \.parquet"):
        trajectories.write_results([made(1)], tmp_path / "a.txt")


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_what_fails_in_the_middle_leaves_the_old_file(tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"a{ending}"
    target.write_text("old")

    def parts() -> object:
        yield made(1)
        yield made(2)
        message = "no space"
        raise OSError(28, message)

    with pytest.raises(RefusedError, match="no space"):
        trajectories.write_results(parts(), target)  # type: ignore[arg-type]
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_without_trajectories_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="--keep-trajectories"):
        trajectories.write_results([made(1, keep="none")], tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []
