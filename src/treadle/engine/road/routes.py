"""Ways through the network: from one road to another, and how far it is."""

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import section_at
from treadle.engine.road.links import advance, next_road
from treadle.engine.road.tables import START, TO_JUNCTION, TO_ROAD, Roads

SHORTEST, FASTEST, FEWEST = range(3)
_FAR = 1e300
_HOPS = 256


@compiled
def relative_position(
    roads: Roads, road: int, s: float, lane: int, d_lane: int, ds: float, facing: int
) -> tuple[int, float, int, bool]:
    """Return road, s and lane some lanes and a way beside another place, and whether it is there.

    Parameters
    ----------
    d_lane
        Lanes to the left of who faces this way; lane 0 is none and is not counted.
    ds [m]
        Ahead of it, along the reference line, over linked roads.
    facing
        +1: the reference looks along s.
    """
    if road < 0:
        return -1, 0.0, 0, False
    empty = np.zeros(1, np.int32)
    to_road, to_s, to_lane, turned, left, _ = advance(
        roads, road, s, lane, ds * facing, 0.0, empty, 0, 0
    )
    if left != 0.0:
        return to_road, to_s, to_lane, False
    steps = d_lane * facing * turned
    target = to_lane + steps
    if to_lane < 0 <= target or target <= 0 < to_lane:
        target += 1 if steps > 0 else -1
    return to_road, to_s, target, True


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
) -> tuple[float, bool]:
    """Return the way along the roads from a to b, positive ahead of a, and whether there is one.

    Ahead first, then behind, each the straightest way up to a limit [m].
    """
    if road_a == road_b:
        return (s_b - s_a) * facing, True
    ahead, found = one_way(roads, road_a, s_a, lane_a, facing, road_b, s_b, limit)
    if found:
        return ahead, True
    behind, found = one_way(roads, road_a, s_a, lane_a, -facing, road_b, s_b, limit)
    return -behind, found


@compiled
def one_way(
    roads: Roads,
    road: int,
    s: float,
    lane: int,
    forward: int,
    road_b: int,
    s_b: float,
    limit: float,
) -> tuple[float, bool]:
    """Return how far b is that way, over the connections that lead to its road first."""
    way = roads.roads[road].length - s if forward > 0 else s
    for _ in range(_HOPS):
        if way > limit:
            break
        following, to_lane, contact, found = next_road(roads, road, lane, forward, 0.0, road_b)
        if not found:
            break
        forward = 1 if contact == START else -1
        length = roads.roads[following].length
        if following == road_b:
            return way + (s_b if contact == START else length - s_b), True
        way += length
        road, lane = following, to_lane
    return 0.0, False


@compiled
def find_path(
    roads: Roads,
    road_a: int,
    s_a: float,
    forward_a: int,
    road_b: int,
    s_b: float,
    criterion: int,
    out: np.ndarray,
    cost: np.ndarray,
    before: np.ndarray,
) -> int:
    """Fill `out` with the roads of the best way from a to b; return how many, 0 where none.

    Dijkstra's algorithm over (road, direction): node 2 * road + (0 along s, 1 against).

    Parameters
    ----------
    forward_a
        +1 or -1: how the way sets out; 0: either way.
    criterion
        SHORTEST by length, FASTEST by the lanes' speed limits, FEWEST junctions.
    out : (n,) int32
        Room for the roads, from road_a on.
    cost, before : (2 * n_roads,)
        Room to work in; `before` of int32, negative once settled.
    """
    n = 2 * roads.roads.shape[0]
    for k in range(n):
        cost[k] = _FAR
        before[k] = -1
    if road_a == road_b and (forward_a == 0 or (s_b - s_a) * forward_a >= 0.0):
        out[0] = road_a
        return 1
    if forward_a >= 0:
        cost[2 * road_a] = price(roads, road_a, roads.roads[road_a].length - s_a, criterion)
    if forward_a <= 0:
        cost[2 * road_a + 1] = price(roads, road_a, s_a, criterion)
    settled = np.zeros(n, np.bool_)
    goal = -1
    for _ in range(n):
        node, least = -1, _FAR
        for k in range(n):
            if not settled[k] and cost[k] < least:
                node, least = k, cost[k]
        if node < 0:
            break
        settled[node] = True
        if node // 2 == road_b and before[node] >= 0:
            goal = node
            break
        relax(roads, node, criterion, cost, before)
    if goal < 0:
        return 0
    return unroll(before, goal, out)


@compiled
def price(roads: Roads, road: int, length: float, criterion: int) -> float:
    """Return what a piece of a road costs."""
    if criterion == FEWEST:
        return 1.0 + 1e-9 * length if roads.roads[road].junction >= 0 else 1e-9 * length
    if criterion == FASTEST:
        fastest = 0.0
        section = section_at(roads, road, 0.0)
        if section >= 0:
            it = roads.sections[section]
            for row in range(it.first_lane, it.first_lane + it.n_lanes):
                fastest = max(fastest, roads.lanes[row].max_speed)
        return length / fastest if fastest > 0.0 else length / 13.9  # 50 km/h where not told
    return length


@compiled
def relax(roads: Roads, node: int, criterion: int, cost: np.ndarray, before: np.ndarray) -> None:
    """Go on from a road to all that follow it."""
    road, forward = node // 2, 1 if node % 2 == 0 else -1
    it = roads.roads[road]
    kind = it.successor if forward > 0 else it.predecessor
    index = it.successor_index if forward > 0 else it.predecessor_index
    contact = it.successor_contact if forward > 0 else it.predecessor_contact
    if kind == TO_ROAD:
        offer(roads, node, index, contact, criterion, cost, before)
    elif kind == TO_JUNCTION:
        junction = roads.junctions[index]
        first = junction.first_connection
        for c in range(first, first + junction.n_connections):
            connection = roads.connections[c]
            if connection.incoming_road == road:
                offer(
                    roads,
                    node,
                    connection.connecting_road,
                    connection.contact,
                    criterion,
                    cost,
                    before,
                )


@compiled
def offer(
    roads: Roads,
    node: int,
    road: int,
    contact: int,
    criterion: int,
    cost: np.ndarray,
    before: np.ndarray,
) -> None:
    """Take a way to a road where it is better than what is known."""
    to = 2 * road + (0 if contact == START else 1)
    total = cost[node] + price(roads, road, roads.roads[road].length, criterion)
    if total < cost[to] - 1e-12:
        cost[to] = total
        before[to] = node


@compiled
def unroll(before: np.ndarray, goal: int, out: np.ndarray) -> int:
    """Write the roads of a way in their order; return how many, 0 where there is no room."""
    n, node = 0, goal
    while node >= 0:
        n += 1
        node = before[node]
    if n > out.shape[0]:
        return 0
    node = goal
    for k in range(n - 1, -1, -1):
        out[k] = node // 2
        node = before[node]
    return n
