"""What the variants with a verdict exercise: parameters alone and together, behaviours, the domain.

Nothing counts as covered by being listed or run: a variant counts where it has a verdict.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from treadle.proving.rules.behaviour import BEHAVIOURS, shown
from treadle.proving.rules.by_kpi import unread_kpi
from treadle.proving.rules.catalogue import COVERAGE, Catalogue
from treadle.proving.rules.levels import Levels, Part, together_covered, values_covered

MOST_MISSING = 8
"""So many levels that nothing covers are named; the rest are counted."""


class Ran(Protocol):
    """What came of a driver's runs (rules/judging.py), as far as coverage needs it."""

    @property
    def proofs(self) -> np.ndarray:
        """Index of the scenario of each, (n,)."""

    @property
    def outside(self) -> np.ndarray:
        """Whether it is outside the authors' constraints, (n,)."""

    @property
    def measures(self) -> np.ndarray:
        """Of engine.measuring, (n, n_measures)."""

    @property
    def levels(self) -> Mapping[int, Levels]:
        """Of the parameters of scenarios, by their index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercised:
    """A parameter of a scenario, or several together.

    Attributes
    ----------
    scenario
        Index in the catalogue.
    parameter
        Its name; empty: parameters together.
    together
        How many are taken together; 1 for a parameter alone.
    missing
        The first levels that no variant with a verdict has.
    """

    scenario: int
    parameter: str
    together: int
    part: Part
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A behaviour, and in how many variants with a verdict the driver showed it.

    Attributes
    ----------
    asked
        The catalogue asks for it.
    """

    name: str
    meaning: str
    asked: bool
    n: int


def exercised(runs: Ran, decided: np.ndarray, scenarios: Iterable[int]) -> list[Exercised]:
    """Return how parameters of scenarios are covered, alone and together.

    Scenarios of which nothing is known, as of older results, are left out.

    Parameters
    ----------
    decided : (n,) bool
        Which variants have a verdict.
    """
    found: list[Exercised] = []
    for n in scenarios:
        levels = runs.levels.get(n)
        if levels is None:
            continue
        rows = np.flatnonzero(runs.proofs == n)
        for name, labels, there in zip(
            levels.names, levels.labels, values_covered(levels, decided[rows]), strict=True
        ):
            gone = np.flatnonzero(~there)[:MOST_MISSING]
            found.append(
                Exercised(
                    scenario=n,
                    parameter=name,
                    together=1,
                    part=Part(covered=int(there.sum()), asked=len(labels)),
                    missing=tuple(labels[k] for k in gone),
                )
            )
        part = together_covered(levels, decided[rows], runs.outside[rows])
        found.append(Exercised(scenario=n, parameter="", together=levels.strength, part=part))
    return found


def seen(it: Catalogue, runs: Ran, among: np.ndarray) -> list[Seen]:
    """Return in how many of some variants each behaviour was shown.

    Parameters
    ----------
    among : (n,) bool
        Of which variants: those with a verdict.
    """
    return [
        Seen(
            name=one.name,
            meaning=one.meaning,
            asked=one.name in it.coverage.behaviours,
            n=int(np.count_nonzero(shown(runs.measures[among], one.name))),
        )
        for one in BEHAVIOURS
    ]


def share_of(
    what: str, it: Catalogue, runs: Ran, decided: np.ndarray, of: np.ndarray
) -> Part | None:
    """Return how much is covered; None: not known.

    Parameters
    ----------
    what
        One of catalogue.COVERAGE; `odd` and `requirement` are of the whole catalogue.
    decided : (n,) bool
        Which variants have a verdict.
    of : (n,) bool
        Which variants bear on it.
    """
    if what == "behaviour":
        asked = [one for one in seen(it, runs, decided & of) if one.asked]
        return Part(covered=sum(one.n > 0 for one in asked), asked=len(asked))
    if what == "odd":
        values = [(name, value) for name, values in it.odd.items() for value in values]
        there = {
            pair
            for n, proof in enumerate(it.proofs)
            for pair in proof.odd.items()
            if decided[runs.proofs == n].any()
        }
        return Part(covered=sum(pair in there for pair in values), asked=len(values))
    if what == "requirement":
        return _requirements(it, runs, decided)
    scenarios = [int(n) for n in np.unique(runs.proofs[of])]
    if any(n not in runs.levels for n in scenarios):
        return None
    told = exercised(runs, decided, scenarios)
    alone = what == "parameter"
    return _sum([one.part for one in told if bool(one.parameter) == alone])


def _requirements(it: Catalogue, runs: Ran, decided: np.ndarray) -> Part:
    """Return how many requirements are covered: asked for, and with a verdict in a scenario.

    One is not of which any scenario or the KPI of a criterion could not be read.
    """
    asked = {one.requirement for one in it.criteria}
    open_ = {one.requirement for one in it.criteria if unread_kpi(one.metric, it)}
    borne: set[str] = set()
    for n, proof in enumerate(it.proofs):
        if decided[runs.proofs == n].any():
            borne |= {*proof.requirements}
        if proof.id in it.unread:
            open_ |= {*proof.requirements}
    covered = (asked & borne) - open_
    return Part(covered=sum(r.id in covered for r in it.requirements), asked=len(it.requirements))


def _sum(parts: Sequence[Part]) -> Part:
    return Part(
        covered=sum(part.covered for part in parts), asked=sum(part.asked for part in parts)
    )


def told_of(it: Catalogue, runs: Ran, decided: np.ndarray) -> dict[str, Any]:
    """Return all of what is covered over the whole catalogue, as plain values."""
    everything = ~runs.outside
    shares = {what: share_of(what, it, runs, decided, everything) for what in COVERAGE}
    return {
        "shares": {
            what: {"covered": part.covered, "asked": part.asked}
            for what, part in shares.items()
            if part is not None and part.asked
        },
        "parameters": [
            {
                "scenario": it.proofs[one.scenario].id,
                "parameter": one.parameter,
                "together": one.together,
                "covered": one.part.covered,
                "asked": one.part.asked,
                "missing": list(one.missing),
            }
            for one in exercised(runs, decided, range(len(it.proofs)))
        ],
        "behaviours": [
            {"behaviour": one.name, "asked": one.asked, "n_variants": one.n}
            for one in seen(it, runs, decided)
        ],
    }


def gaps_of(told: dict[str, Any]) -> list[str]:
    """Return what has no verdict: behaviours asked for, values of parameters, in words."""
    found = unseen(told)
    for one in told["parameters"]:
        if one["covered"] >= one["asked"] or (one["together"] == 1 and not one["parameter"]):
            continue  # a parameter that is alone is told by its name
        n = f"{one['covered']:,} of {one['asked']:,}"
        if one["parameter"]:
            missing = ", ".join(one["missing"])
            what = (
                f"parameter {one['parameter']} has a verdict at {n} values, first none: {missing}"
            )
        else:
            what = f"{one['together']} parameters together have a verdict in {n} combinations"
        found.append(f"scenario {one['scenario']}: {what}")
    return found


def unseen(told: dict[str, Any]) -> list[str]:
    """Return which behaviours that are asked for no variant with a verdict shows."""
    return [
        f"behaviour '{one['behaviour']}' was seen in no variant"
        for one in told["behaviours"]
        if one["asked"] and not one["n_variants"]
    ]
