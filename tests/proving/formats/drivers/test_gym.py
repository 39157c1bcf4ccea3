"""The vector environment: spaces, episodes, seeds, and gymnasium's own checks and wrappers."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proving import drives
from proving.formats.drivers.driving import driven, named, speeds_of
from treadle.kernel import InvalidInputError

gymnasium = pytest.importorskip("gymnasium", reason="the extra gym is not installed")

SIGNALS = ("own_speed", "lead_present", "lead_gap", "set_speed")
SPEED, PRESENT, GAP, SET = range(4)


def made(folder: Path, n: int = 4, file: str = "many.xosc", **changes: Any) -> Any:
    from treadle.proving import TrafficEnv  # noqa: PLC0415 - needs the extra

    drives.written(folder)
    given = {"observed": SIGNALS, "period_s": 0.01, **changes}
    return TrafficEnv(str(folder / file), n, **given)


def law(observation: np.ndarray) -> np.ndarray:
    """The law of driving.FILE, as an action."""
    told: np.ndarray = 0.05 * (observation[:, GAP] - 1.5 * observation[:, SPEED])
    return told[:, None].astype(np.float32)


def test_observations_and_actions_lie_in_their_spaces(tmp_path: Path) -> None:
    env = made(tmp_path, period_s=0.1)
    observation, infos = env.reset(seed=3)
    assert observation.shape == (4, 4)
    assert env.observation_space.contains(observation)
    # Of the 12 variants the four at 50 m/s are outside of the constraints.
    assert set(infos["variant"]) <= {0, 1, 3, 4, 6, 7, 9, 10}
    assert set(observation[:, SPEED]) <= {20.0, 35.0}
    # 50 m less half of each car; on the bend the lane of Ego is longer: 1.75 / 1000 m of its 50.
    assert set(np.round(observation[:, GAP], 3)) <= {46.0, np.float32(46.088)}
    env.action_space.seed(1)
    for _ in range(120):
        observation, reward, terminated, truncated, _ = env.step(env.action_space.sample())
        assert env.observation_space.contains(observation)
        assert reward.shape == terminated.shape == truncated.shape == (4,)
        assert (terminated.dtype, truncated.dtype) == (bool, bool)
    env.close()


def test_an_episode_is_the_run_that_a_driver_has(tmp_path: Path) -> None:
    env = made(tmp_path, 1, "drive.xosc")
    observation, _ = env.reset(seed=1)
    speeds = [float(observation[0, SPEED])]
    for _ in range(300):
        observation, *_ = env.step(law(observation))
        speeds.append(float(observation[0, SPEED]))
    env.close()
    expected = speeds_of(driven(tmp_path, named(tmp_path, "plain"), [20.0]), 0)[:301]
    np.testing.assert_allclose(speeds, expected, rtol=0.0, atol=1e-3)  # float32 on the way


def test_a_touch_terminates_and_the_end_of_the_scenario_truncates(tmp_path: Path) -> None:
    env = made(tmp_path, 8, period_s=0.1)
    _, infos = env.reset(seed=5)
    fast = infos["variant"] % 3 == 1  # 35 m/s, 15 faster than Lead, which is 46 m ahead
    assert fast.any()
    assert not fast.all()
    steps = np.zeros(8, int)
    for step in range(1, 51):
        # Action 0: after 1 s Lead brakes at 5 m/s2. 46 = 15 t + 2.5 (t - 1)^2, so t = 2.62 s.
        _, reward, terminated, truncated, _ = env.step(np.zeros((8, 1), np.float32))
        new = (terminated | truncated) & (steps == 0)
        steps[new] = step
        assert (terminated[new] == fast[new]).all()
        assert (reward[terminated] < -9.0).all()
        assert not (terminated & truncated).any()
        if step >= 27:
            break
    assert set(steps[fast]) == {27}
    assert set(steps[~fast]) == {0}
    env.close()


def test_the_next_step_begins_the_next_episode(tmp_path: Path) -> None:
    env = made(tmp_path, 3, "drive.xosc", period_s=0.1)
    env.reset(seed=1)
    brake = np.full((3, 1), -2.0, np.float32)
    for step in range(1, 60):
        observation, reward, _, truncated, infos = env.step(brake)
        if step == 50:  # the scenario ends at 5 s
            assert truncated.all()
        if step == 51:
            assert not truncated.any()
            assert (observation[:, SPEED] == 20.0).all()
            assert (reward == 0.0).all()
            assert infos["_variant"].all()
    assert env.metadata["autoreset_mode"] == gymnasium.vector.AutoresetMode.NEXT_STEP
    env.close()


def test_one_seed_gives_the_same_episodes(tmp_path: Path) -> None:
    told = []
    for seed in (7, 7, 8):
        env = made(tmp_path, 5, period_s=0.5)
        observation, infos = env.reset(seed=seed)
        rows = [observation, infos["variant"]]
        for _ in range(30):
            observation, reward, *_, infos = env.step(law(observation).clip(-10, 10))
            rows += [observation, reward, infos["variant"]]
        told.append(np.concatenate([np.ravel(row) for row in rows]))
        env.close()
    np.testing.assert_array_equal(told[0], told[1])
    assert not np.array_equal(told[0], told[2])


def test_gymnasium_finds_nothing_wrong_and_wraps_it(tmp_path: Path) -> None:
    class One(gymnasium.Env):  # type: ignore[misc,name-defined] # gymnasium is there or not
        """The first of them, for the check that there is."""

        def __init__(self) -> None:
            self._env = made(tmp_path, 1, "drive.xosc", period_s=0.1)
            self.action_space = self._env.single_action_space
            self.observation_space = self._env.single_observation_space

        def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
            super().reset(seed=seed)
            observation, _ = self._env.reset(seed=seed, options=options)
            return observation[0], {}

        def step(self, action: Any) -> Any:
            observation, reward, terminated, truncated, _ = self._env.step(action[None])
            ends = bool(terminated[0]), bool(truncated[0])
            return observation[0], float(reward[0]), *ends, {}

    checker = pytest.importorskip("gymnasium.utils.env_checker")
    with pytest.warns(UserWarning, match="WARN: ") as said:
        checker.check_env(One(), skip_render_check=True)
    advice = ("symmetric and normalized space", "value is -infinity", "value is infinity")
    assert all(any(one in str(it.message) for one in advice) for it in said)
    wrappers = gymnasium.wrappers.vector
    env = wrappers.NormalizeObservation(
        wrappers.RecordEpisodeStatistics(made(tmp_path, 3, "drive.xosc", period_s=0.1))
    )
    env.reset(seed=2)
    for _ in range(50):
        *_, infos = env.step(np.full((3, 1), -2.0, np.float32))
    assert infos["episode"]["l"].tolist() == [50, 50, 50]
    env.close()


@pytest.mark.parametrize("n", [0, -1])
def test_no_environments_are_refused(tmp_path: Path, n: int) -> None:
    with pytest.raises(InvalidInputError, match="are none; give 1 or more"):
        made(tmp_path, n)


def test_unknown_signals_and_wrong_actions_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="there is no signal 'mood'; name some of time"):
        made(tmp_path, observed=("mood",))
    env = made(tmp_path)
    env.reset()
    with pytest.raises(InvalidInputError, match=r"actions are to be \(4, 1\) numbers"):
        env.step(np.zeros(4))
    with pytest.raises(InvalidInputError, match="or not finite"):
        env.step(np.full((4, 1), np.nan))
    env.close()
