"""Which attributes are numbers, and what was called otherwise in an earlier revision.

What is no number here is structure: variants that differ in it are compiled apart. The tables
are of the classes of ASAM OpenSCENARIO XML 1.0 to 1.3.
"""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


INTEGERS = _listed(
    """
    dLane from to maximumExecutionCount numberOfEntities numberOfTestRuns numberOfVehicles order
    revMajor revMinor verticalRoadSelection
    """
)
_STRUCTURE = _listed("order revMajor revMinor")
_NUMBERS = _listed(
    """
    altitude angle angleTolerance animationDuration atmosphericPressure azimuth azimuthOffset blue
    curvature curvatureDot curvatureEnd curvaturePrime curvatureStart cyan delay direction distance
    distanceBackward distanceForward ds dsLane dt duration dx dy dz elevation expectedValue
    flashingOffDuration flashingOnDuration frictionScaleFactor green h hOffset height illuminance
    initialDistanceOffset innerRadius intensity key laneId laneOffset latitude latitudeDeg length
    longitude longitudeDeg lowerLimit luminousIntensity magenta mass maxAcceleration
    maxAccelerationRate maxDeceleration maxDecelerationRate maxLateralAcc maxRate maxSpeed
    maxSteering maxTorque number offset opposite p pathS positionX positionY positionZ
    precipitationIntensity r radius randomSeed rate red s same scale semiMajorAxis semiMinorAxis
    speed startTime state stepWidth stopTime t targetLaneOffset targetTolerance
    targetToleranceMaster temperature time timeEnd timeGap timeOffset timeStart tolerance
    trackWidth transitionTime upperLimit value variance velocity visualRange weight wheelDiameter
    width x y yellow z
    """
)
_WORDS = frozenset(
    {
        *(("value", tag) for tag in ("Property", "Element", "UserDefinedValueCondition")),
        *(("value", tag) for tag in ("ParameterAssignment", "ParameterDeclaration")),
        *(("value", tag) for tag in ("VariableDeclaration", "ValueConstraint", "SetAction")),
        *(("value", tag) for tag in ("MonitorDeclaration", "SetMonitorAction")),
        *(("direction", tag) for tag in ("AccelerationCondition", "SpeedCondition")),
        ("direction", "RelativeSpeedCondition"),
        *(("state", tag) for tag in ("TrafficSignalCondition", "TrafficSignalStateAction")),
        *(("state", tag) for tag in ("TrafficSignalState", "StoryboardElementStateCondition")),
        *(("state", tag) for tag in ("TrafficSignalGroupState", "TrafficeSignalGroupState")),
    }
)
"""Attributes whose name is a number's elsewhere."""
_WHOLE = frozenset(
    {
        *(("laneId", tag) for tag in ("LanePosition", "FromLaneCoordinates")),
        *(("value", tag) for tag in ("AbsoluteTargetLane", "RelativeTargetLane")),
        ("id", "Lane"),
        ("number", "ManualGear"),
    }
)
RUNTIME_VALUES = {
    "ParameterCondition": "parameterRef",
    "VariableCondition": "variableRef",
    "VariableSetAction": "variableRef",
    "VariableModifyAction": "variableRef",
    "ParameterSetAction": "parameterRef",
}
"""Elements whose `value` has the type of the parameter or variable that they name."""
_INFINITE = _listed(
    """
    maxAcceleration maxAccelerationRate maxDeceleration maxDecelerationRate maxSpeed maxLateralAcc
    maxRate visualRange distance distanceForward distanceBackward targetTolerance
    targetToleranceMaster
    """
)


def is_number(tag: str, attribute: str) -> bool:
    """Whether an attribute is a number, which may differ between variants compiled as one."""
    if attribute in INTEGERS or (attribute, tag) in _WHOLE:
        return attribute not in _STRUCTURE
    return attribute in _NUMBERS and (attribute, tag) not in _WORDS


def is_whole(tag: str, attribute: str) -> bool:
    """Whether an attribute is an integer (Int, UnsignedInt, UnsignedShort, or a lane's number)."""
    return attribute in INTEGERS or (attribute, tag) in _WHOLE


def may_be_infinite(tag: str, attribute: str) -> bool:
    """Whether INF says something: a limit that is none, or a threshold that is never reached."""
    return attribute in _INFINITE or (attribute == "value" and tag.endswith("Condition"))


OLDER_ATTRIBUTES: dict[tuple[str, str], tuple[str, ...]] = {
    ("Clothoid", "curvaturePrime"): ("curvatureDot",),  # 1.0
    ("Pedestrian", "model3d"): ("model",),  # 1.0
    ("Sun", "illuminance"): ("intensity",),  # until 1.1
    ("Precipitation", "precipitationIntensity"): ("intensity",),  # 1.0
    ("TrafficSourceAction", "speed"): ("velocity",),  # until 1.1
    ("ActivateControllerAction", "objectControllerRef"): ("controllerRef",),  # until 1.2
}
"""An attribute by its latest name, and what it was called before."""
OLDER_TAGS: dict[str, tuple[str, ...]] = {
    "TrafficSignalGroupState": ("TrafficeSignalGroupState",),  # as the schema of 1.2 has it
}
OLDER_WORDS: dict[tuple[str, str], str] = {
    ("priority", "overwrite"): "override",  # until 1.1
    ("relativeDistanceType", "cartesianDistance"): "euclidianDistance",  # 1.0
    ("parameterType", "integer"): "int",
    ("variableType", "integer"): "int",
}
"""(attribute, older word): the word of the latest revision."""
WRAPPERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("FollowTrajectoryAction", "TrajectoryRef"): ("Trajectory", "CatalogReference"),  # 1.0
    ("AssignControllerAction", "ObjectController"): ("Controller", "CatalogReference"),  # until 1.2
    ("PrivateAction", "ControllerAction"): ("ActivateControllerAction",),  # 1.0
}
"""(parent, child that wraps since): what stood in the parent itself before."""
LEFT_OUT: dict[tuple[str, str], str] = {
    ("Condition", "conditionEdge"): "none",
    ("LaneOffsetAction", "continuous"): "false",
    ("LateralDistanceAction", "continuous"): "false",
    ("LongitudinalDistanceAction", "continuous"): "false",
    ("Performance", "maxAcceleration"): "INF",
    ("Performance", "maxDeceleration"): "INF",
    ("RelativeObjectPosition", "dx"): "0",
    ("RelativeObjectPosition", "dy"): "0",
    ("RelativeWorldPosition", "dx"): "0",
    ("RelativeWorldPosition", "dy"): "0",
    ("Route", "closed"): "false",
    ("Trajectory", "closed"): "false",
}
"""(tag, attribute that the schema wants): what published files mean that leave it out."""
