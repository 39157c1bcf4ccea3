"""A small scenario of our own, whose numbers can be worked out by hand, and what varies it.

Ego follows Lead, 50 m behind it, both at 20 m/s; after a second Lead brakes to 10 m/s within two.
"""

from pathlib import Path

ROAD = """<OpenDRIVE><header revMajor="1" revMinor="6"/>
<road id="1" length="1000" junction="-1"><planView>
<geometry s="0" x="0" y="0" hdg="0" length="1000">{shape}</geometry></planView>
<lanes><laneSection s="0"><center><lane id="0" type="none" level="false"/></center>
<right><lane id="-1" type="driving" level="false">
<width sOffset="0" a="3.5" b="0" c="0" d="0"/></lane></right></laneSection></lanes></road>
</OpenDRIVE>"""
VEHICLE = """<Vehicle name="car" vehicleCategory="car" mass="{mass}"><BoundingBox>
<Center x="1.5" y="0" z="0.7"/><Dimensions length="4" width="2" height="1.4"/></BoundingBox>
<Performance maxSpeed="70" maxAcceleration="10" maxDeceleration="10"/>
<Axles><FrontAxle maxSteering="0.5" wheelDiameter="0.6" trackWidth="1.7" positionX="3"
 positionZ="0.3"/><RearAxle maxSteering="0" wheelDiameter="0.6" trackWidth="1.7" positionX="0"
 positionZ="0.3"/></Axles></Vehicle>"""
HEADER = (
    '<FileHeader revMajor="1" revMinor="3" date="2026-01-01T00:00:00" description="" author=""/>'
)
CATALOG = f"""<OpenSCENARIO>{HEADER}<Catalog name="{{name}}">{VEHICLE}</Catalog></OpenSCENARIO>"""
PLACE = """<PrivateAction><TeleportAction><Position><LanePosition roadId="1" laneId="-1" s="{s}"/>
</Position></TeleportAction></PrivateAction>"""
SPEED = """<PrivateAction><LongitudinalAction><SpeedAction>
<SpeedActionDynamics dynamicsShape="{shape}" dynamicsDimension="time" value="{within}"/>
<SpeedActionTarget><AbsoluteTargetSpeed value="{speed}"/></SpeedActionTarget></SpeedAction>
</LongitudinalAction></PrivateAction>"""
AFTER = """<ConditionGroup><Condition name="" delay="0" conditionEdge="none"><ByValueCondition>
<SimulationTimeCondition value="{time}" rule="greaterOrEqual"/></ByValueCondition></Condition>
</ConditionGroup>"""
STORY = f"""<Story name="s"><Act name="a"><ManeuverGroup name="g" maximumExecutionCount="1">
<Actors selectTriggeringEntities="false"><EntityRef entityRef="Lead"/></Actors>
<Maneuver name="m"><Event name="brakes" priority="override"><Action name="brake">
{SPEED.format(shape="linear", within=2, speed=10)}</Action>
<StartTrigger>{AFTER.format(time=1)}</StartTrigger></Event></Maneuver></ManeuverGroup></Act>
</Story>"""
CONTROLLED = """<ObjectController><Controller name="driver"/></ObjectController>"""
ACTIVE = """<PrivateAction><ControllerAction><ActivateControllerAction lateral="false"
 longitudinal="true"/></ControllerAction></PrivateAction>"""
SCENARIO = f"""<OpenSCENARIO>{HEADER}<ParameterDeclarations>
<ParameterDeclaration name="Road" parameterType="string" value="straight"/>
<ParameterDeclaration name="Car" parameterType="string" value="small"/>
<ParameterDeclaration name="Speed" parameterType="double" value="20"><ConstraintGroup>
<ValueConstraint rule="lessThan" value="40"/></ConstraintGroup></ParameterDeclaration>
</ParameterDeclarations><CatalogLocations><VehicleCatalog><Directory path="cars"/></VehicleCatalog>
</CatalogLocations><RoadNetwork><LogicFile filepath="{{road}}"/></RoadNetwork>
<Entities><ScenarioObject name="Ego">
<CatalogReference catalogName="$Car" entryName="car"/>{{controlled}}</ScenarioObject>
<ScenarioObject name="Lead">{VEHICLE.format(mass=1000)}</ScenarioObject></Entities>
<Storyboard><Init><Actions><Private entityRef="Ego">{PLACE.format(s=10)}
{SPEED.format(shape="step", within=0, speed="$Speed")}{{active}}</Private>
<Private entityRef="Lead">{PLACE.format(s=60)}{SPEED.format(shape="step", within=0, speed=20)}
</Private></Actions></Init>{STORY}
<StopTrigger>{AFTER.format(time=5)}</StopTrigger></Storyboard></OpenSCENARIO>"""


def axis(name: str, *values: object) -> str:
    """Return an axis of a variation: a parameter and its values."""
    inside = "".join(f'<Element value="{value}"/>' for value in values)
    return (
        f'<DeterministicSingleParameterDistribution parameterName="{name}">'
        f"<DistributionSet>{inside}</DistributionSet></DeterministicSingleParameterDistribution>"
    )


def variation(*axes: str, scenario: str = "drive.xosc") -> str:
    """Return a variation of the scenario."""
    return (
        f'<OpenSCENARIO>{HEADER}<ParameterValueDistribution><ScenarioFile filepath="{scenario}"/>'
        f"<Deterministic>{''.join(axes)}</Deterministic></ParameterValueDistribution>"
        "</OpenSCENARIO>"
    )


FILES = {
    "drive.xosc": SCENARIO.format(road="$Road/road.xodr", controlled="", active=""),
    "driven.xosc": SCENARIO.format(road="$Road/road.xodr", controlled=CONTROLLED, active=ACTIVE),
    "many.xosc": variation(
        axis("Road", "straight", "bent"),
        axis("Car", "small", "large"),
        axis("Speed", 20, 35, 50),
    ),
    "sweep.xosc": variation(axis("Speed", *(f"{20 + k / 100:g}" for k in range(1900)))),
    "straight/road.xodr": ROAD.format(shape="<line/>"),
    "bent/road.xodr": ROAD.format(shape='<arc curvature="0.001"/>'),
    "cars/small.xosc": CATALOG.format(name="small", mass=1000),
    "cars/large.xosc": CATALOG.format(name="large", mass=3000),
}
"""`many` has 12 variants of four structures; the 4 at 50 m/s are outside of the constraints."""


def written(folder: Path) -> Path:
    """Write the files into a folder."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder
