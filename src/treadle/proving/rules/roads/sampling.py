"""Reference lines sampled: cubics by arc length, and all roads for the grid."""

from typing import NamedTuple

import numpy as np

from treadle.engine.road.tables import POLY3, SPIRAL, Roads
from treadle.proving.rules.roads.arc_length import samples
from treadle.proving.rules.roads.curve import Points, points
from treadle.proving.rules.roads.grid import grid

STEP_M = 5.0
_MOST_STEPS = 2_000  # of a geometry


def sample_rows(geometries: np.ndarray, last_p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the geometries with their samples, and the samples, as `tables.Roads` has them.

    An s runs over the whole of a paramPoly3, whatever length the file says it has: what comes after
    it starts where it ends.
    """
    chosen = np.flatnonzero(geometries["kind"] > SPIRAL)
    if not len(chosen):
        return geometries, np.zeros(0)
    rows = geometries[chosen]
    u, v = (np.stack([rows[name + axis] for name in "abcd"], axis=1) for axis in "uv")
    length = np.where(rows["kind"] == POLY3, rows["length"], np.nan)
    found, _ = samples(u, v, last_p[chosen], length)
    counts = np.array([len(p) for p in found])
    geometries["n_samples"][chosen] = counts
    geometries["first_sample"][chosen] = np.cumsum(counts) - counts
    return geometries, np.concatenate(found)


class Sampled(NamedTuple):
    """Points along all reference lines, in the order of roads and s, ends of pieces included.

    Attributes
    ----------
    at
        The points, each (n,).
    road, geometry : (n,) int
        Rows.
    s : (n,) [m]
    """

    at: Points
    road: np.ndarray
    geometry: np.ndarray
    s: np.ndarray


def sampled(tables: Roads) -> Sampled:
    """Return points along all reference lines, at most 5 m apart where that is affordable."""
    roads, geometries = tables.roads, tables.geometries
    road = np.repeat(np.arange(len(roads)), roads["n_geometries"])
    n_steps = np.clip(np.ceil(geometries["length"] / STEP_M), 1, _MOST_STEPS).astype(np.int64)
    counts = n_steps + 1
    row = np.repeat(np.arange(len(geometries)), counts)
    order = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    ds = geometries["length"][row] * order / n_steps[row]
    at = points(geometries, row, ds, tables.samples)
    return Sampled(at, road[row], row, geometries["s"][row] + ds)


def half_widths(tables: Roads) -> np.ndarray:
    """Return how far each road's lanes may reach from its reference line, (n_roads,) [m].

    Bounds, not values: the cubics' largest terms over the length that they hold for.
    """
    lanes, sections, roads = tables.lanes, tables.sections, tables.roads
    length = sections["end_s"] - sections["s"]
    section = np.repeat(np.arange(len(sections)), sections["n_lanes"])
    wide = _largest(tables, lanes["first_width"], lanes["n_widths"], length[section])
    is_border = lanes["is_border"] == 1
    in_section = np.bincount(
        section, np.where(is_border, 0, wide), minlength=len(sections)
    ) + _largest_of(np.where(is_border, wide, 0.0), section, len(sections))
    road = np.repeat(np.arange(len(roads)), roads["n_sections"])
    offset = _largest(tables, roads["first_offset"], roads["n_offsets"], roads["length"])
    return np.asarray(_largest_of(in_section, road, len(roads)) + offset)


def _largest_of(values: np.ndarray, group: np.ndarray, n_groups: int) -> np.ndarray:
    found = np.zeros(n_groups)
    np.maximum.at(found, group, values)
    return found


def _largest(tables: Roads, first: np.ndarray, n: np.ndarray, length: np.ndarray) -> np.ndarray:
    """Bound each run of cubics at nine places of each of its pieces."""
    owner = np.repeat(np.arange(len(first)), n)
    order = np.arange(len(owner)) - np.repeat(np.cumsum(n) - n, n)
    row = first[owner] + order
    cubics = tables.cubics[row]
    is_last = order == n[owner] - 1
    after = tables.cubics["s"][np.minimum(row + 1, max(len(tables.cubics) - 1, 0))]
    end = np.where(is_last, length[owner], after)
    ds = np.maximum(end - cubics["s"], 0)[:, None] * np.linspace(0, 1, 9)
    a, b, c, d = (cubics[name][:, None] for name in "abcd")
    value = np.abs(a + ds * (b + ds * (c + ds * d)))
    return _largest_of(value.max(axis=1, initial=0), owner, len(first))


def network_grid(tables: Roads) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the cells, pieces and frame of a network's grid."""
    line = sampled(tables)
    return grid(line.at, line.road, line.s, half_widths(tables))
