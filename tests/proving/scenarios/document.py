"""The document that every scenario written in these tests stands in."""

from collections.abc import Iterable

from treadle.proving import Scenario
from treadle.proving.formats.openscenario.files import FromContents

ROADS = '<LogicFile filepath="r.xodr"/>'
SCENARIO, NETWORK = "s.xosc", "r.xodr"


def document(
    *,
    entities: Iterable[str] = (),
    init: Iterable[str] = (),
    stories: Iterable[str] = (),
    stop: str = "<StopTrigger/>",
    head: str = "",
    network: str = ROADS,
    revision: int = 3,
) -> str:
    """Return a scenario.

    Parameters
    ----------
    init
        What stands in Init's Actions.
    head
        Declarations, behind the FileHeader.
    network
        What stands in RoadNetwork.
    """
    return f"""<OpenSCENARIO><FileHeader revMajor="1" revMinor="{revision}" author="t"
  date="2024-01-01T00:00:00" description="d"/>{head}<CatalogLocations/>
  <RoadNetwork>{network}</RoadNetwork><Entities>{"".join(entities)}</Entities>
  <Storyboard><Init><Actions>{"".join(init)}</Actions></Init>{"".join(stories)}{stop}</Storyboard>
  </OpenSCENARIO>"""


def files_of(text: str, roads: str = "") -> FromContents:
    """Return a scenario and its road network as files."""
    return FromContents({SCENARIO: text.encode(), NETWORK: roads.encode()})


def read(text: str, roads: str = "") -> Scenario:
    """Return a scenario that stands on a road network."""
    return Scenario.read(SCENARIO, open_file=files_of(text, roads))


def at_time(time_s: float, tag: str = "StartTrigger") -> str:
    """Return a trigger that fires at a time [s]."""
    return f"""<{tag}><ConditionGroup><Condition name="c" delay="0" conditionEdge="none">
  <ByValueCondition><SimulationTimeCondition value="{time_s}" rule="greaterOrEqual"/>
  </ByValueCondition></Condition></ConditionGroup></{tag}>"""
