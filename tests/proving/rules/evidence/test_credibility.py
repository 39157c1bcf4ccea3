"""What changes where the step or the seed does, counted by hand."""

import numpy as np
import pytest

from proving.views.campaigned import CATALOGUE, result
from treadle.engine.measuring.tables import INDEX
from treadle.proving.rules.evidence.credibility import compared, summed
from treadle.proving.rules.judging import Runs, runs_of


def runs(crashed: set[int], braking: list[float]) -> Runs:
    made = result(range(4), crashed)
    made.measures[:, INDEX["max_deceleration"]] = braking
    return runs_of([(0, made)], "Ego")


USUAL = {"driver": runs({2}, [4.0, 5.0, 6.0, np.nan]), "cc": runs({3}, [0.0] * 4)}


def test_the_same_runs_differ_in_nothing() -> None:
    found = compared(CATALOGUE, USUAL, USUAL)
    assert (found["n"], found["n_changed"], found["changed"]) == (4, 0, [])
    assert found["figures"] == {
        "max_deceleration": {"n": 3, "n_lost": 0, "largest": 0.0, "sum": 0.0}
    }


def test_a_verdict_changes_where_the_driver_or_the_reference_does() -> None:
    otherwise = {"driver": runs({1, 2}, [4.25, 5.0, 5.5, 7.0]), "cc": runs({2, 3}, [0.0] * 4)}
    found = compared(CATALOGUE, USUAL, otherwise)
    assert found["changed"] == [
        {"variant": 1, "was": "PASS", "is": "FAIL"},
        {"variant": 2, "was": "FAIL", "is": "UNPREVENTABLE"},
    ]
    moved = found["figures"]["max_deceleration"]
    assert (moved["n"], moved["n_lost"], moved["largest"]) == (3, 1, 0.5)
    assert moved["sum"] == pytest.approx(0.25 + 0.0 + 0.5)


def test_scenarios_are_summed_and_said_in_words() -> None:
    otherwise = {"driver": runs({1, 2}, [4.25, 5.0, 5.5, 7.0]), "cc": USUAL["cc"]}
    same, other = compared(CATALOGUE, USUAL, USUAL), compared(CATALOGUE, USUAL, otherwise)
    about = {"step_s": 0.01, "seed": "7"}
    step, seed = summed(
        [
            {"scenario": "one", **about, "step convergence": other, "seed stability": same},
            {"scenario": "two", **about, "step convergence": same, "seed stability": same},
        ]
    )
    assert step["state"] == "1 of 8 verdicts change"
    assert step["changed"] == [{"scenario": "one", "variant": 1, "was": "PASS", "is": "FAIL"}]
    assert "at 0.01 s and at half of it" in step["text"]
    assert "moves by at most 0.5, by 0.125 on average" in step["text"]  # 0.75 over 6
    assert seed["state"] == "0 of 8 verdicts change"


def test_nothing_that_was_run_is_not_measured() -> None:
    assert {one["state"] for one in summed([])} == {"not measured: no variant was run"}
