"""Sound scenarios of our own to break: together they use most of what the engine can do.

A crossing of three roads, a car with a trailer, and one scenario for each of a list of actions,
which the conditions of another list start; and one scenario for each element of the grammar.
"""

from functools import cache
from typing import TYPE_CHECKING

from proving.formats.openscenario.grown import ROAD, catalogs, grown, wishes
from proving.scenarios.small import entity, lane, network, placed, road
from proving.scenarios.test_trailers import CART, INSIDE

if TYPE_CHECKING:
    from treadle.proving.formats.openscenario.classes import Revision

_LINKED = '<successor elementType="junction" elementId="9"/>'
_WAYS = (
    '<predecessor elementType="road" elementId="1" contactPoint="end"/>'
    '|<successor elementType="road" elementId="{}" contactPoint="start"/>'
)
_JUNCTION = """<junction id="9" name="x">
<connection id="0" incomingRoad="1" connectingRoad="4" contactPoint="start">
<laneLink from="-1" to="-1"/></connection>
<connection id="1" incomingRoad="1" connectingRoad="5" contactPoint="start">
<laneLink from="-1" to="-1"/></connection></junction>"""
CROSSING = network(
    road(1, "0 0 0 <line/>", 100.0, _LINKED),
    road(
        2,
        '120 0 0 <spiral curvStart="0" curvEnd="0.01"/>',
        200.0,
        '<predecessor elementType="road" elementId="4" contactPoint="end"/>',
    ),
    road(
        3,
        '115 -15 -1.5707963 <arc curvature="-0.005"/>',
        200.0,
        '<predecessor elementType="road" elementId="5" contactPoint="end"/>',
    ),
    road(4, "100 0 0 <line/>", 20.0, _WAYS.format(2), 'junction="9"'),
    road(
        5,
        '100 0 0 <paramPoly3 aU="0" bU="23" cU="-8" dU="0" aV="0" bV="0" cV="-15" dV="0"'
        ' pRange="normalized"/>',
        22.5,
        _WAYS.format(3),
        'junction="9"',
    ),
    junctions=_JUNCTION,
)
_DYNAMICS = 'dynamicsShape="{}" dynamicsDimension="{}" value="{}"'
_TWO_SECONDS = _DYNAMICS.format("sinusoidal", "time", 2)
_TIMES = '<TimeReference><Timing domainAbsoluteRelative="relative" scale="1" offset="0"/>'
_TRAJECTORY = f"""<RoutingAction><FollowTrajectoryAction initialDistanceOffset="1"><TrajectoryRef>
<Trajectory name="t" closed="{{}}"><Shape>{{}}</Shape></Trajectory></TrajectoryRef>
{_TIMES}</TimeReference><TrajectoryFollowingMode followingMode="position"/>
</FollowTrajectoryAction></RoutingAction>"""
_WORLD = '<Position><WorldPosition x="{}" y="{}" h="{}"/></Position>'
_WAYPOINT = '<Waypoint routeStrategy="{}">{}</Waypoint>'
_ROUTE = '<Route name="way" closed="{}">{}</Route>'
_TIME, _WEIGHT = 'time="{}"', 'weight="1"'
_FAR = lane("2", -1, 50.0)


def _points(tag: str, inside: str) -> str:
    places = enumerate(((20, 0), (40, 3), (60, -3), (90, 0), (99, 1)))
    return "".join(
        f"<{tag} {inside.format(k)}>{_WORLD.format(x, y, 0)}</{tag}>" for k, (x, y) in places
    )


def _speed(shape: str, dimension: str, value: float, target: str) -> str:
    return f"""<LongitudinalAction><SpeedAction><SpeedActionDynamics
{_DYNAMICS.format(shape, dimension, value)}/><SpeedActionTarget>{target}</SpeedActionTarget>
</SpeedAction></LongitudinalAction>"""


def _lateral(tag: str, inside: str) -> str:
    return f"<LateralAction><{tag} {inside}</{tag}></LateralAction>"


_ROUTED = _ROUTE.format(
    "false",
    "".join(
        _WAYPOINT.format(how, where)
        for how, where in (
            ("shortest", lane("1", -1, 5.0)), ("fastest", lane("1", -1, 90.0)), ("shortest", _FAR),
        )
    ),
)  # fmt: skip
ACTIONS = {
    "speed": _speed("sinusoidal", "rate", 3, '<AbsoluteTargetSpeed value="25"/>'),
    "relative-speed": _speed(
        "cubic", "distance", 30,
        '<RelativeTargetSpeed entityRef="Other" value="2" speedTargetValueType="delta"'
        ' continuous="false"/>',
    ),
    "profile": '<LongitudinalAction><SpeedProfileAction followingMode="position"><SpeedProfileEntry'
    ' speed="5" time="1"/><SpeedProfileEntry speed="9" time="1"/></SpeedProfileAction>'
    "</LongitudinalAction>",
    "distance": '<LongitudinalAction><LongitudinalDistanceAction entityRef="Other" distance="20"'
    ' freespace="true" continuous="true" coordinateSystem="lane"><DynamicConstraints'
    ' maxAcceleration="3" maxDeceleration="4" maxSpeed="40" maxAccelerationRate="5"'
    ' maxDecelerationRate="5"/></LongitudinalDistanceAction></LongitudinalAction>',
    "lane-change": _lateral(
        "LaneChangeAction",
        f'targetLaneOffset="0.2"><LaneChangeActionDynamics {_TWO_SECONDS}/><LaneChangeTarget>'
        '<RelativeTargetLane entityRef="Ego" value="2"/></LaneChangeTarget>',
    ),
    "lane-offset": _lateral(
        "LaneOffsetAction",
        'continuous="false"><LaneOffsetActionDynamics dynamicsShape="cubic" maxLateralAcc="2"/>'
        '<LaneOffsetTarget><AbsoluteTargetLaneOffset value="-0.8"/></LaneOffsetTarget>',
    ),
    "lateral-distance": _lateral(
        "LateralDistanceAction",
        'entityRef="Other" distance="3" freespace="true" continuous="true"'
        ' coordinateSystem="road">',
    ),
    "teleport": f"<TeleportAction>{_FAR}</TeleportAction>",
    "polyline": _TRAJECTORY.format(
        "false", f"<Polyline>{_points('Vertex', _TIME)}</Polyline>"
    ),
    "nurbs": _TRAJECTORY.format(
        "false",
        f'<Nurbs order="3">{_points("ControlPoint", _WEIGHT)}'
        + "".join(f'<Knot value="{value}"/>' for value in (0, 0, 0, 1, 2, 3, 3, 3))
        + "</Nurbs>",
    ),
    "clothoid": _TRAJECTORY.format(
        "false",
        f'<Clothoid curvature="0.01" curvaturePrime="0.001" length="60" startTime="0" stopTime="4">'
        f"{_WORLD.format(20, 0, 0)}</Clothoid>",
    ),
    "spline": _TRAJECTORY.format(
        "false",
        '<ClothoidSpline timeEnd="5"><ClothoidSplineSegment curvatureStart="0" length="30"'
        f' curvatureEnd="0.02" timeStart="0"><PositionStart>{_WORLD.format(20, 0, 0)[10:-11]}'
        "</PositionStart></ClothoidSplineSegment>"
        '<ClothoidSplineSegment curvatureStart="0.02" curvatureEnd="0" length="30" timeStart="2"/>'
        "</ClothoidSpline>",
    ),
    "route": f"<RoutingAction><AssignRouteAction>{_ROUTED}</AssignRouteAction></RoutingAction>",
    "acquire": f"<RoutingAction><AcquirePositionAction>{_FAR}</AcquirePositionAction>"
    "</RoutingAction>",
    "random-route": "<RoutingAction><RandomRouteAction/></RoutingAction>",
    "on-route": f"<TeleportAction><Position><RoutePosition><RouteRef>{_ROUTED}</RouteRef>"
    '<InRoutePosition><FromLaneCoordinates pathS="60" laneId="-1"/></InRoutePosition>'
    "</RoutePosition></Position></TeleportAction>",
    "synchronize": '<SynchronizeAction masterEntityRef="Other" targetToleranceMaster="1"'
    f' targetTolerance="1"><TargetPositionMaster>{lane("1", 1, 80.0)[10:-11]}'
    f'</TargetPositionMaster><TargetPosition>{lane("1", -1, 90.0)[10:-11]}</TargetPosition>'
    '<FinalSpeed><AbsoluteSpeed value="12"><SteadyState time="1"/></AbsoluteSpeed></FinalSpeed>'
    "</SynchronizeAction>",
    "leave-trailer": "<TrailerAction><DisconnectTrailerAction/></TrailerAction>",
    "relative-lane": '<TeleportAction><Position><RelativeLanePosition entityRef="Other" dLane="1"'
    ' ds="5" offset="0.3"/></Position></TeleportAction>',
    "relative-road": '<TeleportAction><Position><RelativeRoadPosition entityRef="Other" ds="5"'
    ' dt="-2"/></Position></TeleportAction>',
    "relative-object": '<TeleportAction><Position><RelativeObjectPosition entityRef="Other" dx="-9"'
    ' dy="1"><Orientation type="relative" h="0.3" p="0.1"/></RelativeObjectPosition></Position>'
    "</TeleportAction>",
}  # fmt: skip
"""Private actions of Ego."""
_RULE = 'rule="greaterThan" value="1"'
CONDITIONS = (
    f'<TimeHeadwayCondition entityRef="Other" freespace="true" {_RULE} coordinateSystem="lane"/>',
    (
        f'<TimeToCollisionCondition freespace="true" {_RULE} relativeDistanceType="longitudinal">'
        '<TimeToCollisionConditionTarget><EntityRef entityRef="Other"/>'
        "</TimeToCollisionConditionTarget></TimeToCollisionCondition>"
    ),
    (
        f'<RelativeDistanceCondition entityRef="Other" relativeDistanceType="longitudinal"'
        f' freespace="true" {_RULE} coordinateSystem="lane" routingAlgorithm="shortest"/>'
    ),
    (
        f'<DistanceCondition freespace="false" {_RULE} coordinateSystem="road">{_FAR}'
        "</DistanceCondition>"
    ),
    (
        '<RelativeClearanceCondition distanceForward="10" distanceBackward="5" freeSpace="true"'
        ' oppositeLanes="true"><RelativeLaneRange from="-1" to="1"/></RelativeClearanceCondition>'
    ),
    f'<ReachPositionCondition tolerance="2">{lane("1", -1, 60.0)}</ReachPositionCondition>',
    f'<SpeedCondition {_RULE} direction="longitudinal"/>',
    f'<RelativeSpeedCondition entityRef="Other" {_RULE}/>',
    f"<AccelerationCondition {_RULE}/>",
    '<TraveledDistanceCondition value="20"/>',
    '<StandStillCondition duration="1"/>',
    '<OffroadCondition duration="0.5"/>',
    '<EndOfRoadCondition duration="0.1"/>',
    '<CollisionCondition><EntityRef entityRef="Other"/></CollisionCondition>',
    (
        '<AngleCondition angle="0.1" angleTolerance="0.2" angleType="heading"'
        ' coordinateSystem="lane"/>'
    ),
    (
        '<RelativeAngleCondition angle="0.1" angleTolerance="0.2" angleType="heading"'
        ' entityRef="Other"/>'
    ),
)
_EDGES = ("none", "rising", "falling", "risingOrFalling")


def _start(k: int) -> str:
    """Return a trigger: one of the conditions, or soon."""
    condition = CONDITIONS[k % len(CONDITIONS)]
    said = f'delay="{0.3 * (k % 2)}" conditionEdge="{_EDGES[k % 4]}"'
    return f"""<StartTrigger><ConditionGroup><Condition name="c{k}" {said}><ByEntityCondition>
<TriggeringEntities triggeringEntitiesRule="any"><EntityRef entityRef="Ego"/>
<EntityRef entityRef="Other"/></TriggeringEntities><EntityCondition>{condition}</EntityCondition>
</ByEntityCondition></Condition></ConditionGroup><ConditionGroup><Condition name="soon" delay="0"
 conditionEdge="none"><ByValueCondition><SimulationTimeCondition value="{0.3 * (k % 4):g}"
 rule="greaterOrEqual"/></ByValueCondition></Condition></ConditionGroup></StartTrigger>"""


def _scenario(index: int, name: str) -> str:
    """Return a scenario of one action, the one after it in the list, and three conditions."""
    names = list(ACTIONS)
    events = "".join(
        f'<Event name="e{k}" priority="{("parallel", "overwrite", "skip")[k % 3]}"'
        f' maximumExecutionCount="{1 + k}"><Action name="x"><PrivateAction>{ACTIONS[one]}'
        f"</PrivateAction></Action>{_start(index + k)}</Event>"
        for k, one in enumerate((name, names[(index + 1) % len(names)], name))
    )
    init = placed("Ego", lane("1", -1, "$Start"), 15.0)  # type: ignore[arg-type]
    init += placed("Other", lane("1", 1, 60.0), 5.0)
    return f"""<OpenSCENARIO><FileHeader revMajor="1" revMinor="3" author="t"
  date="2024-01-01T00:00:00" description="d"/><ParameterDeclarations>
<ParameterDeclaration name="Start" parameterType="double" value="30"/>
<ParameterDeclaration name="Count" parameterType="integer" value="2"/></ParameterDeclarations>
<CatalogLocations/><RoadNetwork><LogicFile filepath="roads/crossing.xodr"/></RoadNetwork>
<Entities>{entity("Ego", INSIDE.format(CART))}{entity("Other")}</Entities>
<Storyboard><Init><Actions>{init}</Actions></Init>
<Story name="s"><Act name="a"><ManeuverGroup name="g" maximumExecutionCount="$Count">
<Actors selectTriggeringEntities="false"><EntityRef entityRef="Ego"/></Actors>
<Maneuver name="m">{events}</Maneuver></ManeuverGroup><StartTrigger/></Act></Story>
<StopTrigger/></Storyboard></OpenSCENARIO>"""


@cache
def files() -> dict[str, bytes]:
    """Return all of them by name; those without a folder are to be run."""
    found = {"roads/crossing.xodr": CROSSING.encode()}
    for index, name in enumerate(ACTIONS):
        found[f"{name}.xosc"] = _scenario(index, name).encode()
    revision: Revision = (1, 3)
    for index, wish in enumerate(one for one in wishes(revision) if one.child):
        found[f"grown-{index}.xosc"] = grown(revision, wish)
    return found | {"road.xodr": ROAD, **catalogs(revision)}
