"""Lateral actions: lane change, lane offset, distance (OpenSCENARIO XML 1.3, section 7.4.1.2)."""

from treadle.engine.scenario.tables import (
    CUBIC_SHAPE,
    FOLLOW,
    LANE_CHANGE,
    LANE_OFFSET,
    LATERAL_DISTANCE,
    POSITION_MODE,
    SHAPES,
    STEP,
    SYSTEMS,
    TIME,
)
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.longitudinal import UNLIMITED, constraints, dynamics
from treadle.proving.rules.lowering.slots import INFINITE, ZERO

_DISPLACEMENTS = ("any", "leftToReferencedEntity", "rightToReferencedEntity")


def lower_lane_change(build: Build, action: Element) -> dict[str, int]:
    """Lower a LaneChangeAction."""
    target = action.only("LaneChangeTarget")
    target.executed()
    how = action.only("LaneChangeActionDynamics")
    fields = {
        "kind": LANE_CHANGE,
        "is_lateral": 1,
        "offset_slot": build.number(action, "targetLaneOffset", 0.0),
        **UNLIMITED,
        **dynamics(build, how),
    }
    if fields["following"] == FOLLOW and fields["shape"] == STEP:
        # at once is more than anything can do: as fast as it can, on a path without corners
        fields |= {"shape": CUBIC_SHAPE, "dimension": TIME, "value_slot": ZERO}
    if absolute := target.child("AbsoluteTargetLane"):
        return {**fields, "target_slot": build.number(absolute, "value")}
    relative = target.only("RelativeTargetLane")
    return {
        **fields,
        "reference": build.entity(relative),
        "target_slot": build.number(relative, "value"),
    }


def lower_lane_offset(build: Build, action: Element) -> dict[str, int]:
    """Lower a LaneOffsetAction; without maxLateralAcc it is there at once."""
    target = action.only("LaneOffsetTarget")
    target.executed()
    how = action.only("LaneOffsetActionDynamics")
    limit = build.number(how, "maxLateralAcc") if how.has("maxLateralAcc") else INFINITE
    fields = {
        "kind": LANE_OFFSET,
        "is_lateral": 1,
        "is_continuous": int(action.flag("continuous")),
        "shape": SHAPES.index(how.word("dynamicsShape", SHAPES)),
        "dimension": TIME,
        "following": POSITION_MODE,
        "offset_slot": limit,
        **UNLIMITED,
    }
    if absolute := target.child("AbsoluteTargetLaneOffset"):
        return {**fields, "target_slot": build.number(absolute, "value")}
    relative = target.only("RelativeTargetLaneOffset")
    return {
        **fields,
        "reference": build.entity(relative),
        "target_slot": build.number(relative, "value"),
    }


def lower_lateral_distance(build: Build, action: Element) -> dict[str, int]:
    """Lower a LateralDistanceAction; a distance that is not told is 0 (its class)."""
    displacement = action.word("displacement", _DISPLACEMENTS, default=_DISPLACEMENTS[0])
    system = action.word("coordinateSystem", SYSTEMS, default=SYSTEMS[0])
    return {
        "kind": LATERAL_DISTANCE,
        "is_lateral": 1,
        "reference": build.entity(action),
        "target_slot": build.number(action, "distance") if action.has("distance") else -1,
        "freespace": int(action.flag("freespace")),
        "is_continuous": int(action.flag("continuous")),
        "displacement": _DISPLACEMENTS.index(displacement),
        "system": SYSTEMS.index(system),
        **constraints(build, action),
    }
