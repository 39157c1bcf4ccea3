"""The one way to compile: without the interpreter's lock, IEEE arithmetic, kept on disk by need.

numba takes two seconds to import, so only modules that a run needs import this one.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

from treadle.engine import handing
from treadle.engine.keeping import kept

Function = TypeVar("Function", bound=Callable[..., object])
OPTIONS: Any = {"nogil": True, "error_model": "numpy", "fastmath": False}
TABLES = handing.TablesType
"""How compiled code sees Tables; importing it tells numba."""


def compiled(function: Function) -> Function:
    """Compile a function of numbers, records, arrays and Tables, for its callers.

    No fast-math: results are the same bit for bit on one machine, whatever the number of threads.
    Division by zero gives inf or NaN, as numpy does. Called from Python it is compiled anew in each
    process; what Python calls is an `entry` or a routine (engine/routine.py).
    """
    return cast("Function", numba.njit(**OPTIONS)(function))


def inlined(function: Function) -> Function:
    """Compile a small function into its callers (LLVM decides; the hint is strong)."""
    return cast("Function", numba.njit(forceinline=True, **OPTIONS)(function))


def entry(function: Function) -> Function:
    """Compile a function that Python calls, and keep it on disk."""
    made: Any = numba.njit(**OPTIONS)(function)
    made._cache = kept(made.py_func)  # noqa: SLF001 - what `cache=True` sets, by another rule
    return cast("Function", made)
