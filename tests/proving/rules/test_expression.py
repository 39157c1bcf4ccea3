"""Expressions of section 9.2: against arithmetic by hand and Python's own, and what is refused."""

import math
import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treadle.kernel import InvalidInputError
from treadle.proving.rules.expression import (
    Expression,
    Problems,
    Term,
    column,
    literal,
    number,
    parse,
)

OPERATIONS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def read(text: str, *, whole: bool = False) -> Expression:
    return Expression(parse(text, column, "here.xosc:7"), "here.xosc:7: value", whole)


def constant(text: str) -> float:
    value = parse(text, lambda name: number({"a": 3.0, "b": -2.0}[name]), "here.xosc:7").constant
    assert value is not None
    return value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("2 - 3 - 4", -5.0),
        ("8 / 4 / 2", 1.0),
        ("-2 * -3", 6.0),
        ("-$a + $b * 2", -7.0),
        ("1/6 * 6", 1.0),  # a division of integers is no integer
        ("7 % 4 - 1", 2.0),
        ("-7 % 4", -3.0),
        ("round(2.5) + round(-2.5) + round(0.49999999999999994)", 0.0),
        ("floor(-1.5) + ceil(-1.5)", -3.0),
        ("sqrt(9) + pow(2, 3) + abs(-4)", 15.0),
        ("sign(-3) + max(1, min(5, 2))", 1.0),
        ("cos(pi) + sin(0) + tan(0) + acos(1) + asin(0) + atan(0)", -1.0),
        ("not true or true", 1.0),
        ("not (true or true)", 0.0),
        ("true and false or true", 1.0),
        ("2.1E-7 * 1e7", 2.1),
    ],
)
def test_values_by_hand(text: str, value: float) -> None:
    assert constant(text) == pytest.approx(value, rel=1e-15, abs=1e-15)


@st.composite
def sums(draw: st.DrawFn, depth: int = 4) -> tuple[str, float]:
    if depth == 0 or draw(st.booleans()):
        value = draw(st.integers(1, 9))
        return str(value), float(value)
    left, a = draw(sums(depth=depth - 1))
    right, b = draw(sums(depth=depth - 1))
    sign = draw(st.sampled_from(sorted(OPERATIONS)))
    if sign == "/" and b == 0.0:
        sign = "+"
    return f"({left}{sign}-(-{right}))", OPERATIONS[sign](a, b)


@given(sums())
def test_any_sum_is_what_python_makes_of_it(one: tuple[str, float]) -> None:
    text, value = one
    assert constant(text) == value


def test_all_variants_are_computed_at_once_and_each_like_one_alone() -> None:
    expression = read("($a + 10) / 3.6 - pow($b, 2)")
    assert expression.constant is None
    assert expression.names == {"a", "b"}
    columns = {"a": np.array([1.0, 2.0, 3.0]), "b": np.array([0.0, 1.0, 2.0])}
    expected = [(a + 10) / 3.6 - b**2 for a, b in zip(*columns.values(), strict=True)]
    np.testing.assert_allclose(expression.evaluate(columns, 3), expected, rtol=1e-15)


def test_a_variant_that_cannot_be_computed_is_told_and_the_others_are_computed() -> None:
    problems = Problems(3)
    values = read("1 / $a").evaluate({"a": np.array([2.0, 0.0, -4.0])}, 3, problems)
    np.testing.assert_array_equal(values, [0.5, np.nan, -0.25])
    assert problems.mask.tolist() == [False, True, False]
    assert "here.xosc:7" in problems.reason(1)
    assert "divides by zero" in problems.reason(1)
    assert problems.reason(0) == ""
    with pytest.raises(InvalidInputError, match="divides by zero"):
        read("1 / $a").evaluate({"a": np.array([0.0])}, 1)


@pytest.mark.parametrize("text", ["$a * 1e11", "sqrt(-$a)", "acos($a)", "pow(-$a, 0.5)"])
def test_numbers_that_are_none_or_too_large_are_problems(text: str) -> None:
    problems = Problems(1)
    assert np.isnan(read(text).evaluate({"a": np.array([1e3])}, 1, problems)).all()
    assert problems.mask.all()


def test_a_fraction_is_no_integer_and_is_not_rounded_in_silence() -> None:
    problems = Problems(2)
    read("$a", whole=True).evaluate({"a": np.array([1.0, 1.5])}, 2, problems)
    assert problems.mask.tolist() == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "", "(", "1+", "()", "1 2", "max(1)", "max(1,2,3)", "foo(1)", "max", "1,2", "(1,2)", ")",
        "1)", "*2", "1..2", "pow(,1)", "sqrt()", "1/0", "1e308*10", "sqrt(-1)", "1 < 2", "a", "'x'",
        "(" * 19_000, "__import__('os')", "1e13",
    ],
)  # fmt: skip
def test_what_is_no_expression_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"here\.xosc:7"):
        parse(text, column, "here.xosc:7")


def test_brackets_by_the_thousand_neither_crash_nor_hang() -> None:
    assert constant("(" * 9_000 + "1" + ")" * 9_000) == 1.0
    deep = "".join(f"($a+{i}*" for i in range(500)) + "$a" + ")" * 500
    with pytest.raises(InvalidInputError, match="inside one another"):
        read(deep)


def test_terms_that_share_terms_are_computed_once() -> None:
    term: Term = column("a")
    for _ in range(100):
        term = parse("$x + $x", lambda _name, t=term: t, "here")  # type: ignore[misc]
    values = Expression(term, "here", infinite=True).evaluate({"a": np.array([1.0])}, 1)
    assert values[0] == 2.0**100


@pytest.mark.parametrize(
    "text", ["NaN", "INF", "", "1,5", "0x10", "1_000", "٣", "1e308", "9" * 400]
)
def test_what_is_no_number_to_compute_with_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="here"):
        literal(text, "here")


def test_infinity_is_read_where_it_means_no_limit() -> None:
    assert literal("INF", "here", infinite=True) == math.inf
    assert literal(" -1.5e2 ", "here") == -150.0
