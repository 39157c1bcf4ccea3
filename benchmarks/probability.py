"""Failure probabilities of 1e-6 and 1e-7 on known cases: error, runs, coverage; beside targets.

`--repetitions 1000` takes the better part of an hour on one core; the errors of a coverage are
printed with it. Crude Monte Carlo is the yardstick: on a plane of 1e-3 it is run as it is; on one
of 1e-6 only its count is drawn, which is binomial whatever the plane's direction.
"""

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np
from measure import Figure, table

from proving.rules.campaigns import known
from treadle.proving.rules.campaigns.asking import drive
from treadle.proving.rules.campaigns.probability.cross_entropy import CrossEntropy
from treadle.proving.rules.campaigns.probability.crude import CrudeMonteCarlo
from treadle.proving.rules.campaigns.probability.estimate import Estimate
from treadle.proving.rules.campaigns.probability.splitting import Splitting

MOST_RUNS = 25_000
CRUDE_RUNS = 25_000_000
"""Of one crude estimate of 1e-6: 25 failures, an error of 20 %."""
Method = CrudeMonteCarlo | CrossEntropy | Splitting
Make = Callable[[int, int], Method]


@dataclass(frozen=True)
class Seen:
    """What many repetitions of a method on a case came to."""

    error: float
    bias: float
    runs: float
    covered: float
    covered_trusted: float
    trusted: float
    silent: float
    doubts: str
    seconds: float


def repeated(make: Make, case: known.Known, repetitions: int) -> Seen:
    """Return what so many seeds come to."""
    start = time.perf_counter()
    found: list[Estimate] = []
    for seed in range(repetitions):
        method = make(case.dimension, seed)
        drive(method, case.outcome)
        found.append(method.estimate())
    return summed_up(found, case.probability, time.perf_counter() - start)


def summed_up(found: Sequence[Estimate], probability: float, seconds: float) -> Seen:
    """Return what estimates of a known probability come to."""
    repetitions = len(found)
    ratios = np.array([e.probability / probability for e in found])
    covers = np.array([e.lower <= probability <= e.upper for e in found])
    trusted = np.array([e.trusted for e in found])
    doubts = Counter(doubt.name for e in found for doubt in e.doubts)
    return Seen(
        error=float(np.sqrt(((ratios - 1) ** 2).mean())),
        bias=float(ratios.mean() - 1),
        runs=float(np.mean([e.runs for e in found])),
        covered=float(covers.mean()),
        covered_trusted=float(covers[trusted].mean()) if trusted.any() else math.nan,
        trusted=float(trusted.mean()),
        # Far outside its own interval, and no doubt said.
        silent=float(np.mean(trusted & (np.abs(np.log(np.maximum(ratios, 1e-9))) > math.log(2)))),
        doubts=", ".join(f"{name} {n}" for name, n in doubts.most_common()) or "none",
        seconds=seconds / repetitions,
    )


def figures(case: known.Known, seen: Seen, repetitions: int) -> list[Figure]:
    """Return them beside their targets."""
    crude = (1 - case.probability) / (case.probability * seen.error**2)
    chance = 2.6 * math.sqrt(0.95 * 0.05 / repetitions)  # 99 % of campaigns with exactly 95 %
    covers = seen.covered_trusted
    return [
        Figure("error (root mean square)", 100 * seen.error, "%", "< 20 %", seen.error < 0.2),
        Figure("bias", 100 * seen.bias, "%", ""),
        Figure("runs", seen.runs, "", "<= 25,000", seen.runs <= MOST_RUNS),
        Figure("crude runs of that error, over these", crude / seen.runs, "x", ">= 1,000",
               crude / seen.runs >= 1000),
        Figure("coverage of trusted 95 % intervals", 100 * covers, "%",
               f"95 +- {100 * chance:.1f} %", covers >= 0.95 - chance),
        Figure("coverage of all", 100 * seen.covered, "%", ""),
        Figure("trusted", 100 * seen.trusted, "%", ""),
        Figure("trusted, and wrong by more than twice", 100 * seen.silent, "%", "0",
               seen.silent == 0.0),
        Figure("calculation alone", seen.seconds, "s", ""),
    ]  # fmt: skip


def crude(repetitions: int) -> None:
    """Measure crude Monte Carlo: its interval is exact, so it covers at least what it says."""
    case = known.plane(1e-3, 2)
    run = repeated(lambda d, s: CrudeMonteCarlo(d, MOST_RUNS, s, MOST_RUNS), case, repetitions)
    counts = np.random.default_rng(0).binomial(CRUDE_RUNS, 1e-6, repetitions)
    drawn = [
        CrudeMonteCarlo(2, CRUDE_RUNS, 0, spent=CRUDE_RUNS, failures=int(n)).estimate()
        for n in counts
    ]
    for told, p, seen in (
        (f"crude, {MOST_RUNS:,} runs: {case.name}", case.probability, run),
        (f"crude, {CRUDE_RUNS:,} runs, their count drawn: a plane", 1e-6,
         summed_up(drawn, 1e-6, 0.0)),
    ):  # fmt: skip
        least = 0.95 - 2.6 * math.sqrt(0.95 * 0.05 / repetitions)
        table(f"{told}, p = {p:.3g}", [
            Figure("error (root mean square)", 100 * seen.error, "%", ""),
            Figure("error by its formula", 100 * math.sqrt((1 - p) / (p * seen.runs)), "%", ""),
            Figure("coverage of 95 % intervals", 100 * seen.covered, "%",
                   f">= {100 * least:.1f} %", seen.covered >= least),
        ])  # fmt: skip


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=1000)
    parser.add_argument("--method", choices=("crude", "cross-entropy", "splitting"))
    parser.add_argument("--case", help="a part of a case's name")
    asked = parser.parse_args()
    makes: dict[str, Make] = {
        "cross-entropy": lambda d, s: CrossEntropy(d, 12_000, s),
        "splitting": lambda d, s: Splitting(d, 3500, s),
    }
    if asked.method in {None, "crude"}:
        crude(asked.repetitions)
    for name, make in makes.items():
        if asked.method not in {None, name}:
            continue
        for case in known.CASES:
            if asked.case and asked.case not in case.name:
                continue
            seen = repeated(make, case, asked.repetitions)
            title = f"{name}: {case.name}, p = {case.probability:.3g}"
            table(title, figures(case, seen, asked.repetitions))
            print(f"\nDoubts in {asked.repetitions}: {seen.doubts}.", flush=True)


if __name__ == "__main__":
    main()
