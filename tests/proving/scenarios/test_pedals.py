"""Pedals that a scenario holds: worked by hand from the vehicle's Performance."""

import math
from typing import Literal

import numpy as np
import pytest

from proving.scenarios.small import CAR, entity, event, lane, network, placed, road, written
from treadle.proving.rules.result import Result

Model = Literal["default", "kinematic", "dynamic"]
MODELS = pytest.mark.parametrize("motion", ["kinematic", "dynamic"])
LONG = network(road(1, "0 0 0 <line/>", 3000.0))
FASTEST, STRONGEST, BRAKES, MASS = 30.0, 4.0, 10.0, 2000.0
CAR_OF = (
    CAR.replace('maxSpeed="70" maxAcceleration="200"', f'maxSpeed="{FASTEST}" maxAcceleration="4"')
    .replace('vehicleCategory="car"', f'vehicleCategory="car" mass="{MASS}"')
    .format("")
)


def held(pedals: str) -> str:
    """Return an action that holds pedals."""
    inside = f"<OverrideControllerValueAction>{pedals}</OverrideControllerValueAction>"
    return f"<ControllerAction>{inside}</ControllerAction>"


def stories(*actions: tuple[float, str]) -> str:
    """Return a story for each action of the car, at its time [s]."""
    return "".join(
        event(time, action, "car").replace('Story name="s"', f'Story name="s{k}"')
        for k, (time, action) in enumerate(actions)
    )


def run(
    v: float,
    *actions: tuple[float, str],
    motion: Model = "kinematic",
    seconds: float = 10.0,
    car: str = CAR_OF,
    controllers: bool = True,
) -> Result:
    """Run a car at a speed with actions at their times."""
    init = [placed("car", lane("1", -1, 20.0), v)]
    scenario = written([entity("car", car)], init, LONG, seconds, story=stories(*actions))
    compiled = scenario.compile(controllers=controllers)
    result: Result = compiled.run(
        time_limit_s=seconds + 1.0, trajectories="all", motion=motion, threads=1
    )
    return result


def speeds(result: Result) -> np.ndarray:
    """Return its speed at each step of 0.01 s, of a run that was COMPLETED."""
    assert result.outcomes[0] == "COMPLETED", result.reasons[0]
    found: np.ndarray = result.samples["speed_mps"]
    return found


@MODELS
def test_a_brake_takes_off_its_share_of_the_greatest_deceleration_until_it_stands(
    motion: Model,
) -> None:
    brake = held('<Brake active="true"><BrakePercent value="0.3"/></Brake>')
    v = speeds(run(15.0, (1.0, brake), motion=motion))
    assert v[100] == pytest.approx(15.0, abs=1e-6)
    assert v[300] == pytest.approx(15.0 - 0.3 * BRAKES * 2.0, abs=1e-6)
    assert v[500] == pytest.approx(15.0 - 0.3 * BRAKES * 4.0, abs=1e-6)
    assert (v[601:] == 0.0).all()


@MODELS
def test_a_throttle_adds_its_share_of_the_greatest_acceleration_up_to_the_top_speed(
    motion: Model,
) -> None:
    v = speeds(run(20.0, (1.0, held('<Throttle value="0.5" active="true"/>')), motion=motion))
    assert v[200] == pytest.approx(20.0 + 0.5 * STRONGEST, abs=1e-6)
    assert v[550] == pytest.approx(20.0 + 0.5 * STRONGEST * 4.5, abs=1e-6)
    assert v[650:] == pytest.approx(FASTEST, abs=1e-6)


def test_pedals_act_together_and_the_value_of_older_revisions_is_a_share_too() -> None:
    pedals = '<Throttle value="1" active="true"/><Brake value="0.1" active="true"/>'
    more = '<ParkingBrake value="0.2" active="true"/>'
    v = speeds(run(20.0, (1.0, held(pedals + more)), seconds=4.0))
    assert v[300] == pytest.approx(20.0 + 2.0 * (STRONGEST - 0.3 * BRAKES), abs=1e-6)


def test_a_force_brakes_by_the_mass_and_no_more_than_the_vehicle_can() -> None:
    force = '<Brake active="true"><BrakeForce value="{}"/></Brake>'
    v = speeds(run(20.0, (1.0, held(force.format(5000.0))), seconds=4.0))
    assert v[300] == pytest.approx(20.0 - 2.0 * 5000.0 / MASS, abs=1e-6)
    v = speeds(run(20.0, (1.0, held(force.format(1e6))), seconds=4.0))
    assert v[200] == pytest.approx(20.0 - BRAKES, abs=1e-6)


def test_a_pedal_moves_no_faster_than_its_rate() -> None:
    brake = held('<Brake active="true"><BrakePercent value="0.4" maxRate="0.2"/></Brake>')
    v = speeds(run(30.0, (1.0, brake), seconds=6.0))
    ramp = 0.2 * BRAKES  # m/s3, for 2 s
    assert v[300] == pytest.approx(30.0 - 0.5 * ramp * 4.0, abs=ramp * 2.0 * 0.01)
    assert v[400] - v[500] == pytest.approx(0.4 * BRAKES, abs=1e-6)


def test_what_is_let_go_of_leaves_the_speed_as_it_is_then() -> None:
    release = held('<Brake active="false"/>')
    v = speeds(run(20.0, (1.0, held('<Brake value="0.2" active="true"/>')), (3.0, release)))
    assert v[400:] == pytest.approx(20.0 - 0.2 * BRAKES * 2.0, abs=0.05)


def test_the_vehicle_keeps_its_lane_while_a_pedal_is_held() -> None:
    result = run(15.0, (1.0, held('<Brake value="0.3" active="true"/>')))
    assert np.abs(result.samples["y_m"] + 1.5).max() < 1e-6
    way = 15.0 * 1.0 + 15.0**2 / (2.0 * 0.3 * BRAKES)
    assert result.samples["x_m"][-1] - 20.0 == pytest.approx(way, abs=0.05)


def test_the_default_motion_has_no_pedals_and_says_so() -> None:
    brake = (1.0, held('<Brake value="0.3" active="true"/>'))
    result = run(15.0, brake, motion="default")
    assert result.outcomes[0] == "INCONCLUSIVE"
    assert "--motion kinematic" in result.reasons[0]
    assert "Brake (s.xosc:" in result.reasons[0]
    assert (result.samples["speed_mps"] == 15.0).all()
    assert run(15.0, brake, motion="default", controllers=False).outcomes[0] == "COMPLETED"


def test_a_force_without_a_mass_is_named() -> None:
    light = CAR_OF.replace(f'mass="{MASS}"', "")
    force = '<Brake active="{}"><BrakeForce value="1"/></Brake>'
    result = run(15.0, (1.0, held(force.format("true"))), car=light, seconds=2.0)
    assert result.outcomes[0] == "INCONCLUSIVE"
    assert "mass" in result.reasons[0]
    result = run(15.0, (1.0, held(force.format("false"))), car=light, seconds=2.0)
    assert result.outcomes[0] == "COMPLETED"


def test_a_pedal_that_is_let_go_of_needs_no_value_and_one_that_is_held_does() -> None:
    assert run(15.0, (1.0, held('<Brake active="false"/>')), seconds=2.0).outcomes[0] == "COMPLETED"
    said = run(15.0, (1.0, held('<Brake active="true"/>')), seconds=2.0).reasons[0]
    assert "how far it is pressed" in said


def test_the_manifest_tells_both_motions() -> None:
    action = held('<Throttle value="0.5" active="true"/>')
    init = [placed("car", lane("1", -1, 20.0), 10.0)]
    scenario = written([entity("car", CAR_OF)], init, LONG, 1.0, story=stories((0.5, action)))
    compiled = scenario.compile()
    for lines, outcome in (
        (compiled.manifest, "not supported"),
        (compiled.manifest_of("kinematic"), "executed"),
    ):
        assert [one.outcome for one in lines if one.tag == "Throttle"] == [outcome]
    assert math.isfinite(float(compiled.run(motion="kinematic").end_times_s[0]))
