"""GeoPosition on a bridge and below it: places worked back from the plane by PROJ."""

import math

import pytest
from pyproj import Transformer

from proving.scenarios.small import entity, network, placed, road, written

PLANE = "+proj=tmerc +lat_0=48 +lon_0=11 +ellps=WGS84 +units=m"
BRIDGE_M, RAMP_M = 8.0, 9.5


def raised(text: str, by: float) -> str:
    """Return a road that lies so high."""
    profile = f'<elevationProfile><elevation s="0" a="{by}" b="0" c="0" d="0"/></elevationProfile>'
    return text.replace("<lanes>", f"{profile}<lanes>")


ROADS = network(
    road(1, "0 0 0 <line/>", 100.0),
    raised(road(2, f"50 -50 {0.5 * math.pi} <line/>", 100.0), BRIDGE_M),
    raised(road(3, f"51 -50 {0.5 * math.pi} <line/>", 100.0), RAMP_M),
).replace('revMinor="6"/>', f'revMinor="6"><geoReference>{PLANE}</geoReference></header>')


def height(x: float, y: float, rest: str = "", revision: int = 3) -> float:
    """Return z [m] of a car that is set down at a place on Earth."""
    east, north = Transformer.from_crs(PLANE, "EPSG:4326", always_xy=True).transform(x, y)
    where = f'<Position><GeoPosition latitudeDeg="{north:.12f}" longitudeDeg="{east:.12f}" {rest}/>'
    init = [placed("car", f"{where}</Position>", 1.0)]
    scenario = written([entity("car")], init, ROADS, 1.0, revision=revision)
    result = scenario.compile().run(time_limit_s=2.0, trajectories="all", threads=1)
    assert result.outcomes[0] == "COMPLETED", result.reasons[0]
    assert result.samples["x_m"][0] == pytest.approx(x, abs=1e-3)
    assert result.samples["y_m"][0] == pytest.approx(y, abs=1e-3)
    return float(result.samples["z_m"][0])


def test_the_topmost_road_is_number_0_and_the_next_ones_are_below() -> None:
    top = 'verticalRoadSelection="{}"'
    assert height(49.0, -1.0, top.format(0)) == BRIDGE_M
    assert height(49.0, -1.0) == BRIDGE_M
    assert height(49.0, -1.0, top.format(1)) == 0.0
    assert height(20.0, -1.0, top.format(0)) == 0.0
    assert height(20.0, -1.0, top.format(7)) == 0.0  # there is but one


def test_surfaces_too_near_to_go_between_are_one_level_and_the_nearest_line_counts() -> None:
    assert height(50.2, -1.0) == BRIDGE_M
    assert height(50.9, -1.0) == RAMP_M
    assert height(50.9, -1.0, 'verticalRoadSelection="1"') == 0.0


def test_an_altitude_is_above_the_road_and_a_height_is_not() -> None:
    assert height(49.0, -1.0, 'altitude="1.5"') == BRIDGE_M + 1.5
    assert height(49.0, -1.0, 'height="1.5"', revision=2) == 1.5
