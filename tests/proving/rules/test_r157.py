"""The UN R157 set pieces against the published tables, and against traces worked out by hand."""

import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from treadle.kernel import InvalidInputError
from treadle.proving.rules import r157

FILES = {"cut_in": "cut_in_low", "car_following": "car_following", "cut_out": "cut_out"}


@pytest.fixture(scope="module")
def tables(shared_data: Path) -> dict[str, dict[str, np.ndarray]]:
    """Return the published tables, by family and column."""
    found = {}
    for family, name in FILES.items():
        with gzip.open(shared_data / "r157" / f"{name}.csv.gz", "rt") as file:
            head, *rows = csv.reader(file)
        values = np.array(rows, np.float64)
        found[family] = {name: values[:, k] for k, name in enumerate(head)}
    return found


@pytest.mark.parametrize("family", FILES)
def test_every_column_of_the_published_tables_is_met_to_the_last_bit(
    tables: dict[str, dict[str, np.ndarray]], family: str
) -> None:
    told = tables[family]
    met = {"on_threshold"}
    for model in r157.models_of(family):
        for name, ours in r157.set_piece(family, model, "jrc_2021").items():
            who = "fsm" if name in r157.FUZZY[family] else model
            column = name if name in r157.AXES[family] else f"{who}_{name}"
            met.add(column)
            np.testing.assert_array_equal(ours, told[column], err_msg=column)
    np.testing.assert_array_equal(r157.on_threshold(family), told["on_threshold"] == 1)
    assert met == set(told)


# shared/spec/r157_models.md, section 12: E, C, G, u, model, crash type, smallest TTC, PFS and CFS.
TRACES = [
    (60, 30, 20, 1.0, "cc", 2, 0.0, None),
    (60, 30, 20, 1.0, "fsm", 0, 1.77610927845, (1.0, 0.0)),
    (60, 30, 20, 1.0, "rss", 0, 1.77703208203, None),
    (60, 30, 20, 1.0, "reg157", 0, 0.342857142857, None),
    (50, 20, 12, 1.0, "fsm", 0, 0.0671867381765, (1.0, 1.0)),
    (50, 20, 12, 1.0, "reg157", 2, 0.0, None),
    (60, 10, 30, 0.7, "rss", 0, 1.08757570893, None),
    (40, 20, 9, 0.5, "cc", 0, 0.1, None),
    (40, 20, 9, 0.5, "rss", 0, 1.6, None),
]


@pytest.mark.parametrize("trace", TRACES)
def test_single_cut_ins_end_as_their_traces_tell(trace: tuple[Any, ...]) -> None:
    *case, model, kind, ttc, fuzzy = trace
    columns = r157.set_piece("cut_in", model, "jrc_2021", np.array([case]))
    assert columns["crash_type"][0] == kind
    assert columns["crash"][0] == min(kind, 1)
    assert columns["min_ttc_s"][0] == pytest.approx(ttc, abs=1e-11)
    if fuzzy:
        assert (columns["pfs_max"][0], columns["cfs_max"][0]) == pytest.approx(fuzzy, abs=1e-11)


@pytest.mark.parametrize(
    ("changed", "cut_in", "cut_out"),
    [({"cc_delay": 1.15}, 4_191, 1_111), ({"cc_release": 0.0}, 3_872, 898)],
)
def test_a_disputed_point_alone_changes_the_counts_as_published(
    changed: dict[str, float], cut_in: int, cut_out: int
) -> None:
    settings = r157.variant_settings("jrc_2021", **changed)
    assert r157.set_piece("cut_in", "cc", settings)["crash"].sum() == cut_in
    assert r157.set_piece("cut_out", "cc", settings)["crash"].sum() == cut_out


def test_the_published_grids_have_their_sizes() -> None:
    assert r157.grid("cut_in").shape == (15_930, 4)
    assert r157.grid("cut_in", "high").shape == (14_040, 4)
    assert r157.grid("car_following").shape == (1_121, 2)
    assert r157.grid("cut_out").shape == (5_850, 3)


def test_what_comes_out_does_not_depend_on_threads_or_on_neighbours() -> None:
    cases = r157.grid("cut_in", "high")[5_000:7_000]
    together = r157.set_piece("cut_in", "fsm", "jrc_2021", cases, threads=3)
    alone = r157.set_piece("cut_in", "fsm", "jrc_2021", cases[::-1], threads=1)
    for name, column in together.items():
        np.testing.assert_array_equal(column, alone[name][::-1], err_msg=name)


def test_the_frontier_is_the_gap_from_which_on_all_is_avoided() -> None:
    columns = r157.set_piece("cut_in", "cc", "r157_text")
    found = r157.frontier("cut_in", columns)
    assert found.axes == ("ego_speed_kmh", "cut_in_speed_kmh", "lateral_speed_mps")
    assert len(found.lines) == 15 * 18
    for line, best, worst, simple in zip(
        found.lines, found.smallest_avoided, found.largest_crash, found.is_simple, strict=True
    ):
        here = np.ones(len(columns["gap_m"]), bool)
        for name, value in zip(found.axes, line, strict=True):
            here &= columns[name] == value
        gaps, crash = columns["gap_m"][here], columns["crash"][here] == 1
        assert not crash[gaps >= best].any()
        assert worst == max(gaps[crash], default=-np.inf)
        assert simple == (not (~crash[gaps < worst]).any())


def test_readings_of_the_text_move_the_frontier_of_cc_and_leave_fsm_alone() -> None:
    cc = r157.preventable("cut_in", "cc")
    assert (cc["jrc_2021"] != cc["r157_text"]).any()
    assert (cc["jama"] != cc["r157_text"]).any()
    fsm = r157.preventable("cut_in", "fsm")
    assert (fsm["jrc_2021"] == fsm["jama"]).all()


@pytest.mark.parametrize(
    ("family", "cases", "says"),
    [
        ("cut_on", "low", "family 'cut_on' is not known"),
        ("cut_out", "high", "grid of cut_out 'high' is not known"),
        ("cut_in", np.zeros((3, 2)), "ego_speed_kmh"),
        ("cut_in", np.array([[50.0, 20.0, np.nan, 1.0]]), "case 0 of cut_in"),
        ("cut_in", np.array([[50.0, 20.0, 9.0, -1.0]]), "towards the lane"),
        ("cut_out", np.array([[50.0, 20.0, 0.0]]), "to the right"),
    ],
)
def test_cases_that_are_none_are_refused(family: str, cases: str | np.ndarray, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        r157.set_piece(family, "cc", "jrc_2021", cases)


def test_last_second_braking_is_asked_about_cut_ins_only() -> None:
    with pytest.raises(InvalidInputError, match="model of cut_out 'reg157'"):
        r157.set_piece("cut_out", "reg157")
    with pytest.raises(InvalidInputError, match="setting 'cc_patience'"):
        r157.variant_settings("jama", cc_patience=1.0)
