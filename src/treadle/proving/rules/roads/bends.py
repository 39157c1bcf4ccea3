"""How much roads bend at most, and how far aside their lanes are: what bounds on distances need.

Of roads of lines, arcs and spirals, without superelevation; of others it is not known.
"""

import math

import numpy as np

from treadle.engine.road.tables import SPIRAL, Roads
from treadle.proving.rules.roads.curve import points

UNKNOWN = (math.inf, 0.0, 0.0, 0.0, 0.0)
"""bend, widest, slant, uneven, kinks of a road of which they are not known."""


def tell_bends(tables: Roads) -> None:
    """Fill in `bend`, `widest`, `slant`, `uneven` and `kinks` of the roads of a network."""
    roads = tables.roads
    if not len(roads):
        return
    with np.errstate(all="ignore"):  # of values that no road has; what is not finite is not known
        found = _bends(tables), *_lanes(tables), *_joints(tables)
    known = np.isfinite(np.stack(found)).all(axis=0)
    known &= (roads["is_plain"] == 1) & (roads["n_geometries"] > 0)
    for name, values, otherwise in zip(
        ("bend", "widest", "slant", "uneven", "kinks"), found, UNKNOWN, strict=True
    ):
        roads[name] = np.where(known, values, otherwise)


def _owner(first: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return of each row of some runs whose it is, which one it is, and if it is the last."""
    owner = np.repeat(np.arange(len(first)), n)
    order = np.arange(len(owner)) - np.repeat(np.cumsum(n) - n, n)
    return owner, first[owner] + order, order == n[owner] - 1


def _most(values: np.ndarray, owner: np.ndarray, n: int) -> np.ndarray:
    found = np.zeros(n)
    np.maximum.at(found, owner, values)  # NaN stays
    return found


def _bends(tables: Roads) -> np.ndarray:
    """Return the largest curvature of each road's line, (n_roads,) [1/m]."""
    owner, row, _ = _owner(tables.roads["first_geometry"], tables.roads["n_geometries"])
    g = tables.geometries[row]
    start, end = g["curvature"], g["curvature"] + g["curvature_rate"] * g["length"]
    bend = np.maximum(np.abs(start), np.abs(end))
    return _most(np.where(g["kind"] > SPIRAL, np.inf, bend), owner, len(tables.roads))


def _joints(tables: Roads) -> tuple[np.ndarray, np.ndarray]:
    """Return by how much each road's geometries miss each other [m] and turn there [rad]."""
    owner, row, is_last = _owner(tables.roads["first_geometry"], tables.roads["n_geometries"])
    owner, row = owner[~is_last], row[~is_last]
    g, after = tables.geometries[row], tables.geometries[row + 1]
    inside = np.minimum(after["s"] - g["s"], g["length"])
    beyond = after["s"] - g["s"] - inside  # straight on
    end = points(tables.geometries, row, inside, tables.samples)
    x = end.x + beyond * np.cos(end.heading)
    y = end.y + beyond * np.sin(end.heading)
    turn = after["heading"] - end.heading
    turn = np.abs(np.arctan2(np.sin(turn), np.cos(turn)))
    n = len(tables.roads)
    missed = np.hypot(after["x"] - x, after["y"] - y)
    return np.bincount(owner, missed, minlength=n), np.bincount(owner, turn, minlength=n)


def _lanes(tables: Roads) -> tuple[np.ndarray, np.ndarray]:
    """Return how far from the line a lane's centre is at most [m], and how steeply it goes out."""
    roads, sections, lanes = tables.roads, tables.sections, tables.lanes
    length = sections["end_s"] - sections["s"]
    of_section, row, _ = _owner(sections["first_lane"], sections["n_lanes"])
    lane = lanes[row]
    far, steep = _hulls(tables, lane["first_width"], lane["n_widths"], length[of_section])
    of_road, section, _ = _owner(roads["first_section"], roads["n_sections"])
    offset = _hulls(tables, roads["first_offset"], roads["n_offsets"], roads["length"])
    sums = []
    for values, middle in ((far, offset[0]), (steep, offset[1])):
        sides = [
            np.bincount(of_section, np.where(side, values, 0.0), minlength=len(sections))
            for side in (lane["id"] > 0, lane["id"] < 0)
        ]
        sums.append(_most(np.maximum(*sides)[section], of_road, len(roads)) + middle)
    return sums[0], sums[1]


def _hulls(
    tables: Roads, first: np.ndarray, n: np.ndarray, length: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest size of each run of cubics over its length, and of their slopes.

    A polynomial lies within the hull of its Bernstein coefficients.
    """
    owner, row, is_last = _owner(first, n)
    cubic = tables.cubics[row]
    after = tables.cubics["s"][np.minimum(row + 1, len(tables.cubics) - 1)] if len(row) else 0.0
    ds = np.maximum(np.where(is_last, length[owner], after) - cubic["s"], 0.0)
    a, b, c, d = cubic["a"], cubic["b"] * ds, cubic["c"] * ds**2, cubic["d"] * ds**3
    value = np.abs(np.stack([a, a + b / 3.0, a + (2.0 * b + c) / 3.0, a + b + c + d])).max(axis=0)
    b, c, d = cubic["b"], cubic["c"] * ds, cubic["d"] * ds**2
    slope = np.abs(np.stack([b, b + c, b + 2.0 * c + 3.0 * d])).max(axis=0)
    return _most(value, owner, len(first)), _most(slope, owner, len(first))
