"""Actions that give an entity a route (OpenSCENARIO XML 1.3, RoutingAction)."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.place import leg_of
from treadle.engine.scenario.positions.routes import make_route
from treadle.engine.scenario.state import FAILED, LEGS, State
from treadle.engine.scenario.tables import ASSIGN_ROUTE, Program


@compiled
def begin_route(program: Program, state: State, a: int) -> bool:
    """Give an entity a route: at once (AssignRouteAction), or until it is at a position.

    AcquirePositionAction ends on arrival; a RandomRouteAction goes on (7.4.1.5).
    """
    action = program.actions[a]
    body = state.bodies[action.entity]
    make_route(program, state, action.route, action.entity)
    if state.clock[FAILED] != 0.0:
        return True
    body.route = action.route
    body.route_at = leg_of(state, action.route, body.road, 0)
    it = state.actions[a]
    it.a = state.routes[action.route].length
    it.b = body.odometer
    return bool(action.kind == ASSIGN_ROUTE)


@compiled
def proceed_acquire(program: Program, state: State, a: int, dt: float) -> bool:
    """Return whether an entity is on the last road of its route, at its end or past it."""
    action = program.actions[a]
    body, route = state.bodies[action.entity], state.routes[action.route]
    if body.route != action.route:
        return True
    if body.road < 0 or body.road != state.legs[LEGS * action.route + route.n_legs - 1]:
        return False
    if route.n_legs > 1 and body.route_at < route.n_legs - 1:
        return False
    return bool((body.s - route.end_s) * body.facing >= 0.0)


@compiled
def proceed_random(program: Program, state: State, a: int, dt: float) -> bool:
    """Go on for ever: a random route ends where another action takes it over."""
    return False
