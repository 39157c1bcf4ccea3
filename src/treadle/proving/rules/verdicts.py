"""PASS, FAIL, INCONCLUSIVE: of a requirement, a variant, a campaign; and against a reference.

Whatever was skipped, is not supported, or is missing is INCONCLUSIVE with the reason, never PASS.
APART is what is not asked of the driver: outside the authors' constraints, or not preventable by
the reference; it is counted and shown, and decides nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from treadle.kernel import InvalidInputError

VERDICTS = ("PASS", "FAIL", "INCONCLUSIVE", "APART")
PASS, FAIL, INCONCLUSIVE, APART = range(4)
Relation = Literal["<", "<=", ">", ">=", "=="]
RELATIONS: tuple[Relation, ...] = ("<", "<=", ">", ">=", "==")
_SIGNS = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a metric's value must be, so that a requirement is met.

    Attributes
    ----------
    metric
        A name of the catalogue (metrics/catalogue.py).
    limit
        In the metric's unit.
    source
        Where it is asked for: a regulation's paragraph, a contract, a page.
    """

    name: str
    metric: str
    relation: Relation
    limit: float
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse a relation that is none, and a limit that is no number."""
        if self.relation not in RELATIONS:
            text = f"demand {self.name}: '{self.relation}' is no relation; write one of "
            raise InvalidInputError(text + " ".join(RELATIONS))
        if np.isnan(self.limit):
            raise InvalidInputError(f"demand {self.name} has no limit; give it a number")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judgement:
    """The verdict of each variant.

    Attributes
    ----------
    of
        What was judged: a requirement's name, or a word for several.
    verdicts : (n_variants,) int8
        Index in VERDICTS.
    reasons : (n_variants,) object
        Empty where PASS.
    """

    of: str
    verdicts: np.ndarray
    reasons: np.ndarray

    @property
    def failures(self) -> np.ndarray:
        """1 where it fails, 0 where it passes, NaN where it decides nothing, (n_variants,)."""
        return np.select([self.verdicts == FAIL, self.verdicts == PASS], [1.0, 0.0], np.nan)

    def count(self, verdict: int) -> int:
        """Return how many variants have a verdict."""
        return int(np.count_nonzero(self.verdicts == verdict))


@dataclass(frozen=True, slots=True, kw_only=True)
class Overall:
    """The verdict over all variants: one failure fails it, one gap leaves it open."""

    of: str
    verdict: str
    reason: str
    passed: int
    failed: int
    inconclusive: int
    apart: int
    missing: int


def judge(
    demand: Demand, values: np.ndarray, outcomes: np.ndarray, reasons: np.ndarray
) -> Judgement:
    """Return whether each variant meets a demand.

    Parameters
    ----------
    values : (n_variants,)
        The metric; NaN where there is no data.
    outcomes, reasons : (n_variants,)
        Of the runs, as in Result.
    """
    values = np.asarray(values, np.float64)
    _same_length(demand.name, values, outcomes, reasons)
    told = np.full(len(values), "", dtype=object)
    met = compared(demand.relation, values, demand.limit)
    verdicts = np.where(met, PASS, FAIL).astype(np.int8)
    asked = f"{demand.metric} {demand.relation} {demand.limit:g}"
    for k in np.flatnonzero(~met):
        told[k] = f"{demand.name}: {demand.metric} is {values[k]:g}, asked is {asked}"
    nothing = np.isnan(values)
    verdicts[nothing] = INCONCLUSIVE
    told[nothing] = f"{demand.name}: no data for {demand.metric}"
    verdicts, told = by_outcome(verdicts, told, outcomes, reasons)
    return Judgement(of=demand.name, verdicts=verdicts, reasons=told)


def compared(relation: Relation, values: np.ndarray, limit: float) -> np.ndarray:
    """Return whether each value has a relation to a limit, (n,) bool; NaN has none."""
    return np.asarray(_SIGNS[relation](values, limit))


def _same_length(name: str, *arrays: np.ndarray) -> None:
    lengths = [len(one) for one in arrays]
    if len(set(lengths)) > 1:
        text = f"{name}: arrays of {lengths} variants are not of the same runs; give one row each"
        raise InvalidInputError(text)


def by_outcome(
    verdicts: np.ndarray, told: np.ndarray, outcomes: np.ndarray, reasons: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return verdicts and reasons, overruled where the run itself decides nothing.

    Parameters
    ----------
    verdicts, told : (n_variants,)
        What the numbers say.
    outcomes, reasons : (n_variants,)
        What came of the runs.
    """
    outside = outcomes == "OUTSIDE"
    open_ = ~outside & (outcomes != "COMPLETED")
    for rows, verdict in ((outside, APART), (open_, INCONCLUSIVE)):
        verdicts[rows] = verdict
        for k in np.flatnonzero(rows):
            told[k] = str(reasons[k]) or f"the run is {outcomes[k] or 'missing'}"
    return verdicts, told


def not_judged(name: str, n_variants: int, reason: str) -> Judgement:
    """Return a judgement that is INCONCLUSIVE throughout: a metric that nobody can measure."""
    return Judgement(
        of=name,
        verdicts=np.full(n_variants, INCONCLUSIVE, np.int8),
        reasons=np.full(n_variants, f"{name}: {reason}", dtype=object),
    )


def together(judgements: Sequence[Judgement], of: str = "all requirements") -> Judgement:
    """Return the verdict of each variant over several judgements.

    One FAIL fails it, else one INCONCLUSIVE leaves it open, else one PASS passes it; APART only
    where all are.

    Raises
    ------
    InvalidInputError
        Without any judgement, or where they are not of the same variants.
    """
    if not judgements:
        raise InvalidInputError(f"{of}: nothing was judged; name a requirement")
    _same_length(of, *(one.verdicts for one in judgements))
    told = np.stack([one.verdicts for one in judgements])
    verdicts = np.full(told.shape[1], APART, np.int8)
    for verdict in (PASS, INCONCLUSIVE, FAIL):
        verdicts[(told == verdict).any(0)] = verdict
    reasons = np.full(told.shape[1], "", dtype=object)
    for k in np.flatnonzero(verdicts != PASS):
        why = [str(j.reasons[k]) for j in judgements if j.verdicts[k] == verdicts[k]]
        reasons[k] = "; ".join(dict.fromkeys(reason for reason in why if reason))
    return Judgement(of=of, verdicts=verdicts, reasons=reasons)


def overall(judgement: Judgement, expected: int | None = None) -> Overall:
    """Return the verdict over all variants of a campaign.

    FAIL with one failure; else INCONCLUSIVE with one variant that is, with fewer variants than
    expected, or with none that decides; else PASS.

    Parameters
    ----------
    expected
        How many variants there should be; None: as many as there are.
    """
    passed, failed, open_, apart = (judgement.count(verdict) for verdict in range(4))
    missing = max(0, (expected or 0) - len(judgement.verdicts))
    if failed:
        verdict, reason = FAIL, f"{failed} fail; first: {_first(judgement, FAIL)}"
    elif open_ or missing:
        verdict = INCONCLUSIVE
        why = []
        if open_:
            why.append(f"{open_} are inconclusive; first: {_first(judgement, INCONCLUSIVE)}")
        if missing:
            why.append(f"{missing} of {expected} variants are missing")
        reason = "; ".join(why)
    elif not passed:
        verdict, reason = INCONCLUSIVE, "no variant decides"
    else:
        verdict, reason = PASS, ""
    return Overall(
        of=judgement.of,
        verdict=VERDICTS[verdict],
        reason=reason,
        passed=passed,
        failed=failed,
        inconclusive=open_,
        apart=apart,
        missing=missing,
    )


def _first(judgement: Judgement, verdict: int) -> str:
    return str(judgement.reasons[np.flatnonzero(judgement.verdicts == verdict)[0]])


CLASSES = (
    "preventable, avoided",
    "preventable, crashed",
    "unpreventable, avoided",
    "unpreventable, crashed",
    "unknown",
)
AVOIDED, CRASHED, BEYOND_AVOIDED, BEYOND_CRASHED, UNKNOWN = range(5)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prevention:
    """A driver's collisions against those of a reference model.

    Attributes
    ----------
    reference
        Name of the model and its variant.
    classes : (n_variants,) int8
        Index in CLASSES.
    judgement
        FAIL where the reference avoids and the driver crashes; APART where the reference does not
        avoid it; INCONCLUSIVE where either is unknown.
    """

    reference: str
    classes: np.ndarray
    judgement: Judgement

    @property
    def counts(self) -> dict[str, int]:
        """How many variants each class has."""
        return {name: int(np.count_nonzero(self.classes == k)) for k, name in enumerate(CLASSES)}


def against_reference(
    crashed: np.ndarray, reference_crashed: np.ndarray, reference: str
) -> Prevention:
    """Return what the reference model makes of a driver's collisions.

    Parameters
    ----------
    crashed, reference_crashed : (n_variants,)
        1 crashed, 0 avoided, NaN inconclusive.

    Raises
    ------
    InvalidInputError
        Not the same variants, or another value.
    """
    own = np.asarray(crashed, np.float64)
    other = np.asarray(reference_crashed, np.float64)
    _same_length(reference, own, other)
    for one in (own, other):
        if not (np.isnan(one) | (one == 0) | (one == 1)).all():
            text = f"{reference}: an outcome is neither 1 (crashed), 0 (avoided) nor NaN; mend it"
            raise InvalidInputError(text)
    known = ~np.isnan(own) & ~np.isnan(other)
    classes = np.where(known, 2 * other + own, UNKNOWN).astype(np.int8)
    by_class = np.array([PASS, FAIL, APART, APART, INCONCLUSIVE], np.int8)
    reasons = np.full(len(own), "", dtype=object)
    reasons[classes == CRASHED] = f"crashed where {reference} avoids it"
    reasons[(classes == BEYOND_AVOIDED) | (classes == BEYOND_CRASHED)] = (
        f"not preventable by {reference}"
    )
    reasons[np.isnan(other)] = f"{reference} is inconclusive"
    reasons[np.isnan(own)] = "the driver's run is inconclusive"
    name = f"collisions that {reference} avoids"
    judgement = Judgement(of=name, verdicts=by_class[classes], reasons=reasons)
    return Prevention(reference=reference, classes=classes, judgement=judgement)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Change:
    """What another reading of the reference changes, against the first.

    Attributes
    ----------
    gained, lost : (n,) int64
        Rows that become preventable; rows that no longer are. Unknown ones are in neither.
    """

    reference: str
    preventable: int
    unpreventable: int
    unknown: int
    gained: np.ndarray
    lost: np.ndarray


def changes(references: Mapping[str, np.ndarray]) -> tuple[Change, ...]:
    """Return how many variants each reference prevents, and what changes from the first to it.

    Parameters
    ----------
    references : name to (n_variants,)
        1 crashed, 0 avoided, NaN inconclusive.
    """
    outcomes = {name: np.asarray(one, np.float64) for name, one in references.items()}
    if outcomes:
        _same_length("references", *outcomes.values())
    first = next(iter(outcomes.values()), np.zeros(0))
    return tuple(
        Change(
            reference=name,
            preventable=int(np.count_nonzero(one == 0)),
            unpreventable=int(np.count_nonzero(one == 1)),
            unknown=int(np.count_nonzero(np.isnan(one))),
            gained=np.flatnonzero((first == 1) & (one == 0)),
            lost=np.flatnonzero((first == 0) & (one == 1)),
        )
        for name, one in outcomes.items()
    )


def frontier(crashed: np.ndarray) -> np.ndarray:
    """Return where a reference's outcome changes between neighbours of a grid.

    Parameters
    ----------
    crashed : (n_a, n_b)
        1, 0 or NaN over two parameters, in their order.

    Returns
    -------
    (n_edges, 3) int64
        Indices along a and b of the nearer cell, and the axis (0: a, 1: b) to its neighbour.
    """
    edges = []
    for axis in range(2):
        step = np.diff(np.asarray(crashed, np.float64), axis=axis)
        a, b = np.nonzero(np.abs(step) == 1)
        edges.append(np.stack([a, b, np.full(len(a), axis)], axis=1))
    return np.concatenate(edges).astype(np.int64)
