"""Coordinate systems that a condition or an action can have, and those that it cannot."""

import pytest

from proving.rules.lowering.lowered import lowered, private

WHEN = """<StartTrigger><ConditionGroup><Condition name="c" delay="0" conditionEdge="none">
<ByEntityCondition><TriggeringEntities triggeringEntitiesRule="any"><EntityRef entityRef="Ego"/>
</TriggeringEntities><EntityCondition>{}</EntityCondition></ByEntityCondition></Condition>
</ConditionGroup></StartTrigger>"""
ANGLE = """<AngleCondition angle="0" angleTolerance="0.1" angleType="{}"
coordinateSystem="trajectory"/>"""


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("heading", "executed"), ("pitch", "not supported"), ("roll", "not supported")],
)
def test_a_trajectory_has_headings_alone(kind: str, outcome: str) -> None:
    story = f"""<Story name="s"><Act name="a"><ManeuverGroup name="g" maximumExecutionCount="1">
<Actors selectTriggeringEntities="false"/></ManeuverGroup>{WHEN.format(ANGLE.format(kind))}
</Act></Story>"""
    line = lowered(story=story).line("AngleCondition")
    assert (line.outcome, line.may_change) == (outcome, outcome != "executed")


@pytest.mark.parametrize(("system", "outcome"), [("lane", "executed"), ("trajectory", "")])
def test_who_keeps_a_lateral_distance_follows_no_trajectory(system: str, outcome: str) -> None:
    action = f"""<LateralAction><LateralDistanceAction entityRef="Ego" freespace="false"
continuous="true" coordinateSystem="{system}"/></LateralAction>"""
    line = lowered(init=private(action)).line("LateralDistanceAction")
    assert line.outcome == (outcome or "not supported")
