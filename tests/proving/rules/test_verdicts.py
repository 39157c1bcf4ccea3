"""Verdicts: the truth tables of the rules, and that nothing which is missing ever passes."""

import math
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treadle.kernel import InvalidInputError
from treadle.proving.rules.verdicts import (
    APART,
    CLASSES,
    FAIL,
    INCONCLUSIVE,
    PASS,
    VERDICTS,
    Demand,
    Judgement,
    Relation,
    against_reference,
    changes,
    frontier,
    judge,
    not_judged,
    overall,
    together,
)

NO_HIT = Demand(name="R1", metric="collisions", relation="<", limit=1)
GAP = Demand(name="R2", metric="min_ttc", relation=">=", limit=1.5)
OUTCOMES = ("COMPLETED", "INCONCLUSIVE", "OUTSIDE")


def words(*told: str) -> np.ndarray:
    return np.array(told, dtype=object)


def judged(*verdicts: int) -> Judgement:
    return Judgement(
        of="x",
        verdicts=np.array(verdicts, np.int8),
        reasons=words(*("" if v == PASS else f"why {k}" for k, v in enumerate(verdicts))),
    )


def test_a_requirement_is_met_or_not_at_its_very_limit() -> None:
    values = np.array([1.5, 1.4999, math.inf, -math.inf])
    told = judge(GAP, values, words(*["COMPLETED"] * 4), words(*[""] * 4))
    assert told.verdicts.tolist() == [PASS, FAIL, PASS, FAIL]
    assert told.reasons[1] == "R2: min_ttc is 1.4999, asked is min_ttc >= 1.5"
    assert told.failures.tolist() == [0, 1, 0, 1]


def test_what_has_no_data_or_no_run_is_inconclusive_with_the_reason() -> None:
    told = judge(
        GAP,
        np.array([math.nan, 9.0, 9.0, 9.0, 0.1]),
        words("COMPLETED", "INCONCLUSIVE", "", "OUTSIDE", "INCONCLUSIVE"),
        words("", "driver: raised ValueError", "", "v < 3 (a.xosc:7)", ""),
    )
    assert [VERDICTS[v] for v in told.verdicts] == [
        "INCONCLUSIVE", "INCONCLUSIVE", "INCONCLUSIVE", "APART", "INCONCLUSIVE",
    ]  # fmt: skip
    assert told.reasons.tolist() == [
        "R2: no data for min_ttc",
        "driver: raised ValueError",
        "the run is missing",
        "v < 3 (a.xosc:7)",
        "the run is INCONCLUSIVE",
    ]
    assert np.isnan(told.failures).all()


@given(
    st.lists(
        st.tuples(
            st.sampled_from([math.nan, 0.0, 1.5, math.inf]), st.sampled_from([*OUTCOMES, "", "?"])
        ),
        min_size=1,
    )
)
def test_only_a_completed_run_with_a_number_passes(rows: list[tuple[float, str]]) -> None:
    values = np.array([value for value, _ in rows])
    outcomes = words(*(outcome for _, outcome in rows))
    told = judge(GAP, values, outcomes, words(*[""] * len(rows)))
    for (value, outcome), verdict, reason in zip(rows, told.verdicts, told.reasons, strict=True):
        assert (verdict == PASS) == (outcome == "COMPLETED" and value >= 1.5)
        assert (verdict == PASS) == (reason == "")


def test_a_variant_fails_with_one_requirement_and_stays_open_with_one() -> None:
    every = [(a, b) for a in range(4) for b in range(4)]
    told = together([judged(*(a for a, _ in every)), judged(*(b for _, b in every))])
    for (a, b), verdict in zip(every, told.verdicts, strict=True):
        worst = next(v for v in (FAIL, INCONCLUSIVE, PASS, APART) if v in {a, b})
        assert verdict == worst
    assert (told.verdicts == PASS).tolist() == (told.reasons == "").tolist()


def test_reasons_of_a_variant_are_those_of_its_verdict_once_each() -> None:
    told = together([judged(INCONCLUSIVE), judged(FAIL), judged(FAIL)])
    assert told.reasons[0] == "why 0"


def test_nothing_judged_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="nothing was judged"):
        together([])
    with pytest.raises(InvalidInputError, match="not of the same runs"):
        together([judged(PASS), judged(PASS, PASS)])


@pytest.mark.parametrize(
    ("verdicts", "expected", "verdict"),
    [
        ((PASS, PASS), None, "PASS"),
        ((PASS, APART), None, "PASS"),
        ((PASS, PASS), 2, "PASS"),
        ((PASS, PASS), 3, "INCONCLUSIVE"),
        ((PASS, INCONCLUSIVE), None, "INCONCLUSIVE"),
        ((PASS, INCONCLUSIVE, FAIL), 9, "FAIL"),
        ((APART, APART), None, "INCONCLUSIVE"),
        ((), None, "INCONCLUSIVE"),
        ((), 5, "INCONCLUSIVE"),
    ],
)
def test_a_campaign(verdicts: tuple[int, ...], expected: int | None, verdict: str) -> None:
    told = overall(judged(*verdicts), expected)
    assert told.verdict == verdict
    assert (told.reason == "") == (verdict == "PASS")
    assert told.passed + told.failed + told.inconclusive + told.apart == len(verdicts)
    assert told.missing == max(0, (expected or 0) - len(verdicts))


def test_a_campaign_says_the_first_reason() -> None:
    told = overall(judged(PASS, INCONCLUSIVE), 4)
    assert told.reason == "1 are inconclusive; first: why 1; 2 of 4 variants are missing"


def test_a_metric_that_nobody_measures_is_inconclusive_throughout() -> None:
    told = not_judged("RunTrafficLight", 2, "not measured")
    assert told.verdicts.tolist() == [INCONCLUSIVE] * 2
    assert told.reasons[0] == "RunTrafficLight: not measured"


@pytest.mark.parametrize(
    ("own", "other", "name", "verdict"),
    [
        (0, 0, "preventable, avoided", PASS),
        (1, 0, "preventable, crashed", FAIL),
        (0, 1, "unpreventable, avoided", APART),
        (1, 1, "unpreventable, crashed", APART),
        (0, math.nan, "unknown", INCONCLUSIVE),
        (1, math.nan, "unknown", INCONCLUSIVE),
        (math.nan, 0, "unknown", INCONCLUSIVE),
        (math.nan, 1, "unknown", INCONCLUSIVE),
        (math.nan, math.nan, "unknown", INCONCLUSIVE),
    ],
)
def test_a_collision_is_held_against_the_reference(
    own: float, other: float, name: str, verdict: int
) -> None:
    told = against_reference(np.array([own]), np.array([other]), "cc jrc_2021")
    assert CLASSES[told.classes[0]] == name
    assert told.counts[name] == 1
    assert sum(told.counts.values()) == 1
    assert told.judgement.verdicts[0] == verdict
    assert (told.judgement.reasons[0] == "") == (verdict == PASS)


def test_other_outcomes_than_these_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="neither 1"):
        against_reference(np.array([2.0]), np.array([0.0]), "cc")
    with pytest.raises(InvalidInputError, match="no relation"):
        Demand(name="R", metric="m", relation=cast("Relation", "=<"), limit=1)
    with pytest.raises(InvalidInputError, match="no limit"):
        Demand(name="R", metric="m", relation="<", limit=math.nan)
    with pytest.raises(InvalidInputError, match="not of the same runs"):
        judge(NO_HIT, np.zeros(2), words("COMPLETED"), words(""))


def test_a_change_of_the_reference_is_told_by_rows() -> None:
    base = np.array([0, 0, 1, 1, math.nan])
    other = np.array([0, 1, 0, 1, 0])
    first, second = changes({"cc": base, "rss": other})
    assert (first.preventable, first.unpreventable, first.unknown) == (2, 2, 1)
    assert (len(first.gained), len(first.lost)) == (0, 0)
    assert second.gained.tolist() == [2]
    assert second.lost.tolist() == [1]
    assert changes({}) == ()


def test_the_frontier_runs_between_neighbours_that_differ() -> None:
    grid = np.array([[0, 0, 1], [0, math.nan, 1], [1, 1, 1]])
    assert frontier(grid).tolist() == [[1, 0, 0], [0, 1, 1]]
