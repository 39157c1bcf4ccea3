"""Networks of plain strips, built by hand: one geometry and one lane section each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from treadle.engine.road.tables import (
    ARC,
    CUBIC,
    GEOMETRY,
    LANE,
    LINE,
    NO_LANE,
    ROAD,
    SECTION,
    TO_ROAD,
    Roads,
    no_roads,
)


@dataclass(frozen=True)
class Strip:
    """A road; `successor` is the row of the road at its end, and which end of that it meets."""

    length: float
    curvature: float = 0.0
    left: tuple[float, ...] = ()
    right: tuple[float, ...] = ()
    successor: tuple[int, int] | None = None


def network(strips: Sequence[Strip]) -> Roads:
    """Return strips as arrays; each begins at the origin and looks along x."""
    roads = np.zeros(len(strips), ROAD)
    geometries = np.zeros(len(strips), GEOMETRY)
    sections = np.zeros(len(strips), SECTION)
    lanes: list[tuple[int, float]] = []
    for k, strip in enumerate(strips):
        geometries[k]["length"] = strip.length
        geometries[k]["kind"] = ARC if strip.curvature else LINE
        geometries[k]["curvature"] = strip.curvature
        road = roads[k]
        road["length"], road["junction"], road["rule"] = strip.length, -1, 1
        road["first_geometry"], road["n_geometries"] = k, 1
        road["first_section"], road["n_sections"] = k, 1
        road["is_plain"] = road["is_even"] = road["is_flat"] = 1
        road["predecessor_s"] = road["successor_s"] = np.nan
        if strip.successor:
            road["successor"] = TO_ROAD
            road["successor_index"], road["successor_contact"] = strip.successor
        section = sections[k]
        section["end_s"], section["first_lane"] = strip.length, len(lanes)
        section["n_lanes"] = len(strip.left) + 1 + len(strip.right)
        section["centre"] = len(lanes) + len(strip.left)
        lanes += [(len(strip.left) - n, w) for n, w in enumerate(reversed(strip.left))]
        lanes += [(0, 0.0), *((-n - 1, w) for n, w in enumerate(strip.right))]
    rows, widths = np.zeros(len(lanes), LANE), np.zeros(len(lanes), CUBIC)
    for n, (lane, width) in enumerate(lanes):
        rows[n]["id"], rows[n]["kind"] = lane, 1
        rows[n]["first_width"], rows[n]["n_widths"] = n, 1
        rows[n]["predecessor"] = rows[n]["successor"] = NO_LANE
        widths[n]["a"] = width
    return replace(
        no_roads(),
        roads=roads,
        geometries=geometries,
        sections=sections,
        lanes=rows,
        cubics=widths,
    )
