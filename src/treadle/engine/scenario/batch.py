"""Many variants of one program, one after the other, in one thread and without Python between."""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.scenario.results import Batch
from treadle.engine.scenario.run import run_one
from treadle.engine.scenario.state import (
    BY_FAILURE,
    FAILED,
    LOGGED,
    LOST_NUMBERS,
    OVERFLOWED,
    TOUCHED,
    State,
)
from treadle.engine.scenario.tables import Program


@compiled
def copy_contact(state: State, c: int, into: np.ndarray, n: int, row: int) -> None:
    """Write a contact of this run down as that of a variant."""
    told, it = into[n], state.contacts[c]
    told.variant, told.time, told.x, told.y = row, it.time, it.x, it.y
    told.closing, told.delta_v, told.other_delta_v = it.closing, it.delta_v, it.other_delta_v
    told.entity, told.other = it.entity, it.other
    told.serial, told.other_serial = it.serial, it.other_serial
    told.traffic, told.other_traffic = it.traffic, it.other_traffic


@compiled
def copy_log(state: State, c: int, into: np.ndarray, n: int, row: int) -> None:
    """Write a transition of this run down as that of a variant."""
    told, it = into[n], state.log[c]
    told.variant, told.step, told.element = row, it.step, it.element
    told.state, told.transition = it.state, it.transition


@compiled
def fill_values(state: State, batch: Batch, row: int) -> None:
    """Give a state the numbers of one variant, and its own stream of random ones."""
    for slot in range(batch.base.shape[0]):
        state.values[slot] = batch.base[slot]
    for c in range(batch.varying.shape[0]):
        state.values[batch.varying[c]] = batch.columns[row, c]
    state.random[0] = batch.seeds[row]


@compiled
def has_lost_numbers(state: State) -> bool:
    """Return whether anybody is where no place is, as when something put it there at the end."""
    for entity in range(state.bodies.shape[0]):
        body = state.bodies[entity]
        if body.is_there and body.is_placed:
            total = body.x + body.y + body.z + body.h + body.speed
            if not math.isfinite(total):
                return True
    return False


@compiled
def tell_end(program: Program, state: State, batch: Batch, row: int, how: int, step: int) -> None:
    """Write down how the run of a variant ended, and what happened in it."""
    if state.clock[FAILED] == 0.0 and has_lost_numbers(state):
        how = BY_FAILURE
        state.clock[FAILED] = LOST_NUMBERS
    ends = batch.ends
    ends[row, 0], ends[row, 1] = how, step
    ends[row, 2] = int(state.clock[FAILED])
    ends[row, 3] = int(state.clock[OVERFLOWED])
    ends[row, 4] = bodies_used(program, state)
    if batch.measures.shape[0] > 0:
        for k in range(batch.measures.shape[1]):
            batch.measures[row, k] = state.measures[0, k]
    for c in range(min(int(state.clock[TOUCHED]), state.contacts.shape[0])):
        n = batch.counts[0]
        batch.counts[0] = n + 1
        if n < batch.contacts.shape[0]:
            copy_contact(state, c, batch.contacts, n, row)
    for c in range(min(int(state.clock[LOGGED]), state.log.shape[0])):
        n = batch.counts[1]
        batch.counts[1] = n + 1
        if n < batch.logs.shape[0]:
            copy_log(state, c, batch.logs, n, row)


@compiled
def bodies_used(program: Program, state: State) -> int:
    """Return how many bodies this run needed: slots of traffic are taken from the first one on."""
    last = int(state.bodies.shape[0])
    while last > program.entities.shape[0] - program.n_slots and state.bodies[last - 1].serial == 0:
        last -= 1
    return last


@compiled
def run_many(
    program: Program,
    state: State,
    batch: Batch,
    first: int,
    last: int,
    dt: float,
    n_steps: int,
    every: int,
) -> bool:
    """Run the variants `batch.rows[first:last]`, each on the same state.

    Parameters
    ----------
    dt [s]
        The step.
    n_steps
        Runs end there at the latest.
    every
        Sample each so many steps; 0 never.
    """
    for k in range(first, last):
        row = batch.rows[k]
        fill_values(state, batch, row)
        how, step = run_one(program, state, dt, n_steps, every, batch.samples)
        tell_end(program, state, batch, row, how, step)
    return True
