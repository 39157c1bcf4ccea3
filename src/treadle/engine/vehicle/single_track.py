"""The dynamic single-track model with linear tyres.

Riekert and Schunck: Zur Fahrmechanik des gummibereiften Kraftfahrzeugs, Ingenieur-Archiv 11, 1940;
Mitschke and Wallentowitz: Dynamik der Kraftfahrzeuge, part III. Symbols and signs of ISO 8855.

    m (vy' + v r) = Ff + Fr        Ff = Cf (steering - (vy + lf r) / v)
    J r'          = lf Ff - lr Fr  Fr = -Cr (vy - lr r) / v

Tyre forces have no limit, so a lateral acceleration beyond some 4 m/s2 is not to be trusted; the
speed follows the wish of the driver, without losses by side slip. The equations break down as v
goes to zero: below SLOW the model is kinematic, between SLOW and FAST it goes over smoothly.
"""

import math

from treadle.engine.compiled import compiled, inlined
from treadle.engine.vehicle.kinematic import parts_of

SLOW = 2.0
"""At and below this speed [m/s], and in reverse, the wheels roll where they point."""
FAST = 4.0
"""From this speed [m/s] on the tyres alone decide."""
SETTLING = 0.05
"""Time in which slip fades at low speed [s]."""
LONGEST_STEP = 0.01
"""Longer steps are taken in parts of at most this [s]; shorter ones where the tyres are stiff."""
GRAVITY = 9.80665
REAR_CORNERING = 11.5
"""Cornering stiffness of an axle for its load [1/rad]: about 0.2 per degree for radial tyres
(Gillespie: Fundamentals of Vehicle Dynamics, 1992, chapter 6)."""
UNDERSTEER = 0.0035
"""Understeer gradient [rad s2/m]: 2 degrees for each g, an ordinary passenger car (same source)."""


@compiled
def usual_car(
    mass: float, wheelbase: float, understeer: float
) -> tuple[float, float, float, float, float]:
    """Return parameters of a vehicle of which only mass and wheelbase are known.

    Both axles carry the same load; the rear has REAR_CORNERING, the front so much less that the
    understeer gradient comes out: EG = m / l (lr / Cf - lf / Cr). Yaw inertia m lf lr (dynamic
    index 1). An assumption: give measured values where there are any.

    Parameters
    ----------
    mass, wheelbase
        [kg], [m].
    understeer
        [rad s2/m], see UNDERSTEER; not negative.

    Returns
    -------
    front, rear : float
        Centre of gravity to the axles [m].
    front_stiffness, rear_stiffness : float
        Of the whole axle [N/rad].
    inertia : float
        About the vertical axis [kg m2].
    """
    front = 0.5 * wheelbase
    rear = wheelbase - front
    load = mass * GRAVITY
    rear_stiffness = REAR_CORNERING * load * front / wheelbase
    front_stiffness = load * rear / wheelbase / (1.0 / REAR_CORNERING + GRAVITY * understeer)
    return front, rear, front_stiffness, rear_stiffness, mass * front * rear


@inlined
def understeer_of(
    mass: float, front: float, rear: float, front_stiffness: float, rear_stiffness: float
) -> float:
    """Return the understeer gradient [rad s2/m]: yaw rate = v steering / (l + EG v2)."""
    return mass / (front + rear) * (rear / front_stiffness - front / rear_stiffness)


@inlined
def dynamic_share(v: float) -> float:
    """Return how much the tyres decide at a speed: 0 up to SLOW, 1 from FAST on, smooth between."""
    part = min(1.0, max(0.0, (v - SLOW) / (FAST - SLOW)))
    return part * part * (3.0 - 2.0 * part)


@compiled
def slip_rates(
    v: float,
    side: float,
    yaw_rate: float,
    steering: float,
    mass: float,
    inertia: float,
    front: float,
    rear: float,
    front_stiffness: float,
    rear_stiffness: float,
) -> tuple[float, float]:
    """Return how lateral speed [m/s2] and yaw rate [rad/s2] change."""
    share = dynamic_share(v)
    rolling = v * math.tan(steering) / (front + rear)
    side_rate = (rear * rolling - side) / SETTLING
    yaw_change = (rolling - yaw_rate) / SETTLING
    if share <= 0.0:
        return side_rate, yaw_change
    at_front = front_stiffness * (steering - (side + front * yaw_rate) / v)
    at_rear = -rear_stiffness * (side - rear * yaw_rate) / v
    return (
        share * ((at_front + at_rear) / mass - v * yaw_rate) + (1.0 - share) * side_rate,
        share * (front * at_front - rear * at_rear) / inertia + (1.0 - share) * yaw_change,
    )


@compiled
def step_dynamic(
    x: float,
    y: float,
    h: float,
    v: float,
    side: float,
    yaw_rate: float,
    steering: float,
    acceleration: float,
    steering_rate: float,
    mass: float,
    inertia: float,
    front: float,
    rear: float,
    front_stiffness: float,
    rear_stiffness: float,
    dt: float,
) -> tuple[float, float, float, float, float, float, float]:
    """Return the state of a dynamic single-track model after a step.

    Classic Runge-Kutta of fourth order, in parts short enough to be stable.

    Parameters
    ----------
    x, y, h
        Of the rear axle's middle [m], heading [rad].
    v, side
        Speed forward, and to the left at the centre of gravity [m/s].
    yaw_rate
        [rad/s].
    steering
        Angle of the front wheels [rad].
    acceleration, steering_rate
        Held over the step [m/s2], [rad/s].
    mass, inertia
        [kg], [kg m2].
    front, rear
        Centre of gravity to the axles [m].
    front_stiffness, rear_stiffness
        Cornering stiffness of the axles [N/rad].
    dt
        [s].

    Returns
    -------
    x, y, h, v, side, yaw_rate, steering : float
    """
    slowest = max(SLOW, min(v, v + acceleration * dt))
    stiffness = front_stiffness + rear_stiffness
    turning = front_stiffness * front * front + rear_stiffness * rear * rear
    fastest = max(stiffness / mass, turning / inertia) / slowest
    parts = parts_of(dt, min(LONGEST_STEP, 0.5 / max(fastest, 1.0)))
    part = dt / parts
    half = 0.5 * part
    for _ in range(parts):
        v1, d1 = v + half * acceleration, steering + half * steering_rate
        v2, d2 = v + part * acceleration, steering + part * steering_rate
        s0, r0 = side, yaw_rate
        ka, la = slip_rates(
            v, s0, r0, steering, mass, inertia, front, rear, front_stiffness, rear_stiffness
        )
        s1, r1 = side + half * ka, yaw_rate + half * la
        kb, lb = slip_rates(
            v1, s1, r1, d1, mass, inertia, front, rear, front_stiffness, rear_stiffness
        )
        s2, r2 = side + half * kb, yaw_rate + half * lb
        kc, lc = slip_rates(
            v1, s2, r2, d1, mass, inertia, front, rear, front_stiffness, rear_stiffness
        )
        s3, r3 = side + part * kc, yaw_rate + part * lc
        kd, ld = slip_rates(
            v2, s3, r3, d2, mass, inertia, front, rear, front_stiffness, rear_stiffness
        )
        xa, ya = _velocity(v, s0 - rear * r0, h)
        xb, yb = _velocity(v1, s1 - rear * r1, h + half * r0)
        xc, yc = _velocity(v1, s2 - rear * r2, h + half * r1)
        xd, yd = _velocity(v2, s3 - rear * r3, h + part * r2)
        x += part / 6.0 * (xa + 2.0 * (xb + xc) + xd)
        y += part / 6.0 * (ya + 2.0 * (yb + yc) + yd)
        h += part / 6.0 * (r0 + 2.0 * (r1 + r2) + r3)
        side += part / 6.0 * (ka + 2.0 * (kb + kc) + kd)
        yaw_rate += part / 6.0 * (la + 2.0 * (lb + lc) + ld)
        v, steering = v2, d2
    return x, y, h, v, side, yaw_rate, steering


@inlined
def _velocity(forward: float, left: float, h: float) -> tuple[float, float]:
    """Return the velocity in the plane [m/s]."""
    return forward * math.cos(h) - left * math.sin(h), forward * math.sin(h) + left * math.cos(h)
