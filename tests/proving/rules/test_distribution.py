"""Distributions: counts and products against itertools, draws against their distributions."""

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from treadle.kernel import InvalidInputError
from treadle.proving.rules.distribution import Product, SetAxis, range_axis
from treadle.proving.rules.distribution_random import (
    Draws,
    Limits,
    Normal,
    Uniform,
    histogram,
    log_normal,
    poisson,
    uniforms,
    weighted,
)

if TYPE_CHECKING:
    from treadle.proving.rules.parameters import Kind

N = 40_000


def steps(lower: str, step: str, upper: str) -> list[float]:
    axis = range_axis("x", (lower, step, upper), "f:1")
    return list(axis.columns(np.arange(axis.count), {"x": "double"})["x"])


@pytest.mark.parametrize(
    ("limits", "values"),
    [
        (("0.1", "0.1", "0.3"), [0.1, 0.2, 0.3]),
        (("0", "3", "10"), [0.0, 3.0, 6.0, 9.0]),
        (("-0.2", "0.1", "0.30000000000000004"), [-0.2, -0.1, 0.0, 0.1, 0.2, 0.3]),
        (("5", "1", "5"), [5.0]),
        (("1e-3", "1e-3", "3e-3"), [0.001, 0.002, 0.003]),
    ],
)
def test_a_range_includes_both_ends_and_its_steps_are_the_decimals_written(
    limits: tuple[str, str, str], values: list[float]
) -> None:
    assert steps(*limits) == values


@pytest.mark.parametrize(
    "limits",
    [("0", "0", "1"), ("0", "-1", "1"), ("2", "1", "1"), ("0", "NaN", "1"), ("a", "1", "2"),
     ("0", "1", "INF"), ("0", "1", "1e308"), ("0", "1e-999999", "1")],
)  # fmt: skip
def test_a_range_without_values_is_refused(limits: tuple[str, str, str]) -> None:
    with pytest.raises(InvalidInputError, match="f:1"):
        range_axis("x", limits, "f:1")


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_the_last_parameter_varies_fastest(sizes: list[int]) -> None:
    axes = tuple(
        SetAxis((f"p{i}",), tuple((str(v),) for v in range(size)), "f:1")
        for i, size in enumerate(sizes)
    )
    kinds: dict[str, Kind] = {f"p{i}": "int" for i in range(len(sizes))}
    columns = Product(axes).columns(range(Product(axes).count), kinds)
    rows = list(zip(*(columns[f"p{i}"] for i in range(len(sizes))), strict=True))
    assert rows == list(itertools.product(*(range(size) for size in sizes)))


def test_more_variants_than_fit_anywhere_are_counted_and_picked() -> None:
    axes = tuple(range_axis(f"p{i}", ("0", "0.001", "999.999"), "f:1") for i in range(4))
    product = Product(axes)
    assert product.count == 10**24
    kinds: dict[str, Kind] = {f"p{i}": "double" for i in range(4)}
    got = product.columns([123_456_789_012_345_678_901_234], kinds)
    assert [float(got[f"p{i}"][0]) for i in range(4)] == [123.456, 789.012, 345.678, 901.234]
    with pytest.raises(InvalidInputError, match="none of them"):
        product.columns([10**24], kinds)


def test_a_fraction_for_an_integer_parameter_is_refused() -> None:
    axis = range_axis("x", ("0", "0.5", "2"), "f:1")
    with pytest.raises(InvalidInputError, match="no int"):
        axis.columns(np.arange(5), {"x": "int"})


def test_a_variant_is_the_same_drawn_alone_or_among_many() -> None:
    draws = Draws({"x": Normal(0.0, 1.0, Limits(), "f:1"), "y": Uniform(Limits(2.0, 3.0))})
    kinds: dict[str, Kind] = {"x": "double", "y": "double"}
    many = draws.columns(np.arange(5000), kinds, seed=7)
    for k in (0, 1023, 1024, 4999):
        alone = draws.columns(np.array([k]), kinds, seed=7)
        assert alone["x"][0] == many["x"][k]
        assert alone["y"][0] == many["y"][k]
    other = draws.columns(np.arange(10), kinds, seed=8)
    assert not np.isclose(other["x"], many["x"][:10]).any()
    shuffled = np.random.default_rng(0).permutation(5000)
    np.testing.assert_array_equal(draws.columns(shuffled, kinds, seed=7)["x"], many["x"][shuffled])


def spread(drawn: np.ndarray) -> tuple[float, float]:
    return float(drawn.mean()), float(drawn.var())


def test_draws_have_the_moments_of_their_distributions() -> None:
    u = uniforms(np.arange(N), 1, seed=3)[:, 0]
    assert spread(u) == pytest.approx((0.5, 1 / 12), rel=0.02)
    normal = Normal(5.0, 2.0, Limits(), "f:1").at(u, "double")
    assert spread(normal) == pytest.approx((5.0, 4.0), rel=0.03)
    assert spread(log_normal(3.0, 0.5, Limits(), "f:1").at(u, "double")) == pytest.approx(
        (3.0, 0.5), rel=0.05
    )
    assert spread(poisson(4.0, Limits(), "f:1").at(u, "int")) == pytest.approx((4.0, 4.0), rel=0.03)
    flat = histogram([(Limits(0, 1), 1.0), (Limits(1, 3), 3.0)], "f:1").at(u, "double")
    assert float((flat < 1.0).mean()) == pytest.approx(0.25, abs=0.01)
    assert float((flat < 2.0).mean()) == pytest.approx(0.625, abs=0.01)
    words = weighted(["car", "bus"], [3.0, 1.0], "f:1").at(u, "string")
    assert float((words == "car").mean()) == pytest.approx(0.75, abs=0.01)


def test_a_range_cuts_off_and_keeps_the_proportions_inside() -> None:
    u = uniforms(np.arange(N), 1, seed=3)[:, 0]
    for low, high in ((-1.0, 0.5), (2.0, 9.0), (8.0, 9.0)):
        drawn = Normal(0.0, 1.0, Limits(low, high), "f:1").at(u, "double")
        assert drawn.min() >= low
        assert drawn.max() <= high
        assert stats.kstest(drawn, stats.truncnorm(low, high).cdf).pvalue > 1e-3
    assert set(poisson(4.0, Limits(3, 5), "f:1").at(u, "int")) == {3.0, 4.0, 5.0}
    with pytest.raises(InvalidInputError, match="no probability"):
        Normal(0.0, 1.0, Limits(50.0, 51.0), "f:1").at(u, "double")


def test_an_integer_parameter_gets_integers() -> None:
    u = uniforms(np.arange(100), 1, seed=3)[:, 0]
    drawn = Uniform(Limits(-0.4, 9.4)).at(u, "unsignedShort")
    assert set(drawn) <= set(range(10))


@pytest.mark.parametrize("weights", [[], [0.0, 0.0], [-1.0, 2.0], [float("inf"), 1.0]])
def test_weights_that_are_none_are_refused(weights: list[float]) -> None:
    with pytest.raises(InvalidInputError, match="weights"):
        weighted(["a"] * len(weights), weights, "f:1")
