"""A rear axle that is drawn behind the reference point, as esmini's refpoint_x_offset asks for.

By the standard the reference point is the rear axle (OpenSCENARIO XML 1.3, section 6.3.4), and
this module has nothing to do. Where a scenario says that the point is further ahead, that point is
what goes along lanes and trajectories, and the axle rolls behind it without motion sideways, as a
trailer's does (trailers.py): over a step it stays on its line to where the point was, and turns
towards where the point is. So the heading is that from the axle to the point, seen from above; on a
road the vehicle leans as the road does, which turns the heading that is seen a little.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.line import line_at
from treadle.engine.road.surface import attitude_at
from treadle.engine.scenario.place import set_axle, wrapped
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import Program

_NEAR = 1e-9


@compiled
def draw_axle(program: Program, state: State, entity: int) -> None:
    """Draw the axle behind a reference point that was moved; the vehicle looks from it there."""
    body = state.bodies[entity]
    if not body.is_placed:
        set_axle(state, entity)
        return
    dx, dy = body.x - body.axle_x, body.y - body.axle_y
    if dx * dx + dy * dy < _NEAR:
        return
    heading = math.atan2(dy, dx) if body.axle_behind > 0.0 else math.atan2(-dy, -dx)
    body.h = heading
    set_axle(state, entity)
    if body.road >= 0:
        _, _, direction, _ = line_at(program.roads, body.road, body.s)
        body.turn = wrapped(heading - direction)
        _, body.h, body.p, body.r = attitude_at(program.roads, body.road, body.s, body.t, body.turn)
