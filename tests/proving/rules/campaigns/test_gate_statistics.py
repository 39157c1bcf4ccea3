"""Paired outcomes against published tables, scipy's exact tests and a search over tables."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from treadle.kernel import InvalidInputError
from treadle.proving.rules.campaigns.gate_statistics import (
    Pairs,
    clopper_pearson,
    difference,
    mcnemar,
    newcombe,
    no_failure_bound,
    paired,
    runs_without_failure,
    wilson,
)

# Fagerland, Lydersen, Laake, Statistical Analysis of Contingency Tables (2017), chapter 8: complete
# response before and after consolidation therapy (Cavo et al. 2012), as their R package prints it.
CAVO = Pairs(59, 6, 16, 80)
# Fagerland, Lydersen, Laake 2013, table 1: airway hyper-responsiveness (Bentur et al. 2009).
BENTUR = Pairs(1, 1, 7, 12)

counts = st.integers(0, 60)
tables = st.builds(Pairs, counts, counts, counts, counts).filter(lambda p: p.count > 0)


def test_the_published_p_values_come_out() -> None:
    cavo, bentur = mcnemar(CAVO), mcnemar(BENTUR)
    assert cavo.exact == pytest.approx(0.052479, abs=5e-7)
    assert cavo.mid_p == pytest.approx(0.034690, abs=5e-7)
    assert bentur.exact == pytest.approx(0.070, abs=5e-4)
    assert bentur.mid_p == pytest.approx(0.039, abs=5e-4)


def test_the_published_intervals_come_out() -> None:
    tango, square_and_add = difference(CAVO), newcombe(CAVO)
    assert tango.estimate == pytest.approx(-10 / 161)
    assert (tango.lower, tango.upper) == pytest.approx((-0.1240, -0.0054), abs=5e-5)
    assert (square_and_add.lower, square_and_add.upper) == pytest.approx(
        (-0.1186, -0.0046), abs=5e-5
    )


def test_the_published_exact_interval_comes_out() -> None:
    # The same chapter: 13 of 16.
    found = clopper_pearson(13, 16)
    assert (found.lower, found.upper) == pytest.approx((0.5435, 0.9595), abs=5e-5)


@given(tables)
def test_the_exact_test_is_the_binomial_one_of_the_discordant_pairs(pairs: Pairs) -> None:
    n = pairs.worse + pairs.better
    found = mcnemar(pairs)
    if n == 0:
        assert found.exact == found.mid_p == 1.0
        return
    assert found.exact == pytest.approx(stats.binomtest(pairs.worse, n, 0.5).pvalue)
    one_sided = stats.binomtest(pairs.worse, n, 0.5, "greater").pvalue
    assert found.exact_worse == pytest.approx(one_sided)
    half = stats.binom.pmf(pairs.worse, n, 0.5) / 2
    assert found.mid_p_worse == pytest.approx(one_sided - half)
    assert found.mid_p <= found.exact


@given(tables)
def test_intervals_turn_round_when_the_releases_change_places(pairs: Pairs) -> None:
    turned = Pairs(pairs.both, pairs.better, pairs.worse, pairs.neither)
    for method in (difference, newcombe):
        one, two = method(pairs), method(turned)
        assert -1.0 <= one.lower <= one.estimate <= one.upper <= 1.0
        assert (one.lower, one.upper) == pytest.approx((-two.upper, -two.lower), abs=1e-7)


@given(tables.filter(lambda p: p.worse > 0 and p.better > 0))
def test_at_the_ends_of_tangos_interval_the_score_is_the_normal_quantile(pairs: Pairs) -> None:
    """The restricted likelihood is maximised by search here, where the source has a formula."""
    n, b, c = pairs.count, pairs.worse, pairs.better
    found = difference(pairs)
    for delta, z in ((found.lower, 1.959964), (found.upper, -1.959964)):
        low, high = max(0.0, -delta), (1.0 - delta) / 2.0
        q = np.linspace(low, high, 400_001)[1:-1]
        rest = 1.0 - 2 * q - delta
        likelihood = b * np.log(q + delta) + c * np.log(q)
        if n > b + c:
            likelihood += (n - b - c) * np.log(rest)
        best = q[np.argmax(likelihood)]
        score = (b - c - n * delta) / math.sqrt(n * (2 * best + delta - delta**2))
        assert score == pytest.approx(z, abs=2e-3)


def test_tangos_interval_covers_as_often_as_it_says() -> None:
    source = np.random.default_rng(1)
    drawn = source.multinomial(500, (0.02, 0.03, 0.015, 0.935), 1000)
    intervals = [difference(Pairs(*(int(k) for k in row))) for row in drawn]
    covered = sum(one.lower <= 0.015 <= one.upper for one in intervals)
    # 95 % of 1,000: 4 deviations of a binomial are 28.
    assert abs(covered - 950) < 28


def test_no_failure_at_all_leaves_about_three_in_n() -> None:
    assert no_failure_bound(1000) == pytest.approx(3.0 / 1000, rel=4e-3)
    assert no_failure_bound(10) == pytest.approx(1 - 0.05**0.1)
    assert clopper_pearson(0, 50, 0.9).upper == pytest.approx(no_failure_bound(50, 0.95))


@given(st.floats(1e-7, 0.5), st.floats(0.5, 0.999))
def test_so_many_runs_without_failure_show_a_rate_and_one_less_does_not(
    rate: float, confidence: float
) -> None:
    runs = runs_without_failure(rate, confidence)
    assert no_failure_bound(runs, confidence) <= rate * (1 + 1e-9)
    if runs > 1:
        assert no_failure_bound(runs - 1, confidence) >= rate * (1 - 1e-9)


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_rates_have_scipys_intervals(rate: tuple[int, int]) -> None:
    test = stats.binomtest(*rate)
    exact, score = test.proportion_ci(method="exact"), test.proportion_ci(method="wilson")
    ours = clopper_pearson(*rate)
    assert (ours.lower, ours.upper) == pytest.approx((exact.low, exact.high), abs=1e-9)
    ours = wilson(*rate)
    assert (ours.lower, ours.upper) == pytest.approx((score.low, score.high), abs=1e-9)


def test_inconclusive_pairs_are_counted_apart() -> None:
    nan = math.nan
    found = paired(np.array([1, 1, 0, 0, nan, 0]), np.array([1, 0, 1, 0, 1, nan]))
    assert found == Pairs(1, 1, 1, 1, inconclusive=2)
    assert found.count == 4


def test_half_the_pairs_of_a_hundred_thousand_are_no_trouble() -> None:
    found = mcnemar(Pairs(0, 60_000, 61_060, 0))
    # The normal approximation with so many pairs: z = 1060 / sqrt(121060).
    assert found.mid_p == pytest.approx(2 * stats.norm.sf(1060 / math.sqrt(121_060)), rel=1e-3)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: paired(np.zeros(2), np.zeros(3)), "no pairs"),
        (lambda: paired(np.array([2.0]), np.array([0.0])), "neither 1"),
        (lambda: Pairs(1, -1, 0, 0), "below 0"),
        (lambda: difference(Pairs(0, 0, 0, 0)), "no pairs"),
        (lambda: difference(CAVO, 1.0), "confidence"),
        (lambda: clopper_pearson(3, 2), "no rate"),
        (lambda: runs_without_failure(0.0), "rate"),
    ],
)  # fmt: skip
def test_what_is_no_comparison_is_refused(call: object, says: str) -> None:
    assert callable(call)
    with pytest.raises(InvalidInputError, match=says):
        call()
