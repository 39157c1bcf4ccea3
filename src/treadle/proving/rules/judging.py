"""The verdict on a driver's runs: each variant, each criterion, and all of them.

A collision counts where the driver's own vehicle touches anybody. It is the driver's to answer for
where the reference model avoids it; what no reference run tells is INCONCLUSIVE.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from treadle.engine.measuring.tables import INDEX
from treadle.kernel import InvalidInputError
from treadle.proving.rules import verdicts as verdict_of
from treadle.proving.rules.by_kpi import judged, kpi_of, unread_kpi
from treadle.proving.rules.catalogue import PREFIX, Catalogue, Criterion
from treadle.proving.rules.exercised import share_of
from treadle.proving.rules.levels import Levels
from treadle.proving.rules.metrics.kpi import Kpi
from treadle.proving.rules.metrics.whole_runs import (
    EXTRA,
    OF_CONTACTS,
    OF_GROUND,
    contact_metrics,
)
from treadle.proving.rules.result import ENDINGS, Result
from treadle.proving.rules.verdicts import against_reference

COUNTED = ("collisions", "preventable_collisions", "inconclusive")
_STANDSTILL, _COLLISION = ENDINGS.index("standstill"), ENDINGS.index("collision")
_LEVELS = {"p01": 1.0, "p05": 5.0, "p95": 95.0, "p99": 99.0}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Runs:
    """What came of one driver's runs, over all scenarios of a catalogue.

    Attributes
    ----------
    proofs : (n,)
        Index of the scenario of each.
    variants : (n,)
        Number of the variant of each.
    crashed : (n,)
        1 where it touched anybody, 0 where it came to its end without, NaN where that is not known.
    outside : (n,)
        Whether it is outside the authors' constraints, and was not run.
    reasons : (n,)
        Why it is not known.
    measures : (n, n_measures)
        Of engine.measuring.
    levels
        Of the parameters of scenarios, by their index: rows as those of the scenario here; none of
        results that do not tell them.
    extra : name -> (n,)
        Of metrics of whole runs.
    """

    proofs: np.ndarray
    variants: np.ndarray
    crashed: np.ndarray
    outside: np.ndarray
    reasons: np.ndarray
    measures: np.ndarray
    levels: Mapping[int, Levels] = field(default_factory=dict)
    extra: Mapping[str, np.ndarray] = field(default_factory=dict)


def runs_of(
    parts: Sequence[tuple[int, Result]],
    entity: str,
    levels: Mapping[int, Levels] | None = None,
    ground: Sequence[Mapping[str, np.ndarray]] = (),
) -> Runs:
    """Return a driver's runs from the results of its parts.

    Parameters
    ----------
    parts
        Index of the scenario, and the result.
    levels
        Of the parameters of each scenario, over all its parts.
    ground
        Of each part its metrics of shared ground, as far as they are known.
    """
    touched = [contact_metrics(result, entity) for _, result in parts]
    extra = {name: _joined([one[name] for one in touched], np.float64) for name in OF_CONTACTS}
    for name in OF_GROUND if len(ground) == len(parts) else ():
        if all(name in one for one in ground):
            extra[name] = _joined([one[name] for one in ground], np.float64)
    told = [crashed_in(result, entity) for _, result in parts]
    return Runs(
        proofs=_joined([np.full(len(r.variants), n) for n, r in parts], np.int64),
        variants=_joined([r.variants for _, r in parts], np.int64),
        crashed=_joined(told, np.float64),
        outside=_joined([r.outcomes == "OUTSIDE" for _, r in parts], np.bool_),
        reasons=_joined([r.reasons.astype(object) for _, r in parts], object),
        measures=np.concatenate([np.zeros((0, len(INDEX))), *(_measures(r) for _, r in parts)]),
        levels=levels or {},
        extra=extra,
    )


def _measures(result: Result) -> np.ndarray:
    """Return measures by today's columns; what an older Treadle did not measure is not known."""
    missing = len(INDEX) - result.measures.shape[1]
    return np.pad(result.measures, ((0, 0), (0, max(0, missing))), constant_values=np.nan)


def _joined(arrays: Sequence[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate([np.zeros(0, kind), *arrays]).astype(kind)


def crashed_in(result: Result, entity: str) -> np.ndarray:
    """Return 1 where an entity touched anybody, 0 where it did not, NaN where that is not known."""
    own = result.entities.index(entity) if entity in result.entities else -1
    of = (result.contacts["entity"] == own) | (result.contacts["other"] == own)
    touched = np.isin(result.variants, result.contacts["variant"][of])
    known = (result.outcomes == "COMPLETED") | (touched & (result.outcomes != "OUTSIDE"))
    return np.where(known, touched.astype(np.float64), np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What came of a criterion.

    Attributes
    ----------
    figure
        What was compared; None where there was nothing to compare.
    """

    criterion: str
    requirement: str
    claim: str
    verdict: str
    reason: str
    figure: float | None


VERDICTS = ("PASS", "FAIL", "UNPREVENTABLE", "INCONCLUSIVE", "OUTSIDE")
PASS, FAIL, UNPREVENTABLE, INCONCLUSIVE, OUTSIDE = range(5)
"""Of a variant. UNPREVENTABLE: it crashed, and so does the reference."""


def is_decided(verdicts: np.ndarray) -> np.ndarray:
    """Return which variants have a verdict, (n,) bool: neither inconclusive nor outside."""
    found: np.ndarray = (verdicts != INCONCLUSIVE) & (verdicts != OUTSIDE)
    return found


def verdicts_of(driver: Runs, reference: Runs | None, name: str) -> np.ndarray:
    """Return the verdict of each variant, (n,): index in VERDICTS.

    Parameters
    ----------
    reference
        The model that tells what can be prevented; None: every collision fails.
    """
    if reference is None:
        found = np.select([driver.crashed == 1, driver.crashed == 0], [FAIL, PASS], INCONCLUSIVE)
    else:
        against_reference(driver.crashed, reference.crashed, name)  # refuses what is not the same
        crashed, beyond = driver.crashed == 1, reference.crashed == 1
        answers_for = crashed & (reference.crashed == 0)
        found = np.select(
            [driver.crashed == 0, answers_for, crashed & beyond],
            [PASS, FAIL, UNPREVENTABLE],
            INCONCLUSIVE,
        )
    return np.where(driver.outside, OUTSIDE, found).astype(np.int8)


def rule(criterion: Criterion, it: Catalogue, runs: Runs, verdicts: np.ndarray) -> Ruling:
    """Return whether a criterion holds over the scenarios of its requirement.

    Where a run is inconclusive, or a scenario could not be read, it may still fail, but it does not
    pass. Where its KPI could not be read, nothing is known of it.
    """
    if unread_kpi(criterion.metric, it):
        return _ruling(criterion, "INCONCLUSIVE", unread_kpi(criterion.metric, it), None)
    wanted = [n for n, p in enumerate(it.proofs) if criterion.requirement in p.requirements]
    of = np.isin(runs.proofs, wanted) & ~runs.outside
    kpi = kpi_of(criterion.metric, it)
    if kpi is None:
        figure, known = _figure(criterion, it, runs, verdicts, of)
        open_ = int(np.count_nonzero(verdicts[of] == INCONCLUSIVE))
    else:
        figure, known, open_ = _figure_of_kpi(criterion, kpi, runs, of)
    too_much = criterion.most is not None and figure > criterion.most
    too_little = criterion.least is not None and figure < criterion.least
    unread = [it.proofs[n].id for n in wanted if it.proofs[n].id in it.unread]
    not_read = "; ".join(f"scenario {one} was not run: {it.unread[one]}" for one in unread)
    if not of.any():
        verdict, why = "INCONCLUSIVE", not_read or "no variant of its scenarios was run"
    elif not known:
        verdict, why = "INCONCLUSIVE", not_read or f"no data for {criterion.metric}"
    elif too_much or too_little:
        limit = f"at most {criterion.most:g}" if too_much else f"at least {criterion.least:g}"
        verdict, why = (
            "FAIL",
            f"{criterion.metric} ({criterion.over}) is {figure:g}, asked is {limit}",
        )
    elif unread:
        verdict, why = "INCONCLUSIVE", not_read
    elif open_ and criterion.metric != "inconclusive":
        verdict, why = "INCONCLUSIVE", f"{open_:,} of {int(of.sum()):,} variants are inconclusive"
    else:
        verdict, why = "PASS", ""
    return _ruling(criterion, verdict, why, figure if known else None)


def _ruling(criterion: Criterion, verdict: str, why: str, figure: float | None) -> Ruling:
    return Ruling(
        criterion=criterion.id,
        requirement=criterion.requirement,
        claim=criterion.claim,
        verdict=verdict,
        reason=why,
        figure=figure,
    )


def _figure(
    criterion: Criterion, it: Catalogue, runs: Runs, verdicts: np.ndarray, of: np.ndarray
) -> tuple[float, bool]:
    """Return what a criterion compares, and whether there is anything."""
    if criterion.metric.startswith(PREFIX):
        what = criterion.metric.removeprefix(PREFIX)
        part = share_of(what, it, runs, is_decided(verdicts), of)
        return (part.share, True) if part is not None and part.asked else (0.0, False)
    if criterion.metric in COUNTED:
        counted = {
            "collisions": runs.crashed == 1,
            "preventable_collisions": verdicts == FAIL,
            "inconclusive": verdicts == INCONCLUSIVE,
        }[criterion.metric][of]
        n = int(counted.sum())
        return (n / max(1, len(counted)) if criterion.over == "share" else float(n)), True
    if criterion.metric in EXTRA:
        extra = runs.extra.get(criterion.metric, np.zeros(0))
        values = extra[of] if len(extra) else extra
        values = values[~np.isnan(values)]
        return (_summed(criterion, values), True) if len(values) else (0.0, False)
    if criterion.metric not in INDEX:
        text = f"criterion {criterion.id}: there is no metric {criterion.metric!r}; there are "
        raise InvalidInputError(text + ", ".join((*COUNTED, *INDEX)))
    values = runs.measures[of, INDEX[criterion.metric]]
    values = values[~np.isnan(values)]
    if not len(values):
        return 0.0, False
    return _summed(criterion, values), True


def _figure_of_kpi(
    criterion: Criterion, kpi: Kpi, runs: Runs, of: np.ndarray
) -> tuple[float, bool, int]:
    """Return what a criterion compares, whether there is anything, and how many are not known."""
    found, score = judged(kpi, runs, of)
    if criterion.over in {"count", "share"}:
        failed, passed = found.count(verdict_of.FAIL), found.count(verdict_of.PASS)
        n = failed + passed
        figure = failed / max(1, n) if criterion.over == "share" else float(failed)
        return figure, n > 0, found.count(verdict_of.INCONCLUSIVE)
    known = score[~np.isnan(score)]
    figure = _summed(criterion, known) if len(known) else 0.0
    return figure, len(known) > 0, len(score) - len(known)


def _summed(criterion: Criterion, values: np.ndarray) -> float:
    match criterion.over:
        case "minimum":
            return float(values.min())
        case "maximum":
            return float(values.max())
        case "mean":
            return float(values.mean())
        case "count" | "share":
            if criterion.limit is None:
                text = f"criterion {criterion.id} counts what is beyond a limit and names none"
                raise InvalidInputError(text)
            beyond = (
                values > criterion.limit if criterion.most is not None else values < criterion.limit
            )
            return float(beyond.mean() if criterion.over == "share" else beyond.sum())
        case level:
            return float(np.percentile(values, _LEVELS[level]))


def overall(rulings: Sequence[Ruling]) -> str:
    """Return the verdict on all criteria: one failure fails it, one gap leaves it open."""
    told = {one.verdict for one in rulings}
    if "FAIL" in told:
        return "FAIL"
    return "PASS" if told == {"PASS"} else "INCONCLUSIVE"


def covered(it: Catalogue) -> Mapping[str, Mapping[str, int]]:
    """Return how many scenarios cover each value of the operational design domain."""
    return {
        name: {value: sum(p.odd.get(name) == value for p in it.proofs) for value in values}
        for name, values in it.odd.items()
    }
