"""KPIs: what is known of events by an extreme alone, verdicts and points by hand."""

import math

import numpy as np
import pytest

from treadle.kernel import InvalidInputError
from treadle.proving.rules.metrics.kpi import (
    Condition,
    Kpi,
    beyond,
    holds,
    judge_kpi,
    named,
    points,
)
from treadle.proving.rules.verdicts import APART, FAIL, INCONCLUSIVE, PASS, Relation

NEVER_BELOW = Condition(subject="events", relation="<", number=1)
TTC = Kpi(name="TTC", metric="min_ttc", threshold=1.5, passes=NEVER_BELOW, score=((0, 100), (1, 0)))
VALUES = np.array([2.0, 1.5, 1.4, math.nan, math.inf])


def completed(n: int) -> tuple[np.ndarray, np.ndarray]:
    return np.full(n, "COMPLETED", dtype=object), np.full(n, "", dtype=object)


def test_beyond_is_the_side_that_is_less_safe() -> None:
    assert beyond(TTC, VALUES).tolist() == pytest.approx([0, 0, 1, math.nan, 0], nan_ok=True)
    speed = Kpi(name="v", metric="max_speed", threshold=22.0, passes=NEVER_BELOW)
    assert beyond(speed, np.array([22.0, 22.1])).tolist() == [0, 1]


def test_a_kpi_passes_fails_or_has_no_data() -> None:
    told = judge_kpi(TTC, VALUES, *completed(5))
    assert told.verdicts.tolist() == [PASS, PASS, FAIL, INCONCLUSIVE, PASS]
    assert told.reasons[2] == "TTC: min_ttc is 1.4, asked is events < 1, threshold 1.5"
    assert told.reasons[3] == "TTC: no data for min_ttc"
    outcomes, reasons = completed(5)
    outcomes[0], outcomes[1], reasons[0] = "INCONCLUSIVE", "OUTSIDE", "hung"
    told = judge_kpi(TTC, VALUES, outcomes, reasons)
    assert told.verdicts[:2].tolist() == [INCONCLUSIVE, APART]
    assert told.reasons[0] == "hung"


@pytest.mark.parametrize(
    ("relation", "number", "none", "some"),
    [
        ("<", 1, 1, 0), ("<", 3, 1, math.nan), ("<=", 0, 1, 0), (">=", 1, 0, 1),
        (">=", 2, 0, math.nan),
        (">", 0, 0, 1), ("==", 0, 1, 0), ("==", 1, 0, math.nan), ("==", 2, 0, math.nan),
    ],
)  # fmt: skip
def test_without_counts_only_none_or_at_least_one_is_known(
    relation: Relation, number: float, none: float, some: float
) -> None:
    condition = Condition(subject="events", relation=relation, number=number)
    told = holds(TTC, condition, np.array([2.0, 1.0, math.nan]))
    assert told.tolist() == pytest.approx([none, some, math.nan], nan_ok=True)


def test_with_counts_the_condition_is_exact() -> None:
    twice = Condition(subject="events", relation="<=", number=2)
    told = holds(TTC, twice, np.array([1.0, 1.0, 1.0]), np.array([2, 3, math.nan]))
    assert told.tolist() == pytest.approx([1, 0, math.nan], nan_ok=True)
    kpi = Kpi(name="t", metric="min_ttc", threshold=1.5, passes=twice)
    open_ = judge_kpi(kpi, np.array([1.0]), *completed(1))
    assert open_.verdicts[0] == INCONCLUSIVE
    assert open_.reasons[0] == "t: how many times is not known"


def test_a_value_is_held_against_the_threshold_or_a_number() -> None:
    at_least = Condition(subject="value", relation=">=")
    kpi = Kpi(name="t", metric="min_ttc", threshold=1.5, passes=at_least)
    assert judge_kpi(kpi, VALUES, *completed(5)).verdicts.tolist() == [
        PASS, PASS, FAIL, INCONCLUSIVE, PASS,
    ]  # fmt: skip
    hit = Kpi(
        name="c", metric="collisions", passes=Condition(subject="value", relation="<", number=1)
    )
    assert judge_kpi(hit, np.array([0.0, 1.0]), *completed(2)).verdicts.tolist() == [PASS, FAIL]


def test_points_run_evenly_between_and_keep_their_ends() -> None:
    kpi = Kpi(
        name="t", metric="min_ttc", threshold=1.5, passes=Condition(subject="value", relation=">="),
        score=((1.0, 0.0), (3.0, 100.0)),
    )  # fmt: skip
    told = points(kpi, np.array([0.5, 2.0, 9.0, math.inf, math.nan]))
    assert told.tolist() == pytest.approx([0, 50, 100, 100, math.nan], nan_ok=True)
    assert points(TTC, VALUES).tolist() == pytest.approx([100, 100, 0, math.nan, 100], nan_ok=True)


def test_points_that_hang_on_counts_are_not_known_without() -> None:
    kpi = Kpi(
        name="t", metric="min_ttc", threshold=1.5, passes=NEVER_BELOW, score=((0, 100), (4, 0))
    )
    told = points(kpi, np.array([2.0, 1.0]))
    assert told.tolist() == pytest.approx([100, math.nan], nan_ok=True)
    assert points(kpi, np.array([2.0, 1.0]), np.array([0, 2])).tolist() == [100, 50]


def test_what_is_not_measured_or_asked_is_inconclusive() -> None:
    light = Kpi(name="RunTrafficLight", metric="", note="lights are not measured")
    told = judge_kpi(light, np.zeros(0), *completed(2))
    assert told.verdicts.tolist() == [INCONCLUSIVE] * 2
    assert told.reasons[0] == "RunTrafficLight: not measured: lights are not measured"
    shown = judge_kpi(Kpi(name="HW", metric="min_gap"), np.zeros(2), *completed(2))
    assert shown.verdicts.tolist() == [INCONCLUSIVE] * 2


def test_a_kpi_that_cannot_be_judged_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="no metric 'min_tcc'"):
        Kpi(name="x", metric="min_tcc")
    with pytest.raises(InvalidInputError, match="say in `note`"):
        Kpi(name="x", metric="")
    with pytest.raises(InvalidInputError, match="wants a threshold"):
        Kpi(name="x", metric="min_ttc", passes=NEVER_BELOW)
    with pytest.raises(InvalidInputError, match="must grow"):
        Kpi(name="x", metric="min_ttc", score=((1, 0), (1, 2)))
    with pytest.raises(InvalidInputError, match="3 values for 2 variants"):
        judge_kpi(TTC, np.zeros(3), *completed(2))


def test_kpis_are_found_by_name_within_a_suite() -> None:
    other = Kpi(name="TTC", metric="min_ttc", suite="B")
    assert named([TTC, other])["TTC"] is other
    assert named([TTC, other], "C") == {}
