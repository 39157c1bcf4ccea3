"""Ways drawn by chance: at each end of a road one of those that lead on, all equally likely."""

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.road.link import way_out, ways
from treadle.engine.road.routes import has_traffic
from treadle.engine.road.tables import Roads
from treadle.engine.scenario.chance import draw
from treadle.engine.scenario.state import State

_FREE, _GONE, _SEEN = range(3)


@compiled
def some_way_on(roads: Roads, state: State, road: int, forward: int) -> tuple[int, int]:
    """Return one of the roads that follow, and how it is gone along; -1 where there is none."""
    count = 0
    for k in range(ways(roads, road, forward)):
        to, _, _, _, _ = way_out(roads, road, forward, k)
        count += 1 if to >= 0 else 0
    chosen = int(draw(state) * count) if count > 1 else 0
    for k in range(ways(roads, road, forward)):
        to, _, direction, _, _ = way_out(roads, road, forward, k)
        if to >= 0 and chosen == 0:
            return to, direction
        chosen -= 1 if to >= 0 else 0
    return -1, 1


@compiled
def random_path(
    roads: Roads,
    state: State,
    road_a: int,
    forward_a: int,
    road_b: int,
    out: np.ndarray,
    out_forward: np.ndarray,
) -> int:
    """Fill in the roads of a way from one road to another, drawn by chance; return how many.

    At each end of a road it is one of the ways on by which traffic can still come to the other
    road, going along none twice in one direction and within the room; all are equally likely.

    Parameters
    ----------
    forward_a
        +1 where it sets out along s, -1 against.
    out, out_forward : (n,) int32
        Room for the roads, a and b too, and the direction on each.

    Returns
    -------
    n : int
        0 where there is no way.
    """
    marks = np.zeros(2 * roads.roads.shape[0], np.int8)
    queue = np.zeros((2 * roads.roads.shape[0], 2), np.int32)
    road, forward, n = road_a, forward_a, 1
    out[0], out_forward[0] = road, forward
    marks[node_of(road, forward)] = _GONE
    while True:
        left = out.shape[0] - n
        count, taken, chosen = 0, -1, 0
        for looking in (True, False):
            if not looking:
                if count == 0:
                    return 0
                chosen = int(draw(state) * count) if count > 1 else 0
            for k in range(ways(roads, road, forward)):
                to, s, direction, _, _ = way_out(roads, road, forward, k)
                if to < 0 or repeats(roads, road, forward, k):
                    continue
                if not has_traffic(roads, to, s, direction):
                    continue
                if not leads_there(roads, to, direction, road_b, left, marks, queue):
                    continue
                if looking:
                    count += 1
                elif chosen == 0 and taken < 0:
                    taken = node_of(to, direction)
                else:
                    chosen -= 1
        road, forward = taken // 2, 1 - 2 * (taken % 2)
        out[n], out_forward[n] = road, forward
        n += 1
        if road == road_b:
            return n
        marks[taken] = _GONE


@compiled
def node_of(road: int, forward: int) -> int:
    """Return the number of a road entered in a direction."""
    return 2 * road + (0 if forward > 0 else 1)


@compiled
def repeats(roads: Roads, road: int, forward: int, k: int) -> bool:
    """Return whether a way out leads where an earlier one does: connections may share a road."""
    to, _, direction, _, _ = way_out(roads, road, forward, k)
    for before in range(k):
        other, _, way, _, _ = way_out(roads, road, forward, before)
        if other == to and way == direction:
            return True
    return False


@compiled
def leads_there(
    roads: Roads,
    road: int,
    forward: int,
    road_b: int,
    most: int,
    marks: np.ndarray,
    queue: np.ndarray,
) -> bool:
    """Return whether traffic comes from a road to another within so many roads, by breadth.

    Parameters
    ----------
    marks : (2 n_roads,) int8
        By road and direction: what is gone along already is marked; the rest is left as it was.
    queue : (2 n_roads, 2) int32
        Room to work in: roads in a direction, and how many there are up to each.
    """
    first = node_of(road, forward)
    if marks[first] != _FREE or most < 1:
        return False
    queue[0, 0], queue[0, 1] = first, 1
    marks[first] = _SEEN
    at, n, found = 0, 1, False
    while at < n and not found:
        node, count = int(queue[at, 0]), int(queue[at, 1])
        here, way = node // 2, 1 - 2 * (node % 2)
        found = here == road_b
        at += 1
        if found or count >= most:
            continue
        for k in range(ways(roads, here, way)):
            to, s, direction, _, _ = way_out(roads, here, way, k)
            if to < 0 or not has_traffic(roads, to, s, direction):
                continue
            other = node_of(to, direction)
            if marks[other] == _FREE:
                marks[other] = _SEEN
                queue[n, 0], queue[n, 1] = other, count + 1
                n += 1
    for k in range(n):
        marks[queue[k, 0]] = _FREE
    return found
