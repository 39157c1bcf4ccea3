"""Junctions and their connections (OpenDRIVE 1.8, section 12)."""

from dataclasses import dataclass
from typing import Literal

from treadle.proving.rules.roads.geometry import Geometry
from treadle.proving.rules.roads.road import Contact


@dataclass(frozen=True, slots=True, eq=False)
class LaneLink:
    """A lane of the incoming road and the lane that it goes on to (12.4.2)."""

    from_lane: int
    to_lane: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VirtualEnd:
    """One end of a virtual connection: a place on a road (12.6)."""

    road: str
    s: float
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Connection:
    """A way through a junction (12.4).

    Attributes
    ----------
    incoming_road, connecting_road
        None where the file does not say, as in virtual connections.
    linked_road
        Of a direct junction (12.5): the road that it goes on to.
    contact
        The end of the connecting or linked road that meets the incoming road.
    """

    id: str
    incoming_road: str | None
    connecting_road: str | None
    linked_road: str | None
    contact: Contact | None
    is_virtual: bool
    predecessor: VirtualEnd | None
    successor: VirtualEnd | None
    lane_links: tuple[LaneLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ElevationGrid:
    """The ground of a junction: z at the corners of squares along its reference line (12.11).

    Attributes
    ----------
    line
        The junction's reference line.
    s_start, spacing
        Where the first row of corners is on it, and how far apart corners are [m].
    rows
        Each from right to left [m]; as long as `n_right` + 1 + how many are on the left. NaN where
        no corner is.
    n_right
        How many corners stand on the right of the line.
    """

    line: tuple[Geometry, ...]
    s_start: float
    spacing: float
    rows: tuple[tuple[float, ...], ...]
    n_right: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Junction:
    """A junction (12.2).

    Attributes
    ----------
    main_road, s_start, s_end, orientation
        Where a virtual junction (12.6) lies.
    priorities
        (high, low) ids of roads (12.8).
    controllers
        Ids of the signal controllers (14.6).
    ground
        What its roads lie on instead of their own heights.
    """

    id: str
    name: str
    type: Literal["default", "virtual", "direct", "crossing"]
    main_road: str | None
    s_start: float | None
    s_end: float | None
    orientation: str
    connections: tuple[Connection, ...]
    priorities: tuple[tuple[str, str], ...]
    controllers: tuple[str, ...]
    ground: ElevationGrid | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JunctionGroup:
    """Junctions that belong together, as a roundabout (12.11)."""

    id: str
    name: str
    type: str
    junctions: tuple[str, ...]
