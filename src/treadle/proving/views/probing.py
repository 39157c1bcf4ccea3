"""What came of searches for failures, and of estimates of how likely they are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from treadle.facts.proving import ProbabilityAsked, SearchAsked
from treadle.kernel import Store, ThingId
from treadle.kernel.work import RUN_PREFIX, Life, WorkAsked
from treadle.proving.state import fold, life_of

_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeLine:
    """A search or an estimate in a list.

    Attributes
    ----------
    verdict
        Empty while it is not finished.
    figure
        Of a search how many runs failed, of an estimate the probability.
    """

    run: ThingId
    catalogue: ThingId
    scenario: str
    driver: str
    state: str
    verdict: str
    figure: float | None
    asked: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """A failure at its plainest: the failing case nearest to nominal that was found.

    Attributes
    ----------
    variant
        Of the file that the search leaves behind.
    differs
        The parameters that have to differ from nominal for it to fail so.
    distance
        From nominal, in deviations.
    margin
        How far below 0 the limit state is; none where it was not run again.
    runs
        In which it was reduced.
    """

    variant: int
    parameters: dict[str, str]
    differs: tuple[str, ...]
    distance: float
    margin: float | None
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a search came to.

    Attributes
    ----------
    verdict
        FAIL: it fails somewhere. NONE FOUND, which is no proof. INCONCLUSIVE: none found, and some
        runs are not known.
    worst
        The parameters of the case that was nearest to failing, or failed most.
    worst_margin
        How far from failing that was; 0 or less: it failed.
    left
        The scenario that has the failures as its variants.
    frontier
        Of a frontier search: the pairs of neighbours, one failing and one not, and the widest gap.
    """

    run: ThingId
    catalogue: ThingId
    scenario: str
    driver: str
    failure: str
    method: str
    state: str
    verdict: str
    error: str
    seed: int
    asked: datetime
    n_runs: int
    n_failures: int
    n_inconclusive: int
    n_outside: int
    worst: dict[str, str]
    worst_margin: float | None
    frontier: dict[str, float]
    result: str
    left: ThingId | None
    regressions: tuple[Regression, ...]
    doubts: tuple[str, ...]
    reasons: dict[str, int]

    @property
    def good(self) -> bool:
        """Whether a door may answer with 0."""
        return self.verdict == "NONE FOUND"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated:
    """How likely a failure is.

    Attributes
    ----------
    verdict
        ESTIMATED: it may be trusted. PASS, FAIL: against the limit. INCONCLUSIVE: it should not be
        trusted, and `doubts` say why, or the limit is within the interval.
    probability
        The estimate; 0 where nothing failed: then `upper` is all that is known.
    lower, upper
        The interval of this confidence; inconclusive runs count as passed below, as failed above.
    relative_error
        Standard error over estimate.
    effective_samples
        How many independent failures the estimate is worth.
    n_crude
        Runs that plain counting would want for the same error.
    likeliest
        The parameters of the failing case nearest to nominal that was run.
    likeliest_distance
        How far that is from nominal, in deviations.
    """

    run: ThingId
    catalogue: ThingId
    scenario: str
    driver: str
    failure: str
    method: str
    state: str
    verdict: str
    error: str
    seed: int
    asked: datetime
    probability: float | None
    lower: float | None
    upper: float | None
    confidence: float
    limit: float | None
    relative_error: float | None
    effective_samples: float | None
    n_runs: int
    n_crude: float | None
    n_failures: int
    n_inconclusive: int
    n_outside: int
    likeliest: dict[str, str]
    likeliest_distance: float | None
    result: str
    doubts: tuple[str, ...]
    reasons: dict[str, int]

    @property
    def good(self) -> bool:
        """Whether a door may answer with 0."""
        return self.verdict in {"ESTIMATED", "PASS"}


def searches(store: Store) -> tuple[ProbeLine, ...]:
    """Return the searches for failures, the newest first."""
    return _lines(store, SearchAsked)


def estimates(store: Store) -> tuple[ProbeLine, ...]:
    """Return the estimates of failure probabilities, the newest first."""
    return _lines(store, ProbabilityAsked)


def finding(store: Store, *, thing: ThingId) -> Finding:
    """Return what a search for failures came to.

    Parameters
    ----------
    thing
        The search; the start of its number will do.

    Raises
    ------
    NotFoundError
        There is no such search.
    """
    life = life_of(store, thing, SearchAsked)
    told = _summary(life)
    worst = told.get("worst") or {}
    left = told.get("left", ())
    return Finding(
        **_common(life, told),
        method=life.asked.options["method"],
        n_runs=told.get("tally", {}).get("runs", 0),
        worst=worst.get("parameters", {}),
        worst_margin=worst.get("margin"),
        frontier={k: v for k, v in told.get("frontier", {}).items() if v is not None},
        left=ThingId(left[0]) if left else None,
        regressions=tuple(
            Regression(variant=n, **{**one, "differs": tuple(one["differs"])})
            for n, one in enumerate(told.get("regressions", ()))
        ),
        doubts=tuple(life.asked.options["doubts"]),
    )


def estimate(store: Store, *, thing: ThingId) -> Estimated:
    """Return how likely a failure is, as it was estimated, and why not to trust that.

    Parameters
    ----------
    thing
        The estimate; the start of its number will do.

    Raises
    ------
    NotFoundError
        There is no such estimate.
    """
    life = life_of(store, thing, ProbabilityAsked)
    told = _summary(life)
    nearest = told.get("nearest", {})
    return Estimated(
        **_common(life, told),
        method=told.get("method", life.asked.options["method"]),
        probability=told.get("probability"),
        lower=told.get("lower"),
        upper=told.get("upper"),
        confidence=life.asked.options["confidence"],
        limit=life.asked.options["limit"],
        relative_error=told.get("relative_error"),
        effective_samples=told.get("effective_samples"),
        n_runs=told.get("runs", 0),
        n_crude=told.get("crude_runs"),
        likeliest=nearest.get("parameters", {}),
        likeliest_distance=nearest.get("distance"),
        doubts=tuple(one["text"] for one in told.get("doubts", ())),
    )


def _lines(store: Store, kind: type[WorkAsked]) -> tuple[ProbeLine, ...]:
    lives = (fold(store.history(t)) for t in store.things(prefix=RUN_PREFIX, limit=_MOST))
    found = [life for life in lives if life is not None and isinstance(life.asked, kind)]
    return tuple(
        ProbeLine(
            run=life.run,
            catalogue=life.asked.about,
            scenario=life.asked.options["scenario"],
            driver=life.asked.options["roles"]["driver"],
            state=life.state,
            verdict=str(_summary(life).get("verdict", "")),
            figure=_figure(_summary(life)),
            asked=life.asked_at,
        )
        for life in sorted(found, key=lambda life: life.asked_at, reverse=True)
    )


def _figure(told: dict[str, Any]) -> float | None:
    if "probability" in told:
        return float(told["probability"])
    return float(told["tally"]["failures"]) if "tally" in told else None


def _summary(life: Life) -> dict[str, Any]:
    return dict(life.finished.summary) if life.finished else {}


def _common(life: Life, told: dict[str, Any]) -> dict[str, Any]:
    """Return what a search and an estimate both tell."""
    tally = told.get("tally", {})
    return {
        "run": life.run,
        "catalogue": life.asked.about,
        "scenario": life.asked.options["scenario"],
        "driver": life.asked.options["roles"]["driver"],
        "failure": told.get("failure", life.asked.options["goal"]["metric"]),
        "state": life.state,
        "verdict": str(told.get("verdict", "")),
        "error": life.error,
        "seed": life.asked.seed,
        "asked": life.asked_at,
        "n_failures": tally.get("failures", 0),
        "n_inconclusive": tally.get("inconclusive", 0),
        "n_outside": tally.get("outside", 0),
        "result": life.finished.result if life.finished else "",
        "reasons": tally.get("reasons", {}),
    }
