"""Areas of traffic: polygons, and ranges along roads (OpenSCENARIO XML 1.3, class TrafficArea)."""

from treadle.engine.road.tables import TO_JUNCTION, TO_ROAD, Roads
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.positions import lower_position, road_row, s_slot
from treadle.proving.rules.lowering.slots import INFINITE, ZERO

_APART = "the roads of two cursors, one after the other, are not linked; what lies between is open"

_CORNERS, _CURSORS = 3, 2
"""So many a Polygon and a RoadRange have at least."""


def lower_area(build: Build, area: Element) -> dict[str, int] | None:
    """Lower a TrafficArea; None where it is not supported."""
    if (polygon := area.child("Polygon")) is not None:
        corners = [lower_position(build, one) for one in polygon.all("Position")]
        _enough(polygon, len(corners), _CORNERS, "positions")
        first = len(build.corners)
        build.corners.extend(corners)
        lost = min(corners, default=-1) < 0
        return None if lost else {"first_corner": first, "n_corners": len(corners)}
    first = len(build.stretches)
    whole = [_range(build, one, k) for k, one in enumerate(area.all("RoadRange"))]
    n = len(build.stretches) - first
    return {"first_stretch": first, "n_stretches": n} if all(whole) and n else None


def _enough(of: Element, n: int, least: int, what: str) -> None:
    if n < least:
        text = f"{of.tag} has {n} {what}; give {least} or more"
        of.ledger.error("semantic.area", text, of.node)


def _range(build: Build, road_range: Element, number: int) -> bool:
    """Lower a RoadRange: a stretch from each cursor on; return whether it is one."""
    length = build.number(road_range, "length") if road_range.has("length") else INFINITE
    cursors = road_range.all("RoadCursor")
    _enough(road_range, len(cursors), _CURSORS, "cursors")
    rows = [road_row(build, cursor) for cursor in cursors]
    if min(rows, default=-1) < 0 or build.network is None:
        return False
    roads, lanes = build.network.compiled(), [_lanes(build, cursor) for cursor in cursors]

    def add(k: int, enters: int, leaves: int) -> None:
        build.stretches.add(
            road=rows[k],
            from_slot=enters,
            to_slot=leaves,
            range=number,
            length_slot=length,
            first_lane=lanes[k][0],
            n_lanes=lanes[k][1],
        )

    at = -1
    for k in range(len(cursors) - 1):
        this, after = rows[k], rows[k + 1]
        told = cursors[k + 1].has("s")
        is_last = k + 2 == len(cursors)
        if this == after:
            at = _begin(build, cursors[k], this, ZERO) if at < 0 else at
            to = s_slot(build, cursors[k + 1], after) if told else _length(build, roads, after)
            add(k, at, to)
            at = to
            continue
        exits, entered = joined(roads, this, after), joined(roads, after, this)
        if exits == 0 or entered == 0:
            road_range.not_supported(_APART)
            return False
        far = _length(build, roads, this)
        at = _begin(build, cursors[k], this, ZERO if exits > 0 else far) if at < 0 else at
        add(k, at, far if exits > 0 else ZERO)
        near, other = ZERO, _length(build, roads, after)
        if entered > 0:
            near, other = other, near
        at = near
        if is_last:
            add(k + 1, near, s_slot(build, cursors[k + 1], after) if told else other)
    return True


def _begin(build: Build, cursor: Element, road: int, default: int) -> int:
    return s_slot(build, cursor, road) if cursor.has("s") else default


def _length(build: Build, roads: Roads, road: int) -> int:
    return build.slots.constant(float(roads.roads[road]["length"]))


def _lanes(build: Build, cursor: Element) -> tuple[int, int]:
    """Return the rows of the lanes that a cursor names; none: all."""
    slots = [build.number(lane, "id") for lane in cursor.all("Lane")]
    first = len(build.stretch_lanes)
    build.stretch_lanes.extend(slots)
    return first, len(slots)


def joined(roads: Roads, road: int, other: int) -> int:
    """Return +1 where the end of a road leads to another, -1 where its start does, else 0."""
    it = roads.roads[road]
    for sign, side in ((1, "successor"), (-1, "predecessor")):
        kind, index = int(it[side]), int(it[f"{side}_index"])
        if kind == TO_ROAD and index == other:
            return sign
        if kind == TO_JUNCTION and index >= 0 and _connects(roads, index, road, other):
            return sign
    return 0


def _connects(roads: Roads, junction: int, road: int, other: int) -> bool:
    """Return whether a junction has a connection between two roads, either way."""
    it = roads.junctions[junction]
    first, n = int(it["first_connection"]), int(it["n_connections"])
    for row in roads.connections[first : first + n]:
        ends = (int(row["incoming_road"]), int(row["connecting_road"]))
        if ends in ((road, other), (other, road)):
            return True
    # a road that a connection leads out to is told by the connecting road's own link
    far = roads.roads[other]
    sides = ("successor", "predecessor")
    return any(int(far[s]) == TO_ROAD and int(far[f"{s}_index"]) == road for s in sides)
