"""Vehicles that move by a single-track model: driven after where the default motion wants them.

The plan takes its step first (plans.py); the driver steers the vehicle to the path beside it and
keeps to the plan's speed, within what wheels and brakes can do; the model takes the step. On a
road the vehicle leans as that does. Where a driver under test steers, there is no path to keep to:
the wheels turn after its command, and the plan goes along with the vehicle.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.project import on_hinted
from treadle.engine.road.surface import attitude_at
from treadle.engine.scenario.actions.pedals import (
    are_held,
    move_pedals,
    press,
    through_gears,
    wheel_of,
)
from treadle.engine.scenario.motion import count_standing, move
from treadle.engine.scenario.place import find_on_road, forget_motion, leg_of, wrapped
from treadle.engine.scenario.plans import note_path, path_beside, start_plan, swap
from treadle.engine.scenario.state import FAILED, LEGS, LOST_NUMBERS, State
from treadle.engine.scenario.tables import DYNAMIC, Program
from treadle.engine.vehicle.driver import keep_speed, steer, within
from treadle.engine.vehicle.kinematic import step_kinematic
from treadle.engine.vehicle.single_track import (
    GRAVITY,
    REAR_CORNERING,
    UNDERSTEER,
    dynamic_share,
    step_dynamic,
    usual_car,
)

USUAL_WHEELBASE = 2.7
"""Of a vehicle of no length [m]."""
WHEELBASE_SHARE = 0.6
"""Of its length: the wheelbase of a vehicle that tells no axles (a car of 4.5 m has 2.7 m)."""
LEAST_WHEELBASE = 0.5
"""A front axle nearer to the rear one [m] is taken as not told."""
USUAL_STEERING = 0.6
"""How far the wheels of a vehicle turn that does not tell it [rad]."""
MOST_STEERING = 1.2
"""Wheels that turn further [rad] are taken to turn so far."""
STEERING_RATE = 0.4
"""How fast they turn at most [rad/s] (passenger cars of the CommonRoad vehicle models: Althoff,
Koschi, Manzinger, IEEE Intelligent Vehicles Symposium 2017)."""
USUAL_MASS = 1500.0
"""[kg]; with tyres as usual for the load, motion does not depend on it."""
REST = 1e-9
"""Slower [m/s] is standing."""
_LEGS_BACK = 2


@compiled
def set_down(program: Program, state: State, entity: int, dt: float) -> None:
    """Let a vehicle go on from where its plan was put, its wheels turned as its lane bends.

    It is turned as it was put, so with tyres it takes a moment to lean into a bend.
    """
    body, plan = state.bodies[entity], state.plans[entity]
    start_plan(program, state, entity)
    wheelbase, most = wheels_of(program, state, entity)
    v, bend = body.speed, plan.bend
    body.steering = within(math.atan(wheelbase * bend), most)
    body.yaw_rate = v * math.tan(body.steering) / wheelbase
    body.slip = 0.5 * wheelbase * body.yaw_rate
    if body.model == DYNAMIC:
        more = dynamic_share(v) * UNDERSTEER * v * v * bend
        body.steering = within(body.steering + more, most)


@compiled
def drive_vehicle(program: Program, state: State, entity: int, dt: float) -> None:
    """Move a modelled vehicle and its plan by one step.

    The driver sees where both are now, and the speed that the plan will have at the step's end.
    """
    body = state.bodies[entity]
    driver = who_steers(program, state, entity)
    if driver >= 0:
        drive_by_command(program, state, entity, state.commands[driver].curvature, dt)
        return
    held, angle, turning = wheel_of(state, entity)
    if held:
        drive_by_wheel(program, state, entity, angle, turning, dt)
        return
    x, y, direction, bend = path_beside(program, state, entity)
    wheelbase, most_steering = wheels_of(program, state, entity)
    understeer, drift = 0.0, 0.0
    if body.model == DYNAMIC:
        understeer, drift = UNDERSTEER, drift_of(body.speed, bend)
    acceleration = accelerate(program, state, entity, dt)
    rate = steer(
        body.x, body.y, body.h - drift, body.speed, body.steering, x, y, direction, bend,
        wheelbase, understeer, most_steering, STEERING_RATE, dt,
    )  # fmt: skip
    move_plan(program, state, entity, dt)
    roll(program, state, entity, acceleration, rate, wheelbase, dt)


@compiled
def who_steers(program: Program, state: State, entity: int) -> int:
    """Return which driver under test steers a vehicle; -1: none."""
    if not state.bodies[entity].driven_lateral:
        return -1
    for driver in range(program.drivers.shape[0]):
        if program.drivers[driver].entity == entity and state.commands[driver].steers:
            return driver
    return -1


@compiled
def drive_by_command(
    program: Program, state: State, entity: int, curvature: float, dt: float
) -> None:
    """Move a modelled vehicle by one step on the way that its driver commands.

    The wheels turn towards the angle at which the vehicle steadily goes with this curvature.
    """
    body, plan = state.bodies[entity], state.plans[entity]
    wheelbase, most = wheels_of(program, state, entity)
    angle = math.atan(wheelbase * curvature)
    if body.model == DYNAMIC:
        angle += dynamic_share(body.speed) * UNDERSTEER * body.speed * body.speed * curvature
    rate = within((within(angle, most) - body.steering) / dt, STEERING_RATE)
    plan.ahead = 0.0
    roll(program, state, entity, pedals(program, state, entity, dt), rate, wheelbase, dt)
    take_plan_along(program, state, entity)


@compiled
def drive_by_wheel(
    program: Program, state: State, entity: int, angle: float, turning: float, dt: float
) -> None:
    """Move a modelled vehicle by one step, its wheels turned as a scenario holds them.

    They turn no further and no faster than the vehicle's own, whatever is wanted. The speed is that
    of the plan, or what comes of the pedals.

    Parameters
    ----------
    angle
        That the wheels are to have [rad].
    turning
        How fast they may turn to it [rad/s].
    """
    body, plan = state.bodies[entity], state.plans[entity]
    wheelbase, most = wheels_of(program, state, entity)
    rate = within((within(angle, most) - body.steering) / dt, min(STEERING_RATE, turning))
    plan.ahead = 0.0
    acceleration = accelerate(program, state, entity, dt)
    wanted = plan.speed
    roll(program, state, entity, acceleration, rate, wheelbase, dt)
    take_plan_along(program, state, entity)
    plan.speed = wanted


@compiled
def take_plan_along(program: Program, state: State, entity: int) -> None:
    """Let a plan stand where its vehicle does, at its speed."""
    start_plan(program, state, entity)
    swap(state, entity, entity)
    forget_motion(state, entity)
    swap(state, entity, entity)


@compiled
def accelerate(program: Program, state: State, entity: int, dt: float) -> float:
    """Return the acceleration of a step [m/s2]: by pedals that are held, else by the driver.

    The plan goes as fast as the vehicle where it is not the driver's to say.
    """
    body = state.bodies[entity]
    move_pedals(state, entity, dt)
    wish = pedals(program, state, entity, dt)
    left = through_gears(program, state, entity, wish, dt)
    if are_held(state, entity) and not body.stopped_at_end:
        left = press(program, state, entity, dt)
    elif left == wish:
        return wish
    state.plans[entity].speed = body.speed + left * dt
    return left


@compiled
def roll(
    program: Program,
    state: State,
    entity: int,
    acceleration: float,
    rate: float,
    wheelbase: float,
    dt: float,
) -> None:
    """Take a step of a vehicle's model, at this acceleration and rate of its wheels' angle."""
    body = state.bodies[entity]
    if body.speed == 0.0 and acceleration == 0.0:
        body.acceleration, body.slip, body.yaw_rate = 0.0, 0.0, 0.0
        count_standing(state, entity, dt)
        return
    if body.model == DYNAMIC:
        go_with_tyres(program, state, entity, acceleration, rate, wheelbase, dt)
    else:
        body.x, body.y, body.h, body.speed, body.steering = step_kinematic(
            body.x, body.y, body.h, body.speed, body.steering, acceleration, rate, wheelbase, dt
        )
        body.yaw_rate = body.speed * math.tan(body.steering) / wheelbase
    if abs(body.speed) < REST:
        body.speed = 0.0
    body.h = wrapped(body.h)
    body.acceleration = (body.speed - body.last_speed) / dt
    body.odometer += math.hypot(body.x - body.last_x, body.y - body.last_y)
    count_standing(state, entity, dt)
    stand_near(program, state, entity)


@compiled
def drift_of(v: float, bend: float) -> float:
    """Return how far a usual car is turned into a bend that it drives steadily [rad].

    Its rear tyres slip by their lateral force over their stiffness, v^2 bend / (g C'): along the
    path goes the axle, not the heading.
    """
    return dynamic_share(v) * v * v * bend / (GRAVITY * REAR_CORNERING)


@compiled
def move_plan(program: Program, state: State, entity: int, dt: float) -> None:
    """Move the plan as the default motion does, and note its path."""
    body = state.bodies[entity]
    swap(state, entity, entity)
    move(program, state, entity, dt)
    if not math.isfinite(body.x + body.y + body.z + body.h + body.speed):
        state.clock[FAILED] = LOST_NUMBERS
    note_path(state, entity, dt)
    forget_motion(state, entity)
    swap(state, entity, entity)


@compiled
def pedals(program: Program, state: State, entity: int, dt: float) -> float:
    """Return the acceleration [m/s2] that keeps a vehicle at its plan, as far as it can."""
    body, plan, it = state.bodies[entity], state.plans[entity], program.entities[entity]
    top = state.values[it.max_speed_slot]
    wanted = 0.0 if body.stopped_at_end else within(plan.speed, top)
    acceleration = keep_speed(
        -plan.sense * plan.ahead,
        wanted,
        body.speed,
        state.values[it.max_acceleration_slot],
        state.values[it.max_deceleration_slot],
        dt,
    )
    if abs(body.speed + acceleration * dt) > top >= abs(body.speed):
        acceleration = (math.copysign(top, body.speed) - body.speed) / dt
    return acceleration


@compiled
def wheels_of(program: Program, state: State, entity: int) -> tuple[float, float]:
    """Return the wheelbase [m] and how far the front wheels turn [rad]; what is not told, usual.

    The reference point is the middle of the rear axle, so the front axle's x is the wheelbase.
    """
    body, it = state.bodies[entity], program.entities[entity]
    wheelbase = float(state.values[it.front_axle_slot])
    if not wheelbase >= LEAST_WHEELBASE:
        wheelbase = 2.0 * WHEELBASE_SHARE * body.half_length
    if not wheelbase >= LEAST_WHEELBASE:
        wheelbase = USUAL_WHEELBASE
    steering = float(state.values[it.max_steering_slot])
    if not steering > 0.0:
        steering = USUAL_STEERING
    return wheelbase, min(steering, MOST_STEERING)


@compiled
def go_with_tyres(
    program: Program,
    state: State,
    entity: int,
    acceleration: float,
    rate: float,
    wheelbase: float,
    dt: float,
) -> None:
    """Take a step of the dynamic model."""
    body = state.bodies[entity]
    mass = float(state.values[program.entities[entity].mass_slot])
    if not (mass > 0.0 and math.isfinite(mass)):
        mass = USUAL_MASS
    front, rear, at_front, at_rear, inertia = usual_car(mass, wheelbase, UNDERSTEER)
    body.x, body.y, body.h, body.speed, body.slip, body.yaw_rate, body.steering = step_dynamic(
        body.x, body.y, body.h, body.speed, body.slip, body.yaw_rate, body.steering,
        acceleration, rate, mass, inertia, front, rear, at_front, at_rear, dt,
    )  # fmt: skip


@compiled
def stand_near(program: Program, state: State, entity: int) -> None:
    """Find the road of a vehicle that was driven; of roads one on another that of its plan."""
    body, plan = state.bodies[entity], state.plans[entity]
    if plan.road >= 0 and plan.road != body.road:
        _, _, holds = on_hinted(program.roads, plan.road, body.x, body.y, plan.s)
        if holds:
            body.road, body.s = plan.road, plan.s
    find_on_road(program, state, entity)
    if body.road < 0:
        body.z, body.p, body.r = plan.z, plan.p, plan.r
        return
    body.z, _, body.p, body.r = attitude_at(program.roads, body.road, body.s, body.t, body.turn)
    if body.route < 0:
        return
    if body.route_at < 0 or state.legs[LEGS * body.route + body.route_at] != body.road:
        leg = leg_of(state, body.route, body.road, max(0, plan.route_at - _LEGS_BACK))
        body.route_at = leg if leg >= 0 else plan.route_at
