"""A speed that changes its sign: which limit of the vehicle's counts."""

import math

import numpy as np
import pytest

from proving.scenarios.small import entity, event, lane, network, placed, play, road

ROAD = network(road(1, "0 0 0 <line/>", 400.0))
SPEED = 50.0 / 3.6


@pytest.mark.parametrize(
    ("start", "lasts"),
    # the car brakes with 10 m/s2 at most: pi / 2 * 27.8 / 10; it accelerates with 200: as asked
    [(SPEED, 0.5 * math.pi * 2.0 * SPEED / 10.0), (-SPEED, 4.0)],
)
def test_braking_limits_a_speed_that_falls_through_zero_and_driving_one_that_rises(
    start: float, lasts: float
) -> None:
    action = f"""<LongitudinalAction><SpeedAction><SpeedActionDynamics dynamicsShape="sinusoidal"
      dynamicsDimension="time" value="4"/><SpeedActionTarget><AbsoluteTargetSpeed value="{-start}"/>
      </SpeedActionTarget></SpeedAction></LongitudinalAction>"""
    init = [placed("car", lane("1", -1, 200.0), start)]
    went = play([entity("car")], init, ROAD, 7.0, story=event(1.0, action, "car"))["car"]
    turned = went[np.argmax(went[:, 4] * start <= 0.0), 0]
    assert turned == pytest.approx(1.0 + 0.5 * lasts, abs=0.02)
