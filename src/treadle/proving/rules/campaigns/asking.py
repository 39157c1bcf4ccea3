"""Methods that ask for runs and are told their outcomes, and can be kept and resumed exactly.

A method is a dataclass of numbers and arrays. `ask` gives the points to run next and draws them
from (seed, round), never from a generator that moves on: asked again, here or after a kill, it
gives the same points. `tell` takes their outcomes, in the same order, and ends the round. `state`
is all of it as JSON; floats keep every bit.
"""

import base64
import dataclasses
import math
import sys
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol, Self

import numpy as np

from treadle.kernel import InvalidInputError, RefusedError

Outcome = Callable[[np.ndarray], np.ndarray]
"""A limit state: (n, d) parameters to (n,) values, failing where <= 0, NaN where inconclusive."""


class Method(Protocol):
    """What asks for runs."""

    @property
    def done(self) -> bool:
        """Whether it wants no more runs."""

    def ask(self) -> np.ndarray:
        """Return the points to run next, (n, d)."""

    def tell(self, outcomes: np.ndarray) -> None:
        """Take the limit state's values at the points asked for, (n,)."""

    def state(self) -> dict[str, Any]:
        """Return all of it as JSON."""


class Kept:
    """A dataclass that can be kept as JSON and resumed: a method inherits from it."""

    kinds_kept: ClassVar[dict[str, type["Kept"]]] = {}

    def __init_subclass__(cls) -> None:
        """Remember the kind by its name: a method may hold another."""
        super().__init_subclass__()
        Kept.kinds_kept[cls.__name__] = cls

    def state(self) -> dict[str, Any]:
        """Return every field as JSON; arrays as base64 of their bytes."""
        if not dataclasses.is_dataclass(self):
            text = f"{type(self).__name__} is no dataclass; declare its fields"
            raise TypeError(text)
        fields = dataclasses.fields(self)
        return {"method": type(self).__name__} | {
            one.name: _put(getattr(self, one.name)) for one in fields
        }

    @classmethod
    def resumed(cls, state: Mapping[str, Any]) -> Self:
        """Return the method as it was when `state` was taken.

        Raises
        ------
        InvalidInputError
            The state is of another method, or has other fields.
        """
        if state.get("method") != cls.__name__:
            text = f"this is the state of {state.get('method')}, not of {cls.__name__}; resume that"
            raise InvalidInputError(text)
        try:
            return cls(**{name: _taken(one) for name, one in state.items() if name != "method"})
        except (TypeError, KeyError, ValueError) as error:
            text = f"the state of {cls.__name__} cannot be read ({error}); start it anew"
            raise InvalidInputError(text) from error


def _put(value: Any) -> Any:
    if isinstance(value, Kept):
        return value.state()
    if isinstance(value, np.ndarray):
        kept = np.ascontiguousarray(value)
        if sys.byteorder == "big":
            kept = kept.byteswap().view(kept.dtype.newbyteorder("<"))
        coded = base64.b64encode(kept.tobytes()).decode("ascii")
        return {"array": coded, "type": kept.dtype.str.replace(">", "<"), "shape": value.shape}
    if isinstance(value, list | tuple):
        return [_put(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(float(value))}
    if isinstance(value, np.generic):
        return _put(value.item())
    return value


def _taken(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "float" in value:
            return float(value["float"])
        if "method" in value:
            return Kept.kinds_kept[value["method"]].resumed(value)
        flat = np.frombuffer(base64.b64decode(value["array"]), np.dtype(value["type"]))
        return flat.reshape(value["shape"]).astype(flat.dtype.newbyteorder("="))
    if isinstance(value, list):
        return [_taken(one) for one in value]
    return value


def generator(seed: int, *place: int) -> np.random.Generator:
    """Return the generator of random numbers that belongs to this seed and place alone."""
    source = np.random.SeedSequence(entropy=seed, spawn_key=place)
    return np.random.Generator(np.random.Philox(source))


def told(outcomes: np.ndarray, asked: int) -> np.ndarray:
    """Return outcomes as float64, (n,), after a look at how many they are.

    Raises
    ------
    InvalidInputError
        There are not as many as points were asked for.
    """
    values = np.asarray(outcomes, np.float64)
    if values.shape != (asked,):
        text = (
            f"{asked} points were asked for and outcomes of shape {values.shape} came back; "
            "give one number for each point, NaN where a run is inconclusive"
        )
        raise InvalidInputError(text)
    return values


def drive(method: Method, outcome: Outcome, most_rounds: int = 100_000) -> None:
    """Run a method until it is done.

    Parameters
    ----------
    method
        What asks; it is changed.
    outcome
        The limit state at the points that this method speaks of: compose it with
        `Space.parameters` where the method speaks of the standard normal space.

    Raises
    ------
    RefusedError
        It is not done after so many rounds.
    """
    for _ in range(most_rounds):
        if method.done:
            return
        method.tell(outcome(method.ask()))
    text = f"{type(method).__name__} is not done after {most_rounds:,} rounds; give it fewer runs"
    raise RefusedError(text)
