"""Maps over two parameters: counts and worst kinds against a plain loop, frontiers likewise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treadle.kernel import InvalidInputError
from treadle.proving.rules.mapping import BINS, MOST, Scale, crashes_of, laid_out, scale_of
from treadle.proving.rules.verdicts import frontier


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 4)), max_size=60))
def test_cells_are_counted_as_a_loop_counts_them(rows: list[tuple[int, int, int]]) -> None:
    table = np.array(rows, np.int64).reshape(-1, 3)
    x = Scale(places=table[:, 0], labels=tuple("abcde"))
    y = Scale(places=table[:, 1], labels=tuple("wxyz"))
    field = laid_out(x, y, table[:, 2], 5)
    for a in range(5):
        for b in range(4):
            mine = [(n, kind) for n, (p, q, kind) in enumerate(rows) if (p, q) == (a, b)]
            assert field.counts[a, b].tolist() == [
                sum(kind == k for _, kind in mine) for k in range(5)
            ]
            worst = min((kind for _, kind in mine), default=-1)
            assert field.worst[a, b] == worst
            first = next((n for n, kind in mine if kind == worst), -1)
            assert field.first[a, b] == first


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.sampled_from([0.0, 1.0, np.nan])),
        max_size=60,
    )
)
def test_the_frontier_runs_between_all_cells_that_differ(
    rows: list[tuple[int, int, float]],
) -> None:
    table = np.array(rows, np.float64).reshape(-1, 3)
    x = Scale(places=table[:, 0].astype(np.int64), labels=tuple("abcde"))
    y = Scale(places=table[:, 1].astype(np.int64), labels=tuple("abcde"))
    crashed = crashes_of(x, y, table[:, 2])
    told = {}
    for a in range(5):
        for b in range(5):
            mine = [c for p, q, c in rows if (p, q) == (a, b)]
            if 1.0 in mine:
                told[a, b] = "crashes"
            elif mine and not any(np.isnan(mine)):
                told[a, b] = "avoids"
    wanted = {
        (a, b, axis)
        for (a, b), what in told.items()
        for axis, other in enumerate([(a + 1, b), (a, b + 1)])
        if other in told and told[other] != what
    }
    assert {tuple(edge) for edge in frontier(crashed).tolist()} == wanted


def test_few_values_stand_for_themselves_in_their_order() -> None:
    scale = scale_of("gap", np.array([30.0, 10.0, 20.5, 10.0]))
    assert scale.labels == ("10", "20.5", "30")
    assert scale.places.tolist() == [2, 0, 1, 0]


def test_many_numbers_come_in_even_intervals() -> None:
    values = np.linspace(0.0, 80.0, 801)
    scale = scale_of("speed", values)
    assert len(scale.labels) == BINS == 40
    assert scale.labels[0] == "0 to 2"
    # Each interval holds its lower end: 0.0 to 1.9 are 20 values, and the last has its upper end.
    assert np.bincount(scale.places).tolist() == [20] * 39 + [21]


def test_a_narrow_range_far_from_zero_has_labels_that_differ() -> None:
    scale = scale_of("x", 1e6 + np.linspace(0.0, 1.0, 200))
    assert len(set(scale.labels)) == BINS


def test_words_stand_in_the_order_they_came_and_too_many_are_refused() -> None:
    scale = scale_of("car", np.array(["van", "bus", "van", "car"]))
    assert scale.labels == ("van", "bus", "car")
    assert scale.places.tolist() == [0, 1, 0, 2]
    with pytest.raises(InvalidInputError, match="car has 65 values of text"):
        scale_of("car", np.array([f"car {k}" for k in range(MOST + 1)]))
