"""Positions on routes and relative to who has one, worked by hand on a road that is gone back."""

import pytest

from proving.scenarios.small import entity, lane, network, placed, play, road, routed
from proving.scenarios.test_junctions import crossing
from treadle.kernel import InvalidInputError

ROAD = network(road(1, "0 0 0 <line/>", 200.0))


def on_route(inside: str) -> str:
    """Return a Position on a route that goes along road 1 against its s, from s = 150."""
    points = f"""<Waypoint routeStrategy="shortest">{lane("1", 1, 150.0)}</Waypoint>
      <Waypoint routeStrategy="shortest">{lane("1", 1, 10.0)}</Waypoint>"""
    return f"""<Position><RoutePosition><RouteRef><Route name="r" closed="false">{points}</Route>
      </RouteRef><InRoutePosition>{inside}</InRoutePosition></RoutePosition></Position>"""


@pytest.mark.parametrize(("revision", "lane_id", "y"), [(3, -1, 1.5), (3, 1, -1.5), (1, 1, 1.5)])
def test_lanes_on_a_route_are_the_roads_own_before_revision_1_3(
    revision: int, lane_id: int, y: float
) -> None:
    place = on_route(f'<FromLaneCoordinates pathS="30" laneId="{lane_id}"/>')
    went = play([entity("car")], [placed("car", place)], ROAD, 0.1, revision=revision)
    assert went["car"][0, 1:3] == pytest.approx([120.0, y])
    assert abs(went["car"][0, 3]) == pytest.approx(3.14159265, abs=1e-6)


def test_nobody_is_put_past_the_end_of_a_road() -> None:
    with pytest.raises(InvalidInputError, match=r"road 1 lane -1 at s 455, where there is none"):
        play([entity("car")], [placed("car", lane("1", -1, 455.0))], ROAD, 0.1)


@pytest.mark.parametrize(
    "relative",
    [
        '<RelativeRoadPosition entityRef="lead" ds="100" dt="0"/>',
        '<RelativeLanePosition entityRef="lead" ds="100" dLane="0"/>',
    ],
)
def test_a_place_ahead_over_a_junction_is_on_the_route_of_who_it_is_relative_to(
    relative: str,
) -> None:
    # from s = 50 on road 1: 50 m to its end, 31.42 m through the junction, 18.58 m of road 4; the
    # follower's own route leads elsewhere and says nothing here
    right = routed(lane("1", -1, 10.0), lane("4", -1, 50.0))
    left = routed(lane("1", -1, 10.0), lane("3", -1, 50.0))
    init = [
        placed("lead", lane("1", -1, 50.0), 0.0, right),
        placed("next", f"<Position>{relative}</Position>", 0.0, left),
    ]
    went = play([entity("lead"), entity("next")], init, crossing(straight=True), 0.1)
    assert went["next"][0, 1:3] == pytest.approx([118.5, -20.0 - (50.0 - 31.41592654)], abs=1e-5)
