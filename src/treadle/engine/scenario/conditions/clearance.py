"""Whether lanes beside an entity are clear (OpenSCENARIO XML 1.3, RelativeClearanceCondition)."""

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.contact.boxes import gap_along
from treadle.engine.road.lanes import is_drivable, lane_at, lane_width, section_at
from treadle.engine.road.links import lane_across
from treadle.engine.road.routes import distance_along, lanes_between
from treadle.engine.scenario.conditions.compare import NEAR
from treadle.engine.scenario.conditions.ways import reach_on_road
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import Program

_ROOM = 256


@compiled
def is_clear(program: Program, state: State, row: int, member: int, memory: int, dt: float) -> bool:
    """Return whether no entity is in the lanes asked for, and there is such a lane at all.

    Distances count along the road from the reference point; with freeSpace from box to box, and
    a box is in every lane that it covers a part of.
    """
    condition = program.conditions[row]
    if state.bodies[member].road < 0 or not has_lane(program, state, row, member):
        return False
    if condition.n_entities > 0:
        for k in range(condition.first_entity, condition.first_entity + condition.n_entities):
            if is_in_the_way(program, state, row, member, program.members[k]):
                return False
        return True
    for other in range(program.entities.shape[0]):
        if is_in_the_way(program, state, row, member, other):
            return False
    return True


@compiled
def in_ranges(program: Program, state: State, row: int, low: int, high: int) -> bool:
    """Return whether lanes low to high, relative to the entity's own, are among those asked for."""
    condition = program.conditions[row]
    if condition.n_ranges == 0:
        return True
    for k in range(condition.first_range, condition.first_range + condition.n_ranges):
        it = program.ranges[k]
        if low <= state.values[it.to_slot] and high >= state.values[it.from_slot]:
            return True
    return False


@compiled
def has_lane(program: Program, state: State, row: int, member: int) -> bool:
    """Return whether a lane to drive on is among those asked for, where the entity is."""
    roads, body = program.roads, state.bodies[member]
    section = section_at(roads, body.road, body.s)
    if section < 0:
        return False
    it = roads.sections[section]
    for k in range(it.first_lane, it.first_lane + it.n_lanes):
        lane = int(roads.lanes[k].id)
        if lane == 0 or (not program.conditions[row].opposite and lane * body.lane < 0):
            continue
        beside = lanes_between(int(body.lane), lane) * int(body.facing)
        if (
            in_ranges(program, state, row, beside, beside)
            and is_drivable(roads, body.road, body.s, lane)
            and lane_width(roads, body.road, body.s, lane) > 0.0
        ):
            return True
    return False


@compiled
def is_in_the_way(program: Program, state: State, row: int, member: int, other: int) -> bool:
    """Return whether an entity stands in the lanes and within the distances asked for."""
    condition = program.conditions[row]
    a, b = state.bodies[member], state.bodies[other]
    if other == member or not b.is_there or not b.is_placed or b.road < 0:
        return False
    front = state.values[condition.front_slot]
    back = state.values[condition.back_slot]
    road, s, lane, facing = int(a.road), float(a.s), int(a.lane), int(a.facing)
    limit = max(front, back) + a.radius + b.radius + abs(a.centre_x) + abs(b.centre_x) + 10.0
    between, turned, found = (b.s - s) * facing, 1, True
    if b.road == road:
        lane = lane_across(program.roads, road, s, b.s, lane)
    else:
        room = np.zeros((_ROOM, 5))
        between, lane, turned, found = distance_along(
            program.roads, road, s, lane, facing, int(b.road), float(b.s), limit, room
        )
        road = int(b.road)
    if not found or abs(between) > limit:
        return False
    along = facing * turned  # +1: on its road the other's s grows ahead
    gap = between
    low_lane, high_lane = int(b.lane), int(b.lane)
    if condition.freespace:
        a_low, a_high, _, _ = reach_on_road(program, state, member)
        b_low, b_high, right, left = reach_on_road(program, state, other)
        if facing < 0:
            a_low, a_high = -a_high, -a_low
        if along < 0:
            b_low, b_high = -b_high, -b_low
        gap = gap_along(a_low, a_high, between + b_low, between + b_high)
        low_lane, _ = lane_at(program.roads, road, b.s, b.t + right)
        high_lane, _ = lane_at(program.roads, road, b.s, b.t + left)
    if gap > front + NEAR or gap < -back - NEAR:
        return False
    if not condition.opposite:
        if b.lane * lane < 0 and low_lane * lane <= 0 and high_lane * lane <= 0:
            return False
        if lane < 0:
            high_lane = min(high_lane, -1)
        else:
            low_lane = max(low_lane, 1)
    first = lanes_between(lane, low_lane) * along
    last = lanes_between(lane, high_lane) * along
    return in_ranges(program, state, row, min(first, last), max(first, last))
