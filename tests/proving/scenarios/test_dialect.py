"""Properties of esmini's own that change motion, end to end, against what a pen gives."""

import math

import numpy as np
import pytest

from proving.scenarios.document import document, read
from proving.scenarios.stories import by_entity, trigger
from proving.scenarios.written import (
    WIDTH,
    Run,
    car,
    does,
    follow,
    lane,
    polyline,
    road,
    speed,
    teleport,
    world,
)

AHEAD = 2.5


def own(name: str = "A", **properties: str) -> str:
    """Return a car with properties."""
    told = "".join(f'<Property name="{key}" value="{it}"/>' for key, it in properties.items())
    return car(name).replace("</Vehicle>", f"<Properties>{told}</Properties></Vehicle>")


def drawn(turned: float, way: np.ndarray) -> np.ndarray:
    """Return the angle of a drawn axle's line after a straight way: a tractrix (Huygens)."""
    found: np.ndarray = 2.0 * np.arctan(math.tan(0.5 * turned) * np.exp(-way / AHEAD))
    return found


def test_a_shifted_reference_point_goes_along_and_the_axle_is_drawn_behind_it() -> None:
    straight = polyline((world(0, 0), None), (world(100, 0), None))
    init = {"A": [teleport(world(0, 0, 'h="0.8"')), speed(2.0), follow(straight)]}
    run = Run(init, until_s=6.0, entities=(own(refpoint_x_offset=str(AHEAD)),))
    rows = run.rows["A"]
    assert rows[:, 1] == pytest.approx(2.0 * rows[:, 0], abs=1e-9)
    assert rows[:, 2] == pytest.approx(np.zeros(len(rows)), abs=1e-9)
    assert rows[:, 3] == pytest.approx(drawn(0.8, 2.0 * rows[:, 0]), abs=2e-3)


def test_in_a_bend_the_axle_goes_on_a_smaller_circle() -> None:
    """Point and axle go round one centre, and the axle's circle touches the line between them."""
    radius = 40.0
    init = {"A": [teleport(lane(-1, 0.0)), speed(5.0)]}
    network = road(f'<arc curvature="{1.0 / (radius - 0.5 * WIDTH)}"/>', 200.0)
    run = Run(init, until_s=12.0, roads=network, entities=(own(refpoint_x_offset=str(AHEAD)),))
    x, y, heading, _ = run.at("A", 12.0)
    along = math.atan2(x, radius - 0.5 * WIDTH - y)  # how far round: the way it goes there
    lag = math.remainder(along - heading, 2.0 * math.pi)
    assert lag == pytest.approx(math.asin(AHEAD / radius), abs=1e-3)


def test_the_box_stays_where_the_file_has_it_from_the_rear_axle() -> None:
    """4 m long about the axle: with the point at its front end it touches 2 m before B's centre."""
    init = {
        "A": [teleport(lane(-1, 0.0)), speed(5.0)],
        "B": [teleport(lane(-1, 50.0)), speed(0.0)],
    }
    touch = by_entity('<CollisionCondition><EntityRef entityRef="B"/></CollisionCondition>', "A")
    stop = does("A", 0.0, speed(0.0), start=trigger(touch))
    cars = (own(refpoint_x_offset="2.0"), car("B"))
    run = Run(init, stop, until_s=12.0, roads=road(), entities=cars)
    assert run.at("A", 12.0)[0] == pytest.approx(48.0, abs=0.11)


@pytest.mark.parametrize(("ignored", "x"), [("true", 60.0), ("false", 40.0)])
def test_who_ignores_headings_goes_along_the_curve_whichever_way_it_looks(
    ignored: str, x: float
) -> None:
    back = f'h="{0.75 * math.pi}"'
    line = polyline((world(0, 0, back), None), (world(100, 0, back), None))
    init = {"A": [speed(5.0), follow(line, rest='initialDistanceOffset="50"')]}
    run = Run(init, until_s=3.0, entities=(own(ignoreHeadingForTrajMotion=ignored),))
    assert run.at("A", 2.0) == pytest.approx([x, 0.0, 0.75 * math.pi, 5.0], abs=1e-6)


@pytest.mark.parametrize(
    ("how", "mode", "expected"),
    [
        ("none", "position", (0.0, 0.0, 0.5 * math.pi)),
        ("segment", "position", (0.125 * math.pi, 0.475 * math.pi, 0.5 * math.pi)),
        ("corner", "follow", (0.0, 0.1875 * math.pi, 0.5 * math.pi)),
    ],
)
def test_headings_along_a_polyline_change_as_the_property_says(
    how: str, mode: str, expected: tuple[float, ...]
) -> None:
    """20 m along x, then along y: at 5 m, 1 m before the corner (19 m by a half metre), after."""
    corner = polyline((world(0, 0), None), (world(20, 0), None), (world(20, 20), None))
    init = {"A": [speed(1.0), follow(corner, mode=mode)]}
    run = Run(init, until_s=30.0, entities=(own(plineInterpolation=how),))
    found = [run.at("A", time)[2] for time in (5.0, 19.0 if how != "corner" else 19.5, 25.0)]
    assert found == pytest.approx(list(expected), abs=1e-6)


def test_the_manifest_says_whose_words_these_are_and_what_has_no_effect() -> None:
    told = own(
        refpoint_x_offset="1.5",
        ignoreHeadingForTrajMotion="perhaps",
        plineInterpolation="none",
        colour="red",
    )
    scenario = read(document(entities=[told], network=""))
    compiled = scenario.compile()
    compiled.lower([0])
    lines = [line for line in compiled.manifest if line.tag == "Property"]
    assert [line.outcome for line in lines] == ["executed", "no effect", "executed", "no effect"]
    assert all("esmini" in line.reason for line in lines if line.outcome == "executed")
    (finding,) = [one for one in scenario.findings if one.rule == "semantic.esmini_property"]
    assert "ignoreHeadingForTrajMotion" in finding.text


def test_a_shift_of_nothing_is_nothing() -> None:
    init = {"A": [teleport(world(0, 0, 'h="0.8"')), speed(2.0)]}
    run = Run(init, until_s=1.0, entities=(own(refpoint_x_offset="0.0"),))
    assert run.at("A", 1.0)[2] == pytest.approx(0.8)
