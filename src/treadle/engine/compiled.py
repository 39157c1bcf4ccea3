"""The one way to compile: cached on disk, without the interpreter's lock, IEEE arithmetic.

numba takes two seconds to import, so only modules that a run needs import this one.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile a function of numbers, records and arrays on its first call, and keep it on disk.

    No fast-math: results are the same bit for bit on one machine, whatever the number of threads.
    Division by zero gives inf or NaN, as numpy does.
    """
    made = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=False)(function)
    return cast("Function", made)


def inlined(function: Function) -> Function:
    """Compile a small function into its callers (LLVM decides; the hint is strong)."""
    made = numba.njit(
        cache=True, nogil=True, error_model="numpy", fastmath=False, forceinline=True
    )(function)
    return cast("Function", made)
