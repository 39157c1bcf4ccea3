"""Which attributes are numbers, and what was called otherwise in an earlier revision.

What is no number here is structure: variants that differ in it are compiled apart. The tables
are of the classes of ASAM OpenSCENARIO XML 1.0 to 1.3.
"""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


INTEGERS = _listed(
    """
    dLane from to gear maximumExecutionCount numberOfExecutions numberOfTestRuns
    numberOfVehicles order revMajor revMinor targetLane
    """
)
_NUMBERS = _listed(
    """
    acceleration activationTime amplitude angle angleTolerance animationDuration azimuth
    brakePercent center clutchPercent controllerWeight curvature curvatureDot curvaturePrime
    curvatureStart curvatureEnd curvatureRate delay deceleration direction
    directionOfTravelDistribution distance
    downRange duration dx dy dz ds dt elevation endDistance exitSpeed
    fractionalCloudCover frictionScaleFactor h hMax hOffset hRel height illuminance innerRadius
    intensity jerk knotValue laneId laneOffset latitude lateralDistance leftValue length leadTime
    longitude luminousIntensity mass maxAcceleration maxAccelerationRate maxDeceleration
    maxDecelerationRate maxLateralAcc maxRate maxSpeed maxSteering maxTorque
    offset offDuration onDuration oppositeLane p pathS phaseDuration positionX positionY positionZ
    precipitationIntensity pressure r rate radius s scale semiMajorAxis semiMinorAxis size speed
    startDistance state steadyState t targetDistance targetTime targetTolerance
    targetToleranceMaster temperature time timeGap timeHeadway timeOffset timeReference tolerance
    toleranceMaster trackWidth transitionTime upRange value velocity visualRange vehicleWeight
    weight wheelDiameter width wetness x y z hOfFirst altitude lateralOffset maxValue minValue
    number
    """
)
_WORDS = frozenset(
    {
        *(("value", tag) for tag in ("Property", "Element", "UserDefinedValueCondition")),
        *(("value", tag) for tag in ("ParameterAssignment", "ParameterDeclaration")),
        *(
            ("value", tag)
            for tag in ("VariableDeclaration", "ValueConstraint", "RelativeSpeedRule")
        ),
        ("value", "SetAction"),
        ("direction", "AccelerationCondition"),
        ("direction", "SpeedCondition"),
        ("direction", "RelativeSpeedCondition"),
        ("direction", "DirectionalDimension"),
        ("fractionalCloudCover", "Weather"),
        ("wetness", "RoadCondition"),
        ("state", "TrafficSignalCondition"),
        ("state", "TrafficSignalStateAction"),
        ("state", "TrafficSignalState"),
        ("state", "StoryboardElementStateCondition"),
        ("state", "TrafficSignalGroupState"),
        ("time", "TimeOfDay"),
        ("oppositeLane", "RelativeClearanceCondition"),
    }
)
"""Attributes whose name is a number's elsewhere."""
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
    maxRate visualRange distance targetTolerance targetToleranceMaster
    """
)


def is_number(tag: str, attribute: str) -> bool:
    """Whether an attribute is a number, which may differ between variants compiled as one."""
    if attribute in INTEGERS:
        return attribute not in {"maximumExecutionCount", "revMajor", "revMinor", "order"}
    return attribute in _NUMBERS and (attribute, tag) not in _WORDS


def is_whole(tag: str, attribute: str) -> bool:
    """Whether an attribute is an integer (Int, UnsignedInt, UnsignedShort, or a lane's number)."""
    lanes = {("laneId", "LanePosition"), ("laneId", "FromLaneCoordinates")}
    lanes |= {("value", "AbsoluteTargetLane"), ("value", "RelativeTargetLane")}
    return attribute in INTEGERS or (attribute, tag) in lanes


def may_be_infinite(tag: str, attribute: str) -> bool:
    """Whether INF says something: a limit that is none, or a threshold that is never reached."""
    return attribute in _INFINITE or (attribute == "value" and tag.endswith("Condition"))


OLDER_ATTRIBUTES: dict[tuple[str, str], tuple[str, ...]] = {
    ("Clothoid", "curvaturePrime"): ("curvatureDot",),  # 1.0
    ("Pedestrian", "model3d"): ("model",),  # 1.0
    ("Sun", "illuminance"): ("intensity",),  # until 1.1
    ("Precipitation", "precipitationIntensity"): ("intensity",),  # 1.0
    ("Weather", "fractionalCloudCover"): ("cloudState",),  # until 1.1
    ("TrafficSourceAction", "speed"): ("velocity",),  # until 1.1
    ("TrafficSwarmAction", "speed"): ("velocity",),
    ("TrafficSinkAction", "speed"): ("velocity",),
    ("ActivateControllerAction", "objectControllerRef"): ("controllerRef",),  # until 1.2
    ("ByObjectType", "type"): ("objectType",),
}
"""An attribute by its latest name, and what it was called before."""
OLDER_TAGS: dict[str, tuple[str, ...]] = {
    "CentralObject": ("CentralSwarmObject",),  # 1.0
    "RouteRef": ("RouteReference",),
    "ByObjectType": ("ByType",),
    "TrafficDistribution": ("TrafficDefinition",),  # until 1.2
    "TrajectoryFollowingMode": ("FollowingMode",),
    "UsedArea": ("Area",),
}
OLDER_WORDS: dict[tuple[str, str], str] = {
    ("priority", "overwrite"): "override",  # until 1.1
    ("relativeDistanceType", "cartesianDistance"): "euclidianDistance",  # 1.0
    ("type", "integer"): "int",
    ("parameterType", "integer"): "int",
    ("variableType", "integer"): "int",
    ("routeStrategy", "fatest"): "fastest",
}
"""(attribute, older word): the word of the latest revision."""
WRAPPERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("FollowTrajectoryAction", "TrajectoryRef"): ("Trajectory", "CatalogReference"),  # 1.0
    ("AssignControllerAction", "ObjectController"): ("Controller", "CatalogReference"),  # until 1.2
    ("PrivateAction", "ControllerAction"): (
        "ActivateControllerAction",
    ),  # 1.0 and, deprecated, 1.1
}
"""(parent, child that wraps since): what stood in the parent itself before."""
