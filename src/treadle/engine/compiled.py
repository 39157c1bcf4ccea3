"""The one way to compile: cached on disk, without the interpreter's lock, IEEE arithmetic.

numba takes two seconds to import, so only modules that a run needs import this one.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

from treadle.engine import handing

Function = TypeVar("Function", bound=Callable[..., object])
OPTIONS: Any = {"cache": True, "nogil": True, "error_model": "numpy", "fastmath": False}
TABLES = handing.TablesType
"""How compiled code sees Tables; importing it tells numba."""


def cache_folder() -> Path:
    """Return where compiled code is kept: a folder for this very source of the engine.

    numba looks at a function's own file alone; what it calls may have changed all the same.
    """
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    given = os.environ.get("TREADLE_CACHE")
    home = Path(given) if given else Path.home() / ".cache" / "treadle"
    return home / f"engine-{digest.hexdigest()[:16]}"


if not os.environ.get("NUMBA_CACHE_DIR"):
    setattr(numba.config, "CACHE_DIR", str(cache_folder()))  # noqa: B010 - set by numba at run time


def compiled(function: Function) -> Function:
    """Compile a function of numbers, records, arrays and Tables on its first call, and keep it.

    No fast-math: results are the same bit for bit on one machine, whatever the number of threads.
    Division by zero gives inf or NaN, as numpy does.
    """
    return cast("Function", numba.njit(**OPTIONS)(function))


def inlined(function: Function) -> Function:
    """Compile a small function into its callers (LLVM decides; the hint is strong)."""
    return cast("Function", numba.njit(forceinline=True, **OPTIONS)(function))
