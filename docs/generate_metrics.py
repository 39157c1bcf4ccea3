# ruff: noqa: INP001 - a script beside the page that it writes, no package
"""Writes docs/metrics.md from the catalogue of metrics and the KPIs that Treadle knows.

Run it after one of them has changed: `python docs/generate_metrics.py`; with `--check` it only
compares.
"""

import math
import sys
from collections.abc import Iterator
from pathlib import Path

from treadle.engine.measuring.tables import MEASURES, USUAL
from treadle.proving.formats.kpis import known_kpis
from treadle.proving.rules.metrics.catalogue import METRIC, METRICS, Metric

PAGE = Path(__file__).parent / "metrics.md"
_TOP = """<!-- Written by docs/generate_metrics.py: change the catalogue, then run it. -->

# Metrics

One number for each run of a driver. Most are kept while it runs, at every step, from what the
driver sees (`treadle.engine.measuring`); the same code measures recorded trajectories. What a
metric assumes is in its meaning and in the settings below.

- **NaN is no data, never 0**; the verdict is INCONCLUSIVE then, with the reason of the column
  *missing*. A run in which a number got lost (NaN in a state) has no metric at all. Where others
  are there and nothing is near, times and distances are inf and decelerations 0.
- *Ahead in the path*: further along the own lane, outlines overlapping sideways. Outlines are
  upright rectangles in the lane's frame, around the turned boxes.
- Integrals take the values of a step times its length. Speeds up to 1e-6 m/s over the limit and
  1e-6 m over the lane's edge are rounding and count as none.
- Comfort is told by the largest accelerations and jerks, as the vehicle's state has them,
  unfiltered; a step that changes the acceleration at once has the jerk of that one step. Nothing
  is weighted (ISO 2631-1 is not computed).
- PET and ET: two footprints share ground where the one's outline at some time overlaps the
  other's at any time. The least difference of two such times is the PET, exact between samples;
  boxes that turn are within 1 mm. Behind each other on one way it is the net time gap. ET is how
  long the own outline is on such ground.

## The catalogue
"""
_KPIS = """
## KPIs of other suites

Names that engineers know, on these metrics; `treadle.proving.formats.kpis` reads and writes such
files (TOML). `events` is how many times the value was beyond the threshold; from the extreme
alone it is known whether that was never or at least once. A KPI without a pass condition is
shown and asks for nothing; one that is not measured is INCONCLUSIVE.
"""


def lines() -> Iterator[str]:
    """Yield the lines of the page."""
    yield _TOP
    yield "| name | symbol | meaning | unit | range | safer | missing | from | source |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for metric in METRICS:
        yield _row(metric)
    yield (
        "\nMinima and maxima of runs come with their time: "
        + ", ".join(f"`{measure.name}`" for measure in MEASURES if measure.at >= 0)
        + "."
    )
    yield "\n## Settings\n"
    yield "| setting | usual value |\n| --- | --- |"
    for name, value in USUAL.items():
        yield f"| `{name}` | {value:g} |"
    yield "\nTimes in s, accelerations in m/s², margins in m. `deceleration` is the vehicle's own"
    yield "where that is less. RSS values are those of the public UN R157 study; PFS and CFS have"
    yield "their constants from the regulation."
    yield _KPIS
    suite = ""
    for kpi in known_kpis():
        if kpi.suite != suite:
            suite = kpi.suite
            yield f"\n### {suite}\n"
            yield "| name | metric | threshold | pass | finish | points | note |"
            yield "| --- | --- | --- | --- | --- | --- | --- |"
        threshold = ""
        if kpi.threshold is not None:
            threshold = f"{kpi.threshold:g} {METRIC[kpi.metric].unit}"
        score = ", ".join(f"{u:g}: {y:g}" for u, y in kpi.score)
        metric = f"`{kpi.metric}`" if kpi.metric else "not measured"
        passes = "" if kpi.passes is None else str(kpi.passes)
        finishes = "never" if kpi.finishes is None else str(kpi.finishes)
        told = (kpi.name, metric, threshold, passes, finishes, score, kpi.note)
        yield f"| {' | '.join(told)} |"


def _row(metric: Metric) -> str:
    safer = {True: "more", False: "less", None: ""}[metric.larger_is_safer]
    low, high = (_end(one) for one in (metric.lowest, metric.highest))
    told = (
        f"`{metric.name}`", metric.symbol, metric.meaning, metric.unit, f"{low} to {high}", safer,
        metric.missing, metric.origin, metric.source,
    )  # fmt: skip
    return f"| {' | '.join(told)} |"


def _end(value: float) -> str:
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return f"{value:g}"


def page() -> str:
    """Return the page."""
    return "\n".join(lines()) + "\n"


def main() -> None:
    """Write the page, or compare it."""
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text(encoding="utf-8") == page() else f"{PAGE.name} is stale")
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
