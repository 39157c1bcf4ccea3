"""Conditions: precedence as UVL has it, and clauses that mean what the text says in all cases."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treadle.engine.choices.expression import (
    And,
    ConditionError,
    Constant,
    Expression,
    Iff,
    Implies,
    Name,
    Not,
    Or,
    clauses,
    holds,
    names,
    parse,
    written,
)

A, B, C, D = (Name(x) for x in "ABCD")
NUMBERS = {"A": 1, "B": 2, "C": 3, "D": 4}


def expressions() -> st.SearchStrategy[Expression]:
    leaves: st.SearchStrategy[Expression] = st.sampled_from(
        [A, B, C, D, Constant(value=True), Constant(value=False)]
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=2, max_size=4).map(lambda p: And(tuple(p))),
            st.lists(inner, min_size=2, max_size=4).map(lambda p: Or(tuple(p))),
            st.tuples(inner, inner).map(lambda p: Implies(*p)),
            st.tuples(inner, inner).map(lambda p: Iff(*p)),
        ),
        max_leaves=25,
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("A & B | C", Or((And((A, B)), C))),
        ("A | B & C", Or((A, And((B, C))))),
        ("!A & B", And((Not(A), B))),
        ("!(A & B)", Not(And((A, B)))),
        ("A | B => C & D", Implies(Or((A, B)), And((C, D)))),
        ("A => B => C", Implies(Implies(A, B), C)),
        ("A => B <=> C => D", Iff(Implies(A, B), Implies(C, D))),
        ("!!A", A),
        ('"rear camera" & A', And((Name("rear camera"), A))),
        ('sound."with sub".loud', Name("sound.with sub.loud")),
        ("  ", Constant(value=True)),
    ],
)
def test_a_text_means_what_the_grammar_of_uvl_says(text: str, meant: Expression) -> None:
    assert parse(text) == meant


@pytest.mark.parametrize(
    ("text", "column", "word"),
    [
        ("A & ", 5, "ends"),
        ("A B", 3, "complete"),
        ("(A | B", 1, "never closed"),
        ("A | ) B", 5, "name is due"),
        ('A & "open', 5, "no meaning"),
        ("A = B", 3, "no meaning"),
        ("(" * 500 + "A", 65, "64 brackets"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_column(text: str, column: int, word: str) -> None:
    with pytest.raises(ConditionError, match=word) as told:
        parse(text)
    assert told.value.column == column


@settings(deadline=None)
@given(expressions())
def test_clauses_hold_exactly_where_the_condition_does(expression: Expression) -> None:
    used = 4

    def fresh() -> int:
        nonlocal used
        used += 1
        return used

    own = clauses(expression, NUMBERS, fresh)
    helpers = used - 4
    if helpers > 8:
        return
    for values in product((False, True), repeat=4):
        chosen = dict(zip("ABCD", values, strict=True))
        solutions = 0
        for more in product((False, True), repeat=helpers):
            value = (False, *values, *more)
            solutions += all(any(value[abs(x)] == (x > 0) for x in clause) for clause in own)
        assert solutions == holds(expression, chosen.__getitem__)


@settings(deadline=None)
@given(expressions())
def test_what_is_written_is_read_back_to_the_same_meaning(expression: Expression) -> None:
    again = parse(written(expression))
    assert names(again) == names(expression)
    for values in product((False, True), repeat=4):
        chosen = dict(zip("ABCD", values, strict=True)).__getitem__
        assert holds(again, chosen) == holds(expression, chosen)
    assert parse(written(again)) == again


def test_a_name_that_is_a_word_of_the_language_is_quoted() -> None:
    assert written(And((Name("true"), Name("a b"), Name("N_1")))) == '"true" & "a b" & N_1'


def test_a_large_condition_is_named_and_keeps_its_number_of_solutions() -> None:
    parts = tuple(And((Name(f"x{i}"), Name(f"y{i}"))) for i in range(12))
    numbers = {f"{w}{i}": 2 * i + (w == "y") + 1 for i in range(12) for w in "xy"}
    used = 24

    def fresh() -> int:
        nonlocal used
        used += 1
        return used

    own = clauses(Or(parts), numbers, fresh)
    assert len(own) < 4096  # plain distribution: 2 to the power of 12
    assert used > 24
