"""Roads that are linked and do not meet."""

import math
from typing import NamedTuple

import numpy as np

from treadle.engine.road.tables import Roads
from treadle.proving.formats.opendrive.source import Source
from treadle.proving.rules.roads.curve import points
from treadle.proving.rules.roads.linking import contact_of
from treadle.proving.rules.roads.network import RoadNetwork
from treadle.proving.rules.roads.road import Contact, Road, RoadLink
from treadle.proving.rules.roads.widths import centres

GAP_M = 0.1
KINK_RAD = 0.1


class _End(NamedTuple):
    x: float
    y: float
    heading: float

    def beside(self, t: float) -> tuple[float, float]:
        return self.x - t * math.sin(self.heading), self.y + t * math.cos(self.heading)


def check_ends(source: Source, network: RoadNetwork) -> None:
    """Note linked roads whose linked lanes do not meet, or whose reference lines do not.

    The reference line of a connecting road may lie beside that of the road that it leaves
    (OpenDRIVE 1.8, 12.4): what is driven on are the lanes.
    """
    ends = _ends(network.compiled())
    for index, road in enumerate(network.roads):
        links: tuple[tuple[RoadLink | None, Contact], ...] = (
            (road.predecessor, "start"),
            (road.successor, "end"),
        )
        for link, mine in links:
            other = network.road_index.get(link.id) if link is not None else None
            if link is None or link.element != "road" or link.s is not None or other is None:
                continue
            theirs = contact_of(road, link, network.roads[other])
            gap, text = _gap(
                road, network.roads[other], (mine, theirs), ends[mine][index], ends[theirs][other]
            )
            turn = 0.0 if mine != theirs else math.pi
            kink = ends[mine][index].heading - ends[theirs][other].heading + turn
            kink = abs(math.remainder(kink, 2 * math.pi))
            if gap > GAP_M or kink > KINK_RAD:
                text = f"{text} are linked, but {gap:.4g} m and {kink:.4g} rad apart"
                source.ledger.warning("opendrive.gap_between_roads", text, source.nodes[link])


def _gap(
    road: Road, other: Road, contacts: tuple[Contact, Contact], here: _End, there: _End
) -> tuple[float, str]:
    """Return the widest gap between linked lanes [m], and which; of the lines where none is."""
    mine, theirs = contacts
    lanes, others = centres(road, mine), centres(other, theirs)
    section = road.sections[0 if mine == "start" else -1]
    found = [
        (math.dist(here.beside(lanes[lane.id]), there.beside(others[id_])), lane.id, id_)
        for lane in section.lanes
        for id_ in (lane.predecessors if mine == "start" else lane.successors)
        if id_ in others and lane.id
    ]
    if not found:
        return math.dist(here[:2], there[:2]), f"roads {road.id} and {other.id}"
    gap, lane_id, id_ = max(found)
    return gap, f"lane {lane_id} of road {road.id} and lane {id_} of road {other.id}"


def _ends(tables: Roads) -> dict[Contact, list[_End]]:
    roads, geometries = tables.roads, tables.geometries
    first = roads["first_geometry"]
    last = first + roads["n_geometries"] - 1
    start = points(geometries, first, np.zeros(len(roads)), tables.samples)
    end = points(geometries, last, geometries["length"][last], tables.samples)
    return {
        "start": [_End(*row) for row in np.stack(start[:3], axis=1).tolist()],
        "end": [_End(*row) for row in np.stack(end[:3], axis=1).tolist()],
    }
