"""A relative target speed moves with the entity that it refers to until it is reached."""

import numpy as np
import pytest

from proving.scenarios.small import entity, event, lane, network, placed, play, road

ROAD = network(road(1, "0 0 0 <line/>", 900.0))
STEP = 0.01


def speed(target: str, rate: float, shape: str = "linear", dimension: str = "rate") -> str:
    return f"""<LongitudinalAction><SpeedAction><SpeedActionDynamics dynamicsShape="{shape}"
      dynamicsDimension="{dimension}" value="{rate}"/><SpeedActionTarget>{target}
      </SpeedActionTarget></SpeedAction></LongitudinalAction>"""


def relative(delta: float = 0.0, *, continuous: bool = False) -> str:
    return f"""<RelativeTargetSpeed entityRef="other" value="{delta}" speedTargetValueType="delta"
      continuous="{str(continuous).lower()}"/>"""


def absolute(value: float) -> str:
    return f'<AbsoluteTargetSpeed value="{value}"/>'


def went(
    starts: tuple[float, float], ego: str, other: str, seconds: float, later: float = 0.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return times and the speeds of ego and of the other, which acts from a time on."""
    story = event(0.0, ego, "ego") + event(later, other, "other").replace('name="s"', 'name="t"')
    init = [
        placed("ego", lane("1", -1, 20.0), starts[0]),
        placed("other", lane("1", -1, 300.0), starts[1]),
    ]
    rows = play([entity("ego"), entity("other")], init, ROAD, seconds, story=story)
    return rows["ego"][:, 0], rows["ego"][:, 4], rows["other"][:, 4]


def test_an_action_ends_at_the_relative_speed_not_where_the_other_was_when_it_began() -> None:
    # 4 + 2 t = 10 + t at t = 6 s: 16 m/s, which ego keeps while the other goes on to 20 m/s
    times, ego, other = went((4.0, 10.0), speed(relative(), 2.0), speed(absolute(20.0), 1.0), 12.0)
    before = (times > 0.1) & (times < 5.9)
    assert ego[before] == pytest.approx(4.0 + 2.0 * times[before], abs=0.05)
    assert ego[times > 6.1] == pytest.approx(16.0, abs=0.05)
    assert other[-1] == pytest.approx(20.0)


@pytest.mark.parametrize(("shape", "steepest"), [("linear", 1.0), ("sinusoidal", np.pi / 2)])
def test_a_target_that_comes_towards_the_speed_makes_no_leap(shape: str, steepest: float) -> None:
    # the other falls from 12 to 5 m/s at once, when ego is above 5 m/s already
    ego = speed(relative(), 2.0, shape)
    times, ego_speed, _ = went((4.0, 12.0), ego, speed(absolute(5.0), 0.0, "step"), 9.0, later=2.5)
    assert np.abs(np.diff(ego_speed)).max() <= 2.0 * STEP * (1.0 + 1e-6)
    lasts = steepest * 8.0 / 2.0
    at = 2.5 / lasts
    done = at if shape == "linear" else 0.5 * (1.0 - np.cos(np.pi * at))
    largest = 4.0 + 8.0 * done
    assert ego_speed.max() == pytest.approx(largest, abs=0.05)
    reached = 2.5 + (largest - 5.0) / 2.0
    assert ego_speed[times > reached + 0.05] == pytest.approx(5.0, abs=1e-6)
    assert ego_speed[np.searchsorted(times, reached - 0.1)] > 5.1


def test_over_a_time_the_change_ends_then_where_the_other_is_then() -> None:
    # other: 10 + t; ego: 4 + (6 + t) t / 4, 14 m/s after 4 s
    ego = speed(relative(), 4.0, "linear", "time")
    times, ego_speed, _ = went((4.0, 10.0), ego, speed(absolute(20.0), 1.0), 8.0)
    before = (times > 0.1) & (times < 4.0)
    along = times[before]
    assert ego_speed[before] == pytest.approx(4.0 + (6.0 + along) * along / 4.0, abs=0.05)
    assert ego_speed[times > 4.1] == pytest.approx(14.0, abs=0.05)


def test_a_continuous_one_keeps_to_it() -> None:
    ego = speed(relative(-1.0, continuous=True), 2.0)
    times, ego_speed, other = went((4.0, 10.0), ego, speed(absolute(20.0), 1.0), 14.0)
    late = times > 5.1
    assert ego_speed[late] == pytest.approx(other[late] - 1.0, abs=0.05)
