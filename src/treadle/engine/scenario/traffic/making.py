"""A vehicle of traffic is made and goes: its slot, what it is like, how fast it is."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.contact.boxes import box_centre, overlap
from treadle.engine.road.lanes import lane_row
from treadle.engine.scenario.chance import between, draw
from treadle.engine.scenario.contacts import part, place_box, remember_box
from treadle.engine.scenario.place import forget_motion, stand_at
from treadle.engine.scenario.reset import dress, reset_body
from treadle.engine.scenario.room import NO_SLOT
from treadle.engine.scenario.shortage import run_short
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import MISC_OBJECT, PEDESTRIAN, Program
from treadle.engine.scenario.traffic.areas import PLACE, direction_wanted, draw_place
from treadle.engine.scenario.traffic_tables import (
    ROOM_BESIDE_M,
    ROOM_M,
    USUAL_SPEED,
    WALKING_SPEED,
)


@compiled
def first_slot(program: Program) -> int:
    """Return the first row of bodies that is a slot of traffic."""
    return int(program.entities.shape[0] - program.n_slots)


@compiled
def free_slot(program: Program, state: State) -> int:
    """Return the first slot that is free; -1 where none is, which the run says."""
    for slot in range(first_slot(program), program.entities.shape[0]):
        if not state.bodies[slot].is_there:
            return slot
    run_short(state, NO_SLOT)
    return -1


@compiled
def make(program: Program, state: State, row: int, tries: int) -> bool:
    """Make one vehicle of a traffic where there is room; return whether one was made."""
    slot = free_slot(program, state)
    template = draw_template(program, state, row) if slot >= 0 else -1
    if template < 0:
        return False
    wanted = direction_wanted(program, state, row)
    for _ in range(tries):
        kind = program.templates[template].kind
        if draw_place(program, state, row, kind, wanted) and has_room(program, state, template):
            come(program, state, row, template, slot)
            return True
    return False


@compiled
def draw_template(program: Program, state: State, row: int) -> int:
    """Return what the next vehicle is like, drawn by the shares of its traffic; -1: none."""
    it = program.traffic[row]
    left, found = draw(state), -1
    for k in range(it.first_share, it.first_share + it.n_shares):
        share = state.values[program.shares[k].share_slot]
        if share > 0.0:
            found = program.shares[k].template
            left -= share
            if left < 0.0:
                break
    return int(found)


@compiled
def has_room(program: Program, state: State, template: int) -> bool:
    """Return whether a box of this template, with some room around it, meets no other one."""
    it, at, values = program.templates[template], state.poses[PLACE], state.values
    half_length, half_width = 0.5 * values[it.length_slot], 0.5 * values[it.width_slot]
    x, y = box_centre(at.x, at.y, at.h, values[it.centre_x_slot], values[it.centre_y_slot])
    reach = math.hypot(half_length + ROOM_M, half_width + ROOM_BESIDE_M)
    for entity in range(state.bodies.shape[0]):
        other = state.bodies[entity]
        if not (other.is_there and other.is_placed) or other.half_length <= 0.0:
            continue
        other_x, other_y = box_centre(other.x, other.y, other.h, other.centre_x, other.centre_y)
        if math.hypot(other_x - x, other_y - y) > reach + other.radius:
            continue
        if overlap(
            x, y, at.h, half_length + ROOM_M, half_width + ROOM_BESIDE_M,
            other_x, other_y, other.h, other.half_length, other.half_width,
        ):  # fmt: skip
            return False
    return True


@compiled
def come(program: Program, state: State, row: int, template: int, slot: int) -> None:
    """Let a vehicle stand at the place that was drawn, with its number and its speed."""
    reset_body(state, slot)
    for other in range(state.bodies.shape[0]):
        state.pairs[min(slot, other), max(slot, other)] = 0
    dress(state, slot, program.templates, template)
    counted = state.traffic[program.traffic[row].name]
    counted.made += 1
    body = state.bodies[slot]
    body.traffic, body.serial, body.template = row, counted.made, template
    stand_at(program, state, slot, PLACE)
    body.speed = starting_speed(program, state, row, slot)
    top = state.values[program.templates[template].max_speed_slot]
    body.speed = min(body.speed, top)
    forget_motion(state, slot)
    place_box(state, slot)
    remember_box(state, slot)


@compiled
def starting_speed(program: Program, state: State, row: int, slot: int) -> float:
    """Return a starting speed [m/s]: as the action tells, else the limit of the lane.

    Where that tells none either, what is usual; things stand.
    """
    it, body = program.traffic[row], state.bodies[slot]
    if body.kind == MISC_OBJECT:
        return 0.0
    low, high = state.values[it.speed_slot], state.values[it.top_speed_slot]
    if not math.isnan(low):
        return between(state, low, high)
    if body.kind == PEDESTRIAN:
        return WALKING_SPEED
    if body.road >= 0:
        lane = lane_row(program.roads, body.road, body.s, body.lane)
        if lane >= 0 and program.roads.lanes[lane].max_speed > 0.0:
            return float(program.roads.lanes[lane].max_speed)
    return USUAL_SPEED


@compiled
def leave(state: State, slot: int) -> None:
    """Take a vehicle of traffic out of the world; its slot is free."""
    state.bodies[slot].is_there = 0
    part(state, slot)
