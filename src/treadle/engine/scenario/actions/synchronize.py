"""SynchronizeAction: at its place when the master is at its own (OpenSCENARIO XML 1.3, 7.4.1.3).

The standard says where, when and how fast the actor arrives, not how it gets there. Here the
acceleration is constant, in as few phases as arrive in time:

* one: it arrives at constant acceleration with the final speed;
* two: faster first and then slower (rush), or the other way round (linger), with accelerations of
  one size;
* three, where lingering would mean going back: to a stop, waiting, and on.

The plan is made anew at each step, on the ways that are left, so the master may do what it likes.
An action that begins with the simulation has no motion before it: at time 0 the speed that the
actor was given is but where it begins, and one that stands has none yet in the first step either
(files say "time greater than 0"). Where such an actor has to hurry it is at once as fast as one
phase needs; who moves already goes on from its speed.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.scenario.actions.distance_way import forget_ways, way_to
from treadle.engine.scenario.actions.longitudinal_limits import (
    top_speed,
    within,
)
from treadle.engine.scenario.state import FAILED, NO_POSITION, STEP_NOW, State
from treadle.engine.scenario.tables import (
    ABSOLUTE_FINAL,
    NO_FINAL,
    NO_STEADY,
    STEADY_TIME,
    Program,
)

OPEN, ONE_PHASE, STEADY, SETTING_OUT = range(4)
"""Phases of a plan: still to be chosen, constant acceleration to the end, steady state; to be
chosen by who has no motion yet, or waits."""
_NEAR = 1e-6
_OWN, _MASTERS = 5, 4
"""Rows of State.poses that the positions are resolved into."""
_RELIABLE = 0.2


@compiled
def final_speed(program: Program, state: State, a: int) -> float:
    """Return the speed at arrival [m/s]; relative ones follow the master's."""
    action = program.actions[a]
    value = float(state.values[action.final_slot])
    if action.final_kind == ABSOLUTE_FINAL:
        return abs(value)
    master = abs(float(state.bodies[action.reference].speed))
    return max(0.0, master * value if action.is_factor else master + value)


@compiled
def begin_synchronize(program: Program, state: State, a: int) -> bool:
    """Begin: find out how far both have to go."""
    action, it = program.actions[a], state.actions[a]
    forget_ways(state, a)
    own, found = way_to(program, state, a, action.entity, action.position, _OWN)
    masters, known = way_to(program, state, a, action.reference, action.master_position, _MASTERS)
    if not (found and known):
        state.clock[FAILED] = NO_POSITION
        return True
    it.at = 1 if own >= 0.0 else -1
    it.a, it.b = abs(own), abs(masters)
    it.c, it.d = 1.0, 0.0
    it.phase = OPEN
    it.elapsed = 0.0
    if action.final_kind != NO_FINAL and sets_out(state, action.entity):
        it.phase = SETTING_OUT
    return False


@compiled
def sets_out(state: State, entity: int) -> bool:
    """Return whether an entity has no motion before what begins now."""
    now = state.clock[STEP_NOW]
    return bool(now == 0.0 or (now <= 1.0 and state.bodies[entity].speed == 0.0))


@compiled
def proceed_synchronize(program: Program, state: State, a: int, dt: float) -> bool:
    """Set the speed at the end of a step; done when one of both is there, or has passed.

    Remembered are both ways left (a: the actor's, b: the master's), what the actor's shrinks by
    per metre driven (c), and whether the master has been seen to move (d: its speed along its
    way).
    """
    action, it = program.actions[a], state.actions[a]
    body, master = state.bodies[action.entity], state.bodies[action.reference]
    own, _ = way_to(program, state, a, action.entity, action.position, _OWN)
    masters, _ = way_to(program, state, a, action.reference, action.master_position, _MASTERS)
    own, masters = abs(own), abs(masters)
    if it.elapsed == 0.0:  # who sets out on a trajectory now is measured anew
        it.a, it.b = own, masters
    is_over = is_there(program, state, a, own, masters)
    driven = abs(body.speed) * dt
    if it.elapsed > 0.0 and driven > _NEAR and own < it.a:
        it.c = (it.a - own) / driven
        if it.c < _RELIABLE or it.c > 1.0 / _RELIABLE:
            it.c = 1.0
    closing = abs(float(master.speed))
    if it.elapsed > 0.0 and closing > _NEAR and masters < it.b:
        ratio = (it.b - masters) / (closing * dt)
        if _RELIABLE < ratio < 1.0 / _RELIABLE:
            closing *= ratio
    it.a, it.b = own, masters
    it.elapsed += dt
    own = max(0.0, own - float(state.values[action.tolerance_slot]))
    masters = max(0.0, masters - float(state.values[action.master_tolerance_slot]))
    time = masters / closing if closing > _NEAR else math.inf
    if is_over or time < dt:
        if action.final_kind != NO_FINAL:
            body.speed = it.at * final_speed(program, state, a)
        return True
    wanted = planned(program, state, a, own, time, dt)
    body.speed = within(it.at * wanted / it.c, top_speed(program, state, a))
    return False


@compiled
def is_there(program: Program, state: State, a: int, own: float, masters: float) -> bool:
    """Return whether one of both is within its tolerance, or its way grows again."""
    action, it = program.actions[a], state.actions[a]
    if own <= state.values[action.tolerance_slot] + _NEAR:
        return True
    if masters <= state.values[action.master_tolerance_slot] + _NEAR:
        return True
    return bool(own > it.a + _NEAR or masters > it.b + _NEAR)


@compiled
def planned(program: Program, state: State, a: int, own: float, time: float, dt: float) -> float:
    """Return the speed along the way for this step [m/s].

    The vehicle's largest acceleration does not limit it: the action says when to be there.
    """
    action, it = program.actions[a], state.actions[a]
    speed = it.at * float(state.bodies[action.entity].speed) * it.c
    if action.final_kind == NO_FINAL:
        if not math.isfinite(time):
            return 0.0
        return float(max(0.0, speed + 2.0 * (own / time - speed) / time * dt))
    final = final_speed(program, state, a)
    if action.steady_kind != NO_STEADY and it.phase != STEADY:
        steady = float(state.values[action.steady_slot])
        if action.steady_kind == STEADY_TIME:
            lasts, way = steady, steady * final
        else:
            lasts, way = (steady / final if final > 0.0 else 0.0), steady
        if own - way < _NEAR or time - lasts < _NEAR:
            it.phase = STEADY
        own, time = own - way, time - lasts
    if it.phase == STEADY:
        return final
    wanted, it.phase = next_speed(int(it.phase), own, time, speed, final, dt)
    return wanted


@compiled
def next_speed(
    phase: int, own: float, time: float, speed: float, final: float, dt: float
) -> tuple[float, int]:
    """Return the speed of a plan one step on, and the phase it is in.

    Parameters
    ----------
    own [m]
        The way left.
    time [s]
        The time left; infinite while the master stands.
    speed, final [m/s]
        The present speed, and that at the end of the way.
    """
    if not math.isfinite(time):
        return (0.0 if phase == ONE_PHASE else halted(own, speed, final, dt)), phase
    straight = 2.0 * own / time - final  # the speed now from which one phase arrives
    if phase == ONE_PHASE or (phase == SETTING_OUT and straight > speed):
        return max(0.0, straight), ONE_PHASE
    # two phases: s = (v0 + vx) x / 2 + (vx + v1) (t - x) / 2, (vx - v0) / x = (vx - v1) / (t - x)
    middle = own / time
    spread = math.sqrt((middle - 0.5 * (speed + final)) ** 2 + 0.25 * (speed - final) ** 2)
    turning = middle + spread if straight > speed else middle - spread
    if turning < 0.0:
        if speed > 0.0:
            return halted(own, speed, final, dt), OPEN
        if straight < 0.0:
            return 0.0, SETTING_OUT
        return straight, ONE_PHASE
    rise, fall = turning - speed, turning - final
    first = time * rise / (rise + fall) if rise + fall != 0.0 else 0.0
    if first <= dt:
        return max(0.0, straight), ONE_PHASE
    return speed + rise / first * dt, OPEN


@compiled
def halted(own: float, speed: float, final: float, dt: float) -> float:
    """Return the speed on the way to a stop [m/s], with the acceleration of both ways."""
    if speed <= 0.0 or own <= 0.0:
        return 0.0
    return max(0.0, speed - 0.5 * (speed * speed + final * final) / own * dt)
