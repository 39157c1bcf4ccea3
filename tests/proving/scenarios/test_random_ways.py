"""Ways drawn by chance between waypoints: which ones, how often, and by nothing but the seed."""

import math

import numpy as np
import pytest

from proving.scenarios.small import entity, lane, network, placed, road, written
from treadle.proving.formats.scenarios import Compiled

SEEDS = 120
UP, DOWN = 10.0, -20.0
"""Where the two ways from road 1 to road 4 are beside it [m]: over road 2 and over road 3."""
SPEED = 20.0


def kink(number: int, start: tuple[float, float], end: tuple[float, float], way: str) -> str:
    """Return a straight road through a junction; `way` is road in, road out, junction."""
    before, after, junction = way.split()
    dx, dy = end[0] - start[0], end[1] - start[1]
    links = (
        f'<predecessor elementType="road" elementId="{before}" contactPoint="end"/>|'
        f'<successor elementType="road" elementId="{after}" contactPoint="start"/>'
    )
    geometry = f"{start[0]} {start[1]} {math.atan2(dy, dx)} <line/>"
    return road(number, geometry, math.hypot(dx, dy), links, f'junction="{junction}"')


def junction(number: int, *ways: tuple[int, int]) -> str:
    """Return a junction of connections: incoming and connecting road."""
    inside = "".join(
        f'<connection id="{k}" incomingRoad="{incoming}" connectingRoad="{k}" '
        f'contactPoint="start"><laneLink from="-1" to="-1"/></connection>'
        for incoming, k in ways
    )
    return f'<junction id="{number}" name="j">{inside}</junction>'


INTO, OUT = (
    '<{} elementType="junction" elementId="9"/>',
    '<{} elementType="junction" elementId="8"/>',
)
PREDECESSOR, SUCCESSOR = "predecessor", "successor"
ROADS = network(
    road(1, "0 0 0 <line/>", 100.0, INTO.format(SUCCESSOR)),
    road(2, f"120 {UP} 0 <line/>", 100.0, INTO.format(PREDECESSOR) + "|" + OUT.format(SUCCESSOR)),
    road(3, f"120 {DOWN} 0 <line/>", 100.0, INTO.format(PREDECESSOR) + "|" + OUT.format(SUCCESSOR)),
    road(5, "120 0 0 <line/>", 30.0, INTO.format(PREDECESSOR)),
    road(4, "240 0 0 <line/>", 100.0, OUT.format(PREDECESSOR)),
    kink(11, (100.0, 0.0), (120.0, UP), "1 2 9"),
    kink(12, (100.0, 0.0), (120.0, DOWN), "1 3 9"),
    kink(13, (100.0, 0.0), (120.0, 0.0), "1 5 9"),
    kink(21, (220.0, UP), (240.0, 0.0), "2 4 8"),
    kink(22, (220.0, DOWN), (240.0, 0.0), "3 4 8"),
    junctions=junction(9, (1, 13), (1, 11), (1, 12)) + junction(8, (2, 21), (3, 22)),
)
"""Road 1 splits: over 2 or 3 to 4, and to 5, a dead end."""


def compiled(more: str = "", story: str = "", others: str = "") -> Compiled:
    """Return a car on road 1, ready to drive for 9 s."""
    car = placed("car", lane("1", -1, 20.0), SPEED, more)
    entities = [entity("car"), *([entity("other")] if others else [])]
    found: Compiled = written(entities, [car, others], ROADS, 9.0, story=story).compile()
    return found


def routed(strategy: str) -> str:
    """Return an action that gives a route from road 1 to road 4."""
    return f"""<PrivateAction><RoutingAction><AssignRouteAction><Route name="way" closed="false">
      <Waypoint routeStrategy="{strategy}">{lane("1", -1, 10.0)}</Waypoint>
      <Waypoint routeStrategy="shortest">{lane("4", -1, 50.0)}</Waypoint>
      </Route></AssignRouteAction></RoutingAction></PrivateAction>"""


def sides(strategy: str, seeds: range) -> list[float]:
    """Return where the car is beside road 1 half way, for each seed; it comes to road 4."""
    made = compiled(routed(strategy))
    assert not [line for line in made.manifest if line.outcome == "not supported"]
    found = []
    for seed in seeds:
        result = made.run(trajectories="all", seed=seed, threads=1, time_limit_s=10.0)
        assert result.outcomes[0] == "COMPLETED", result.reasons[0]
        assert result.samples["x_m"][-1] > 150.0
        middle = result.samples[np.abs(result.samples["x_m"] - 170.0).argmin()]
        found.append(round(float(middle["y_m"]) + 1.5, 6))
    return found


def test_each_way_that_leads_there_is_as_likely_and_a_dead_end_is_none() -> None:
    found = sides("random", range(SEEDS))
    assert set(found) == {UP, DOWN}
    spread = 4.0 * math.sqrt(SEEDS * 0.25)  # four standard deviations of a fair coin
    assert abs(found.count(UP) - SEEDS / 2) < spread


def test_a_seed_draws_the_same_way_again_and_other_strategies_draw_nothing() -> None:
    assert sides("random", range(8)) == sides("random", range(8))
    assert set(sides("shortest", range(8))) == {UP}


def test_a_distance_along_a_random_way_is_that_of_one_of_them() -> None:
    other = placed("other", lane("4", -1, 60.0))
    start = """<StartTrigger><ConditionGroup><Condition name="c" delay="0" conditionEdge="none">
      <ByEntityCondition><TriggeringEntities triggeringEntitiesRule="any">
      <EntityRef entityRef="car"/></TriggeringEntities><EntityCondition>
      <RelativeDistanceCondition entityRef="other" freespace="false" value="{}" rule="lessOrEqual"
      relativeDistanceType="longitudinal" coordinateSystem="road" routingAlgorithm="{}"/>
      </EntityCondition></ByEntityCondition></Condition></ConditionGroup></StartTrigger>"""
    story = """<Story name="s"><Act name="a"><ManeuverGroup name="g" maximumExecutionCount="1">
      <Actors selectTriggeringEntities="false"/><Maneuver name="m"><Event name="e"
      priority="parallel"><Action name="x"><GlobalAction><EntityAction entityRef="other">
      <DeleteEntityAction/></EntityAction></GlobalAction></Action>{}</Event></Maneuver>
      </ManeuverGroup><StartTrigger/></Act></Story>"""
    wanted = 270.0
    short, long = (2.0 * math.hypot(20.0, y) + 100.0 + 60.0 for y in (UP, DOWN))

    def fires(routing: str, seed: int) -> float:
        made = compiled(story=story.format(start.format(wanted, routing)), others=other)
        result = made.run(transitions=True, seed=seed, threads=1, time_limit_s=10.0)
        rows = [k for k, one in enumerate(result.elements) if one.kind == "event"]
        told = result.transitions[np.isin(result.transitions["element"], rows)]
        return float(told["time_s"][0])

    times = {way: (80.0 + way - wanted) / SPEED for way in (short, long)}
    expected = {math.ceil(time / 0.01 - 1e-6) * 0.01 for time in times.values()}
    found = {round(fires("random", seed), 9) for seed in range(24)}
    assert found == {round(time, 9) for time in expected}
    assert fires("shortest", 3) == pytest.approx(min(expected), abs=1e-9)
