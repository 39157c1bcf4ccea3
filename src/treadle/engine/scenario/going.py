"""How bodies go while nothing acts on them: straight on, at their speed."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.scenario.state import State


@compiled
def along(state: State, entity: int) -> tuple[float, float]:
    """Return the direction that a body goes in: that of its road, or its own off the roads."""
    body = state.bodies[entity]
    if body.road < 0:
        return math.cos(body.h), math.sin(body.h)
    return float(body.facing * body.plain_cos), float(body.facing * body.plain_sin)


@compiled
def going(state: State, entity: int) -> tuple[float, float]:
    """Return a body's velocity [m/s]; on a road it stands, or is on a plain stretch."""
    body = state.bodies[entity]
    if body.speed == 0.0:
        return 0.0, 0.0
    x, y = along(state, entity)
    return body.speed * x, body.speed * y
