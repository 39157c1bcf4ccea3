"""Actions: one row for each actor of each action element."""

from collections.abc import Callable, Sequence

from treadle.engine.scenario.tables import NOTHING, TELEPORT
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering import control
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.globals import lower_global
from treadle.proving.rules.lowering.lateral import (
    lower_lane_change,
    lower_lane_offset,
    lower_lateral_distance,
)
from treadle.proving.rules.lowering.longitudinal import (
    lower_longitudinal_distance,
    lower_speed,
    lower_speed_profile,
)
from treadle.proving.rules.lowering.overriding import lower_override
from treadle.proving.rules.lowering.placing import lower_place
from treadle.proving.rules.lowering.positions import POSITIONS
from treadle.proving.rules.lowering.routes import (
    lower_acquire_position,
    lower_assign_route,
    lower_random_route,
    lower_route_position,
)
from treadle.proving.rules.lowering.synchronize import lower_synchronize
from treadle.proving.rules.lowering.trailers import couple
from treadle.proving.rules.lowering.trajectories import (
    lower_follow_trajectory,
    lower_trajectory_position,
)

Lower = Callable[[Build, Element], dict[str, int]]


def lower_action(build: Build, action: Element, row: int, actors: Sequence[int]) -> None:
    """Lower an Action element of an event: rows for each of its actors."""
    what = action.only("PrivateAction", "GlobalAction", "UserDefinedAction")
    what.executed()
    if what.tag == "PrivateAction":
        for actor in actors:
            for fields in _private(build, what, actor):
                build.actions.add(**fields, element=row, entity=actor)
        if not actors:
            what.without_effect("its maneuver group has no actors, so nobody does it")
    elif what.tag == "GlobalAction":
        for fields in lower_global(build, what):
            build.actions.add(**fields, element=row)
    else:
        what.not_supported("what a user-defined action does is said outside of the standard")


def lower_init_actions(build: Build, init: Element) -> None:
    """Lower Init: private actions in the file's order."""
    init.executed()
    actions = init.child("Actions")
    if actions is None:
        return
    actions.executed()
    for action in actions.all("GlobalAction"):
        build.init.extend(build.actions.add(**fields) for fields in lower_global(build, action))
    for action in actions.all("UserDefinedAction"):
        action.not_supported("what a user-defined action does is said outside of the standard")
    for private in actions.all("Private"):
        for actor in build.entities_of(private):
            for action in private.all("PrivateAction"):
                for fields in _private(build, action, actor):
                    build.init.append(build.actions.add(**fields, element=-1, entity=actor))


def _private(build: Build, action: Element, entity: int) -> list[dict[str, int]]:
    """Return the rows that a private action becomes; wrappers of the standard are looked into."""
    rows = []
    for child in action.children:
        if child.tag in PRIVATE:
            child.executed()
            rows.append(PRIVATE[child.tag](build, child))
        elif child.tag == "OverrideControllerValueAction":
            child.executed()
            rows += lower_override(build, child, entity)
        elif child.tag in _CONTROL:
            child.executed()
            rows.append(_CONTROL[child.tag](build, child, entity))
        elif child.tag in _WRAPPERS:
            child.executed()
            rows += _private(build, child, entity)
        else:
            child.not_supported("Treadle knows no such action")
            rows.append({"kind": NOTHING})
    return rows


_CONTROL: dict[str, Callable[[Build, Element, int], dict[str, int]]] = {
    "AssignControllerAction": control.assign,
    "ActivateControllerAction": control.activate,
    "VisibilityAction": control.shown,
    "AppearanceAction": control.shown,
    "TrailerAction": couple,
    "FollowTrajectoryAction": lower_follow_trajectory,
}
"""Those that depend on who acts."""
_WRAPPERS = ("LongitudinalAction", "LateralAction", "RoutingAction", "ControllerAction")


def _teleport(build: Build, action: Element) -> dict[str, int]:
    return {"kind": TELEPORT, "position": lower_place(build, action.only("Position"))}


PRIVATE: dict[str, Lower] = {
    "SpeedAction": lower_speed,
    "SpeedProfileAction": lower_speed_profile,
    "LongitudinalDistanceAction": lower_longitudinal_distance,
    "LaneChangeAction": lower_lane_change,
    "LaneOffsetAction": lower_lane_offset,
    "LateralDistanceAction": lower_lateral_distance,
    "SynchronizeAction": lower_synchronize,
    "TeleportAction": _teleport,
    "AssignRouteAction": lower_assign_route,
    "AcquirePositionAction": lower_acquire_position,
    "RandomRouteAction": lower_random_route,
}
POSITIONS["RoutePosition"] = lower_route_position
POSITIONS["TrajectoryPosition"] = lower_trajectory_position
