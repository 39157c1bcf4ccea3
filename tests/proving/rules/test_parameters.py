"""Parameters: scopes, references to references, cycles, types; constraints in both readings."""

from collections.abc import Mapping

import numpy as np
import pytest

from treadle.kernel import InvalidInputError
from treadle.proving.formats.xml import parse
from treadle.proving.rules.constraints import Constrained, constraints_of, outside
from treadle.proving.rules.node import Ledger
from treadle.proving.rules.parameters import (
    KINDS,
    Bound,
    Kind,
    Scope,
    VariesError,
    column_of,
    free_names,
    term_of,
    text_of,
)


def scope(values: Mapping[str, str | None], parent: Scope | None = None) -> Scope:
    bound = {n: Bound("double", v, f"f.xosc:{i}") for i, (n, v) in enumerate(values.items())}
    return Scope(bound, parent)


def value(text: str, seen: Scope) -> float | None:
    return term_of(text, seen, "f.xosc:9").constant


def test_a_reference_is_followed_as_far_as_it_goes() -> None:
    seen = scope({"a": "2", "b": "$a", "c": "${$b * 3 + $a}"})
    assert value("$c", seen) == 8.0
    assert text_of("$b", seen, "f.xosc:9") == "2"
    assert text_of("road_$a.xodr", seen, "f.xosc:9") == "road_2.xodr"
    assert text_of("\\$a", seen, "f.xosc:9") == "$a"


def test_an_inner_parameter_hides_an_outer_one_and_may_be_made_of_it() -> None:
    seen = scope({"speed": "${$speed * 2}"}, scope({"speed": "5", "other": "1"}))
    assert value("$speed", seen) == 10.0
    assert value("$other", seen) == 1.0


@pytest.mark.parametrize(
    "values", [{"a": "$a"}, {"a": "$b", "b": "$a"}, {"a": "${1 + $b}", "b": "$c", "c": "$a"}]
)
def test_parameters_that_are_made_of_one_another_are_refused(values: dict[str, str | None]) -> None:
    seen = scope(values)
    for read in (term_of, text_of, free_names):
        with pytest.raises(InvalidInputError, match=r"f\.xosc:.*defined by itself"):
            read("$a", seen, "f.xosc:9")


def test_an_unknown_parameter_is_refused_with_its_place() -> None:
    for read in (term_of, text_of, free_names):
        with pytest.raises(InvalidInputError, match=r"f\.xosc:9.*no parameter nobody"):
            read("$nobody", scope({"a": "1"}), "f.xosc:9")


def test_parameters_that_share_parameters_do_not_explode() -> None:
    doubled: Mapping[str, str | None] = {"p0": "1"} | {
        f"p{i}": f"${{$p{i - 1} + $p{i - 1}}}" for i in range(1, 31)
    }
    assert value("$p30", scope(doubled)) == 2.0**30
    varied: dict[str, str | None] = {**doubled, "p0": None}
    assert term_of("$p30", scope(varied), "f.xosc:9").names == {"p0"}
    assert free_names("$p30", scope(varied), "f.xosc:9") == {"p0"}
    words: Mapping[str, str | None] = {"p0": "ab"} | {
        f"p{i}": f"$p{i - 1}$p{i - 1}" for i in range(1, 31)
    }
    with pytest.raises(InvalidInputError, match="characters"):
        text_of("$p30", scope(words), "f.xosc:9")


def test_a_name_that_differs_between_variants_says_by_which_parameter() -> None:
    with pytest.raises(VariesError) as caught:
        text_of("$b", scope({"a": None, "b": "$a"}), "f.xosc:9")
    assert caught.value.names == {"a"}


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("int", ["1", "-2147483648", "3.0"], ["1.5", "2147483648", "x", ""]),
        ("unsignedInt", ["0", "4294967295"], ["-1", "4294967296"]),
        ("unsignedShort", ["65535"], ["65536"]),
        ("double", ["1e3", "-.5"], ["1,5", "NaN", "1e308", "true"]),
        ("boolean", ["true", "false", "1", "0"], ["yes", "2", "TRUE"]),
        ("dateTime", ["2025-01-31T12:00:00", "2025-01-31T12:00:00.5+01:00"], ["now", "2025-13-01"]),
    ],
)  # fmt: skip
def test_values_are_of_their_type(kind: Kind, good: list[str], bad: list[str]) -> None:
    assert KINDS[kind] == kind
    assert len(column_of(good, kind, "f:1")) == len(good)
    for one in bad:
        with pytest.raises(InvalidInputError, match="f:1"):
            column_of([one], kind, "f:1")


def constrained(inside: str, kind: Kind = "double") -> list[Constrained]:
    text = f'<P><ParameterDeclaration name="p">{inside}</ParameterDeclaration></P>'
    return constraints_of(parse(text.encode(), "f.xosc"), {"p": kind}, Ledger())


ABOVE = '<ConstraintGroup><ValueConstraint rule="greaterThan" value="0"/>{}</ConstraintGroup>'
BELOW = '<ConstraintGroup><ValueConstraint rule="lessThan" value="${$q / 2}"/></ConstraintGroup>'


def test_one_group_is_enough_as_the_standard_says_or_all_on_request() -> None:
    table = {"p": np.array([-1.0, 1.0, 5.0, 9.0])}
    seen = scope({"p": None, "q": "12"})
    groups = constrained(ABOVE.format("") + BELOW)
    assert outside(groups, seen, table, 4).tolist() == [0, 0, 0, 0]
    assert outside(groups, seen, table, 4, "all").tolist() == [1, 0, 0, 1]


def test_within_a_group_all_constraints_hold() -> None:
    both = ABOVE.format('<ValueConstraint rule="notEqualTo" value="5"/>')
    table = {"p": np.array([-1.0, 1.0, 5.0])}
    assert outside(constrained(both), scope({"p": None}), table, 3).tolist() == [1, 0, 1]


def test_words_and_moments_are_compared_too() -> None:
    equal = '<ConstraintGroup><ValueConstraint rule="equalTo" value="car"/></ConstraintGroup>'
    words = Scope({"p": Bound("string", None, "f:1")})
    table = {"p": np.array(["car", "bus"])}
    assert outside(constrained(equal, "string"), words, table, 2).tolist() == [0, 1]
    later = (
        '<ConstraintGroup><ValueConstraint rule="greaterThan" '
        'value="2025-01-01T12:00:00+02:00"/></ConstraintGroup>'
    )
    moments = Scope({"p": Bound("dateTime", None, "f:1")})
    times = {"p": np.array(["2025-01-01T10:00:01Z", "2025-01-01T09:59:59Z"])}
    assert outside(constrained(later, "dateTime"), moments, times, 2).tolist() == [0, 1]


def test_what_cannot_be_computed_is_outside() -> None:
    limit = '<ConstraintGroup><ValueConstraint rule="lessThan" value="${1/$p}"/></ConstraintGroup>'
    table = {"p": np.array([0.0, 0.5])}
    assert outside(constrained(limit), scope({"p": None}), table, 2).tolist() == [1, 0]


def test_a_value_that_is_given_may_be_an_expression_of_constants() -> None:
    assert column_of(["${0.6/2-0.36}", "1.5"], "double", "v:1").tolist() == pytest.approx(
        [-0.06, 1.5]
    )
    with pytest.raises(InvalidInputError, match="no parameter other is declared"):
        column_of(["${$other*2}"], "double", "v:1")
    with pytest.raises(InvalidInputError, match="is no int"):
        column_of(["${1/2}"], "int", "v:1")
