"""Designs against what they promise: all cases, one value a part, low discrepancy."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import qmc

from treadle.kernel import InvalidInputError
from treadle.proving.rules.campaigns.designs import (
    grid,
    grid_count,
    grid_shares,
    latin_hypercube,
    sobol,
)

levels_of = st.lists(st.integers(1, 5), min_size=1, max_size=5)


@given(levels_of)
def test_a_grid_is_the_product_of_its_levels(levels: list[int]) -> None:
    assert [tuple(row) for row in grid(levels)] == list(
        itertools.product(*(range(n) for n in levels))
    )


@given(levels_of, st.data())
def test_any_part_of_a_grid_is_that_part_of_the_whole(
    levels: list[int], data: st.DataObject
) -> None:
    count = grid_count(levels)
    start = data.draw(st.integers(0, count))
    stop = data.draw(st.integers(start, count))
    assert np.array_equal(grid(levels, start, stop), grid(levels)[start:stop])


def test_a_grid_of_more_than_two_to_the_63_is_counted_and_cut_exactly() -> None:
    levels = [10] * 30
    assert grid_count(levels) == 10**30
    row = grid(levels, 10**30 - 2, 10**30 - 1)
    assert row.tolist() == [[9] * 29 + [8]]


def test_levels_stand_in_the_middles_of_equal_parts() -> None:
    assert grid_shares([2, 4], np.array([[0, 0], [1, 3]])).tolist() == [
        [0.25, 0.125],
        [0.75, 0.875],
    ]


@given(st.integers(1, 200), st.integers(1, 6), st.integers(0, 2**32))
def test_a_latin_hypercube_has_one_value_in_each_part(n: int, d: int, seed: int) -> None:
    found = latin_hypercube(n, d, seed)
    assert ((found >= 0) & (found < 1)).all()
    for column in found.T:
        assert sorted(np.floor(column * n).astype(int)) == list(range(n))


def test_a_sobol_sequence_is_more_even_than_chance_and_balanced() -> None:
    found = sobol(256, 5, seed=4)
    chance = np.random.default_rng(4).random((256, 5))
    assert qmc.discrepancy(found) < 0.2 * qmc.discrepancy(chance)
    for column in found.T:
        assert sorted(np.floor(column * 256).astype(int)) == list(range(256))


@given(st.integers(0, 300), st.integers(1, 200), st.integers(1, 8))
def test_any_part_of_a_sobol_sequence_can_be_had_alone(start: int, n: int, d: int) -> None:
    assert np.array_equal(sobol(n, d, 3, start), sobol(start + n, d, 3)[start:])


def test_another_seed_is_another_design() -> None:
    assert not np.array_equal(sobol(8, 2, 1), sobol(8, 2, 2))
    assert not np.array_equal(latin_hypercube(8, 2, 1), latin_hypercube(8, 2, 2))


@pytest.mark.parametrize(
    "call",
    [
        lambda: grid([2, 0]),
        lambda: grid([2, 2], 0, 5),
        lambda: latin_hypercube(0, 2, 1),
        lambda: sobol(4, 0, 1),
        lambda: sobol(4, 30_000, 1),
        lambda: sobol(2**30, 2, 1, start=1),
    ],
)
def test_what_is_no_design_is_refused(call: object) -> None:
    assert callable(call)
    with pytest.raises(InvalidInputError):
        call()
