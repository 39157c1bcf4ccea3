"""How bodies go while nothing acts on them: along a line or an arc, at their speed."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.plain import PLAIN
from treadle.engine.scenario.state import State


@compiled
def along(state: State, entity: int) -> tuple[float, float]:
    """Return the direction that a body goes in: that of its road, or its own off the roads."""
    body = state.bodies[entity]
    if body.road >= 0 and body.plain_curvature != 0.0:
        heading = body.plain_h + body.plain_curvature * body.s
        return body.facing * math.cos(heading), body.facing * math.sin(heading)
    if body.road < 0:
        return math.cos(body.h), math.sin(body.h)
    return float(body.facing * body.plain_cos), float(body.facing * body.plain_sin)


@compiled
def going(state: State, entity: int) -> tuple[float, float]:
    """Return a body's velocity [m/s]; on a road it stands, or knows the plain stretch it is on."""
    body = state.bodies[entity]
    if body.speed == 0.0:
        return 0.0, 0.0
    x, y = along(state, entity)
    return body.speed * x, body.speed * y


@compiled
def stretch(state: State, entity: int) -> float:
    """Return how much s grows for a way: more on the inner side of a bend."""
    body = state.bodies[entity]
    if body.road < 0 or body.speed == 0.0:
        return 1.0
    return float(1.0 / max(0.1, 1.0 - body.plain_curvature * body.t))


@compiled
def rate_of_turn(state: State, entity: int) -> float:
    """Return how fast a body that goes steadily turns [rad/s], without its sign."""
    body = state.bodies[entity]
    if body.road < 0 or body.speed == 0.0:
        return 0.0
    return float(abs(body.plain_curvature * body.speed) * stretch(state, entity))


@compiled
def on_plain(state: State, entity: int) -> bool:
    """Return whether a body is on a plain stretch that it knows (motion.know_stretch)."""
    body = state.bodies[entity]
    known = body.plain_road == body.road and body.plain_lane == body.lane and body.is_plain == PLAIN
    return bool(known and body.plain_low <= body.s <= body.plain_high)
