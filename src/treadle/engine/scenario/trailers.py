"""Trailers: they follow the hitch of what draws them (OpenSCENARIO XML 1.3, section 7.2.1.2).

The standard says where couplings are and which are joined, not how a trailer moves. Here it rolls:
its coupler is at the hitch, and its reference point, the axle, has no motion sideways, so over a
step it goes towards the hitch (the curve of a towed point, a tractrix, in steps). A trailer draws
the next one. Who is drawn moves by nothing else.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.surface import attitude_at
from treadle.engine.scenario.contacts import place_box, remember_box
from treadle.engine.scenario.place import find_on_road, forget_motion
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import Program

_NEAR = 1e-9


@compiled
def draw_on(program: Program, state: State, entity: int, dt: float) -> None:
    """Let all trailers behind a vehicle follow it.

    Parameters
    ----------
    dt : float  [s]
        The step that the vehicle has gone; 0: at once, as they are coupled just now.
    """
    lead = entity
    for _ in range(program.entities.shape[0]):
        trailer = int(state.bodies[lead].trailer)
        if trailer < 0 or trailer == entity:
            return
        body = state.bodies[trailer]
        x, y = hitch_of(program, state, lead)
        heading = state.bodies[lead].h
        if body.is_placed:
            coupler = state.values[program.entities[trailer].coupler_slot]
            heading = towards(body.x, body.y, body.h, x, y, coupler)
        stand_behind(program, state, lead, trailer, heading)
        roll_on(state, trailer, dt)
        lead = trailer


@compiled
def line_up(program: Program, state: State, entity: int, dt: float) -> None:
    """Set all trailers of a vehicle that was set down straight behind it."""
    lead = entity
    for _ in range(program.entities.shape[0]):
        trailer = int(state.bodies[lead].trailer)
        if trailer < 0 or trailer == entity:
            return
        stand_behind(program, state, lead, trailer, state.bodies[lead].h)
        state.bodies[trailer].speed = state.bodies[lead].speed
        roll_on(state, trailer, 0.0)
        lead = trailer


@compiled
def hitch_of(program: Program, state: State, lead: int) -> tuple[float, float]:
    """Return where the hitch of a vehicle is [m]."""
    body = state.bodies[lead]
    hitch = state.values[program.entities[lead].hitch_slot]
    return body.x + hitch * math.cos(body.h), body.y + hitch * math.sin(body.h)


@compiled
def stand_behind(program: Program, state: State, lead: int, trailer: int, heading: float) -> None:
    """Put a trailer with its coupler at the hitch; on a road it leans as the road does."""
    body = state.bodies[trailer]
    x, y = hitch_of(program, state, lead)
    coupler = state.values[program.entities[trailer].coupler_slot]
    body.x, body.y = x - coupler * math.cos(heading), y - coupler * math.sin(heading)
    body.h, body.z, body.p, body.r = heading, state.bodies[lead].z, 0.0, 0.0
    body.is_placed, body.moved, body.sideways = 1, 0, 0.0
    find_on_road(program, state, trailer)
    if body.road >= 0:
        z, _, p, r = attitude_at(program.roads, body.road, body.s, body.t, body.turn)
        body.z, body.p, body.r = z, p, r
    place_box(state, trailer)


@compiled
def roll_on(state: State, trailer: int, dt: float) -> None:
    """Note how a trailer moved over a step: its speed is along its heading."""
    body = state.bodies[trailer]
    if dt <= 0.0:
        forget_motion(state, trailer)
        remember_box(state, trailer)
        return
    dx, dy = body.x - body.last_x, body.y - body.last_y
    body.speed = (dx * math.cos(body.h) + dy * math.sin(body.h)) / dt
    body.acceleration = (body.speed - body.last_speed) / dt
    body.odometer += math.hypot(dx, dy)


@compiled
def towards(x: float, y: float, h: float, to_x: float, to_y: float, coupler: float) -> float:
    """Return the heading of who lies on a line to its hitch, ahead of it or (coupler < 0) behind.

    Over its own coupler it turns as it is.
    """
    dx, dy = to_x - x, to_y - y
    if abs(coupler) < _NEAR or dx * dx + dy * dy < _NEAR:
        return h
    return math.atan2(dy, dx) if coupler > 0.0 else math.atan2(-dy, -dx)
