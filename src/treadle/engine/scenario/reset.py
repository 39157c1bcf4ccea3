"""The state before time 0."""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.scenario.state import CHANGED, State
from treadle.engine.scenario.tables import Program


@compiled
def reset(program: Program, state: State) -> None:
    """Set everything but `values` to what it is before Init."""
    for k in range(state.clock.shape[0]):
        state.clock[k] = 0.0
    state.clock[CHANGED] = 1.0
    for entity in range(state.bodies.shape[0]):
        reset_body(state, entity)
    for entity in range(program.entities.shape[0]):
        reset_box(program, state, entity)
    for i in range(state.pairs.shape[0]):
        for j in range(state.pairs.shape[1]):
            state.pairs[i, j] = 0
    for row in range(state.traffic.shape[0]):
        told = state.traffic[row]
        told.is_running, told.made, told.due = 0, 0, 0.0
    for row in range(state.elements.shape[0]):
        it = state.elements[row]
        it.state, it.started, it.ended, it.stopped, it.skipped = 0, -1, -1, -1, -1
        it.executions, it.asked, it.triggered = 0, -1, 0
    for a in range(state.actions.shape[0]):
        state.actions[a].is_running = 0
    for m in range(state.memories.shape[0]):
        reset_memory(state, m)
    for v in range(program.variables.shape[0]):
        state.variables[v] = state.values[program.variables[v].value_slot]
        state.words[v] = program.variables[v].word
    for k in range(program.signals.shape[0]):
        state.signals[k].word = program.signals[k].word
    for k in range(program.controllers.shape[0]):
        it = state.controllers[k]
        it.phase, it.since, it.is_set = 0, 0.0, 0
    for k in range(state.routes.shape[0]):
        state.routes[k].is_made = 0
    for k in range(state.trajectories.shape[0]):
        state.trajectories[k].is_made = 0
    for k in range(state.pedals.shape[0]):
        state.pedals[k].is_held = 0
    state.n_waiting[0] = 0


@compiled
def reset_memory(state: State, m: int) -> None:
    """Let a condition never have been asked."""
    it = state.memories[m]
    it.was, it.seen, it.before = -1, -2, -1
    it.level, it.first_due, it.n_due = 0, 0, 0
    it.told, it.sprung, it.who, it.who_now, it.who_before = -1, 0, 0, 0, 0
    it.value, it.since, it.x, it.y = 0.0, 0.0, 0.0, 0.0


@compiled
def reset_body(state: State, entity: int) -> None:
    """Let an entity be there, at rest, and nowhere yet."""
    body = state.bodies[entity]
    body.x, body.y, body.z, body.h, body.p, body.r = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    body.speed, body.acceleration, body.lateral_acceleration = 0.0, 0.0, 0.0
    body.last_x, body.last_y, body.last_z, body.last_h, body.last_speed = 0.0, 0.0, 0.0, 0.0, 0.0
    body.s, body.t, body.offset, body.turn, body.sideways = 0.0, 0.0, 0.0, 0.0, 0.0
    body.aside = 0.0
    body.odometer, body.standing, body.at_end = 0.0, -1.0, -1.0
    body.steering, body.slip, body.yaw_rate, body.route_s = 0.0, 0.0, 0.0, 0.0
    body.yaw, body.plain_road, body.model = 0.0, -1, 0
    body.axle_x, body.axle_y = 0.0, 0.0
    body.road, body.lane, body.facing = -1, 0, 1
    body.is_there, body.is_placed, body.is_visible = 1, 0, 1
    body.longitudinal, body.lateral, body.route, body.route_at = -1, -1, -1, 0
    body.driven_longitudinal, body.driven_lateral, body.moved = 0, 0, 0
    body.trailer, body.tractor, body.stopped_at_end = -1, -1, 0
    body.touching, body.touched = 0, 0
    body.traffic, body.serial, body.template = -1, 0, -1


@compiled
def reset_box(program: Program, state: State, entity: int) -> None:
    """Give a body the box that its variant declares; a slot of traffic is empty."""
    dress(state, entity, program.entities, entity)
    trailer = program.entities[entity].trailer
    state.bodies[entity].trailer = trailer
    if trailer >= 0:
        state.bodies[trailer].tractor = entity
    if entity >= program.entities.shape[0] - program.n_slots:
        state.bodies[entity].is_there = 0


@compiled
def dress(state: State, entity: int, rows: np.ndarray, row: int) -> None:
    """Make a body what a row of ENTITY says: its box, its mass and its kind."""
    body, it, values = state.bodies[entity], rows[row], state.values
    body.half_length = 0.5 * values[it.length_slot]
    body.half_width = 0.5 * values[it.width_slot]
    body.centre_x, body.centre_y = values[it.centre_x_slot], values[it.centre_y_slot]
    middle, half = values[it.centre_z_slot], 0.5 * values[it.height_slot]
    body.low, body.high = middle - half, middle + half
    body.radius = math.hypot(body.half_length, body.half_width)
    body.axle_behind = values[it.axle_behind_slot]
    body.mass, body.kind, body.category = values[it.mass_slot], it.kind, it.category
