"""What is wrong in reference lines: gaps, kinks, lengths, and lanes that fold."""

import numpy as np

from treadle.engine.road.tables import POLY3, SPIRAL, Roads
from treadle.proving.formats.opendrive.source import Source
from treadle.proving.rules.node import Node
from treadle.proving.rules.roads.curve import points
from treadle.proving.rules.roads.network import RoadNetwork
from treadle.proving.rules.roads.road import Road
from treadle.proving.rules.roads.sampling import sampled
from treadle.proving.rules.roads.widths import edges

GAP_M = 0.01
KINK_RAD = 0.01
HOLE_M = 1.0
"""A hole that is as long cannot be driven over: an error."""
_STRAIGHT = 1e-4  # [1/m]: no road is 10 km wide


def check_lines(source: Source, network: RoadNetwork) -> None:
    """Note gaps, kinks and wrong lengths within the reference lines, and lanes that fold."""
    tables = network.compiled()
    geometries = tables.geometries
    nodes = [source.nodes[geometry] for road in network.roads for geometry in road.geometries]
    _check_places(source, network, tables, nodes)
    every = np.arange(len(geometries))
    end = points(geometries, every, geometries["length"], tables.samples)
    start = points(geometries, every, np.zeros(len(geometries)), tables.samples)
    road = np.repeat(np.arange(len(tables.roads)), tables.roads["n_geometries"])
    gap = np.hypot(start.x[1:] - end.x[:-1], start.y[1:] - end.y[:-1])
    kink = np.abs(_wrapped(start.heading[1:] - end.heading[:-1]))
    same = road[1:] == road[:-1]
    for row in np.flatnonzero(same & ((gap > GAP_M) | (kink > KINK_RAD))) + 1:
        id_ = network.roads[road[row]].id
        text = (
            f"the reference line of road {id_} jumps by {gap[row - 1]:.4g} m and "
            f"{kink[row - 1]:.4g} rad where this geometry starts"
        )
        if gap[row - 1] > HOLE_M:
            source.ledger.error("opendrive.gap", f"{text}; close the gap", nodes[row])
        else:
            source.ledger.warning("opendrive.gap", text, nodes[row])
    _check_cubics(source, tables, nodes)
    _check_folds(source, network, tables)


def _wrapped(angle: np.ndarray) -> np.ndarray:
    return np.asarray((angle + np.pi) % (2 * np.pi) - np.pi)


def _check_places(source: Source, network: RoadNetwork, tables: Roads, nodes: list[Node]) -> None:
    """Note geometries that do not start where the one before ends, or not end with the road."""
    for road, row in zip(network.roads, tables.roads, strict=True):
        first, n = int(row["first_geometry"]), int(row["n_geometries"])
        wanted = 0.0
        for k in range(first, first + n):
            s = float(tables.geometries["s"][k])
            if k > first and s <= tables.geometries["s"][k - 1]:
                text = f"s {s} of this geometry of road {road.id} is not after the one before"
                source.ledger.error("opendrive.not_ascending", text, nodes[k])
            _check_place(source, road, s, wanted, nodes[k])
            wanted = s + float(tables.geometries["length"][k])
        missing = road.length - wanted
        if abs(missing) > GAP_M:
            text = (
                f"road {road.id} is {road.length:.9g} m long, its geometry ends at {wanted:.9g} m"
            )
            if missing > HOLE_M:
                source.ledger.error(
                    "opendrive.length", f"{text}; make them one", source.nodes[road]
                )
            else:
                source.ledger.warning("opendrive.length", text, source.nodes[road])


def _check_place(source: Source, road: Road, s: float, wanted: float, node: Node) -> None:
    if abs(s - wanted) <= GAP_M:
        return
    text = f"a geometry of road {road.id} starts at s {s:.9g}, where {wanted:.9g} is wanted"
    if s - wanted > HOLE_M:
        source.ledger.error("opendrive.hole", f"{text}; the line has a hole between them", node)
    else:
        source.ledger.warning("opendrive.hole", text, node)


def _check_cubics(source: Source, tables: Roads, nodes: list[Node]) -> None:
    """Note cubics that are not as long as their geometry says."""
    for row in np.flatnonzero(tables.geometries["kind"] > SPIRAL):
        it = tables.geometries[row]
        p = tables.samples[it["first_sample"] : it["first_sample"] + it["n_samples"]]
        u, v = (it["a" + x] + p * (it["b" + x] + p * (it["c" + x] + p * it["d" + x])) for x in "uv")
        length = float(np.hypot(np.diff(u), np.diff(v)).sum())
        if not length > 0:
            text = "this cubic is a point, no line; give it a direction"
            source.ledger.error("opendrive.no_curve", text, nodes[row])
        elif abs(length - it["length"]) > max(GAP_M, 0.01 * it["length"]):
            kind = "poly3" if it["kind"] == POLY3 else "paramPoly3"
            text = (
                f"this {kind} is {length:.6g} m long, its geometry says {it['length']:.6g} m; "
                "s runs evenly over all of it"
            )
            source.ledger.warning("opendrive.cubic_length", text, nodes[row])


def _check_folds(source: Source, network: RoadNetwork, tables: Roads) -> None:
    """Note lanes that reach beyond the centre of the curve that they lie in."""
    line = sampled(tables)
    bounds = np.searchsorted(line.road, np.arange(len(network.roads) + 1))
    strongest = np.zeros(len(network.roads))
    np.maximum.at(strongest, line.road, np.abs(line.at.curvature))
    for index in np.flatnonzero(strongest > _STRAIGHT):
        road = network.roads[index]
        here = slice(bounds[index], bounds[index + 1])
        s, curvature = line.s[here], line.at.curvature[here]
        left, right = edges(road, s)
        folds = np.maximum(curvature * left, curvature * right) >= 1.0
        if folds.any():
            at = int(np.argmax(folds))
            text = (
                f"road {road.id} turns with a radius of {1 / abs(curvature[at]):.4g} m at s "
                f"{s[at]:.6g}, less than its lanes reach to the inside: they fold there"
            )
            source.ledger.warning("opendrive.lanes_fold", text, source.nodes[road])
