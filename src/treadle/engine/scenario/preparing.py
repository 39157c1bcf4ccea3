"""What a program needs of the engine, compiled or loaded before it runs.

Only the routines that its actions, conditions and positions need, in as many processes as there are
cores: compiling is Python's work, and one interpreter has one lock.
"""

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from importlib import import_module
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
from numba.core.errors import NumbaError
from numba.np import linalg

from treadle.engine.keeping import alone, is_kept
from treadle.engine.road.tables import Roads, no_roads
from treadle.engine.routine import Routine, address_of, called_by, type_of
from treadle.engine.scenario.results import Batch, Lanes, no_batch, no_lanes
from treadle.engine.scenario.routines import (
    ASK,
    BEGIN,
    CALM,
    DRAW,
    DRAWS,
    DRIVE,
    DRIVES,
    FAMILIES,
    FLOW,
    FLOWS,
    GUEST,
    HOLD,
    HOSTS,
    PROCEED,
    RESOLVE,
    SINGLE,
)
from treadle.engine.scenario.state import State, new_state
from treadle.engine.scenario.tables import CONNECT_TRAILER, NOTHING, Program, no_program
from treadle.engine.tables import Tables

_PACKAGE = "treadle.engine.scenario"
ENTRY = "batch.run_many"
"""What Python calls; it calls all the rest."""
LANES_ENTRY = "lockstep.turn_lanes"
"""The same, where drivers from outside are asked between the steps."""
_LONG = ("conditions.ways.find_way", ENTRY, "motion.move", "positions.on_road.beside_lane")
"""What takes longest to compile, and is begun with."""
_SPARE = 2
"""Fewer than that are compiled right here."""


def _linear_algebra_later() -> None:
    """Import numba's array functions without scipy's linear algebra, which takes 0.26 s.

    At their import they ask whether it is there, and import it for that. It is: scipy is among what
    we are installed with. Code that multiplies matrices asks again when it is compiled.
    """
    library: Any = linalg
    asks, library.ensure_blas = library.ensure_blas, lambda: None
    try:
        arrays: Any = import_module("numba.np.arraymath")
        arrays.ensure_blas = asks
    finally:
        library.ensure_blas = asks


_linear_algebra_later()
Run = Callable[[Program, State, Batch, int, int, float, int, int], None]
Turn = Callable[[Program, State, Lanes, int, int, float, int], None]


def prepare(program: Program, tell: Callable[[int], None] | None = None) -> Run:
    """Fill in a program's table of addresses; return what runs it (engine.scenario.batch.run_many).

    Parameters and errors are those of `fill_in`.
    """
    fill_in(program, ENTRY, tell)
    whole, real = ctypes.c_int64, ctypes.c_double
    function = ctypes.CFUNCTYPE(ctypes.c_bool, *[whole] * 5, real, whole, whole)(_address(ENTRY))

    def run(
        program: Program,
        state: State,
        batch: Batch,
        first: int,
        last: int,
        dt: float,
        n_steps: int,
        every: int,
    ) -> None:
        at = (tables.index.ctypes.data for tables in (program, state, batch))
        function(*at, first, last, dt, n_steps, every)

    return run


def prepare_lanes(program: Program, tell: Callable[[int], None] | None = None) -> Turn:
    """Do the same for runs side by side (engine.scenario.lockstep.turn_lanes)."""
    fill_in(program, LANES_ENTRY, tell)
    whole, real = ctypes.c_int64, ctypes.c_double
    address = _address(LANES_ENTRY)
    function = ctypes.CFUNCTYPE(ctypes.c_bool, *[whole] * 5, real, whole)(address)

    def turn(
        program: Program, like: State, lanes: Lanes, first: int, last: int, dt: float, n_steps: int
    ) -> None:
        at = (tables.index.ctypes.data for tables in (program, like, lanes))
        function(*at, first, last, dt, n_steps)

    return turn


def fill_in(program: Program, entry: str, tell: Callable[[int], None] | None = None) -> None:
    """Fill in a program's table of addresses with all that an entry needs, compiled.

    Parameters
    ----------
    tell
        Called with how many functions have to be compiled first, where there are any.

    Raises
    ------
    KeyError, TypeError
        The program has a row of a kind that the engine does not know, or arrays of other types.
    """
    if type_of(program) is not type_of(_tables()[Program]):
        text = "a table of this program has rows of another type than the engine was compiled for"
        raise TypeError(text)
    names = needed(program, entry)
    compile_missing({entry, *names.values()}, tell)
    for place, name in names.items():
        program.routines[place] = _address(name)


def seat_guest(program: Program, drive: Callable[..., object]) -> None:
    """Let a compiled driver from outside drive where a program names a GUEST.

    Raises
    ------
    TypeError
        numba cannot compile it; the error says why.
    """
    from treadle.engine.scenario.hosting import hosted  # noqa: PLC0415 - only where there is one

    try:
        program.routines[ASK + GUEST] = address_of(hosted(drive), _tables())
    except NumbaError as error:
        text = f"the driver {getattr(drive, '__name__', drive)} cannot be compiled: {error}"
        raise TypeError(text) from error


def needed(program: Program, entry: str = ENTRY) -> dict[int, str]:
    """Return by place in the table what a program needs."""
    kinds = program.actions["kind"]
    used: dict[int, Iterable[int]] = {
        BEGIN: np.unique(kinds[kinds != NOTHING]),
        PROCEED: np.unique(kinds),
        HOLD: np.unique(program.conditions["kind"]),
        RESOLVE: np.unique(program.positions["kind"]),
        CALM: np.unique(program.conditions["kind"]),
        DRAW: list(DRAWS) if has_trailers(program) else [],
        DRIVE: list(DRIVES) if program.motion else [],
        ASK: [*HOSTS, *np.unique(program.drivers["kind"])] if len(program.drivers) else [],
        FLOW: list(FLOWS) if program.traffic.shape[0] else [],
    }
    found: dict[int, str] = {}
    waiting: list[object] = [_function(entry)]
    while waiting:
        for one in _calls(waiting.pop()):
            for place, name in _members(one, used):
                if place not in found:
                    found[place] = name
                    waiting.append(_function(name))
    return found


@cache
def _calls(function: object) -> tuple[object, ...]:
    """Return what a function may call through the table; looked up once."""
    return tuple(called_by(function))


def has_trailers(program: Program) -> bool:
    """Return whether anything is drawn, from the start or later."""
    coupled = bool((program.entities["trailer"] >= 0).any())
    return coupled or bool((program.actions["kind"] == CONNECT_TRAILER).any())


def all_of_it() -> set[str]:
    """Return all that any program may need."""
    return {
        ENTRY,
        LANES_ENTRY,
        *SINGLE,
        *(name for family in FAMILIES.values() for name in family.values()),
    }


def compile_missing(names: set[str], tell: Callable[[int], None] | None = None) -> list[str]:
    """Compile what is not on disk yet, in as many processes as there are cores.

    Returns
    -------
    died
        What processes compiled when they died, and how each ended. It is not on disk then, nor is
        what nobody was left for.
    """
    if all(_is_kept(name) for name in names):
        return []
    with alone():  # whoever compiles the same just now has it done when we come in
        return _compile(sorted(name for name in names if not _is_kept(name)), tell)


def missing_of(names: set[str]) -> list[str]:
    """Return what of it is not on disk."""
    functions: dict[str, Any] = {name: _function(name) for name in sorted(names)}
    return [name for name, function in functions.items() if not is_kept(function.py_func)]


def _compile(missing: list[str], tell: Callable[[int], None] | None) -> list[str]:
    if not missing:
        return []
    missing.sort(key=lambda name: _LONG.index(name) if name in _LONG else len(_LONG))
    if tell:
        tell(len(missing))
    cores = os.cpu_count() or 1
    if len(missing) < _SPARE or cores == 1:
        for name in missing:
            compile_one(name)
        return []
    queue: SimpleQueue[str] = SimpleQueue()
    for name in missing:
        queue.put(name)
    with ThreadPoolExecutor(cores) as pool:
        return [one for died in pool.map(_work_off, [queue] * cores) for one in died]


def compile_one(name: str) -> None:
    """Compile one of the engine's functions, so that it is on disk."""
    _address(name)


def _work_off(queue: "SimpleQueue[str]") -> list[str]:
    """Let another process compile what waits; return what it was at when it died, if it did.

    What it cannot compile is left to this process, to say why.
    """
    name = ""
    command = [sys.executable, "-m", f"{_PACKAGE}.preparing"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdin is not None and worker.stdout is not None  # noqa: S101, PT018 - PIPE
        try:
            while True:
                name = queue.get_nowait()
                worker.stdin.write(name + "\n")
                worker.stdin.flush()
                if not worker.stdout.readline():
                    break
        except Empty:
            worker.stdin.close()
            return []
        except BrokenPipeError:
            with suppress(BrokenPipeError):  # what it was never given
                worker.stdin.close()
        return [f"{name} (exit code {worker.wait()})"]


def _members(one: object, used: dict[int, Iterable[int]]) -> Iterator[tuple[int, str]]:
    if isinstance(one, Routine):
        yield one.place, SINGLE[one.place]
        return
    family: Any = one
    known = FAMILIES[family.place]
    for kind in used[family.place]:
        if int(kind) in known or family.place in (BEGIN, RESOLVE):
            yield family.place + int(kind), known[int(kind)]


_found: dict[str, int] = {}


def _address(name: str) -> int:
    if name not in _found:
        _found[name] = address_of(_function(name), _tables())
    return _found[name]


def _is_kept(name: str) -> bool:
    function: Any = _function(name)
    return name in _found or is_kept(function.py_func)


def _function(name: str) -> object:
    module, _, function = name.rpartition(".")
    return getattr(import_module(f"{_PACKAGE}.{module}"), function)


@cache
def _tables() -> dict[type[Tables], Tables]:
    program = no_program()
    state = new_state(program, 1)
    return {Program: program, State: state, Roads: no_roads(), **_results()}


def _results() -> dict[type[Tables], Tables]:
    return {Batch: no_batch(), Lanes: no_lanes()}


def _answer() -> None:
    """Compile what is asked for, line by line: this module as a process of its own."""
    for line in sys.stdin:
        compile_one(line.strip())
        sys.stdout.write("done\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _answer()
