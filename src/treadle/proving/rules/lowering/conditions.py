"""Conditions, each as the fields of its row: which of them there are."""

from collections.abc import Callable

from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering import conditions_entities as entities
from treadle.proving.rules.lowering import conditions_values as values
from treadle.proving.rules.lowering.build import Build

Lower = Callable[[Build, Element], dict[str, int]]

BY_VALUE: dict[str, Lower] = {
    "ParameterCondition": values.variable,
    "SimulationTimeCondition": values.simulation_time,
    "StoryboardElementStateCondition": values.storyboard_state,
    "TimeOfDayCondition": values.time_of_day,
    "TrafficSignalCondition": values.traffic_signal,
    "TrafficSignalControllerCondition": values.traffic_signal_controller,
    "UserDefinedValueCondition": values.user_defined,
    "VariableCondition": values.variable,
}
BY_ENTITY: dict[str, Lower] = {
    "AccelerationCondition": entities.acceleration,
    "AngleCondition": entities.angle,
    "CollisionCondition": entities.collision,
    "DistanceCondition": entities.distance,
    "EndOfRoadCondition": entities.end_of_road,
    "OffroadCondition": entities.off_road,
    "ReachPositionCondition": entities.reach_position,
    "RelativeAngleCondition": entities.relative_angle,
    "RelativeClearanceCondition": entities.relative_clearance,
    "RelativeDistanceCondition": entities.relative_distance,
    "RelativeSpeedCondition": entities.relative_speed,
    "SpeedCondition": entities.speed,
    "StandStillCondition": entities.stand_still,
    "TimeHeadwayCondition": entities.time_headway,
    "TimeToCollisionCondition": entities.time_to_collision,
    "TraveledDistanceCondition": entities.traveled_distance,
}
