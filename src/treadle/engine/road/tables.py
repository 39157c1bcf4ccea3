"""The arrays of a road network: structured numpy arrays that refer to each other by index.

Rows that belong together stand together: `first_x`, `n_x` give their range in the array of x, in
the order of their s. Lengths in m, angles in rad, curvature in 1/m. -1 says none.
"""

from dataclasses import dataclass, field

import numpy as np

from treadle.engine.tables import Tables

LINE, ARC, SPIRAL, POLY3, PARAM_POLY3 = range(5)
"""Kinds of geometry (OpenDRIVE 1.8, section 9)."""
NO_LINK, TO_ROAD, TO_JUNCTION = range(3)
START, END = range(2)
"""Contact points."""

ROAD = np.dtype(
    [
        ("length", "f8"),
        ("junction", "i8"),  # index of the junction that it is part of, -1
        ("rule", "i8"),  # +1 right-hand traffic, -1 left-hand traffic
        ("first_geometry", "i8"),
        ("n_geometries", "i8"),
        ("first_elevation", "i8"),
        ("n_elevations", "i8"),  # rows of Roads.cubics
        ("first_superelevation", "i8"),
        ("n_superelevations", "i8"),  # rows of Roads.cubics
        ("first_shape", "i8"),
        ("n_shapes", "i8"),
        ("first_strip", "i8"),
        ("n_strips", "i8"),
        ("first_strip_offset", "i8"),
        ("n_strip_offsets", "i8"),  # of the strips across, rows of Roads.cubics
        ("first_offset", "i8"),
        ("n_offsets", "i8"),  # lane offset, rows of Roads.cubics
        ("first_section", "i8"),
        ("n_sections", "i8"),
        ("predecessor", "i8"),  # kind: NO_LINK, TO_ROAD, TO_JUNCTION
        ("predecessor_index", "i8"),  # of the road or junction
        ("predecessor_contact", "i8"),  # START, END
        ("predecessor_s", "f8"),  # NaN, or the place on a virtual junction's main road
        ("successor", "i8"),
        ("successor_index", "i8"),
        ("successor_contact", "i8"),
        ("successor_s", "f8"),
        ("is_plain", "i8"),  # 1: no superelevation or shape: t is flat in the plane
        ("is_even", "i8"),  # 1: plain, and no strips or lane heights: z is the same all across
        ("is_flat", "i8"),  # 1: even, and no elevation: z = 0 all over
        ("bend", "f8"),  # [1/m] it bends nowhere by more; infinite: that is not known
        ("widest", "f8"),  # [m] no lane's centre is farther from the line
        ("slant", "f8"),  # nor goes out by more, a metre along
        ("uneven", "f8"),  # [m] by how much its geometries miss each other, in all
        ("kinks", "f8"),  # [rad] and by how much they turn there
    ]
)
GEOMETRY = np.dtype(
    [
        ("s", "f8"),
        ("x", "f8"),
        ("y", "f8"),
        ("heading", "f8"),
        ("length", "f8"),
        ("kind", "i8"),
        ("curvature", "f8"),  # at its start; of an arc all over
        ("curvature_rate", "f8"),  # of a spiral [1/m2]
        ("au", "f8"),
        ("bu", "f8"),
        ("cu", "f8"),
        ("du", "f8"),  # a poly3 is u = p
        ("av", "f8"),
        ("bv", "f8"),
        ("cv", "f8"),
        ("dv", "f8"),
        ("first_sample", "i8"),
        ("n_samples", "i8"),  # poly3, paramPoly3: p at equal steps of arc length
    ]
)
CUBIC = np.dtype([("s", "f8"), ("a", "f8"), ("b", "f8"), ("c", "f8"), ("d", "f8")])
SHAPE = np.dtype([("s", "f8"), ("t", "f8"), ("a", "f8"), ("b", "f8"), ("c", "f8"), ("d", "f8")])
STRIP = np.dtype(
    [
        ("id", "i8"),  # 1, -1 beside the line, 2, -2 beyond; left positive
        ("is_relative", "i8"),  # 1: from the outer edge of the inner strip upwards
        ("first_width", "i8"),
        ("n_widths", "i8"),  # rows of Roads.cubics, as the four below
        ("first_constant", "i8"),
        ("n_constants", "i8"),
        ("first_linear", "i8"),
        ("n_linears", "i8"),
        ("first_quadratic", "i8"),
        ("n_quadratics", "i8"),
        ("first_cubic", "i8"),
        ("n_cubics", "i8"),
    ]
)
SECTION = np.dtype(
    [
        ("s", "f8"),
        ("end_s", "f8"),
        ("first_lane", "i8"),
        ("n_lanes", "i8"),  # with the centre lane, by falling id: leftmost first
        ("centre", "i8"),  # index of lane 0 in Roads.lanes
    ]
)
LANE = np.dtype(
    [
        ("id", "i8"),
        ("kind", "i8"),  # index in LANE_KINDS
        ("first_width", "i8"),
        ("n_widths", "i8"),  # rows of Roads.cubics; their s is from the section's start
        ("is_border", "i8"),  # 1: the cubics are borders (t from the lane offset), not widths
        ("is_level", "i8"),
        ("predecessor", "i8"),  # lane id on the lane section before, NO_LANE
        ("successor", "i8"),
        ("direction", "i8"),  # +1 as the rule says, -1 reversed, 0 both (OpenDRIVE 1.8)
        ("max_speed", "f8"),  # [m/s]; NaN where not told
    ]
)
HEIGHT = np.dtype([("lane", "i8"), ("s", "f8"), ("inner", "f8"), ("outer", "f8")])
NO_LANE = -1_000_000
LANE_KINDS = (
    "none", "driving", "stop", "shoulder", "biking", "sidewalk", "border", "restricted", "parking",
    "bidirectional", "median", "special1", "special2", "special3", "roadWorks", "tram", "rail",
    "entry", "exit", "offRamp", "onRamp", "connectingRamp", "bus", "taxi", "HOV", "mwyEntry",
    "mwyExit", "walking", "curb", "slipLane", "shared",
)  # fmt: skip
DRIVABLE = (1, 9, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 29, 30)
"""Indices of the kinds that vehicles drive on."""
CONNECTION = np.dtype(
    [
        ("junction", "i8"),
        ("incoming_road", "i8"),
        ("connecting_road", "i8"),  # of a direct junction: the linked road
        ("contact", "i8"),  # the end of the connecting road that the incoming road meets
        ("incoming_s", "f8"),  # NaN, or the place on a virtual junction's main road
        ("first_link", "i8"),
        ("n_links", "i8"),
    ]
)
LANE_LINK = np.dtype([("from_lane", "i8"), ("to_lane", "i8")])
JUNCTION = np.dtype([("kind", "i8"), ("first_connection", "i8"), ("n_connections", "i8")])
JUNCTION_KINDS = ("default", "virtual", "direct", "crossing")
CELL = np.dtype([("first", "i8"), ("n", "i8")])
PIECE = np.dtype([("road", "i8"), ("start_s", "f8"), ("end_s", "f8")])


@dataclass(frozen=True, eq=False)
class Roads(Tables):
    """A road network as arrays.

    Attributes
    ----------
    cubics
        a + b ds + c ds2 + d ds3 from each row's s: elevations, superelevations, lane offsets,
        widths and borders, and what strips across are made of, in runs.
    samples
        (n,) p at equal steps of arc length, of poly3 and paramPoly3 geometries.
    cells, pieces
        A grid over the plane: which pieces of which roads may be near a point.
    grid
        (5,) [x of the first cell, y, size of a cell, columns, rows].
    heights
        Of lanes above the road's surface [m], at their edges; by row of the lane, then s from the
        section's start.
    strips
        Of the surface across (OpenDRIVE 1.8).
    """

    roads: np.ndarray
    geometries: np.ndarray
    cubics: np.ndarray
    shapes: np.ndarray
    sections: np.ndarray
    lanes: np.ndarray
    junctions: np.ndarray
    connections: np.ndarray
    links: np.ndarray
    samples: np.ndarray
    cells: np.ndarray
    pieces: np.ndarray
    grid: np.ndarray
    heights: np.ndarray = field(default_factory=lambda: np.zeros(0, HEIGHT))
    strips: np.ndarray = field(default_factory=lambda: np.zeros(0, STRIP))


def no_roads() -> Roads:
    """Return the empty network: the open plane."""
    return Roads(
        roads=np.zeros(0, ROAD),
        geometries=np.zeros(0, GEOMETRY),
        cubics=np.zeros(0, CUBIC),
        shapes=np.zeros(0, SHAPE),
        sections=np.zeros(0, SECTION),
        lanes=np.zeros(0, LANE),
        junctions=np.zeros(0, JUNCTION),
        connections=np.zeros(0, CONNECTION),
        links=np.zeros(0, LANE_LINK),
        samples=np.zeros(0),
        cells=np.zeros(0, CELL),
        pieces=np.zeros(0, PIECE),
        grid=np.zeros(5),
    )
