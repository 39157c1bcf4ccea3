"""Leaps over steps in which nothing happens, so that they need not be taken one by one.

While no action runs, nothing fires and all go along a line or an arc at a steady speed, the state
some steps ahead is known at once. How many steps that holds is told from below: until somebody
leaves a plain stretch of road, until two boxes may touch, until a condition that is waited for may
change. The steps right before and after anything happens are taken as always, so triggers act at
the same step; places differ from those of single steps by rounding alone.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.plain import PLAIN
from treadle.engine.routine import routine
from treadle.engine.scenario.calm import BENT_S, trigger_calm
from treadle.engine.scenario.contacts import coupled, place_box, remember_box
from treadle.engine.scenario.going import along, going, rate_of_turn, stretch
from treadle.engine.scenario.motion import know_stretch, stand_on_plain
from treadle.engine.scenario.routines import place_of
from treadle.engine.scenario.state import STEP_NOW, TIME_NOW, State
from treadle.engine.scenario.tables import RANDOM_ROUTE, RUNNING, TRAFFIC_SOURCE, Program

FEWEST = 3
"""A leap over fewer steps is not worth it."""
_SAFE = 1e-6  # [m]
_SAME = 1e-12


@routine(place_of("leaping.leap"))
def leap(program: Program, state: State, dt: float, most: int) -> int:
    """Leap over steps, at most so many; return over how many, 0 where none can be told ahead."""
    steps = traffic_calm(program, state, dt, actions_calm(program, state, float(most)))
    if steps >= FEWEST:
        steps = bodies_calm(program, state, dt, steps)
    if steps >= FEWEST:
        steps = contacts_calm(program, state, dt, steps)
    if steps >= FEWEST and program.stop_trigger >= 0:
        steps = trigger_calm(program, state, program.stop_trigger, dt, steps)
    for k in range(state.n_waiting[0]):
        if steps < FEWEST:
            return 0
        row = state.waiting[k]
        element = program.elements[row]
        is_running = state.elements[row].state == RUNNING
        trigger = element.stop_trigger if is_running else element.start_trigger
        if trigger < 0:
            return 0
        steps = trigger_calm(program, state, trigger, dt, steps)
    if steps < FEWEST:
        return 0
    take_leap(program, state, dt, int(steps))
    return int(steps)


@compiled
def actions_calm(program: Program, state: State, most: float) -> float:
    """Return how many steps no action acts: those that may end are not leapt over."""
    for a in range(program.actions.shape[0]):
        if state.actions[a].is_running and program.actions[a].kind != RANDOM_ROUTE:
            return 0.0
    return most


@compiled
def traffic_calm(program: Program, state: State, dt: float, most: float) -> float:
    """Return how many steps no vehicle of traffic comes or goes: a source tells when one is due.

    What ends on a road is on no plain stretch any more before (bodies_calm).
    """
    steps = most
    for row in range(program.traffic.shape[0]):
        told, it = state.traffic[row], program.traffic[row]
        if not told.is_running:
            continue
        if it.kind != TRAFFIC_SOURCE:
            return 0.0
        if state.values[it.rate_slot] > 0.0:
            steps = min(steps, math.floor((told.due - state.clock[TIME_NOW]) / dt) - 1.0)
    return max(0.0, steps)


@compiled
def bodies_calm(program: Program, state: State, dt: float, most: float) -> float:
    """Return how many steps all bodies go on steadily, on plain stretches or free."""
    steps = most
    for entity in range(program.entities.shape[0]):
        body = state.bodies[entity]
        if not (body.is_there and body.is_placed):
            continue
        if body.longitudinal >= 0 or body.lateral >= 0 or body.trailer >= 0 or body.tractor >= 0:
            return 0.0
        if body.stopped_at_end or body.acceleration != 0.0 or body.axle_behind != 0.0:
            return 0.0
        if body.road < 0 or body.speed == 0.0:
            continue
        if know_stretch(program, state, entity) != PLAIN:
            return 0.0
        ahead = body.facing * body.speed
        room = body.plain_high - body.s if ahead > 0.0 else body.s - body.plain_low
        steps = min(steps, math.floor((room - _SAFE) / (abs(ahead) * dt * stretch(state, entity))))
        if body.plain_curvature != 0.0:
            steps = min(steps, math.floor(BENT_S / dt))
    return steps


@compiled
def contacts_calm(program: Program, state: State, dt: float, most: float) -> float:
    """Return how many steps no pair of boxes may begin to touch."""
    steps = most
    n = program.entities.shape[0]
    for i in range(n):
        a = state.bodies[i]
        if not (a.is_there and a.is_placed) or a.half_length <= 0.0:
            continue
        for j in range(i + 1, n):
            b = state.bodies[j]
            if not (b.is_there and b.is_placed) or b.half_length <= 0.0 or coupled(state, i, j):
                continue
            steps = min(steps, pair_calm(state, i, j, dt))
            if steps < FEWEST:
                return 0.0
    return steps


@compiled
def pair_calm(state: State, i: int, j: int, dt: float) -> float:
    """Return how many steps two boxes cannot touch."""
    a, b = state.bodies[i], state.bodies[j]
    ax, ay = going(state, i)
    bx, by = going(state, j)
    vx, vy = bx - ax, by - ay
    turning = rate_of_turn(state, i) + rate_of_turn(state, j) > 0.0
    rate = (abs(a.speed) + abs(b.speed) if turning else math.hypot(vx, vy)) * dt
    dx, dy = b.box_x - a.box_x, b.box_y - a.box_y
    gap = math.hypot(dx, dy) - a.radius - b.radius
    if gap > 0.0:
        if rate <= _SAME:
            return math.inf
        away = dx * vx + dy * vy >= 0.0 and not turning
        if gap > rate or away:
            return math.inf if away else math.floor((gap - _SAFE) / rate)
    cosine, sine = math.cos(a.h), math.sin(a.h)
    if turning or abs(math.sin(a.h - b.h)) > _SAME:
        return 0.0
    # boxes side by side or one behind the other: apart along an axis on which neither comes nearer
    beside = abs(dy * cosine - dx * sine) - a.half_width - b.half_width
    if beside > _SAFE and abs(vy * cosine - vx * sine) * dt <= _SAME:
        return math.inf
    between = dx * cosine + dy * sine
    nearing = -math.copysign(1.0, between) * (vx * cosine + vy * sine) * dt
    behind = abs(between) - a.half_length - b.half_length
    if behind <= _SAFE:
        return 0.0
    return math.inf if nearing <= _SAME else math.floor((behind - _SAFE) / nearing)


@compiled
def take_leap(program: Program, state: State, dt: float, steps: int) -> None:
    """Set everything to what it is after so many steps of the same."""
    before = int(state.clock[STEP_NOW])
    now = before + steps
    state.clock[STEP_NOW] = float(now)
    state.clock[TIME_NOW] = now * dt
    for entity in range(program.entities.shape[0]):
        body = state.bodies[entity]
        if not (body.is_there and body.is_placed):
            continue
        if body.standing >= 0.0:
            body.standing += steps * dt
        if body.speed != 0.0:
            body.odometer += abs(body.speed) * steps * dt
            go(state, entity, (steps - 1) * dt)
            body.last_x, body.last_y, body.last_z = body.x, body.y, body.z
            body.last_h = body.h
            remember_after(state, entity)
            go(state, entity, dt)
        body.last_speed = body.speed
        place_box(state, entity)
        if body.speed == 0.0:
            remember_box(state, entity)
    for m in range(state.memories.shape[0]):
        if state.memories[m].seen == before:
            state.memories[m].seen = now - 1


@compiled
def go(state: State, entity: int, time: float) -> None:
    """Move a body steadily on for a time."""
    body = state.bodies[entity]
    if body.road < 0:
        x, y = along(state, entity)
        body.x += body.speed * x * time
        body.y += body.speed * y * time
        return
    body.s += body.facing * body.speed * time * stretch(state, entity)
    stand_on_plain(state, entity)


@compiled
def remember_after(state: State, entity: int) -> None:
    """Let a body's box have come from where the body is now."""
    place_box(state, entity)
    remember_box(state, entity)
