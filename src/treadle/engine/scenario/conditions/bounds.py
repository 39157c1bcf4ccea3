"""What a distance surely is, from reference points and the sizes of boxes: cheap, and often enough.

A condition only compares. Where the threshold is not between the bounds, the distance itself does
not have to be measured (conditions/distances.py), and the answer is the same.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.scenario.conditions.compare import compare
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
def reach_along(program: Program, state: State, entity: int) -> float:
    """Return how far a box reaches at most along the road from its s [m]; infinite: not known.

    Its corners are d or less from a place at offset t. Their feet are where f(s), the part of the
    way from the line to the corner that goes along the line, is 0. At the place itself it is d or
    less; it falls by 1 - k (|t| + 2 d) or more a metre, where the line bends by k at most and that
    is a half or more (so no foot is farther than 2 d, and no place of the line between is farther
    aside than |t| + 2 d); and where two geometries miss each other it grows by that.
    """
    body, far = state.bodies[entity], reach(state, entity)
    it = program.roads.roads[body.road]
    aside = abs(body.t) + 2.0 * far
    shrink = 1.0 - it.bend * aside
    if not shrink >= _LEAST_SHRINK:
        return math.inf
    return float((far + it.uneven + it.kinks * aside) / shrink)


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
    if other == member:
        return 0.0, 0.0, 1.0
    own, its = reach_along(program, state, member), reach_along(program, state, other)
    if not math.isfinite(own + its):
        return unknown
    if condition.distance_type == LATERAL:
        between, around = (b.t - a.t) * a.facing, own + its
        return max(0.0, abs(between) - around), abs(between) + around, math.copysign(1.0, between)
    between, around, least, most = (b.s - a.s) * a.facing, own + its, 1.0, 1.0
    if condition.system == LANE_SYSTEM:  # a metre along the line is so much along any lane
        it = program.roads.roads[a.road]
        least = max(0.0, 1.0 - it.bend * it.widest)
        most = math.hypot(1.0 + it.bend * it.widest, it.slant)
    low, high = least * max(0.0, abs(between) - around), most * (abs(between) + around)
    return low, high, math.copysign(1.0, between)


@compiled
def settled(low: float, high: float, rule: int, wanted: float) -> tuple[bool, bool]:
    """Return whether bounds settle how a value compares, and if so whether it does as wanted."""
    if wanted < low - SPARE:
        return True, compare(low, rule, wanted)
    if wanted > high + SPARE:
        return True, compare(high, rule, wanted)
    return False, False
