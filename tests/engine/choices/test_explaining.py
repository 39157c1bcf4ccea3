"""Contradictions and repairs: irreducible, minimal and complete, against all cases tried."""

from itertools import chain, combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from treadle.engine.choices.explaining import Explainer
from treadle.engine.choices.formula import Formula

N = 6
LITERAL = st.integers(1, N).flatmap(lambda v: st.sampled_from([v, -v]))
CLAUSES = st.lists(st.lists(LITERAL, min_size=1, max_size=3).map(tuple), max_size=12)
CHOSEN = st.sets(st.integers(1, N)).flatmap(
    lambda vs: st.tuples(*(st.sampled_from([v, -v]) for v in sorted(vs)))
)


def can_be(clauses: list[tuple[int, ...]], literals: tuple[int, ...]) -> bool:
    return any(
        all(
            any((False, *values)[abs(x)] == (x > 0) for x in clause)
            for clause in chain(clauses, ((x,) for x in literals))
        )
        for values in product((False, True), repeat=N)
    )


@settings(deadline=None)
@given(CLAUSES, CHOSEN)
def test_an_explanation_contradicts_and_needs_each_of_its_parts(
    clauses: list[tuple[int, ...]], chosen: tuple[int, ...]
) -> None:
    explainer = Explainer(Formula(N, tuple(clauses), tuple(range(len(clauses)))))
    told = explainer.contradiction(chosen)
    if told is None:
        assert can_be(clauses, chosen)
        return
    own = [clauses[rule] for rule in told.rules]
    assert not can_be(own, told.chosen)
    for i in range(len(own)):
        assert can_be(own[:i] + own[i + 1 :], told.chosen)
    for choice in told.chosen:
        assert can_be(own, tuple(x for x in told.chosen if x != choice))


@settings(deadline=None)
@given(CLAUSES, CHOSEN, LITERAL)
def test_repairs_are_all_that_are_minimal_the_smallest_first(
    clauses: list[tuple[int, ...]], chosen: tuple[int, ...], wanted: int
) -> None:
    explainer = Explainer(Formula(N, tuple(clauses), tuple(range(len(clauses)))))
    kept = tuple(x for x in chosen if x != wanted)
    told = list(explainer.repairs(chosen, (wanted,), most=100))
    assert [len(r) for r in told] == sorted(len(r) for r in told)
    helps = [
        set(dropped)
        for size in range(len(kept) + 1)
        for dropped in combinations(kept, size)
        if can_be(clauses, (wanted, *(x for x in kept if x not in dropped)))
    ]
    minimal = [d for d in helps if not any(other < d for other in helps)]
    assert sorted(map(sorted, told)) == sorted(map(sorted, minimal))


def test_a_rule_of_several_clauses_is_told_once() -> None:
    explainer = Explainer(Formula(3, ((-1, 2), (-1, 3), (-2, -3)), (7, 7, 9)))
    told = explainer.contradiction((1,))
    assert told is not None
    assert told.rules == (7, 9)
    assert told.chosen == (1,)
    assert explainer.contradiction((1,), always=(1,)) is not None
