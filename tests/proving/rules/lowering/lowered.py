"""Small scenarios lowered: what becomes of their elements, and the rows that they become."""

from dataclasses import dataclass

from proving.scenarios.document import SCENARIO, document, files_of
from proving.scenarios.small import entity
from treadle.proving.formats.opendrive.reading import read_roads
from treadle.proving.formats.openscenario.reading import read_scenario
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.lower import lower
from treadle.proving.rules.node import Finding, Line

PEDESTRIAN = """<Pedestrian name="p" pedestrianCategory="pedestrian" mass="80"><BoundingBox>
<Center x="0" y="0" z="1"/><Dimensions length="0.5" width="0.5" height="1.8"/></BoundingBox>
</Pedestrian>"""


@dataclass(frozen=True)
class Lowered:
    """A scenario that was lowered, and what its ledger says."""

    build: Build
    lines: list[Line]
    findings: list[Finding]

    def line(self, tag: str) -> Line:
        """Return the only line of an element."""
        (found,) = [line for line in self.lines if line.tag == tag]
        return found

    def rules(self) -> list[str]:
        """Return the rules that findings break."""
        return [found.rule for found in self.findings]


def lowered(
    *,
    entities: str = "",
    init: str = "",
    story: str = "",
    head: str = "",
    network: str = "",
    road: str = "",
    revision: int = 3,
    controllers_on: bool = True,
) -> Lowered:
    """Lower a scenario with the entity Ego; `network` stands inside RoadNetwork."""
    text = document(
        entities=[entity("Ego"), entities],
        init=[init],
        stories=[story],
        head=head,
        network=network,
        revision=revision,
    )
    read = read_scenario(SCENARIO, files_of(text))
    roads = read_roads(road.encode(), "r.xodr") if road else None
    build = lower(read.bind(), roads, controllers_on=controllers_on)
    return Lowered(build, read.manifest(), read.ledger.findings)


def private(action: str, actor: str = "Ego") -> str:
    """Return an action of Init."""
    return f'<Private entityRef="{actor}"><PrivateAction>{action}</PrivateAction></Private>'


def story(*actions: str, actors: str = '<EntityRef entityRef="Ego"/>') -> str:
    """Return a story with an event for each action."""
    events = "".join(
        f'<Event name="e{k}" priority="parallel"><Action name="a">{action}</Action></Event>'
        for k, action in enumerate(actions)
    )
    return f"""<Story name="s"><Act name="a"><ManeuverGroup name="g" maximumExecutionCount="1">
<Actors selectTriggeringEntities="false">{actors}</Actors><Maneuver name="m">{events}</Maneuver>
</ManeuverGroup></Act></Story>"""
