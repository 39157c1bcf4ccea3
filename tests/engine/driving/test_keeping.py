"""What the lane keeper foretells, beside kinematics worked out by hand."""

import math

import numpy as np
import pytest

from treadle.engine.driving import foreseeing, keeping
from treadle.engine.driving.drivers import DRIVERS
from treadle.engine.driving.tables import OTHER, OWN

SETTINGS = np.array(DRIVERS["weaver"].defaults)


def two(gap: float, v: float, u: float, *, aside: float = 1.0) -> tuple[np.void, np.void]:
    """Return the own vehicle, 5 m long, and another of 15 m to the left ahead of it."""
    own, others = np.zeros(1, OWN), np.zeros(1, OTHER)
    one, other = own[0], others[0]
    one["period"], one["speed"], one["set_speed"], one["length"] = 0.1, v, v, 5.0
    one["max_deceleration"] = np.inf
    other["is_there"], other["lane"], other["length"], other["width"] = 1, 1, 15.0, 2.5
    other["gap_x"], other["dx"], other["speed"] = gap, gap + 10.0, u
    other["gap_y"], other["dy"] = aside, aside + 2.2
    return one, other


def test_a_braking_that_rises_takes_as_much_speed_as_one_after_the_wait() -> None:
    # from 2 to 6 m/s2 at 10 m/s3: 0.4 s at 4 m/s2 on average, 1.6 m/s; 6 m/s2 take that in 0.2667 s
    assert foreseeing.wait_of.py_func(6.0, 2.0, 10.0) == pytest.approx(0.4 - 1.6 / 6.0)  # type: ignore[attr-defined] # numba's own
    assert foreseeing.wait_of.py_func(6.0, 7.0, 10.0) == 0.0  # type: ignore[attr-defined] # numba's own


def test_the_room_past_another_one_counts_speed_that_is_gone_back_to() -> None:
    own, other = two(20.0, 20.0, 10.0)
    room = foreseeing.room_past.py_func  # type: ignore[attr-defined] # numba's own
    # 10 m/s faster for 5 s: 50 m, of which 20 + 15 + 5 m are gap and lengths
    assert room(own, other, 5.0, SETTINGS, 0.0) == pytest.approx(10.0)
    own["set_speed"] = 22.0
    wait = 0.1 + 3.0 / (2.0 * 12.65)  # a period, and the rise to 3 m/s2
    gained = 0.5 * 2.0 * 1.0**2 + 2.0 * (5.0 - wait - 1.0)  # 2 m/s2 for 1 s, then 2 m/s faster
    assert room(own, other, 5.0, SETTINGS, 0.0) == pytest.approx(10.0 + gained)
    own["speed"] = 9.0
    assert room(own, other, 5.0, SETTINGS, 0.0) == -math.inf


def test_it_stops_beside_a_long_one_that_comes_in_front_first() -> None:
    own, other = two(3.0, 16.0, 4.0, aside=0.8)
    other["lateral_speed"], other["heading"] = -0.4, -0.1
    beside = keeping.braking_beside.py_func  # type: ignore[attr-defined] # numba's own
    braking = beside(own, other, SETTINGS, 0.0)
    # in 2 s its front is at 13 + 7.5 + 8 m; a fifth of its length, half the own, 0.3 m less: 22.7 m
    way = 16.0 * braking / (2.0 * 12.65) + 16.0**2 / (2.0 * braking)
    assert way == pytest.approx(22.7, abs=0.02)
    other["heading"] = 0.0  # it slides in with its whole length: too near to stay behind of
    assert math.isinf(beside(own, other, SETTINGS, 0.0))
