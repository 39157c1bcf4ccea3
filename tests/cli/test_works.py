"""Works and readings on the command line, made from a domain's front door."""

import subprocess
import sys
from pathlib import Path

import pytest

from cli.conftest import Treadle
from doors import toy
from treadle.app import App


@pytest.fixture
def boxes(tmp_path: Path) -> Path:
    path = tmp_path / "boxes.txt"
    path.write_text("one\nthree\nseven\n")
    return path


def test_a_work_answers_as_its_query_does(treadle: Treadle, boxes: Path, app: App) -> None:
    run = treadle("toy", "roll", boxes, "--push", 2, "--json")
    assert run.code == 0, run.err
    assert run.json() == {"n_boxes": 3, "sum_m": 26.0}
    (thing,) = app.store.things(prefix="urn:treadle:run:")
    assert treadle("toy", "rolled", thing, "--json").json() == run.json()


def test_an_answer_that_is_not_good_is_1(treadle: Treadle, boxes: Path) -> None:
    assert treadle("toy", "roll", boxes, "--push", 0).code == 1


def test_names_with_values_are_given_one_by_one(treadle: Treadle, boxes: Path, app: App) -> None:
    treadle("toy", "roll", boxes, "--marks", "a=b", "--marks", "c=d=e")
    (thing,) = app.store.things(prefix="urn:treadle:run:")
    assert app.works.life(thing).asked.options["marks"] == {"a": "b", "c": "d=e"}
    assert treadle("toy", "roll", boxes, "--marks", "ab").code == 2


def test_a_file_of_the_result_is_written_also_from_the_thread(
    treadle: Treadle, boxes: Path, tmp_path: Path
) -> None:
    for target in (tmp_path / "one.csv", tmp_path / "two.csv"):
        assert treadle("toy", "roll", boxes, "--table", target).code == 0
        assert target.read_text() == "0 3.0\n1 5.0\n2 5.0"
    assert treadle("toy", "roll", boxes, "--table", tmp_path / "three.odd").code == 2


def test_a_work_that_fails_is_told_and_can_be_resumed(
    treadle: Treadle, boxes: Path, app: App
) -> None:
    toy.broken["at"] = 1
    try:
        run = treadle("toy", "roll", boxes)
    finally:
        toy.broken["at"] = -1
    assert run.code == 1
    assert "box 1 does not roll" in run.err
    (thing,) = app.store.things(prefix="urn:treadle:run:")
    resumed = treadle("toy", "resume", thing, "--json")
    assert resumed.json() == {"n_boxes": 3, "sum_m": 13.0}
    assert treadle("toy", "cancel", thing).code == 1, "it is finished"
    assert treadle("toy", "repeat", thing).code == 0
    assert treadle("toy", "resume", "nothing").code == 1


def test_a_reading_takes_several_files(treadle: Treadle, boxes: Path, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("x")
    assert treadle("toy", "lengths", boxes, tmp_path / "b", "--json").json() == [13, 1]
    assert treadle("toy", "lengths", tmp_path / "nothing").code == 2
    assert treadle("toy", "lengths").code == 2


def test_help_waits_for_no_library_of_numbers() -> None:
    asked = (
        "import sys, treadle.cli; treadle.cli.build(); "
        "print([m for m in ('numpy', 'numba', 'pyarrow', 'uvicorn') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_thing_of_the_thread_stands_for_its_files(
    treadle: Treadle, boxes: Path, app: App
) -> None:
    treadle("toy", "roll", boxes, "--push", 2)
    (thing,) = app.store.things(prefix="urn:treadle:run:")
    about = app.works.life(thing).asked.about
    boxes.unlink()
    again = treadle("toy", "roll", about, "--push", 3, "--json")
    assert again.code == 0, again.err
    assert again.json()["n_boxes"] == 3
    unknown = treadle("toy", "roll", f"{about}0", "--push", 3)
    assert unknown.code != 0
    assert "no files called" in unknown.err
