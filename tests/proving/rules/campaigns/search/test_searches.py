"""Searches against published minima and a circle; resumed ones against whole ones; reductions."""

import json
import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from proving.rules.campaigns import known
from treadle.kernel import InvalidInputError, RefusedError
from treadle.proving.rules.campaigns.asking import drive
from treadle.proving.rules.campaigns.reduction import Reduction
from treadle.proving.rules.campaigns.search.bayesian import BayesianSearch
from treadle.proving.rules.campaigns.search.box import Search
from treadle.proving.rules.campaigns.search.cma_es import EvolutionStrategy
from treadle.proving.rules.campaigns.search.frontier import FrontierSearch
from treadle.proving.rules.campaigns.search.surrogate import _loss, surrogate

KINDS = [EvolutionStrategy, BayesianSearch, FrontierSearch]
ZEROS, ONES = np.zeros(2), np.ones(2)


def branin(x: np.ndarray) -> np.ndarray:
    """Three minima of 0.397887 (L. C. W. Dixon, G. P. Szego, 1978)."""
    a, b = x[:, 0], x[:, 1]
    bowl = b - 5.1 / (4 * np.pi**2) * a * a + 5 / np.pi * a - 6
    found: np.ndarray = bowl**2 + 10 * (1 - 1 / (8 * np.pi)) * np.cos(a) + 10
    return found


def ring(x: np.ndarray) -> np.ndarray:
    """Fails within a circle of radius 0.25."""
    return np.hypot(x[:, 0] - 0.5, x[:, 1] - 0.4) - 0.25


def searched(search: Search, outcome: known.Outcome) -> Search:
    drive(search, outcome)
    return search


def test_cma_es_comes_to_the_bottom_of_an_ill_shaped_valley() -> None:
    bottom = np.linspace(0.2, 0.8, 5)

    def valley(x: np.ndarray) -> np.ndarray:
        found: np.ndarray = (((x - bottom) * np.logspace(0, 2, 5)) ** 2).sum(axis=1)
        return found

    found = searched(EvolutionStrategy(np.zeros(5), np.ones(5), 3000, 1), valley)
    np.testing.assert_allclose(found.best[0], bottom, atol=1e-4)


def test_cma_es_comes_to_a_corner() -> None:
    found = searched(
        EvolutionStrategy(np.full(3, -1.0), np.ones(3), 1500, 2), lambda x: x.sum(axis=1)
    )
    np.testing.assert_allclose(found.best[0], -1.0, atol=1e-3)


def test_cma_es_counts_values_by_their_order_only() -> None:
    one = searched(EvolutionStrategy(ZEROS, ONES, 400, 3), ring)
    other = searched(EvolutionStrategy(ZEROS, ONES, 400, 3), lambda x: np.exp(7 * ring(x)) - 99)
    assert np.array_equal(one.points, other.points)


def test_cma_es_begins_again_where_it_stands() -> None:
    found = EvolutionStrategy(ZEROS, ONES, 3000, 4)
    drive(found, lambda x: np.floor(9 * ring(x)))
    assert found.restarts > 0
    assert found.best[1] == -3.0


def test_bayesian_search_finds_branins_minimum_in_fifty_runs() -> None:
    box = np.array([-5.0, 0.0]), np.array([10.0, 15.0])
    found = searched(BayesianSearch(*box, 56, 1, batch=4), branin)
    assert found.best[1] < 0.397887 + 0.02
    chance = np.random.default_rng(1).uniform(*box, (56, 2))
    assert found.best[1] < branin(chance).min()


def test_a_rare_failure_is_found_with_few_runs() -> None:
    case = known.plane(1e-6, 4)
    box = np.full(4, -6.0), np.full(4, 6.0)
    for kind in (BayesianSearch, EvolutionStrategy):
        found = searched(kind(*box, 400, 1, until_failure=True), case.outcome)
        assert len(found.failures) > 0
        assert len(found.outcomes) < 200
        assert (case.outcome(found.failures) <= 0.0).all()


@pytest.mark.parametrize("slope", [True, False], ids=["slope", "step"])
def test_the_frontier_of_a_circle_is_drawn_with_and_without_a_slope(slope: bool) -> None:
    outcome = ring if slope else lambda x: np.sign(ring(x))
    found = FrontierSearch(ZEROS, ONES, 180, 1)
    drive(found, outcome)
    crossings = found.crossings()
    assert (np.abs(ring(crossings.middle)) <= crossings.gap).all()
    assert np.abs(ring(crossings.middle)).max() < 0.02
    angles = np.sort(np.arctan2(crossings.middle[:, 1] - 0.4, crossings.middle[:, 0] - 0.5))
    assert np.diff(np.append(angles, angles[0] + 2 * np.pi)).max() < 0.6
    places = np.random.default_rng(1).random((4000, 2))
    fails, sure = found.sure(places)
    wrong = fails != (ring(places) <= 0)
    assert wrong.mean() < 0.015
    assert not (wrong & (sure > 10.0)).any()


@pytest.mark.parametrize("kind", KINDS)
def test_killed_after_every_round_a_search_goes_on_with_the_same_bits(kind: type[Search]) -> None:
    whole = searched(kind(ZEROS, ONES, 96, 5), ring)
    search = kind(ZEROS, ONES, 96, 5)
    while not search.done:
        state = json.dumps(search.state(), allow_nan=False)
        asked = search.ask()
        search = kind.resumed(json.loads(state))
        assert np.array_equal(search.ask(), asked)
        search = kind.resumed(json.loads(json.dumps(search.state(), allow_nan=False)))
        search.tell(ring(search.ask()))
    assert np.array_equal(search.points, whole.points)
    assert np.array_equal(search.outcomes, whole.outcomes)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1.0])
def test_values_that_say_nothing_do_not_stop_a_search(kind: type[Search], value: float) -> None:
    def outcome(x: np.ndarray) -> np.ndarray:
        return np.where(x[:, 0] > 0.3, value, ring(x))

    found = searched(kind(ZEROS, ONES, 80, 1), outcome)
    assert len(found.outcomes) == 80
    assert ((found.points >= 0) & (found.points <= 1)).all()

    def flat(x: np.ndarray) -> np.ndarray:
        return np.full(len(x), value)

    searched(kind(ZEROS, ONES, 80, 1), flat)


@pytest.mark.parametrize("kind", KINDS)
def test_every_run_is_inside_the_box_and_none_is_too_many(kind: type[Search]) -> None:
    found = searched(kind(np.array([-3.0, 5.0]), np.array([-2.0, 9.0]), 77, 1, batch=10),
                     lambda x: x.sum(axis=1))  # fmt: skip
    assert len(found.points) == 77
    assert (found.points >= [-3.0, 5.0]).all()
    assert (found.points <= [-2.0, 9.0]).all()


def test_the_gaussian_process_is_the_conditional_normal_distribution() -> None:
    """Against conditioning a joint normal of Matern 5/2 written out with scipy's own."""
    source = np.random.default_rng(1)
    x, y = source.random((12, 2)), source.standard_normal(12)
    model = surrogate(x, y)
    new = source.random((5, 2))
    every = np.concatenate([x, new]) / model.lengths
    r = math.sqrt(5) * np.linalg.norm(every[:, None] - every[None], axis=2)
    joint = (1 + r + r * r / 3) * np.exp(-r)
    joint[np.diag_indices(12)] += 0.0
    inner = joint[:12, :12] + np.eye(12) * (model.noise + 1e-6)
    gain = joint[12:, :12] @ np.linalg.inv(inner)
    expected, deviation = model.at(new)
    np.testing.assert_allclose(expected, y.mean() + gain @ (y - y.mean()), atol=1e-6)
    variance = np.diag(joint[12:, 12:] - gain @ joint[:12, 12:])
    np.testing.assert_allclose(deviation, y.std() * np.sqrt(variance), atol=1e-5)


def test_the_gradient_of_the_likelihood_is_its_slope() -> None:
    source = np.random.default_rng(2)
    x, y = source.random((10, 3)), source.standard_normal(10)
    squares = (x[:, None] - x[None]) ** 2
    numbers = np.array([-0.5, 0.2, 0.1, -3.0])
    gradient = _loss(numbers, squares, y)[1]

    def loss(at: np.ndarray) -> float:
        return _loss(at, squares, y)[0]

    slope = optimize.approx_fprime(numbers, loss, 1e-7)
    np.testing.assert_allclose(gradient, slope, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "call",
    [
        lambda: EvolutionStrategy(ONES, ZEROS, 10, 1),
        lambda: BayesianSearch(ZEROS, np.array([1.0, math.inf]), 10, 1),
        lambda: FrontierSearch(ZEROS, ONES, 0, 1),
    ],
)
def test_what_is_no_box_is_refused(call: Callable[[], object]) -> None:
    with pytest.raises(InvalidInputError):
        call()


def test_a_search_that_is_driven_too_short_says_so() -> None:
    with pytest.raises(RefusedError, match="not done"):
        drive(EvolutionStrategy(ZEROS, ONES, 1000, 1), ring, most_rounds=2)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 8), st.floats(1.0, 5.0), st.integers(0, 1000))
def test_a_failure_beyond_a_plane_is_reduced_to_the_foot_of_its_perpendicular(
    d: int, beta: float, seed: int
) -> None:
    source = np.random.default_rng(seed)
    slope = source.standard_normal(d)
    slope /= np.linalg.norm(slope)
    start = source.standard_normal(d) + slope * (beta + 3.0)
    start += slope * max(0.0, beta - float(start @ slope))
    found = Reduction(start, 3000)
    drive(found, lambda u: beta - u @ slope)
    # A parameter left at nominal is worth 0.1 % of the distance.
    assert beta * (1 - 1e-9) <= found.distance <= beta * (1 + 1e-3 * (d + 1))
    # Of the run itself; worked out alone the last bit may differ.
    assert beta - found.point @ slope <= 1e-12


def test_without_a_slope_it_is_reduced_too() -> None:
    slope = np.array([0.6, 0.0, 0.8])
    found = Reduction(np.array([4.0, 2.0, 5.0]), 3000)
    drive(found, lambda u: np.where(u @ slope >= 3.0, -1.0, 1.0))
    assert found.distance == pytest.approx(3.0, rel=0.01)


def test_on_a_curve_it_is_the_nearest_point_that_scipy_finds() -> None:
    def outcome(u: np.ndarray) -> np.ndarray:
        found: np.ndarray = 3.0 - u[:, 0] - 0.3 * u[:, 1] ** 2
        return found

    found = Reduction(np.array([4.0, 2.5]), 2000)
    drive(found, outcome)
    # On the curve u0 = 3 - 0.3 u1^2.
    best = optimize.minimize_scalar(lambda x: (3.0 - 0.3 * x * x) ** 2 + x * x, bounds=(0.0, 4.0))
    assert found.distance == pytest.approx(math.sqrt(float(best.fun)), rel=2e-3)


def test_parameters_that_do_not_matter_are_put_back_to_nominal() -> None:
    found = Reduction(np.array([3.0, 2.0, 1.0, -1.0, 5.0]), 2000)
    drive(found, lambda u: np.maximum(3.0 - u[:, 4], 1.0 - u[:, 0]))
    assert found.changed.tolist() == [0, 4]
    np.testing.assert_allclose(found.point[[0, 4]], [1.0, 3.0], rtol=2e-3)
    # The likeliest case of two conditions: its distance says no probability of a plane.
    assert stats.norm.sf(found.distance) < 1e-3


def test_a_reduction_is_the_same_each_time_and_after_a_kill() -> None:
    case = known.plane(1e-4, 4)
    start = np.array([5.0, 1.0, 3.0, 4.0])
    whole = Reduction(start, 500)
    drive(whole, case.outcome)
    one = Reduction(start, 500)
    while not one.done:
        one = Reduction.resumed(json.loads(json.dumps(one.state(), allow_nan=False)))
        one.tell(case.outcome(one.ask()))
    assert np.array_equal(one.point, whole.point)
    assert len(one.outcomes) == len(whole.outcomes)


def test_what_does_not_fail_cannot_be_reduced() -> None:
    for value in (1.0, math.nan):
        found = Reduction(np.ones(2), 10)
        with pytest.raises(InvalidInputError, match="does not fail"):
            found.tell(np.array([value]) + 0 * found.ask()[:, 0])
    with pytest.raises(InvalidInputError, match="finite"):
        Reduction(np.array([math.nan]), 10)


def test_a_failure_at_nominal_itself_needs_no_parameter() -> None:
    found = Reduction(np.array([1.0, 2.0]), 100)
    drive(found, lambda u: np.full(len(u), -1.0))
    assert found.distance == 0.0
    assert found.changed.tolist() == []
