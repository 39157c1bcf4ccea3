"""Distributions against scipy's, fits against scipy's fits, spaces against their own inverses."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from treadle.kernel import InvalidInputError
from treadle.proving.rules import distribution_random as standard
from treadle.proving.rules.campaigns.fitting import fits
from treadle.proving.rules.campaigns.marginals import Continuous, Marginal, of_standard
from treadle.proving.rules.campaigns.space import (
    distance,
    fitted_space,
    one_sided,
    rank_correlation,
    space,
    space_of_draws,
)
from treadle.proving.rules.campaigns.tabulated import Stepped, binned, empirical, stepped

if TYPE_CHECKING:
    from treadle.proving.rules.parameters import Kind

PAIRS: list[tuple[Continuous, Any]] = [
    (Continuous("normal", 3.0, 2.0), stats.norm(3.0, 2.0)),
    (Continuous("lognormal", 0.5, 0.8), stats.lognorm(0.8, scale=math.exp(0.5))),
    (Continuous("uniform", -1.0, 4.0), stats.uniform(-1.0, 5.0)),
    (Continuous("gamma", 2.5, 1.5), stats.gamma(2.5, scale=1.5)),
    (Continuous("weibull", 1.7, 3.0), stats.weibull_min(1.7, scale=3.0)),
    (Continuous("logistic", 1.0, 0.5), stats.logistic(1.0, 0.5)),
    (Continuous("gumbel", 1.0, 2.0), stats.gumbel_r(1.0, 2.0)),
]
SHARES = np.array([1e-12, 1e-6, 0.01, 0.3, 0.5, 0.9, 0.9999])
CUT = Continuous("normal", 0.0, 1.0, 6.0, 9.0)
LOWER_CUT = Continuous("gamma", 2.0, 1.0, 0.5, 0.7)
BINS = binned(np.array([4.0, 0.0, 1.0]), np.array([5.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0]))
ALL: list[Marginal] = [*(one for one, _ in PAIRS), CUT, LOWER_CUT, BINS]


@pytest.mark.parametrize(("ours", "scipys"), PAIRS, ids=lambda p: getattr(p, "kind", ""))
def test_continuous_kinds_are_scipys(ours: Continuous, scipys: Any) -> None:
    x = scipys.ppf(SHARES)
    np.testing.assert_allclose(ours.ppf(SHARES), x, rtol=1e-9)
    np.testing.assert_allclose(ours.isf(SHARES), scipys.isf(SHARES), rtol=1e-9)
    np.testing.assert_allclose(ours.cdf(x), SHARES, rtol=1e-7)
    np.testing.assert_allclose(ours.sf(x), scipys.sf(x), rtol=1e-7)
    np.testing.assert_allclose(ours.density(x), scipys.pdf(x), rtol=1e-8)


@pytest.mark.parametrize("limits", [(6.0, 9.0), (-9.0, -6.0), (-1.0, 2.0), (-math.inf, 0.5)])
def test_a_cut_normal_distribution_is_scipys_in_the_tails_too(limits: tuple[float, float]) -> None:
    ours, scipys = Continuous("normal", 0.0, 1.0, *limits), stats.truncnorm(*limits)
    u = np.linspace(-4.0, 4.0, 9)
    np.testing.assert_allclose(ours.from_normal(u), scipys.ppf(stats.norm.cdf(u)), rtol=1e-6)
    x = ours.from_normal(u)
    np.testing.assert_allclose(ours.density(x), scipys.pdf(x), rtol=1e-7)
    assert not ours.density(np.array([limits[1] + 1.0])).any()


@pytest.mark.parametrize("marginal", ALL, ids=str)
def test_a_density_adds_up_to_its_cdf(marginal: Marginal) -> None:
    low, middle = marginal.ppf(np.array([0.05, 0.6]))
    points = [p for p in (1.0, 2.0, 4.0) if low < p < middle]
    area, _ = integrate.quad(
        lambda x: float(marginal.density(np.array([x]))[0]), low, middle,
        points=points or None, limit=200,
    )  # fmt: skip
    assert area == pytest.approx(0.55, abs=1e-7)


@pytest.mark.parametrize("marginal", ALL, ids=str)
def test_to_the_normal_space_and_back_is_where_one_was(marginal: Marginal) -> None:
    u = np.linspace(-7.0, 7.0, 57)
    x = marginal.from_normal(u)
    assert (np.diff(x) >= 0).all()
    np.testing.assert_allclose(marginal.to_normal(x)[20:37], u[20:37], atol=1e-6)
    np.testing.assert_allclose(
        marginal.from_normal(marginal.to_normal(x)), x, rtol=1e-9, atol=1e-12
    )


def test_the_upper_tail_keeps_its_digits() -> None:
    u = np.array([8.5, 12.0, 30.0])
    np.testing.assert_allclose(Continuous("normal", 1.0, 2.0).from_normal(u), 1.0 + 2.0 * u)
    np.testing.assert_allclose(Continuous("normal", 1.0, 2.0).to_normal(1.0 + 2.0 * u), u)


def test_a_histogram_has_its_weights_and_nothing_in_its_gaps() -> None:
    assert BINS.cdf(np.array([0.0, 0.5, 1.0, 2.0, 3.0, 4.5, 9.0])).tolist() == [
        0.0, 0.125, 0.25, 0.75, 0.75, 0.875, 1.0,
    ]  # fmt: skip
    assert BINS.density(np.array([0.5, 1.5, 3.0, 4.5])).tolist() == [0.25, 0.5, 0.0, 0.25]
    assert BINS.ppf(np.array([0.125, 0.5, 0.875])).tolist() == [0.5, 1.5, 4.5]


def test_listed_values_come_with_their_weights() -> None:
    found = stepped(np.array([3.0, 1.0, 3.0]), np.array([1.0, 2.0, 1.0]))
    assert found.values.tolist() == [1.0, 3.0]
    assert found.density(np.array([1.0, 2.0, 3.0])).tolist() == [0.5, 0.0, 0.5]
    assert found.cdf(np.array([0.0, 1.0, 2.9, 3.0])).tolist() == [0.0, 0.5, 0.5, 1.0]
    u = np.random.default_rng(1).standard_normal(20_000)
    assert (found.from_normal(u) == 3.0).mean() == pytest.approx(0.5, abs=0.015)
    assert found.from_normal(found.to_normal(found.values)).tolist() == [1.0, 3.0]
    assert found.ppf(np.array([0.2, 0.7])).tolist() == [1.0, 3.0]


def test_a_rare_listed_value_is_reached_in_the_tail() -> None:
    found = stepped(np.array([0.0, 1.0]), np.array([1.0 - 1e-9, 1e-9]))
    beta = stats.norm.isf(1e-9)
    assert found.from_normal(np.array([beta - 1e-3, beta + 1e-3])).tolist() == [0.0, 1.0]


def test_recorded_samples_have_their_own_mean_and_quantiles() -> None:
    samples = np.random.default_rng(2).gamma(2.0, 1.0, 5000)
    found = empirical(samples)
    draws = found.from_normal(np.random.default_rng(3).standard_normal(40_000))
    assert draws.mean() == pytest.approx(samples.mean(), rel=0.02)
    assert found.cdf(np.median(samples, keepdims=True))[0] == pytest.approx(0.5, abs=1e-3)


KINDS: dict[str, "Kind"] = {"a": "double"}


@pytest.mark.parametrize(
    "one",
    [
        standard.Uniform(standard.Limits(2.0, 5.0)),
        standard.Normal(10.0, 3.0, standard.Limits(), "f:1"),
        standard.Normal(10.0, 3.0, standard.Limits(16.0, 18.0), "f:1"),
        standard.log_normal(10.0, 4.0, standard.Limits(upper=14.0), "f:1"),
        standard.poisson(7.0, standard.Limits(), "f:1"),
        standard.weighted(["1", "3", "8"], [1.0, 2.0, 1.0], "f:1"),
        standard.histogram([(standard.Limits(0, 1), 2.0), (standard.Limits(3, 4), 1.0)], "f:1"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_the_standards_distributions_give_what_their_draws_give(one: standard.Distribution) -> None:
    uniform = np.random.default_rng(1).random(2000)
    ours = of_standard(one, "f:1")
    # Cut off above its mean the standard's normal distribution is drawn from its upper end down.
    falls = isinstance(one, standard.Normal) and one.limits.lower > one.mean
    theirs = one.at(1.0 - uniform if falls else uniform, "double")
    np.testing.assert_allclose(ours.ppf(uniform), theirs, rtol=1e-9)


def test_texts_are_drawn_by_their_places() -> None:
    one = standard.weighted(["dry", "wet"], [3.0, 1.0], "f:1")
    ours = of_standard(one, "f:1")
    assert isinstance(ours, Stepped)
    assert ours.labels == ("dry", "wet")
    assert ours.ppf(np.array([0.5, 0.9])).tolist() == [0.0, 1.0]


@pytest.mark.parametrize(("ours", "scipys"), PAIRS, ids=lambda p: getattr(p, "kind", ""))
def test_the_kind_that_made_samples_is_found_again(ours: Continuous, scipys: Any) -> None:
    samples = scipys.rvs(4000, random_state=np.random.default_rng(5))
    found = {fit.marginal.kind: fit for fit in fits(samples)}
    best = fits(samples)[0]
    assert found[ours.kind].aic - best.aic < 4.0
    assert best.distance < 0.03
    assert not found[ours.kind].doubtful
    cdf: Any = best.marginal.cdf
    assert best.distance == pytest.approx(stats.kstest(samples, cdf).statistic)


@pytest.mark.parametrize(
    ("kind", "scipys", "fixed"),
    [
        ("gamma", stats.gamma, {"floc": 0}),
        ("weibull", stats.weibull_min, {"floc": 0}),
        ("lognormal", stats.lognorm, {"floc": 0}),
        ("gumbel", stats.gumbel_r, {}),
        ("logistic", stats.logistic, {}),
        ("normal", stats.norm, {}),
    ],
)
def test_fits_are_as_likely_as_scipys(kind: str, scipys: Any, fixed: dict[str, float]) -> None:
    samples = np.random.default_rng(8).gamma(3.0, 2.0, 500)
    (fit,) = fits(samples, [kind])
    theirs = float(scipys.logpdf(samples, *scipys.fit(samples, **fixed)).sum())
    assert fit.log_likelihood == pytest.approx(theirs, abs=1e-3)
    assert fit.log_likelihood > theirs - 1e-6


def test_what_fits_badly_is_doubtful() -> None:
    source = np.random.default_rng(3)
    two_heaps = np.concatenate([source.normal(-5, 0.5, 500), source.normal(5, 0.5, 500)])
    assert all(fit.doubtful for fit in fits(two_heaps, ["normal", "logistic", "gumbel"]))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-0.7, 0.7), min_size=3, max_size=3))
def test_a_correlated_space_and_back(correlations: list[float]) -> None:
    a, b, c = correlations
    r = np.array([[1, a, b], [a, 1, c], [b, c, 1]])
    marginals = {"x": PAIRS[0][0], "y": PAIRS[3][0], "z": PAIRS[6][0]}
    if np.linalg.eigvalsh(r).min() < 0.01:
        return
    found = space(marginals, r.tolist())
    u = np.random.default_rng(1).standard_normal((50, 3))
    np.testing.assert_allclose(found.points(found.parameters(u)), u, atol=1e-7)


def test_the_density_of_a_correlated_space_is_the_multivariate_normal_one() -> None:
    r = np.array([[1.0, 0.6], [0.6, 1.0]])
    found = space({"x": Continuous("normal", 1, 2), "y": Continuous("normal", -1, 0.5)}, r.tolist())
    covariance = r * np.outer([2.0, 0.5], [2.0, 0.5])
    x = np.random.default_rng(1).normal(size=(20, 2))
    theirs = stats.multivariate_normal([1.0, -1.0], covariance).pdf(x)
    np.testing.assert_allclose(found.density(x), theirs, rtol=1e-9)


def test_a_space_fitted_to_recordings_has_their_correlation() -> None:
    source = np.random.default_rng(4)
    u = source.multivariate_normal([0, 0], [[1, 0.7], [0.7, 1]], 3000)
    recorded = {"speed": 30 + 4 * u[:, 0], "gap": np.exp(2 + 0.4 * u[:, 1])}
    found = fitted_space(recorded)
    assert [getattr(m, "kind", "") for m in found.marginals][1] == "lognormal"
    drawn = found.parameters(source.standard_normal((20_000, 2)))
    for i, name in enumerate(recorded):
        assert drawn[:, i].mean() == pytest.approx(recorded[name].mean(), rel=0.02)
    mine = stats.spearmanr(*drawn.T).statistic
    assert mine == pytest.approx(
        stats.spearmanr(recorded["speed"], recorded["gap"]).statistic, abs=0.03
    )


def test_recordings_that_fix_one_another_still_make_a_space() -> None:
    x = np.random.default_rng(1).normal(size=200)
    assert np.linalg.eigvalsh(rank_correlation(np.stack([x, x, -x], axis=1))).min() > 0


def test_shares_become_quantiles() -> None:
    found = space_of_draws(standard.Draws({"v": standard.Uniform(standard.Limits(10.0, 20.0))}))
    np.testing.assert_allclose(
        found.at_shares(np.array([[0.0], [0.25], [1.0]])).ravel(), [10, 12.5, 20]
    )
    assert distance(np.array([[3.0, 4.0]])).tolist() == [5.0]
    assert one_sided(4.753424) == pytest.approx(1e-6, rel=1e-5)
    assert found.composed(lambda x: x[:, 0])(np.zeros((1, 1))).tolist() == [15.0]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Continuous("normal", 0, -1), "make no normal"),
        (lambda: Continuous("cauchy", 0, 1), "no kind"),
        (lambda: Continuous("uniform", 0, 1, 2, 3), "no probability"),
        (lambda: fits(np.ones(50)), "alike"),
        (lambda: fits(-np.arange(50.0), ["gamma"]), "none of gamma"),
        (lambda: fits(np.arange(50.0), ["cauchy"]), "no kind"),
        (lambda: binned(np.zeros(2), np.ones(2), np.ones(2)), "over one another"),
        (lambda: stepped(np.ones(1), np.zeros(1)), "weights"),
        (lambda: empirical(np.ones(5)), "two different"),
        (lambda: space({}), "without a parameter"),
        (lambda: space({"x": BINS, "y": BINS}, [[1, 2], [2, 1]]), "contradict"),
        (lambda: space({"x": BINS}, [[2]]), "diagonal"),
        (lambda: fitted_space({"x": np.ones(3), "y": np.ones(4)}), "lengths"),
        (lambda: rank_correlation(np.ones((3, 2))), "nothing of a correlation"),
    ],
)
def test_what_is_no_distribution_is_refused(call: object, says: str) -> None:
    assert callable(call)
    with pytest.raises(InvalidInputError, match=says):
        call()
