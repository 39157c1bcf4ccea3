"""Collisions of a step: who touches whom, where and how hard, exactly between the steps."""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.contact.boxes import overlap
from treadle.engine.contact.impact import contact_point, impact, velocity_at
from treadle.engine.contact.sweep import first_contact, turned_by
from treadle.engine.routine import routine
from treadle.engine.scenario.room import TOO_MANY_CONTACTS
from treadle.engine.scenario.routines import place_of
from treadle.engine.scenario.shortage import run_short
from treadle.engine.scenario.state import STEP_S, TIME_NOW, TOUCHED, State
from treadle.engine.scenario.tables import Program

NOW, EVER = np.uint8(1), np.uint8(2)
"""Bits of State.pairs."""


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
            if touching or a.touching > 0:
                note_touch(state, i, j, touching)


@compiled
def note_touch(state: State, i: int, j: int, touching: bool) -> None:
    """Note whether two bodies touch now, i before j."""
    was = state.pairs[i, j] & NOW
    if touching == (was != 0):
        return
    state.pairs[i, j] ^= NOW
    change = 1 if touching else -1
    state.bodies[i].touching += change
    state.bodies[j].touching += change


@compiled
def touch(state: State, i: int, j: int) -> bool:
    """Return whether two bodies touch."""
    return bool(state.pairs[min(i, j), max(i, j)] & NOW)


@compiled
def part(state: State, entity: int) -> None:
    """Let a body that goes out of the world touch nobody any more."""
    if state.bodies[entity].touching > 0:
        for other in range(state.bodies.shape[0]):
            if other != entity:
                note_touch(state, min(entity, other), max(entity, other), False)


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
    if state.pairs[i, j] & EVER == 0:
        state.pairs[i, j] |= EVER
        a.touched += 1
        b.touched += 1
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
        run_short(state, TOO_MANY_CONTACTS)
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
    closing, delta_v, other = impact(avx, avy, a.mass, bvx, bvy, b.mass)
    line = state.contacts[n]
    line.time = state.clock[TIME_NOW] - (1.0 - fraction) * dt
    line.x, line.y = x, y
    line.closing, line.delta_v, line.other_delta_v = closing, delta_v, other
    line.entity, line.other = i, j
    line.serial, line.other_serial = a.serial, b.serial
    line.traffic, line.other_traffic = a.traffic, b.traffic
