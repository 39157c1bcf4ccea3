"""Lanes and what bounds them as ASAM OSI messages, from a road network.

One Lane for each lane of a lane section, one LaneBoundary for each of its edges (osi_lane.proto).
Lines are straight between points no further than WITHIN_M from the road's; points rise with s of
the road. Heights are those of the road's elevation: superelevation, shape and lane height are left
out. Which lane goes on in which, and roads without a plan view, are not told.
"""

from functools import cache
from itertools import pairwise
from types import ModuleType
from typing import Any

import numpy as np

from treadle.engine.road.tables import DRIVABLE, LANE_KINDS
from treadle.proving.formats.extras import needed
from treadle.proving.formats.opendrive.marks import read_marks
from treadle.proving.formats.osi_messages import messages
from treadle.proving.rules.roads.drawing import LaneMark, Strip, strips_of
from treadle.proving.rules.roads.network import RoadNetwork
from treadle.proving.rules.roads.widths import profile_at

WITHIN_M = 0.05
FIRST_ID = 1_000_000
"""Ids of lanes and boundaries begin here: those of objects are below."""
_DRIVABLE = frozenset(LANE_KINDS[kind] for kind in DRIVABLE)
_SUBTYPES = {
    "driving": "SUBTYPE_NORMAL", "biking": "SUBTYPE_BIKING", "sidewalk": "SUBTYPE_SIDEWALK",
    "walking": "SUBTYPE_SIDEWALK", "parking": "SUBTYPE_PARKING", "stop": "SUBTYPE_STOP",
    "restricted": "SUBTYPE_RESTRICTED", "border": "SUBTYPE_BORDER",
    "shoulder": "SUBTYPE_SHOULDER", "exit": "SUBTYPE_EXIT", "entry": "SUBTYPE_ENTRY",
    "onRamp": "SUBTYPE_ONRAMP", "offRamp": "SUBTYPE_OFFRAMP",
    "connectingRamp": "SUBTYPE_CONNECTINGRAMP",
}  # fmt: skip
_LINES = {
    "none": "TYPE_NO_LINE", "solid": "TYPE_SOLID_LINE", "solid solid": "TYPE_SOLID_LINE",
    "broken": "TYPE_DASHED_LINE", "broken broken": "TYPE_DASHED_LINE",
    "botts dots": "TYPE_BOTTS_DOTS", "curb": "TYPE_CURB", "grass": "TYPE_GRASS_EDGE",
    "edge": "TYPE_ROAD_EDGE",
}  # fmt: skip
_COLOURS = {
    "standard": "COLOR_WHITE", "white": "COLOR_WHITE", "yellow": "COLOR_YELLOW",
    "red": "COLOR_RED", "blue": "COLOR_BLUE", "green": "COLOR_GREEN", "violet": "COLOR_VIOLET",
    "orange": "COLOR_ORANGE",
}  # fmt: skip


def ground_of(network: RoadNetwork) -> Any:
    """Return a GroundTruth with the lanes of a network and nothing else.

    Raises
    ------
    InvalidInputError
        The extra `osi` is not installed.
    """
    told = messages()[0].GroundTruth()
    number = FIRST_ID
    for strip in strips_of(network, read_marks(network.root), WITHIN_M):
        number = _put_section(told, strip, number)
    return told


@cache
def _lanes() -> ModuleType:
    return needed("osi3.osi_lane_pb2", "osi", "an OSI message")


def _put_section(told: Any, strip: Strip, first: int) -> int:
    """Put a section's lanes and boundaries into a message; return the next free id."""
    n = len(strip.section.lanes)
    z = profile_at(strip.road.elevations, strip.s)
    for k in range(n):
        _put_boundary(told.lane_boundary.add(), strip, k, first + k, z)
    sides = list(pairwise(strip.section.lanes))
    for k, (left, right) in enumerate(sides):
        lane = left if left.id > 0 else right  # a lane's own line is its outer one
        it = told.lane.add()
        it.id.value = first + n + k
        about = it.classification
        kinds = _lanes().Lane.Classification
        is_driven = lane.type in _DRIVABLE
        about.type = kinds.TYPE_DRIVING if is_driven else kinds.TYPE_NONDRIVING
        usual = "SUBTYPE_NORMAL" if is_driven else "SUBTYPE_OTHER"
        about.subtype = kinds.Subtype.Value(_SUBTYPES.get(lane.type, usual))
        keeps_right = strip.road.rule != "LHT"
        about.centerline_is_driving_direction = (lane.id < 0) == keeps_right
        middle = zip(
            0.5 * (strip.x[k] + strip.x[k + 1]), 0.5 * (strip.y[k] + strip.y[k + 1]), z, strict=True
        )
        for x, y, height in middle:
            about.centerline.add(x=float(x), y=float(y), z=float(height))
        about.left_lane_boundary_id.add(value=first + k)
        about.right_lane_boundary_id.add(value=first + k + 1)
        if k > 0:
            about.left_adjacent_lane_id.add(value=first + n + k - 1)
        if k + 1 < len(sides):
            about.right_adjacent_lane_id.add(value=first + n + k + 1)
    return first + n + len(sides)


def _put_boundary(it: Any, strip: Strip, k: int, number: int, z: np.ndarray) -> None:
    """Put an edge into a message; where its mark changes along it, as the first one says."""
    it.id.value = number
    mark: LaneMark | None = next(iter(strip.marks[k]), None)
    kinds = _lanes().LaneBoundary.Classification
    kind, colour = (mark.kind, mark.colour) if mark is not None else ("none", "")
    it.classification.type = kinds.Type.Value(_LINES.get(kind, "TYPE_OTHER"))
    painted = "COLOR_NONE" if kind == "none" else _COLOURS.get(colour, "COLOR_OTHER")
    it.classification.color = kinds.Color.Value(painted)
    for x, y, height in zip(strip.x[k], strip.y[k], z, strict=True):
        point = it.boundary_line.add()
        point.position.x, point.position.y, point.position.z = float(x), float(y), float(height)
        if mark is not None:
            point.width, point.height = mark.width_m, 0.0
