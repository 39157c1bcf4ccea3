"""Lanes and their sections (OpenDRIVE 1.8, section 11)."""

from dataclasses import dataclass
from typing import Literal

from treadle.proving.rules.roads.geometry import Polynomial


@dataclass(frozen=True, slots=True, eq=False)
class LaneSpeed:
    """A limit on a lane from sOffset on (11.8.2) [m/s]; NaN where there is none."""

    s: float
    max_mps: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaneAccess:
    """Who may use a lane from s on (11.8.1): rule allow or deny of these kinds of users."""

    s: float
    rule: str
    restrictions: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LaneHeight:
    """How far a lane's surface is above the road's, at its inner and outer border (11.6.3) [m]."""

    s: float
    inner: float
    outer: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaneMaterial:
    """What a lane's surface is made of, from s on (11.8.4)."""

    s: float
    surface: str
    friction: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lane:
    """A lane of a section (11.3).

    Attributes
    ----------
    id
        Positive to the left of the centre lane 0, negative to the right.
    type
        In the standard's word, as `driving`.
    is_level
        Kept out of superelevation.
    direction
        Of driving, against what the road's traffic rule says (1.8).
    widths, borders
        A lane has one or the other.
    predecessors, successors
        Ids on the section before and after; more than one since 1.8.
    rules
        (s, text) of each <rule>.
    """

    id: int
    type: str
    is_level: bool = False
    direction: Literal["standard", "reversed", "both"] = "standard"
    widths: tuple[Polynomial, ...] = ()
    borders: tuple[Polynomial, ...] = ()
    predecessors: tuple[int, ...] = ()
    successors: tuple[int, ...] = ()
    speeds: tuple[LaneSpeed, ...] = ()
    accesses: tuple[LaneAccess, ...] = ()
    heights: tuple[LaneHeight, ...] = ()
    materials: tuple[LaneMaterial, ...] = ()
    rules: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaneSection:
    """A stretch of road with the same lanes (11.3.1).

    Attributes
    ----------
    s
        Where it starts [m].
    is_single_side
        Valid for the side that it has lanes on; the other side goes on.
    lanes
        With the centre lane, by falling id: leftmost first.
    """

    s: float
    is_single_side: bool
    lanes: tuple[Lane, ...]
