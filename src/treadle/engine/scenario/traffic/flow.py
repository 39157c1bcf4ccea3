"""Traffic comes and goes: what its actions began, step by step (section 6.10, classes Traffic*).

A traffic action is done at once (7.5.2: it assigns no control strategy); what it began goes on
until a TrafficStopAction of its name. Vehicles that come stand in the step's end as they are made.
"""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.positions.resolve import resolve
from treadle.engine.scenario.room import NO_RATE, NO_ROOM
from treadle.engine.scenario.shortage import run_short
from treadle.engine.scenario.state import FAILED, NO_POSITION, STEP_S, TIME_NOW, State
from treadle.engine.scenario.tables import (
    TRAFFIC_AREA,
    TRAFFIC_SINK,
    TRAFFIC_SOURCE,
    Program,
)
from treadle.engine.scenario.traffic.areas import is_inside, resolve_corners
from treadle.engine.scenario.traffic.making import first_slot, leave, make
from treadle.engine.scenario.traffic_tables import FEWEST_TRIES, MOST_TRIES

_NEAR = 1e-9  # [s]
_CENTRE = 0


@compiled
def begin_traffic(program: Program, state: State, a: int) -> bool:
    """Begin a traffic; its first vehicles come at once, in Init when all others are placed."""
    row = program.actions[a].traffic
    told = state.traffic[row]
    told.is_running, told.due = 1, state.clock[TIME_NOW]
    resolve_corners(program, state, row)
    if program.actions[a].element >= 0:
        go_on(program, state, row)
    return True


@compiled
def stop_traffic(program: Program, state: State, a: int) -> bool:
    """Stop all traffic of a name, or all there is; what it made stays and goes on."""
    name = program.actions[a].traffic
    for row in range(program.traffic.shape[0]):
        if name < 0 or name == program.traffic[row].name:
            state.traffic[row].is_running = 0
    return True


@compiled
def step_traffic(program: Program, state: State, dt: float) -> None:
    """Let traffic come and go at the end of a step; who came to the end of the lanes is gone."""
    for slot in range(first_slot(program), state.bodies.shape[0]):
        body = state.bodies[slot]
        if body.is_there and body.stopped_at_end:
            leave(state, slot)
    for row in range(program.traffic.shape[0]):
        if state.traffic[row].is_running:
            go_on(program, state, row)


@compiled
def go_on(program: Program, state: State, row: int) -> None:
    """Do what one traffic has to do now."""
    kind = program.traffic[row].kind
    if kind == TRAFFIC_SOURCE:
        feed(program, state, row)
    elif kind == TRAFFIC_SINK:
        drain(program, state, row)
    elif kind == TRAFFIC_AREA and not program.traffic[row].is_continuous:
        if not fill(program, state, row):
            run_short(state, NO_ROOM)
        state.traffic[row].is_running = 0
    else:
        keep_filled(program, state, row)


@compiled
def feed(program: Program, state: State, row: int) -> None:
    """Make what is due at a source: the first at once, then one each 1 / rate seconds.

    One for which there is no room waits, and the next comes that much later; where it waits so long
    that another one is due, the run says so.
    """
    rate = state.values[program.traffic[row].rate_slot]
    told, now = state.traffic[row], state.clock[TIME_NOW]
    while rate > 0.0 and told.due <= now + _NEAR:
        if not make(program, state, row, FEWEST_TRIES):
            if now - told.due > 1.0 / rate - _NEAR:
                run_short(state, NO_RATE)
            return
        count_on(state, row, rate)


@compiled
def count_on(state: State, row: int, rate: float) -> None:
    """Set when the next vehicle comes or goes: after one that was late, counted from now."""
    told, now = state.traffic[row], state.clock[TIME_NOW]
    is_late = now - told.due > state.clock[STEP_S] + _NEAR
    told.due = (now if is_late else told.due) + 1.0 / rate


@compiled
def drain(program: Program, state: State, row: int) -> None:
    """Take vehicles of traffic out at a sink, the nearest first, no two within 1 / rate seconds."""
    it, told = program.traffic[row], state.traffic[row]
    rate, radius = state.values[it.rate_slot], state.values[it.radius_slot]
    if rate <= 0.0 or told.due > state.clock[TIME_NOW] + _NEAR:
        return
    resolve(program, state, it.position, -1, _CENTRE)
    if not state.poses[_CENTRE].is_valid:
        state.clock[FAILED] = NO_POSITION
        return
    while told.due <= state.clock[TIME_NOW] + _NEAR:
        slot = nearest(program, state, row, radius)
        if slot < 0:
            return
        leave(state, slot)
        count_on(state, row, rate)


@compiled
def nearest(program: Program, state: State, row: int, radius: float) -> int:
    """Return the vehicle nearest to a sink of those that it takes; -1 where there is none."""
    it, centre = program.traffic[row], state.poses[_CENTRE]
    found, best = -1, radius * radius
    for slot in range(first_slot(program), state.bodies.shape[0]):
        body = state.bodies[slot]
        if not body.is_there or (it.only >= 0 and program.traffic[body.traffic].name != it.only):
            continue
        if it.categories >= 0 and (body.category < 0 or not (it.categories >> body.category) & 1):
            continue
        dx, dy = body.x - centre.x, body.y - centre.y
        if dx * dx + dy * dy <= best and (found < 0 or dx * dx + dy * dy < best):
            found, best = slot, dx * dx + dy * dy
    return found


@compiled
def keep_filled(program: Program, state: State, row: int) -> None:
    """Take out what has left a swarm or an area, and make others for it, as far as there is room.

    A swarm waits while its central object is not there.
    """
    central = program.traffic[row].entity
    if central >= 0 and not (state.bodies[central].is_there and state.bodies[central].is_placed):
        return
    for slot in range(first_slot(program), state.bodies.shape[0]):
        body = state.bodies[slot]
        if body.is_there and body.traffic == row and not is_inside(program, state, row, slot):
            leave(state, slot)
    fill(program, state, row)


@compiled
def fill(program: Program, state: State, row: int) -> bool:
    """Make vehicles until a swarm or an area has all of its; return whether it has."""
    number = state.values[program.traffic[row].number_slot]
    there = 0
    for slot in range(first_slot(program), state.bodies.shape[0]):
        there += 1 if state.bodies[slot].is_there and state.bodies[slot].traffic == row else 0
    told, now = state.traffic[row], state.clock[TIME_NOW]
    tries = MOST_TRIES if told.due == now else FEWEST_TRIES  # as it begins
    while there < number:
        if not make(program, state, row, tries):
            return False
        there += 1
    return True
