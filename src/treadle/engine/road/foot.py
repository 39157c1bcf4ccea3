"""The foot of a place on a reference line: where the line is nearest to it."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.line import frame_at
from treadle.engine.road.surface import section_turned
from treadle.engine.road.tables import Roads

MOST_ROUNDS = 64
CLOSE_M = 1e-7
"""A step of Newton's that is no longer is the last: what is left is its square."""
EVEN_M = 1e-12
LEAST_STRETCH = 0.05
TURN_A_LOOK = 0.3
"""How much a line may turn between two looks at it [rad]."""
MOST_LOOKS = 64


@compiled
def beside(roads: Roads, road: int, x: float, y: float, s: float) -> tuple[float, float, float]:
    """Return how far a place is along and across the line at s [m], and the curvature there."""
    lx, ly, _, curvature, cosine, sine = frame_at(roads, road, s)
    dx, dy = x - lx, y - ly
    return dx * cosine + dy * sine, dy * cosine - dx * sine, curvature


@compiled
def foot(roads: Roads, road: int, x: float, y: float, s: float, low: float, high: float) -> float:
    """Return s of a foot of a place within a range, from a first guess, to 1e-12 m.

    At the foot the way to the place has no part along the line, f(s) = (p - r) . T = 0, with
    f' = curvature (p - r) . N - 1. Newton's steps within a bracket, halved where they leave it, so
    kinks and inner bends end as well.
    """
    lower, upper = low, high
    s = min(max(s, low), high)
    for _ in range(MOST_ROUNDS):
        along, across, curvature = beside(roads, road, x, y, s)
        if along >= 0.0:
            if s >= high:
                return high
            lower = s
        if along <= 0.0:
            if s <= low:
                return low
            upper = s
        step = along / max(1.0 - curvature * across, LEAST_STRETCH)
        following = s + step
        if abs(step) <= CLOSE_M:
            return min(max(following, low), high)
        if following >= upper:
            following = high if upper == high else 0.5 * (lower + upper)
        elif following <= lower:
            following = low if lower == low else 0.5 * (lower + upper)
        if upper - lower <= CLOSE_M:  # a kink
            return following
        s = following
    return s


@compiled
def nearest_foot(
    roads: Roads, road: int, x: float, y: float, low: float, high: float
) -> tuple[float, float]:
    """Return s of the nearest foot within a range, and its distance [m].

    Looks at each geometry as often as it turns, then goes to the foot from the nearest look and,
    as a place may have several feet, between its neighbours.
    """
    it = roads.roads[road]
    best, least = low, 1e300
    below, above = low, high
    before = low
    is_next = False
    for row in range(it.first_geometry, it.first_geometry + it.n_geometries):
        start = max(low, roads.geometries[row].s)
        last = row + 1 >= it.first_geometry + it.n_geometries
        end = min(high, it.length if last else roads.geometries[row + 1].s)
        if end < start:
            continue
        looks = looks_at(roads, row, end - start)
        for k in range(looks + 1):
            s = start + (end - start) * k / looks
            along, across, _ = beside(roads, road, x, y, s)
            distance = math.sqrt(along * along + across * across)
            if distance < least:
                best, least, below = s, distance, before
                is_next = True
            elif is_next and s > best:
                above = s
                is_next = False
            before = s
    if is_next:
        above = high
    s = foot(roads, road, x, y, best, below, above)
    along, across, _ = beside(roads, road, x, y, s)
    distance = math.sqrt(along * along + across * across)
    if distance > least + CLOSE_M:  # not by rounding
        return best, least
    return s, distance


@compiled
def looks_at(roads: Roads, row: int, length: float) -> int:
    """Return in how many parts a geometry is looked at: by what it turns at most."""
    g = roads.geometries[row]
    if g.n_samples > 0:
        return min(MOST_LOOKS, max(4, int(g.n_samples)))
    end = g.curvature + g.curvature_rate * g.length
    turning = max(abs(g.curvature), abs(end)) * length
    return 1 + min(MOST_LOOKS, int(turning / TURN_A_LOOK))


@compiled
def lateral(roads: Roads, road: int, s: float, across: float) -> float:
    """Return the t of what is so far across in the plane: superelevation shortens t there."""
    if roads.roads[road].is_plain:
        return across
    t = across
    for _ in range(MOST_ROUNDS):
        there, _, _, roll = section_turned(roads, road, s, t)
        step = (across - there) / max(0.1, math.cos(roll))
        t += step
        if abs(step) < EVEN_M:
            break
    return t
