"""A catalogue: what a driver is proved on, what is asked of it, and which claims that supports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from treadle.kernel import InvalidInputError
from treadle.proving.rules.limits import (
    EGO,
    MOST_VARIANTS,
    PATIENCE_S,
    RUN_PATIENCE_S,
    STEP_S,
    TIME_LIMIT_S,
)

Over = Literal["count", "share", "minimum", "maximum", "mean", "p01", "p05", "p95", "p99"]
Kind = Literal["grid", "lhs", "sobol", "t-way", "distribution"]


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
        `collisions`, `preventable_collisions`, `inconclusive`, a measure's name, or a share of what
        is covered, as `coverage.parameter`.
    over
        How variants come to one figure; `count` and `share` are of those that have it, or, with a
        measure, of those beyond `limit`.
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
class Design:
    """Which cases are run of what varies in a scenario.

    Attributes
    ----------
    kind
        All combinations, a Latin hypercube, a Sobol sequence, an array that covers all combinations
        of any `strength` parameters, or draws from the distributions.
    count
        How many cases; a grid and a covering array find that out themselves.
    levels
        Of a parameter with a range or a distribution, for a grid and a covering array; None: the
        values that the variation file steps through, or 5.
    """

    kind: Kind
    count: int | None = None
    strength: int | None = None
    levels: int | None = None


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
    standstill_s [s]
        A run ends when the driver has stood still for so long.
    patience_s, run_patience_s [s]
        How long a driver that is a program may take for one answer, and for all of a run.
    odd
        The operational design domain: the values that each attribute may have.
    coverage
        What counts as covered.
    """

    name: str
    version: str
    requirements: tuple[Requirement, ...]
    criteria: tuple[Criterion, ...]
    proofs: tuple[Proof, ...]
    references: tuple[str, ...] = ()
    entity: str = EGO
    step_s: float = STEP_S
    time_limit_s: float = TIME_LIMIT_S
    standstill_s: float = 3.0
    patience_s: float = PATIENCE_S
    run_patience_s: float = RUN_PATIENCE_S
    odd: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=Coverage)


def check_design(design: Design) -> None:
    """Refuse a design that cannot be.

    Raises
    ------
    InvalidInputError
        A number is out of its range, missing, or means nothing to this kind of design.
    """
    counted = design.kind in ("lhs", "sobol", "distribution")
    if counted and design.count is None:
        text = f"the design {design.kind} does not know how many cases to give; give it a count"
        raise InvalidInputError(text)
    if design.count is not None and not 1 <= design.count <= MOST_VARIANTS:
        text = f"a count of {design.count} is no number of cases; give 1 to {MOST_VARIANTS:,}"
        raise InvalidInputError(text)
    if not counted and design.count is not None:
        text = f"a design {design.kind} finds out itself how many cases it has; leave out the count"
        raise InvalidInputError(text)
    if design.strength is not None and (design.kind != "t-way" or design.strength < 1):
        text = f"a strength of {design.strength} is for the design t-way alone, and 1 or more"
        raise InvalidInputError(text)
    if design.levels is not None and (counted or design.levels < 1):
        text = f"{design.levels} levels are for the designs grid and t-way alone, and 1 or more"
        raise InvalidInputError(text)
