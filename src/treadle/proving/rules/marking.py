"""What a driver's file says of the drivers in it: the mark `driver`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

Marked = TypeVar("Marked", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is told of a driver.

    Attributes
    ----------
    version
        Its own; empty: the hash of its file stands for it.
    period_s [s]
        How often it is asked; 0: every step.
    compiled
        It is an engine.driving.tables.Drive, to be compiled into the engine.
    settings
        Of a compiled one: names in the order in which it gets them, and their defaults.
    """

    version: str = ""
    period_s: float = 0.0
    compiled: bool = False
    settings: Mapping[str, float] = field(default_factory=dict)


def driver(
    *,
    version: str = "",
    period_s: float = 0.0,
    compiled: bool = False,
    settings: Mapping[str, float] | None = None,
) -> Callable[[Marked], Marked]:
    """Mark a function or class as a driver; see `Mark` for what can be told.

    A function or class without the mark is asked from Python, every step.
    """
    mark = Mark(
        version=version, period_s=period_s, compiled=compiled, settings=dict(settings or {})
    )

    def put(on: Marked) -> Marked:
        on.treadle_driver = mark  # type: ignore[attr-defined] # functions and classes take it
        return on

    return put


def mark_of(it: object) -> Mark:
    """Return what is told of a driver."""
    mark = getattr(it, "treadle_driver", None)
    return mark if isinstance(mark, Mark) else Mark()
