"""How long conditions surely stay as they are, while everybody goes on along a line or an arc.

Speeds are steady. The state was asked just before, and nothing fired. All bounds are from below.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.routine import Family
from treadle.engine.scenario.conditions.holds import holds
from treadle.engine.scenario.going import going, rate_of_turn, stretch
from treadle.engine.scenario.routines import CALM
from treadle.engine.scenario.state import (
    DAY_KNOWN,
    DAY_RUNS,
    DAY_S,
    DAY_SET_S,
    STEP_NOW,
    TIME_NOW,
    State,
)
from treadle.engine.scenario.tables import (
    ALL,
    NEVER,
    NO_EDGE,
    SIMULATION_TIME,
    STORYBOARD_STATE,
    Program,
)

SAFE = 1e-6
"""Thresholds are kept away from by that much [m, s]."""
BENT_S = 5.0
"""No leap in a bend is longer [s]: how fast distances change is told for as long."""
_UNKNOWN = 0.0
_by_kind = Family(CALM, [Program, State, int, int, int, float], float)
"""By kind of condition: (program, state, row, member, memory, dt) -> how many steps it stays."""


@compiled
def trigger_calm(program: Program, state: State, row: int, dt: float, most: float) -> float:
    """Return how many steps a trigger that is false stays so, and its edges see no change.

    A group is false as long as one of its conditions is. What has an edge or a delay has to see
    each change, so that of its expression ends the calm.
    """
    trigger = program.triggers[row]
    steps = most
    for g in range(trigger.first_group, trigger.first_group + trigger.n_groups):
        group = program.groups[g]
        best = 0.0
        for c in range(group.first_condition, group.first_condition + group.n_conditions):
            truth, calm = condition_calm(program, state, c, dt)
            if program.conditions[c].edge != NO_EDGE or is_delayed(program, state, c):
                calm = min(calm, due_in(program, state, c))
                steps = min(steps, calm)
                truth = has_level(program, state, c)
            if not truth:
                best = max(best, calm)
        steps = min(steps, best)
        if steps < 1.0:
            return 0.0
    return steps


@compiled
def is_delayed(program: Program, state: State, row: int) -> bool:
    """Return whether a condition acts later than it is true."""
    return bool(state.values[program.conditions[row].delay_slot] > 0.0)


@compiled
def has_level(program: Program, state: State, row: int) -> bool:
    """Return whether a condition with an edge or a delay is true while its expression stays."""
    if not is_delayed(program, state, row):
        return False  # the edge is past
    return bool(state.memories[program.conditions[row].first_memory].level == 1)


@compiled
def due_in(program: Program, state: State, row: int) -> float:
    """Return how many steps none of a condition's delayed changes is due."""
    memory = int(program.conditions[row].first_memory)
    it = state.memories[memory]
    if not is_delayed(program, state, row):
        return math.inf
    if program.conditions[row].edge != NO_EDGE and it.before != it.was:
        return 0.0  # an edge in this step falls again in the next
    if it.n_due == 0:
        return math.inf
    first = state.due[memory, it.first_due % state.due.shape[1]]
    return float(first - state.clock[STEP_NOW] - 1.0)


@compiled
def condition_calm(program: Program, state: State, row: int, dt: float) -> tuple[bool, float]:
    """Return whether a condition's expression is true now, and how many steps it stays so."""
    condition = program.conditions[row]
    n = condition.n_members
    if n == 0:
        memory = condition.first_memory
        return holds(program, state, row, -1, memory, dt), calm(program, state, row, -1, memory, dt)
    steps = math.inf
    some, every = False, True
    for k in range(n):
        member = program.members[condition.first_member + k]
        now = False
        if state.bodies[member].is_there and state.bodies[member].is_placed:
            memory = condition.first_memory + k
            steps = min(steps, calm(program, state, row, member, memory, dt))
            if steps < 1.0:
                return False, 0.0
            now = holds(program, state, row, member, memory, dt)
        some = some or now
        every = every and now
    return every if condition.members_rule == ALL else some, steps


@compiled
def calm(program: Program, state: State, row: int, member: int, memory: int, dt: float) -> float:
    """Return how many steps the truth of a condition surely stays."""
    condition = program.conditions[row]
    if condition.kind == SIMULATION_TIME:
        return until(state.values[condition.value_slot] - state.clock[TIME_NOW], dt)
    if condition.kind in (STORYBOARD_STATE, NEVER):
        return math.inf
    if program.routines[CALM + condition.kind] == 0:
        return _UNKNOWN
    return float(_by_kind(program, state, condition.kind, row, member, memory, dt))


@compiled
def until(left: float, rate: float) -> float:
    """Return how many steps something surely needs to what is left, at most `rate` a step."""
    if left < -SAFE or rate == 0.0:
        return math.inf
    return max(0.0, math.floor((left - SAFE) / rate))


@compiled
def crossing(value: float, wanted: float, rate: float) -> float:
    """Return how many steps a value surely needs to what it is compared with."""
    return until(abs(value - wanted), rate) if value == value else math.inf  # noqa: PLR0124 - NaN


@compiled
def constant(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> float:
    """Return that a condition stays for ever: of speeds, headings, variables, contacts."""
    return math.inf


@compiled
def signals_calm(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> float:
    """Return how long traffic lights stay: not known where controllers run."""
    return math.inf if program.controllers.shape[0] == 0 else _UNKNOWN


@compiled
def day_calm(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> float:
    """Return how long a TimeOfDayCondition stays."""
    clock = state.clock
    if clock[DAY_KNOWN] == 0.0 or clock[DAY_RUNS] == 0.0:
        return math.inf
    now = clock[DAY_S] + clock[TIME_NOW] - clock[DAY_SET_S]
    return until(state.values[program.conditions[row].value_slot] - now, dt)


@compiled
def standing_calm(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> float:
    """Return how long a StandStillCondition stays."""
    body, wanted = state.bodies[member], state.values[program.conditions[row].duration_slot]
    return until(wanted - body.standing, dt) if body.standing >= 0.0 else math.inf


@compiled
def traveled_calm(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> float:
    """Return how long a TraveledDistanceCondition stays."""
    body, wanted = state.bodies[member], state.values[program.conditions[row].value_slot]
    return until(wanted - body.odometer, abs(body.speed) * dt)


@compiled
def straight_calm(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> float:
    """Return how long directions stay: for ever where both go straight."""
    other = program.conditions[row].entity
    turning = rate_of_turn(state, member) + (rate_of_turn(state, other) if other >= 0 else 0.0)
    return math.inf if turning == 0.0 else _UNKNOWN


@compiled
def relative_rate(state: State, member: int, other: int) -> float:
    """Return how fast any distance of two bodies can change at most [m/s].

    Where their ways are straight and parallel it is the difference of their velocities, along
    roads too. In a bend it is the sum of both, as s counts it, and what the turn of the axes and of
    the boxes adds, for as long as a leap may take there.
    """
    ax, ay = going(state, member)
    bx, by = going(state, other)
    a, b = state.bodies[member], state.bodies[other]
    turning = rate_of_turn(state, member) + rate_of_turn(state, other)
    if turning == 0.0:
        if abs(ax * by - ay * bx) <= SAFE * SAFE:
            return math.hypot(ax - bx, ay - by)
        return math.hypot(ax, ay) + math.hypot(bx, by)
    both = abs(a.speed) * max(1.0, stretch(state, member))
    both += abs(b.speed) * max(1.0, stretch(state, other))
    reach = math.hypot(a.x - b.x, a.y - b.y) + BENT_S * both + a.radius + b.radius
    return float(both + turning * reach)
