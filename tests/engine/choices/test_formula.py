"""Groups with a least and a most: as many solutions as there are ways to choose (binomials)."""

from itertools import product
from math import comb

from hypothesis import given, settings
from hypothesis import strategies as st

from treadle.engine.choices.formula import Writer, between


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(0, 6), st.integers(-1, 6))
def test_a_group_has_as_many_solutions_as_ways_to_choose(n: int, least: int, most: int) -> None:
    writer = Writer(variables=n + 1)
    parent, members = n + 1, list(range(1, n + 1))
    # a member needs its parent, as in a tree of features
    writer.add(0, [(-m, parent) for m in members])
    writer.add(1, between(least, most, members, parent, writer))
    found = dict.fromkeys(product((False, True), repeat=n + 1), 0)
    for values in product((False, True), repeat=writer.variables):
        value = (False, *values)
        if all(any(value[abs(x)] == (x > 0) for x in c) for c in writer.formula().clauses):
            found[values[: n + 1]] += 1
    chosen = [case for case, count in found.items() if count and case[n]]
    assert len(chosen) == sum(comb(n, k) for k in range(max(least, 0), min(most, n) + 1))
    assert [case for case, count in found.items() if count and not case[n]] == [(False,) * (n + 1)]
    assert set(found.values()) <= {0, 1}
