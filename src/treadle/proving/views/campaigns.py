"""What came of campaigns and release gates."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from treadle.facts.proving import CampaignAsked, GateAsked
from treadle.kernel import Store, ThingId
from treadle.kernel.work import RUN_PREFIX, Life, WorkAsked
from treadle.proving.state import fold, life_of
from treadle.proving.views.exercised import BehaviourLine, ParameterLine, Share, exercised_of

_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignLine:
    """A campaign or a gate in a list.

    Attributes
    ----------
    verdict
        Of a campaign its verdict, of a gate its decision; empty while it is not finished.
    drivers
        Who was proved.
    n_done
        Variants that are simulated.
    n_variants
        Variants.
    """

    run: ThingId
    catalogue: ThingId
    state: str
    verdict: str
    drivers: str
    n_done: int
    n_variants: int
    asked: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A driver as it was built: what drove, exactly."""

    role: str
    name: str
    version: str
    identity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingLine:
    """Whether a criterion holds.

    Attributes
    ----------
    figure
        What was compared.
    """

    criterion: str
    requirement: str
    verdict: str
    figure: float | None
    claim: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiLine:
    """A KPI that criteria name, over all variants.

    Attributes
    ----------
    points
        Mean of the variants that have any by its score map.
    """

    name: str
    suite: str
    metric: str
    n_pass: int
    n_fail: int
    n_inconclusive: int
    points: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Verdicts on the variants of a scenario.

    Attributes
    ----------
    n_unpreventable
        Collisions that the reference model does not avoid either.
    n_outside
        Variants outside the authors' constraints; they are not run.
    """

    scenario: str
    n_variants: int
    n_pass: int
    n_fail: int
    n_unpreventable: int
    n_inconclusive: int
    n_outside: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """A reference model on the same variants.

    Attributes
    ----------
    driver_crashes_where_avoided
        Collisions of the driver that this model avoids.
    not_needed
        Variants that the catalogue spares it: no verdict needs them.
    """

    reference: str
    avoids: int
    crashes: int
    unknown: int
    driver_crashes_where_avoided: int
    not_needed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A variant that failed; `treadle proving simulate` shows it."""

    scenario: str
    variant: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignReport:
    """What came of a campaign.

    Attributes
    ----------
    verdict
        PASS: every criterion holds. FAIL: one does not. INCONCLUSIVE: it is not known.
    result
        Its hash: two campaigns are the same to the last bit where this is.
    uncovered
        What no scenario of the catalogue covers.
    reasons
        Why variants are inconclusive, and how many.
    covered
        Which share of what is asked has a verdict.
    parameters
        Values and intervals of each parameter that have a verdict, alone and together.
    behaviours
        What the driver was seen doing, in how many variants with a verdict.
    """

    run: ThingId
    catalogue: ThingId
    state: str
    verdict: str
    error: str
    seed: int
    asked: datetime
    n_done: int
    n_variants: int
    n_collisions: int
    result: str
    builds: tuple[Build, ...]
    rulings: tuple[RulingLine, ...]
    scenarios: tuple[Counted, ...]
    references: tuple[Against, ...]
    failures: tuple[Failing, ...]
    uncovered: tuple[str, ...]
    reasons: dict[str, int]
    covered: tuple[Share, ...]
    parameters: tuple[ParameterLine, ...]
    behaviours: tuple[BehaviourLine, ...]
    kpis: tuple[KpiLine, ...] = ()

    @property
    def good(self) -> bool:
        """Whether a door may answer with 0."""
        return self.verdict == "PASS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A variant whose verdict is another one with the candidate."""

    scenario: str
    variant: int
    baseline: str
    candidate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReport:
    """What a release gate decided, and why.

    Attributes
    ----------
    decision
        ADMITTED, REFUSED or INCONCLUSIVE; only ADMITTED may go to cars.
    grounds
        What stands against admission.
    worse, better, both
        Variants in which only the candidate collides, only the baseline, and both.
    undecided
        Variants in which it is not known of one of the two.
    difference
        How much more often the candidate collides: estimate, and the ends of its interval.
    p_worse
        McNemar's exact test that the candidate is no worse, one-sided.
    covered, parameters, behaviours
        Of the candidate: as in a campaign.
    """

    run: ThingId
    catalogue: ThingId
    state: str
    decision: str
    error: str
    seed: int
    asked: datetime
    n_done: int
    n_variants: int
    worse: int
    better: int
    both: int
    undecided: int
    difference: tuple[float, ...]
    p_worse: float | None
    result: str
    grounds: tuple[str, ...]
    builds: tuple[Build, ...]
    rulings: tuple[RulingLine, ...]
    scenarios: tuple[Counted, ...]
    changed: tuple[Changed, ...]
    covered: tuple[Share, ...]
    parameters: tuple[ParameterLine, ...]
    behaviours: tuple[BehaviourLine, ...]

    @property
    def good(self) -> bool:
        """Whether a door may answer with 0."""
        return self.decision == "ADMITTED"


def campaigns(store: Store) -> tuple[CampaignLine, ...]:
    """Return the campaigns, the newest first."""
    return _lines(store, CampaignAsked)


def gates(store: Store) -> tuple[CampaignLine, ...]:
    """Return the decisions of the release gate, the newest first."""
    return _lines(store, GateAsked)


def outcome(store: Store, *, thing: ThingId) -> CampaignReport:
    """Return what came of a campaign.

    Parameters
    ----------
    thing
        The campaign; the start of its number will do.

    Raises
    ------
    NotFoundError
        There is no such campaign.
    """
    life = life_of(store, thing, CampaignAsked)
    told = _summary(life)
    references = told.get("references", {})
    return CampaignReport(
        **_common(life),
        verdict=str(told.get("verdict", "")),
        n_collisions=told.get("n_collisions", 0),
        rulings=_rulings(told),
        scenarios=_scenarios(told),
        references=tuple(Against(reference=name, **of) for name, of in references.items()),
        failures=tuple(Failing(**one) for one in told.get("failures", ())),
        uncovered=tuple(told.get("uncovered", ())),
        reasons=told.get("reasons", {}),
        kpis=tuple(KpiLine(**one) for one in told.get("kpis", ())),
        **exercised_of(told),
    )


def decision(store: Store, *, thing: ThingId) -> GateReport:
    """Return what a release gate decided, and why.

    Parameters
    ----------
    thing
        The gate; the start of its number will do.

    Raises
    ------
    NotFoundError
        There is no such gate.
    """
    life = life_of(store, thing, GateAsked)
    told = _summary(life)
    compared = told.get("comparison", {})
    pairs, interval = compared.get("pairs", {}), compared.get("difference", {})
    candidate = told.get("candidate", {})
    return GateReport(
        **_common(life),
        decision=str(told.get("decision", "")),
        grounds=tuple(told.get("grounds", ())),
        worse=pairs.get("worse", 0),
        better=pairs.get("better", 0),
        both=pairs.get("both", 0),
        undecided=pairs.get("inconclusive", 0),
        difference=tuple(interval[k] for k in ("estimate", "lower", "upper") if k in interval),
        p_worse=compared.get("mcnemar", {}).get("exact_worse"),
        rulings=_rulings(candidate),
        scenarios=_scenarios(candidate),
        changed=tuple(Changed(**one) for one in told.get("changed", ())),
        **exercised_of(candidate),
    )


def _lines(store: Store, kind: type[WorkAsked]) -> tuple[CampaignLine, ...]:
    lives = (fold(store.history(t)) for t in store.things(prefix=RUN_PREFIX, limit=_MOST))
    found = [life for life in lives if life is not None and isinstance(life.asked, kind)]
    return tuple(
        CampaignLine(
            run=life.run,
            catalogue=life.asked.about,
            state=life.state,
            verdict=str(_summary(life).get("decision", _summary(life).get("verdict", ""))),
            drivers=", ".join(life.asked.options["roles"].values()),
            n_done=life.n_done,
            n_variants=life.asked.n_items,
            asked=life.asked_at,
        )
        for life in sorted(found, key=lambda life: life.asked_at, reverse=True)
    )


def _summary(life: Life) -> dict[str, Any]:
    return dict(life.finished.summary) if life.finished else {}


def _common(life: Life) -> dict[str, Any]:
    """Return what a campaign and a gate both tell."""
    builds = life.asked.options["builds"]
    return {
        "run": life.run,
        "catalogue": life.asked.about,
        "state": life.state,
        "error": life.error,
        "seed": life.asked.seed,
        "asked": life.asked_at,
        "n_done": life.n_done,
        "n_variants": life.asked.n_items,
        "result": life.finished.result if life.finished else "",
        "builds": tuple(Build(role=role, **of) for role, of in builds.items()),
    }


def _rulings(told: dict[str, Any]) -> tuple[RulingLine, ...]:
    return tuple(RulingLine(**one) for one in told.get("rulings", ()))


def _scenarios(told: dict[str, Any]) -> tuple[Counted, ...]:
    return tuple(
        Counted(
            scenario=one["id"],
            n_variants=one["n_variants"],
            n_pass=one.get("PASS", 0),
            n_fail=one.get("FAIL", 0),
            n_unpreventable=one.get("UNPREVENTABLE", 0),
            n_inconclusive=one.get("INCONCLUSIVE", 0),
            n_outside=one.get("OUTSIDE", 0),
        )
        for one in told.get("scenarios", ())
    )
