"""Followers against closed forms: gaps in equilibrium, thresholds, distances of stopping."""

import math
from typing import Any

import numpy as np
import pytest

from treadle.engine.driving.drivers import DRIVERS
from treadle.engine.driving.following import drive_acc, drive_aeb, drive_idm
from treadle.engine.driving.tables import COMMAND, MEMORY, OTHER, OWN
from treadle.engine.driving.wiedemann import (
    CLOSING,
    FOLLOWING,
    FREE,
    TOO_CLOSE,
    drive_wiedemann,
    largest_acceleration,
    thresholds,
    wiedemann_acceleration,
)

LENGTH = 4.3


class Road:
    """A driver on a straight lane behind a leader of constant speed."""

    def __init__(
        self, drive: Any, name: str, v: float, *, wanted: float, gap: float, u: float, dt: float
    ) -> None:
        self.drive, self.dt, self.u = drive, dt, u
        self.settings = np.array(DRIVERS[name].defaults)
        self.own, self.others = np.zeros(1, OWN), np.zeros(2, OTHER)
        self.command, self.memory = np.zeros(1, COMMAND), np.zeros(MEMORY)
        own, other = self.own[0], self.others[1]
        own["period"], own["speed"], own["set_speed"] = dt, v, wanted
        own["speed_limit"], own["length"], own["width"] = math.inf, LENGTH, 1.9
        other["is_there"] = math.isfinite(gap)
        other["gap_x"], other["dx"] = gap, gap + LENGTH
        other["gap_y"], other["speed"] = -1.9, u

    def step(self) -> None:
        """Go on by one step: speed first, then the way at the mean speed."""
        own, other = self.own[0], self.others[1]
        self.drive.py_func(own, self.others, self.settings, self.memory, self.command[0])
        v = own["speed"]
        own["acceleration"] = self.command[0]["acceleration"]
        own["speed"] = max(0.0, v + own["acceleration"] * self.dt)
        moved = (self.u - (v + own["speed"]) / 2.0) * self.dt
        other["gap_x"] += moved
        other["dx"] += moved

    def drive_for(self, seconds: float) -> tuple[float, float]:
        """Return speed and gap after a time."""
        for _ in range(round(seconds / self.dt)):
            self.step()
        return float(self.own[0]["speed"]), float(self.others[1]["gap_x"])


@pytest.mark.parametrize("u", [5.0, 15.0, 25.0])
def test_idm_settles_at_the_gap_of_treibers_equation(u: float) -> None:
    wanted = 33.0
    v, gap = Road(drive_idm, "idm", u, wanted=wanted, gap=80.0, u=u, dt=0.1).drive_for(600.0)
    # Treiber et al. 2000, equation 7: s = (s0 + v T) / sqrt(1 - (v / v0)^4), with T and s0 there.
    assert v == pytest.approx(u, abs=1e-4)
    assert gap == pytest.approx((2.0 + 1.6 * u) / math.sqrt(1.0 - (u / wanted) ** 4), rel=1e-3)


def test_idm_stops_behind_one_who_stands_at_its_gap_of_standstill() -> None:
    v, gap = Road(drive_idm, "idm", 15.0, wanted=15.0, gap=200.0, u=0.0, dt=0.05).drive_for(200.0)
    assert v < 0.02
    assert gap == pytest.approx(2.0, abs=0.25)


def test_idm_alone_reaches_the_speed_wanted_and_starts_with_its_acceleration() -> None:
    road = Road(drive_idm, "idm", 0.0, wanted=20.0, gap=math.inf, u=0.0, dt=0.1)
    road.step()
    assert road.command[0]["acceleration"] == pytest.approx(0.73)
    assert road.drive_for(200.0)[0] == pytest.approx(20.0, abs=1e-3)


@pytest.mark.parametrize("u", [8.0, 22.0])
def test_acc_keeps_its_time_gap(u: float) -> None:
    v, gap = Road(drive_acc, "acc", u + 3.0, wanted=40.0, gap=60.0, u=u, dt=0.1).drive_for(300.0)
    assert v == pytest.approx(u, abs=1e-4)
    assert gap == pytest.approx(3.0 + 1.5 * u, abs=1e-3)


def test_acc_accelerates_and_brakes_within_the_limits_of_iso_15622() -> None:
    road = Road(drive_acc, "acc", 0.0, wanted=40.0, gap=math.inf, u=0.0, dt=0.1)
    road.step()
    assert road.command[0]["acceleration"] == 2.0
    road = Road(drive_acc, "acc", 30.0, wanted=30.0, gap=10.0, u=10.0, dt=0.1)
    road.step()
    assert road.command[0]["acceleration"] == -3.5


@pytest.mark.parametrize("v", [6.0, 10.0, 13.0])
def test_aeb_stops_in_the_distance_that_its_stages_say(v: float) -> None:
    dt = 0.001
    road = Road(drive_aeb, "aeb", v, wanted=v, gap=60.0, u=0.0, dt=dt)
    last = road.drive_for(20.0)[1]
    # By hand: coasts to TTC 1.6 s; braking rises to 4 m/s2 at 40 m/s3 in 0.1 s; at TTC 0.8 s, if it
    # comes to that, to 8 m/s2 in another 0.1 s.
    x, speed, brakes, h = 60.0, v, 0.0, 1e-4
    stage = 0
    while speed > 0.0 and x > -5.0:
        ttc = max(x, 0.0) / speed
        stage = max(stage, 2 if ttc < 0.8 else 1 if ttc < 1.6 else 0)
        brakes = min((0.0, 4.0, 8.0)[stage], brakes + 40.0 * h)
        x -= speed * h - brakes * h * h / 2.0
        speed -= brakes * h
    assert last == pytest.approx(x, abs=0.03)
    if v == 6.0:  # the first stage is enough: closed form, with a ramp of 0.1 s as half of a wait
        assert last == pytest.approx(1.6 * v - v * 0.05 - v * v / 8.0, abs=0.02)


def test_aeb_lets_go_when_the_leader_is_faster_again() -> None:
    road = Road(drive_aeb, "aeb", 20.0, wanted=20.0, gap=15.0, u=10.0, dt=0.01)
    v, gap = road.drive_for(10.0)
    assert 0.0 <= 10.0 - v < 0.1
    assert gap > 0.0
    assert road.command[0]["risk"] == 0


CC = np.array(DRIVERS["wiedemann99"].defaults)


def test_thresholds_of_wiedemann_are_those_of_its_parameters() -> None:
    # v = 20, u = 18, gap = 30; CC0 1.5, CC1 0.9, CC2 4, CC3 -8, CC4 -0.35, CC5 0.35, CC6 11.44e-4.
    close, far, perceived, closing, opening = thresholds(30.0, 20.0, 18.0, 0.0, CC)
    assert close == pytest.approx(1.5 + 0.9 * 18.0)
    assert far == pytest.approx(close + 4.0)
    assert perceived == pytest.approx(far - 8.0 * (-2.0 + 0.35))
    assert closing == pytest.approx(-0.35 - 11.44e-4 * 900.0)
    assert opening == pytest.approx(0.35 + 11.44e-4 * 900.0)
    assert thresholds(30.0, 20.0, 0.0, 0.0, CC)[0] == 1.5


@pytest.mark.parametrize(
    ("gap", "v", "u", "regime"),
    [
        (math.inf, 20.0, 0.0, FREE),
        (10.0, 20.0, 20.0, TOO_CLOSE),
        (21.0, 20.0, 20.0, FOLLOWING),
        (60.0, 20.0, 10.0, CLOSING),
        (60.0, 20.0, 20.0, FREE),
    ],
)
def test_wiedemanns_regime_follows_from_the_thresholds(
    gap: float, v: float, u: float, regime: int
) -> None:
    memory = np.zeros(MEMORY)
    wiedemann_acceleration(v, 30.0, gap, u, 0.0, CC, memory)
    assert memory[0] == regime


def test_wiedemann_closing_in_brakes_by_half_the_squared_difference_over_the_way_left() -> None:
    memory = np.zeros(MEMORY)
    asked = wiedemann_acceleration(20.0, 30.0, 60.0, 10.0, 0.0, CC, memory)
    assert asked == pytest.approx(-0.5 * 100.0 / (60.0 - (1.5 + 0.9 * 10.0) + 0.1))


def test_wiedemann_free_accelerates_by_cc8_from_standstill_and_cc9_from_80_kmh() -> None:
    assert largest_acceleration(0.0, CC) == 3.5
    assert largest_acceleration(80.0 / 3.6, CC) == pytest.approx(1.5)
    assert largest_acceleration(50.0, CC) == pytest.approx(1.5)


def test_wiedemann_follows_between_its_gaps_for_good() -> None:
    road = Road(drive_wiedemann, "wiedemann99", 24.0, wanted=33.0, gap=90.0, u=20.0, dt=0.1)
    road.drive_for(120.0)
    for _ in range(600):
        road.step()
        gap, v = road.others[1]["gap_x"], road.own[0]["speed"]
        assert 1.5 + 0.9 * 20.0 - 2.0 < gap < 1.5 + 0.9 * 20.0 + 4.0 + 3.0
        assert abs(v - 20.0) < 1.5
