"""Where entities are put: on a lane that is there, between the ends of its road.

A place that a condition or a route names may lie past the end of its road: the end is taken, and a
warning says so (positions.py). Nobody is put there.
"""

from functools import partial

import numpy as np

from treadle.engine.road.tables import Roads
from treadle.proving.rules.binding import Element
from treadle.proving.rules.expression import Expression
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.positions import lower_position

_NEAR_M = 1e-3
"""Published files round the length of a road: a place so far past its end is at its end."""
_ON_ROADS = ("LanePosition", "RoadPosition")


def lower_place(build: Build, position: Element) -> int:
    """Lower the Position that an entity is put at; an error where there is no such place."""
    row = lower_position(build, position)
    element = next((one for one in position.children if one.tag in _ON_ROADS), None)
    road = build.positions.get(row)["road"] if row >= 0 else -1
    if element is None or road < 0 or build.network is None:
        return row
    inputs = [element.number("s")]
    if element.tag == "LanePosition":
        inputs.append(element.number("laneId"))
    there = partial(_there, build.network.compiled(), road)
    constants = [one.constant for one in inputs]
    if all(one is not None for one in constants):
        _tell(element, float(there(*(np.array([one]) for one in constants))[0]), inputs)
    else:
        build.positions.set(row, a_slot=build.slots.derived(there, *inputs))
    return row


def _tell(element: Element, found: float, inputs: list[Expression]) -> None:
    if np.isfinite(found):
        return
    s = inputs[0].constant
    lane = f" lane {inputs[1].constant:g}" if len(inputs) > 1 else ""
    text = (
        f"{element.tag} puts an entity on road {element.text('roadId')}{lane} at s {s:g}, where "
        "there is none; correct it"
    )
    element.ledger.error("semantic.no_place", text, element.node)


def _there(roads: Roads, road: int, s: np.ndarray, *lane: np.ndarray) -> np.ndarray:
    """Return s where the road and the lane are there, else NaN; all (n,)."""
    it = roads.roads[road]
    is_there = (s >= -_NEAR_M) & (s <= it["length"] + _NEAR_M)
    if lane and it["n_sections"]:
        first = int(it["first_section"])
        sections = roads.sections[first : first + int(it["n_sections"])]
        which = np.clip(np.searchsorted(sections["s"], s, side="right") - 1, 0, None)
        for number in np.unique(which):
            rows = sections[number]
            here = which == number
            ids = roads.lanes["id"][rows["first_lane"] : rows["first_lane"] + rows["n_lanes"]]
            is_there[here] &= np.isin(lane[0][here], ids)
    return np.where(is_there, s, np.nan)
