"""The run of one variant, and of many: steps until the scenario ends or its time is up."""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.routine import Family
from treadle.engine.scenario.contacts import find_contacts, place_box, remember_box
from treadle.engine.scenario.ending import end_action
from treadle.engine.scenario.leaping import leap
from treadle.engine.scenario.motion import count_standing, move
from treadle.engine.scenario.place import draw_trailers, drive, forget_motion
from treadle.engine.scenario.reset import reset
from treadle.engine.scenario.results import SAMPLED
from treadle.engine.scenario.routines import (
    ASK,
    ASK_DRIVERS,
    BEGIN_DRIVERS,
    DRAW_ON,
    EXCHANGE,
    FLOW,
    NOTE_END,
    OBEY,
    PROCEED,
    SET_DOWN,
    STEP_TRAFFIC,
)
from treadle.engine.scenario.signals import begin_controllers, step_controllers
from treadle.engine.scenario.state import (
    BY_FAILURE,
    BY_STOP_TRIGGER,
    BY_STORYBOARD,
    BY_TIME,
    ENDED_BY,
    FAILED,
    LOGGED,
    LOST_NUMBERS,
    STEP_NOW,
    STEP_S,
    TIME_NOW,
    WORK_DONE,
    State,
)
from treadle.engine.scenario.storyboard import (
    ask_triggers,
    start_action,
    start_storyboard,
)
from treadle.engine.scenario.tables import COMPLETE, EVENT, VEHICLE, Program

_proceed = Family(PROCEED, [Program, State, int, float], bool)
"""By kind of action: (program, state, action, dt) -> is it done.

The clock shows the end of the step; all bodies still stand where the step began.
"""

host = Family(ASK, [Program, State, int, float], type(None))
"""Deal with the drivers under test: (program, state, HOSTS, 0, dt)."""
GOES_ON = -1
flow = Family(FLOW, [Program, State, float], type(None))
"""(program, state, how, dt): let traffic come and go; needed where there is some."""
_SETTLED = 2
"""Steps without transitions after which a leap is tried."""
_LONGEST = 31
"""Steps at most between two tries."""


@compiled
def run_one(
    program: Program, state: State, dt: float, n_steps: int, every: int, samples: np.ndarray
) -> tuple[int, int]:
    """Run the variant whose numbers are in `state.values`; return how and at which step it ended.

    A sample shows what the triggers of its step are asked of; that of time 0 also what they did:
    what begins at once is how the run begins.

    Parameters
    ----------
    dt [s]
        The step.
    n_steps
        The run ends there at the latest.
    every
        Sample each so many steps; 0 never.
    samples : (n_samples, 9 * n_bodies)
        Room for x, y, z, heading, speed, whether it is there, and of a vehicle of traffic the row
        of what made it, its number and its template.
    """
    start_run(program, state, dt)
    patience, wait, quiet = 0, 0, 0
    while True:
        logged = state.clock[LOGGED]
        how = judge(program, state, dt, n_steps)
        if state.clock[STEP_NOW] == 0.0:
            sample(state, every, samples)
        if how != GOES_ON:
            return how, int(state.clock[STEP_NOW])
        quiet = quiet + 1 if state.clock[LOGGED] == logged and every == 0 else 0
        plain = program.motion == 0 and program.drivers.shape[0] == 0
        if quiet > _SETTLED and wait <= 0 and plain:
            if leap(program, state, dt, n_steps - int(state.clock[STEP_NOW])) > 0:
                patience = 0
                continue
            patience = min(_LONGEST, 2 * patience + 1)
            wait = patience
        wait -= 1
        take_step(program, state, dt)
        sample(state, every, samples)


@compiled
def judge(program: Program, state: State, dt: float, n_steps: int) -> int:
    """Ask the triggers where a step has led to; return how the run ends there, or GOES_ON."""
    if state.clock[FAILED] != 0.0:
        return BY_FAILURE
    if ask_triggers(program, state, dt):
        return BY_STOP_TRIGGER
    if program.stop_trigger < 0 and all_complete(program, state):
        return BY_STORYBOARD
    if program.drivers.shape[0] > 0:
        host(program, state, NOTE_END, 0, dt)
        if state.clock[ENDED_BY] != 0.0:
            return int(state.clock[ENDED_BY])
    return BY_TIME if state.clock[STEP_NOW] >= n_steps else GOES_ON


@compiled
def all_complete(program: Program, state: State) -> bool:
    """Return whether nothing of the storyboard waits or runs any more; one without events never.

    Where nothing was to happen at all, the entities' own motion is what the scenario is about.
    """
    if program.elements.shape[0] == 0 or state.elements[0].state != COMPLETE:
        return False
    events = 0
    for row in range(program.elements.shape[0]):
        events += program.elements[row].kind == EVENT
    return events > 0


@compiled
def start_run(program: Program, state: State, dt: float) -> None:
    """Set everything to time 0: Init's actions in their order, then the storyboard."""
    reset(program, state)
    state.clock[STEP_S] = dt
    if program.drivers.shape[0] > 0:
        host(program, state, BEGIN_DRIVERS, 0, dt)
    begin_controllers(program, state)
    for k in range(program.init.shape[0]):
        start_action(program, state, program.init[k])
    for entity in range(program.entities.shape[0]):
        trailer = state.bodies[entity].trailer
        if trailer >= 0:
            state.bodies[trailer].speed = state.bodies[entity].speed
        forget_motion(state, entity)
        state.bodies[entity].odometer = 0.0
        count_standing(state, entity, dt)
        place_box(state, entity)
        remember_box(state, entity)
        if program.motion != 0:
            begin_model(program, state, entity)
    if program.traffic.shape[0] > 0:
        flow(program, state, STEP_TRAFFIC, dt)
    find_contacts(program, state)
    if program.elements.shape[0] > 0:
        start_storyboard(program, state)


@compiled
def begin_model(program: Program, state: State, entity: int) -> None:
    """Let a vehicle move by a model from now on; it stands where its plan begins.

    Trailers are drawn or stand; who is no vehicle moves by default.
    """
    it = program.entities[entity]
    if it.kind == VEHICLE and not it.has_coupler and state.bodies[entity].tractor < 0:
        state.bodies[entity].model = program.motion
        drive(program, state, SET_DOWN, entity, 0.0)


@compiled
def proceed(program: Program, state: State, a: int, dt: float) -> bool:
    """Let a running action take a step; that of a modelled vehicle acts on its plan."""
    entity = program.actions[a].entity
    if program.motion == 0 or entity < 0 or state.bodies[entity].model == 0:
        return bool(_proceed(program, state, program.actions[a].kind, a, dt))
    drive(program, state, EXCHANGE, entity, dt)
    done = _proceed(program, state, program.actions[a].kind, a, dt)
    drive(program, state, EXCHANGE, entity, dt)
    return bool(done)


@compiled
def take_step(program: Program, state: State, dt: float) -> None:
    """Go from one step to the next: actions, then motion."""
    if program.drivers.shape[0] > 0:
        host(program, state, ASK_DRIVERS, 0, dt)
    state.clock[STEP_NOW] += 1.0
    state.clock[TIME_NOW] = state.clock[STEP_NOW] * dt
    for entity in range(program.entities.shape[0]):
        forget_motion(state, entity)
        remember_box(state, entity)
    step_controllers(program, state)
    for a in range(program.actions.shape[0]):
        if not state.actions[a].is_running:
            continue
        entity = program.actions[a].entity
        done = state.actions[a].is_running == WORK_DONE
        gone = entity >= 0 and not state.bodies[entity].is_there
        if done or gone or proceed(program, state, a, dt):
            end_action(program, state, a)
    if program.drivers.shape[0] > 0:
        host(program, state, OBEY, 0, dt)
    for entity in range(program.entities.shape[0]):
        body = state.bodies[entity]
        if body.is_there and body.is_placed and body.tractor < 0:
            if body.model != 0:
                drive(program, state, body.model, entity, dt)
            else:
                move(program, state, entity, dt)
            if not math.isfinite(body.x + body.y + body.z + body.h + body.speed):
                state.clock[FAILED] = LOST_NUMBERS
            place_box(state, entity)
            if body.trailer >= 0:
                draw_trailers(program, state, DRAW_ON, entity, dt)
    if program.traffic.shape[0] > 0:
        flow(program, state, STEP_TRAFFIC, dt)
    find_contacts(program, state)


@compiled
def sample(state: State, every: int, samples: np.ndarray) -> None:
    """Keep where all bodies are, where this step is one to keep."""
    if every == 0:
        return
    step = int(state.clock[STEP_NOW])
    row = (step + every - 1) // every  # of a step that may be the last: overwritten if not
    if row >= samples.shape[0]:
        return
    for entity in range(samples.shape[1] // SAMPLED):
        body = state.bodies[entity]
        at = SAMPLED * entity
        samples[row, at], samples[row, at + 1], samples[row, at + 2] = body.x, body.y, body.z
        samples[row, at + 3], samples[row, at + 4] = body.h, body.speed
        samples[row, at + 5] = 1.0 if body.is_there and body.is_placed else 0.0
        samples[row, at + 6], samples[row, at + 7] = body.traffic, body.serial
        samples[row, at + 8] = body.template
