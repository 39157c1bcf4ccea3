"""Longitudinal actions: speed, speed profile, distance (OpenSCENARIO XML 1.3, section 7.4.1.3)."""

from treadle.engine.scenario.tables import (
    DIMENSIONS,
    FOLLOWING_MODES,
    LONGITUDINAL_DISTANCE,
    SHAPES,
    SPEED,
    SPEED_PROFILE,
    SYSTEMS,
)
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.slots import INFINITE

UNLIMITED = {
    "max_speed_slot": INFINITE,
    "max_acceleration_slot": INFINITE,
    "max_deceleration_slot": INFINITE,
    "max_acceleration_rate_slot": INFINITE,
    "max_deceleration_rate_slot": INFINITE,
}
"""An action without DynamicConstraints: only what the vehicle can do is its limit."""
_DISPLACEMENTS = ("any", "trailingReferencedEntity", "leadingReferencedEntity")


def dynamics(build: Build, element: Element) -> dict[str, int]:
    """Return the fields of TransitionDynamics; its following mode is `position` by default.

    A step is there at once, whatever dimension and value it has; published files leave them out.
    """
    shape = element.word("dynamicsShape", SHAPES)
    is_step = shape == "step"
    dimension = element.word("dynamicsDimension", DIMENSIONS, default="time" if is_step else None)
    return {
        "shape": SHAPES.index(shape),
        "dimension": DIMENSIONS.index(dimension),
        "following": following_mode(element),
        "value_slot": build.number(element, "value", 0.0 if is_step else None),
    }


def following_mode(element: Element) -> int:
    """Return the following mode; `position` where it is not told."""
    word = element.word("followingMode", FOLLOWING_MODES, default="position")
    return FOLLOWING_MODES.index(word)


def constraints(build: Build, action: Element) -> dict[str, int]:
    """Return the limits of an action's DynamicConstraints; infinite where one is not told."""
    limits = action.child("DynamicConstraints")
    if limits is None:
        return dict(UNLIMITED)
    limits.executed()
    return {
        "has_limits": 1,
        "max_speed_slot": _limit(build, limits, "maxSpeed"),
        "max_acceleration_slot": _limit(build, limits, "maxAcceleration"),
        "max_deceleration_slot": _limit(build, limits, "maxDeceleration"),
        "max_acceleration_rate_slot": _limit(build, limits, "maxAccelerationRate"),
        "max_deceleration_rate_slot": _limit(build, limits, "maxDecelerationRate"),
    }


def _limit(build: Build, limits: Element, attribute: str) -> int:
    return build.number(limits, attribute) if limits.has(attribute) else INFINITE


def lower_speed(build: Build, action: Element) -> dict[str, int]:
    """Lower a SpeedAction."""
    target = action.only("SpeedActionTarget")
    target.executed()
    fields = {
        "kind": SPEED,
        "is_longitudinal": 1,
        **UNLIMITED,
        **dynamics(build, action.only("SpeedActionDynamics")),
    }
    if absolute := target.child("AbsoluteTargetSpeed"):
        return {**fields, "target_slot": build.number(absolute, "value")}
    relative = target.only("RelativeTargetSpeed")
    kind = relative.word("speedTargetValueType", ("delta", "factor"))
    return {
        **fields,
        "reference": build.entity(relative),
        "target_slot": build.number(relative, "value"),
        "is_factor": int(kind == "factor"),
        "is_continuous": int(relative.flag("continuous", default=False)),
    }


def lower_speed_profile(build: Build, action: Element) -> dict[str, int]:
    """Lower a SpeedProfileAction (since 1.2); an entry without time has no time slot."""
    first = len(build.entries)
    for entry in action.all("SpeedProfileEntry"):
        build.entries.add(
            speed_slot=build.number(entry, "speed"),
            time_slot=build.number(entry, "time") if entry.has("time") else -1,
        )
    return {
        "kind": SPEED_PROFILE,
        "is_longitudinal": 1,
        "following": following_mode(action),
        "reference": build.entity(action) if action.has("entityRef") else -1,
        "first_entry": first,
        "n_entries": len(build.entries) - first,
        **constraints(build, action),
    }


def lower_longitudinal_distance(build: Build, action: Element) -> dict[str, int]:
    """Lower a LongitudinalDistanceAction; by default it trails, in the entity's own axes."""
    by_time = action.has("timeGap")
    displacement = action.word("displacement", _DISPLACEMENTS, default=_DISPLACEMENTS[1])
    system = action.word("coordinateSystem", SYSTEMS, default=SYSTEMS[0])
    return {
        "kind": LONGITUDINAL_DISTANCE,
        "is_longitudinal": 1,
        "reference": build.entity(action),
        "by_time_gap": int(by_time),
        "target_slot": build.number(action, "timeGap" if by_time else "distance"),
        "freespace": int(action.flag("freespace")),
        "is_continuous": int(action.flag("continuous")),
        "displacement": _DISPLACEMENTS.index(displacement),
        "system": SYSTEMS.index(system),
        **constraints(build, action),
    }
