"""Verdicts and the gate's decision, on runs whose outcome is written down by hand."""

from typing import Any

import numpy as np
import pytest

from treadle.engine.measuring.tables import INDEX
from treadle.kernel import InvalidInputError
from treadle.proving.rules.catalogue import Catalogue, Criterion, Proof, Requirement
from treadle.proving.rules.deciding import campaign_summary, gate_summary
from treadle.proving.rules.judging import Runs, rule, verdicts_of

NAN = float("nan")


def runs(*crashed: float, outside: int = 0, measure: list[float] | None = None) -> Runs:
    """Return runs of one scenario; the last `outside` of them were not run."""
    n = len(crashed)
    measures = np.full((n, len(INDEX)), NAN)
    if measure is not None:
        measures[:, INDEX["min_ttc"]] = measure
    left = np.zeros(n, bool)
    left[n - outside :] = True
    return Runs(
        proofs=np.zeros(n, np.int64),
        variants=np.arange(n),
        crashed=np.array(crashed, np.float64),
        outside=left,
        reasons=np.where(np.isnan(crashed), "not ended", "").astype(object),
        measures=measures,
    )


def catalogue(**criterion: Any) -> Catalogue:
    told: dict[str, Any] = {"metric": "preventable_collisions", "most": 0.0} | criterion
    return Catalogue(
        name="n",
        version="1",
        requirements=(Requirement(id="r", text="t"),),
        criteria=(Criterion(id="c", requirement="r", claim="k", **told),),
        proofs=(Proof(id="s", file="f", requirements=("r",)),),
        references=("cc",),
    )


def test_a_collision_is_the_drivers_where_the_reference_avoids_it() -> None:
    found = verdicts_of(runs(0, 0, 1, 1, 1, NAN), runs(0, 1, 0, 1, NAN, 0), "cc")
    assert found.tolist() == [0, 0, 1, 2, 3, 3]


def test_without_a_reference_every_collision_fails() -> None:
    assert verdicts_of(runs(0, 1, NAN, NAN, outside=1), None, "").tolist() == [0, 1, 3, 4]


@pytest.mark.parametrize(
    ("driver", "reference", "verdict"),
    [
        ((0, 0), (0, 0), "PASS"),
        ((0, 1), (0, 1), "PASS"),  # not preventable
        ((0, 1), (0, 0), "FAIL"),
        ((0, NAN), (0, 0), "INCONCLUSIVE"),  # an open run never passes
        ((1, NAN), (0, 0), "FAIL"),  # but what failed has failed
    ],
)
def test_one_failure_fails_and_one_gap_leaves_it_open(
    driver: tuple[float, ...], reference: tuple[float, ...], verdict: str
) -> None:
    told = campaign_summary(catalogue(), {"driver": runs(*driver), "cc": runs(*reference)})
    assert told["verdict"] == verdict


def test_a_measure_without_data_is_inconclusive_not_passed() -> None:
    it = catalogue(metric="min_ttc", over="minimum", most=None, least=1.0)
    mine = runs(0, 0)
    ruling = rule(it.criteria[0], it, mine, verdicts_of(mine, None, ""))
    assert (ruling.verdict, ruling.figure) == ("INCONCLUSIVE", None)


@pytest.mark.parametrize(
    ("over", "limit", "figure"),
    [("minimum", None, 0.5), ("mean", None, 2.0), ("p95", None, 3.8), ("share", 1.0, 0.25)],
)
def test_a_measure_is_summed_up_as_asked(over: str, limit: float | None, figure: float) -> None:
    values = [0.5, 1.5, 2.0, 4.0]
    it = catalogue(metric="min_ttc", over=over, limit=limit, most=None, least=9.0)
    mine = runs(0, 0, 0, 0, measure=values)
    ruling = rule(it.criteria[0], it, mine, verdicts_of(mine, None, ""))
    assert ruling.figure == pytest.approx(figure if over != "p95" else np.percentile(values, 95))
    assert ruling.verdict == "FAIL"


def test_an_unknown_metric_is_refused_by_name() -> None:
    it = catalogue(metric="min_tcc")
    with pytest.raises(InvalidInputError, match="min_tcc"):
        campaign_summary(it, {"driver": runs(0), "cc": runs(0)})


def gate(baseline: Runs, candidate: Runs, reference: Runs) -> dict[str, Any]:
    told = {"baseline": baseline, "candidate": candidate, "cc": reference}
    return gate_summary(catalogue(), 0.95, told)


def test_a_good_candidate_is_admitted() -> None:
    n = 200
    found = gate(runs(*[0] * n), runs(*[0] * n), runs(*[0] * n))
    assert (found["decision"], found["grounds"]) == ("ADMITTED", [])


def test_a_candidate_that_fails_a_criterion_is_refused_by_name() -> None:
    found = gate(runs(*[0] * 9), runs(*[0] * 8, 1), runs(*[0] * 9))
    assert found["decision"] == "REFUSED"
    assert "c: FAIL" in found["grounds"][0]
    assert found["changed"] == [
        {"scenario": "s", "variant": 8, "baseline": "PASS", "candidate": "FAIL"}
    ]


def test_a_candidate_that_collides_more_often_is_refused_though_nothing_was_preventable() -> None:
    found = gate(runs(*[0] * 100), runs(*[1] * 20, *[0] * 80), runs(*[1] * 100))
    assert found["candidate"]["verdict"] == "PASS"
    assert found["decision"] == "REFUSED"
    assert found["comparison"]["pairs"] == {
        "both": 0, "worse": 20, "better": 0, "neither": 80, "inconclusive": 0,
    }  # fmt: skip
    assert found["comparison"]["mcnemar"]["exact_worse"] == pytest.approx(0.5**20)


def test_an_open_run_never_admits() -> None:
    found = gate(runs(0, 0), runs(0, NAN), runs(0, 0))
    assert found["decision"] == "INCONCLUSIVE"


def test_what_was_outside_is_in_no_pair() -> None:
    found = gate(runs(0, NAN, outside=1), runs(0, NAN, outside=1), runs(0, NAN, outside=1))
    assert found["comparison"]["pairs"]["inconclusive"] == 0
    assert found["decision"] == "ADMITTED"


def test_a_requirement_that_no_scenario_covers_stops_the_gate() -> None:
    it = catalogue()
    more = Requirement(id="q", text="t")
    it = Catalogue(
        name="n", version="1", requirements=(*it.requirements, more), criteria=it.criteria,
        proofs=it.proofs, references=("cc",), odd={"road": ("town",)},
    )  # fmt: skip
    told = {role: runs(0) for role in ("baseline", "candidate", "cc")}
    found = gate_summary(it, 0.95, told)
    assert found["decision"] == "INCONCLUSIVE"
    assert "requirement q has no scenario" in found["grounds"]
    assert "road = town is in no scenario" in found["grounds"]
