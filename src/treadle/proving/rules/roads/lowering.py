"""Roads as the engine's arrays."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from treadle.engine.road.tables import (
    CELL,
    CUBIC,
    END,
    GEOMETRY,
    HEIGHT,
    LANE,
    LANE_KINDS,
    NO_LANE,
    NO_LINK,
    PIECE,
    ROAD,
    SECTION,
    SHAPE,
    START,
    STRIP,
    TO_JUNCTION,
    TO_ROAD,
    Roads,
)
from treadle.proving.rules.roads.bends import UNKNOWN, tell_bends
from treadle.proving.rules.roads.crossing import junction_arrays
from treadle.proving.rules.roads.geometry import Polynomial
from treadle.proving.rules.roads.ground import on_grounds
from treadle.proving.rules.roads.junction import Junction
from treadle.proving.rules.roads.lanes import Lane, LaneSection
from treadle.proving.rules.roads.linking import centres, contact_of, goes_on, neighbour
from treadle.proving.rules.roads.pieces import geometry_row, last_p
from treadle.proving.rules.roads.road import Road, RoadLink
from treadle.proving.rules.roads.sampling import network_grid, sample_rows
from treadle.proving.rules.roads.sections import whole_sections
from treadle.proving.rules.roads.surface import shape_rows

_KINDS = {name: index for index, name in enumerate(LANE_KINDS)}
_DIRECTIONS = {"standard": 1, "reversed": -1, "both": 0}
_BIDIRECTIONAL = _KINDS["bidirectional"]


class Links(NamedTuple):
    """What the lowering looks up: rows by id, and the whole sections of each road."""

    roads: dict[str, int]
    junctions: dict[str, int]
    sections: list[tuple[LaneSection, ...]]


class _Rows(NamedTuple):
    roads: list[tuple[float, ...]]
    geometries: list[tuple[float, ...]]
    last_p: list[float]
    cubics: list[tuple[float, ...]]
    shapes: list[tuple[float, ...]]
    sections: list[tuple[float, ...]]
    lanes: list[tuple[float, ...]]
    heights: list[tuple[float, ...]]
    strips: list[tuple[float, ...]]


def lowered(roads: Sequence[Road], junctions: Sequence[Junction]) -> Roads:
    """Return the arrays of a network.

    What a link names and is not there is no link; the reader has told it.
    """
    roads = on_grounds(roads, junctions)
    links = Links(
        {road.id: index for index, road in enumerate(roads)},
        {junction.id: index for index, junction in enumerate(junctions)},
        [whole_sections(road.sections) for road in roads],
    )
    rows = _Rows([], [], [], [], [], [], [], [], [])
    for index, road in enumerate(roads):
        _put_road(road, index, roads, links, rows)
    road_table = np.array(rows.roads, ROAD) if rows.roads else np.zeros(0, ROAD)
    geometries = np.array(rows.geometries, GEOMETRY) if rows.geometries else np.zeros(0, GEOMETRY)
    geometries, samples = sample_rows(geometries, np.array(rows.last_p))
    tables = Roads(
        roads=road_table,
        geometries=geometries,
        cubics=np.array(rows.cubics, CUBIC) if rows.cubics else np.zeros(0, CUBIC),
        shapes=np.array(rows.shapes, SHAPE) if rows.shapes else np.zeros(0, SHAPE),
        sections=np.array(rows.sections, SECTION) if rows.sections else np.zeros(0, SECTION),
        lanes=np.array(rows.lanes, LANE) if rows.lanes else np.zeros(0, LANE),
        **junction_arrays(roads, junctions, links.roads),
        samples=samples,
        cells=np.zeros(0, CELL),
        pieces=np.zeros(0, PIECE),
        grid=np.zeros(5),
        heights=np.array(rows.heights, HEIGHT) if rows.heights else np.zeros(0, HEIGHT),
        strips=np.array(rows.strips, STRIP) if rows.strips else np.zeros(0, STRIP),
    )
    tell_bends(tables)
    cells, pieces, frame = network_grid(tables)
    return replace(tables, cells=cells, pieces=pieces, grid=frame)


def _put_road(road: Road, index: int, roads: Sequence[Road], links: Links, rows: _Rows) -> None:
    first_geometry = len(rows.geometries)
    rows.geometries.extend(geometry_row(piece) for piece in road.geometries)
    rows.last_p.extend(last_p(piece) for piece in road.geometries)
    elevations, superelevations, lane_offsets, strip_offsets = (
        _run(profile, rows)
        for profile in (
            road.elevations, road.superelevations, road.lane_offsets, road.strip_offsets,
        )
    )  # fmt: skip
    first_strip = len(rows.strips)
    for strip in road.strips:
        parts = [place for part in strip.parts for place in _run(part, rows)]
        rows.strips.append((strip.id, int(strip.is_relative), *parts))
    shapes = shape_rows(road)
    first_shape = len(rows.shapes)
    rows.shapes.extend(shapes)
    first_section, n_heights = len(rows.sections), len(rows.heights)
    _put_sections(road, index, roads, links, rows)
    is_plain = not _acts(road.superelevations) and not shapes
    is_even = is_plain and not road.strips and len(rows.heights) == n_heights
    is_flat = is_even and not _acts(road.elevations)
    rows.roads.append(
        (
            road.length,
            -1 if road.junction is None else links.junctions.get(road.junction, -1),
            1 if road.rule == "RHT" else -1,
            first_geometry,
            len(road.geometries),
            *elevations,
            *superelevations,
            first_shape,
            len(shapes),
            first_strip,
            len(road.strips),
            *strip_offsets,
            *lane_offsets,
            first_section,
            len(links.sections[index]),
            *_link(road, road.predecessor, roads, links),
            *_link(road, road.successor, roads, links),
            int(is_plain),
            int(is_even),
            int(is_flat),
            *UNKNOWN,
        )
    )


def _acts(profile: Sequence[Polynomial]) -> bool:
    return any(p.a or p.b or p.c or p.d for p in profile)


def _run(profile: Sequence[Polynomial], rows: _Rows) -> tuple[int, int]:
    """Put a profile; return its first row and how many there are."""
    first = len(rows.cubics)
    rows.cubics.extend(_cubics(profile))
    return first, len(profile)


def _cubics(profile: Sequence[Polynomial]) -> list[tuple[float, ...]]:
    return [(p.s, p.a, p.b, p.c, p.d) for p in profile]


def _link(
    road: Road, link: RoadLink | None, roads: Sequence[Road], links: Links
) -> tuple[float, ...]:
    none = (NO_LINK, -1, START, math.nan)
    if link is None:
        return none
    if link.element == "junction":
        found = links.junctions.get(link.id)
        return none if found is None else (TO_JUNCTION, found, START, math.nan)
    found = links.roads.get(link.id)
    if found is None:
        return none
    contact = END if contact_of(road, link, roads[found]) == "end" else START
    return TO_ROAD, found, contact, math.nan if link.s is None else link.s


def _put_sections(road: Road, index: int, roads: Sequence[Road], links: Links, rows: _Rows) -> None:
    sections = links.sections[index]
    for number, section in enumerate(sections):
        end = sections[number + 1].s if number + 1 < len(sections) else road.length
        before, after = (
            neighbour(
                road,
                number,
                forward,
                sections,
                roads=roads,
                road_index=links.roads,
                all_sections=links.sections,
            )
            for forward in (False, True)
        )
        first = len(rows.lanes)
        centre = next(i for i, lane in enumerate(section.lanes) if lane.id == 0)
        rows.sections.append((section.s, end, first, len(section.lanes), first + centre))
        at_start, at_end = (centres(road, section, s) for s in (section.s, end))
        for lane in section.lanes:
            back = goes_on(lane.predecessors, at_start[lane.id], before)
            on = goes_on(lane.successors, at_end[lane.id], after)
            _put_heights(lane, rows)
            rows.lanes.append(_lane(lane, (back, on), _limit(road, section.s), rows))


def _put_heights(lane: Lane, rows: _Rows) -> None:
    """Put the heights of a lane that comes next; lane 0 has no surface to lift."""
    if lane.id and any(height.inner or height.outer for height in lane.heights):
        n = len(rows.lanes)
        rows.heights.extend((n, height.s, height.inner, height.outer) for height in lane.heights)


def _lane(
    lane: Lane, links: tuple[int | None, int | None], limit: float, rows: _Rows
) -> tuple[float, ...]:
    is_border = not lane.widths and bool(lane.borders)
    profile = lane.borders if is_border else lane.widths
    first, n = _run(profile, rows)
    kind = _KINDS.get(lane.type, 0)
    return (
        lane.id,
        kind,
        first,
        n,
        int(is_border),
        int(lane.is_level),
        *(NO_LANE if link is None else link for link in links),
        0 if kind == _BIDIRECTIONAL else _DIRECTIONS[lane.direction],
        lane.speeds[0].max_mps if lane.speeds else limit,
    )


def _limit(road: Road, s: float) -> float:
    limit = math.nan
    for record in road.types:
        if record.s > s:
            break
        limit = record.max_mps
    return limit
