"""Trajectories, positions on them, and FollowTrajectoryAction (section 6.9)."""

from treadle.engine.curve.tables import AT_CORNERS, EVENLY
from treadle.engine.scenario.tables import (
    ABSOLUTE_TIMING,
    CLOTHOID,
    CLOTHOID_SPLINE,
    FOLLOW_TRAJECTORY,
    FOLLOWING_MODES,
    NO_TIMING,
    NOT_TURNED,
    NURBS,
    POLYLINE,
    RELATIVE_TIMING,
    TRAJECTORY_POSITION,
)
from treadle.kernel import InvalidInputError
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.dialect import NO_MANNER
from treadle.proving.rules.lowering.positions import lower_position, orientation
from treadle.proving.rules.lowering.routes import is_fixed
from treadle.proving.rules.lowering.slots import ONE, UNKNOWN

PIECES_OF_SPAN = 64
"""As many rows the engine lays a NURBS's span in (engine.curve.nurbs.PIECES_OF_SPAN)."""
_LEAST = 2


def lower_follow_trajectory(build: Build, action: Element, entity: int) -> dict[str, int]:
    """Lower a FollowTrajectoryAction; with Timing it is in the longitudinal domain, too."""
    manner = build.manners.get(entity, NO_MANNER)
    mode = action.only("TrajectoryFollowingMode").word("followingMode", FOLLOWING_MODES)
    blend = manner.blend
    if blend is None:
        blend = EVENLY if mode == "follow" else AT_CORNERS
    holder = action.child("TrajectoryRef") or action
    trajectory = lower_trajectory(build, holder, blend)
    time = _timing(build, action)
    if time["timing"] != NO_TIMING and not build.trajectories.get(trajectory)["has_times"]:
        text = "the action wants times, the trajectory has none at its start and end"
        action.ledger.warning("semantic.no_times", text, action.node)
        time = {"timing": NO_TIMING}
    return {
        "kind": FOLLOW_TRAJECTORY,
        "is_lateral": 1,
        "is_longitudinal": int(time["timing"] != NO_TIMING),
        "trajectory": trajectory,
        "along_curve": int(manner.along_curve),
        "following": FOLLOWING_MODES.index(mode),
        "distance_offset_slot": build.number(action, "initialDistanceOffset", 0.0),
        **time,
    }


def _timing(build: Build, action: Element) -> dict[str, int]:
    reference = action.child("TimeReference")
    timing = reference.child("Timing") if reference else None
    if reference is not None and (none := reference.child("None")) is not None:
        none.executed()
    if timing is None:
        return {"timing": NO_TIMING}
    kind = timing.word("domainAbsoluteRelative", ("absolute", "relative"))
    return {
        "timing": ABSOLUTE_TIMING if kind == "absolute" else RELATIVE_TIMING,
        "scale_slot": build.number(timing, "scale", 1.0),
        "time_offset_slot": build.number(timing, "offset", 0.0),
    }


def lower_trajectory(build: Build, holder: Element, blend: int = AT_CORNERS) -> int:
    """Lower the Trajectory in an element, or the catalog's that it refers to; return its row."""
    inner = len(build.trajectories)
    trajectory = holder.only("Trajectory", "CatalogReference").resolved()
    trajectory.text("name", default="")
    if (declarations := trajectory.child("ParameterDeclarations")) is not None:
        declarations.executed()
    holding = trajectory.only("Shape")
    holding.executed()
    shape = holding.only("Polyline", "Clothoid", "ClothoidSpline", "Nurbs")
    shape.executed()
    closed = trajectory.flag("closed")
    fields: dict[str, int] = {}
    if shape.tag == "Polyline":
        rows, fields["shape"] = _polyline(build, shape), POLYLINE
        room = len(rows) + 1
    elif shape.tag == "Clothoid":
        rows, fields["shape"] = _clothoid(build, shape), CLOTHOID
        room = len(rows)
    elif shape.tag == "ClothoidSpline":
        rows, fields["shape"] = _spline(build, shape), CLOTHOID_SPLINE
        room = len(rows)
    else:
        rows, knots = _nurbs(build, shape, fields)
        room = max(len(rows), PIECES_OF_SPAN * (len(rows) - fields["order"] + 1) + 1)
        fields |= {"shape": NURBS, "first_knot": len(build.knots), "n_knots": len(knots)}
        build.knots.extend(knots)
    first, workspace = len(build.vertices), build.n_workspace
    for row in rows:
        build.vertices.add(**row)
    build.n_workspace += room
    placed = rows[:1] if fields["shape"] in (CLOTHOID, CLOTHOID_SPLINE) else rows
    placed = placed + [row for row in rows[1:-1] if row["position"] >= 0]
    return build.trajectories.add(
        **fields,
        is_closed=int(closed),
        first_vertex=first,
        n_vertices=len(rows),
        first_workspace=workspace,
        n_workspace=room,
        has_times=int(UNKNOWN not in (rows[0]["time_slot"], rows[-1]["time_slot"])),
        is_fixed=int(all(is_fixed(build, row["position"]) for row in placed)),
        n_inner=len(build.trajectories) - inner,
        blend=blend,
    )


def _time(build: Build, element: Element, name: str) -> int:
    return build.number(element, name) if element.has(name) else UNKNOWN


def _position(build: Build, element: Element, tag: str = "Position") -> int:
    """Return the row of a position; -1 where there is none: where the entity is."""
    found = element.child(tag)
    return -1 if found is None else lower_position(build, found)


def _polyline(build: Build, shape: Element) -> list[dict[str, int]]:
    vertices = shape.all("Vertex")
    if len(vertices) < _LEAST:
        text = f"{shape.place}: a polyline needs two vertices or more"
        raise InvalidInputError(text)
    return [
        {
            "position": lower_position(build, vertex.only("Position")),
            "time_slot": _time(build, vertex, "time"),
        }
        for vertex in vertices
    ]


def _clothoid(build: Build, shape: Element) -> list[dict[str, int]]:
    start = {
        "position": _position(build, shape),
        "time_slot": _time(build, shape, "startTime"),
        "curvature_slot": build.number(shape, "curvature"),
        "end_curvature_slot": build.number(shape, "curvaturePrime"),
        "length_slot": build.number(shape, "length"),
    }
    return [start, {"position": -1, "time_slot": _time(build, shape, "stopTime")}]


def _spline(build: Build, shape: Element) -> list[dict[str, int]]:
    rows = [
        {
            "position": _position(build, segment, "PositionStart"),
            "time_slot": _time(build, segment, "timeStart"),
            "curvature_slot": build.number(segment, "curvatureStart"),
            "end_curvature_slot": build.number(segment, "curvatureEnd"),
            "length_slot": build.number(segment, "length"),
            "heading_slot": build.number(segment, "hOffset", 0.0),
        }
        for segment in shape.all("ClothoidSplineSegment")
    ]
    if not rows:
        text = f"{shape.place}: a ClothoidSpline needs a segment"
        raise InvalidInputError(text)
    return [*rows, {"position": -1, "time_slot": _time(build, shape, "timeEnd")}]


def _nurbs(
    build: Build, shape: Element, fields: dict[str, int]
) -> tuple[list[dict[str, int]], list[int]]:
    points = shape.all("ControlPoint")
    knots = shape.all("Knot")
    order = fields["order"] = shape.integer("order")
    if not _LEAST <= order <= len(points) or len(knots) != len(points) + order:
        text = (
            f"{shape.place}: a Nurbs of order {order} needs {order} control points or more and "
            f"as many knots as control points and order together; it has {len(points)} and "
            f"{len(knots)}"
        )
        raise InvalidInputError(text)
    rows = [
        {
            "position": lower_position(build, point.only("Position")),
            "time_slot": _time(build, point, "time"),
            "weight_slot": build.number(point, "weight") if point.has("weight") else ONE,
        }
        for point in points
    ]
    turned = [_is_turned(build, row["position"]) for row in rows]
    if any(turned) and not all(turned):
        text = "some control points tell an orientation, others none: it is that along the curve"
        shape.ledger.warning("semantic.part_of_orientation", text, shape.node)
    return rows, [build.number(knot, "value") for knot in knots]


def _is_turned(build: Build, position: int) -> bool:
    return position >= 0 and build.positions.get(position)["orientation"] != NOT_TURNED


def lower_trajectory_position(build: Build, element: Element) -> dict[str, int]:
    """Lower a TrajectoryPosition."""
    trajectory = lower_trajectory(build, element.child("TrajectoryRef") or element)
    return {
        "kind": TRAJECTORY_POSITION,
        "trajectory": trajectory,
        "a_slot": build.number(element, "s"),
        "b_slot": build.number(element, "t", 0.0),
        **orientation(build, element),
    }
