"""What default motion does at junctions and road ends: with a route, without, changing lanes."""

import math

import numpy as np
import pytest

from proving.scenarios.small import (
    entity,
    event,
    lane,
    network,
    placed,
    play,
    road,
    routed,
)

RADIUS = 20.0
QUARTER = 0.5 * math.pi * RADIUS
IN_ONE = '<successor elementType="junction" elementId="9"/>'
OUT_OF = '<predecessor elementType="junction" elementId="9"/>'


def within(to: int) -> str:
    """Return the links of a road through the junction, from road 1 to another."""
    return (
        '<predecessor elementType="road" elementId="1" contactPoint="end"/>|'
        f'<successor elementType="road" elementId="{to}" contactPoint="start"/>'
    )


def crossing(straight: bool, lanes: tuple[int, ...] = (-1, 1)) -> str:
    """Return road 1 to the east, from which ways lead on: 3 to the left, 4 to the right, 2 ahead.

    Parameters
    ----------
    lanes
        Those of road 1 that lead to the left.
    """
    inside = 'junction="9"'
    roads = [
        road(1, "0 0 0 <line/>", 100.0, IN_ONE),
        road(3, f"120 20 {math.pi / 2} <line/>", 100.0, OUT_OF),
        road(4, f"120 -20 {-math.pi / 2} <line/>", 100.0, OUT_OF),
        road(11, f'100 0 0 <arc curvature="{1 / RADIUS}"/>', QUARTER, within(3), inside),
        road(12, f'100 0 0 <arc curvature="{-1 / RADIUS}"/>', QUARTER, within(4), inside),
    ]
    ways = {12: (-1, 1), 11: lanes}
    if straight:
        roads += [
            road(2, "120 0 0 <line/>", 100.0, OUT_OF),
            road(10, "100 0 0 <line/>", 20.0, within(2), inside),
        ]
        ways[10] = (-1, 1)
    connections = "".join(
        f'<connection id="{k}" incomingRoad="1" connectingRoad="{k}" contactPoint="start">'
        + "".join(f'<laneLink from="{one}" to="{one}"/>' for one in linked)
        + "</connection>"
        for k, linked in ways.items()
    )
    return network(*roads, junctions=f'<junction id="9" name="j">{connections}</junction>')


def ends(roads: str, *, more: str = "", story: str = "", seconds: float = 8.0) -> np.ndarray:
    """Return where a car from road 1, lane -1, is in the end, at 20 m/s."""
    init = [placed("car", lane("1", -1, 20.0), 20.0, more)]
    row: np.ndarray = play([entity("car")], init, roads, seconds, story=story)["car"][-1]
    return row


def test_without_a_route_a_vehicle_goes_as_straight_on_as_it_can() -> None:
    last = ends(crossing(straight=True))
    assert last[2] == pytest.approx(-1.5, abs=1e-6)
    assert last[1] > 150.0


def test_of_ways_that_turn_alike_it_takes_the_left_one() -> None:
    last = ends(crossing(straight=False))
    assert last[1] == pytest.approx(121.5, abs=1e-6)
    assert last[2] > 20.0


def test_a_route_says_which_way_also_when_it_is_assigned_before_the_place() -> None:
    right = routed(lane("1", -1, 10.0), lane("4", -1, 50.0))
    last = ends(crossing(straight=True), more=right)
    assert last[1] == pytest.approx(118.5, abs=1e-6)
    assert last[2] < -20.0


def test_past_the_end_of_its_route_a_vehicle_takes_the_first_way_in_the_file() -> None:
    over = routed(lane("1", -1, 10.0), lane("1", -1, 60.0))
    last = ends(crossing(straight=True), more=over)
    assert last[1] == pytest.approx(118.5, abs=1e-6)  # the road through to 4 is told first
    assert last[2] < -20.0


def test_who_is_on_a_lane_that_leads_elsewhere_leaves_the_route() -> None:
    left = routed(lane("1", -1, 10.0), lane("3", -1, 50.0))
    assert ends(crossing(straight=True, lanes=(1,)), more=left)[2] == pytest.approx(-1.5, abs=1e-6)


def test_who_changes_to_a_lane_that_leads_elsewhere_follows_the_route_of_the_old_one() -> None:
    # lane 1 does not lead to road 3; the change of 3 m within 6 s goes on through the junction
    left = routed(lane("1", -1, 10.0), lane("3", -1, 50.0))
    change = """<LateralAction><LaneChangeAction><LaneChangeActionDynamics dynamicsShape="linear"
      dynamicsDimension="time" value="6"/><LaneChangeTarget><AbsoluteTargetLane value="1"/>
      </LaneChangeTarget></LaneChangeAction></LateralAction>"""
    roads = crossing(straight=True, lanes=(-1,))
    last = ends(roads, more=left, story=event(2.0, change, "car"), seconds=8.5)
    assert last[1] == pytest.approx(118.5, abs=1e-6)
    assert last[2] > 20.0


def test_at_the_end_of_the_network_a_vehicle_stands_still() -> None:
    last = ends(network(road(1, "0 0 0 <line/>", 100.0)))
    assert last[1] == pytest.approx(100.0)
    assert last[4] == 0.0
