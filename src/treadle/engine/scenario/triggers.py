"""Triggers: groups of conditions, with edges and delays (OpenSCENARIO XML 1.3, section 7.6)."""

from treadle.engine.compiled import compiled
from treadle.engine.routine import routine
from treadle.engine.scenario.conditions.holds import holds
from treadle.engine.scenario.room import TOO_MANY_DELAYS
from treadle.engine.scenario.routines import place_of
from treadle.engine.scenario.shortage import run_short
from treadle.engine.scenario.state import DUE, STEP_NOW, State
from treadle.engine.scenario.tables import (
    ALL,
    FALLING,
    NO_EDGE,
    RISING,
    RISING_OR_FALLING,
    Program,
)

_NEAR = 1e-9
_FOR_EVER = 1e9  # steps
_BITS = 63


@routine(place_of("triggers.fires"))
def fires(program: Program, state: State, row: int, dt: float) -> tuple[bool, int]:
    """Return whether a trigger is true now, and the entities that made it so, as a bit set.

    Every condition is evaluated, also where the answer is known early: edges and delays have to
    see each step.
    """
    trigger = program.triggers[row]
    result = False
    by = 0
    for g in range(trigger.first_group, trigger.first_group + trigger.n_groups):
        group = program.groups[g]
        every = group.n_conditions > 0
        who = 0
        for c in range(group.first_condition, group.first_condition + group.n_conditions):
            holding, members = condition_fires(program, state, c, dt)
            every = every and holding
            who |= members
        if every:
            result = True
            by |= who
    return result, by


@compiled
def condition_fires(program: Program, state: State, row: int, dt: float) -> tuple[bool, int]:
    """Return whether a condition with its edge and delay is true, and for which entities."""
    condition = program.conditions[row]
    n = condition.n_members
    if n == 0:
        now = holds(program, state, row, -1, condition.first_memory, dt)
        if condition.edge == NO_EDGE and state.values[condition.delay_slot] <= 0.0:
            return now, 0
        return edged(program, state, row, condition.first_memory, now, dt), 0
    some, every, who = False, True, 0
    for k in range(n):
        member = program.members[condition.first_member + k]
        now = False
        if state.bodies[member].is_there and state.bodies[member].is_placed:
            now = holds(program, state, row, member, condition.first_memory + k, dt)
        if now:
            some = True
            if member < _BITS:
                who |= 1 << member
        else:
            every = False
    now = every if condition.members_rule == ALL else some
    if condition.edge == NO_EDGE and state.values[condition.delay_slot] <= 0.0:
        return now, who  # nothing to remember
    true = edged(program, state, row, condition.first_memory, now, dt)
    return true, responsible(program, state, row, who, now)


@compiled
def responsible(program: Program, state: State, row: int, who: int, now: bool) -> int:
    """Return the entities that made a condition true, after its edge and delay, as a bit set.

    Where it falls they are those for whom it was true before. With a delay they are told of when
    the condition itself became true, the last time that it did.
    """
    condition = program.conditions[row]
    it = state.memories[condition.first_memory]
    step = int(state.clock[STEP_NOW])
    if it.told != step:
        it.told = step
        it.who_before = it.who_now
        it.who_now = who
    made = who
    if not now and condition.edge in (FALLING, RISING_OR_FALLING):
        made = it.who_before
    if state.values[condition.delay_slot] <= 0.0:
        return made
    if it.sprung:
        it.who = made
    return int(it.who)


@compiled
def edged(program: Program, state: State, row: int, memory: int, now: bool, dt: float) -> bool:
    """Return a condition's truth after its edge and its delay.

    The edge is that of the whole expression, over all triggering entities: conditionEdge belongs
    to Condition (section 7.6.2). It needs a step before this one: at its first evaluation, and
    where evaluation was interrupted, there is none. A delay gives what this was so long ago,
    rounded up to steps.
    """
    condition = program.conditions[row]
    it = state.memories[memory]
    step = int(state.clock[STEP_NOW])
    was = it.was if it.seen == step - 1 else -1
    again = it.seen == step  # asked twice in one step: the same answer
    if again:
        was = it.before
    it.before = was
    it.was = 1 if now else 0
    it.seen = step
    true = now
    if condition.edge != NO_EDGE:
        rises = was == 0 and now
        falls = was == 1 and not now
        if condition.edge == RISING:
            true = rises
        elif condition.edge == FALLING:
            true = falls
        else:
            true = rises or falls
    delay = state.values[condition.delay_slot]
    if delay <= 0.0:
        return true
    if was == -1 and not again:
        it.level = 0
        it.first_due = 0
        it.n_due = 0
    steps = delay / dt - _NEAR
    if not steps < _FOR_EVER:
        return False
    return delayed(state, memory, true, int(steps) + 1, step)


@compiled
def delayed(state: State, memory: int, now: bool, steps: int, step: int) -> bool:
    """Return what a condition was `steps` ago: its changes wait in a ring until they are due."""
    it = state.memories[memory]
    last = (it.level + it.n_due) % 2  # after all changes on their way
    it.sprung = 0
    if (1 if now else 0) != last:
        it.sprung = 1 if now else 0
        if it.n_due < DUE:
            state.due[memory, (it.first_due + it.n_due) % DUE] = step + steps
            it.n_due += 1
        else:
            # more changes on their way than are kept: the run says so
            run_short(state, TOO_MANY_DELAYS)
    while it.n_due > 0 and state.due[memory, it.first_due % DUE] <= step:
        it.level = 1 - it.level
        it.first_due = (it.first_due + 1) % DUE
        it.n_due -= 1
    return bool(it.level == 1)
