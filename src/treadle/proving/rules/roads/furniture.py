"""What stands on and beside roads: objects, bridges and tunnels, signals and their controllers."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, eq=False)
class Validity:
    """The lanes that an object or signal is for (OpenDRIVE 1.8, 13.4)."""

    from_lane: int
    to_lane: int


@dataclass(frozen=True, slots=True, eq=False)
class Corner:
    """A corner of an outline (13.2.2, 13.2.3).

    Attributes
    ----------
    first, second, third
        s, t, dz on the road, or u, v, z in the object's frame [m].
    """

    is_local: bool
    first: float
    second: float
    third: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outline:
    """The outline of an object (13.2)."""

    id: str
    is_closed: bool
    is_outer: bool
    corners: tuple[Corner, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Repeat:
    """How an object is repeated along the road (13.1.1) [m]; distance 0: one unbroken thing."""

    s: float
    length: float
    distance: float
    t_start: float
    t_end: float
    width_start: float | None
    width_end: float | None
    height_start: float
    height_end: float
    z_offset_start: float
    z_offset_end: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoadObject:
    """An object on or beside a road (13.1) [m, rad]."""

    id: str
    name: str
    type: str
    s: float
    t: float
    z_offset: float
    hdg: float
    pitch: float
    roll: float
    orientation: str
    length: float | None
    width: float | None
    height: float | None
    radius: float | None
    valid_length: float | None
    outlines: tuple[Outline, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    validities: tuple[Validity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ObjectReference:
    """An object of another road that counts here too (13.9)."""

    id: str
    s: float
    t: float
    orientation: str
    validities: tuple[Validity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Structure:
    """A tunnel (13.10) or a bridge (13.11) from s on [m]."""

    kind: Literal["tunnel", "bridge"]
    id: str
    name: str
    type: str
    s: float
    length: float
    validities: tuple[Validity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signal:
    """A sign or a traffic light (14.1).

    Attributes
    ----------
    orientation
        `+` for traffic in the direction of s, `-` against it, `none` for both.
    is_dynamic
        It can change, as a traffic light.
    value, unit
        As written; None and empty where not.
    max_mps
        The value as a speed [m/s] where its unit is one; else None.
    h_offset
        Against the road's direction [rad].
    dependencies
        (id, type) of signals that it depends on.
    """

    id: str
    name: str
    type: str
    subtype: str
    country: str
    country_revision: str
    s: float
    t: float
    z_offset: float
    h_offset: float
    orientation: str
    is_dynamic: bool
    value: float | None
    unit: str
    max_mps: float | None
    text: str
    width: float | None
    height: float | None
    validities: tuple[Validity, ...] = ()
    dependencies: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SignalReference:
    """A signal of another road that counts here too (14.5)."""

    id: str
    s: float
    t: float
    orientation: str
    validities: tuple[Validity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Controller:
    """A group of signals that change together (14.6).

    Attributes
    ----------
    controls
        (signal id, type) of each.
    """

    id: str
    name: str
    sequence: int | None
    controls: tuple[tuple[str, str], ...]
