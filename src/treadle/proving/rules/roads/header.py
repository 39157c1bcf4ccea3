"""What a road network says of itself, and where on Earth it lies."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Offset:
    """Where the network's own coordinates lie in those of its projection (OpenDRIVE 1.8, 8.5).

    The network's coordinates are not moved by it, nor are the positions of scenarios: it counts
    only where a place on Earth is asked for, and where networks are put together.

    Attributes
    ----------
    x, y, z
        [m]
    hdg
        [rad]
    """

    x: float
    y: float
    z: float
    hdg: float

    def projected(self, x: float, y: float, z: float) -> tuple[float, float, float]:
        """Return a point in the projection's coordinates: turned by hdg, then moved [m].

        The formula of OpenDRIVE 1.8, section 8.5 (it was left open before).
        """
        cos, sin = math.cos(self.hdg), math.sin(self.hdg)
        return x * cos - y * sin + self.x, x * sin + y * cos + self.y, z + self.z


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Header:
    """The header of a file (OpenDRIVE 1.8, section 6.4).

    Attributes
    ----------
    revision
        (major, minor), as (1, 8).
    geo_reference
        A PROJ text, or a well-known text (1.8); empty where none is given.
    north, south, east, west
        Bounds in the network's coordinates [m]; None where not told.
    """

    name: str
    revision: tuple[int, int]
    version: str
    date: str
    vendor: str
    geo_reference: str
    offset: Offset | None
    north: float | None
    south: float | None
    east: float | None
    west: float | None
