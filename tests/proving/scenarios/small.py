"""Small scenarios and roads, written here, and where their entities go."""

from collections.abc import Sequence

import numpy as np

from proving.scenarios.document import at_time, document, read
from treadle.proving import Scenario
from treadle.proving.formats.compiled import Motion

CAR = """<Vehicle name="car" vehicleCategory="car">
  <BoundingBox><Center x="1.4" y="0" z="0.75"/><Dimensions width="2" length="5" height="1.5"/>
  </BoundingBox>
  <Performance maxSpeed="70" maxAcceleration="200" maxDeceleration="10"/>
  <Axles><FrontAxle maxSteering="0.5" wheelDiameter="0.8" trackWidth="1.68" positionX="2.98"
  positionZ="0.4"/><RearAxle maxSteering="0.5" wheelDiameter="0.8" trackWidth="1.68" positionX="0"
  positionZ="0.4"/></Axles>{}</Vehicle>"""


def entity(name: str, what: str = "") -> str:
    """Return a ScenarioObject: a car with further elements, or another object."""
    if what.startswith("<Vehicle"):
        return f'<ScenarioObject name="{name}">{what}</ScenarioObject>'
    return f'<ScenarioObject name="{name}">{CAR.format(what)}</ScenarioObject>'


def lane(road: str, lane: int, s: float, rest: str = "") -> str:
    """Return a Position on a lane."""
    return f'<Position><LanePosition roadId="{road}" laneId="{lane}" s="{s}" {rest}/></Position>'


def placed(name: str, position: str, speed: float = 0.0, more: str = "") -> str:
    """Return an entity's actions of Init: first more of them, then its place and speed."""
    return f"""<Private entityRef="{name}">{more}
  <PrivateAction><TeleportAction>{position}</TeleportAction></PrivateAction>
  <PrivateAction><LongitudinalAction><SpeedAction>
    <SpeedActionDynamics dynamicsShape="step" dynamicsDimension="time" value="0"/>
    <SpeedActionTarget><AbsoluteTargetSpeed value="{speed}"/></SpeedActionTarget>
  </SpeedAction></LongitudinalAction></PrivateAction></Private>"""


def routed(*waypoints: str) -> str:
    """Return a private action that assigns a route."""
    points = "".join(f'<Waypoint routeStrategy="shortest">{one}</Waypoint>' for one in waypoints)
    return f"""<PrivateAction><RoutingAction><AssignRouteAction><Route name="way" closed="false">
  {points}</Route></AssignRouteAction></RoutingAction></PrivateAction>"""


def event(time_s: float, action: str, actor: str) -> str:
    """Return a story in which an entity does something at a time."""
    return f"""<Story name="s"><Act name="a"><ManeuverGroup name="g" maximumExecutionCount="1">
  <Actors selectTriggeringEntities="false"><EntityRef entityRef="{actor}"/></Actors>
  <Maneuver name="m"><Event name="e" priority="parallel"><Action name="x">
  <PrivateAction>{action}</PrivateAction></Action>
  {at_time(time_s)}</Event></Maneuver></ManeuverGroup>
  {at_time(0.0)}</Act></Story>"""


def road(number: int, geometry: str, length: float, links: str = "", rest: str = "") -> str:
    """Return a road with a lane of 3 m to each side of its reference line.

    Parameters
    ----------
    geometry
        x, y, heading and the shape: "0 0 0 <line/>".
    rest
        Further attributes of the road.
    """
    x, y, heading, shape = geometry.split(maxsplit=3)
    rest = rest or 'junction="-1"'
    width = '<width sOffset="0" a="3" b="0" c="0" d="0"/>'
    linked = {side: f"<link>{links_of(links, side)}</link>" for side in (1, -1)}
    joined = "".join(one for one in links.split("|") if one.startswith(("<pre", "<suc")))
    return f"""<road id="{number}" length="{length}" {rest}><link>{joined}</link>
  <planView><geometry s="0" x="{x}" y="{y}" hdg="{heading}" length="{length}">{shape}</geometry>
  </planView><lanes><laneSection s="0">
  <left><lane id="1" type="driving" level="false">{linked[1]}{width}</lane></left>
  <center><lane id="0" type="none" level="false"/></center>
  <right><lane id="-1" type="driving" level="false">{linked[-1]}{width}</lane></right>
  </laneSection></lanes></road>"""


def links_of(links: str, lane: int) -> str:
    """Return the links of a lane: it keeps its id along both linked roads."""
    found = ""
    for tag in ("predecessor", "successor"):
        if f'<{tag} elementType="road"' in links:
            found += f'<{tag} id="{lane}"/>'
    return found


def network(*roads: str, junctions: str = "") -> str:
    """Return a road network."""
    head = '<header revMajor="1" revMinor="6"/>'
    return f"<OpenDRIVE>{head}{''.join(roads)}{junctions}</OpenDRIVE>"


def play(
    entities: Sequence[str],
    init: Sequence[str],
    roads: str,
    seconds: float,
    *,
    story: str = "",
    revision: int = 3,
    motion: Motion = "default",
) -> dict[str, np.ndarray]:
    """Run a scenario; return of each entity rows of time, x, y, heading and speed."""
    compiled = written(entities, init, roads, seconds, story=story, revision=revision).compile()
    result = compiled.run(time_limit_s=seconds + 1.0, trajectories="all", threads=1, motion=motion)
    assert result.outcomes[0] == "COMPLETED", result.reasons[0]
    columns = ("time_s", "x_m", "y_m", "heading_rad", "speed_mps")
    rows = np.stack([result.samples[one] for one in columns], axis=1)
    whose = result.samples["entity"]
    return {name: rows[whose == k] for k, name in enumerate(result.entities)}


def written(
    entities: Sequence[str],
    init: Sequence[str],
    roads: str,
    seconds: float,
    *,
    story: str = "",
    revision: int = 3,
) -> Scenario:
    """Return a scenario that ends after some seconds."""
    return read(text_of(entities, init, seconds, story=story, revision=revision), roads)


def text_of(
    entities: Sequence[str],
    init: Sequence[str],
    seconds: float,
    *,
    story: str = "",
    revision: int = 3,
) -> str:
    """Return the text of a scenario that ends after some seconds, on the roads of r.xodr."""
    return document(
        entities=entities,
        init=init,
        stories=[story],
        stop=at_time(seconds, "StopTrigger"),
        revision=revision,
    )
