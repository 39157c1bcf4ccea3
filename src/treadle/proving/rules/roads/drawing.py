"""Roads as lines, areas and marks on the ground, as a picture from above shows them; numpy alone.

A section's borders are sampled finely and thinned together, so that strips that touch share their
corners. Superelevation narrows what is seen from above; elevation and shape do not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import numpy as np

from treadle.engine.road.tables import Roads
from treadle.kernel.scene import Area, Ground, Line, Mark
from treadle.proving.rules.roads.curve import points
from treadle.proving.rules.roads.lanes import Lane, LaneSection
from treadle.proving.rules.roads.network import RoadNetwork
from treadle.proving.rules.roads.road import Road
from treadle.proving.rules.roads.sections import whole_sections
from treadle.proving.rules.roads.widths import borders, profile_at
from treadle.proving.rules.thinning import thinned

STEP_M = 0.5
_MOST_STEPS = 8_000  # of a section
WITHIN_M = (0.02, 0.1, 0.5)
"""How far a drawn line may be from the road's; the next one where there are too many corners."""
_MOST_CORNERS = 100_000
_DIGITS = 3
_NOT_PAINT = frozenset({"none", ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneMark:
    """The mark at a lane's outer border, from s of its section on (OpenDRIVE 1.8, 11.7) [m].

    Attributes
    ----------
    kind
        In the standard's word, as `broken`.
    dash_m, gap_m
        0 where it is unbroken [m].
    """

    s: float
    kind: str
    colour: str
    width_m: float
    dash_m: float
    gap_m: float


Marks = dict[tuple[str, int, int], tuple[LaneMark, ...]]
"""By the road's id, the section's place in the road, and the lane's id."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A section's borders, sampled: s (n,), x and y (n_lanes, n), leftmost first; their marks."""

    road: Road
    section: LaneSection
    s: np.ndarray
    x: np.ndarray
    y: np.ndarray
    marks: tuple[tuple[LaneMark, ...], ...]


def ground_of(network: RoadNetwork, marks: Marks) -> Ground:
    """Return all roads of a network as a picture from above."""
    tables = network.compiled()
    strips = [
        strip
        for row, road in enumerate(network.roads)
        for strip in _strips(tables, row, road, marks)
    ]
    ground = Ground()
    for within_m in WITHIN_M:
        ground = _drawn(strips, within_m)
        if sum(len(line.x_m) for line in ground.lines) <= _MOST_CORNERS:
            break
    return ground


def strips_of(network: RoadNetwork, marks: Marks, within_m: float) -> Iterator[Strip]:
    """Yield the borders of all sections, as straight lines no further from them than this [m]."""
    tables = network.compiled()
    for row, road in enumerate(network.roads):
        for strip in _strips(tables, row, road, marks):
            yield _thinned(strip, within_m)


def _thinned(strip: Strip, within_m: float) -> Strip:
    corners = np.concatenate([strip.x, strip.y]).T
    kept = thinned(strip.s, corners, np.full(corners.shape[1], within_m))
    return replace(strip, s=strip.s[kept], x=strip.x[:, kept], y=strip.y[:, kept])


def _strips(tables: Roads, row: int, road: Road, marks: Marks) -> Iterator[Strip]:
    sections = whole_sections(road.sections)
    ends = [*(section.s for section in sections[1:]), road.length]
    for index, (section, end) in enumerate(zip(sections, ends, strict=True)):
        if not end > section.s or not np.isfinite(end):
            continue
        s = _stations(tables, row, road, section, end)
        x, y = _placed(tables, row, road, section, s)
        told = tuple(_marks_of(marks, road, index, lane) for lane in section.lanes)
        if np.isfinite(x).all() and np.isfinite(y).all():
            yield Strip(road, section, s, x, y, told)


def _marks_of(marks: Marks, road: Road, index: int, lane: Lane) -> tuple[LaneMark, ...]:
    """Return a lane's marks; of a side that goes on, as its section told them."""
    for section in range(index, -1, -1):
        if (road.id, section, lane.id) in marks:
            return marks[road.id, section, lane.id]
    return ()


def _stations(tables: Roads, row: int, road: Road, section: LaneSection, end: float) -> np.ndarray:
    """Return the s at which a section is sampled: even steps, and where a profile changes."""
    told = tables.roads[row]
    first = told["first_geometry"]
    starts = tables.geometries["s"][first : first + told["n_geometries"]]
    changes = [p.s for p in (*road.lane_offsets, *road.superelevations)]
    profiles = (p for lane in section.lanes for p in (*lane.widths, *lane.borders))
    changes += [section.s + p.s for p in profiles]
    n = int(np.clip(np.ceil((end - section.s) / STEP_M), 1, _MOST_STEPS))
    s = np.concatenate([np.linspace(section.s, end, n + 1), starts, changes])
    return np.unique(s[(s >= section.s) & (s <= end)])


def _placed(
    tables: Roads, row: int, road: Road, section: LaneSection, s: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return where a section's borders are, (n_lanes, n) each [m]."""
    told = tables.roads[row]
    first, n = int(told["first_geometry"]), int(told["n_geometries"])
    starts = tables.geometries["s"][first : first + n]
    on = np.clip(np.searchsorted(starts, s, side="right") - 1, 0, n - 1)
    at = points(tables.geometries, first + on, s - starts[on], tables.samples)
    t = borders(section, profile_at(road.lane_offsets, s), s - section.s)
    t = t * np.cos(profile_at(road.superelevations, s))
    return at.x - t * np.sin(at.heading), at.y + t * np.cos(at.heading)


def _drawn(strips: list[Strip], within_m: float) -> Ground:
    lines: list[Line] = []
    areas: list[Area] = []
    marks: list[Mark] = []
    for sampled in strips:
        strip = _thinned(sampled, within_m)
        first = len(lines)
        lines += [_line(x, y) for x, y in zip(strip.x, strip.y, strict=True)]
        areas += _areas(strip.section, first)
        for lane in range(len(strip.marks)):
            marks += _painted(strip, lane, lines, first + lane)
    return Ground(lines=tuple(lines), areas=tuple(areas), marks=tuple(marks), within_m=within_m)


def _line(x: np.ndarray, y: np.ndarray) -> Line:
    return Line(x_m=tuple(np.round(x, _DIGITS).tolist()), y_m=tuple(np.round(y, _DIGITS).tolist()))


def _areas(section: LaneSection, first: int) -> Iterator[Area]:
    """Yield the strips between borders; neighbours of one kind as one, so that no seam shows."""
    lanes = section.lanes
    kinds = [
        (left.type if left.id > 0 else right.type, k)
        for k, (left, right) in enumerate(pairwise(lanes))
    ]
    for kind, group in groupby(kinds, key=lambda pair: pair[0]):
        rows = [k for _, k in group]
        yield Area(kind=kind, left=first + rows[0], right=first + rows[-1] + 1)


def _painted(strip: Strip, lane: int, lines: list[Line], whole: int) -> Iterator[Mark]:
    """Yield the paint along a border; what holds for a part of it gets a line of its own."""
    start, end = strip.section.s, float(strip.s[-1])
    told = strip.marks[lane]
    ends = [*(start + mark.s for mark in told), end][1:]
    for mark, until in zip(told, ends, strict=True):
        since = start + mark.s
        if mark.kind in _NOT_PAINT or not until > since or since >= end:
            continue
        line = whole
        if since > start or until < end:
            inside = strip.s[(strip.s > since) & (strip.s < until)]
            s = np.concatenate([[since], inside, [min(until, end)]])
            line = len(lines)
            lines.append(_line(*(np.interp(s, strip.s, v[lane]) for v in (strip.x, strip.y))))
        yield Mark(
            kind=mark.kind,
            line=line,
            colour=mark.colour,
            width_m=mark.width_m,
            dash_m=mark.dash_m,
            gap_m=mark.gap_m,
        )
