"""When conditions on the gap of two cars in a bend fire, against the arc's own geometry."""

import math

import numpy as np
import pytest

from proving.scenarios.written import Run, does, lane, road, speed, teleport

RADIUS, T = 200.0, -1.5  # of the bend to the left, and of the middle of lane -1
HALF_LENGTH, HALF_WIDTH = 2.0, 1.0
LANE = RADIUS - T
"""Radius of the lane's middle [m]."""
CORNER = 2.0 * math.atan(HALF_LENGTH / (LANE - HALF_WIDTH))
"""Angle that both boxes take off the angle between the cars: inner corners reach farthest."""
FROM, TO, GOES = 20.0, 120.0, 15.0


def waiting(kind: str, shape: str = f'<arc curvature="{1.0 / RADIUS}"/>') -> float:
    """Return when a car that comes up behind another one that stands stops for a condition [s]."""
    start = f"""<StartTrigger><ConditionGroup><Condition name="c" delay="0" conditionEdge="none">
      <ByEntityCondition><TriggeringEntities triggeringEntitiesRule="any">
      <EntityRef entityRef="A"/></TriggeringEntities><EntityCondition>{kind}</EntityCondition>
      </ByEntityCondition></Condition></ConditionGroup></StartTrigger>"""
    run = Run(
        {
            "A": [teleport(lane(-1, FROM)), speed(GOES)],
            "B": [teleport(lane(-1, TO)), speed(0.0)],
        },
        does("A", 0.0, speed(0.0), start=start),
        until_s=8.0,
        roads=road(shape, 400.0),
    )
    return run.changes("event", how=0)[0]


def after(angle: float) -> float:
    """Return the first step at which the gap's angle is no more than that [s]."""
    way = LANE * ((TO - FROM) / RADIUS - CORNER - angle)
    return math.ceil(way / (GOES * 0.01) - 1e-6) * 0.01


SPIRAL = '<spiral curvStart="0" curvEnd="0.008"/>'
LENGTH = 400.0


def spiral_foots(s: float, forward: float, side: float) -> float:
    """Return s of the foot of a place in a car's axes that stands at s in the lane on the spiral.

    By steps of 1 mm along the reference line, whose heading is 0.008 s2 / (2 * 400).
    """
    at = np.arange(0.0, LENGTH, 0.001)
    heading = 0.008 * at * at / (2.0 * LENGTH)
    x, y = (np.concatenate([[0.0], np.cumsum(f(heading))[:-1]]) * 0.001 for f in (np.cos, np.sin))
    k = int(np.searchsorted(at, s))
    c, n = np.cos(heading[k]), np.sin(heading[k])
    px, py = x[k] - T * n + forward * c - side * n, y[k] + T * c + forward * n + side * c
    return float(at[np.argmin(np.hypot(x - px, y - py))])


@pytest.mark.parametrize(("system", "wanted"), [("road", 40.0), ("road", 5.0), ("lane", 40.0)])
def test_on_a_clothoid_it_is_so_too(system: str, wanted: float) -> None:
    found = waiting(
        f"""<RelativeDistanceCondition entityRef="B" freespace="true" value="{wanted}"
        rule="lessOrEqual" relativeDistanceType="longitudinal" coordinateSystem="{system}"/>""",
        shape=SPIRAL,
    )
    rear = min(spiral_foots(TO, -HALF_LENGTH, y) for y in (HALF_WIDTH, -HALF_WIDTH))
    s, time, gap = FROM, 0.0, 1e9
    while gap > wanted:
        s += GOES * 0.01 / (1.0 - 0.008 * s / LENGTH * T)
        time += 0.01
        if rear - s - HALF_LENGTH > 1.1 * wanted + 1.0:
            continue
        front = max(spiral_foots(s, HALF_LENGTH, y) for y in (HALF_WIDTH, -HALF_WIDTH))
        gap = rear - front
        if system == "lane":
            gap -= T * 0.008 / (2.0 * LENGTH) * (rear**2 - front**2)
    assert found == pytest.approx(time, abs=0.0101)


@pytest.mark.parametrize(
    ("system", "per_angle"), [("lane", LANE), ("road", RADIUS)], ids=["lane", "road"]
)
@pytest.mark.parametrize("wanted", [60.0, 20.0, 3.0])
def test_a_car_stops_at_the_step_at_which_the_gap_along_the_bend_is_as_small(
    system: str, per_angle: float, wanted: float
) -> None:
    found = waiting(
        f"""<RelativeDistanceCondition entityRef="B" freespace="true" value="{wanted}"
        rule="lessOrEqual" relativeDistanceType="longitudinal" coordinateSystem="{system}"/>"""
    )
    assert found == pytest.approx(after(wanted / per_angle), abs=1e-9)


def test_so_it_does_for_its_time_headway() -> None:
    found = waiting(
        f"""<TimeHeadwayCondition entityRef="B" freespace="true" value="{2.0 * LANE / RADIUS}"
        rule="lessOrEqual" relativeDistanceType="longitudinal" coordinateSystem="lane"/>"""
    )
    assert found == pytest.approx(after(2.0 * GOES / RADIUS), abs=1e-9)


def test_so_it_does_for_the_time_to_collision() -> None:
    found = waiting(
        """<TimeToCollisionCondition freespace="true" value="1.5" rule="lessOrEqual"
        relativeDistanceType="longitudinal" coordinateSystem="road">
        <TimeToCollisionConditionTarget><EntityRef entityRef="B"/></TimeToCollisionConditionTarget>
        </TimeToCollisionCondition>"""
    )
    closing = GOES * RADIUS / LANE  # along the reference line
    assert found == pytest.approx(after(1.5 * closing / RADIUS), abs=0.0101)
