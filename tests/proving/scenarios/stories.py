"""Storyboards written in a few words, and what of them started and ended when."""

from collections.abc import Sequence
from typing import Any

from proving.scenarios.document import at_time, document, read
from proving.scenarios.written import car, speed, teleport, world

STARTED, ENDED, STOPPED, SKIPPED = range(4)
CARS = ("A", "B", "C")


def by_value(what: str, edge: str = "none", delay: float = 0.0) -> str:
    """Return a Condition by value."""
    return f"""<Condition name="c" delay="{delay}" conditionEdge="{edge}"><ByValueCondition>{what}
  </ByValueCondition></Condition>"""


def by_entity(what: str, *entities: str, rule: str = "any", edge: str = "none") -> str:
    """Return a Condition by entities."""
    refs = "".join(f'<EntityRef entityRef="{name}"/>' for name in entities)
    return f"""<Condition name="c" delay="0" conditionEdge="{edge}"><ByEntityCondition>
  <TriggeringEntities triggeringEntitiesRule="{rule}">{refs}</TriggeringEntities>
  <EntityCondition>{what}</EntityCondition></ByEntityCondition></Condition>"""


def time(seconds: float, rule: str = "greaterOrEqual") -> str:
    """Return a SimulationTimeCondition."""
    return f'<SimulationTimeCondition value="{seconds}" rule="{rule}"/>'


def state(kind: str, name: str, wanted: str) -> str:
    """Return a StoryboardElementStateCondition."""
    return f"""<StoryboardElementStateCondition storyboardElementType="{kind}"
  storyboardElementRef="{name}" state="{wanted}"/>"""


def variable(value: int, rule: str = "equalTo", name: str = "v") -> str:
    """Return a VariableCondition."""
    return f'<VariableCondition variableRef="{name}" value="{value}" rule="{rule}"/>'


def trigger(*conditions: str, tag: str = "StartTrigger") -> str:
    """Return a trigger that is true when all of its conditions are."""
    return f"<{tag}><ConditionGroup>{''.join(conditions)}</ConditionGroup></{tag}>"


def put(value: int, name: str = "v") -> str:
    """Return an action that sets a variable: done at once."""
    action = f'<VariableAction variableRef="{name}"><SetAction value="{value}"/></VariableAction>'
    return f"<GlobalAction>{action}</GlobalAction>"


def drive(value: float, seconds: float = 0.0) -> str:
    """Return an action that changes the speed within a time; 0: at once."""
    shape = "linear" if seconds else "step"
    return f"<PrivateAction>{speed(value, shape, 'time', seconds)}</PrivateAction>"


def event(
    name: str,
    *actions: str,
    start: str = "",
    priority: str = "parallel",
    count: int | None = None,
) -> str:
    """Return an Event whose actions are called `<name> 0`, `<name> 1` and so on."""
    rows = "".join(f'<Action name="{name} {k}">{one}</Action>' for k, one in enumerate(actions))
    often = "" if count is None else f'maximumExecutionCount="{count}"'
    return f'<Event name="{name}" priority="{priority}" {often}>{rows}{start}</Event>'


def maneuver(name: str, *events: str) -> str:
    """Return a Maneuver."""
    return f'<Maneuver name="{name}">{"".join(events)}</Maneuver>'


def group(
    name: str, *maneuvers: str, actors: Sequence[str] = ("A",), count: int = 1, select: bool = False
) -> str:
    """Return a ManeuverGroup."""
    refs = "".join(f'<EntityRef entityRef="{one}"/>' for one in actors)
    return f"""<ManeuverGroup name="{name}" maximumExecutionCount="{count}">
  <Actors selectTriggeringEntities="{str(select).lower()}">{refs}</Actors>
  {"".join(maneuvers)}</ManeuverGroup>"""


def act(name: str, *groups: str, start: str = "", stop: str = "") -> str:
    """Return an Act."""
    return f'<Act name="{name}">{"".join(groups)}{start}{stop}</Act>'


def story(name: str, *acts: str) -> str:
    """Return a Story."""
    return f'<Story name="{name}">{"".join(acts)}</Story>'


def simple(*events: str, name: str = "s", actors: Sequence[str] = ("A",)) -> str:
    """Return a story of one act, group and maneuver, which start with the storyboard."""
    inside = group(f"{name} group", maneuver(f"{name} maneuver", *events), actors=actors)
    return story(name, act(f"{name} act", inside))


def init(places: dict[str, tuple[float, float]]) -> str:
    """Return Init's actions: y is 10 m more for each next car, which looks along x.

    Parameters
    ----------
    places
        By name x [m] and speed [m/s].
    """
    return "".join(
        f"""<Private entityRef="{name}">
  <PrivateAction>{teleport(world(x, 10.0 * k, 'h="0"'))}</PrivateAction>{drive(v)}</Private>"""
        for k, (name, (x, v)) in enumerate(places.items())
    )


class Played:
    """A run of stories on an empty plane; cars A, B and C are there, at 10 m/s.

    Attributes
    ----------
    result
        What came of it.
    """

    def __init__(
        self,
        *stories: str,
        seconds: float = 5.0,
        limit: float = 20.0,
        stop: str | None = None,
        first: str = "",
    ) -> None:
        known = "".join(
            f'<VariableDeclaration name="{name}" variableType="int" value="0"/>' for name in "vw"
        )
        first = first or init(dict.fromkeys(CARS, (0.0, 10.0)))
        end = at_time(seconds, "StopTrigger") if stop is None else stop
        text = document(
            entities=[car(name) for name in CARS],
            init=[first],
            stories=stories,
            stop=end,
            head=f"<VariableDeclarations>{known}</VariableDeclarations>",
            network="",
        )
        compiled = read(text).compile()
        self.result = compiled.run(
            time_limit_s=limit, trajectories="all", transitions=True, threads=1
        )

    def when(self, name: str, how: int = STARTED) -> list[float]:
        """Return when an element made a transition [s]; by name, or by path with slashes."""
        rows = [
            k
            for k, one in enumerate(self.result.elements)
            if name in (one.path, one.path.split("/")[-1])
        ]
        assert len(rows) == 1, f"{name} is {len(rows)} elements"
        return [
            round(float(row["time_s"]), 9)
            for row in self.result.transitions
            if row["element"] == rows[0] and row["how"] == how
        ]

    def speed(self, name: str, seconds: float) -> float:
        """Return the speed of a car at a time [m/s]."""
        return float(self.row(name, seconds)["speed_mps"])

    def row(self, name: str, seconds: float) -> Any:
        """Return the sample of a car at a time."""
        samples = self.result.samples
        mine = samples[samples["entity"] == self.result.entities.index(name)]
        return mine[abs(mine["time_s"] - seconds).argmin()]
