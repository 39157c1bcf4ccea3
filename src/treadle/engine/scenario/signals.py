"""Traffic signals and their controllers (OpenSCENARIO XML 1.3, TrafficSignalController)."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.routine import routine
from treadle.engine.scenario.routines import place_of
from treadle.engine.scenario.state import TIME_NOW, State
from treadle.engine.scenario.tables import SIGNAL_STATE, Program

_NEAR = 1e-9  # [s]


@compiled
def cycle_time(program: Program, state: State, controller: int) -> float:
    """Return how long all phases of a controller take together [s]."""
    row = program.controllers[controller]
    total = 0.0
    for k in range(row.first_phase, row.first_phase + row.n_phases):
        total += state.values[program.phases[k].duration_slot]
    return total


@compiled
def begin_controllers(program: Program, state: State) -> None:
    """Start every controller: with its delay after the one that it refers to (`delay`)."""
    for c in range(program.controllers.shape[0]):
        start, at = 0.0, c
        for _ in range(program.controllers.shape[0]):
            start += state.values[program.controllers[at].delay_slot]
            if program.controllers[at].reference < 0:
                break
            at = program.controllers[at].reference
        cycle = cycle_time(program, state, c)
        # Before its start a controller is where its cycle, going on for ever, would be.
        state.controllers[c].since = start - (math.ceil(start / cycle) * cycle if cycle else 0.0)
        state.controllers[c].phase = -1
    step_controllers(program, state)


@routine(place_of("signals.step_controllers"))
def step_controllers(program: Program, state: State) -> None:
    """Set each controller's phase by the time, and the signals by the phase, when it changes."""
    now = state.clock[TIME_NOW]
    for c in range(program.controllers.shape[0]):
        row, it = program.controllers[c], state.controllers[c]
        cycle = cycle_time(program, state, c)
        if row.n_phases == 0:
            continue
        into = now - it.since
        if math.isfinite(cycle) and cycle > 0.0:
            into -= math.floor((into + _NEAR) / cycle) * cycle
        phase = row.n_phases - 1
        for k in range(row.n_phases):
            into -= state.values[program.phases[row.first_phase + k].duration_slot]
            if into < -_NEAR:
                phase = k
                break
        if phase != it.phase:
            it.phase = phase
            show_phase(program, state, row.first_phase + phase)


@compiled
def show_phase(program: Program, state: State, row: int) -> None:
    """Let the signals show what a phase says."""
    phase = program.phases[row]
    for k in range(phase.first_signal_state, phase.first_signal_state + phase.n_signal_states):
        shown = program.signal_states[k]
        state.signals[shown.signal].word = shown.word


@compiled
def change_signal(program: Program, state: State, a: int) -> bool:
    """Set a signal's state, or a controller to a phase, at once."""
    action = program.actions[a]
    if action.kind == SIGNAL_STATE:
        state.signals[action.signal].word = action.word
        return True
    row, it = program.controllers[action.signal], state.controllers[action.signal]
    before = 0.0
    for k in range(row.n_phases):
        if program.phases[row.first_phase + k].name == action.word:
            it.since = state.clock[TIME_NOW] - before
            it.phase = k
            show_phase(program, state, row.first_phase + k)
            return True
        before += state.values[program.phases[row.first_phase + k].duration_slot]
    return True
