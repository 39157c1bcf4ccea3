"""Drivers as the engine calls them: each with its own rows of what it sees, says and keeps."""

from collections.abc import Callable
from importlib import import_module
from types import FunctionType
from typing import Any

from treadle.engine.compiled import compiled
from treadle.engine.driving.drivers import DRIVERS
from treadle.engine.driving.tables import MEMORY
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import Program

Hosted = Callable[[Program, State, int, float], None]


def inner(*_: object) -> None:
    """Stand for the driver in `_ask`: every hosted one is a copy of that, with its own."""


def _ask(program: Program, state: State, driver: int, dt: float) -> None:
    n, row = program.entities.shape[0], program.drivers[driver]
    inner(
        state.own[driver],
        state.others[driver * n : (driver + 1) * n],
        program.settings[row.first_setting : row.first_setting + row.n_settings],
        state.recalls[driver * MEMORY : (driver + 1) * MEMORY],
        state.commands[driver],
    )


def hosted(drive: Callable[..., Any]) -> Hosted:
    """Return a driver (engine.driving.tables.Drive) as the engine calls it.

    The driver is a global of what comes back, no closure: what closures hold numba tells apart
    in each process anew, and would never find on disk what an earlier one compiled.

    Parameters
    ----------
    drive
        Of numbers, records and arrays alone, so that numba compiles it.
    """
    within = drive if hasattr(drive, "py_func") else compiled(drive)
    made = FunctionType(_ask.__code__, {**globals(), "inner": within}, "ask")
    made.__annotations__ = dict(_ask.__annotations__)
    return compiled(made)


def __getattr__(name: str) -> Hosted:
    """Return one of Treadle's own drivers, hosted: `ask_` and its name."""
    driver = DRIVERS.get(name.removeprefix("ask_"))
    if driver is None or not name.startswith("ask_"):
        text = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(text)
    module, _, function = driver.function.rpartition(".")
    found = globals()[name] = hosted(
        getattr(import_module(f"treadle.engine.driving.{module}"), function)
    )
    return found
