"""Lateral distance in the plane: a line beside another entity, and the way there (7.4.1.2).

In the entity and the world system, and off the roads, the place at a lateral distance is a line
along the other entity's heading (or the world's x axis); in the system of a trajectory it is one
beside the trajectory that the other entity follows, taken as straight for each step. The class
leaves open how the actor goes there within its constraints. Here it drives: it keeps its speed and
turns. From afar it goes straight towards the line; nearer than a radius it turns into it, its
heading a function of the way that is left, smooth at both ends. It turns no faster than a v allows
(lateral acceleration a, speed v), and goes sideways no faster than maxSpeed. This is the law of
esmini, told by its source (LatDistanceAction), so that scenarios made with it go as their authors
saw; the radius is where that law's own path bends most.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.surface import attitude_at
from treadle.engine.scenario.actions.distance_gap import beside_curve
from treadle.engine.scenario.place import find_on_road, wrapped
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import TRAJECTORY_SYSTEM, WORLD_SYSTEM, Program

LEAST_RADIUS = 0.5
"""Nobody turns in on a smaller radius [m]."""
PEAK = 1.5
"""How much more than an arc of its radius the path bends where it bends most."""
MOST_ACCELERATION = 1000.0
"""Constraints beyond that are none [m/s2]; kept finite."""
ON_LINE = 1e-6
"""So near it is on its line [m]."""


@compiled
def line_heading(program: Program, state: State, entity: int, other: int, system: int) -> float:
    """Return which way a line beside another entity leads where this one is.

    As that looks, as its trajectory goes there, or along the world's x axis.
    """
    if system == TRAJECTORY_SYSTEM:
        _, _, along = beside_curve(program, state, entity, other)
        return along
    return 0.0 if system == WORLD_SYSTEM else float(state.bodies[other].h)


@compiled
def line_turned(program: Program, state: State, entity: int, other: int, system: int) -> bool:
    """Return whether an entity looks against a line: it will go along it that way round.

    Who comes across it goes as the line leads.
    """
    along = line_heading(program, state, entity, other, system)
    return bool(math.cos(state.bodies[entity].h - along) < -ON_LINE)


@compiled
def stand_in_plane(
    program: Program, state: State, entity: int, x: float, y: float, heading: float
) -> None:
    """Set a body somewhere in the plane for this step; on a road it leans as the road does."""
    body = state.bodies[entity]
    body.x, body.y, body.h = x, y, heading
    find_on_road(program, state, entity)
    if body.road >= 0:
        body.z, _, body.p, body.r = attitude_at(program.roads, body.road, body.s, body.t, body.turn)
    body.moved = 1


@compiled
def stand_on_line(
    program: Program, state: State, entity: int, along: float, left: float, dt: float
) -> None:
    """Set a body on its line at once, `left` [m] to its left, looking along it.

    What is left of the way of its step it goes along the line.
    """
    body = state.bodies[entity]
    way = math.copysign(max(0.0, abs(body.speed) * dt - abs(left)), body.speed)
    x = body.x - left * math.sin(along) + way * math.cos(along)
    y = body.y + left * math.cos(along) + way * math.sin(along)
    stand_in_plane(program, state, entity, x, y, along)


@compiled
def drive_to_line(
    program: Program,
    state: State,
    entity: int,
    along: float,
    left: float,
    limits: tuple[float, float],
    dt: float,
) -> None:
    """Go on by one step towards a line that is `left` [m] to the left, looked along it.

    Parameters
    ----------
    along [rad]
        Which way the line leads.
    limits [m/s2, m/s]
        The acceleration and the speed sideways that are allowed.
    """
    body = state.bodies[entity]
    way = body.speed * dt
    backwards = math.pi if way < 0.0 else 0.0
    turned = wrapped(body.h + backwards - along)  # of the way that it goes, against the line
    turned += turn_to_line(turned, left, abs(body.speed), abs(way), limits)
    heading = along + turned + backwards
    x, y = body.x + way * math.cos(heading), body.y + way * math.sin(heading)
    stand_in_plane(program, state, entity, x, y, heading)


@compiled
def turn_to_line(
    turned: float, left: float, speed: float, way: float, limits: tuple[float, float]
) -> float:
    """Return by how much to turn in one step [rad].

    With the radius R = 1.5 v^2 / a it turns by at most 1.5 v / R a second, which is a / v. At a
    distance d from the line, d = R (1 - cos alpha) on an arc of that radius into it; the share
    u = 2 alpha / pi of a right angle, made smooth as 3 u^2 - 2 u^3, is how much it looks towards
    the line rather than along it. alpha is at least half a step's, and u that of half a step on:
    what is turned by is what the middle of the step needs.

    Parameters
    ----------
    turned, left
        How it goes now against the line [rad]; where the line is [m], positive to the left.
    speed, way
        [m/s] and [m] of the step; both positive.
    """
    if abs(left) < ON_LINE or way <= 0.0:
        return -turned if abs(left) < ON_LINE else 0.0
    radius = max(LEAST_RADIUS, PEAK * speed * speed / min(limits[0], MOST_ACCELERATION))
    if way > 2.0 * abs(left) and way > 2.0 * radius:  # nearer than a step: there at its end
        return wrapped(math.asin(left / way) - turned)
    most = min(PEAK * way / radius, math.pi - ON_LINE)
    across = wrapped(math.copysign(0.5 * math.pi, left) - turned)
    turn = across
    if abs(left) < radius:
        step = way / radius
        angle = max(math.acos(1.0 - abs(left) / radius), 0.5 * step)
        share = (2.0 * angle - 0.5 * step) / math.pi
        share = share * share * (3.0 - 2.0 * share)
        turn = share * across - (1.0 - share) * turned
    if speed > limits[1]:  # no faster sideways
        most_turned = math.asin(limits[1] / speed)
        turn = min(most_turned, max(-most_turned, turned + turn)) - turned
    return min(most, max(-most, turn))
