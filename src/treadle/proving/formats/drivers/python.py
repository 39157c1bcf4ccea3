"""Drivers in a Python file: `FILE.py:NAME`, compiled into the engine or asked for all variants.

NAME is one of three things: a function marked `@driver(compiled=True)` (engine.driving.tables.
Drive), a class with the methods of rules.driver.Batched, or a function `(own, others) ->
accelerations`, or a pair with curvatures. The file is run; what it imports must be installed. The
hash of the file is part of the driver's identity, versions of what it imports are not.
"""

import hashlib
import inspect
import linecache
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np

from treadle.engine.scenario.routines import GUEST
from treadle.kernel import InvalidInputError
from treadle.proving.rules.driver import Batched, Driver
from treadle.proving.rules.limits import EGO
from treadle.proving.rules.marking import Mark, mark_of

_METHODS = ("begin", "drive", "close")
_TAKES = {"compiled": 5, "plain": 2}
"""How many things it is called with: own, others, settings, memory, command; or own, others."""


def python_driver(
    path: str,
    name: str,
    content: bytes,
    *,
    entity: str = EGO,
    settings: Mapping[str, float] | None = None,
) -> Driver:
    """Return the driver that a Python file has under a name.

    Parameters
    ----------
    content
        Of the file; it is run.
    settings
        Numbers instead of the defaults of its keyword parameters (or of its mark, where it is
        compiled).

    Raises
    ------
    InvalidInputError
        The file cannot be run, or has nothing under that name that can drive; it says why.
    """
    label = f"{path}:{name}"
    found = _found(_run(path, content), path, name)
    mark = mark_of(found)
    given = dict(settings or {})
    chosen = _settings(label, mark.settings if mark.compiled else _keywords(found), given)
    whole: dict[str, Any] = {
        "name": f"{path.rsplit('/', 1)[-1]}:{name}",
        "version": mark.version or f"sha256:{hashlib.sha256(content).hexdigest()[:12]}",
        "entity": entity,
        "period_s": mark.period_s,
        "source": content,
    }
    if mark.compiled:
        _check_takes(label, found, _TAKES["compiled"])
        check_compiles(label, found)
        drives = tuple(chosen.items())
        return Driver(**whole, kind=GUEST, function=found, settings=drives)
    made = _batched(label, found, {k: v for k, v in chosen.items() if k in given})
    return Driver(**whole, batched=made, settings=tuple(chosen.items()))


def check_compiles(label: str, function: Callable[..., Any]) -> None:
    """Refuse a compiled driver that numba cannot compile.

    Raises
    ------
    InvalidInputError
        It says what numba says.
    """
    from treadle.engine.scenario.preparing import seat_guest  # noqa: PLC0415 - numba
    from treadle.engine.scenario.tables import no_program  # noqa: PLC0415 - beside it

    try:
        seat_guest(no_program(), function)
    except TypeError as error:
        text = f"{label} is no driver that can be compiled: {error}"
        raise InvalidInputError(text) from error


def _run(path: str, content: bytes) -> ModuleType:
    """Return the module that a file makes."""
    module = ModuleType(f"treadle_driver_{hashlib.sha256(content).hexdigest()[:16]}")
    module.__file__ = path
    # numba and dataclasses look for a function's module there, and tell of its lines.
    sys.modules[module.__name__] = module
    try:
        text = content.decode()
        linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
        exec(compile(text, path, "exec"), module.__dict__)  # noqa: S102 - whoever names a driver wants it run
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        said = f"{type(error).__name__}: {error}"
        text = f"{path} cannot be run as Python: {said}; see that it runs by itself"
        raise InvalidInputError(text) from error
    return module


def _found(module: ModuleType, path: str, name: str) -> Any:
    found = getattr(module, name, None)
    if not callable(found):
        callables = [
            one
            for one, value in vars(module).items()
            if callable(value) and getattr(value, "__module__", "") == module.__name__
        ]
        known = ", ".join(callables) or "none"
        text = f"{path} has no function or class {name} (there are: {known}); name one of them"
        raise InvalidInputError(text)
    return found


def _keywords(found: Any) -> dict[str, float]:
    """Return the keyword parameters that a function or class can be set by, with defaults."""
    after = 0 if inspect.isclass(found) else _TAKES["plain"]
    parameters = list(_signature(found).parameters.values())[after:]
    return {
        one.name: float(one.default)
        for one in parameters
        if isinstance(one.default, int | float)
        and one.kind in (one.KEYWORD_ONLY, one.POSITIONAL_OR_KEYWORD)
    }


def _signature(found: Any) -> inspect.Signature:
    try:
        return inspect.signature(found)
    except (TypeError, ValueError):
        return inspect.Signature()


def _settings(
    label: str, defaults: Mapping[str, float], given: Mapping[str, float]
) -> dict[str, float]:
    for name in given:
        if name not in defaults:
            known = ", ".join(defaults) or "none"
            text = f"{label} has no setting {name} (there are: {known}); leave it out"
            raise InvalidInputError(text)
    return {name: float(given.get(name, value)) for name, value in defaults.items()}


def _batched(label: str, found: Any, given: Mapping[str, float]) -> Callable[[], Batched]:
    if inspect.isclass(found):
        missing = [one for one in _METHODS if not callable(getattr(found, one, None))]
        if missing:
            text = f"{label} has no method {missing[0]}; a driver has {', '.join(_METHODS)}"
            raise InvalidInputError(text)
        made: Callable[..., Any] = found
        return lambda: made(**given)
    _check_takes(label, found, _TAKES["plain"])
    return lambda: _Plain(found, given)


def _check_takes(label: str, found: Any, n: int) -> None:
    """Refuse a function that cannot be called with n things."""
    try:
        _signature(found).bind(*range(n))
    except TypeError as error:
        wanted = ("own", "others", "settings", "memory", "command")[:n]
        text = f"{label} cannot be called with ({', '.join(wanted)}): {error}"
        raise InvalidInputError(text) from error


class _Plain:
    """A function as a driver without memory."""

    def __init__(self, function: Callable[..., Any], settings: Mapping[str, float]) -> None:
        self._function, self._settings = function, dict(settings)

    def begin(self, lanes: np.ndarray) -> None:
        """Nothing is kept from run to run."""

    def drive(self, own: np.ndarray, others: np.ndarray, lanes: np.ndarray) -> Any:  # noqa: ARG002 - Batched
        """Return what the function says."""
        return self._function(own, others, **self._settings)

    def close(self) -> None:
        """Nothing is held."""


__all__ = ["Mark", "check_compiles", "python_driver"]
