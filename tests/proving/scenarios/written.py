"""Scenarios written in a few words, and where their entities go: for tests of lateral motion."""

import numpy as np

from proving.scenarios.document import ROADS, at_time, document, read

WIDTH = 3.0
"""Of each lane of ROAD [m]: two to each side, no lane offset."""
_LANE = f'<width sOffset="0" a="{WIDTH}" b="0" c="0" d="0"/>'


def road(shape: str = "<line/>", length: float = 2000.0) -> str:
    """Return a network of one road (id 1) from the origin along x, four lanes wide."""
    lanes = {
        k: f'<lane id="{k}" type="driving" level="false">{_LANE}</lane>' for k in (2, 1, -1, -2)
    }
    return f"""<OpenDRIVE><header revMajor="1" revMinor="6"/><road id="1" length="{length}"
  junction="-1"><planView><geometry s="0" x="0" y="0" hdg="0" length="{length}">{shape}</geometry>
  </planView><lanes><laneSection s="0"><left>{lanes[2]}{lanes[1]}</left>
  <center><lane id="0" type="none" level="false"/></center>
  <right>{lanes[-1]}{lanes[-2]}</right></laneSection></lanes></road></OpenDRIVE>"""


def car(name: str, length: float = 4.0, width: float = 2.0, **performance: float) -> str:
    """Return an entity whose box lies around its reference point."""
    most = {"maxSpeed": 100.0, "maxAcceleration": 100.0, "maxDeceleration": 100.0, **performance}
    told = " ".join(f'{key}="{value}"' for key, value in most.items())
    wheel = 'maxSteering="0.5" wheelDiameter="0.6" trackWidth="1.6" positionZ="0.3"'
    return f"""<ScenarioObject name="{name}"><Vehicle name="car" vehicleCategory="car">
  <BoundingBox><Center x="0" y="0" z="0.7"/>
  <Dimensions width="{width}" length="{length}" height="1.4"/></BoundingBox>
  <Performance {told}/><Axles><FrontAxle {wheel} positionX="2.5"/>
  <RearAxle {wheel} positionX="0"/></Axles></Vehicle></ScenarioObject>"""


def lane(number: int, s: float, rest: str = "") -> str:
    """Return a LanePosition on the road."""
    return f'<LanePosition roadId="1" laneId="{number}" s="{s}" {rest}/>'


def world(x: float, y: float, rest: str = "") -> str:
    """Return a WorldPosition."""
    return f'<WorldPosition x="{x}" y="{y}" {rest}/>'


def teleport(position: str) -> str:
    """Return a TeleportAction."""
    return f"<TeleportAction><Position>{position}</Position></TeleportAction>"


def speed(value: float, shape: str = "step", dimension: str = "time", over: float = 0.0) -> str:
    """Return a SpeedAction to a speed [m/s]."""
    how = f'dynamicsShape="{shape}" dynamicsDimension="{dimension}" value="{over}"'
    return f"""<LongitudinalAction><SpeedAction><SpeedActionDynamics {how}/><SpeedActionTarget>
  <AbsoluteTargetSpeed value="{value}"/></SpeedActionTarget></SpeedAction></LongitudinalAction>"""


def follow(
    shape: str,
    timing: str = "<None/>",
    *,
    closed: bool = False,
    mode: str = "position",
    rest: str = "",
) -> str:
    """Return a FollowTrajectoryAction."""
    return f"""<RoutingAction><FollowTrajectoryAction {rest}><TrajectoryRef>
  <Trajectory name="t" closed="{str(closed).lower()}"><Shape>{shape}</Shape></Trajectory>
  </TrajectoryRef><TimeReference>{timing}</TimeReference>
  <TrajectoryFollowingMode followingMode="{mode}"/></FollowTrajectoryAction></RoutingAction>"""


def polyline(*vertices: tuple[str, float | None]) -> str:
    """Return a Polyline of positions, each with its time [s] or none."""
    rows = "".join(
        "<Vertex" + ("" if t is None else f' time="{t}"') + f"><Position>{one}</Position></Vertex>"
        for one, t in vertices
    )
    return f"<Polyline>{rows}</Polyline>"


def does(actor: str, time_s: float, *actions: str, start: str | None = None) -> str:
    """Return a story: from a time on [s], an entity acts."""
    events = "".join(
        f"""<Event name="e{k}" priority="parallel"><Action name="x{k}">
  <PrivateAction>{one}</PrivateAction></Action>
  {at_time(time_s) if start is None else start}</Event>"""
        for k, one in enumerate(actions)
    )
    return f"""<Story name="{actor} {time_s}"><Act name="{actor} {time_s} act">
  <ManeuverGroup name="g" maximumExecutionCount="1">
  <Actors selectTriggeringEntities="false"><EntityRef entityRef="{actor}"/></Actors>
  <Maneuver name="m">{events}</Maneuver></ManeuverGroup><StartTrigger/></Act></Story>"""


class Run:
    """Where the entities of a run were at each step.

    Attributes
    ----------
    rows : name -> (n, 5)
        time, x, y, heading, speed.
    ended_s [s]
        When the last action ended, or the storyboard with it.
    """

    def __init__(
        self,
        init: dict[str, list[str]],
        *stories: str,
        until_s: float,
        roads: str | None = None,
        entities: tuple[str, ...] = (),
        revision: int = 3,
    ) -> None:
        people = entities or [car(name) for name in init]
        first = "".join(
            f'<Private entityRef="{name}">'
            + "".join(f"<PrivateAction>{one}</PrivateAction>" for one in actions)
            + "</Private>"
            for name, actions in init.items()
        )
        text = document(
            entities=people,
            init=[first],
            stories=stories,
            stop=at_time(until_s, "StopTrigger"),
            head="<ParameterDeclarations/>",
            network=ROADS if roads is not None else "",
            revision=revision,
        )
        compiled = read(text, roads or "").compile()
        result = compiled.run(
            time_limit_s=until_s + 1.0, trajectories="all", transitions=True, threads=1
        )
        assert result.outcomes[0] == "COMPLETED", result.reasons[0]
        columns = ("time_s", "x_m", "y_m", "heading_rad", "speed_mps")
        table = np.stack([result.samples[one] for one in columns], axis=1)
        whose = result.samples["entity"]
        self.rows = {name: table[whose == k] for k, name in enumerate(result.entities)}
        self._elements, self._transitions = result.elements, result.transitions

    def at(self, name: str, time_s: float) -> np.ndarray:
        """Return x, y, heading and speed of an entity at a time."""
        rows = self.rows[name]
        found: np.ndarray = rows[int(np.argmin(np.abs(rows[:, 0] - time_s))), 1:]
        return found

    def changes(self, kind: str, how: int = 1) -> list[float]:
        """Return when elements of a kind started (how 0) or ended (how 1) [s]."""
        return [
            float(row["time_s"])
            for row in self._transitions
            if self._elements[row["element"]].kind == kind and row["how"] == how
        ]
