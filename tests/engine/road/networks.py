"""Road networks written by hand, as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.integrate import quad

from treadle.engine.road.tables import (
    ARC,
    CONNECTION,
    CUBIC,
    GEOMETRY,
    HEIGHT,
    JUNCTION,
    LANE,
    LANE_KINDS,
    LANE_LINK,
    LINE,
    NO_LANE,
    NO_LINK,
    ROAD,
    SECTION,
    SHAPE,
    SPIRAL,
    STRIP,
    TO_JUNCTION,
    TO_ROAD,
    Roads,
    no_roads,
)

Cubics = Sequence[tuple[float, float, float, float, float]]
KIND = {name: index for index, name in enumerate(LANE_KINDS)}


@dataclass(frozen=True)
class LaneDrawn:
    width: Cubics = ((0.0, 3.5, 0.0, 0.0, 0.0),)
    kind: str = "driving"
    is_border: bool = False
    is_level: bool = False
    before: int = NO_LANE
    after: int = NO_LANE
    direction: int = 1
    max_speed: float = float("nan")
    heights: Sequence[tuple[float, float, float]] = ()


@dataclass(frozen=True)
class StripDrawn:
    """A strip: its width, and the four parts of its height."""

    id: int
    parts: tuple[Cubics, Cubics, Cubics, Cubics, Cubics]
    is_relative: bool = False


TWO_WAY: Mapping[int, LaneDrawn] = {1: LaneDrawn(), 0: LaneDrawn(()), -1: LaneDrawn()}


@dataclass(frozen=True)
class RoadDrawn:
    """A road: pieces are (length, curvature at its start, at its end)."""

    pieces: Sequence[tuple[float, float, float]]
    start: tuple[float, float, float] = (0.0, 0.0, 0.0)
    sections: Sequence[tuple[float, Mapping[int, LaneDrawn]]] = ((0.0, TWO_WAY),)
    elevations: Cubics = ()
    superelevations: Cubics = ()
    offsets: Cubics = ()
    shapes: Sequence[tuple[float, float, float, float, float, float]] = ()
    strips: Sequence[StripDrawn] = ()
    strip_offsets: Cubics = ()
    rule: int = 1
    junction: int = -1
    before: tuple[int, int, int, float] = (NO_LINK, -1, 0, float("nan"))
    after: tuple[int, int, int, float] = (NO_LINK, -1, 0, float("nan"))

    @property
    def length(self) -> float:
        return sum(length for length, _, _ in self.pieces)

    def end(self) -> tuple[float, float, float]:
        """Return x, y, heading of its end, by quadrature."""
        x, y, heading = self.start
        for length, first, last in self.pieces:
            rate = (last - first) / length

            def turned(s: float, h: float = heading, k: float = first, c: float = rate) -> float:
                return h + k * s + 0.5 * c * s * s

            x += quad(lambda s, turned=turned: np.cos(turned(s)), 0, length, epsabs=1e-12)[0]
            y += quad(lambda s, turned=turned: np.sin(turned(s)), 0, length, epsabs=1e-12)[0]
            heading = turned(length)
        return x, y, heading


def to_road(index: int, contact: int, s: float = float("nan")) -> tuple[int, int, int, float]:
    return TO_ROAD, index, contact, s


def to_junction(index: int) -> tuple[int, int, int, float]:
    return TO_JUNCTION, index, 0, float("nan")


@dataclass
class _Rows:
    geometries: list[tuple[float, ...]] = field(default_factory=list)
    cubics: list[tuple[float, ...]] = field(default_factory=list)
    shapes: list[tuple[float, ...]] = field(default_factory=list)
    sections: list[tuple[float, ...]] = field(default_factory=list)
    lanes: list[tuple[float, ...]] = field(default_factory=list)
    heights: list[tuple[float, ...]] = field(default_factory=list)
    strips: list[tuple[float, ...]] = field(default_factory=list)

    def run(self, cubics: Cubics) -> tuple[int, int]:
        first = len(self.cubics)
        self.cubics.extend(cubics)
        return first, len(cubics)


def laid(roads: Sequence[RoadDrawn]) -> Roads:
    """Return the arrays of roads without junctions."""
    rows = _Rows()
    table = np.zeros(len(roads), ROAD)
    for row, road in zip(table, roads, strict=True):
        row["length"], row["junction"], row["rule"] = road.length, road.junction, road.rule
        row["first_geometry"], row["n_geometries"] = len(rows.geometries), len(road.pieces)
        _put_geometry(road, rows)
        row["first_elevation"], row["n_elevations"] = rows.run(road.elevations)
        row["first_superelevation"], row["n_superelevations"] = rows.run(road.superelevations)
        row["first_offset"], row["n_offsets"] = rows.run(road.offsets)
        row["first_shape"], row["n_shapes"] = len(rows.shapes), len(road.shapes)
        rows.shapes.extend(road.shapes)
        row["first_section"], row["n_sections"] = len(rows.sections), len(road.sections)
        lifted = len(rows.heights)
        _put_sections(road, rows)
        for name, link in (("predecessor", road.before), ("successor", road.after)):
            row[name], row[f"{name}_index"], row[f"{name}_contact"], row[f"{name}_s"] = link
        row["first_strip"], row["n_strips"] = len(rows.strips), len(road.strips)
        for strip in road.strips:
            rows.strips.append(
                (strip.id, strip.is_relative, *(n for part in strip.parts for n in rows.run(part)))
            )
        row["first_strip_offset"], row["n_strip_offsets"] = rows.run(road.strip_offsets)
        row["is_plain"] = not (road.superelevations or road.shapes)
        row["is_even"] = row["is_plain"] and not road.strips and len(rows.heights) == lifted
        row["is_flat"] = row["is_even"] and not road.elevations
    return replace(
        no_roads(),
        roads=table,
        geometries=np.array(rows.geometries, GEOMETRY),
        cubics=np.array(rows.cubics, CUBIC) if rows.cubics else np.zeros(0, CUBIC),
        shapes=np.array(rows.shapes, SHAPE) if rows.shapes else np.zeros(0, SHAPE),
        sections=np.array(rows.sections, SECTION) if rows.sections else np.zeros(0, SECTION),
        lanes=np.array(rows.lanes, LANE) if rows.lanes else np.zeros(0, LANE),
        heights=np.array(rows.heights, HEIGHT) if rows.heights else np.zeros(0, HEIGHT),
        strips=np.array(rows.strips, STRIP) if rows.strips else np.zeros(0, STRIP),
    )


def joined(
    roads: Roads,
    junctions: Sequence[tuple[int, Sequence[tuple[int, int, int, float, Mapping[int, int]]]]],
) -> Roads:
    """Return roads with junctions: kind, (incoming, connecting, contact, s, links) of each."""
    made = np.zeros(len(junctions), JUNCTION)
    connections: list[tuple[float, ...]] = []
    links: list[tuple[int, int]] = []
    for index, (kind, ways) in enumerate(junctions):
        made[index] = (kind, len(connections), len(ways))
        for incoming, connecting, contact, s, lanes in ways:
            connections.append((index, incoming, connecting, contact, s, len(links), len(lanes)))
            links.extend(lanes.items())
    return replace(
        roads,
        junctions=made,
        connections=np.array(connections, CONNECTION),
        links=np.array(links, LANE_LINK) if links else np.zeros(0, LANE_LINK),
    )


def _put_geometry(road: RoadDrawn, rows: _Rows) -> None:
    s = 0.0
    for k, (length, first, last) in enumerate(road.pieces):
        x, y, heading = replace(road, pieces=road.pieces[:k]).end()
        kind = SPIRAL if first != last else ARC if first else LINE
        rate = (last - first) / length
        rows.geometries.append((s, x, y, heading, length, kind, first, rate, *(0.0,) * 8, 0, 0))
        s += length


def _put_sections(road: RoadDrawn, rows: _Rows) -> None:
    ends = ([s for s, _ in road.sections] + [road.length])[1:]
    for (s, lanes), end in zip(road.sections, ends, strict=True):
        ids = sorted(lanes, reverse=True)
        first = len(rows.lanes)
        rows.sections.append((s, end, first, len(ids), first + ids.index(0)))
        for lane_id in ids:
            lane = lanes[lane_id]
            for place, inner, outer in lane.heights:
                rows.heights.append((len(rows.lanes), place, inner, outer))
            start, n = rows.run(lane.width)
            rows.lanes.append(
                (
                    lane_id, KIND[lane.kind], start, n, lane.is_border, lane.is_level,
                    lane.before, lane.after, lane.direction, lane.max_speed,
                )
            )  # fmt: skip
