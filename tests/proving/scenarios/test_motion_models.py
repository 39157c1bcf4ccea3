"""Vehicles by a single-track model: against closed forms, scipy and the default motion."""

import math
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from proving.scenarios.document import at_time, document, files_of
from proving.scenarios.small import CAR, entity, event, lane, network, placed, play, road, written
from treadle.engine.scenario.preparing import prepare
from treadle.engine.scenario.results import no_batch
from treadle.engine.scenario.state import new_state
from treadle.kernel import InvalidInputError
from treadle.proving import Scenario
from treadle.proving.formats.openscenario.files import FromContents

Model = Literal["default", "kinematic", "dynamic"]
MODELS = pytest.mark.parametrize("motion", ["kinematic", "dynamic"])
STEP_S, WHEELBASE, RADIUS, BRAKES = 0.01, 2.98, 100.0, 10.0
TYRES, EG, G = 11.5, 0.0035, 9.80665
"""As docs/motion.md states them: cornering stiffness for the load [1/rad], understeer gradient."""
STRAIGHT = network(road(1, "0 0 0 <line/>", 1000.0))
CIRCLE = network(road(1, f'0 0 0 <arc curvature="{1 / RADIUS}"/>', 2.0 * math.pi * RADIUS))


def speed(value: float, shape: str = "linear", rate: float = 3.0) -> str:
    """Return an action that changes the speed."""
    dimension = "time" if shape == "step" else "rate"
    return f"""<LongitudinalAction><SpeedAction><SpeedActionDynamics dynamicsShape="{shape}"
  dynamicsDimension="{dimension}" value="{rate}"/><SpeedActionTarget>
  <AbsoluteTargetSpeed value="{value}"/></SpeedActionTarget></SpeedAction></LongitudinalAction>"""


def change(to_lane: int, shape: str, time_s: float) -> str:
    """Return a lane change."""
    return f"""<LateralAction><LaneChangeAction><LaneChangeActionDynamics dynamicsShape="{shape}"
  dynamicsDimension="time" value="{time_s}"/><LaneChangeTarget><AbsoluteTargetLane
  value="{to_lane}"/></LaneChangeTarget></LaneChangeAction></LateralAction>"""


def one(
    v: float,
    seconds: float,
    motion: Model,
    *,
    roads: str = STRAIGHT,
    story: str = "",
    s: float = 20.0,
) -> np.ndarray:
    """Return where a car goes that starts in the right lane: rows of time, x, y, heading, speed."""
    init = [placed("car", lane("1", -1, s), v)]
    return play([entity("car")], init, roads, seconds, story=story, motion=motion)["car"]


def circling(story: str = "", more: str = "", placed_too: str = "") -> FromContents:
    """Return the files of a car on the circle for 20 s; its speed is the parameter v."""
    on = placed("car", lane("1", -1, 0.0), 1.5).replace('value="1.5"', 'value="$v"')
    declared = '<ParameterDeclaration name="v" parameterType="double" value="15"/>'
    text = document(
        entities=[entity("car"), more],
        init=[placed_too, on],
        stories=[story],
        stop=at_time(20.0, "StopTrigger"),
        head=f"<ParameterDeclarations>{declared}</ParameterDeclarations>",
    )
    return files_of(text, CIRCLE)


def steering_on_circle(v: float, motion: int) -> float:
    """Return the steering angle [rad] of a car that has driven 20 s on the circle."""
    scenario = Scenario.read("s.xosc", open_file=circling(), overrides={"v": str(v)})
    build, values = scenario.compile().lowered(0, 0)
    program = replace(build.program(), motion=motion)
    state = new_state(program, len(values.base))
    batch = replace(
        no_batch(),
        base=values.base,
        columns=values.columns,
        rows=np.zeros(1, np.int64),
        ends=np.zeros((1, 4), np.int32),
    )
    prepare(program)(program, state, batch, 0, 1, STEP_S, 2100, 0)
    return float(state.bodies["steering"][0])


@MODELS
@pytest.mark.parametrize("v", [5.0, 15.0, 20.0])
def test_a_bend_is_driven_steadily_with_the_steering_of_the_closed_form(
    motion: Model, v: float
) -> None:
    radius, tyres = RADIUS + 1.5, motion == "dynamic"
    went = one(v, 20.0, motion, roads=CIRCLE)
    off = np.hypot(went[:, 1], went[:, 2] - RADIUS) - radius
    assert np.abs(off[went[:, 0] > 12.0]).max() < 0.005
    assert np.abs(off).max() < (0.35 if tyres else 0.005)
    along = math.atan2(went[-1, 2] - RADIUS, went[-1, 1]) + 0.5 * math.pi
    turned_in = math.remainder(went[-1, 3] - along, 2.0 * math.pi)
    assert turned_in == pytest.approx(v * v / radius / (TYRES * G) if tyres else 0.0, abs=5e-4)
    steering = math.atan(WHEELBASE / radius) + (EG * v * v / radius if tyres else 0.0)
    assert steering_on_circle(v, 2 if tyres else 1) == pytest.approx(steering, rel=2e-3)


def derivatives(
    _: float, state: np.ndarray, acceleration: float, rate: float, motion: str
) -> np.ndarray:
    """Return d/dt of x, y, heading, v, lateral speed and yaw rate at the middle, steering.

    Kinematic: h' = v tan(d) / l. Dynamic, a mass of 1 in the middle: vy' = Ff + Fr - v r,
    r' = (Ff - Fr) / a with a = l / 2, as docs/motion.md has the tyres.
    """
    _, _, h, v, side, yaw_rate, steering = state
    half = 0.5 * WHEELBASE
    side_rate = yaw_change = 0.0
    if motion == "kinematic":
        yaw_rate, side = v * math.tan(steering) / WHEELBASE, 0.0
        at_axle = 0.0
    else:
        rear_stiffness = 0.5 * TYRES * G
        front_stiffness = 0.5 * G / (1.0 / TYRES + G * EG)
        front = front_stiffness * (steering - (side + half * yaw_rate) / v)
        rear = -rear_stiffness * (side - half * yaw_rate) / v
        side_rate, yaw_change = front + rear - v * yaw_rate, (front - rear) / half
        at_axle = side - half * yaw_rate
    x_rate = v * math.cos(h) - at_axle * math.sin(h)
    y_rate = v * math.sin(h) + at_axle * math.cos(h)
    return np.array([x_rate, y_rate, yaw_rate, acceleration, side_rate, yaw_change, rate])


def driven(plan: np.ndarray, motion: str) -> np.ndarray:
    """Return where a car goes that is driven after a plan beside the x axis, by scipy.

    Samson's law on the offset and heading errors with a length of 0.8 s; wheels turn by at most
    0.5 rad and 0.4 rad/s; 0.5 m/s more for each metre behind.
    """
    state = np.array([plan[0, 1], plan[0, 2], 0.0, plan[0, 4], 0.0, 0.0, 0.0])
    went = [state[:4]]
    for k in range(len(plan) - 1):
        x, y, h, v, _, _, steering = state
        length, offset = max(2.0, 0.8 * v), y - plan[k, 2]
        bend = -2.0 * h / length - np.sinc(h / math.pi) * offset / length**2
        gradient = EG if motion == "dynamic" else 0.0
        wanted = np.clip(math.atan(WHEELBASE * bend) + gradient * v * v * bend, -0.5, 0.5)
        rate = float(np.clip((wanted - steering) / STEP_S, -0.4, 0.4))
        target = plan[k + 1, 4] + np.clip(0.5 * (plan[k, 1] - x), -5.0, 5.0)
        acceleration = float(np.clip((target - v) / STEP_S, -BRAKES, 200.0))
        found = solve_ivp(
            derivatives, (0.0, STEP_S), state, args=(acceleration, rate, motion),
            rtol=1e-9, atol=1e-11,
        )  # fmt: skip
        state = found.y[:, -1]
        went.append(state[:4])
    return np.array(went)


@MODELS
def test_a_lane_change_in_one_step_is_driven_as_scipy_drives_it(motion: Model) -> None:
    story = event(1.0, change(1, "step", 0.0), "car")
    plan = one(20.0, 10.0, "default", story=story)
    assert np.ptp(plan[:, 2]) == pytest.approx(3.0)
    went = one(20.0, 10.0, motion, story=story)
    # the plan of the step in which it jumps is turned; the driver sees it one step later
    wanted = driven(plan, motion)
    assert went[:, 1:3] == pytest.approx(wanted[:, :2], abs=0.01)
    assert went[:, 4] == pytest.approx(wanted[:, 3], abs=0.02)
    assert went[-1, 2] == pytest.approx(1.5, abs=0.02)
    assert went[:, 2].max() < 1.6, "the new lane ends at 3 m, the car is 2 m wide"


@MODELS
@pytest.mark.parametrize("shape", ["sinusoidal", "cubic", "linear"])
def test_a_lane_change_of_the_scenario_is_kept_to(motion: Model, shape: str) -> None:
    story = event(1.0, change(1, shape, 4.0), "car")
    plan = one(20.0, 9.0, "default", story=story)
    went = one(20.0, 9.0, motion, story=story)
    off = np.abs(went[:, 2] - plan[:, 2])
    assert off.max() < (0.45 if motion == "dynamic" else 0.3)
    assert off[-1] < 0.03
    assert went[:, 2].max() + 1.0 < 3.0, "its own width is 2 m, the lane's edge at 3 m"


@MODELS
def test_who_brakes_as_the_scenario_says_stands_where_it_says(motion: Model) -> None:
    story = event(1.0, speed(0.0), "car")
    plan, went = one(20.0, 12.0, "default", story=story), one(20.0, 12.0, motion, story=story)
    assert went[-1, 1] == pytest.approx(plan[-1, 1], abs=0.06)
    assert went[-1, 4] == 0.0
    assert np.diff(went[:, 4]).min() / STEP_S == pytest.approx(-3.0, abs=0.7)


@MODELS
def test_no_car_brakes_harder_than_it_can(motion: Model) -> None:
    went = one(20.0, 6.0, motion, story=event(1.0, speed(0.0, "step", 0.0), "car"))
    assert np.diff(went[:, 4]).min() / STEP_S == pytest.approx(-BRAKES, abs=1e-6)
    assert went[-1, 1] - 40.0 == pytest.approx(20.0**2 / (2.0 * BRAKES), abs=0.1)


@MODELS
def test_what_a_car_cannot_brake_off_it_hits(motion: Model) -> None:
    # the plan stands at once; the car needs 20 m and has 10 m to the wall: v^2 = 400 - 2 * 10 * 10
    went_to, ahead, behind = 40.0, 1.4 + 2.5, 2.5 - 1.4
    init = [
        placed("car", lane("1", -1, 20.0), 20.0),
        placed("wall", lane("1", -1, went_to + 10.0 + ahead + behind)),
    ]
    stops = event(1.0, speed(0.0, "step", 0.0), "car")
    scenario = written([entity("car"), entity("wall")], init, STRAIGHT, 4.0, story=stops)
    compiled = scenario.compile()
    assert len(compiled.run().contacts) == 0
    result = compiled.run(motion=motion)
    assert result.motion == motion
    (hit,) = result.contacts
    assert hit["impact_speed_mps"] == pytest.approx(math.sqrt(200.0), abs=0.1)


def bends() -> str:
    """Return a half circle to the left and then one to the right."""
    half = math.pi * RADIUS
    left, right = (f'<arc curvature="{sign / RADIUS}"/>' for sign in (1, -1))
    ahead = '<successor elementType="road" elementId="2" contactPoint="start"/>'
    back = '<predecessor elementType="road" elementId="1" contactPoint="end"/>'
    return network(
        road(1, f"0 0 0 {left}", half, ahead),
        road(2, f"0 {2 * RADIUS} {math.pi} {right}", half, back),
    )


def off_lane(went: np.ndarray) -> np.ndarray:
    """Return how far a car is off the middle of the right lane of `bends` [m]."""
    second = went[:, 1] < 0.0
    assert 0 < second.sum() < len(second)
    outside = np.hypot(went[:, 1], went[:, 2] - RADIUS) - RADIUS - 1.5
    inside = np.hypot(went[:, 1], went[:, 2] - 3 * RADIUS) - RADIUS + 1.5
    found: np.ndarray = np.where(second, inside, outside)
    return found


@MODELS
def test_ahead_of_its_plan_a_car_keeps_to_the_lane_from_road_to_road(motion: Model) -> None:
    story = event(1.0, speed(0.0, "step", 0.0), "car")
    went = one(15.0, 5.0, motion, roads=bends(), story=story, s=math.pi * RADIUS - 20.0)
    gone = np.hypot(*np.diff(went[:, 1:3], axis=0).T).sum()
    assert gone == pytest.approx(15.0 + 15.0**2 / (2.0 * BRAKES), abs=0.1)
    assert np.abs(off_lane(went)).max() < 0.25


@MODELS
def test_far_behind_its_plan_a_car_drives_where_that_came_along(motion: Model) -> None:
    slow = CAR.format("").replace('maxAcceleration="200"', 'maxAcceleration="2"')
    init = [placed("car", lane("1", -1, math.pi * RADIUS - 40.0), 6.0)]
    story = event(1.0, speed(16.0, "step", 0.0), "car")
    plan, went = (
        play([entity("car", slow)], init, bends(), 20.0, story=story, motion=one)["car"]
        for one in ("default", motion)
    )
    behind = np.hypot(*(plan - went)[:, 1:3].T)
    assert behind.max() > 20.0, "5 s at 2 m/s2 are 25 m less than at 16 m/s"
    assert behind[-1] < 2.0
    assert np.diff(went[:, 4]).max() / STEP_S == pytest.approx(2.0, abs=1e-6)
    assert np.abs(off_lane(went)).max() < (1.0 if motion == "dynamic" else 0.25)


def test_models_give_the_same_bits_on_any_number_of_threads() -> None:
    story = event(1.0, change(1, "sinusoidal", 3.0), "car")
    walls = [placed("wall", lane("1", 1, 100.0))]
    files = circling(story, entity("wall"), walls[0])
    compiled = Scenario.read("s.xosc", open_file=files).compile()
    speeds = {"v": np.linspace(6.0, 22.0, 150)}
    for motion in ("kinematic", "dynamic"):
        first, *others = (
            compiled.run(parameters=speeds, motion=motion, threads=threads) for threads in (1, 2, 3)
        )
        assert len(first.contacts) == 150, "all drive into what stands in the left lane"
        assert len(np.unique(first.contacts["time_s"])) == 150
        for other in others:
            assert other.contacts.tobytes() == first.contacts.tobytes()


def test_a_motion_that_there_is_none_of_is_refused() -> None:
    compiled = Scenario.read("s.xosc", open_file=circling()).compile()
    with pytest.raises(InvalidInputError, match="default, kinematic or dynamic"):
        compiled.run(motion="flying")
