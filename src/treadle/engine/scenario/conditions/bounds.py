"""What a distance surely is, from reference points and the sizes of boxes: cheap, and often enough.

A condition only compares. Where the threshold is not between the bounds, the distance itself does
not have to be measured (conditions/distances.py), and the answer is the same.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.scenario.conditions.compare import compare
from treadle.engine.scenario.going import on_plain
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import (
    EUCLIDEAN,
    LANE_SYSTEM,
    LATERAL,
    ROAD_SYSTEM,
    Program,
)

SPARE = 1e-5
"""Thresholds so near to a bound are not settled by it: more than all rounding, and than NEAR."""
_LEAST_SHRINK = 0.5


@compiled
def reach(state: State, entity: int) -> float:
    """Return how far an entity's box reaches at most from its reference point [m]."""
    body = state.bodies[entity]
    return float(body.radius + abs(body.centre_x) + abs(body.centre_y))


@compiled
def reach_along(state: State, entity: int) -> float:
    """Return how far a box reaches at most along the road from its s [m]; infinite: not known.

    On a line or arc that covers all of the box: who is a way d from a place at offset t has its
    foot at most d / (1 - k t) away, with the t on the way between that is nearest to the centre of
    the arc.
    """
    if not on_plain(state, entity):
        return math.inf
    body, far = state.bodies[entity], reach(state, entity)
    shrink = 1.0 - body.plain_curvature * body.t - abs(body.plain_curvature) * far
    if shrink < _LEAST_SHRINK:
        return math.inf
    far /= min(1.0, shrink)
    if body.s - far < body.plain_low or body.s + far > body.plain_high:
        return math.inf
    return float(far)


@compiled
def bounds(
    program: Program, state: State, row: int, member: int, other: int
) -> tuple[float, float, float]:
    """Return what the size of a distance is between [m], and the sign that it has if it is not 0.

    From minus infinity to infinity where that takes measuring; only of two entities' boxes.
    """
    condition = program.conditions[row]
    unknown = (-math.inf, math.inf, 1.0)
    if other < 0 or not condition.freespace:
        return unknown
    a, b = state.bodies[member], state.bodies[other]
    if condition.distance_type == EUCLIDEAN:
        flat, around = math.hypot(b.x - a.x, b.y - a.y), reach(state, member) + reach(state, other)
        height = abs(b.z - a.z) + abs(a.low) + abs(a.high) + abs(b.low) + abs(b.high)
        return max(0.0, flat - around), flat + around + height, 1.0
    if condition.system not in (ROAD_SYSTEM, LANE_SYSTEM) or a.road < 0 or a.road != b.road:
        return unknown
    own, its = reach_along(state, member), reach_along(state, other)
    if not math.isfinite(own + its):
        return unknown
    if condition.distance_type == LATERAL:
        between = (b.t - a.t) * a.facing
        around = reach(state, member) + reach(state, other)
        return max(0.0, abs(between) - around), abs(between) + around, math.copysign(1.0, between)
    between, around, longer = (b.s - a.s) * a.facing, own + its, 1.0
    if condition.system == LANE_SYSTEM:
        if b.s - its < a.plain_low or b.s + its > a.plain_high:
            return unknown
        longer = abs(1.0 - a.plain_curvature * a.plain_t)
    low, high = longer * max(0.0, abs(between) - around), longer * (abs(between) + around)
    return low, high, math.copysign(1.0, between)


@compiled
def settled(low: float, high: float, rule: int, wanted: float) -> tuple[bool, bool]:
    """Return whether bounds settle how a value compares, and if so whether it does as wanted."""
    if wanted < low - SPARE:
        return True, compare(low, rule, wanted)
    if wanted > high + SPARE:
        return True, compare(high, rule, wanted)
    return False, False
