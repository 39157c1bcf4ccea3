"""KPIs: a metric under the name that a suite gives it, with threshold, conditions and points."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.rules.metrics.catalogue import METRIC
from treadle.proving.rules.verdicts import (
    FAIL,
    INCONCLUSIVE,
    PASS,
    Judgement,
    Relation,
    by_outcome,
    compared,
    not_judged,
)

Subject = Literal["value", "events"]
"""What a condition is about: the metric's value in the run, or how many times it was beyond the
threshold (on the side that is less safe; above it where neither is)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A relation of the value or of its events to a number; None: to the threshold."""

    subject: Subject
    relation: Relation
    number: float | None = None

    def __str__(self) -> str:
        """Return it as KPI files have it."""
        against = "threshold" if self.number is None else repr(self.number)
        return f"{self.subject} {self.relation} {against}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """A KPI.

    Attributes
    ----------
    metric
        Of the catalogue; empty where Treadle does not measure it: `note` says why, and its verdict
        is INCONCLUSIVE.
    suite
        Whose name it is.
    threshold
        In the metric's unit; None: the value is shown, nothing is asked.
    passes
        When a run passes; None as before.
    finishes
        When a run may end; None: never.
    score
        Points (what `passes` is about, points), evenly between, ends kept; empty: none.
    """

    name: str
    metric: str
    suite: str = ""
    threshold: float | None = None
    passes: Condition | None = None
    finishes: Condition | None = None
    score: tuple[tuple[float, float], ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be judged."""
        if self.metric and self.metric not in METRIC:
            text = f"KPI {self.name}: there is no metric '{self.metric}'; docs/metrics.md has them"
            raise InvalidInputError(text)
        if not self.metric and not self.note:
            text = f"KPI {self.name} has no metric; name one, or say in `note` why there is none"
            raise InvalidInputError(text)
        for condition in (self.passes, self.finishes):
            about = condition and (condition.number is None or condition.subject == "events")
            if about and self.metric and self.threshold is None:
                text = f"KPI {self.name}: '{condition}' wants a threshold; give one"
                raise InvalidInputError(text)
        steps = [u for u, _ in self.score]
        if any(b <= a for a, b in pairwise(steps)):
            text = f"KPI {self.name}: the first numbers of `score` must grow from pair to pair"
            raise InvalidInputError(text)


def beyond(kpi: Kpi, values: np.ndarray) -> np.ndarray:
    """Return 1 where a value is beyond the threshold, 0 where not, NaN where it is not known."""
    values = np.asarray(values, np.float64)
    if kpi.threshold is None:
        return np.full(values.shape, np.nan)
    is_low = METRIC[kpi.metric].larger_is_safer
    wrong = values < kpi.threshold if is_low else values > kpi.threshold
    return np.where(np.isnan(values), np.nan, wrong.astype(np.float64))


def _subject(
    kpi: Kpi, condition: Condition, values: np.ndarray, events: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the most that what a condition is about may be."""
    values = np.asarray(values, np.float64)
    if condition.subject == "value":
        return values, values
    if events is not None:
        events = np.asarray(events, np.float64)
        return events, events
    over = beyond(kpi, values)
    return over, np.where(over > 0, np.inf, over)


def holds(
    kpi: Kpi, condition: Condition, values: np.ndarray, events: np.ndarray | None = None
) -> np.ndarray:
    """Return whether a condition holds: 1, 0, or NaN where that is not known, (n,).

    Parameters
    ----------
    values : (n,)
        The metric: least or largest of the run.
    events : (n,)
        How many times it was beyond the threshold; without, known only as none or at least one.
    """
    low, high = _subject(kpi, condition, values, events)
    number = kpi.threshold if condition.number is None else condition.number
    if number is None:
        return np.full(low.shape, np.nan)
    at_low, at_high = (compared(condition.relation, end, number) for end in (low, high))
    known = ~np.isnan(low) & (at_low == at_high)
    if condition.relation == "==":
        known &= (low == high) | (low > number)
    return np.where(known, at_low.astype(np.float64), np.nan)


def judge_kpi(
    kpi: Kpi,
    values: np.ndarray,
    outcomes: np.ndarray,
    reasons: np.ndarray,
    events: np.ndarray | None = None,
) -> Judgement:
    """Return the verdict of each variant on a KPI.

    Parameters
    ----------
    values : (n_variants,)
        Of its metric; NaN where there is no data.
    outcomes, reasons : (n_variants,)
        Of the runs, as in Result.
    """
    n = len(outcomes)
    if not kpi.metric:
        return not_judged(kpi.name, n, f"not measured: {kpi.note}")
    if kpi.passes is None:
        return not_judged(kpi.name, n, "nothing is asked: it has no pass condition")
    values = np.asarray(values, np.float64)
    if len(values) != n or len(reasons) != n:
        text = f"KPI {kpi.name}: {len(values)} values for {n} variants; give one each"
        raise InvalidInputError(text)
    met = holds(kpi, kpi.passes, values, events)
    verdicts = np.select([met == 1, met == 0], [PASS, FAIL], INCONCLUSIVE).astype(np.int8)
    told = np.full(n, "", dtype=object)
    for k in np.flatnonzero(verdicts == FAIL):
        told[k] = f"{kpi.name}: {kpi.metric} is {values[k]:g}, asked is {_asked(kpi, kpi.passes)}"
    told[verdicts == INCONCLUSIVE] = f"{kpi.name}: how many times is not known"
    told[np.isnan(values)] = f"{kpi.name}: no data for {kpi.metric}"
    verdicts, told = by_outcome(verdicts, told, outcomes, reasons)
    return Judgement(of=kpi.name, verdicts=verdicts, reasons=told)


def _asked(kpi: Kpi, condition: Condition) -> str:
    if kpi.threshold is None:
        return str(condition)
    return f"{condition}, threshold {kpi.threshold:g}"


def points(kpi: Kpi, values: np.ndarray, events: np.ndarray | None = None) -> np.ndarray:
    """Return the points of each variant by the score map, NaN where they are not known, (n,)."""
    values = np.asarray(values, np.float64)
    if not kpi.score or not kpi.metric:
        return np.full(values.shape, np.nan)
    about = kpi.passes or Condition(subject="value", relation=">=")
    low, high = _subject(kpi, about, values, events)
    u, y = np.array(kpi.score).T
    ends = [np.interp(np.where(np.isnan(end), u[0], end), u, y) for end in (low, high)]
    is_known = ~np.isnan(low) & (ends[0] == ends[1])
    return np.where(is_known, ends[0], np.nan)


def named(kpis: Sequence[Kpi], suite: str = "") -> dict[str, Kpi]:
    """Return KPIs by name, of one suite or of all; later ones of a name take its place."""
    return {kpi.name: kpi for kpi in kpis if not suite or kpi.suite == suite}
