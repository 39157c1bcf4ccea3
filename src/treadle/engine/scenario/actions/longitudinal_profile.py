"""SpeedProfileAction: speeds at times (OpenSCENARIO XML 1.3, section 7.4.1.3, since 1.2).

The entries make a polygon of speed over time. `position` keeps to it exactly. `follow` keeps to
what DynamicConstraints allow: first the acceleration of the first side is reached with the
largest jerk, then every corner is rounded by a parabola that touches both sides; one single side
becomes ramp, plateau and ramp that end on time. Where that does not fit, or a side is steeper
than allowed, the polygon is approached as fast as the limits let it be: late, but within them.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.scenario.actions.longitudinal_limits import (
    approach,
    falling_jerk,
    rising_jerk,
    top_rate,
    top_speed,
    within,
)
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import FOLLOW, Program

_EXACT, _LINES, _SINGLE, _BEHIND = range(4)
_NEAR = 1e-9


@compiled
def entry_speed(program: Program, state: State, a: int, k: int) -> float:
    """Return the speed of an entry [m/s]; relative to an entity it adds to that one's."""
    action = program.actions[a]
    speed = float(state.values[program.entries[action.first_entry + k].speed_slot])
    return within(speed + state.actions[a].from_rate, top_speed(program, state, a))


@compiled
def entry_time(program: Program, state: State, a: int, k: int, before: float) -> float:
    """Return how long an entry takes from the one before it [s]; where not told, the least."""
    action = program.actions[a]
    slot = program.entries[action.first_entry + k].time_slot
    if slot >= 0:
        return max(0.0, float(state.values[slot]))
    after = entry_speed(program, state, a, k)
    if after == before:
        return 0.0
    return abs(after - before) / top_rate(program, state, a, before, after)


@compiled
def begin_profile(program: Program, state: State, a: int) -> bool:
    """Begin a profile: its first side leads from the present speed to the first entry.

    Remembered are the side's start (a: time, from_value: speed) and end (duration, to_value),
    and which entry that is (at).
    """
    action, it = program.actions[a], state.actions[a]
    body = state.bodies[action.entity]
    it.from_rate = state.bodies[action.reference].speed if action.reference >= 0 else 0.0
    it.elapsed, it.a, it.at = 0.0, 0.0, -1
    it.to_value, it.duration = body.speed, 0.0
    it.phase = _EXACT
    if action.n_entries == 0:
        return True
    next_side(program, state, a)
    if action.following == FOLLOW:
        if it.duration == 0.0 and action.n_entries > 1:
            it.to_value = body.speed  # the first entry at time 0: the present speed stands for it
            next_side(program, state, a)
        begin_following(program, state, a)
    return False


@compiled
def next_side(program: Program, state: State, a: int) -> None:
    """Go on to the side that leads to the next entry."""
    it = state.actions[a]
    it.at += 1
    it.from_value, it.a = it.to_value, it.duration
    it.to_value = entry_speed(program, state, a, it.at)
    it.duration = it.a + entry_time(program, state, a, it.at, it.from_value)


@compiled
def slope(state: State, a: int) -> float:
    """Return the acceleration of the present side [m/s2]."""
    it = state.actions[a]
    lasts = it.duration - it.a
    return float((it.to_value - it.from_value) / lasts) if lasts > 0.0 else 0.0


@compiled
def on_polygon(program: Program, state: State, a: int) -> tuple[float, bool]:
    """Return the polygon's speed at the present time [m/s], and whether it has ended."""
    action, it = program.actions[a], state.actions[a]
    while it.elapsed >= it.duration - _NEAR:
        if it.at + 1 >= action.n_entries:
            return float(it.to_value), True
        next_side(program, state, a)
    return float(it.from_value + slope(state, a) * (it.elapsed - it.a)), False


@compiled
def proceed_profile(program: Program, state: State, a: int, dt: float) -> bool:
    """Set the speed at the end of a step; done after the last entry."""
    it = state.actions[a]
    body = state.bodies[program.actions[a].entity]
    it.elapsed += dt
    if it.phase == _LINES:
        return proceed_lines(program, state, a)
    if it.phase == _SINGLE:
        return proceed_single(program, state, a)
    wanted, is_over = on_polygon(program, state, a)
    if it.phase == _EXACT:
        body.speed = wanted
        return is_over
    body.speed = approach(program, state, a, body.speed, wanted, dt)
    return is_over and abs(body.speed - wanted) <= _NEAR


@compiled
def begin_following(program: Program, state: State, a: int) -> None:
    """Begin to follow: reach the first side's acceleration, or plan the only side there is."""
    action, it = program.actions[a], state.actions[a]
    body = state.bodies[action.entity]
    steep = slope(state, a)
    if it.at + 1 >= action.n_entries:
        plan_single(program, state, a)
        return
    if not allows(program, state, a, steep, float(it.to_value)):
        it.phase = _BEHIND
        return
    it.phase = _LINES
    change = steep - body.acceleration
    jerk = rising_jerk(program, state, a) if change > 0.0 else -falling_jerk(program, state, a)
    lasts = change / jerk if change != 0.0 else 0.0
    # the line that the speed is on: from (b, c), with acceleration d; before b it is a parabola
    it.b = it.elapsed + lasts
    it.c = body.speed + 0.5 * (body.acceleration + steep) * lasts
    it.d = steep


@compiled
def allows(program: Program, state: State, a: int, steep: float, after: float) -> bool:
    """Return whether an acceleration towards a speed is within the limits."""
    speed = float(state.actions[a].from_value)
    return abs(steep) <= top_rate(program, state, a, speed, after) + _NEAR


@compiled
def slope_after(program: Program, state: State, a: int) -> float:
    """Return the acceleration of the side after the present one [m/s2]; 0 after the last one."""
    it = state.actions[a]
    if it.at + 1 >= program.actions[a].n_entries:
        return 0.0
    after = entry_speed(program, state, a, it.at + 1)
    lasts = entry_time(program, state, a, it.at + 1, it.to_value)
    return float((after - it.to_value) / lasts) if lasts > 0.0 else 0.0


@compiled
def proceed_lines(program: Program, state: State, a: int) -> bool:
    """Set the speed on a line, on the parabola towards it, or on that into the next line."""
    it = state.actions[a]
    body = state.bodies[program.actions[a].entity]
    now, end_speed = float(it.elapsed), float(it.to_value)
    body.speed = it.c + it.d * (now - it.b)
    if now < it.b:  # towards the line: the parabola that touches it at b
        rises = it.d > body.acceleration
        jerk = rising_jerk(program, state, a) if rises else -falling_jerk(program, state, a)
        body.speed += 0.5 * jerk * (it.b - now) * (it.b - now)
        return False
    is_last = it.at + 1 >= program.actions[a].n_entries
    following = slope_after(program, state, a)
    change = following - it.d
    if abs(change) < _NEAR:  # the same acceleration goes on
        if now >= it.duration - _NEAR and not is_last:
            next_side(program, state, a)
        return bool(is_last and now >= it.duration - _NEAR)
    jerk = rising_jerk(program, state, a) if change > 0.0 else falling_jerk(program, state, a)
    half = 0.5 * abs(change) / jerk
    # where both lines meet: c + d (t - b) = end_speed + following (t - end)
    meet = (it.c - it.d * it.b - end_speed + following * it.duration) / change
    since = now - (meet - half)
    if meet - half < it.b - _NEAR:
        it.phase = _BEHIND
    elif since >= 2.0 * half:
        it.b, it.d = meet + half, following
        it.c = end_speed + following * (it.b - it.duration)
        body.speed = it.c + it.d * (now - it.b)
        if is_last:
            body.speed = end_speed
            return True
        next_side(program, state, a)
        if not allows(program, state, a, following, float(it.to_value)):
            it.phase = _BEHIND
    elif since > 0.0:
        body.speed += 0.5 * math.copysign(jerk, change) * since * since
    return False


@compiled
def plan_single(program: Program, state: State, a: int) -> None:
    """Plan ramp, plateau and ramp: the plateau's acceleration makes the end come on time.

    With jerks j (in) and i (out), start acceleration a0, change dv and time T, the area under the
    acceleration is k (T + a0 / j) - a0^2 / 2 j - k^2 (1 / 2 j + 1 / 2 i) = dv. Without a solution
    the time is too short: no plateau; beyond the limit k is the limit. Both end later.
    """
    it = state.actions[a]
    body = state.bodies[program.actions[a].entity]
    it.phase = _SINGLE
    way = float(it.to_value - body.speed)
    sign = 1.0 if way >= 0.0 else -1.0
    into, out = rising_jerk(program, state, a), falling_jerk(program, state, a)
    if sign < 0.0:
        into, out = out, into
    start = sign * float(body.acceleration)
    lasts = float(it.duration - it.elapsed)
    bend = 0.5 / into + 0.5 / out
    area = sign * way + 0.5 * start * start / into
    room = lasts + start / into
    root = room * room - 4.0 * bend * area
    top = math.sqrt(area / bend) if root < 0.0 else 2.0 * area / (room + math.sqrt(root))
    top = min(top, top_rate(program, state, a, body.speed, it.to_value))
    if not math.isfinite(top):  # at once: nothing limits it
        it.phase = _EXACT
        return
    # a, b: end of the first ramp, start of the last one; c: speed at the end of the first; d: top
    first = max(0.0, top - start) / into
    rise = 0.5 * (start + top) * first
    last = top / out
    middle = max(0.0, sign * way - rise - 0.5 * top * last) / top if top > 0.0 else 0.0
    it.a = it.elapsed + first
    it.b = it.a + middle
    it.c = body.speed + sign * rise
    it.d = sign * top
    it.duration = it.b + last


@compiled
def proceed_single(program: Program, state: State, a: int) -> bool:
    """Set the speed on ramp, plateau or ramp; done at the end of the last one."""
    it = state.actions[a]
    body = state.bodies[program.actions[a].entity]
    now = float(it.elapsed)
    if now >= it.duration - _NEAR:
        body.speed = it.to_value
        return True
    into, out = rising_jerk(program, state, a), falling_jerk(program, state, a)
    if it.d < 0.0:
        into, out = -out, -into
    if now < it.a:
        left = it.a - now
        body.speed = it.c - it.d * left + 0.5 * into * left * left
    elif now < it.b:
        body.speed = it.c + it.d * (now - it.a)
    else:
        left = it.duration - now
        body.speed = it.to_value - 0.5 * out * left * left
    return False
