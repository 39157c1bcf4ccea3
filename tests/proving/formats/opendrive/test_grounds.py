"""Junctions on an elevation grid: against the polynomials that the grid was made of, and SciPy."""

import math
from typing import Any

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

from proving.formats.opendrive.written import lane, left_out, read, refused, road, rules, section
from treadle.engine.road.surface import pose_at
from treadle.proving.rules.roads.ground import heights
from treadle.proving.rules.roads.junction import ElevationGrid

SPACING, START, N_SIDE, N_ROWS = 4.0, 2.0, 4, 8
PLAN = '<planView><geometry s="0" x="0" y="0" hdg="{}" length="40">{}</geometry></planView>'
HIGH = '<elevationProfile><elevation s="0" a="99" b="0.2" c="0" d="0"/></elevationProfile>'


def hilly(s: Any, t: Any) -> Any:
    """A polynomial that a cubic each way keeps."""
    u, v = 0.1 * s, 0.1 * t
    return 5.0 + 0.4 * u - 0.3 * v + 0.2 * u * v - 0.05 * u**3 + 0.07 * u**2 * v**3 + 0.1 * v**2


def grid(plan: str, n_side: int = N_SIDE, n_rows: int = N_ROWS) -> str:
    """Return a junction on a grid of that polynomial."""
    rows = ""
    for i in range(n_rows):
        told = {
            name: " ".join(f"{hilly(START + SPACING * i, way * SPACING * k):.12g}" for k in numbers)
            for name, way, numbers in (
                ("center", 1, range(1)),
                ("left", 1, range(1, n_side + 1)),
                ("right", -1, range(1, n_side + 1)),
            )
        }
        rows += "<elevation " + " ".join(f'{k}="{v}"' for k, v in told.items()) + "/>"
    inside = f'<elevationGrid gridSpacing="{SPACING}" sStart="{START}">{rows}</elevationGrid>'
    return f'<junction id="7" name="j">{plan}{inside}</junction>'


ALONG_X = PLAN.format(0, "<line/>")
CROSSING = '<geometry s="0" x="8" y="-6" hdg="0.8" length="18"><line/></geometry>'
ACROSS = {"length": 18, "attributes": 'junction="7"', "plan": CROSSING, "profiles": HIGH}


def ground_of(text: str) -> ElevationGrid:
    (junction,) = read(road(), text).junctions
    assert junction.ground is not None
    return junction.ground


@pytest.mark.parametrize(("shape", "heading"), [("<line/>", 0.0), ('<arc curvature="0.01"/>', 0.6)])
def test_inside_the_grid_a_cubic_each_way_is_kept(shape: str, heading: float) -> None:
    ground = ground_of(grid(PLAN.format(heading, shape)))
    random = np.random.default_rng(1)
    s = random.uniform(START + SPACING, START + SPACING * (N_ROWS - 2), 50)
    t = random.uniform(-SPACING * (N_SIDE - 1), SPACING * (N_SIDE - 1), 50)
    bend = 0.01 if "arc" in shape else 0.0
    h = heading + bend * s
    x = (np.sin(h) - math.sin(heading)) / bend if bend else s
    y = (math.cos(heading) - np.cos(h)) / bend if bend else np.zeros_like(s)
    found = heights(ground, x - t * np.sin(h), y + t * np.cos(h))
    assert found == pytest.approx(hilly(s, t), abs=1e-9)


def test_a_grid_of_few_corners_is_linear_between_them_and_level_beyond() -> None:
    ground = ground_of(grid(ALONG_X, n_side=1, n_rows=2))
    axes = (START + SPACING * np.arange(2), SPACING * np.arange(-1, 2))
    corners = [[hilly(s, t) for t in axes[1]] for s in axes[0]]
    known = RegularGridInterpolator(axes, np.array(corners), method="linear")
    random = np.random.default_rng(2)
    s, t = random.uniform(0.0, 9.0, 50), random.uniform(-9.0, 9.0, 50)
    wanted = known(np.stack([np.clip(s, 2.0, 6.0), np.clip(t, -4.0, 4.0)], axis=1))
    assert heights(ground, s, t) == pytest.approx(wanted, abs=1e-9)


def test_a_missing_corner_is_as_high_as_the_next_one_towards_the_line() -> None:
    told = '<elevation center="1" left="2 5" right="0"/><elevation center="1"/>'
    frame = f'<elevationGrid gridSpacing="4" sStart="0">{told}</elevationGrid>'
    ground = ground_of(f'<junction id="7">{ALONG_X}{frame}</junction>')
    x, y = np.array([0.0, 4.0, 4.0, 2.0]), np.array([8.0, 8.0, -4.0, 4.0])
    assert heights(ground, x, y) == pytest.approx([5.0, 1.0, 1.0, 1.5])


def test_roads_of_the_junction_lie_on_it_whatever_they_say_and_lanes_stand_out() -> None:
    kerb = '<height sOffset="0" inner="0.12" outer="0.12"/>'
    lanes = section(right=lane(-1) + lane(-2, kerb, type_="sidewalk"))
    network = read(road("1"), road("5", **ACROSS, lanes=lanes), grid(ALONG_X))  # type: ignore[arg-type] # a row of words
    assert (left_out(network), rules(network) - {"opendrive.no_link"}) == ([], set())
    roads = network.compiled()
    for s, t, lifted in ((1.0, -0.3, 0.0), (9.2, -1.7, 0.0), (16.4, -3.0, 0.0), (9.2, -5.0, 0.12)):
        x = 8.0 + s * math.cos(0.8) - t * math.sin(0.8)
        y = -6.0 + s * math.sin(0.8) + t * math.cos(0.8)
        found = pose_at(roads, 1, s, t)
        assert found[:3] == pytest.approx((x, y, hilly(x, y) + lifted), abs=5e-3)
        step = 1e-3
        ahead = hilly(x + step * math.cos(0.8), y + step * math.sin(0.8)) - hilly(x, y)
        assert math.tan(found[4]) == pytest.approx(-ahead / step, abs=0.02)
    assert pose_at(roads, 0, 9.0, -1.0)[2] == 0.0


def test_what_is_no_grid_is_said() -> None:
    assert "a grid needs squares" in refused(road(), grid(ALONG_X, n_rows=1))[0]
    assert "is no height" in refused(road(), grid(ALONG_X).replace('left="', 'left="x '))[0]
    assert "no z at its center" in refused(road(), grid(ALONG_X).replace("center=", "centre="))[0]
    nowhere = grid("")
    assert "elevationGrid" in {line.tag for line in left_out(read(road(), nowhere))}
    blend = '<boundary><segment type="joint" roadId="1" contactPoint="end" transitionLength="{}"/>'
    told = grid(ALONG_X).replace("<elevationGrid", blend.format(3) + "</boundary><elevationGrid")
    assert [line.tag for line in left_out(read(road(), told))] == ["segment"]
    assert (
        left_out(read(road(), told.replace('transitionLength="3"', 'transitionLength="0"'))) == []
    )
