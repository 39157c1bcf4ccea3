"""Collisions of a step: who touches whom, where and how hard, exactly between the steps."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.contact.boxes import overlap
from treadle.engine.contact.impact import contact_point, impact, velocity_at
from treadle.engine.contact.sweep import first_contact, turned_by
from treadle.engine.routine import routine
from treadle.engine.scenario.routines import place_of
from treadle.engine.scenario.state import STEP_S, TIME_NOW, TOUCHED, State
from treadle.engine.scenario.tables import Program


@compiled
def place_box(state: State, entity: int) -> None:
    """Set where a body's box is now."""
    body = state.bodies[entity]
    cosine, sine = math.cos(body.h), math.sin(body.h)
    body.box_x = body.x + cosine * body.centre_x - sine * body.centre_y
    body.box_y = body.y + sine * body.centre_x + cosine * body.centre_y


@compiled
def remember_box(state: State, entity: int) -> None:
    """Let a body's box have come from where it is now."""
    body = state.bodies[entity]
    body.last_box_x, body.last_box_y = body.box_x, body.box_y


@routine(place_of("contacts.find_contacts"))
def find_contacts(program: Program, state: State) -> None:
    """Find all pairs that touch within the step that led here; the first touch of each is told."""
    n = program.entities.shape[0]
    for i in range(n):
        a = state.bodies[i]
        if not a.is_there or not a.is_placed or a.half_length <= 0.0:
            continue
        for j in range(i + 1, n):
            b = state.bodies[j]
            if not b.is_there or not b.is_placed or b.half_length <= 0.0:
                continue
            # nearer than both circles and both ways of this step: else they cannot touch
            dx, dy = b.box_x - a.box_x, b.box_y - a.box_y
            way = abs(a.speed) + abs(b.speed)
            reach = a.radius + b.radius + 2.0 * way * state.clock[STEP_S] + 1.0
            touching = False
            if dx * dx + dy * dy <= reach * reach and not coupled(state, i, j):
                touching = sweep_pair(program, state, i, j)
            if touching:
                a.touching |= 1 << j
                b.touching |= 1 << i
            elif a.touching:
                a.touching &= ~(1 << j)
                b.touching &= ~(1 << i)


@compiled
def coupled(state: State, i: int, j: int) -> bool:
    """Return whether one of two bodies draws the other."""
    return bool(state.bodies[i].trailer == j or state.bodies[j].trailer == i)


@compiled
def sweep_pair(program: Program, state: State, i: int, j: int) -> bool:
    """Return whether two bodies touch within the step; tell their first touch."""
    a, b = state.bodies[i], state.bodies[j]
    fraction = first_contact(
        a.last_box_x, a.last_box_y, a.last_h, a.box_x, a.box_y, a.h,
        a.half_length, a.half_width, a.z + a.low, a.z + a.high,
        b.last_box_x, b.last_box_y, b.last_h, b.box_x, b.box_y, b.h,
        b.half_length, b.half_width, b.z + b.low, b.z + b.high,
    )  # fmt: skip
    if fraction > 1.0:
        return False
    if not (a.touched >> j) & 1:
        a.touched |= 1 << j
        b.touched |= 1 << i
        tell(program, state, i, j, fraction)
    return bool(
        overlap(
            a.box_x, a.box_y, a.h, a.half_length, a.half_width,
            b.box_x, b.box_y, b.h, b.half_length, b.half_width,
        )
    )  # fmt: skip


@compiled
def tell(program: Program, state: State, i: int, j: int, fraction: float) -> None:
    """Write down a first touch: when, where, how fast, and what it does to both."""
    n = int(state.clock[TOUCHED])
    state.clock[TOUCHED] = n + 1.0
    if n >= state.contacts.shape[0]:
        return
    a, b = state.bodies[i], state.bodies[j]
    dt = state.clock[STEP_S]
    ax = a.last_box_x + fraction * (a.box_x - a.last_box_x)
    ay = a.last_box_y + fraction * (a.box_y - a.last_box_y)
    bx = b.last_box_x + fraction * (b.box_x - b.last_box_x)
    by = b.last_box_y + fraction * (b.box_y - b.last_box_y)
    a_turn, b_turn = turned_by(a.last_h, a.h), turned_by(b.last_h, b.h)
    x, y, _, _ = contact_point(
        ax, ay, a.last_h + fraction * a_turn, a.half_length, a.half_width,
        bx, by, b.last_h + fraction * b_turn, b.half_length, b.half_width,
    )  # fmt: skip
    avx, avy = velocity_at(
        (a.box_x - a.last_box_x) / dt, (a.box_y - a.last_box_y) / dt, a_turn / dt, ax, ay, x, y
    )
    bvx, bvy = velocity_at(
        (b.box_x - b.last_box_x) / dt, (b.box_y - b.last_box_y) / dt, b_turn / dt, bx, by, x, y
    )
    masses = program.entities
    closing, delta_v, other = impact(
        avx,
        avy,
        state.values[masses[i].mass_slot],
        bvx,
        bvy,
        state.values[masses[j].mass_slot],
    )
    line = state.contacts[n]
    line.time = state.clock[TIME_NOW] - (1.0 - fraction) * dt
    line.x, line.y = x, y
    line.closing, line.delta_v, line.other_delta_v = closing, delta_v, other
    line.entity, line.other = i, j
