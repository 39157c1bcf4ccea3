"""Routes, positions on them, and the actions that give an entity one (section 6.8)."""

from treadle.engine.scenario.tables import (
    ACQUIRE_POSITION,
    ASSIGN_ROUTE,
    IN_ROUTE_BY_LANE,
    IN_ROUTE_BY_ROAD,
    IN_ROUTE_OF_ENTITY,
    LANE_POSITION,
    RANDOM_ROUTE,
    ROAD_POSITION,
    ROUTE_POSITION,
    TRAJECTORY_POSITION,
    WORLD,
)
from treadle.kernel import InvalidInputError
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.positions import lower_position, orientation

STRATEGIES = ("shortest", "fastest", "leastIntersections", "random")
_LEAST = 2
_WITH_ROUTE_LINE = 3
"""The revision 1.x in which a route has a reference line of its own."""


def lower_assign_route(build: Build, action: Element) -> dict[str, int]:
    """Lower an AssignRouteAction."""
    return {"kind": ASSIGN_ROUTE, "route": lower_route(build, action)}


def lower_acquire_position(build: Build, action: Element) -> dict[str, int]:
    """Lower an AcquirePositionAction: the shortest route from where its actor is."""
    target = lower_position(build, action.only("Position"))
    first = build.waypoints.add(position=target)
    route = build.routes.add(first_waypoint=first, n_waypoints=1, from_actor=1)
    return {"kind": ACQUIRE_POSITION, "route": route}


def lower_random_route(build: Build, action: Element) -> dict[str, int]:
    """Lower a RandomRouteAction (1.2): at each junction a way drawn by the run's seed."""
    action.executed()
    route = build.routes.add(from_actor=1, is_random=1)
    return {"kind": RANDOM_ROUTE, "route": route}


def lower_route(build: Build, holder: Element) -> int:
    """Lower the Route in an element, or the catalog's that it refers to; return its row."""
    route = holder.only("Route", "CatalogReference").resolved()
    route.text("name", default="")
    if (declarations := route.child("ParameterDeclarations")) is not None:
        declarations.executed()
    waypoints = route.all("Waypoint")
    if len(waypoints) < _LEAST:
        text = f"{route.place}: a route needs two waypoints or more"
        raise InvalidInputError(text)
    rows = []
    for waypoint in waypoints:
        strategy = STRATEGIES.index(waypoint.word("routeStrategy", STRATEGIES))
        position = lower_position(build, waypoint.only("Position"))
        rows.append({"position": position, "strategy": strategy})
    first = len(build.waypoints)
    for row in rows:
        build.waypoints.add(**row)
    return build.routes.add(
        first_waypoint=first,
        n_waypoints=len(rows),
        is_closed=int(route.flag("closed")),
        is_fixed=int(all(is_fixed(build, row["position"]) for row in rows)),
    )


def lower_route_position(build: Build, element: Element) -> dict[str, int]:
    """Lower a RoutePosition; in 1.0 the route and the orientation stand beside the place.

    Lane and t: "of the actual position" (1.0 to 1.2, class PositionInLaneCoordinates), so the
    road's; 1.3 speaks of a reference line of the route, so they are the route's.
    """
    route = lower_route(build, element.child("RouteRef") or element)
    inside = element.only("InRoutePosition")
    inside.executed()
    fields = {
        "kind": ROUTE_POSITION,
        "route": route,
        "by_road": int(build.minor < _WITH_ROUTE_LINE),
        **orientation(build, element),
    }
    if it := inside.child("FromCurrentEntity", "PositionOfCurrentEntity"):
        return {**fields, "in_route": IN_ROUTE_OF_ENTITY, "entity": build.entity(it)}
    it = inside.only(
        "FromRoadCoordinates",
        "PositionInRoadCoordinates",
        "FromLaneCoordinates",
        "PositionInLaneCoordinates",
    )
    fields["a_slot"] = build.number(it, "pathS")
    if it.tag.endswith("RoadCoordinates"):
        return {**fields, "in_route": IN_ROUTE_BY_ROAD, "b_slot": build.number(it, "t")}
    return {
        **fields,
        "in_route": IN_ROUTE_BY_LANE,
        "b_slot": build.number(it, "laneId"),
        "c_slot": build.number(it, "laneOffset", 0.0),
    }


def is_fixed(build: Build, position: int) -> bool:
    """Whether a position depends on no entity's state."""
    if position < 0:
        return False
    row = build.positions.get(position)
    if row["kind"] == ROUTE_POSITION:
        fixed = bool(build.routes.get(row["route"])["is_fixed"])
        return fixed and row["in_route"] != IN_ROUTE_OF_ENTITY
    if row["kind"] == TRAJECTORY_POSITION:
        return bool(build.trajectories.get(row["trajectory"])["is_fixed"])
    return row["kind"] in (WORLD, ROAD_POSITION, LANE_POSITION)
