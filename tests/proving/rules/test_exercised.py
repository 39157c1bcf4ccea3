"""Coverage of parameters and behaviours as criteria, on runs that are written down by hand."""

from dataclasses import replace

import numpy as np

from treadle.engine.measuring.tables import INDEX
from treadle.proving.rules.behaviour import BEHAVIOURS, shown
from treadle.proving.rules.catalogue import Catalogue, Coverage, Criterion, Proof, Requirement
from treadle.proving.rules.deciding import gate_summary
from treadle.proving.rules.exercised import gaps_of, told_of
from treadle.proving.rules.judging import Runs, is_decided, rule, verdicts_of
from treadle.proving.rules.levels import levelled

NAN = float("nan")
IT = Catalogue(
    name="n",
    version="1",
    requirements=(Requirement(id="r", text="t"),),
    criteria=(
        Criterion(
            id="values", requirement="r", claim="k", metric="coverage.parameter", over="share",
            least=0.75,
        ),
    ),
    proofs=(Proof(id="s", file="f", requirements=("r",)),),
    coverage=Coverage(behaviours=("braked hard", "stopped")),
)  # fmt: skip


def runs(*crashed: float, deceleration: float = 0.0) -> Runs:
    """Return runs of one scenario whose parameters are a = n % 4 and b = n // 4."""
    n = len(crashed)
    table = {"a": np.arange(8) % 4.0, "b": np.arange(8) // 4.0}
    some = {name: column[:n] for name, column in table.items()}
    levels = levelled(table, some, n=n, intervals=4, strength=2, are_all=True)
    measures = np.full((n, len(INDEX)), NAN)
    measures[:, INDEX["max_deceleration"]] = deceleration
    measures[:, INDEX["min_speed"]] = 0.0
    return Runs(
        proofs=np.zeros(n, np.int64),
        variants=np.arange(n),
        crashed=np.array(crashed, np.float64),
        outside=np.zeros(n, np.bool_),
        reasons=np.where(np.isnan(crashed), "lost", "").astype(object),
        measures=measures,
        levels={0: levels},
    )


def figure(it: Catalogue, driver: Runs) -> tuple[str, str]:
    ruling = rule(it.criteria[0], it, driver, verdicts_of(driver, None, ""))
    return ruling.verdict, "no data" if ruling.figure is None else f"{ruling.figure:.4f}"


def test_a_parameters_value_is_covered_where_a_variant_with_it_has_a_verdict() -> None:
    # variants 0 to 3 have each a, and b = 0 alone: 5 of 6 values
    assert figure(IT, runs(0, 0, 0, 0)) == ("PASS", "0.8333")
    assert figure(IT, runs(0, 0, 0)) == ("FAIL", "0.6667")
    # a variant without a verdict covers nothing, and what it leaves open never passes
    assert figure(IT, runs(0, 0, 0, 0, NAN)) == ("INCONCLUSIVE", "0.8333")


def test_results_that_do_not_tell_their_parameters_have_no_data() -> None:
    older = replace(runs(0, 0, 0, 0), levels={})
    assert figure(IT, older) == ("INCONCLUSIVE", "no data")


def test_all_that_is_covered_is_told_with_what_is_missing() -> None:
    driver = runs(0, 0, 0, deceleration=6.0)
    told = told_of(IT, driver, is_decided(verdicts_of(driver, None, "")))
    assert told["shares"] == {
        "parameter": {"covered": 4, "asked": 6},
        "combination": {"covered": 3, "asked": 8},
        "behaviour": {"covered": 2, "asked": 2},
        "requirement": {"covered": 1, "asked": 1},
    }
    assert [one["missing"] for one in told["parameters"]] == [["3"], ["1"], []]
    assert gaps_of(told) == [
        "scenario s: parameter a has a verdict at 3 of 4 values, first none: 3",
        "scenario s: parameter b has a verdict at 1 of 2 values, first none: 1",
        "scenario s: 2 parameters together have a verdict in 3 of 8 combinations",
    ]


def test_a_gate_does_not_admit_who_was_never_seen_doing_what_is_asked() -> None:
    def decided(deceleration: float) -> tuple[str, list[str]]:
        one = runs(*[0.0] * 8, deceleration=deceleration)
        told = gate_summary(IT, 0.95, {"baseline": one, "candidate": one})
        return told["decision"], told["grounds"]

    assert decided(6.0) == ("ADMITTED", [])
    assert decided(4.9) == ("INCONCLUSIVE", ["behaviour 'braked hard' was seen in no variant"])


def test_behaviours_are_told_from_their_measures_and_nothing_from_no_data() -> None:
    measures = np.full((2, len(INDEX)), NAN)
    for name, value in {
        "max_acceleration": 0.5, "max_deceleration": 5.0, "min_speed": 0.1, "following_time": 2.0,
        "cut_ins": 1.0, "cut_outs": 0.0, "lane_departures": 0.0, "max_lane_offset": 0.376,
        "min_thw": np.inf,
    }.items():  # fmt: skip
        measures[0, INDEX[name]] = value
    found = {one.name: shown(measures, one.name).tolist() for one in BEHAVIOURS}
    assert [name for name, (first, _) in found.items() if first] == [
        "accelerated", "braked", "followed", "was cut in on", "kept its lane",
        "moved in its lane", "drove freely",
    ]  # fmt: skip
    assert not any(second for _, second in found.values())
    assert not shown(measures[:, :3], "stopped").any()
