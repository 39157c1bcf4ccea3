"""A catalogue: what a driver is proved on, what is asked of it, and which claims that supports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from treadle.proving.rules.design import Design
from treadle.proving.rules.limits import (
    EGO,
    PATIENCE_S,
    RUN_PATIENCE_S,
    STEP_S,
    TIME_LIMIT_S,
)
from treadle.proving.rules.metrics.kpi import Kpi

ReferencesRun = Literal["everywhere", "collisions", "decision"]
Over = Literal["count", "share", "minimum", "maximum", "mean", "p01", "p05", "p95", "p99"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """Something that is required of the driver.

    Attributes
    ----------
    source
        Where it is written, as `UN R157, 5.2.5`.
    """

    id: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """What must hold over all variants of the scenarios of a requirement.

    Attributes
    ----------
    claim
        What may be said where it holds.
    metric
        `collisions`, `preventable_collisions`, `inconclusive`, a measure's name, a share of what is
        covered, as `coverage.parameter`, or a KPI of the catalogue, as `kpi.MinTTC`.
    over
        How variants come to one figure; `count` and `share` are of those that have it, with a
        measure of those beyond `limit`, with a KPI of those that fail it; all else is of its
        points.
    least, most
        What the figure must at least and at most be.
    """

    id: str
    requirement: str
    claim: str
    metric: str
    over: Over = "count"
    limit: float | None = None
    least: float | None = None
    most: float | None = None


COVERAGE = ("parameter", "combination", "behaviour", "odd", "requirement")
"""What `coverage.` may stand before in a criterion's metric: a share from 0 to 1."""
PREFIX = "coverage."
KPI = "kpi."
"""What stands before a KPI's name in a criterion's metric."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What counts as covered.

    Attributes
    ----------
    intervals
        A parameter of many values is covered in so many even intervals of its range.
    strength
        How many parameters are taken together.
    behaviours
        What a driver is to be seen doing (rules/behaviour.py).
    """

    intervals: int = 10
    strength: int = 2
    behaviours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A scenario, or the variants of one, that the driver is proved on.

    Attributes
    ----------
    file
        A scenario or a file of parameter distributions, below the catalogue's folder.
    requirements
        Ids of those that it bears on.
    odd
        Which part of the operational design domain it covers: a value for each of its attributes.
    sample
        Only so many variants, drawn by the campaign's seed; None: all.
    set
        Values of its parameters.
    design
        Which cases of what varies; None: the variants of the file itself.
    table
        A CSV file that says how parameters are distributed, below the catalogue's folder.
    fitted
        Whether distributions are fitted to recorded values, or these taken as they are.
    """

    id: str
    file: str
    requirements: tuple[str, ...]
    odd: Mapping[str, str] = field(default_factory=dict)
    sample: int | None = None
    set: Mapping[str, str] = field(default_factory=dict)
    design: Design | None = None
    table: str | None = None
    fitted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Scenarios, requirements and criteria.

    Attributes
    ----------
    entity
        Whom the driver under test drives.
    references
        The models that tell what could have been prevented; the first one decides.
    references_run
        In all variants, or only where a driver that is proved collides: no verdict needs more. Or
        what a decision needs: there the first, which decides, and the others only where the driver
        or the candidate itself collides.
    standstill_s [s]
        A run ends when the driver has stood still for so long.
    patience_s, run_patience_s [s]
        How long a driver that is a program may take for one answer, and for all of a run.
    odd
        The operational design domain: the values that each attribute may have.
    kpis
        Those that criteria name, by the name that they use; without those of files that could not
        be read.
    coverage
        What counts as covered.
    unread
        Why a scenario cannot be run, by its id: a file of it is missing or wrong. Found when a
        campaign is asked for; no file of a catalogue says it.
    kpis_unread
        Why a KPI file could not be read, by its name.
    """

    name: str
    version: str
    requirements: tuple[Requirement, ...]
    criteria: tuple[Criterion, ...]
    proofs: tuple[Proof, ...]
    references: tuple[str, ...] = ()
    references_run: ReferencesRun = "everywhere"
    entity: str = EGO
    step_s: float = STEP_S
    time_limit_s: float = TIME_LIMIT_S
    standstill_s: float = 3.0
    patience_s: float = PATIENCE_S
    run_patience_s: float = RUN_PATIENCE_S
    odd: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=Coverage)
    kpis: Mapping[str, Kpi] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    kpis_unread: Mapping[str, str] = field(default_factory=dict)
