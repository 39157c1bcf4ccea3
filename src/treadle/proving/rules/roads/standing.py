"""What stands on and beside roads, seen from above: objects, structures, signals; numpy alone.

Places are those of the road's reference line and its superelevation; what leans of itself (pitch
and roll of an object) is drawn upright.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, isfinite, pi, sin

import numpy as np

from treadle.engine.road.tables import Roads
from treadle.kernel.scene import Fixture, Sign
from treadle.proving.rules.roads.curve import points
from treadle.proving.rules.roads.furniture import Outline, Repeat, RoadObject, Signal, Structure
from treadle.proving.rules.roads.network import RoadNetwork
from treadle.proving.rules.roads.road import Road
from treadle.proving.rules.roads.widths import edges, profile_at

MOST = 20_000
"""Fixtures of a picture."""
_CIRCLE = 16  # corners
_STEP_M = 4.0  # between corners of what runs along a road
_LEAST_M = 0.3  # of a side that nobody tells
_DIGITS = 3
_Corners = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class Along:
    """A road as places along and across it."""

    tables: Roads
    row: int
    road: Road

    def at(self, s: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return x, y [m] and the road's heading [rad] at these s and t, (n,) each.

        What lies before the road's start or past its end is put straight on.
        """
        told = self.tables.roads[self.row]
        first, n = int(told["first_geometry"]), int(told["n_geometries"])
        starts = self.tables.geometries["s"][first : first + n]
        inside = np.clip(s, 0.0, self.road.length)
        on = np.clip(np.searchsorted(starts, inside, side="right") - 1, 0, n - 1)
        found = points(self.tables.geometries, first + on, inside - starts[on], self.tables.samples)
        beyond, heading = s - inside, found.heading
        across = t * np.cos(profile_at(self.road.superelevations, inside))
        x = found.x + beyond * np.cos(heading) - across * np.sin(heading)
        y = found.y + beyond * np.sin(heading) + across * np.cos(heading)
        return x, y, heading

    def one(self, s: float, t: float) -> tuple[float, float, float]:
        """Return x, y [m] and the road's heading [rad] of one place."""
        x, y, heading = self.at(np.array([s]), np.array([t]))
        return float(x[0]), float(y[0]), float(heading[0])


def fixtures_of(network: RoadNetwork) -> tuple[tuple[Fixture, ...], int]:
    """Return what stands on and beside all roads, and how many are left out as too many."""
    found: list[Fixture] = []
    left_out = 0
    tables = network.compiled()
    for row, road in enumerate(network.roads):
        along = Along(tables, row, road)
        for fixture in _fixtures(along):
            if len(found) < MOST:
                found.append(fixture)
            else:
                left_out += 1
    return tuple(found), left_out


def _fixtures(along: Along) -> Iterator[Fixture]:
    for structure in along.road.structures:
        yield from _structure(along, structure)
    for one in along.road.objects:
        for corners, is_closed in _shapes(along, one):
            yield from _fixture(one, corners, is_closed=is_closed)


def _fixture(one: RoadObject, corners: _Corners, *, is_closed: bool) -> Iterator[Fixture]:
    """Yield a shape, unless it has a place that is no number."""
    x, y = corners
    if len(x) and np.isfinite(x).all() and np.isfinite(y).all():
        yield Fixture(
            name=one.name or one.id,
            kind=one.type,
            x_m=tuple(np.round(x, _DIGITS).tolist()),
            y_m=tuple(np.round(y, _DIGITS).tolist()),
            is_closed=is_closed,
            height_m=_told(one.height),
        )


def _told(value: float | None) -> float:
    return float(value) if value is not None and isfinite(value) and value > 0 else 0.0


def _structure(along: Along, it: Structure) -> Iterator[Fixture]:
    """Yield a tunnel or a bridge: from border to border (OpenDRIVE 1.8, 13.10, 13.11)."""
    s = _stations(max(0.0, it.s), min(it.s + it.length, along.road.length))
    if not len(s):
        return
    left, right = edges(along.road, s)
    (x, y, _), (u, v, _) = along.at(s, left), along.at(s, right)
    yield Fixture(
        name=it.name or it.id,
        kind=it.kind,
        x_m=tuple(np.round(np.concatenate([x, u[::-1]]), _DIGITS).tolist()),
        y_m=tuple(np.round(np.concatenate([y, v[::-1]]), _DIGITS).tolist()),
    )


def _stations(start: float, end: float) -> np.ndarray:
    if not (isfinite(start) and isfinite(end)) or not end > start:
        return np.zeros(0)
    return np.linspace(start, end, max(2, min(2_000, ceil((end - start) / _STEP_M) + 1)))


def _shapes(along: Along, one: RoadObject) -> Iterator[tuple[_Corners, bool]]:
    """Yield the shapes of an object: its outlines, or its circle or box; each time it is repeated.

    What a repetition says holds instead of what the object says (OpenDRIVE 1.8, 13.1.1).
    """
    for repeat in one.repeats:
        if repeat.distance > 0.0:
            for s, t, width in _copies(repeat, one):
                yield from _standing(along, one, s, t, width)
        else:
            yield _running(along, one, repeat)
    if not one.repeats:
        yield from _standing(along, one, one.s, one.t, one.width)


def _copies(repeat: Repeat, one: RoadObject) -> Iterator[tuple[float, float, float | None]]:
    """Yield s, t and width of each copy."""
    for k in range(min(MOST, floor(repeat.length / repeat.distance + 1e-9) + 1)):
        share = k * repeat.distance / repeat.length if repeat.length > 0.0 else 0.0
        t = repeat.t_start + share * (repeat.t_end - repeat.t_start)
        yield repeat.s + k * repeat.distance, t, _between(repeat, share, one.width)


def _between(repeat: Repeat, share: float, width: float | None) -> float | None:
    if repeat.width_start is None or repeat.width_end is None:
        return width
    return repeat.width_start + share * (repeat.width_end - repeat.width_start)


def _running(along: Along, one: RoadObject, repeat: Repeat) -> tuple[_Corners, bool]:
    """Return what runs along the road without a break, as a guard rail: a strip, or a line."""
    s = _stations(repeat.s, repeat.s + repeat.length)
    share = np.linspace(0.0, 1.0, len(s))
    t = repeat.t_start + share * (repeat.t_end - repeat.t_start)
    wide = np.array([_between(repeat, k, one.width) or 0.0 for k in share])
    x, y, _ = along.at(s, t + wide / 2)
    if not (wide > 0.0).any():
        return (x, y), False
    u, v, _ = along.at(s, t - wide / 2)
    return (np.concatenate([x, u[::-1]]), np.concatenate([y, v[::-1]])), True


def _standing(
    along: Along, one: RoadObject, s: float, t: float, width: float | None
) -> Iterator[tuple[_Corners, bool]]:
    """Yield the shapes of an object at a place; outlines that tell s and t only where they tell."""
    outlines = [it for it in one.outlines if it.is_outer and it.corners]
    x, y, heading = along.one(s, t)
    heading += one.hdg
    for outline in outlines:
        yield _outlined(along, outline, (x, y, heading)), outline.is_closed
    if outlines:
        return
    if one.radius is not None and one.radius > 0.0:
        angles = np.linspace(0.0, 2 * pi, _CIRCLE, endpoint=False)
        radius = max(one.radius, _LEAST_M / 2)
        yield _turned(radius * np.cos(angles), radius * np.sin(angles), (x, y, heading)), True
        return
    u = max(_told(one.length), _LEAST_M) / 2
    v = max(_told(width), _LEAST_M) / 2
    yield _turned(np.array([u, -u, -u, u]), np.array([v, v, -v, -v]), (x, y, heading)), True


def _outlined(along: Along, outline: Outline, place: tuple[float, float, float]) -> _Corners:
    """Return the corners of an outline: each in the object's frame or on the road (13.2)."""
    found = []
    for corner in outline.corners:
        if corner.is_local:
            x, y = _turned(np.array([corner.first]), np.array([corner.second]), place)
            found.append((float(x[0]), float(y[0])))
        else:
            found.append(along.one(corner.first, corner.second)[:2])
    x, y = np.array(found).T
    return x, y


def _turned(u: np.ndarray, v: np.ndarray, place: tuple[float, float, float]) -> _Corners:
    x, y, heading = place
    return x + u * cos(heading) - v * sin(heading), y + u * sin(heading) + v * cos(heading)


# -- signals ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a signal showed: from these times on [s] these states."""

    times_s: tuple[float, ...] = ()
    states: tuple[str, ...] = ()


def signs_of(network: RoadNetwork | None, shown: dict[str, Shown]) -> tuple[Sign, ...]:
    """Return the signals of a network with what they showed, then those that stand nowhere.

    Parameters
    ----------
    shown
        By the signal's id.
    """
    found: list[Sign] = []
    known: Sequence[str] = ()
    if network is not None:
        tables, known = network.compiled(), tuple(network.signals)
        for name, place in network.signals.items():
            along = Along(tables, place.road, network.roads[place.road])
            found.append(_sign(along, place.signal, shown.get(name)))
    nowhere = "the road network has no such signal"
    found += (
        Sign(
            name=name,
            kind="light",
            says="",
            words=nowhere,
            x_m=None,
            y_m=None,
            heading_rad=0.0,
            times_s=told.times_s,
            states=told.states,
        )
        for name, told in shown.items()
        if name not in known
    )
    return tuple(found)


def _sign(along: Along, it: Signal, shown: Shown | None) -> Sign:
    x, y, heading = along.one(it.s, it.t)
    heading += pi if it.orientation == "-" else 0.0
    told = shown or Shown()
    is_placed = isfinite(x) and isfinite(y)
    return Sign(
        name=it.id,
        kind="light" if it.is_dynamic or told.states else "sign",
        says=_says(it),
        words=_words(it),
        x_m=round(x, _DIGITS) if is_placed else None,
        y_m=round(y, _DIGITS) if is_placed else None,
        heading_rad=round(heading, 4) if isfinite(heading) else 0.0,
        times_s=told.times_s,
        states=told.states,
    )


_MOST_READ = 12  # characters


def _says(it: Signal) -> str:
    """Return what is read in passing: a text, or a value, as a speed limit."""
    if it.text.strip():
        return it.text.strip()[:_MOST_READ]
    return f"{it.value:g}" if it.value is not None and it.value >= 0.0 and it.unit else ""


def _words(it: Signal) -> str:
    """Return what a signal is: its name, its number in its country's catalogue, its value."""
    number = "-".join(part for part in (it.type, it.subtype) if part not in ("", "-1", "none"))
    country = it.country if it.country not in ("", "OpenDRIVE") else ""
    value = f"{it.value:g} {it.unit}" if it.value is not None and it.unit else ""
    told = (it.name, f"{country} {number}".strip(), value, it.text.strip())
    return ", ".join(part for part in told if part) or "nothing is told of it"
