"""Covering arrays: counted by brute force, sizes beside published ones."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treadle.kernel import InvalidInputError
from treadle.proving.rules.campaigns.covering import covering_array, forbidden_by


def uncovered(
    cases: np.ndarray,
    levels: Sequence[int],
    strength: int,
    forbidden: Sequence[dict[int, int]] = (),
) -> tuple[set[tuple[tuple[int, ...], tuple[int, ...]]], int]:
    """Return what no case holds though some allowed case could, and how many are possible.

    Counted without any of the code under test: all allowed cases are written out.
    """
    seen = {
        (c, tuple(int(row[p]) for p in c))
        for row in cases
        for c in itertools.combinations(range(len(levels)), strength)
    }
    allowed = [
        row for row in itertools.product(*(range(n) for n in levels))
        if not any(all(row[p] == v for p, v in one.items()) for one in forbidden)
    ]  # fmt: skip
    possible = {
        (c, tuple(row[p] for p in c))
        for row in allowed
        for c in itertools.combinations(range(len(levels)), strength)
    }
    assert seen <= possible, "a case breaks a constraint"
    return possible - seen, len(possible)


def pairs_missing(cases: np.ndarray, levels: Sequence[int], strength: int) -> int:
    """Return how many combinations are missing where all cases are too many to write out."""
    return sum(
        math.prod(levels[p] for p in c) - len({tuple(row) for row in cases[:, c].tolist()})
        for c in itertools.combinations(range(len(levels)), strength)
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=2, max_size=5), st.integers(1, 4), st.integers(0, 99))
def test_every_combination_of_any_strength_and_mixed_levels_occurs(
    levels: list[int], strength: int, seed: int
) -> None:
    strength = min(strength, len(levels))
    found = covering_array(levels, strength, seed=seed, candidates=3)
    missing, possible = uncovered(found.cases, levels, strength)
    assert not missing
    assert (found.combinations, found.excluded) == (possible, 0)
    assert len(found.cases) >= math.prod(sorted(levels)[-strength:])


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_constraints_are_kept_and_all_that_they_leave_occurs(data: st.DataObject) -> None:
    levels = data.draw(st.lists(st.integers(2, 3), min_size=3, max_size=5))
    places = st.integers(0, len(levels) - 1)
    forbidden = [
        {
            p: data.draw(st.integers(0, levels[p] - 1))
            for p in data.draw(st.sets(places, max_size=3))
        }
        for _ in range(data.draw(st.integers(1, 5)))
    ]
    strength = data.draw(st.integers(1, 3))
    everything = itertools.product(*(range(n) for n in levels))
    none_left = all(
        any(all(row[p] == v for p, v in one.items()) for one in forbidden) for row in everything
    )
    if none_left:
        with pytest.raises(InvalidInputError, match="every case"):
            covering_array(levels, strength, forbidden)
        return
    found = covering_array(levels, strength, forbidden, candidates=3)
    missing, possible = uncovered(found.cases, levels, strength, forbidden)
    assert not missing
    assert found.combinations == possible


@pytest.mark.parametrize(
    ("levels", "published"),
    [
        # pairwise.org/efficiency.html: the largest of AETG, IPO, TConfig, Jenny, AllPairs, PICT.
        ([3] * 4, 11),
        ([3] * 13, 18),
        ([4] * 15 + [3] * 17 + [2] * 29, 41),
        ([4] + [3] * 39 + [2] * 35, 30),
        ([2] * 100, 16),
    ],
    ids=["3^4", "3^13", "4^15 3^17 2^29", "4 3^39 2^35", "2^100"],
)
def test_pairs_need_no_more_cases_than_published_tools(levels: list[int], published: int) -> None:
    found = covering_array(levels, 2, candidates=10)
    assert pairs_missing(found.cases, levels, 2) == 0
    assert len(found.cases) <= published


def test_ten_parameters_of_four_levels_need_about_thirty_cases() -> None:
    found = covering_array([4] * 10, 2)
    assert pairs_missing(found.cases, [4] * 10, 2) == 0
    # 16 are needed for two parameters, and no array of 16 has more than five columns.
    assert 16 < len(found.cases) <= 30


def test_a_constraint_that_is_a_function_becomes_what_it_forbids() -> None:
    levels = [4, 3, 4]
    forbidden = forbidden_by(levels, [2, 0], lambda rows: rows[:, 0] <= rows[:, 1])
    assert len(forbidden) == 6
    found = covering_array(levels, 2, forbidden)
    assert (found.cases[:, 2] <= found.cases[:, 0]).all()
    assert not uncovered(found.cases, levels, 2, forbidden)[0]


def test_constraints_exclude_together_what_none_excludes_alone() -> None:
    # a = 0 wants b = 0, b = 0 wants c = 0: so a = 0 with c = 1 cannot be.
    found = covering_array([2, 2, 2], 2, [{0: 0, 1: 1}, {1: 0, 2: 1}])
    assert found.excluded == 3


def test_the_same_seed_is_the_same_array() -> None:
    one, two = (covering_array([3] * 6, 2, seed=5).cases for _ in range(2))
    assert np.array_equal(one, two)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: covering_array([2, 2], 3), "strength 3"),
        (lambda: covering_array([2, 0], 1), "strength 1"),
        (lambda: covering_array([100] * 8, 5), "too many"),
        (lambda: covering_array([2, 2], 2, [{0: 2}]), "names no level"),
        (lambda: forbidden_by([1000] * 3, [0, 1, 2], lambda r: r[:, 0] > 0), "too large"),
    ],
)
def test_what_is_no_covering_array_is_refused(call: object, says: str) -> None:
    assert callable(call)
    with pytest.raises(InvalidInputError, match=says):
        call()
