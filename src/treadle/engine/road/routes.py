"""Ways through the network: the best one, and how far one place is from another along it."""

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import DRIVABLE_BITS, lane_row, section_at, travel_sign
from treadle.engine.road.link import lane_after, way_out, ways
from treadle.engine.road.links import go, lane_across
from treadle.engine.road.tables import NO_LANE, Roads

SHORTEST, FASTEST, FEWEST_JUNCTIONS = range(3)
"""What a path has least of: metres, seconds, junctions (OpenSCENARIO 1.3, RouteStrategy)."""
UNTOLD_SPEED_MPS = 50.0 / 3.6
"""Where no limit is told."""
FAR = 1e300
ROAD, FORWARD, COST, LANE, SETTLED = range(5)
"""Columns of `distance_along`'s room."""


@compiled
def relative_position(
    roads: Roads, road: int, s: float, lane: int, d_lane: int, ds: float, facing: int
) -> tuple[int, float, int, bool]:
    """Return road, s and lane some lanes and a way beside another place, and whether it is there.

    OpenSCENARIO 1.3, RelativeLanePosition.

    Parameters
    ----------
    d_lane
        Lanes to the left of who faces this way; lane 0 is none and is not counted.
    ds : float  [m]
        Ahead of it, along the reference line, over linked roads.
    facing
        +1: the reference looks along s, -1 against it.
    """
    if road < 0:
        return -1, 0.0, 0, False
    to_road, to_s, to_lane, turned, left = go(roads, road, s, lane, ds * facing)
    target = lane_beside(to_lane, d_lane * facing * turned)
    is_there = left == 0.0 and lane_row(roads, to_road, to_s, target) >= 0
    return to_road, to_s, target, is_there


@compiled
def lane_beside(lane: int, steps: int) -> int:
    """Return the lane some steps to the left (in t), without counting lane 0."""
    target = lane + steps
    if lane < 0 <= target:
        return target + 1
    if target <= 0 < lane:
        return target - 1
    return target


@compiled
def lanes_between(lane: int, other: int) -> int:
    """Return how many lanes to the left (in t) the other is, without counting lane 0."""
    steps = other - lane
    if lane < 0 < other:
        return steps - 1
    if other < 0 < lane:
        return steps + 1
    return steps


@compiled
def distance_along(
    roads: Roads,
    road_a: int,
    s_a: float,
    lane_a: int,
    facing: int,
    road_b: int,
    s_b: float,
    limit: float,
    room: np.ndarray,
) -> tuple[float, int, int, bool]:
    """Return how far b is from a along the reference lines of connected roads.

    The shorter of the ways ahead and behind; of equals the one ahead.

    Parameters
    ----------
    lane_a
        From which lane links are followed.
    facing
        +1 where a faces along s, -1 against it.
    limit : float  [m]
        How far to search.
    room : (n, 5) float64
        To work in; at most n roads are looked at each way.

    Returns
    -------
    ds : float  [m]
        Positive ahead of a.
    lane
        What a's lane is called at b; `lanes_between(lane, lane_b) * facing * turned` are the lanes
        from a to b, to the left of a.
    turned
        -1 where s at b runs against s at a.
    found
    """
    if road_a == road_b:
        return (s_b - s_a) * facing, lane_across(roads, road_a, s_a, s_b, lane_a), 1, True
    ahead, lane, turned = one_way(roads, road_a, s_a, lane_a, facing, road_b, s_b, limit, room)
    behind, back_lane, back_turned = one_way(
        roads, road_a, s_a, lane_a, -facing, road_b, s_b, min(limit, ahead), room
    )
    if behind < ahead:
        return -behind, back_lane, back_turned, True
    return (ahead if ahead < FAR else 0.0), lane, turned, ahead < FAR


@compiled
def one_way(
    roads: Roads,
    road_a: int,
    s_a: float,
    lane_a: int,
    forward: int,
    road_b: int,
    s_b: float,
    limit: float,
    room: np.ndarray,
) -> tuple[float, int, int]:
    """Return the way from a to b in one direction, FAR where there is none; lane and turned there.

    Dijkstra's algorithm over roads entered in a direction; a row of the room is one such.
    """
    n = 0
    edge = roads.roads[road_a].length if forward > 0 else 0.0
    at_edge = lane_across(roads, road_a, s_a, edge, lane_a)
    n = spread(roads, road_a, forward, at_edge, abs(edge - s_a), limit, room, n)
    for _ in range(room.shape[0]):
        row = cheapest(room, n)
        if row < 0:
            break
        room[row, SETTLED] = 1.0
        road, direction = int(room[row, ROAD]), int(room[row, FORWARD])
        lane, length = int(room[row, LANE]), roads.roads[road].length
        start, end = (0.0, length) if direction > 0 else (length, 0.0)
        if road == road_b:
            lane = lane_across(roads, road, start, s_b, lane)
            return room[row, COST] + abs(s_b - start), lane, direction * forward
        lane = lane_across(roads, road, start, end, lane)
        n = spread(roads, road, direction, lane, room[row, COST] + length, limit, room, n)
    return FAR, 0, 1


@compiled
def cheapest(room: np.ndarray, n: int) -> int:
    """Return the row of the room that is nearest and not settled; -1."""
    best, least = -1, FAR
    for row in range(n):
        if room[row, SETTLED] == 0.0 and room[row, COST] < least:
            best, least = row, room[row, COST]
    return best


@compiled
def spread(
    roads: Roads,
    road: int,
    forward: int,
    lane: int,
    cost: float,
    limit: float,
    room: np.ndarray,
    n: int,
) -> int:
    """Put the roads that follow one into the room; return how many rows it has then."""
    if cost > limit:
        return n
    for k in range(ways(roads, road, forward)):
        to, _, direction, _, _ = way_out(roads, road, forward, k)
        if to < 0:
            continue
        to_lane, linked = lane_after(roads, road, lane, forward, k)
        row = 0
        while row < n and (room[row, ROAD] != to or room[row, FORWARD] != direction):
            row += 1
        if row >= room.shape[0]:
            return n
        is_new = row == n
        # of connections over one road the one that the lane is linked to
        is_better = not is_new and (cost < room[row, COST] or (linked == 1 and to_lane != NO_LANE
            and cost == room[row, COST]))  # fmt: skip
        if is_new or (is_better and room[row, SETTLED] == 0.0):
            room[row, ROAD], room[row, FORWARD] = to, direction
            room[row, COST], room[row, SETTLED] = cost, 0.0
            room[row, LANE] = 0.0 if to_lane == NO_LANE else to_lane
        n += 1 if is_new else 0
    return n


@compiled
def find_path(
    roads: Roads,
    road_a: int,
    s_a: float,
    forward_a: int,
    road_b: int,
    s_b: float,
    forward_b: int,
    criterion: int,
    out: np.ndarray,
    out_forward: np.ndarray,
    cost: np.ndarray,
    before: np.ndarray,
) -> int:
    """Fill in the roads of the best way from a to b, as traffic goes; return how many, 0: none.

    Dijkstra's algorithm over roads entered in a direction: node 2 road + (0 along s, 1 against).

    Parameters
    ----------
    forward_a, forward_b
        +1, -1: how the way sets out and arrives, along s or against it; 0: either.
    criterion
        SHORTEST, FASTEST by the lanes' limits, FEWEST_JUNCTIONS.
    out, out_forward : (n,) int32
        Room for the roads, a's and b's too, and the direction on each.
    cost : (2 n_roads,) float64
    before : (2 n_roads, 2) int32
        Room to work in.
    """
    n = 2 * roads.roads.shape[0]
    cost[:n] = FAR
    before[:n, 0] = -1
    before[:n, 1] = 0
    for forward in (1, -1):
        if forward_a not in (0, forward):
            continue
        is_ahead = (s_b - s_a) * forward >= 0.0 and forward_b in (0, forward)
        if road_a == road_b and is_ahead:
            out[0], out_forward[0] = road_a, forward
            return 1
        edge = roads.roads[road_a].length if forward > 0 else 0.0
        start = -2 if forward > 0 else -3
        first = price(roads, road_a, abs(edge - s_a), criterion)
        relax(roads, road_a, forward, first, start, cost, before)
    goal, total = -1, FAR
    for _ in range(n):
        node = nearest_node(cost, before, n)
        if node < 0 or cost[node] >= total:
            break
        before[node, 1] = 1
        road, forward = node // 2, 1 - 2 * (node % 2)
        length = roads.roads[road].length
        if road == road_b and forward_b in (0, forward):
            way = s_b if forward > 0 else length - s_b
            if cost[node] + price(roads, road, way, criterion) < total:
                goal, total = node, cost[node] + price(roads, road, way, criterion)
        whole = cost[node] + price(roads, road, length, criterion)
        relax(roads, road, forward, whole, node, cost, before)
    return unroll(before, goal, road_a, out, out_forward)


@compiled
def nearest_node(cost: np.ndarray, before: np.ndarray, n: int) -> int:
    """Return the cheapest node that is not settled; -1."""
    best, least = -1, FAR
    for node in range(n):
        if before[node, 1] == 0 and cost[node] < least:
            best, least = node, cost[node]
    return best


@compiled
def relax(
    roads: Roads,
    road: int,
    forward: int,
    total: float,
    node: int,
    cost: np.ndarray,
    before: np.ndarray,
) -> None:
    """Go on from the end of a road to all that follow it and have a lane that way."""
    for k in range(ways(roads, road, forward)):
        to, s, direction, _, _ = way_out(roads, road, forward, k)
        if to < 0 or not has_traffic(roads, to, s, direction):
            continue
        other = 2 * to + (0 if direction > 0 else 1)
        if before[other, 1] == 0 and total < cost[other] - 1e-12:
            cost[other] = total
            before[other, 0] = node


@compiled
def has_traffic(roads: Roads, road: int, s: float, direction: int) -> bool:
    """Return whether a road has a lane that vehicles drive on in this direction."""
    section = section_at(roads, road, s)
    if section < 0:
        return False
    it = roads.sections[section]
    for row in range(it.first_lane, it.first_lane + it.n_lanes):
        lane = roads.lanes[row]
        if lane.id == 0 or (DRIVABLE_BITS >> lane.kind) & 1 == 0:
            continue
        if lane.direction == 0 or travel_sign(roads, road, int(lane.id)) == direction:
            return True
    return False


@compiled
def price(roads: Roads, road: int, length: float, criterion: int) -> float:
    """Return what a piece of a road costs."""
    if criterion == FEWEST_JUNCTIONS:
        is_crossing = roads.roads[road].junction >= 0
        return 1e-6 * length + (1.0 if is_crossing else 0.0)
    if criterion == FASTEST:
        fastest = 0.0
        section = section_at(roads, road, 0.0)
        if section >= 0:
            it = roads.sections[section]
            for row in range(it.first_lane, it.first_lane + it.n_lanes):
                lane = roads.lanes[row]
                if (DRIVABLE_BITS >> lane.kind) & 1 == 1 and lane.max_speed > fastest:
                    fastest = lane.max_speed
        return length / (fastest if fastest > 0.0 else UNTOLD_SPEED_MPS)
    return length


@compiled
def unroll(
    before: np.ndarray, goal: int, road_a: int, out: np.ndarray, out_forward: np.ndarray
) -> int:
    """Write the roads of a way in their order; return how many, 0 where there is no room."""
    if goal < 0:
        return 0
    n, node = 1, goal
    while node >= 0:
        n += 1
        node = int(before[node, 0])
    if n > out.shape[0]:
        return 0
    out[0], out_forward[0] = road_a, (1 if node == -2 else -1)  # noqa: PLR2004 - as it set out
    node = goal
    for k in range(n - 1, 0, -1):
        out[k], out_forward[k] = node // 2, 1 - 2 * (node % 2)
        node = int(before[node, 0])
    return n
