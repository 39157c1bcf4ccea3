"""Many variants of one program, one after the other, in one thread and without Python between."""

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.scenario.run import run_one
from treadle.engine.scenario.state import (
    CONTACT,
    FAILED,
    LOG,
    LOGGED,
    OVERFLOWED,
    TOUCHED,
    State,
)
from treadle.engine.scenario.tables import Program

CONTACT_OF = np.dtype([("variant", "i8"), *((n, CONTACT[n]) for n in CONTACT.names or ())])
LOG_OF = np.dtype([("variant", "i8"), *((n, LOG[n]) for n in LOG.names or ())])
"""Contacts and transitions with the row of the variant that they are of."""


@compiled
def copy_contact(state: State, c: int, into: np.ndarray, n: int, row: int) -> None:
    """Write a contact of this run down as that of a variant."""
    told, it = into[n], state.contacts[c]
    told.variant, told.time, told.x, told.y = row, it.time, it.x, it.y
    told.closing, told.delta_v, told.other_delta_v = it.closing, it.delta_v, it.other_delta_v
    told.entity, told.other = it.entity, it.other


@compiled
def copy_log(state: State, c: int, into: np.ndarray, n: int, row: int) -> None:
    """Write a transition of this run down as that of a variant."""
    told, it = into[n], state.log[c]
    told.variant, told.step, told.element = row, it.step, it.element
    told.state, told.transition = it.state, it.transition


@compiled
def fill_values(
    state: State, base: np.ndarray, varying: np.ndarray, columns: np.ndarray, row: int
) -> None:
    """Give a state the numbers of one variant."""
    for slot in range(base.shape[0]):
        state.values[slot] = base[slot]
    for c in range(varying.shape[0]):
        state.values[varying[c]] = columns[row, c]


@compiled
def run_many(
    program: Program,
    state: State,
    base: np.ndarray,
    varying: np.ndarray,
    columns: np.ndarray,
    rows: np.ndarray,
    first: int,
    last: int,
    dt: float,
    n_steps: int,
    every: int,
    samples: np.ndarray,
    ends: np.ndarray,
    contacts: np.ndarray,
    logs: np.ndarray,
    counts: np.ndarray,
) -> None:
    """Run the variants `rows[first:last]`, each on the same state.

    Parameters
    ----------
    base : (n_slots,)
        Numbers that all variants share.
    varying : (n_varying,) int32
        Slots that differ; columns : (n_variants, n_varying) their values.
    samples : (last - first, n_samples, n_entities, 6)
        Room for trajectories; of length 0 where none are kept.
    ends : (n_variants, 4) int32
        Out: how it ended, at which step, why it failed, whether a ring overflowed.
    contacts : (n_contacts,) CONTACT with variant
        Out, room for all of this call; counts[0] says how many.
    logs : (n_logs,)
        Out, as contacts; counts[1].
    """
    for k in range(first, last):
        row = rows[k]
        fill_values(state, base, varying, columns, row)
        room = samples[k - first] if every > 0 else samples[0]
        how, step = run_one(program, state, dt, n_steps, every, room)
        ends[row, 0], ends[row, 1] = how, step
        ends[row, 2] = int(state.clock[FAILED])
        ends[row, 3] = int(state.clock[OVERFLOWED])
        for c in range(min(int(state.clock[TOUCHED]), state.contacts.shape[0])):
            n = counts[0]
            counts[0] = n + 1
            if n < contacts.shape[0]:
                copy_contact(state, c, contacts, n, row)
        for c in range(min(int(state.clock[LOGGED]), state.log.shape[0])):
            n = counts[1]
            counts[1] = n + 1
            if n < logs.shape[0]:
                copy_log(state, c, logs, n, row)
