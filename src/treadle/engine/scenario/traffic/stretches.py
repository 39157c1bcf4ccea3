"""Areas along roads: the stretches of RoadRanges (OpenSCENARIO XML 1.3, RoadRange, RoadCursor)."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import is_drivable, lane_kind, section_at
from treadle.engine.scenario.chance import draw
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import Program

_ON_FOOT = (1 << 5) | (1 << 27) | (1 << 3)  # sidewalk, walking, shoulder


@compiled
def way_of(program: Program, state: State, k: int) -> tuple[float, float]:
    """Return where a stretch begins, and how far it goes from there, with its sign [m].

    Ranges end where their length is up, counted from their first cursor.
    """
    it = program.stretches[k]
    begin, end = state.values[it.from_slot], state.values[it.to_slot]
    left = state.values[it.length_slot]
    for before in range(k - 1, -1, -1):
        other = program.stretches[before]
        if other.range != it.range:
            break
        left -= abs(state.values[other.to_slot] - state.values[other.from_slot])
    return begin, math.copysign(min(abs(end - begin), max(0.0, left)), end - begin)


@compiled
def draw_on_stretches(
    program: Program, state: State, row: int, on_foot: bool
) -> tuple[int, float, int]:
    """Draw a road, s and lane, all metres and then all lanes alike; road -1 where there is none."""
    it = program.traffic[row]
    total = 0.0
    for k in range(it.first_stretch, it.first_stretch + it.n_stretches):
        total += abs(way_of(program, state, k)[1])
    left = draw(state) * total
    for k in range(it.first_stretch, it.first_stretch + it.n_stretches):
        begin, way = way_of(program, state, k)
        if left <= abs(way):
            road = int(program.stretches[k].road)
            s = begin + math.copysign(left, way)
            return road, s, draw_lane(program, state, k, s, on_foot)
        left -= abs(way)
    return -1, 0.0, 0


@compiled
def draw_lane(program: Program, state: State, k: int, s: float, on_foot: bool) -> int:
    """Draw a lane of a stretch, for driving or for walking; 0 where there is none."""
    road = int(program.stretches[k].road)
    section = section_at(program.roads, road, s)
    if section < 0:
        return 0
    it, count, chosen = program.roads.sections[section], 0, 0
    for row in range(it.first_lane, it.first_lane + it.n_lanes):
        lane = int(program.roads.lanes[row].id)
        fits = is_for(program, road, s, lane, on_foot)
        if lane != 0 and fits and has_lane(program, state, k, lane):
            count += 1
            if draw(state) * count < 1.0:  # each of those seen so far alike
                chosen = lane
    return chosen


@compiled
def is_for(program: Program, road: int, s: float, lane: int, on_foot: bool) -> bool:
    """Return whether a lane is for driving, or for walking."""
    if on_foot:
        return (_ON_FOOT >> lane_kind(program.roads, road, s, lane)) & 1 == 1
    return is_drivable(program.roads, road, s, lane)


@compiled
def has_lane(program: Program, state: State, k: int, lane: int) -> bool:
    """Return whether a stretch has a lane: one that it names, or any where it names none."""
    it = program.stretches[k]
    for n in range(it.first_lane, it.first_lane + it.n_lanes):
        if state.values[program.stretch_lanes[n]] == lane:
            return True
    return bool(it.n_lanes == 0)


@compiled
def is_on_stretches(
    program: Program, state: State, row: int, road: int, s: float, lane: int
) -> bool:
    """Return whether a place on a road is in an area."""
    it = program.traffic[row]
    for k in range(it.first_stretch, it.first_stretch + it.n_stretches):
        begin, way = way_of(program, state, k)
        is_along = min(begin, begin + way) <= s <= max(begin, begin + way)
        if program.stretches[k].road == road and is_along and has_lane(program, state, k, lane):
            return True
    return False
