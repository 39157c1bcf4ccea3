"""Distances, times and angles along the trajectory that an entity follows, worked by hand.

A goes at 10 m/s along the x axis, at 100 m it turns left and goes on along y. B stands beside the
second leg, 150 m along the trajectory and 3 m to its right, looking along x.
"""

import math

import pytest

from proving.scenarios.written import Run, does, follow, polyline, speed, teleport, world

GOES, HALF_LENGTH, HALF_WIDTH = 10.0, 2.0, 1.0
CORNER = polyline((world(0.0, 0.0), None), (world(100.0, 0.0), None), (world(100.0, 100.0), None))
RADIUS = 80.0
ARC = (
    f'<Clothoid curvature="{1.0 / RADIUS}" curvaturePrime="0" length="200"><Position>'
    + world(0.0, 0.0, 'h="0"')
    + "</Position></Clothoid>"
)


def when(
    condition: str,
    *,
    shape: str = CORNER,
    other: str = world(103.0, 50.0, 'h="0"'),
    follows_at: float | None = None,
) -> list[float]:
    """Return when a condition on A became true first, in 19 s [s]."""
    start = f"""<StartTrigger><ConditionGroup><Condition name="c" delay="0" conditionEdge="none">
      <ByEntityCondition><TriggeringEntities triggeringEntitiesRule="any">
      <EntityRef entityRef="A"/></TriggeringEntities><EntityCondition>{condition}
      </EntityCondition></ByEntityCondition></Condition></ConditionGroup></StartTrigger>"""
    a = [teleport(world(0.0, 0.0)), speed(GOES)]
    stories = [does("B", 0.0, speed(0.0), start=start)]
    if follows_at is None:
        a.append(follow(shape))
    else:
        stories.append(does("A", follows_at, follow(shape)))
    run = Run({"A": a, "B": [teleport(other), speed(0.0)]}, *stories, until_s=19.0)
    names = [one.path for one in run._elements]
    return [
        float(row["time_s"])
        for row in run._transitions
        if row["how"] == 0
        and run._elements[row["element"]].kind == "event"
        and names[row["element"]].startswith("B ")
    ]


def distance(kind: str, value: float, rule: str = "lessOrEqual", *, free: bool = False) -> str:
    """Return a RelativeDistanceCondition to B on the trajectory."""
    return f"""<RelativeDistanceCondition entityRef="B" freespace="{str(free).lower()}"
      value="{value}" rule="{rule}" relativeDistanceType="{kind}"
      coordinateSystem="trajectory"/>"""


def test_the_longitudinal_distance_goes_round_the_corner() -> None:
    assert when(distance("longitudinal", 30.0)) == pytest.approx([(150.0 - 30.0) / GOES])
    assert when(distance("longitudinal", 80.0)) == pytest.approx([(150.0 - 80.0) / GOES])


def test_between_boxes_it_is_from_front_to_side() -> None:
    # B stands across the second leg: it takes half its width of it
    way = 150.0 - HALF_WIDTH - HALF_LENGTH - 20.0
    assert when(distance("longitudinal", 20.0, free=True)) == pytest.approx([way / GOES])


def test_the_lateral_distance_is_that_of_t() -> None:
    assert when(distance("lateral", 3.0, "equalTo")) == [0.0]
    assert when(distance("lateral", 3.1, "greaterThan")) == []
    free = 3.0 - HALF_LENGTH - HALF_WIDTH  # B lies across, A along
    assert when(distance("lateral", free + 0.01, free=True)) == [0.0]


def test_a_distance_to_a_place_is_measured_there_too() -> None:
    place = world(98.0, 40.0)
    condition = f"""<DistanceCondition freespace="false" value="25" rule="lessThan"
      relativeDistanceType="longitudinal" coordinateSystem="trajectory"><Position>{place}
      </Position></DistanceCondition>"""
    assert when(condition) == pytest.approx([(140.0 - 25.0) / GOES + 0.01])


def test_headway_and_time_to_collision_are_that_distance_by_the_speeds() -> None:
    asked = 'freespace="false" rule="lessOrEqual" relativeDistanceType="longitudinal"'
    on = 'coordinateSystem="trajectory"'
    headway = f'<TimeHeadwayCondition entityRef="B" value="2" {asked} {on}/>'
    assert when(headway) == pytest.approx([(150.0 - 20.0) / GOES])
    collision = f"""<TimeToCollisionCondition value="3" {asked} {on}>
      <TimeToCollisionConditionTarget><EntityRef entityRef="B"/></TimeToCollisionConditionTarget>
      </TimeToCollisionCondition>"""
    assert when(collision) == pytest.approx([(150.0 - 30.0) / GOES])


def test_on_an_arc_both_coordinates_are_those_of_the_arc() -> None:
    angle, inside = 1.2, 6.0
    x = (RADIUS - inside) * math.sin(angle)
    y = RADIUS - (RADIUS - inside) * math.cos(angle)
    there = world(x, y, f'h="{angle}"')
    found = when(distance("longitudinal", 16.0), shape=ARC, other=there)
    assert found == pytest.approx([math.ceil((RADIUS * angle - 16.0) / GOES * 100.0) / 100.0])
    assert when(distance("lateral", inside, "equalTo"), shape=ARC, other=there) == [0.0]
    reach = math.atan(HALF_LENGTH / (RADIUS - inside - HALF_WIDTH))
    own = math.atan(HALF_LENGTH / (RADIUS - HALF_WIDTH))
    way = RADIUS * (angle - reach - own) - 16.0
    found = when(distance("longitudinal", 16.0, free=True), shape=ARC, other=there)
    assert found == pytest.approx([math.ceil(way / GOES * 100.0) / 100.0])


@pytest.mark.parametrize(("angle", "holds"), [(0.5 * math.pi, True), (-0.5 * math.pi, False)])
def test_a_relative_angle_is_against_the_trajectory_where_each_is(
    angle: float, holds: bool
) -> None:
    condition = f"""<RelativeAngleCondition entityRef="B" angle="{angle}" angleTolerance="0.01"
      angleType="heading" coordinateSystem="trajectory"/>"""
    assert (when(condition) == [0.0]) == holds


def test_nothing_holds_of_who_follows_no_trajectory() -> None:
    found = when(distance("longitudinal", 1.0, "greaterThan"), follows_at=2.0)
    assert found == pytest.approx([2.0], abs=0.011)
    assert when(distance("longitudinal", 500.0), follows_at=30.0) == []


def test_a_gap_is_kept_along_the_trajectory() -> None:
    keep = """<LongitudinalAction><LongitudinalDistanceAction entityRef="B" distance="20"
      freespace="false" continuous="true" coordinateSystem="trajectory"/></LongitudinalAction>"""
    ahead = polyline(
        (world(60.0, 0.0), None), (world(100.0, 0.0), None), (world(100.0, 100.0), None)
    )
    run = Run(
        {
            "A": [teleport(world(0.0, 0.0)), speed(GOES), follow(CORNER)],
            "B": [teleport(world(60.0, 0.0)), speed(5.0), follow(ahead)],
        },
        does("A", 1.0, keep),
        until_s=14.0,
    )
    for time in (8.0, 9.0, 12.0):
        s = {}
        for name in "AB":
            x, y, _, _ = run.at(name, time)
            s[name] = x + y
        assert s["B"] - s["A"] == pytest.approx(20.0, abs=0.06)  # a step of B's
    assert run.at("B", 12.0)[1] > 15.0 > run.at("A", 9.0)[1]  # one has turned, the other not


def test_a_distance_to_keep_along_no_trajectory_ends_the_run_inconclusive() -> None:
    action = """<LongitudinalAction><LongitudinalDistanceAction entityRef="B" distance="20"
      freespace="false" continuous="true" coordinateSystem="trajectory"/></LongitudinalAction>"""
    with pytest.raises(AssertionError, match="not supported in this state"):
        Run(
            {"A": [teleport(world(0.0, 0.0)), speed(GOES)], "B": [teleport(world(60.0, 0.0))]},
            does("A", 1.0, action),
            until_s=3.0,
        )


def test_pitch_and_roll_count_from_the_ground_below_the_trajectory() -> None:
    places = (world(0.0, 0.0, 'z="0"'), world(100.0, 0.0, 'z="0"'), world(200.0, 0.0, 'z="10"'))
    climbs = polyline(*((place, None) for place in places))
    angle = """<{}AngleCondition angle="-0.0997" angleTolerance="0.001" angleType="{}" {}
      coordinateSystem="trajectory"/>"""
    assert when(angle.format("", "pitch", ""), shape=climbs) == pytest.approx([10.0], abs=0.25)
    beside = angle.format("Relative", "pitch", 'entityRef="B"')
    assert when(beside, shape=climbs) == pytest.approx([10.0], abs=0.25)
    assert when(angle.format("", "roll", ""), shape=climbs) == []


def keeping(value: float, side: str, limits: str = "") -> str:
    """Return a LateralDistanceAction beside the trajectory that B follows."""
    return f"""<LateralAction><LateralDistanceAction entityRef="B" distance="{value}"
      coordinateSystem="trajectory" freespace="false" continuous="true"
      displacement="{side}ToReferencedEntity">{limits}</LateralDistanceAction></LateralAction>"""


@pytest.mark.parametrize(("side", "radius"), [("left", RADIUS - 4.0), ("right", RADIUS + 4.0)])
def test_a_lateral_distance_beside_a_trajectory_is_kept_round_its_bend(
    side: str, radius: float
) -> None:
    init = {
        "A": [teleport(world(5.0, 1.0, 'h="0"')), speed(8.0)],
        "B": [teleport(world(0.0, 0.0, 'h="0"')), speed(10.0), follow(ARC)],
    }
    run = Run(init, does("A", 1.0, keeping(4.0, side)), until_s=12.0)
    angles = []
    for time_s in (1.5, 6.0, 11.9):
        x, y, heading, _ = run.at("A", time_s)
        assert math.hypot(x, y - RADIUS) == pytest.approx(radius, abs=1e-3)
        angles.append(math.atan2(y - RADIUS, x))
        along = angles[-1] + 0.5 * math.pi
        assert math.remainder(heading - along, 2.0 * math.pi) == pytest.approx(0.0, abs=2e-3)
    assert (angles[-1] - angles[0]) * radius == pytest.approx(8.0 * 10.4, abs=0.05)


def test_within_constraints_it_drives_there_and_who_follows_none_has_no_such_distance() -> None:
    init = {
        "A": [teleport(world(5.0, 20.0, 'h="0"')), speed(8.0)],
        "B": [teleport(world(0.0, 0.0, 'h="0"')), speed(10.0), follow(ARC)],
    }
    act = keeping(4.0, "left", '<DynamicConstraints maxAcceleration="4"/>')
    rows = Run(init, does("A", 1.0, act), until_s=18.0).rows["A"]
    assert math.hypot(rows[-1, 1], rows[-1, 2] - RADIUS) == pytest.approx(RADIUS - 4.0, abs=0.05)
    init["B"].pop()
    with pytest.raises(AssertionError, match="not supported"):
        Run(init, does("A", 1.0, act), until_s=3.0)
