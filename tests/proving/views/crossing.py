"""A scenario for these tests: Ego speeds up behind a car that stands, and meets it or not."""

from pathlib import Path

ROAD = """<OpenDRIVE><header revMajor="1" revMinor="6" name="straight"/>
<road id="1" length="500" junction="-1"><planView>
<geometry s="0" x="0" y="0" hdg="0" length="500"><line/></geometry></planView>
<lanes><laneSection s="0"><center><lane id="0" type="none" level="false">
<roadMark sOffset="0" type="solid" color="standard" width="0.12"/></lane></center>
<right><lane id="-1" type="driving" level="false"><width sOffset="0" a="4" b="0" c="0" d="0"/>
<roadMark sOffset="0" type="broken" color="standard" width="0.12"/></lane></right>
</laneSection></lanes></road></OpenDRIVE>"""
_BOX = """<BoundingBox><Center x="{ahead}" y="0" z="0.7"/>
<Dimensions height="1.4" length="4" width="2"/></BoundingBox>
<Performance maxAcceleration="99" maxDeceleration="99" maxSpeed="99"/>
<Axles><FrontAxle maxSteering="0.5" positionX="2.5" positionZ="0.3" trackWidth="1.7"
 wheelDiameter="0.6"/><RearAxle maxSteering="0" positionX="0" positionZ="0.3" trackWidth="1.7"
 wheelDiameter="0.6"/></Axles><Properties/>"""
_CAR = """<ScenarioObject name="{name}"><Vehicle name="v" vehicleCategory="{kind}" mass="1000">
<ParameterDeclarations/>{box}</Vehicle></ScenarioObject>"""
_PRIVATE = """<Private entityRef="{name}"><PrivateAction><TeleportAction><Position>
<LanePosition roadId="1" laneId="-1" s="{s}" offset="0"/></Position></TeleportAction>
</PrivateAction><PrivateAction><LongitudinalAction><SpeedAction>
<SpeedActionDynamics dynamicsShape="step" dynamicsDimension="time" value="0"/>
<SpeedActionTarget><AbsoluteTargetSpeed value="{speed}"/></SpeedActionTarget>
</SpeedAction></LongitudinalAction></PrivateAction></Private>"""
_AT = """<ConditionGroup><Condition name="{name}" delay="0" conditionEdge="none"><ByValueCondition>
<SimulationTimeCondition value="{value}" rule="greaterOrEqual"/></ByValueCondition></Condition>
</ConditionGroup>"""
SCENARIO = """<OpenSCENARIO><FileHeader revMajor="1" revMinor="1" date="2026-01-01T00:00:00"
 description="Faster behind a car that stands" author="a test"/>
<ParameterDeclarations>
<ParameterDeclaration name="Target_mps" parameterType="double" value="20"><ConstraintGroup>
<ValueConstraint rule="lessThan" value="35"/></ConstraintGroup></ParameterDeclaration>
<ParameterDeclaration name="Gain_mps" parameterType="double" value="${{$Target_mps - 10}}"/>
</ParameterDeclarations><CatalogLocations/>
<RoadNetwork><LogicFile filepath="straight.xodr"/></RoadNetwork>
<Entities>{cars}</Entities>
<Storyboard><Init><Actions>{init}</Actions></Init>
<Story name="S"><Act name="A"><ManeuverGroup name="G" maximumExecutionCount="1">
<Actors selectTriggeringEntities="false"><EntityRef entityRef="Ego"/></Actors>
<Maneuver name="M"><Event name="Faster" priority="overwrite" maximumExecutionCount="1">
<Action name="Speed up"><PrivateAction><LongitudinalAction><SpeedAction>
<SpeedActionDynamics dynamicsShape="linear" dynamicsDimension="time" value="2"/>
<SpeedActionTarget><AbsoluteTargetSpeed value="$Target_mps"/></SpeedActionTarget>
</SpeedAction></LongitudinalAction></PrivateAction></Action>
<StartTrigger>{at_one}</StartTrigger></Event></Maneuver></ManeuverGroup>
<StartTrigger>{at_once}</StartTrigger></Act></Story>
<StopTrigger>{at_six}</StopTrigger></Storyboard></OpenSCENARIO>"""
VARIATION = """<OpenSCENARIO><FileHeader revMajor="1" revMinor="1" date="2026-01-01T00:00:00"
 description="" author="a test"/><ParameterValueDistribution>
<ScenarioFile filepath="faster.xosc"/><Deterministic>
<DeterministicSingleParameterDistribution parameterName="Target_mps"><DistributionSet>
<Element value="12"/><Element value="20"/><Element value="40"/><Element value="14"/>
</DistributionSet></DeterministicSingleParameterDistribution></Deterministic>
</ParameterValueDistribution></OpenSCENARIO>"""


def written(folder: Path) -> Path:
    """Write the scenario, its road and its variation; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    cars = _CAR.format(name="Ego", kind="car", box=_BOX.format(ahead=1.5))
    cars += _CAR.format(name="Parked", kind="truck", box=_BOX.format(ahead=0))
    init = _PRIVATE.format(name="Ego", s=10, speed=10)
    init += _PRIVATE.format(name="Parked", s=100, speed=0)
    text = SCENARIO.format(
        cars=cars,
        init=init,
        at_once=_AT.format(name="at once", value=0),
        at_one=_AT.format(name="after a second", value=1),
        at_six=_AT.format(name="the end", value=6),
    )
    (folder / "faster.xosc").write_text(text)
    (folder / "varied.xosc").write_text(VARIATION)
    (folder / "straight.xodr").write_text(ROAD)
    return folder
