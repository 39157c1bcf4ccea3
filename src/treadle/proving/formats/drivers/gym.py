"""A Gymnasium vector environment: one vehicle of a scenario, in many variants at once.

Observation: (n_envs, n_signals) float32, those numbers of drivers/signals.py that are asked for, in
SI units. Action: (n_envs, 1) float32, the acceleration [m/s2]; with `steers` (n_envs, 2), and the
curvature of the way to go [1/m]. An episode is a run of a variant, drawn by the environment's own
random numbers: it terminates where the vehicle touches something, and is truncated where the
scenario ends, the time limit is reached, or it could not go on; then the observation is that of the
period before. The step after that begins the next episode (AutoresetMode.NEXT_STEP), whatever the
action.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from treadle.engine.scenario.state import BY_FAILURE
from treadle.kernel import InvalidInputError, RefusedError
from treadle.proving.formats.drivers.signals import SIGNALS, signals
from treadle.proving.formats.extras import needed
from treadle.proving.formats.scenarios import Scenario
from treadle.proving.rules.driver import Driver
from treadle.proving.rules.limits import EGO, STEP_S, TIME_LIMIT_S

needed("gymnasium", "gym", "the vector environment")
from gymnasium.spaces import Box  # noqa: E402 - the line above says what is missing
from gymnasium.vector import AutoresetMode, VectorEnv  # noqa: E402 - likewise
from gymnasium.vector.utils import batch_space  # noqa: E402 - likewise

OBSERVED = (
    "own_speed",
    "own_acceleration",
    "lane_offset",
    "lane_heading",
    "curvature",
    "set_speed",
    *(
        f"{who}_{what}"
        for who in ("lead", "left_lead", "right_lead", "follower")
        for what in ("present", "gap", "closing_speed", "lateral_distance", "lateral_speed")
    ),
)
"""What is observed where nothing else is said."""
MOST_ACCELERATION, MOST_CURVATURE = 10.0, 0.2
"""The ends of the action space [m/s2], [1/m]; the vehicle's own limits hold besides."""
_TRIES = 100  # of a variant that is over before it begins
_FAULT = 10.0  # what a collision costs

Reward = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def keeps_speed(own: np.ndarray, others: np.ndarray, touched: np.ndarray) -> np.ndarray:
    """Return 1 for each second at the set speed, less as the speed is another, -10 for a touch.

    Parameters
    ----------
    own : (n,) engine.driving.tables.OWN
    others : (n, n_entities) OTHER
    touched : (n,) bool

    Returns
    -------
    reward : (n,)
    """
    del others
    off = np.abs(own["speed"] - own["set_speed"]) / np.maximum(1.0, own["set_speed"])
    reward: np.ndarray = own["period"] * (1.0 - off) - _FAULT * touched
    return reward


class TrafficEnv(VectorEnv[np.ndarray, np.ndarray, np.ndarray]):
    """Variants of a scenario to learn in; see the module for spaces and episodes."""

    metadata: dict[str, Any] = {"autoreset_mode": AutoresetMode.NEXT_STEP}  # noqa: RUF012 - as gymnasium has it

    def __init__(
        self,
        scenario: Scenario | str,
        num_envs: int = 64,
        *,
        entity: str = EGO,
        variants: Sequence[int] | None = None,
        observed: Sequence[str] = OBSERVED,
        steers: bool = False,
        reward: Reward = keeps_speed,
        period_s: float = 0.1,
        step_s: float = STEP_S,
        time_limit_s: float = TIME_LIMIT_S,
        threads: int | None = None,
    ) -> None:
        """Make it.

        Parameters
        ----------
        scenario
            Or the path of one, or of a variation.
        variants : (n,)
            Which ones are drawn from; None: all within the authors' constraints.
        observed
            Names of signals.
        period_s [s]
            How long an action holds.

        Raises
        ------
        InvalidInputError
            A signal is not known, or the scenario cannot be run as written.
        """
        if unknown := [name for name in observed if name not in SIGNALS]:
            text = f"there is no signal {unknown[0]!r}; name some of {', '.join(SIGNALS)}"
            raise InvalidInputError(text)
        if num_envs < 1:
            text = f"{num_envs} environments are none; give 1 or more"
            raise InvalidInputError(text)
        read = Scenario.read(scenario) if isinstance(scenario, str) else scenario
        driver = Driver(name="TrafficEnv", version="1", entity=entity, period_s=period_s)
        compiled = read.compile(drivers=[driver])
        self._rooms = compiled.sides(
            variants, num_envs, step_s=step_s, time_limit_s=time_limit_s, threads=threads
        )
        self._sizes = np.array([len(rows) for _, rows, _ in self._rooms])
        if not self._sizes.sum():
            text = f"{read.name} has no variant that can run"
            raise RefusedError(text)
        self.num_envs = num_envs
        self._observed, self._reward, self._steers = tuple(observed), reward, steers
        most = [MOST_ACCELERATION, MOST_CURVATURE][: 2 if steers else 1]
        high = np.array(most, np.float32)
        self.single_action_space = Box(-high, high, dtype=np.float32)
        self.single_observation_space = Box(-np.inf, np.inf, (len(observed),), np.float32)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self._room = np.zeros(num_envs, np.int64)  # which one each environment is in
        self._variants = np.full(num_envs, -1, np.int64)
        self._is_over = np.ones(num_envs, bool)
        self._observation = np.zeros((num_envs, len(observed)), np.float32)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Begin an episode in every environment."""
        super().reset(seed=seed, options=options)
        for side, _, _ in self._rooms:
            side.lanes.rows[:] = -1
        everyone = np.ones(self.num_envs, bool)
        self._begin(everyone)
        return self._observation.copy(), self._told(everyone)

    def step(
        self, actions: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Do what is said for a period, or begin the next episode where one is over.

        Raises
        ------
        InvalidInputError
            Actions are of another shape, or no numbers.
        """
        given = np.asarray(actions, np.float64)
        shape = self.action_space.shape
        if given.shape != shape or not np.isfinite(given).all():
            text = f"actions are to be {shape} numbers; these are {given.shape}, or not finite"
            raise InvalidInputError(text)
        over = self._is_over.copy()
        going = ~over
        reward = np.zeros(self.num_envs)
        terminated, truncated = np.zeros(self.num_envs, bool), np.zeros(self.num_envs, bool)
        for number, (side, _, _) in enumerate(self._rooms):
            here = np.flatnonzero(going & (self._room == number))
            if not len(here):
                continue
            side.commands["acceleration"][here] = given[here, 0]
            if self._steers:
                side.commands["steers"][here] = 1
                side.commands["curvature"][here] = given[here, 1]
            rows = side.lanes.rows[here]
            side.lanes.is_new[:] = 0
            side.turn()
            side.forget()
            touched = side.has_touched(here)
            reward[here] = self._reward(side.own[here], side.others[here], touched)
            terminated[here] = touched
            ended = side.lanes.rows[here] < 0
            truncated[here] = ended & ~touched
            side.lanes.rows[here[touched]] = -1
            self._see(side, here)
            failed = ended & (side.ends[rows, 0] == BY_FAILURE)
            truncated[here[failed]], terminated[here[failed]] = True, False
        self._is_over = terminated | truncated
        if over.any():
            self._begin(over)
        return self._observation.copy(), reward, terminated, truncated, self._told(over)

    def close_extras(self) -> None:
        """Let go of the threads."""
        for side, _, _ in self._rooms:
            side.close()

    def _begin(self, which: np.ndarray) -> None:
        """Begin an episode in some environments; what is over at once is drawn again."""
        for _ in range(_TRIES):
            waiting = np.flatnonzero(which)
            drawn = self.np_random.integers(self._sizes.sum(), size=len(waiting))
            rooms = np.searchsorted(self._sizes.cumsum(), drawn, side="right")
            self._room[waiting] = rooms
            at = drawn - (self._sizes.cumsum() - self._sizes)[rooms]
            which = which.copy()
            for number, (side, rows, variants) in enumerate(self._rooms):
                here = rooms == number
                if not here.any():
                    continue
                fresh = waiting[here]
                asleep = side.lanes.rows.copy()
                side.lanes.rows[:], side.lanes.is_new[:] = -1, 0
                for lane, row in zip(fresh, rows[at[here]], strict=True):
                    side.put(int(lane), int(row))
                side.turn()
                goes = side.lanes.rows[fresh] >= 0
                asleep[fresh] = side.lanes.rows[fresh]
                side.lanes.rows[:] = asleep
                self._variants[fresh] = variants[at[here]]
                which[fresh[goes]] = False
                self._is_over[fresh[goes]] = False
                self._see(side, fresh[goes])
            if not which.any():
                return
        text = f"{_TRIES} variants that were drawn were over before they began; choose others"
        raise RefusedError(text)

    def _see(self, side: Any, here: np.ndarray) -> None:
        found = signals(side.own[here], side.others[here], self._observed)
        self._observation[here] = found

    def _told(self, begun: np.ndarray) -> dict[str, Any]:
        """Return the variants, told where an episode began."""
        return {"variant": self._variants.copy(), "_variant": begun.copy()}
