"""Variants to run and what comes of them: arrays that compiled code reads and fills."""

from dataclasses import dataclass

import numpy as np

from treadle.engine.measuring.tables import WIDTH
from treadle.engine.scenario.state import CONTACT, LOG
from treadle.engine.tables import Tables

CONTACT_OF = np.dtype([("variant", "i8"), *((n, CONTACT[n]) for n in CONTACT.names or ())])
LOG_OF = np.dtype([("variant", "i8"), *((n, LOG[n]) for n in LOG.names or ())])
"""Contacts and transitions with the row of the variant that they are of."""

SAMPLED, ENDS = 9, 5
"""Numbers of each body in a sample (run.sample), and of what is told of a run's end."""


@dataclass(frozen=True, eq=False)
class Batch(Tables):
    """Variants to run, and room for what comes of them.

    Attributes
    ----------
    base : (n_slots,)
        Numbers that all variants share.
    varying : (n_varying,) int32
        Slots that differ; columns : (n_variants, n_varying) their values.
    rows : (n,) int64
        The variants to run.
    seeds : (n_variants,) uint64
        Of the variants' random numbers; never 0.
    samples : (n_samples, 9 * n_bodies)
        Out, room for the trajectories of one variant; of length 0 where none are kept.
    ends : (n_variants, 5) int32
        Out: how it ended, at which step, why it failed, what there was not enough room for
        (room.SHORTAGES), how many bodies it needed.
    measures : (n_variants, WIDTH)
        Out: of the first driver's run (engine/measuring); of no rows where none are kept.
    contacts, logs : (n,) CONTACT_OF, LOG_OF
        Out, as far as there is room; counts : (2,) int64 say how many there are.
    """

    base: np.ndarray
    varying: np.ndarray
    columns: np.ndarray
    rows: np.ndarray
    seeds: np.ndarray
    samples: np.ndarray
    ends: np.ndarray
    contacts: np.ndarray
    logs: np.ndarray
    counts: np.ndarray
    measures: np.ndarray


def no_batch() -> Batch:
    """Return a batch of nothing."""
    return Batch(
        base=np.zeros(0),
        varying=np.zeros(0, np.int32),
        columns=np.zeros((0, 0)),
        rows=np.zeros(0, np.int64),
        seeds=np.zeros(0, np.uint64),
        samples=np.zeros((0, SAMPLED)),
        ends=np.zeros((0, ENDS), np.int32),
        contacts=np.zeros(0, CONTACT_OF),
        logs=np.zeros(0, LOG_OF),
        counts=np.zeros(2, np.int64),
        measures=np.zeros((0, WIDTH)),
    )


@dataclass(frozen=True, eq=False)
class Lanes(Tables):
    """Runs side by side.

    Attributes
    ----------
    batch
        The variants, and room for what comes of them.
    states : (n_lanes,) int64
        Where the index of each lane's State is.
    rows : (n_lanes,) int64
        Which variant each lane runs; -1 none.
    is_new : (n_lanes,) int32
        1: it begins with this turn.
    """

    batch: Batch
    states: np.ndarray
    rows: np.ndarray
    is_new: np.ndarray


def no_lanes() -> Lanes:
    """Return no lanes."""
    return Lanes(
        batch=no_batch(),
        states=np.zeros(0, np.int64),
        rows=np.zeros(0, np.int64),
        is_new=np.zeros(0, np.int32),
    )
