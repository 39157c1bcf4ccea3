"""SynchronizeAction: two entities at two places at the same time (OpenSCENARIO XML 1.3)."""

from treadle.engine.scenario.tables import (
    ABSOLUTE_FINAL,
    NO_FINAL,
    NO_STEADY,
    RELATIVE_FINAL,
    STEADY_DISTANCE,
    STEADY_TIME,
    SYNCHRONIZE,
)
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.longitudinal import UNLIMITED
from treadle.proving.rules.lowering.positions import lower_position


def lower_synchronize(build: Build, action: Element) -> dict[str, int]:
    """Lower a SynchronizeAction; tolerances are 0 where they are not told."""
    return {
        "kind": SYNCHRONIZE,
        "is_longitudinal": 1,
        "reference": build.entity(action, "masterEntityRef"),
        "position": _position(build, action, "TargetPosition"),
        "master_position": _position(build, action, "TargetPositionMaster"),
        "tolerance_slot": build.number(action, "targetTolerance", 0.0),
        "master_tolerance_slot": build.number(action, "targetToleranceMaster", 0.0),
        **UNLIMITED,
        **_final_speed(build, action),
    }


def _position(build: Build, action: Element, tag: str) -> int:
    """Return the row of a position: the element has the type Position, and its own name."""
    return lower_position(build, action.only(tag))


def _final_speed(build: Build, action: Element) -> dict[str, int]:
    """Return what is known of the speed at the end, and of the part before with that speed."""
    final = action.child("FinalSpeed")
    if final is None:
        return {"final_kind": NO_FINAL}
    final.executed()
    if absolute := final.child("AbsoluteSpeed"):
        return {
            "final_kind": ABSOLUTE_FINAL,
            "final_slot": build.number(absolute, "value"),
            **_steady(build, absolute),
        }
    relative = final.only("RelativeSpeedToMaster")
    kind = relative.word("speedTargetValueType", ("delta", "factor"))
    return {
        "final_kind": RELATIVE_FINAL,
        "final_slot": build.number(relative, "value"),
        "is_factor": int(kind == "factor"),
        **_steady(build, relative),
    }


def _steady(build: Build, speed: Element) -> dict[str, int]:
    """Return the steady state before arrival (since 1.1): over a distance or for a time."""
    if by_distance := speed.child("TargetDistanceSteadyState"):
        slot = build.number(by_distance, "distance")
        return {"steady_kind": STEADY_DISTANCE, "steady_slot": slot}
    if by_time := speed.child("TargetTimeSteadyState"):
        return {"steady_kind": STEADY_TIME, "steady_slot": build.number(by_time, "time")}
    return {"steady_kind": NO_STEADY}
