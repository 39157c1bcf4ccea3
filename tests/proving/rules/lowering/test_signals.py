"""Phases that set a whole group of the road network's signals (1.2)."""

from proving.rules.lowering.lowered import Lowered, lowered
from proving.scenarios.small import network, road

GROUP = """<TrafficSignals><TrafficSignalController name="{}"><Phase name="go" duration="3">
<TrafficSignalGroupState state="off;off;on"/></Phase></TrafficSignalController></TrafficSignals>"""
ROAD = network(
    road(1, "0 0 0 <line/>", 100.0),
    junctions='<controller id="7" name="c"><control signalId="a" type="0"/>'
    '<control signalId="b" type="0"/></controller>',
)
ASKED = """<Story name="s"><Act name="a"><ManeuverGroup name="g" maximumExecutionCount="1">
<Actors selectTriggeringEntities="false"/></ManeuverGroup><StartTrigger><ConditionGroup>
<Condition name="" delay="0" conditionEdge="none"><ByValueCondition>
<TrafficSignalCondition name="a" state="off;off;on"/></ByValueCondition></Condition>
</ConditionGroup></StartTrigger></Act></Story>"""


def states(it: Lowered) -> dict[str, int]:
    names = {row: name for name, row in it.build.signal_rows.items()}
    rows = it.build.signal_states.array()
    return {names[int(row["signal"])]: int(row["word"]) for row in rows}


def test_a_groups_state_is_that_of_each_signal_of_the_roads_controller() -> None:
    it = lowered(network=GROUP.format("7"), road=ROAD)
    word = it.build.interned["off;off;on"]
    assert states(it) == {"a": word, "b": word}
    assert it.line("TrafficSignalGroupState").outcome == "executed"


def test_a_group_that_the_road_has_not_matters_where_a_signal_is_asked() -> None:
    idle = lowered(network=GROUP.format("8"), road=ROAD).line("TrafficSignalGroupState")
    assert (idle.outcome, idle.may_change) == ("not supported", False)
    asked = lowered(network=GROUP.format("8"), road=ROAD, story=ASKED)
    assert asked.line("TrafficSignalGroupState").may_change
