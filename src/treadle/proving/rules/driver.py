"""Drivers under test: what is put at the wheel of an entity, with name, version and identity."""

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from treadle.engine.scenario.tables import ANSWERS_OUTSIDE
from treadle.kernel import InvalidInputError
from treadle.proving.rules.limits import EGO


class Batched(Protocol):
    """A driver that is asked once a step for all variants that run side by side.

    What went wrong in single lanes it may tell in a dictionary `faults`, a reason by lane: their
    runs end INCONCLUSIVE with it, whatever it answered for them, and the dictionary is emptied. One
    that has a method `look(bodies, entity)` is told the world before each drive: (n, n_entities)
    engine.scenario.state.BODY, and which of the entities it drives. One that has a method
    `survey(network)` is told the road network (rules.roads.network; None: no road) when it is made.
    """

    def begin(self, lanes: np.ndarray) -> None:
        """Begin new runs.

        Parameters
        ----------
        lanes : (n,) int64
            The rows of all later arrays in which a new run begins now.
        """

    def drive(
        self, own: np.ndarray, others: np.ndarray, lanes: np.ndarray
    ) -> np.ndarray | tuple[np.ndarray, np.ndarray]:
        """Say what the vehicles shall do until the next call.

        Parameters
        ----------
        own : (n,) engine.driving.tables.OWN
            Each lane's own vehicle.
        others : (n, n_entities) OTHER
            All others, in the frame of the own lane.
        lanes : (n,) int64
            Which of the lanes are running, by row: a driver may keep its memory by it.

        Returns
        -------
        acceleration : (n,) [m/s2]
            Or a pair with curvature : (n,) [1/m] of the way to go; NaN where the lane is kept.
        """

    def close(self) -> None:
        """Let go of what it holds: no call comes after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A driver under test.

    Attributes
    ----------
    entity
        Whom it drives.
    kind
        Its number among the engine's compiled drivers, GUEST or ANSWERS_OUTSIDE.
    settings
        Its parameters: name, and number.
    period_s [s]
        How often it is asked; 0: every step.
    ends_by_contact
        The run ends where the vehicle touches anything.
    standstill_s [s]
        The run ends when the vehicle has stood still for so long.
    function
        Of a compiled one from outside (engine.driving.tables.Drive).
    batched
        Makes one that is asked from Python.
    source
        What it is made of, as far as that can be told: bytes of its file or code.
    lanes
        How many runs it can drive side by side, where it is asked from Python; 0: any number.
    """

    name: str
    version: str
    entity: str = EGO
    kind: int = ANSWERS_OUTSIDE
    settings: tuple[tuple[str, float], ...] = ()
    period_s: float = 0.0
    ends_by_contact: bool = False
    standstill_s: float = math.inf
    function: Callable[..., Any] | None = None
    batched: Callable[[], Batched] | None = None
    source: bytes = b""
    lanes: int = 0

    def __post_init__(self) -> None:
        for name, value in self.settings:
            if math.isnan(value):
                text = f"{self.name}: its setting {name} is no number; give one"
                raise InvalidInputError(text)
        if not (math.isfinite(self.period_s) and self.period_s >= 0.0):
            text = f"{self.name}: it is asked every {self.period_s} s, which is no length of time"
            raise InvalidInputError(text)

    @property
    def identity(self) -> str:
        """The hash of all that makes it drive as it does."""
        told = [self.name, self.version, self.entity, self.settings, self.period_s]
        text = json.dumps(told, sort_keys=True).encode()
        return hashlib.sha256(text + b"\0" + self.source).hexdigest()

    @property
    def is_outside(self) -> bool:
        """Whether it is asked between the steps, not within them."""
        return self.kind == ANSWERS_OUTSIDE


def check_together(drivers: Sequence[Driver]) -> None:
    """Refuse drivers that cannot drive in one run.

    Raises
    ------
    InvalidInputError
        One of several is asked from outside, or several are compiled from files.
    """
    outside = [driver.name for driver in drivers if driver.is_outside]
    if outside and len(drivers) > 1:
        text = f"{outside[0]} is asked between the steps and drives alone, not beside others"
        raise InvalidInputError(f"{text}; give {len(drivers) - 1} fewer, or compiled ones")
    guests = [driver.name for driver in drivers if driver.function is not None]
    if len(guests) > 1:
        text = f"{guests[0]} and {guests[1]} are both compiled from files; give one of them"
        raise InvalidInputError(text)
