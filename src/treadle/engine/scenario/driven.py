"""Vehicles with a driver under test: it is asked, and what it says is done.

A driver is asked at the start of a step, with all where they are then; the speed that it makes is
that of the step's end, and the vehicle goes by it over the step, as the default motion does. What
the scenario's own actions ask of a driven vehicle's speed is the speed that its driver is set to.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.measuring.gathering import measure
from treadle.engine.measuring.tables import LOST
from treadle.engine.road.surface import attitude_at
from treadle.engine.routine import Family
from treadle.engine.scenario.place import drive, find_on_road, wrapped
from treadle.engine.scenario.routines import ASK, EXCHANGE, MEASURE, SHOW_DRIVERS
from treadle.engine.scenario.sensing import look_at_others, look_at_self
from treadle.engine.scenario.state import (
    BY_CONTACT,
    BY_STANDSTILL,
    DRIVER_FAILED,
    ENDED_BY,
    FAILED,
    SHOWN,
    STEP_NOW,
    STEP_S,
    State,
)
from treadle.engine.scenario.tables import ANSWERS_OUTSIDE, WATCHES, Program

ask = Family(ASK, [Program, State, int, float], type(None))
"""By kind of driver: (program, state, driver, dt): fill in its command."""
_STRAIGHT = 1e-9


@compiled
def begin_drivers(program: Program, state: State, driver: int, dt: float) -> None:
    """Let all drivers have said and kept nothing; those that drive from the start do."""
    for k in range(state.recalls.shape[0]):
        state.recalls[k] = 0.0
    for one in range(state.measures.shape[0]):
        for k in range(state.measures.shape[1]):
            state.measures[one, k] = math.nan
        state.measures[one, LOST] = 0.0
    for one in range(program.drivers.shape[0]):
        row, command = program.drivers[one], state.commands[one]
        command.acceleration, command.curvature, command.steers, command.risk = 0.0, 0.0, 0, 0
        if row.from_start:
            take_over(program, state, row.entity, 1, 1)


@compiled
def take_over(program: Program, state: State, entity: int, longitudinal: int, lateral: int) -> None:
    """Let an entity's driver have these domains: 1 yes, 0 no, -1 as it is."""
    body = state.bodies[entity]
    for driver in range(program.drivers.shape[0]):
        if program.drivers[driver].entity != entity or program.drivers[driver].kind == WATCHES:
            continue
        if longitudinal >= 0:
            if longitudinal and not body.driven_longitudinal:
                state.own[driver].set_speed = body.speed
            body.driven_longitudinal = longitudinal
        if lateral >= 0:
            body.driven_lateral = lateral


@compiled
def activate(program: Program, state: State, a: int) -> bool:
    """Activate or deactivate an entity's driver (ActivateControllerAction)."""
    action = program.actions[a]
    take_over(program, state, action.entity, action.longitudinal, action.lateral)
    return True


@compiled
def period_steps(program: Program, state: State, driver: int) -> int:
    """Return each how many steps a driver is asked."""
    return int(max(1, math.floor(program.drivers[driver].period / state.clock[STEP_S] + 0.5)))


@compiled
def ask_drivers(program: Program, state: State, driver: int, dt: float) -> None:
    """Show every driver whose turn it is what there is to see, and ask it; before a step begins."""
    ask(program, state, SHOW_DRIVERS, 0, dt)
    for one in range(program.drivers.shape[0]):
        kind = program.drivers[one].kind
        if kind not in (WATCHES, ANSWERS_OUTSIDE) and is_asked(program, state, one):
            ask(program, state, kind, one, dt)


@compiled
def is_asked(program: Program, state: State, driver: int) -> bool:
    """Return whether a driver is asked now: it drives, and its period begins."""
    body = state.bodies[program.drivers[driver].entity]
    if not (body.is_there and body.is_placed):
        return False
    if not (body.driven_longitudinal or body.driven_lateral):
        return False
    return int(state.clock[STEP_NOW]) % period_steps(program, state, driver) == 0


@compiled
def show_drivers(program: Program, state: State, driver: int, dt: float) -> None:
    """Fill in what all drivers see, once a step."""
    if state.clock[SHOWN] == state.clock[STEP_NOW] + 1.0:
        return
    state.clock[SHOWN] = state.clock[STEP_NOW] + 1.0
    for one in range(program.drivers.shape[0]):
        body = state.bodies[program.drivers[one].entity]
        if not (body.is_there and body.is_placed):
            continue
        if state.clock[STEP_NOW] == 0.0:
            state.own[one].set_speed = body.speed
        look_at_self(program, state, one, period_steps(program, state, one) * dt)
        look_at_others(program, state, one)
        if program.measuring.shape[0] > 0:
            ask(program, state, MEASURE, one, dt)


@compiled
def measure_driver(program: Program, state: State, driver: int, dt: float) -> None:
    """Take what a driver sees in this step into the measures of its run."""
    n = program.entities.shape[0]
    measure(
        state.own[driver],
        state.others[driver * n : (driver + 1) * n],
        program.measuring[0],
        state.measures[driver],
        dt,
    )


@compiled
def obey(program: Program, state: State, driver: int, dt: float) -> None:
    """Do what the drivers said, after all actions took their step."""
    for one in range(program.drivers.shape[0]):
        entity, command = program.drivers[one].entity, state.commands[one]
        body = state.bodies[entity]
        if not (body.is_there and body.is_placed):
            continue
        steers = body.driven_lateral and command.steers
        if not math.isfinite(command.acceleration + (command.curvature if steers else 0.0)):
            state.clock[FAILED] = DRIVER_FAILED
            return
        if body.driven_longitudinal:
            if body.model:
                drive(program, state, EXCHANGE, entity, dt)
            set_pace(state, one, entity, command.acceleration, dt)
            if body.model:
                drive(program, state, EXCHANGE, entity, dt)
        if steers and not body.model:  # a model turns its wheels after the command itself
            go_round(program, state, entity, command.curvature, dt)


@compiled
def note_end(program: Program, state: State, driver: int, dt: float) -> None:
    """Note whether what a driver did ends the run: a touch, or standing still for long enough."""
    for one in range(program.drivers.shape[0]):
        row = program.drivers[one]
        body = state.bodies[row.entity]
        if row.ends_by_contact and body.touched != 0:
            state.clock[ENDED_BY] = BY_CONTACT
        elif body.standing >= row.standstill and state.clock[ENDED_BY] == 0.0:
            state.clock[ENDED_BY] = BY_STANDSTILL


@compiled
def set_pace(state: State, driver: int, entity: int, acceleration: float, dt: float) -> None:
    """Give a body the speed of the step's end, by what it was told and what it can do.

    An action that the scenario has for it tells the speed that it shall be set to.
    """
    body, own = state.bodies[entity], state.own[driver]
    if body.longitudinal >= 0:
        own.set_speed = body.speed
    within = min(max(acceleration, -own.max_deceleration), own.max_acceleration)
    body.speed = max(0.0, body.last_speed + within * dt)


@compiled
def go_round(program: Program, state: State, entity: int, curvature: float, dt: float) -> None:
    """Move a body along an arc by a step; its road coordinates follow."""
    body = state.bodies[entity]
    way = body.speed * dt
    turned = curvature * way
    if abs(turned) < _STRAIGHT:
        along, across = way, 0.5 * way * turned
    else:
        along, across = math.sin(turned) / curvature, (1.0 - math.cos(turned)) / curvature
    cosine, sine = math.cos(body.h), math.sin(body.h)
    body.x += cosine * along - sine * across
    body.y += sine * along + cosine * across
    body.h = wrapped(body.h + turned)
    find_on_road(program, state, entity)
    if body.road >= 0:
        body.z, _, body.p, body.r = attitude_at(program.roads, body.road, body.s, body.t, body.turn)
    body.moved = 1
