"""Runs of a lowered scenario: variants shared out to threads, rows of results gathered.

Numba's kernels hold no interpreter lock, so threads are enough. Each variant is computed by itself,
whatever thread it falls to, so the results do not depend on their number, bit for bit.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from treadle.engine.measuring.tables import accumulators
from treadle.engine.scenario.results import CONTACT_OF, ENDS, LOG_OF, SAMPLED, Batch, no_batch
from treadle.engine.scenario.state import NOT_RUN, State, new_state
from treadle.engine.scenario.tables import Program
from treadle.kernel import RefusedError
from treadle.proving.rules.driver import Driver
from treadle.proving.rules.limits import MOTIONS, PATIENCE_S, RUN_PATIENCE_S
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.slots import Values
from treadle.proving.rules.lowering.slots_of_traffic import with_slots

if TYPE_CHECKING:
    from treadle.engine.scenario.preparing import Run

CHUNK = 16
"""Variants that one thread takes at a time: few, so that none is idle for long at the end."""
_LOGS, _CONTACTS = 512, 16  # room for each variant of a chunk; more room is made where needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to run.

    Attributes
    ----------
    step_s [s]
        The step of the integration.
    time_limit_s [s]
        A run that has not ended by then is ended, and INCONCLUSIVE.
    threads
        How many; None: one a core.
    motion
        One of limits.MOTIONS.
    single_steps
        Leap over no step, also where nothing happens in it.
    same_chance
        Every variant draws by chance as number 0 does.
    drivers
        Under test.
    measures
        Whether the first driver's runs are measured.
    keep
        Which trajectories to keep of a driver that is asked from Python: none, failing, all.
    patience_s [s]
        How long such a driver may take for one answer.
    run_patience_s [s]
        How long it may take for all answers of a run.
    """

    step_s: float
    time_limit_s: float
    threads: int | None = None
    single_steps: bool = False
    motion: str = "default"
    seed: int = 0
    same_chance: bool = False
    drivers: tuple[Driver, ...] = ()
    measures: bool = True
    keep: str = "none"
    patience_s: float = PATIENCE_S
    run_patience_s: float = RUN_PATIENCE_S
    progress: Callable[[int, int], None] | None = None
    compiling: Callable[[int], None] | None = None
    cancelled: Callable[[], bool] | None = None

    @property
    def n_steps(self) -> int:
        """Steps at most."""
        return int(np.floor(self.time_limit_s / self.step_s + 1e-9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What came of rows of a group.

    Attributes
    ----------
    ends : (n_rows, 5) int32
        How it ended, at which step, why it failed, what there was not enough room for, how many
        bodies it needed (engine.scenario.results.Batch).
    contacts, logs
        Rows of engine.scenario.batch CONTACT_OF and LOG_OF, by row.
    measures : (n_rows, WIDTH)
        Of the first driver's runs (engine.measuring); None where nobody drives, or nothing is
        measured.
    faults
        What drivers did wrong, by row.
    samples
        Trajectories kept on the way, by row: (n_samples, n_bodies, 9) each.
    """

    ends: np.ndarray
    contacts: np.ndarray
    logs: np.ndarray
    measures: np.ndarray | None = None
    faults: dict[int, str] = field(default_factory=dict)
    samples: dict[int, np.ndarray] = field(default_factory=dict)


def program_of(build: Build, values: Values, options: Options) -> Program:
    """Return a structure's tables, as they are run."""
    program = replace(build.program(), motion=MOTIONS.index(options.motion))
    if not options.measures:
        program = replace(program, measuring=program.measuring[:0])
    return with_slots(program, values, options.time_limit_s)


def run_rows(
    program: Program, values: Values, rows: np.ndarray, seeds: np.ndarray, options: Options
) -> Ran:
    """Run rows of a group's values; their trajectories are not kept.

    Where `options.cancelled` says so, the rows that are not begun yet stay `not run`.
    """
    ends = np.zeros((len(values.columns), ENDS), np.int32)
    ends[:, 0] = NOT_RUN
    measured = len(program.drivers) > 0 and options.measures
    measures = accumulators(len(values.columns) if measured else 0)
    chunks = [(k, min(k + CHUNK, len(rows))) for k in range(0, len(rows), CHUNK)]
    work = _Work(program, replace(_batch(values, seeds, rows, ends), measures=measures), options)
    contacts, logs = [], []
    for told, logged in _share_out(work, chunks, options):
        contacts.append(told)
        logs.append(logged)
    return Ran(
        ends=ends[rows],
        measures=measures[rows] if len(measures) else None,
        contacts=np.concatenate(contacts) if contacts else np.zeros(0, CONTACT_OF),
        logs=np.concatenate(logs) if logs else np.zeros(0, LOG_OF),
    )


@dataclass(frozen=True, slots=True)
class Again:
    """How to run single variants of a group again, to keep their trajectories.

    Attributes
    ----------
    every
        Keep each so many steps; the last one is always kept.
    """

    program: Program
    values: Values
    seeds: np.ndarray
    step_s: float
    every: int
    drivers: tuple[Driver, ...] = ()


def run_sampled(run: Again, row: int, n_steps: int, n_bodies: int) -> np.ndarray:
    """Run one variant again and return its trajectories.

    Parameters
    ----------
    n_steps
        The step at which it ended before.
    n_bodies
        How many bodies it needed.

    Returns
    -------
    samples : (n_samples, n_bodies, 9)
        x, y, z [m], heading [rad], speed [m/s], whether it is there; of a vehicle of traffic the
        row of what made it, its number and its template.
    """
    values, every = run.values, run.every
    state = new_state(run.program, len(values.base))
    samples = np.zeros((n_steps // every + 2, SAMPLED * n_bodies))
    ends = np.zeros((len(values.columns), ENDS), np.int32)
    batch = replace(_batch(values, run.seeds, np.array([row]), ends), samples=samples)
    _prepared(run.program, run.drivers)(run.program, state, batch, 0, 1, run.step_s, n_steps, every)
    kept = n_steps // every + 1 + (1 if n_steps % every else 0)
    return samples[:kept].reshape(kept, n_bodies, SAMPLED)


def seeds_of(seed: int, variants: np.ndarray) -> np.ndarray:
    """Return the seeds of variants' random numbers, (n,) uint64: by the run's seed and number.

    SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014),
    its state the run's seed mixed once and moved on by the variant's number.
    """
    start = _mixed(np.array([seed % 2**64], np.uint64))
    found = _mixed(start + (variants.astype(np.uint64) + np.uint64(1)) * _GOLDEN)
    found[found == 0] = _GOLDEN  # the one state that xorshift never leaves
    return found


_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def _mixed(z: np.ndarray) -> np.ndarray:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: np.ndarray = z ^ (z >> np.uint64(31))
    return mixed


def warm(tell: Callable[[int], None] | None = None) -> None:
    """Compile all of the engine, unless this source of it was compiled before.

    Raises
    ------
    RefusedError
        Not all of it is on disk then; it names what is not, and what died over it.
    """
    from treadle.engine.keeping import folder  # noqa: PLC0415 - numba
    from treadle.engine.scenario.preparing import (  # noqa: PLC0415 - numba
        all_of_it,
        compile_missing,
        missing_of,
    )

    names = all_of_it()
    died = compile_missing(names, tell)
    if left := missing_of(names):
        why = f"processes died over {', '.join(died)}" if died else "the folder did not keep them"
        text = f"{len(left)} of {len(names)} functions of the engine are not compiled: {why}"
        raise RefusedError(f"{text}; free memory and disk, see {folder()}, and warm again")


def _prepared(
    program: Program,
    drivers: tuple[Driver, ...] = (),
    tell: Callable[[int], None] | None = None,
) -> "Run":
    from treadle.engine.scenario.preparing import prepare, seat_guest  # noqa: PLC0415 - numba

    run = prepare(program, tell)
    for driver in drivers:
        if driver.function is not None:
            seat_guest(program, driver.function)
    return run


def _batch(values: Values, seeds: np.ndarray, rows: np.ndarray, ends: np.ndarray) -> Batch:
    return replace(
        no_batch(),
        base=values.base,
        varying=values.varying,
        columns=values.columns,
        rows=rows.astype(np.int64),
        seeds=seeds,
        ends=ends,
    )


class _Work:
    """One group's rows, for any thread."""

    def __init__(self, program: Program, batch: Batch, options: Options) -> None:
        self._run = _prepared(program, options.drivers, options.compiling)
        self._program, self._batch, self._options = program, batch, options
        self._states: list[State] = []

    def __call__(self, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        """Run rows[first:last]; return their contacts and logs."""
        state = self._states.pop() if self._states else None
        if state is None:
            state = new_state(self._program, len(self._batch.base))
        whole = self._batch
        contacts, logs = _CONTACTS * (last - first), _LOGS * (last - first)
        options = self._options
        every = (
            options.n_steps + 1 if options.single_steps else 0
        )  # sampled, where there is no room
        while True:
            batch = replace(
                whole,
                contacts=np.zeros(contacts, whole.contacts.dtype),
                logs=np.zeros(logs, whole.logs.dtype),
                counts=np.zeros(2, np.int64),
            )
            self._run(
                self._program, state, batch, first, last, options.step_s, options.n_steps, every
            )
            told, logged = (int(count) for count in batch.counts)
            if told <= contacts and logged <= logs:
                break
            contacts, logs = told, logged
        self._states.append(state)
        return batch.contacts[:told].copy(), batch.logs[:logged].copy()


def _share_out(
    work: _Work, chunks: list[tuple[int, int]], options: Options
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Run chunks on threads, a few ahead at a time; return what they gave, in their order."""
    threads = options.threads or os.cpu_count() or 1
    found: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    done, total = 0, chunks[-1][1] if chunks else 0
    with ThreadPoolExecutor(threads) as pool:
        waiting: Iterator[tuple[int, tuple[int, int]]] = iter(enumerate(chunks))
        running: dict[Future[tuple[np.ndarray, np.ndarray]], int] = {}
        for index, chunk in islice(waiting, 2 * threads):
            running[pool.submit(work, *chunk)] = index
        while running:
            ready, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ready:
                index = running.pop(future)
                found[index] = future.result()
                done += chunks[index][1] - chunks[index][0]
            if options.progress:
                options.progress(done, total)
            if options.cancelled and options.cancelled():
                waiting = iter(())
            for index, chunk in islice(waiting, len(ready)):
                running[pool.submit(work, *chunk)] = index
    return [found[index] for index in sorted(found)]
