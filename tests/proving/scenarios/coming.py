"""Scenarios with traffic that comes and goes, and where each of its vehicles was."""

from typing import Any

import numpy as np

from proving.scenarios.document import NETWORK, SCENARIO, at_time, document
from proving.scenarios.written import car, lane, road, speed, teleport
from treadle.proving.formats.openscenario.files import FromContents
from treadle.proving.formats.scenarios import Compiled, Scenario
from treadle.proving.rules.result import Result

CAR_LENGTH, CAR_AHEAD = 4.5, 1.4
"""Of a car that only a category tells of: box [m], its centre ahead of the reference point [m]."""


def definition(**weights: float) -> str:
    """Return a TrafficDefinition of categories (of 1.0 to 1.2), cars where none are given."""
    entries = "".join(
        f'<VehicleCategoryDistributionEntry category="{one}" weight="{weight}"/>'
        for one, weight in (weights or {"car": 1.0}).items()
    )
    return f"""<TrafficDefinition name="d">
  <VehicleCategoryDistribution>{entries}</VehicleCategoryDistribution>
  <ControllerDistribution><ControllerDistributionEntry weight="1"><Controller name="c">
  <Properties/></Controller></ControllerDistributionEntry></ControllerDistribution>
  </TrafficDefinition>"""


def distribution(**weights: float) -> str:
    """Return a TrafficDistribution (1.3) of cars of different lengths: `c6=1.0` is one of 6 m."""
    entries = "".join(
        f'<EntityDistributionEntry weight="{weight}"><ScenarioObjectTemplate>'
        + car("x", length=float(one[1:])).split(">", 1)[1].removesuffix("</ScenarioObject>")
        + "</ScenarioObjectTemplate></EntityDistributionEntry>"
        for one, weight in (weights or {"c4": 1.0}).items()
    )
    return f"""<TrafficDistribution><TrafficDistributionEntry weight="2"><EntityDistribution>
  {entries}</EntityDistribution></TrafficDistributionEntry></TrafficDistribution>"""


def traffic(action: str, name: str = "T") -> str:
    """Return a GlobalAction."""
    told = f'trafficName="{name}"' if name else ""
    return f"<GlobalAction><TrafficAction {told}>{action}</TrafficAction></GlobalAction>"


def source(position: str, rest: str, made_of: str = "") -> str:
    """Return a TrafficSourceAction."""
    return f"""<TrafficSourceAction {rest}><Position>{position}</Position>
  {made_of or definition()}</TrafficSourceAction>"""


def sink(position: str, rest: str, takes: str = "") -> str:
    """Return a TrafficSinkAction."""
    return f"""<TrafficSinkAction {rest}><Position>{position}</Position>{takes}
  </TrafficSinkAction>"""


def swarm(number: int | str, more: str = "", made_of: str = "", **told: float) -> str:
    """Return a TrafficSwarmAction around Ego."""
    usual = {"innerRadius": 10, "offset": 0, "semiMajorAxis": 200, "semiMinorAxis": 10}
    rest = " ".join(f'{key}="{value}"' for key, value in {**usual, **told}.items())
    return f"""<TrafficSwarmAction {rest} numberOfVehicles="{number}">
  <CentralObject entityRef="Ego"/>{made_of or definition()}{more}</TrafficSwarmAction>"""


def area(place: str, number: int, *, continuous: bool = False, made_of: str = "") -> str:
    """Return a TrafficAreaAction."""
    return f"""<TrafficAreaAction numberOfEntities="{number}"
  continuous="{str(continuous).lower()}">{made_of or distribution()}
  <TrafficArea>{place}</TrafficArea></TrafficAreaAction>"""


def later(time_s: float, *actions: str) -> str:
    """Return a story of global actions at a time."""
    told = "".join(f'<Action name="x{k}">{one}</Action>' for k, one in enumerate(actions))
    return f"""<Story name="s{time_s}"><Act name="a{time_s}">
  <ManeuverGroup name="g" maximumExecutionCount="1"><Actors selectTriggeringEntities="false"/>
  <Maneuver name="m"><Event name="e" priority="parallel">{told}{at_time(time_s)}</Event></Maneuver>
  </ManeuverGroup><StartTrigger/></Act></Story>"""


class Coming:
    """A scenario with Ego and traffic.

    Parameters
    ----------
    actions
        Global actions of Init.
    ego
        Where Ego is, on the road along x, and its speed [m, m/s].
    """

    def __init__(
        self,
        *actions: str,
        stories: tuple[str, ...] = (),
        until_s: float = 20.0,
        ego: tuple[int, float, float] = (-2, 50.0, 0.0),
        revision: int = 2,
        roads: str | None = None,
        parameters: str = "",
    ) -> None:
        number, s, v = ego
        self.until_s = until_s
        first = f"""<Private entityRef="Ego">
  <PrivateAction>{teleport(lane(number, s))}</PrivateAction>
  <PrivateAction>{speed(v)}</PrivateAction></Private>"""
        self.text = document(
            entities=[car("Ego")],
            init=[*actions, first],
            stories=stories,
            stop=at_time(until_s, "StopTrigger"),
            head=f"<ParameterDeclarations>{parameters}</ParameterDeclarations>",
            revision=revision,
        )
        self.files = {SCENARIO: self.text.encode(), NETWORK: (roads or road()).encode()}

    @property
    def compiled(self) -> Compiled:
        """The scenario, ready to run."""
        files = FromContents(self.files)
        return Scenario.read(SCENARIO, open_file=files).compile()

    def run(self, **how: Any) -> Result:
        """Run it once, and keep where everybody was each second."""
        usual: dict[str, Any] = {
            "time_limit_s": self.until_s + 1.0,
            "trajectories": "all",
            "sample_s": 1.0,
            "threads": 1,
        }
        return self.compiled.run(**{**usual, **how})


def ways(result: Result) -> dict[str, np.ndarray]:
    """Return of each vehicle of traffic its samples, by its name."""
    found = {}
    for k, name in enumerate(result.entities):
        rows = result.samples[result.samples["entity"] == k]
        if "." in name and len(rows):
            found[name] = rows
    return found
