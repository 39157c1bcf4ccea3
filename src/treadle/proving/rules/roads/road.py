"""A road (OpenDRIVE 1.8, section 10)."""

from dataclasses import dataclass
from typing import Literal

from treadle.proving.rules.roads.furniture import (
    ObjectReference,
    RoadObject,
    Signal,
    SignalReference,
    Structure,
)
from treadle.proving.rules.roads.geometry import (
    Crossfall,
    Geometry,
    Polynomial,
    Shape,
    Strip,
)
from treadle.proving.rules.roads.lanes import LaneSection

Contact = Literal["start", "end"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoadLink:
    """What a road goes on to at one end (10.3).

    Attributes
    ----------
    contact
        The end of the linked road; None where the file does not say.
    s, direction
        The place on a virtual junction's main road, and the way along it.
    """

    element: Literal["road", "junction"]
    id: str
    contact: Contact | None
    s: float | None
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoadType:
    """What a road is from s on (10.4), and its speed limit [m/s], NaN where there is none."""

    s: float
    type: str
    country: str
    max_mps: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Road:
    """A road.

    Attributes
    ----------
    length
        [m]
    rule
        Which side one drives on.
    junction
        The id of the junction that it is part of; None where it is a road of its own.
    strips, strip_offsets
        The surface across of 1.8, and how far it is to the left of the reference line [m].
    lane_offsets
        Of the centre lane from the reference line.
    """

    id: str
    name: str
    length: float
    rule: Literal["RHT", "LHT"]
    junction: str | None
    predecessor: RoadLink | None = None
    successor: RoadLink | None = None
    types: tuple[RoadType, ...] = ()
    geometries: tuple[Geometry, ...] = ()
    elevations: tuple[Polynomial, ...] = ()
    superelevations: tuple[Polynomial, ...] = ()
    shapes: tuple[Shape, ...] = ()
    crossfalls: tuple[Crossfall, ...] = ()
    strips: tuple[Strip, ...] = ()
    strip_offsets: tuple[Polynomial, ...] = ()
    lane_offsets: tuple[Polynomial, ...] = ()
    sections: tuple[LaneSection, ...] = ()
    objects: tuple[RoadObject, ...] = ()
    object_references: tuple[ObjectReference, ...] = ()
    structures: tuple[Structure, ...] = ()
    signals: tuple[Signal, ...] = ()
    signal_references: tuple[SignalReference, ...] = ()

    def section_at(self, s: float) -> int:
        """Return the index of the lane section at s: the last that starts at or before it."""
        found = 0
        for index, section in enumerate(self.sections):
            if section.s > s:
                break
            found = index
        return found
