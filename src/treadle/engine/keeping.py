"""Compiled code on disk, by what it does: a function and all that it calls, and what they refer to.

numba's own cache looks at the file of a function alone, so it misses a change of what that calls
and forgets all functions of a file when one changes, or when the file lies elsewhere.
"""
# mypy: disable-error-code="no-untyped-call, import-untyped, misc, assignment"

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache, _CacheLocator
from numba.core.dispatcher import Dispatcher

try:
    import fcntl
except ImportError:  # not a system of the Unix kind
    fcntl = None


def folder() -> Path:
    """Return where compiled code is kept: TREADLE_CACHE, else below the user's own cache."""
    given = os.environ.get("TREADLE_CACHE")
    return (Path(given) if given else Path.home() / ".cache" / "treadle") / "engine"


def place(function: object) -> Path:
    """Return the folder of a function's machine code: a new one wherever it does something new."""
    digest = hashlib.sha256(_OURS)
    body: Any = function
    seen: set[int] = set()
    waiting = [body]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        for line, below in _traits(one):
            digest.update(line.encode())
            if below is not None:
                waiting.append(below)
    return folder() / f"{body.__module__}.{body.__name__}-{digest.hexdigest()[:16]}"


def is_kept(function: object) -> bool:
    """Return whether a function is compiled on disk already."""
    return any(place(function).glob("*.nbi"))


def kept(function: object) -> FunctionCache:
    """Return numba's cache for a function, which keeps it where `place` says."""
    return _Kept(function)


@contextmanager
def alone() -> Iterator[None]:
    """Hold a lock on the whole cache, against other processes; where there are such locks."""
    if fcntl is None:
        yield
        return
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class _Kept(FunctionCache):
    """numba's cache of a function, in the folder that `place` gives."""

    class _Impl(CompileResultCacheImpl):
        class _Locator(_CacheLocator):
            def __init__(self, function: object) -> None:
                self._path = place(function)

            def get_cache_path(self) -> str:
                return str(self._path)

            def get_source_stamp(self) -> str:
                return self._path.name

            def get_disambiguator(self) -> str:
                return ""

            @classmethod
            def from_function(cls, function: object, file: str) -> "_Kept._Impl._Locator":
                del file
                return cls(function)

        _locator_classes: Any = [_Locator]  # noqa: RUF012 - as numba has it

    _impl_class = _Impl


def _traits(function: Any) -> Iterator[tuple[str, Any]]:
    """Yield what a function does, line by line, and each compiled function that it calls."""
    yield f"{function.__name__} {function.__annotations__}\n", None
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        value = cell.cell_contents
        is_compiled = isinstance(value, Dispatcher)
        yield f"{name} {'' if is_compiled else value!r}\n", value.py_func if is_compiled else None
    for code in _codes(function.__code__):
        constants = [one for one in code.co_consts if not isinstance(one, CodeType)]
        yield f"{code.co_code.hex()} {constants[1:]} {code.co_names} {code.co_varnames}\n", None
        for name in code.co_names:
            if name not in function.__globals__:
                continue
            value = function.__globals__[name]
            if isinstance(value, Dispatcher):
                yield f"{name}\n", value.py_func
            elif isinstance(value, ModuleType):
                yield f"{name} {value.__name__}\n", None
            else:
                yield f"{name} {value!r}\n", None


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes(one)


_OURS = numba.__version__.encode() + b"".join(
    path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))
)
"""How we compile is part of what comes out: the modules of this folder."""
