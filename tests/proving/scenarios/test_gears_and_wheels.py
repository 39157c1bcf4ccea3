"""Clutch, gear and steering wheel that a scenario holds: worked by hand from the vehicle's file."""

import math

import numpy as np
import pytest

from proving.scenarios.test_pedals import (
    BRAKES,
    CAR_OF,
    MODELS,
    STRONGEST,
    Model,
    held,
    run,
    speeds,
)
from treadle.proving.rules.result import Result

WHEELBASE, MOST, RATE, RATIO, EG = 2.98, 0.5, 0.4, 15.0, 0.0035
"""As docs/motion.md and the car's file have them: angles at the wheels [rad], [rad/s]."""
FULL = '<Throttle value="1" active="true"/>'


def faster(to: float) -> str:
    """Return an action that wants another speed, by 2 m/s2."""
    return f"""<LongitudinalAction><SpeedAction><SpeedActionDynamics dynamicsShape="linear"
  dynamicsDimension="rate" value="2"/><SpeedActionTarget><AbsoluteTargetSpeed value="{to}"/>
  </SpeedActionTarget></SpeedAction></LongitudinalAction>"""


def gear(what: str) -> str:
    """Return a gear that is held."""
    return f'<Gear active="true">{what}</Gear>'


def headings(result: Result) -> np.ndarray:
    """Return the heading at each step of 0.01 s [rad], in (-pi, pi]."""
    found: np.ndarray = np.remainder(result.samples["heading_rad"] + math.pi, 2.0 * math.pi)
    return found - math.pi


def yaw_rates(result: Result) -> np.ndarray:
    """Return how fast it turns in each step [rad/s]."""
    found: np.ndarray = np.diff(np.unwrap(result.samples["heading_rad"])) / 0.01
    return found


@MODELS
def test_a_clutch_carries_no_more_than_what_is_not_pressed_of_it(motion: Model) -> None:
    for throttle, pressed, share in ((1.0, 0.75, 0.25), (0.5, 0.25, 0.5), (1.0, 1.0, 0.0)):
        pedals = f'<Throttle value="{throttle}" active="true"/>'
        pedals += f'<Clutch value="{pressed}" active="true"/>'
        v = speeds(run(10.0, (1.0, held(pedals)), motion=motion, seconds=4.0))
        assert v[300] == pytest.approx(10.0 + 2.0 * share * STRONGEST, abs=1e-6)


def test_a_clutch_moves_no_faster_than_its_rate_and_stops_no_brake() -> None:
    pedals = FULL + '<Clutch value="1" maxRate="0.5" active="true"/>'
    v = speeds(run(10.0, (1.0, held(pedals)), seconds=5.0))
    assert v[400] == pytest.approx(10.0 + 0.5 * STRONGEST * 2.0, abs=0.05)  # gone after 2 s
    pedals = '<Clutch value="1" active="true"/><Brake value="0.2" active="true"/>'
    v = speeds(run(10.0, (1.0, held(pedals)), seconds=4.0))
    assert v[300] == pytest.approx(10.0 - 2.0 * 0.2 * BRAKES, abs=1e-6)


@pytest.mark.parametrize(
    ("what", "free"),
    [
        ('<Clutch value="1" active="true"/>', '<Clutch value="0" active="false"/>'),
        (gear('<ManualGear number="0"/>'), '<Gear active="false"/>'),
    ],
)
def test_without_drive_the_driver_rolls_and_brakes_and_goes_on_from_there(
    what: str, free: str
) -> None:
    v = speeds(run(10.0, (1.0, held(what)), (1.5, faster(20.0)), (3.0, held(free)), seconds=5.0))
    assert v[100:300] == pytest.approx(10.0, abs=1e-9)
    assert v[-1] > 12.0
    v = speeds(run(10.0, (1.0, held(what)), (1.5, faster(6.0)), seconds=5.0))
    assert v[250] == pytest.approx(8.0, abs=0.05)
    assert v[400] == pytest.approx(6.0, abs=0.2)  # what it brakes too much it cannot make up


@pytest.mark.parametrize(
    ("what", "way"),
    [
        ('<ManualGear number="-1"/>', -1.0),
        ('<AutomaticGear gear="r"/>', -1.0),
        ('<ManualGear number="3"/>', 1.0),
        ('<AutomaticGear gear="d"/>', 1.0),
        ('<AutomaticGear gear="n"/>', 0.0),
        ('<AutomaticGear gear="p"/>', 0.0),
    ],
)
def test_a_gear_says_which_way_the_throttle_drives(what: str, way: float) -> None:
    half = '<Throttle value="0.5" active="true"/>'
    v = speeds(run(0.0, (1.0, held(half + gear(what))), seconds=4.0))
    assert v[300] == pytest.approx(way * 0.5 * STRONGEST * 2.0, abs=1e-6)
    v = speeds(run(3.0, (1.0, held(half + gear(what))), seconds=4.0))
    assert v[200] == pytest.approx(3.0 + way * 0.5 * STRONGEST, abs=1e-6)
    assert v[350] == pytest.approx(3.0 + way * 0.5 * STRONGEST * 2.5, abs=0.03)


def test_the_gear_of_older_revisions_is_a_number_and_one_that_is_not_told_is_named() -> None:
    v = speeds(run(0.0, (1.0, held(FULL + '<Gear number="-1" active="true"/>')), seconds=2.0))
    assert v[200] == pytest.approx(-STRONGEST, abs=1e-6)
    said = run(0.0, (1.0, held('<Gear active="true"/>')), seconds=2.0).reasons[0]
    assert "which gear" in said


def turned_in(angle: float, rate: float) -> float:
    """Return what tan(d) adds up to while the wheels turn evenly to an angle [s]."""
    return -math.log(math.cos(angle)) / rate


@pytest.mark.parametrize(("wheel", "limit"), [(0.75, ""), (-0.75, ""), (0.75, 'maxRate="0.75"')])
def test_a_steering_wheel_turns_the_wheels_by_its_ratio(wheel: float, limit: str) -> None:
    """h' = v tan(d) / l, the wheels at d after d / rate seconds."""
    v, angle = 10.0, wheel / RATIO
    rate = 0.75 / RATIO if limit else RATE
    turn = held(f'<SteeringWheel value="{wheel}" {limit} active="true"/>')
    result = run(v, (1.0, turn), seconds=4.0)
    assert speeds(result) == pytest.approx(v, abs=1e-9)
    there = abs(angle) / rate
    wanted = turned_in(abs(angle), rate) + (3.0 - there) * math.tan(abs(angle))
    wanted *= math.copysign(v / WHEELBASE, wheel)
    assert headings(result)[400] == pytest.approx(wanted, abs=2e-3)
    x, y = result.samples["x_m"][250:400], result.samples["y_m"][250:400]
    h = headings(result)[250:400]
    radius = WHEELBASE / math.tan(angle)
    assert np.ptp(x - radius * np.sin(h)) < 1e-4
    assert np.ptp(y + radius * np.cos(h)) < 1e-4


def test_with_tyres_it_goes_as_steadily_as_its_steering_says() -> None:
    v, angle = 20.0, 0.3 / RATIO
    turn = held('<SteeringWheel value="0.3" active="true"/>')
    rate = yaw_rates(run(v, (1.0, turn), seconds=6.0, motion="dynamic"))[450:550]
    assert rate == pytest.approx(v * angle / (WHEELBASE + EG * v * v), rel=2e-3)


def test_wheels_turn_no_further_than_the_vehicles_own_and_pedals_go_with_them() -> None:
    pedals = '<SteeringWheel value="99" maxTorque="3" active="true"/>'
    rate = yaw_rates(run(2.0, (1.0, held(pedals)), seconds=6.0))[400:]
    assert rate == pytest.approx(2.0 * math.tan(MOST) / WHEELBASE, rel=1e-3)
    brake = '<SteeringWheel value="0.75" active="true"/><Brake value="0.2" active="true"/>'
    v = speeds(run(10.0, (1.0, held(brake)), seconds=4.0))
    assert v[300] == pytest.approx(10.0 - 2.0 * 0.2 * BRAKES, abs=1e-6)


def test_handlebars_turn_the_wheel_with_them() -> None:
    bike = CAR_OF.replace('vehicleCategory="car"', 'vehicleCategory="bicycle"')
    turn = held('<SteeringWheel value="0.05" active="true"/>')
    rate = yaw_rates(run(5.0, (1.0, turn), seconds=4.0, car=bike))[300:]
    assert rate == pytest.approx(5.0 * math.tan(0.05) / WHEELBASE, rel=1e-4)


def test_let_go_of_the_wheel_it_goes_on_along_the_road_beside_its_lane() -> None:
    turn = held('<SteeringWheel value="0.3" active="true"/>')
    free = held('<SteeringWheel value="0" active="false"/>')
    result = run(10.0, (1.0, turn), (2.0, free), seconds=12.0)
    y, h = result.samples["y_m"], headings(result)
    assert h[200] > 0.05
    assert np.abs(h[-100:]).max() < 1e-3
    assert np.ptp(y[-100:]) < 1e-2
    assert abs(y[-1] + 1.5) > 0.2  # where it was let go of, not back in its lane's middle
    assert speeds(result) == pytest.approx(10.0, abs=0.05)


def test_a_wheel_that_is_held_takes_the_scenarios_speed_along() -> None:
    turn = held('<SteeringWheel value="0.3" active="true"/>')
    v = speeds(run(10.0, (1.0, turn), (2.0, faster(14.0)), seconds=6.0))
    assert v[300] == pytest.approx(12.0, abs=0.05)
    assert v[-1] == pytest.approx(14.0, abs=1e-6)
