"""KPIs of a catalogue over its runs: the verdict of each variant, and its points."""

from typing import Any, Protocol

import numpy as np

from treadle.engine.measuring.tables import INDEX
from treadle.proving.rules.catalogue import KPI, Catalogue
from treadle.proving.rules.metrics.kpi import Kpi, judge_kpi, points
from treadle.proving.rules.verdicts import FAIL, INCONCLUSIVE, PASS, Judgement


class Runs(Protocol):
    """What came of one driver's runs (rules/judging.py), as far as KPIs need it."""

    @property
    def crashed(self) -> np.ndarray:
        """1, 0, or NaN where that is not known, (n,)."""

    @property
    def outside(self) -> np.ndarray:
        """Whether a variant is outside the authors' constraints, (n,)."""

    @property
    def reasons(self) -> np.ndarray:
        """Why it is not known, (n,)."""

    @property
    def measures(self) -> np.ndarray:
        """Of engine.measuring, (n, n_measures)."""


def kpi_of(metric: str, it: Catalogue) -> Kpi | None:
    """Return the KPI that a criterion's metric names; None where it names none, or one unread."""
    return it.kpis.get(metric.removeprefix(KPI)) if metric.startswith(KPI) else None


def unread_kpi(metric: str, it: Catalogue) -> str:
    """Return why the KPI that a criterion's metric names is not known; empty where it is."""
    if not metric.startswith(KPI) or kpi_of(metric, it) is not None:
        return ""
    name = metric.removeprefix(KPI)
    return f"the KPI {name} is not known: {'; '.join(it.kpis_unread.values())}"


def judged(kpi: Kpi, runs: Runs, of: np.ndarray) -> tuple[Judgement, np.ndarray]:
    """Return the verdicts of some runs on a KPI, and their points, (n,).

    Parameters
    ----------
    of : (n_runs,) bool
        Which runs.
    """
    values = _values(kpi, runs)[of]
    outcomes = np.where(np.isnan(runs.crashed[of]), "INCONCLUSIVE", "COMPLETED")
    outcomes = np.where(runs.outside[of], "OUTSIDE", outcomes)
    found = judge_kpi(kpi, values, outcomes, runs.reasons[of])
    return found, np.where(outcomes == "COMPLETED", points(kpi, values), np.nan)


def _values(kpi: Kpi, runs: Runs) -> np.ndarray:
    if kpi.metric == "collisions":
        return runs.crashed
    if kpi.metric in INDEX:
        return runs.measures[:, INDEX[kpi.metric]]
    return np.full(len(runs.crashed), np.nan)  # campaigns do not keep it: no data


def summed_up(it: Catalogue, runs: Runs) -> list[dict[str, Any]]:
    """Return how many variants pass and fail each KPI that criteria name, as plain values."""
    told: list[dict[str, Any]] = []
    for name, kpi in it.kpis.items():
        found, score = judged(kpi, runs, ~runs.outside)
        known = score[~np.isnan(score)]
        told.append(
            {
                "name": name,
                "suite": kpi.suite,
                "metric": kpi.metric,
                "n_pass": found.count(PASS),
                "n_fail": found.count(FAIL),
                "n_inconclusive": found.count(INCONCLUSIVE),
                "points": float(known.mean()) if len(known) else None,
            }
        )
    return told
