"""Levels of parameters, alone and together: against sets of tuples, and by hand."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treadle.kernel import InvalidInputError
from treadle.proving.formats.levelling import levels_read, levels_written
from treadle.proving.rules.levels import (
    Levels,
    Part,
    joined,
    levelled,
    together,
    together_covered,
    values_covered,
)


def of(table: dict[str, np.ndarray], some: np.ndarray, **chosen: int) -> Levels:
    """Return the levels of a table, of which some rows are told."""
    told = {name: column[some] for name, column in table.items()}
    asked = {"intervals": 4, "strength": 2} | chosen
    return levelled(
        table, told, n=len(some), intervals=asked["intervals"], strength=asked["strength"],
        are_all=True,
    )  # fmt: skip


@given(st.data())
def test_combinations_are_those_that_sets_of_tuples_tell(data: st.DataObject) -> None:
    n, strength = data.draw(st.integers(1, 60)), data.draw(st.integers(1, 3))
    names = ("a", "b", "c", "d")[: data.draw(st.integers(1, 4))]
    draw = st.lists(st.integers(0, 3), min_size=n, max_size=n)
    table = {name: np.array(data.draw(draw), np.float64) for name in names}
    flags = st.lists(st.booleans(), min_size=n, max_size=n)
    outside = np.array(data.draw(flags))
    decided = np.array(data.draw(flags)) & ~outside
    levels = of(table, np.arange(n), strength=strength)
    found = together_covered(levels, decided, outside)

    varied = [name for name in names if len(set(table[name])) > 1]
    k = min(strength, len(varied))

    def tuples(rows: np.ndarray) -> set[tuple[object, ...]]:
        return {
            (chosen, *(float(table[name][row]) for name in chosen))
            for chosen in combinations(varied, k)
            for row in np.flatnonzero(rows)
        }

    asked = tuples(~outside)  # a combination that is outside in every variant is none
    assert found == Part(covered=len(tuples(decided)), asked=len(asked))


def test_a_parameter_of_many_values_is_covered_in_even_intervals() -> None:
    speed = np.linspace(0.0, 100.0, 101)
    levels = of({"speed": speed}, np.array([0, 10, 30, 100]))
    assert levels.labels == (("0 to 25", "25 to 50", "50 to 75", "75 to 100"),)
    assert levels.of[:, 0].tolist() == [0, 0, 1, 3]
    (there,) = values_covered(levels, np.array([True, True, False, True]))
    assert there.tolist() == [True, False, False, True]


def test_what_does_not_vary_is_no_parameter_and_a_scenario_alone_is_one_case() -> None:
    levels = of({"fixed": np.array([3.0, 3.0])}, np.arange(2))
    assert levels.names == ()
    assert together_covered(levels, np.array([True, False]), np.zeros(2, bool)) == Part(
        covered=1, asked=1
    )
    assert together_covered(levels, np.zeros(2, bool), np.zeros(2, bool)).covered == 0


def test_texts_are_levels_in_their_order_and_parts_join() -> None:
    table = {"who": np.array(["car", "van", "car"]), "gap": np.array([1.0, 2.0, 3.0])}
    one, other = of(table, np.array([0])), of(table, np.array([1, 2]))
    whole = joined([one, other])
    assert whole.labels == (("car", "van"), ("1", "2", "3"))
    assert whole.of.tolist() == [[0, 0], [1, 1], [0, 2]]
    assert whole.asked[:, 1].tolist() == [1, 1, 1]


def test_levels_are_the_same_after_a_way_through_bytes() -> None:
    table = {"who": np.array(["car", "van"]), "gap": np.array([1.0, 2.0])}
    levels = of(table, np.arange(2))
    again = levels_read(levels_written(levels))
    assert (again.names, again.labels, again.strength) == (
        levels.names, levels.labels, levels.strength,
    )  # fmt: skip
    assert again.asked.tolist() == levels.asked.tolist()
    assert again.of.tolist() == levels.of.tolist()
    assert levels_written(again) == levels_written(levels)


def test_more_combinations_than_can_be_counted_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="3 parameters together have more than 5,000,000"):
        together(np.zeros((1, 3), np.int64), (200, 200, 200), 3)
