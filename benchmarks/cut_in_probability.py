"""How likely the engine's own cut-in ends in a collision: two methods against one another.

    python benchmarks/cut_in_probability.py [--crude N] [--seeds N] [--driver D] [--only CASE]

The van of examples/proving/cut_in.xosc, its speed, Ego's and the gap by chance; a step of 0.05 s.
No closed form knows the answer. At about 1e-3 crude Monte Carlo tells it, with its own error; at
about 1e-6 nobody does, so the spread of cross-entropy over seeds is its error, and splitting, which
shares nothing with it but the engine, looks whether all of them err alike.
"""

import argparse
import math
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from measure import Figure, table

from treadle.kernel.bundle import Disk
from treadle.proving.formats.campaigning import Doing
from treadle.proving.formats.probing import Probe
from treadle.proving.rules.campaigns.gate_statistics import clopper_pearson
from treadle.proving.rules.campaigns.margins import Goal
from treadle.proving.rules.campaigns.probability.cross_entropy import CrossEntropy
from treadle.proving.rules.campaigns.probability.crude import CrudeMonteCarlo
from treadle.proving.rules.campaigns.probability.estimate import Estimate
from treadle.proving.rules.campaigns.probability.splitting import Splitting

EXAMPLE = Path(__file__).parents[1] / "examples" / "proving"
MEANS = {"moderate": 50.0, "rare": 70.0}
CATALOGUE = """name = "cut-in by chance"
version = "1"
step_s = 0.05
time_limit_s = 30.0
[[requirement]]
id = "r"
text = "No collision."
[[scenario]]
id = "cut-in"
file = "varied.xosc"
requirements = ["r"]
"""
VARIED = """<OpenSCENARIO><FileHeader revMajor="1" revMinor="2" date="2026-11-25T00:00:00"
description="The van cuts in by chance" author="Treadle"/><ParameterValueDistribution>
<ScenarioFile filepath="{scenario}"/><Stochastic numberOfTestRuns="1" randomSeed="0">
<StochasticDistribution parameterName="Ego_speed_kph">
<NormalDistribution expectedValue="100" variance="36"><Range lowerLimit="60" upperLimit="130"/>
</NormalDistribution></StochasticDistribution>
<StochasticDistribution parameterName="Van_speed_kph">
<NormalDistribution expectedValue="75" variance="16"/></StochasticDistribution>
<StochasticDistribution parameterName="Cut_in_gap_m">
<NormalDistribution expectedValue="{gap_m}" variance="64"><Range lowerLimit="0" upperLimit="85"/>
</NormalDistribution></StochasticDistribution>
</Stochastic></ParameterValueDistribution></OpenSCENARIO>"""
Method = CrudeMonteCarlo | CrossEntropy | Splitting


@dataclass
class Case:
    """A cut-in whose gap has this mean, with a driver."""

    gap_m: float
    driver: str

    def __post_init__(self) -> None:
        """Read it."""
        with tempfile.TemporaryDirectory() as folder:
            text = VARIED.format(scenario=EXAMPLE / "cut_in.xosc", gap_m=self.gap_m)
            Path(folder, "varied.xosc").write_text(text)
            Path(folder, "c.toml").write_text(CATALOGUE)
            told = {"scenario": "", "goal": Goal(), "seed": 0}
            self.probe = Probe(Disk(), f"{folder}/c.toml", self.driver, told)
            self.probe.lower()

    def estimate(self, method: Method) -> Estimate:
        """Return what a method comes to."""
        space = self.probe.over.space
        while not method.done:
            outcomes = self.probe.outcomes(space.parameters(method.ask()), Doing())
            if outcomes is None:
                raise SystemExit
            method.tell(outcomes)
        return method.estimate()


def crude_runs(p: float, error: float) -> float:
    """Return how many crude runs have this relative error."""
    return (1 - p) / (p * error**2)


def spread(found: list[Estimate]) -> tuple[float, float, float]:
    """Return the mean estimate, and the relative spread of single ones, and of their mean."""
    each = np.array([e.probability for e in found])
    of_one = float(each.std(ddof=1) / each.mean())
    return float(each.mean()), of_one, of_one / math.sqrt(len(each))


def moderate(driver: str, n_crude: int, seeds: int) -> None:
    """Compare with crude Monte Carlo where that can be paid."""
    case = Case(MEANS["moderate"], driver)
    start = time.perf_counter()
    crude = case.estimate(CrudeMonteCarlo(3, n_crude, 1, 10_000))
    seconds = time.perf_counter() - start
    found = [case.estimate(CrossEntropy(3, 12_000, seed)) for seed in range(seeds)]
    mean, of_one, of_mean = spread(found)
    exact = clopper_pearson(case_failures(crude), n_crude)
    off = mean / crude.probability - 1
    allowed = 2.6 * math.hypot(of_mean, crude.relative_error)  # 99 %
    covered = sum(e.lower <= exact.upper and exact.lower <= e.upper for e in found)
    figures = [
        Figure("crude: probability", 1e3 * crude.probability, "e-3", ""),
        Figure("crude: error", 100 * crude.relative_error, "%", ""),
        Figure("crude: engine runs/s", n_crude / seconds, "", ""),
        Figure("cross-entropy, mean of seeds: probability", 1e3 * mean, "e-3", ""),
        Figure("cross-entropy: spread of one estimate", 100 * of_one, "%", "< 20 %", of_one < 0.2),
        Figure("the two apart", 100 * off, "%", f"within {100 * allowed:.1f} %",
               abs(off) < allowed),
        Figure("intervals that meet the crude one", covered, f"of {seeds}", ""),
        Figure("trusted", sum(e.trusted for e in found), f"of {seeds}", ""),
    ]  # fmt: skip
    table(f"{driver}, mean gap {case.gap_m:g} m: {n_crude:,} crude runs", figures)


def case_failures(crude: Estimate) -> int:
    """Return how many runs failed."""
    return round(crude.probability * crude.runs)


def rare(driver: str, seeds: int) -> None:
    """Compare cross-entropy over seeds, and splitting, where crude Monte Carlo cannot be paid."""
    case = Case(MEANS["rare"], driver)
    start = time.perf_counter()
    found = [case.estimate(CrossEntropy(3, 12_000, seed)) for seed in range(seeds)]
    seconds = time.perf_counter() - start
    mean, of_one, of_mean = spread(found)
    others = [case.estimate(Splitting(3, 3500, seed)) for seed in range(seeds)]
    split, split_one, split_mean = spread(others)
    split_runs = float(np.mean([e.runs for e in others]))
    off = split / mean - 1
    allowed = 2.6 * math.hypot(of_mean, split_mean)
    worth = crude_runs(mean, of_one) / 12_000
    figures = [
        Figure("cross-entropy, mean of seeds: probability", 1e6 * mean, "e-6", "about 1"),
        Figure("spread of one estimate", 100 * of_one, "%", "< 20 %", of_one < 0.2),
        Figure("largest deviation of one from the mean",
               100 * max(abs(e.probability / mean - 1) for e in found), "%", ""),
        Figure("error that one estimate states, mean",
               100 * float(np.mean([e.relative_error for e in found])), "%", ""),
        Figure("crude runs of that spread, over 12,000", worth, "x", ">= 1,000", worth >= 1000),
        Figure("intervals that hold the mean", sum(e.lower <= mean <= e.upper for e in found),
               f"of {seeds}", ""),
        Figure("trusted", sum(e.trusted for e in found), f"of {seeds}", ""),
        Figure("splitting, mean of seeds: probability", 1e6 * split, "e-6", ""),
        Figure("splitting: spread of one estimate", 100 * split_one, "%", "< 20 %",
               split_one < 0.2),
        Figure("splitting: error that one estimate states, mean",
               100 * float(np.mean([e.relative_error for e in others])), "%", ""),
        Figure("splitting: intervals that hold the mean of cross-entropy",
               sum(e.lower <= mean <= e.upper for e in others), f"of {seeds}", ""),
        Figure("splitting: trusted", sum(e.trusted for e in others), f"of {seeds}", ""),
        Figure("splitting: runs", split_runs, "", ""),
        Figure("crude runs of that spread, over these",
               crude_runs(split, split_one) / split_runs, "x", ">= 1,000",
               crude_runs(split, split_one) / split_runs >= 1000),
        Figure("splitting and cross-entropy apart", 100 * off, "%", f"within {100 * allowed:.1f} %",
               abs(off) < allowed),
        Figure("engine runs/s", seeds * 12_000 / seconds, "", ""),
    ]  # fmt: skip
    table(f"{driver}, mean gap {case.gap_m:g} m: {seeds} seeds", figures)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crude", type=int, default=400_000)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--driver", default="acc")
    parser.add_argument("--only", choices=tuple(MEANS))
    told = parser.parse_args()
    if told.only != "rare":
        moderate(told.driver, told.crude, told.seeds)
    if told.only != "moderate":
        rare(told.driver, told.seeds)


if __name__ == "__main__":
    main()
