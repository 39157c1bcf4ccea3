"""What drivers under test see, against geometry worked out by hand; and that they are obeyed."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from proving.scenarios import small
from proving.scenarios.coming import Coming, sink, source, traffic
from proving.scenarios.written import lane
from treadle.engine.driving.tables import OTHER, OWN
from treadle.engine.scenario.routines import GUEST
from treadle.kernel import InvalidInputError
from treadle.proving.formats.compiled import Motion
from treadle.proving.formats.openscenario.files import FromContents
from treadle.proving.formats.scenarios import Scenario
from treadle.proving.rules.driver import Driver
from treadle.proving.rules.result import ENDINGS, Result

STRAIGHT = small.network(small.road(1, "0 0 0 <line/>", 400))
LEFT_BEND = small.network(small.road(1, '0 0 0 <arc curvature="0.01"/>', 400))
ACTIVATE = """<PrivateAction><ControllerAction><ActivateControllerAction longitudinal="true"
  lateral="true"/></ControllerAction></PrivateAction>"""
Answer = Callable[[np.ndarray, np.ndarray], Any]


class Noting:
    """A driver that notes what it sees of the first lane."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.own: list[np.ndarray] = []
        self.others: list[np.ndarray] = []

    def begin(self, lanes: np.ndarray) -> None:
        pass

    def drive(self, own: np.ndarray, others: np.ndarray, lanes: np.ndarray) -> Any:
        assert len(lanes)
        self.own.append(own[0].copy())
        self.others.append(others[0].copy())
        return self.answer(own, others)

    def close(self) -> None:
        pass


def keep_speed(own: np.ndarray, others: np.ndarray) -> np.ndarray:
    return np.zeros(len(own))


def driven(
    scenario: Scenario, answer: Answer = keep_speed, period_s: float = 0.0
) -> tuple[Noting, Result]:
    noting = Noting(answer)
    driver = Driver(name="noting", version="1", period_s=period_s, batched=lambda: noting)
    return noting, scenario.compile(drivers=[driver]).run(trajectories="all", time_limit_s=20.0)


def two_cars(roads: str, ego: str, other: str, speeds: tuple[float, float]) -> Scenario:
    scenario: Scenario = small.written(
        [small.entity("Ego"), small.entity("Other")],
        [small.placed("Ego", ego, speeds[0]), small.placed("Other", other, speeds[1])],
        roads,
        1.0,
    )
    return scenario


def test_a_car_ahead_in_the_own_lane_is_as_far_as_the_outlines_are_apart() -> None:
    scenario = two_cars(STRAIGHT, small.lane("1", -1, 10), small.lane("1", -1, 60), (20.0, 15.0))
    noting, _ = driven(scenario)
    own, seen = noting.own[0], noting.others[0][1]
    assert [float(own[one]) for one in ("speed", "lane_width", "set_speed")] == [20.0, 3.0, 20.0]
    assert noting.others[0][0]["is_there"] == 0
    assert seen["dx"] == pytest.approx(50.0)
    assert seen["gap_x"] == pytest.approx(45.0)  # cars of 5 m
    assert seen["gap_y"] == pytest.approx(-2.0)  # one behind the other: 2 m wide both
    assert (seen["lane"], seen["speed"], seen["lateral_speed"]) == (0, 15.0, 0.0)
    last = noting.others[-1][1]
    assert last["gap_x"] == pytest.approx(45.0 - 5.0 * noting.own[-1]["time"])


def test_oncoming_traffic_is_in_the_lane_to_the_left_and_comes_closer() -> None:
    position = small.lane("1", 1, 60)
    scenario = two_cars(STRAIGHT, small.lane("1", -1, 10), position, (20.0, 15.0))
    noting, _ = driven(scenario)
    seen = noting.others[0][1]
    if abs(seen["heading"]) < 1.0:  # the standard leaves it looking along the road
        assert seen["speed"] == pytest.approx(15.0)
        assert seen["dx"] == pytest.approx(50.0)
    else:
        assert seen["speed"] == pytest.approx(-15.0)
        assert seen["dx"] == pytest.approx(50.0 - 2 * 1.4)
    assert seen["dy"] == pytest.approx(3.0)
    assert seen["lane"] == 1


def test_a_bend_is_straight_in_the_frame_of_the_lane() -> None:
    scenario = two_cars(LEFT_BEND, small.lane("1", -1, 20), small.lane("1", -1, 60), (10.0, 10.0))
    noting, _ = driven(scenario)
    seen, own = noting.others[0][1], noting.own[0]
    assert own["curvature"] == pytest.approx(1.0 / 101.5)
    assert seen["dx"] == pytest.approx(40.0 * 1.015, rel=1e-3)
    assert seen["dy"] == pytest.approx(0.0, abs=0.02)  # box centres lie ahead of the rear axles
    assert noting.others[50][1]["speed"] == pytest.approx(10.0, rel=2e-3)
    # the lane turns by 0.014 rad from the rear axle to the box, whose own way is along it
    assert noting.others[50][1]["lateral_speed"] == pytest.approx(0.0, abs=0.006)
    assert noting.others[50][1]["lateral_acceleration"] == pytest.approx(0.0, abs=1e-6)


def test_a_row_that_another_vehicle_of_traffic_takes_has_another_serial() -> None:
    told = source(lane(-1, 100), 'radius="0" rate="0.5" velocity="20"')
    gone = traffic(sink(lane(-1, 200), 'radius="5"'), "S")
    noting = Noting(keep_speed)
    driver = Driver(name="noting", version="1", batched=lambda: noting)
    files = FromContents(Coming(traffic(told), gone, until_s=20.0).files)
    Scenario.read("s.xosc", open_file=files).compile(drivers=[driver]).run(time_limit_s=20.0)
    seen = np.array(noting.others)[:, 1:]
    taken = [np.unique(row["serial"][row["is_there"] == 1]) for row in seen.T]
    assert max(len(one) for one in taken) >= 3
    of_all = np.concatenate(taken)
    assert len(of_all) == len(set(of_all.tolist()))  # each in one row only
    assert 0 not in of_all
    assert (seen["entity"] == np.arange(1, seen.shape[1] + 1)).all()


def test_a_bend_goes_on_where_the_other_is_on_the_next_road() -> None:
    link = '<successor elementType="road" elementId="2" contactPoint="start"/>'
    back = '<predecessor elementType="road" elementId="1" contactPoint="end"/>'
    x, y = 100.0 * math.sin(0.5), 100.0 * (1.0 - math.cos(0.5))
    roads = small.network(
        small.road(1, '0 0 0 <arc curvature="0.01"/>', 50, link),
        small.road(2, f'{x} {y} 0.5 <arc curvature="0.01"/>', 100, back),
    )
    scenario = two_cars(roads, small.lane("1", -1, 30), small.lane("2", -1, 30), (10.0, 10.0))
    noting, _ = driven(scenario)
    seen = noting.others[0][1]
    assert seen["dx"] == pytest.approx(50.0 * 1.015, rel=5e-3)
    assert seen["dy"] == pytest.approx(0.0, abs=0.05)
    assert seen["lane"] == 0


def test_the_speed_is_what_the_acceleration_makes_of_it_and_never_negative() -> None:
    scenario = two_cars(STRAIGHT, small.lane("1", -1, 10), small.lane("1", 1, 60), (3.0, 0.0))
    _, result = driven(scenario, lambda own, _: np.full(len(own), -4.0))
    ego = result.samples[result.samples["entity"] == 0]
    at = ego["time_s"]
    np.testing.assert_allclose(ego["speed_mps"], np.maximum(0.0, 3.0 - 4.0 * at), atol=1e-9)
    stopped = ego["x_m"][-1] - 10.0
    assert stopped == pytest.approx(3.0**2 / (2 * 4.0), abs=3.0 * 0.01)


def test_a_driver_that_steers_goes_round_the_circle_of_its_curvature() -> None:
    scenario = two_cars(STRAIGHT, small.lane("1", -1, 10), small.lane("1", -1, 200), (10.0, 0.0))
    _, result = driven(scenario, lambda own, _: (np.zeros(len(own)), np.full(len(own), 0.02)))
    ego = result.samples[result.samples["entity"] == 0][-1]
    angle = 10.0 * 1.0 / 50.0
    assert ego["x_m"] == pytest.approx(10.0 + 50.0 * math.sin(angle), abs=1e-9)
    assert ego["y_m"] == pytest.approx(-1.5 + 50.0 * (1.0 - math.cos(angle)), abs=1e-9)
    assert ego["heading_rad"] == pytest.approx(angle, abs=1e-9)


@pytest.mark.parametrize("motion", ["kinematic", "dynamic"])
def test_a_driver_that_steers_turns_the_wheels_of_a_modelled_vehicle(motion: Motion) -> None:
    """Both models come to the steady circle of the curvature; wheels need 0.15 s to get there."""
    scenario = two_cars(STRAIGHT, small.lane("1", -1, 10), small.lane("1", -1, 200), (10.0, 0.0))
    noting = Noting(lambda own, _: (np.full(len(own), 1.0), np.full(len(own), 0.02)))
    driver = Driver(name="noting", version="1", batched=lambda: noting)
    result = scenario.compile(drivers=[driver]).run(
        trajectories="all", time_limit_s=20.0, motion=motion
    )
    assert result.outcomes[0] == "COMPLETED", result.reasons[0]
    ego = result.samples[result.samples["entity"] == 0]
    np.testing.assert_allclose(ego["speed_mps"], 10.0 + ego["time_s"], atol=1e-9)
    turning = np.gradient(ego["heading_rad"], ego["time_s"]) / ego["speed_mps"]
    assert turning[60:-1] == pytest.approx(np.full(len(turning) - 61, 0.02), rel=0.02)
    assert turning[0] < 0.01  # an ideal point would turn at once
    way = np.hypot(np.diff(ego["x_m"]), np.diff(ego["y_m"])).sum()
    assert way == pytest.approx(10.5, abs=0.02)


def test_what_was_said_holds_until_the_driver_is_asked_again() -> None:
    scenario = two_cars(STRAIGHT, small.lane("1", -1, 10), small.lane("1", -1, 200), (10.0, 0.0))
    noting, _ = driven(scenario, period_s=0.25)
    assert [float(own["time"]) for own in noting.own] == pytest.approx([0.0, 0.25, 0.5, 0.75])
    assert noting.own[0]["period"] == pytest.approx(0.25)


def test_a_driver_waits_for_the_activation_that_the_scenario_has() -> None:
    controller = """<ObjectController><Controller name="its"><Properties/></Controller>
      </ObjectController>"""
    ego = small.entity("Ego").replace("</ScenarioObject>", controller + "</ScenarioObject>")
    scenario = small.written(
        [ego],
        [small.placed("Ego", small.lane("1", -1, 10), 10.0)],
        STRAIGHT,
        1.0,
        story=small.event(
            0.5, ACTIVATE.replace("<PrivateAction>", "").replace("</PrivateAction>", ""), "Ego"
        ),
    )
    _, result = driven(scenario, lambda own, _: np.full(len(own), -2.0))
    assert result.outcomes[0] == "COMPLETED"  # the manifest has nothing that is left out
    ego_rows = result.samples
    assert ego_rows["speed_mps"][40] == 10.0
    assert ego_rows["speed_mps"][-1] == pytest.approx(9.0, abs=0.03)


def test_compiled_and_batched_drivers_of_one_rule_make_the_same_run() -> None:
    scenario = two_cars(STRAIGHT, small.lane("1", -1, 10), small.lane("1", -1, 60), (20.0, 15.0))

    def slow(
        own: np.void,
        others: np.ndarray,
        settings: np.ndarray,
        memory: np.ndarray,
        command: np.void,
    ) -> None:
        for k in range(others.shape[0]):
            if others[k].is_there:
                command.acceleration = settings[0] * others[k].gap_x  # type: ignore[attr-defined] # a record's field

    compiled = Driver(
        name="slow", version="1", kind=GUEST, function=slow, settings=(("gain", -0.02),)
    )
    one = scenario.compile(drivers=[compiled]).run(trajectories="all", time_limit_s=20.0)
    _, other = driven(scenario, lambda _, others: -0.02 * others["gap_x"][:, 1])
    assert one.samples["speed_mps"][-1] < 20.0
    assert one.samples.tobytes() == other.samples.tobytes()


def test_a_run_may_end_by_standing_still_or_by_a_touch() -> None:
    def run(deceleration: float, **ends: Any) -> tuple[str, float]:
        scenario = two_cars(STRAIGHT, small.lane("1", -1, 10), small.lane("1", -1, 18), (5.0, 0.0))
        noting = Noting(lambda own, _: np.full(len(own), -deceleration))
        driver = Driver(name="n", version="1", batched=lambda: noting, **ends)
        result = scenario.compile(drivers=[driver]).run(time_limit_s=20.0)
        return ENDINGS[result.endings[0]], float(result.end_times_s[0])

    ending, at = run(10.0, standstill_s=0.3)
    assert ending == "standstill"
    assert at == pytest.approx(0.8, abs=0.011)
    ending, at = run(0.0, ends_by_contact=True)
    assert ending == "collision"
    assert at == pytest.approx(3.0 / 5.0, abs=0.011)
    assert run(0.0)[0] == "stop trigger"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda own, _: np.full(len(own), np.nan), "no number"),
        (lambda own, _: np.zeros(len(own) + 1), "answered for 2 where 1 variants"),
        (lambda *_: "faster", "answered with str"),
        (lambda *_: 1 / 0, "raised ZeroDivisionError"),
    ],
)
def test_a_driver_that_fails_makes_the_run_inconclusive(answer: Answer, why: str) -> None:
    scenario = two_cars(STRAIGHT, small.lane("1", -1, 10), small.lane("1", -1, 60), (20.0, 15.0))
    _, result = driven(scenario, answer)
    assert result.outcomes[0] == "INCONCLUSIVE"
    assert why in result.reasons[0]


def test_whom_a_driver_drives_must_be_in_the_scenario() -> None:
    scenario = two_cars(STRAIGHT, small.lane("1", -1, 10), small.lane("1", -1, 60), (20.0, 15.0))
    driver = Driver(name="d", version="1", entity="Nobody", batched=lambda: Noting(keep_speed))
    with pytest.raises(InvalidInputError, match="Nobody, who is not in this scenario"):
        scenario.compile(drivers=[driver]).run()


def test_the_rows_are_of_the_kinds_that_are_told() -> None:
    scenario = two_cars(STRAIGHT, small.lane("1", -1, 10), small.lane("1", -1, 60), (20.0, 15.0))
    noting, _ = driven(scenario)
    assert noting.own[0].dtype == OWN
    assert noting.others[0].dtype == OTHER
