"""Answers of the counting form against all cases tried, the SAT solver, and CP-SAT."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treadle.engine.choices.asking import Choices, Compiled, compile_formula
from treadle.engine.choices.completing import Aim, complete
from treadle.engine.choices.formula import Formula

N = 7
LITERAL = st.integers(1, N).flatmap(lambda v: st.sampled_from([v, -v]))
CLAUSES = st.lists(st.lists(LITERAL, min_size=1, max_size=4).map(tuple), max_size=14)
CHOSEN = st.lists(LITERAL, max_size=4)
COST = st.dictionaries(st.integers(1, N), st.integers(-9, 30))
WEEKS = st.dictionaries(st.integers(1, N), st.integers(0, 30))


def formula(clauses: list[tuple[int, ...]]) -> Formula:
    return Formula(N, tuple(clauses), tuple(range(len(clauses))))


def solutions(clauses: list[tuple[int, ...]], chosen: list[int]) -> Iterator[tuple[bool, ...]]:
    for values in product((False, True), repeat=N):
        value = (False, *values)
        if all(
            any(value[abs(x)] == (x > 0) for x in c) for c in [*clauses, *((x,) for x in chosen)]
        ):
            yield value


def expected(found: list[tuple[bool, ...]]) -> list[int]:
    return [
        1 if all(s[v] for s in found) else -1 if not any(s[v] for s in found) else 0
        for v in range(1, N + 1)
    ]


@settings(deadline=None)
@given(CLAUSES, CHOSEN)
def test_what_is_left_is_what_all_cases_say(
    clauses: list[tuple[int, ...]], chosen: list[int]
) -> None:
    compiled = compile_formula(formula(clauses))
    found = list(solutions(clauses, chosen))
    if compiled.reduced is None:
        assert not list(solutions(clauses, []))
        return
    for asked in (Choices(compiled), Choices(Compiled(compiled.formula, compiled.reduced, None))):
        left = asked.after(chosen)
        assert left.contradicts == (not found)
        if found:
            assert left.state[1:].tolist() == expected(found)
            assert left.count in ((len(found),) if asked.counts else (None,))


@settings(deadline=None)
@given(CLAUSES, CHOSEN)
def test_how_many_have_each_variable(clauses: list[tuple[int, ...]], chosen: list[int]) -> None:
    compiled = compile_formula(formula(clauses))
    if compiled.reduced is None:
        return
    total, having = Choices(compiled).shares(chosen)
    found = list(solutions(clauses, chosen))
    assert total == len(found)
    assert having == {v: sum(s[v] for s in found) for v in range(1, N + 1)}


@settings(deadline=None)
@given(CLAUSES, CHOSEN, COST, WEEKS)
def test_the_least_is_that_of_all_cases_and_of_cp_sat(
    clauses: list[tuple[int, ...]], chosen: list[int], cost: dict[int, int], weeks: dict[int, int]
) -> None:
    compiled = compile_formula(formula(clauses))
    found = list(solutions(clauses, chosen))
    if compiled.reduced is None:
        return
    asked = Choices(compiled)
    for own, latest in ((cost, False), (weeks, True)):
        told = asked.least(chosen, own, latest=latest)
        best = complete(compiled.formula, chosen, [Aim(own, latest=latest)])
        if not found:
            assert told is None
            assert best is None
            continue

        def price(s: tuple[bool, ...], own: dict[int, int] = own, latest: bool = latest) -> int:
            paid = [value for v, value in own.items() if s[v]]
            return max(paid, default=0) if latest else sum(paid)

        assert told is not None
        assert best is not None
        assert told.of_all == min(map(price, found)) == best.values[0]
        assert best.proven
        assert told.with_true == {
            v: min(price(s) for s in found if s[v])
            for v in range(1, N + 1)
            if any(s[v] for s in found)
        }


def test_compiling_that_is_stopped_leaves_everything_but_the_count() -> None:
    size = 40
    pairs = tuple((-v, -(v + 1), v + 2) for v in range(1, size - 1))
    many = Formula(size, pairs, (0,) * len(pairs))
    whole = Choices(compile_formula(many))
    stopped = Choices(compile_formula(many, stop=lambda: True))
    assert not stopped.counts or stopped.compiled.diagram is not None
    forced = Choices(Compiled(many, whole.reduced, None)).after([1, 2])
    assert forced.count is None
    assert np.array_equal(forced.state, whole.after([1, 2]).state)
    with pytest.raises(ValueError, match="not known"):
        Choices(Compiled(many, whole.reduced, None)).shares()


def test_a_choice_of_no_variable_is_refused() -> None:
    asked = Choices(compile_formula(Formula(2, ((1, 2),), (0,))))
    with pytest.raises(ValueError, match="1 to 2"):
        asked.after([3])


def test_the_second_aim_decides_where_the_first_leaves_several() -> None:
    # one of 1, 2, 3; 1 and 2 are ready in week 4, 3 in week 2 but not with 4, which is chosen
    either = Formula(4, ((1, 2, 3), (-1, -2), (-1, -3), (-2, -3), (-3, -4)), (0,) * 5)
    found = complete(either, [4], [Aim({1: 4, 2: 4, 3: 2}, latest=True), Aim({1: 900, 2: 700})])
    assert found is not None
    assert found.chosen == {2, 4}
    assert found.values == (4, 700)
