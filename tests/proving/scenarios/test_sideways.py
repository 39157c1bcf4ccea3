"""Lane changes, lane offsets and lateral distances, end to end, against what a pen gives."""

import math

import numpy as np
import pytest

from proving.scenarios.written import WIDTH, Run, car, does, lane, road, speed, teleport, world

SHAPE_S = 4.0


def change(target: str, over: str, rest: str = "") -> str:
    """Return a LaneChangeAction."""
    return f"""<LateralAction><LaneChangeAction {rest}>
  <LaneChangeActionDynamics {over}/><LaneChangeTarget>{target}</LaneChangeTarget>
  </LaneChangeAction></LateralAction>"""


def offset(target: str, acceleration: float, *, continuous: bool = False) -> str:
    """Return a sinusoidal LaneOffsetAction."""
    return f"""<LateralAction><LaneOffsetAction continuous="{str(continuous).lower()}">
  <LaneOffsetActionDynamics dynamicsShape="sinusoidal" maxLateralAcc="{acceleration}"/>
  <LaneOffsetTarget>{target}</LaneOffsetTarget></LaneOffsetAction></LateralAction>"""


def distance(value: float, rest: str, limits: str) -> str:
    """Return a LateralDistanceAction to A, on the road."""
    return f"""<LateralAction><LateralDistanceAction entityRef="A" distance="{value}"
  coordinateSystem="road" {rest}>{limits}</LateralDistanceAction></LateralAction>"""


def test_a_lane_change_over_a_distance_takes_that_distance_along_the_road() -> None:
    over = 'dynamicsShape="sinusoidal" dynamicsDimension="distance" value="30"'
    init = {"A": [teleport(lane(-2, 10.0)), speed(5.0)]}
    story = does("A", 0.0, change('<AbsoluteTargetLane value="-1"/>', over))
    run = Run(init, story, until_s=8.0, roads=road())
    x, y = run.rows["A"][:, 1], run.rows["A"][:, 2]
    middle = int(np.argmin(np.abs(y + WIDTH)))
    assert x[middle] == pytest.approx(10.0 + 15.0, abs=0.06)
    (end,) = run.changes("event")
    assert run.at("A", end)[0] == pytest.approx(40.0, abs=0.06)
    # the speed is that along the path, which is longer than 30 m
    u = np.linspace(0.0, 1.0, 20001)
    rate = 0.5 * math.pi * WIDTH / 30.0 * np.sin(math.pi * u)
    assert end == pytest.approx(30.0 * np.mean(np.sqrt(1.0 + rate**2)) / 5.0, abs=0.02)


def test_a_lane_change_faster_than_the_car_goes_straight_across_and_then_by_its_shape() -> None:
    over = f'dynamicsShape="linear" dynamicsDimension="time" value="{1.0}"'
    init = {"A": [teleport(lane(-2, 10.0)), speed(2.0)]}
    story = does("A", 0.0, change('<AbsoluteTargetLane value="-1"/>', over))
    run = Run(init, story, until_s=4.0, roads=road())
    assert run.at("A", 1.0) == pytest.approx(
        [10.0, -1.5 * WIDTH + 2.0, 0.5 * math.pi, 2.0], abs=0.03
    )
    (end,) = run.changes("event")
    assert end == pytest.approx(WIDTH / 2.0, abs=0.02)


@pytest.mark.parametrize(
    ("shape", "dimension", "value", "lasts"),
    [
        ("cubic", "time", 1.0, math.sqrt(6.0 * WIDTH / 2.0)),
        ("sinusoidal", "time", 1.0, math.sqrt(0.5 * math.pi**2 * WIDTH / 2.0)),
        ("cubic", "distance", 10.0, math.sqrt(6.0 * WIDTH / 2.0)),
        ("step", "time", 0.0, math.sqrt(6.0 * WIDTH / 2.0)),
        ("cubic", "time", 4.0, 4.0),
    ],
)
def test_a_lane_change_that_only_follows_its_shape_keeps_within_performance(
    shape: str, dimension: str, value: float, lasts: float
) -> None:
    """x'' = way * share'' / T2: at most 6 of a cubic and pi2 / 2 of a sinusoidal shape."""
    over = f'dynamicsShape="{shape}" dynamicsDimension="{dimension}" value="{value}"'
    able = car("A", maxAcceleration=2.0, maxDeceleration=5.0)
    act = change('<AbsoluteTargetLane value="-1"/>', f'{over} followingMode="follow"')
    init = {"A": [teleport(lane(-2, 10.0)), speed(10.0)]}
    run = Run(init, does("A", 0.0, act), until_s=5.0, roads=road(), entities=(able,))
    (end,) = run.changes("event")
    assert end == pytest.approx(lasts, abs=0.04)
    y = run.rows["A"][:, 2]
    assert y[-1] == pytest.approx(-0.5 * WIDTH)
    inside = np.abs(np.diff(y, 2)[: int(end / 0.01) - 2]) / 0.01**2
    assert np.max(inside) <= 2.0 * 1.05


def test_a_relative_lane_counts_to_the_left_of_the_other_and_has_an_offset() -> None:
    over = f'dynamicsShape="cubic" dynamicsDimension="time" value="{SHAPE_S}"'
    target = '<RelativeTargetLane entityRef="B" value="1"/>'
    init = {
        "A": [teleport(lane(-2, 10.0)), speed(10.0)],
        "B": [teleport(lane(-2, 100.0)), speed(0.0)],
    }
    story = does("A", 0.0, change(target, over, 'targetLaneOffset="0.25"'))
    run = Run(init, story, until_s=5.0, roads=road())
    assert run.at("A", SHAPE_S / 4.0)[1] == pytest.approx(
        -1.5 * WIDTH + (WIDTH + 0.25) * (3.0 / 16.0 - 2.0 / 64.0), abs=0.02
    )
    assert run.at("A", 5.0)[1] == pytest.approx(-0.5 * WIDTH + 0.25, abs=1e-9)


def test_a_lane_offset_keeps_the_speed_along_the_lane_and_the_acceleration_asked_for() -> None:
    init = {"A": [teleport(lane(-1, 0.0)), speed(10.0)]}
    story = does("A", 0.0, offset('<AbsoluteTargetLaneOffset value="0.8"/>', 1.5))
    run = Run(init, story, until_s=5.0, roads=road())
    x, y = run.rows["A"][:, 1], run.rows["A"][:, 2]
    assert x == pytest.approx(10.0 * run.rows["A"][:, 0], abs=1e-6)
    (end,) = run.changes("event")
    assert end == pytest.approx(math.pi * math.sqrt(0.8 / (2.0 * 1.5)), abs=0.02)
    inside = np.diff(y, 2)[: int(end / 0.01) - 2] / 0.01**2
    assert np.max(np.abs(inside)) == pytest.approx(1.5, rel=0.02)


def test_a_continuous_relative_lane_offset_follows_and_never_ends() -> None:
    init = {
        "A": [teleport(lane(-1, 0.0)), speed(10.0)],
        "B": [teleport(lane(-1, 50.0)), speed(10.0)],
    }
    follow = offset('<RelativeTargetLaneOffset entityRef="B" value="0.5"/>', 2.0, continuous=True)
    leads = offset('<AbsoluteTargetLaneOffset value="-0.6"/>', 0.5)
    run = Run(init, does("A", 0.0, follow), does("B", 3.0, leads), until_s=12.0, roads=road())
    assert run.at("A", 2.9)[1] == pytest.approx(-0.5 * WIDTH + 0.5, abs=1e-3)
    assert run.at("A", 12.0)[1] == pytest.approx(-0.5 * WIDTH - 0.6 + 0.5, abs=1e-3)
    assert len(run.changes("event")) == 1  # B's


def test_a_lateral_distance_in_freespace_is_between_the_sides_as_they_stand_along_the_road() -> (
    None
):
    init = {
        "A": [teleport(lane(-2, 0.0)), speed(10.0)],
        "B": [teleport(lane(2, 0.0, "")), speed(10.0)],
    }
    init["B"] = [teleport('<RoadPosition roadId="1" s="0" t="4.5"/>'), speed(10.0)]
    side = 'freespace="true" continuous="false" displacement="leftToReferencedEntity"'
    act = distance(0.5, side, '<DynamicConstraints maxSpeed="1.5"/>')
    run = Run(init, does("B", 0.0, act), until_s=6.0, roads=road())
    assert run.at("B", 6.0)[1] == pytest.approx(-1.5 * WIDTH + 0.5 + 2.0, abs=0.02)
    way = 4.5 - (-1.5 * WIDTH + 2.5)
    assert run.changes("event")[0] == pytest.approx(way / 1.5, abs=0.04)


def test_a_lateral_distance_within_accelerations_is_a_critically_damped_spring() -> None:
    init = {"A": [teleport(lane(-2, 0.0)), speed(20.0)]}
    init["B"] = [teleport('<RoadPosition roadId="1" s="0" t="0"/>'), speed(20.0)]
    side = 'freespace="false" continuous="true" displacement="leftToReferencedEntity"'
    act = distance(3.5, side, '<DynamicConstraints maxAcceleration="10"/>')
    run = Run(init, does("B", 0.0, act), until_s=4.0, roads=road())
    t = np.arange(0.0, 4.0, 0.01)
    stiff = math.sqrt(0.4 * 10.0)
    wanted = -1.5 * WIDTH + 3.5 + (4.5 - 3.5) * (1.0 + stiff * t) * np.exp(-stiff * t)
    assert run.rows["B"][: len(t), 2] == pytest.approx(wanted, abs=0.03)


def beside(value: float, rest: str, limits: str) -> str:
    """Return a LateralDistanceAction to B along B's own heading, between reference points."""
    return f"""<LateralAction><LateralDistanceAction entityRef="B" distance="{value}"
  coordinateSystem="entity" freespace="false" {rest}>{limits}</LateralDistanceAction>
  </LateralAction>"""


LEFT = 'continuous="true" displacement="leftToReferencedEntity"'


@pytest.mark.parametrize("heading", [0.5 * math.pi, 0.25 * math.pi, -0.8, 0.1])
@pytest.mark.parametrize("start", [-30.0, -6.0, 2.9, 25.0])
def test_who_drives_to_a_lateral_distance_turns_within_its_acceleration_and_comes_to_its_line(
    heading: float, start: float
) -> None:
    """B looks along x at y = 0, A comes to y = 3: it keeps its speed, and v dh/dt <= a."""
    init = {
        "A": [teleport(world(0, start, f'h="{heading}"')), speed(5.0)],
        "B": [teleport(world(40, 0, 'h="0"')), speed(0.0)],
    }
    act = beside(3.0, LEFT, '<DynamicConstraints maxAcceleration="4"/>')
    rows = Run(init, does("A", 0.0, act), until_s=25.0).rows["A"]
    assert rows[-1, 2] == pytest.approx(3.0, abs=0.02)
    assert math.remainder(rows[-1, 3], 2.0 * math.pi) == pytest.approx(0.0, abs=0.02)
    ways = np.hypot(np.diff(rows[:, 1]), np.diff(rows[:, 2]))
    assert ways == pytest.approx(np.full(len(ways), 0.05), abs=1e-9)
    turned = np.abs(np.angle(np.exp(1j * np.diff(rows[:, 3])))) / 0.01
    assert np.max(turned) * 5.0 <= 4.0 + 1e-6


def test_from_afar_it_goes_straight_towards_the_line_and_no_faster_sideways_than_allowed() -> None:
    init = {
        "A": [teleport(world(0, -60, 'h="0"')), speed(5.0)],
        "B": [teleport(world(40, 0, 'h="0"')), speed(0.0)],
    }
    free = beside(3.0, LEFT, '<DynamicConstraints maxAcceleration="4"/>')
    run = Run(init, does("A", 0.0, free), until_s=8.0)
    assert run.at("A", 6.0)[2] == pytest.approx(0.5 * math.pi, abs=1e-3)
    slow = beside(3.0, LEFT, '<DynamicConstraints maxAcceleration="4" maxSpeed="2"/>')
    run = Run(init, does("A", 0.0, slow), until_s=8.0)
    assert run.at("A", 6.0)[2] == pytest.approx(math.asin(2.0 / 5.0), abs=1e-3)


def test_without_constraints_it_is_on_its_line_at_once_and_stays_there_while_the_other_turns() -> (
    None
):
    init = {
        "A": [teleport(world(0, 10, 'h="0.3"')), speed(5.0)],
        "B": [teleport(world(40, 0, 'h="0"')), speed(0.0)],
    }
    act = beside(3.0, LEFT, "")
    turn = teleport(world(40, 0, f'h="{0.25 * math.pi}"'))
    run = Run(init, does("A", 0.5, act), does("B", 2.0, turn), until_s=3.0)
    assert run.at("A", 0.6)[1:3] == pytest.approx([3.0, 0.0], abs=1e-6)
    x, y, heading, _ = run.at("A", 3.0)
    assert ((y - 0.0) - (x - 40.0)) * math.sqrt(0.5) == pytest.approx(3.0, abs=1e-6)
    assert heading == pytest.approx(0.25 * math.pi)


def test_oncoming_traffic_keeps_its_way_and_the_side_is_as_the_other_looks() -> None:
    init = {
        "A": [teleport(world(100, 9, f'h="{math.pi}"')), speed(5.0)],
        "B": [teleport(world(0, 0, 'h="0"')), speed(0.0)],
    }
    act = beside(3.0, LEFT, '<DynamicConstraints maxAcceleration="4"/>')
    run = Run(init, does("A", 0.0, act), until_s=15.0)
    assert run.at("A", 15.0)[1] == pytest.approx(3.0, abs=0.02)
    assert math.cos(run.at("A", 15.0)[2]) == pytest.approx(-1.0, abs=1e-3)


def test_the_lane_of_who_changes_lanes_is_the_one_it_is_on() -> None:
    """A goes from lane -2 to -1 in 10 s; at 2 s it is on -2 still, so one to the left is -1."""
    over = 'dynamicsShape="linear" dynamicsDimension="time" value="10"'
    init = {
        "A": [teleport(lane(-2, 10.0)), speed(5.0)],
        "B": [teleport(lane(-2, 100.0)), speed(5.0)],
        "C": [teleport(lane(2, 150.0)), speed(0.0)],
    }
    first = change('<AbsoluteTargetLane value="-1"/>', over)
    at_once = 'dynamicsShape="step" dynamicsDimension="time" value="0"'
    then = change('<RelativeTargetLane entityRef="A" value="1"/>', at_once)
    place = teleport('<RelativeLanePosition entityRef="A" ds="20" dLane="0"/>')
    run = Run(
        init,
        does("A", 0.0, first),
        does("B", 2.0, then),
        does("C", 2.0, place),
        until_s=3.0,
        roads=road(),
    )
    assert run.at("B", 3.0)[1] == pytest.approx(-0.5 * WIDTH)
    assert run.at("C", 3.0)[1] == pytest.approx(-1.5 * WIDTH)
