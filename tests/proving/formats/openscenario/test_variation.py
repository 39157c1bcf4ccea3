"""Parameter value distributions: exact counts and values, those of the shared files among them."""

import json
from pathlib import Path

import numpy as np
import pytest

from proving.formats.openscenario.written import HEADER, parameter, scenario
from treadle.kernel import InvalidInputError
from treadle.proving.formats.openscenario.files import FromContents
from treadle.proving.formats.openscenario.variation import (
    VariationDocument,
    count,
    read_variation,
)
from treadle.proving.rules.constraints import outside

TOP = (
    "<ParameterValueDistribution><ScenarioFile filepath='s/it.xosc'/>{}"
    "</ParameterValueDistribution>"
)
SINGLE = '<DeterministicSingleParameterDistribution parameterName="{}">{}</DeterministicSingleParameterDistribution>'  # noqa: E501 - the standard's words
RANGE = (
    '<DistributionRange stepWidth="{}"><Range lowerLimit="{}" upperLimit="{}"/></DistributionRange>'
)
SCENARIO = scenario(
    parameters=parameter("v", "double", "1")
    + parameter("n", "int", "7")
    + parameter("car", "string", "bus")
)


def variation(inside: str, **overrides: str) -> VariationDocument:
    text = f"<OpenSCENARIO>{HEADER.format(3)}{TOP.format(inside)}</OpenSCENARIO>"
    files = FromContents({"v.xosc": text.encode(), "s/it.xosc": SCENARIO})
    return read_variation("v.xosc", files, overrides)


def deterministic(*inside: str, **overrides: str) -> VariationDocument:
    return variation(f"<Deterministic>{''.join(inside)}</Deterministic>", **overrides)


def stochastic(inside: str, runs: int = 10) -> VariationDocument:
    opened = f'<Stochastic numberOfTestRuns="{runs}" randomSeed="5">'
    return variation(
        f'{opened}<StochasticDistribution parameterName="v">{inside}</StochasticDistribution>'
        "</Stochastic>"
    )


def words(*values: str) -> str:
    inside = "".join(f'<Element value="{v}"/>' for v in values)
    return f"<DistributionSet>{inside}</DistributionSet>"


def sets(*rows: dict[str, str]) -> str:
    inside = "".join(
        "<ParameterValueSet>"
        + "".join(f'<ParameterAssignment parameterRef="{k}" value="{v}"/>' for k, v in row.items())
        + "</ParameterValueSet>"
        for row in rows
    )
    return (
        "<DeterministicMultiParameterDistribution><ValueSetDistribution>"
        f"{inside}</ValueSetDistribution></DeterministicMultiParameterDistribution>"
    )


def test_axes_multiply_and_the_last_one_varies_fastest() -> None:
    it = deterministic(
        SINGLE.format("v", RANGE.format("0.1", "0.1", "0.3")), SINGLE.format("car", words("a", "b"))
    )
    assert count(it) == count(it.document) == 6
    assert it.values(0) == {"v": "0.1", "car": "a"}
    assert it.values(1) == {"v": "0.1", "car": "b"}
    assert it.values(5) == {"v": "0.3", "car": "b"}
    with pytest.raises(InvalidInputError, match="none of them"):
        it.values(6)


def test_parameters_that_vary_together_take_their_own_value_where_a_set_is_silent() -> None:
    it = deterministic(sets({"v": "2", "n": "3"}, {"v": "4"}))
    assert it.count == 2
    assert [it.values(k) for k in (0, 1)] == [{"v": "2", "n": "3"}, {"v": "4", "n": "7"}]


def test_what_is_set_from_outside_does_not_vary() -> None:
    it = deterministic(
        SINGLE.format("v", RANGE.format("1", "0", "9")), SINGLE.format("n", words("1", "2")), v="5"
    )
    assert it.count == 2
    assert it.values(1) == {"n": "2", "v": "5"}


@pytest.mark.parametrize(
    ("inside", "match"),
    [
        (SINGLE.format("v", words("1")) * 2, "varied before"),
        (SINGLE.format("v", ""), "no distribution inside"),
        (SINGLE.format("v", RANGE.format("0", "0", "1")), "has no values"),
        (SINGLE.format("v", "<DistributionSet/>"), "needs an Element"),
        (sets({}), "assigns no parameter"),
    ],
)
def test_a_distribution_that_cannot_be_meant_is_refused(inside: str, match: str) -> None:
    with pytest.raises(InvalidInputError, match=rf"v\.xosc:\d+.*{match}"):
        deterministic(inside)


def test_a_parameter_that_the_scenario_does_not_declare_is_refused() -> None:
    it = deterministic(SINGLE.format("w", words("1", "2")))
    assert it.count == 2
    with pytest.raises(InvalidInputError, match="declares no parameter w"):
        it.values(0)


def test_a_distribution_of_the_authors_own_is_said_to_be_left_out() -> None:
    own = '<UserDefinedDistribution type="mine">x</UserDefinedDistribution>'
    it = deterministic(SINGLE.format("v", own), SINGLE.format("n", words("1", "2")))
    assert it.count == 2
    told = {line.tag: line for line in it.document.manifest()}
    assert told["UserDefinedDistribution"].outcome == "not supported"
    assert told["UserDefinedDistribution"].may_change


def test_draws_are_as_many_as_asked_for_and_repeat_from_the_seed() -> None:
    inside = '<NormalDistribution expectedValue="3" variance="0.25"/>'
    it = stochastic(inside)
    assert (it.count, it.seed) == (10, 5)
    drawn = it.table(np.arange(10))["v"]
    np.testing.assert_array_equal(stochastic(inside).table(np.arange(10))["v"], drawn)
    assert it.table([7])["v"][0] == drawn[7]
    assert it.table([7], seed=6)["v"][0] != drawn[7]


@pytest.mark.parametrize(
    "inside",
    [
        '<NormalDistribution expectedValue="3" variance="0"/>',
        '<NormalDistribution expectedValue="INF" variance="1"/>',
        '<LogNormalDistribution expectedValue="-3" variance="1"/>',
        '<UniformDistribution><Range lowerLimit="2" upperLimit="1"/></UniformDistribution>',
        '<UniformDistribution><Range lowerLimit="2" upperLimit="INF"/></UniformDistribution>',
        '<PoissonDistribution expectedValue="0"/>',
        "<Histogram/>",
        "<ProbabilityDistributionSet/>",
        "",
    ],
)
def test_draws_that_cannot_be_made_are_refused(inside: str) -> None:
    with pytest.raises(InvalidInputError, match=r"v\.xosc:\d+"):
        stochastic(inside)


def test_the_shared_files_have_as_many_variants_as_published(shared_data: Path) -> None:
    folder = shared_data / "scenarios"
    published = json.loads((folder / "variations.json").read_text())
    counted = {file: read_variation(folder / file).count for file in published}
    assert counted == published
    assert sum(n for file, n in counted.items() if "alks/" in file) == 121_060


def test_the_shared_samples_have_the_published_values_and_constraints(shared_data: Path) -> None:
    folder = shared_data / "scenarios"
    index = json.loads((folder / "variation_samples" / "index.json").read_text())
    readings = {"any_group_is_enough": "any", "all_groups_needed": "all"}
    for sample in index["samples"]:
        file = sample["file"].removeprefix("shared/data/scenarios/")
        it = read_variation(folder / file)
        number = sample["permutation_index"]
        got = it.values(number)
        for name, value in sample["parameters"].items():
            assert got[name] == value or float(got[name]) == float(value)
        table = it.table([number])
        seen = it.scenario.scope(table)
        for published, reading in readings.items():
            broken = [
                one.name
                for one in it.scenario.constrained
                if outside([one], seen, table, 1, "any" if reading == "any" else "all")[0]
            ]
            assert broken == sample["constraints_not_met"][published]


def test_the_largest_shared_variation_falls_into_a_group_for_each_vehicle(
    shared_data: Path,
) -> None:
    name = "alks/logical_scenarios/alks_scenario_4_4_1_cut_in_no_collision_variation.xosc"
    it = read_variation(shared_data / "scenarios" / name)
    table = it.table(np.arange(it.count))
    groups = it.scenario.groups(table, it.count)
    assert [len(group.rows) for group in groups] == [10_500] * 5
    # Speeds 20-60 by 10, relative -50 to -10, lateral 0.5-3 by 0.5: inside where lateral < sum/3.6.
    inside = sum(
        lateral * 3.6 < ego + relative
        for ego in range(20, 70, 10)
        for relative in range(-50, 0, 10)
        for lateral in np.arange(0.5, 3.5, 0.5)
    )
    assert int((it.scenario.outside(table, it.count) == 0).sum()) == inside * 5 * 2 * 7 * 5
