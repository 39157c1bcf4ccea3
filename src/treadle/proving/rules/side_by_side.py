"""Runs side by side, for drivers from outside: one call a turn for all that run.

What a driver does wrong ends the runs that it was asked about, which are then INCONCLUSIVE with the
reason; the rest goes on. The variant of a lane does not know of those beside it, so what comes of
it does not depend on how many lanes there are, as far as the driver keeps them apart.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import monotonic

import numpy as np

from treadle.engine.driving.tables import COMMAND, OTHER, OWN
from treadle.engine.measuring.tables import accumulators
from treadle.engine.scenario.results import CONTACT_OF, ENDS, LOG_OF, Lanes, no_batch
from treadle.engine.scenario.state import (
    BODY,
    BY_FAILURE,
    BY_TIME,
    DRIVER_FAILED,
    LOGGED,
    NOT_RUN,
    STEP_NOW,
    TOUCHED,
    State,
    new_state,
)
from treadle.engine.scenario.tables import Program
from treadle.proving.rules.asking import MOST_HANGS, Asked, DriverError
from treadle.proving.rules.driver import Driver
from treadle.proving.rules.lowering.slots import Values
from treadle.proving.rules.simulating import Options, Ran

LANES = 1024
"""Variants that run side by side at most."""
_FEW = 64
"""So few runs take a turn sooner than threads are told of it."""
_ALONE = 2  # cuts: one thread
_SHOWN = ("x", "y", "z", "h", "speed")


def run_side_by_side(
    program: Program,
    values: Values,
    which: tuple[np.ndarray, np.ndarray],
    options: Options,
    driver: Driver,
    *,
    roads: Callable[[], object] | None = None,
) -> Ran:
    """Run rows of a group's values, with a driver that is asked from Python.

    `which` are the rows, and the seeds of all variants of the group; `roads` gives the network to
    drivers that want it.
    Trajectories are kept as `options.keep` says, with a row each time the driver is asked.
    """
    rows, _ = which
    side = Side(program, values, which, options, min(driver.lanes or LANES, LANES, len(rows)))
    asked = Asked(driver, options.patience_s, roads)
    try:
        while side.seat() and not (options.cancelled and options.cancelled()):
            side.turn()
            since = monotonic()
            try:
                side.ask(asked)
            except DriverError as error:
                side.give_up(side.running(), f"{driver.name}: {error}")
                if asked.hangs >= MOST_HANGS:
                    why = f"{driver.name}: it hung {asked.hangs} times in a row; not asked again"
                    side.give_up_waiting(why)
            for lane in side.impatient(monotonic() - since):
                text = f"{driver.name}: its answers took more than {options.run_patience_s:g} s"
                side.give_up(np.array([lane]), f"{text} in this run")
            for lane, why in asked.faults().items():
                side.give_up(np.array([lane]), f"{driver.name}: {why}")
            if options.progress:
                options.progress(side.n_done, len(rows))
    finally:
        asked.close()
        side.close()
    return side.ran()


class Side:
    """The lanes, and what came of the variants that are through.

    Attributes
    ----------
    own : (n_lanes,) OWN
    others : (n_lanes, n_entities) OTHER
    commands : (n_lanes,) COMMAND
    bodies : (n_lanes, n_entities) BODY
        What drivers see, what they said last, and what is so.
    lanes
        Which variant each runs.
    ends : (n_variants, ENDS)
        How those ended that are through.
    """

    def __init__(
        self,
        program: Program,
        values: Values,
        which: tuple[np.ndarray, np.ndarray],
        options: Options,
        lanes: int,
    ) -> None:
        from treadle.engine.scenario.preparing import prepare_lanes  # noqa: PLC0415 - numba

        self._turn = prepare_lanes(program, options.compiling)
        self._program, self._values, self._options = program, values, options
        rows, seeds = which
        self._waiting = rows.astype(np.int64)
        self._next, self.n_done = 0, 0
        self._waited_s = np.zeros(lanes)
        n, m = lanes, max(1, len(program.entities))
        self.own, self.others = np.zeros(n, OWN), np.zeros((n, m), OTHER)
        self.commands, self.bodies = np.zeros(n, COMMAND), np.zeros((n, m), BODY)
        self._states = [self._state(lane) for lane in range(n)]
        self.ends = np.zeros((len(values.columns), ENDS), np.int32)
        self.ends[:, 0] = NOT_RUN
        self._measures = accumulators(len(values.columns))
        self._faults: dict[int, str] = {}
        self._contacts: list[np.ndarray] = []
        self._logs: list[np.ndarray] = []
        self._kept: dict[int, list[np.ndarray]] = {}
        batch = replace(
            no_batch(),
            base=values.base,
            varying=values.varying,
            columns=values.columns,
            seeds=seeds,
            ends=self.ends,
            measures=self._measures,
        )
        self.lanes = Lanes(
            batch=batch,
            states=np.array([state.index.ctypes.data for state in self._states], np.int64),
            rows=np.full(n, -1, np.int64),
            is_new=np.zeros(n, np.int32),
        )
        threads = max(1, min(options.threads or os.cpu_count() or 1, n))
        self._cuts = [n * k // threads for k in range(threads + 1)]
        self._pool = ThreadPoolExecutor(threads)

    def _state(self, lane: int) -> State:
        """Return a lane's state, whose rows of what is seen and said are those of all lanes."""
        return replace(
            new_state(self._program, len(self._values.base)),
            own=self.own[lane : lane + 1],
            others=self.others[lane],
            commands=self.commands[lane : lane + 1],
            bodies=self.bodies[lane],
        )

    def seat(self) -> bool:
        """Give free lanes the next variants; return whether any lane runs."""
        rows, is_new = self.lanes.rows, self.lanes.is_new
        is_new[:] = 0
        free = np.flatnonzero(rows < 0)[: len(self._waiting) - self._next]
        rows[free] = self._waiting[self._next : self._next + len(free)]
        self.own["row"][free] = rows[free]
        is_new[free] = 1
        self._next += len(free)
        return bool((rows >= 0).any())

    def put(self, lane: int, row: int) -> None:
        """Let the variant of a row begin in a lane with the next turn."""
        self.lanes.rows[lane] = self.own["row"][lane] = row
        self.lanes.is_new[lane] = 1

    def turn(self) -> None:
        """Take all lanes to where their drivers are asked; note those that are through."""
        rows = self.lanes.rows
        before = rows.copy()
        if len(self._cuts) == _ALONE or np.count_nonzero(rows >= 0) < _FEW:
            self._turn_some(0, len(rows))
        else:
            list(self._pool.map(self._turn_some, self._cuts[:-1], self._cuts[1:]))
        options = self._options
        if options.keep != "none":
            for lane in np.flatnonzero(before >= 0):
                self._kept.setdefault(int(before[lane]), []).append(self._show(int(lane)))
        for lane in np.flatnonzero((before >= 0) & (rows < 0)):
            self._note(int(lane), int(before[lane]))

    def _turn_some(self, first: int, last: int) -> None:
        step_s, n_steps = self._options.step_s, self._options.n_steps
        self._turn(self._program, self._states[0], self.lanes, first, last, step_s, n_steps)

    def _show(self, lane: int) -> np.ndarray:
        bodies = self.bodies[lane]
        there = (bodies["is_there"] != 0) & (bodies["is_placed"] != 0)
        made = (bodies[name] for name in ("traffic", "serial", "template"))
        return np.stack([*(bodies[name] for name in _SHOWN), there, *made], axis=-1)

    def _note(self, lane: int, row: int) -> None:
        """Take down what happened in the run of a lane that is through."""
        state = self._states[lane]
        self.n_done += 1
        touched = min(int(state.clock[TOUCHED]), len(state.contacts))
        logged = min(int(state.clock[LOGGED]), len(state.log))
        self._contacts.append(_of(row, state.contacts[:touched], CONTACT_OF))
        self._logs.append(_of(row, state.log[:logged], LOG_OF))
        ended_well = self.ends[row, 0] not in (BY_TIME, BY_FAILURE) and not touched
        if self._options.keep == "failing" and ended_well:
            del self._kept[row]

    def ask(self, asked: Asked) -> None:
        """Ask the driver for all lanes that run."""
        lanes = self.running()
        begun = lanes[self.lanes.is_new[lanes] != 0]
        if len(begun):
            asked.begin(begun)
        if len(lanes):
            world = (self.bodies, int(self._program.drivers[0]["entity"]))
            asked.drive((self.own, self.others), world, lanes, self.commands)

    def impatient(self, waited_s: float) -> np.ndarray:
        """Return the lanes that have waited too long for their driver, this time included."""
        lanes = self.running()
        self._waited_s[self.lanes.is_new != 0] = 0.0
        self._waited_s[lanes] += waited_s
        late: np.ndarray = lanes[self._waited_s[lanes] > self._options.run_patience_s]
        return late

    def give_up_waiting(self, why: str) -> None:
        """Begin none of the runs that wait."""
        for row in map(int, self._waiting[self._next :]):
            self.ends[row] = BY_FAILURE, 0, DRIVER_FAILED, 0, self.bodies.shape[1]
            self._faults[row] = why
            self.n_done += 1
        self._next = len(self._waiting)

    def running(self) -> np.ndarray:
        """Return the lanes whose runs are under way."""
        return np.flatnonzero(self.lanes.rows >= 0)

    def give_up(self, lanes: np.ndarray, why: str) -> None:
        """End the runs of lanes, as far as they are under way: their driver failed."""
        for lane in lanes[self.lanes.rows[lanes] >= 0]:
            row = int(self.lanes.rows[lane])
            step = int(self._states[lane].clock[STEP_NOW])
            self.ends[row] = BY_FAILURE, step, DRIVER_FAILED, 0, len(self.bodies[lane])
            self._faults[row] = why
            self._note(int(lane), row)
            self.lanes.rows[lane] = -1

    def has_touched(self, lanes: np.ndarray) -> np.ndarray:
        """Return whether the first driver's vehicle ever touched another: (n,) of lanes."""
        me = int(self._program.drivers[0]["entity"])
        found: np.ndarray = self.bodies["touched"][lanes, me] > 0
        return found

    def forget(self) -> None:
        """Forget what happened in runs that are through."""
        self._contacts.clear()
        self._logs.clear()

    def close(self) -> None:
        """Let go of the threads."""
        self._pool.shutdown()

    def ran(self) -> Ran:
        """Return what came of it, in the order of the rows."""
        contacts = np.concatenate([np.zeros(0, CONTACT_OF), *self._contacts])
        logs = np.concatenate([np.zeros(0, LOG_OF), *self._logs])
        return Ran(
            ends=self.ends[self._waiting],
            measures=self._measures[self._waiting],
            contacts=contacts[np.argsort(contacts["variant"], kind="stable")],
            logs=logs[np.argsort(logs["variant"], kind="stable")],
            faults=self._faults,
            samples={row: np.stack(shown) for row, shown in self._kept.items()},
        )


def _of(row: int, told: np.ndarray, kind: np.dtype[np.void]) -> np.ndarray:
    made = np.zeros(len(told), kind)
    made["variant"] = row
    for name in told.dtype.names or ():
        made[name] = told[name]
    return made
