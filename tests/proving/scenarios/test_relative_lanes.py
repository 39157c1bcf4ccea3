"""RelativeLanePosition against a car that drives against the road's direction, by hand.

Class RelativeLanePosition: `ds` travels the road's reference line, `dsLane` the lane's centre line
in the direction the reference entity is facing.
"""

import math

import pytest

from proving.scenarios.written import WIDTH, Run, lane, road, teleport

INNER, OUTER = 0.5 * WIDTH, 1.5 * WIDTH


def placed(relative: str) -> tuple[float, float, float]:
    """Return x, y, heading of what is relative to a car on lane 1 at s 100, which looks back."""
    beside = teleport(f'<RelativeLanePosition entityRef="A" {relative}/>')
    run = Run({"A": [teleport(lane(1, 100.0))], "B": [beside]}, until_s=0.1, roads=road())
    assert run.at("A", 0.0)[:3] == pytest.approx([100.0, INNER, math.pi])
    x, y, heading, _ = run.at("B", 0.0)
    return float(x), float(y), float(heading)


def test_ds_counts_as_the_road_does_whichever_way_the_entity_looks() -> None:
    assert placed('dLane="1" ds="30" offset="0.4"') == pytest.approx((130.0, OUTER + 0.4, 0.0))


def test_ds_lane_counts_as_the_entity_looks() -> None:
    assert placed('dLane="1" dsLane="30" offset="0.4"') == pytest.approx((70.0, -INNER - 0.4, 0.0))
    assert placed('dLane="-1" dsLane="30" offset="0.4"') == pytest.approx(
        (70.0, OUTER - 0.4, math.pi)
    )
