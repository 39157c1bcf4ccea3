"""When conditions on the gap of two cars in a bend fire, against the arc's own geometry."""

import math

import pytest

from proving.scenarios.written import Run, does, lane, road, speed, teleport

RADIUS, T = 200.0, -1.5  # of the bend to the left, and of the middle of lane -1
HALF_LENGTH, HALF_WIDTH = 2.0, 1.0
LANE = RADIUS - T
"""Radius of the lane's middle [m]."""
CORNER = 2.0 * math.atan(HALF_LENGTH / (LANE - HALF_WIDTH))
"""Angle that both boxes take off the angle between the cars: inner corners reach farthest."""
FROM, TO, GOES = 20.0, 120.0, 15.0


def waiting(kind: str) -> float:
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
        roads=road(f'<arc curvature="{1.0 / RADIUS}"/>', 400.0),
    )
    return run.changes("event", how=0)[0]


def after(angle: float) -> float:
    """Return the first step at which the gap's angle is no more than that [s]."""
    way = LANE * ((TO - FROM) / RADIUS - CORNER - angle)
    return math.ceil(way / (GOES * 0.01) - 1e-6) * 0.01


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
