"""Slots of traffic: as many as what a scenario makes may need at once, up to a ceiling."""

import math
from dataclasses import replace

import numpy as np

from treadle.engine.scenario.tables import ENTITY, TRAFFIC_SINK, TRAFFIC_SOURCE, Program
from treadle.engine.scenario.traffic_tables import MOST_SLOTS
from treadle.proving.rules.lowering.rows import Rows
from treadle.proving.rules.lowering.slots import UNKNOWN, Values

_NOBODY = -1


def with_slots(program: Program, values: Values, time_limit_s: float) -> Program:
    """Return a program with slots for the vehicles of its traffic, empty at first.

    A source needs one for all that it can make within the time limit, a swarm and an area one for
    each of theirs; what leaves gives its slot back. No run has more than MOST_SLOTS: where these
    are not enough it says so.
    """
    needed = 0.0
    for row in program.traffic:
        if row["kind"] == TRAFFIC_SOURCE:
            needed += math.floor(_most(values, int(row["rate_slot"])) * time_limit_s) + 1.0
        elif row["kind"] != TRAFFIC_SINK:
            needed += math.ceil(_most(values, int(row["number_slot"])))
    n = int(min(needed, MOST_SLOTS))
    rows = Rows(ENTITY)
    for _ in range(n):
        rows.add(kind=_NOBODY, category=_NOBODY, mass_slot=UNKNOWN)
    entities = np.concatenate([program.entities, rows.array()])
    return replace(program, entities=entities, n_slots=n)


def _most(values: Values, slot: int) -> float:
    """Return the largest number that a slot has in any variant."""
    column = np.flatnonzero(values.varying == slot)
    found = values.columns[:, column[0]] if len(column) else values.base[slot : slot + 1]
    found = found[np.isfinite(found)]
    return float(found.max(initial=0.0))
