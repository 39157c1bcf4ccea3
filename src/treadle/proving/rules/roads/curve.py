"""Points of reference lines from the rows of the geometry table, many at once, in numpy alone.

For checking files and laying the grid, where numba is not to be waited for; runs use the compiled
queries of engine/road.
"""

from typing import NamedTuple

import numpy as np

from treadle.engine.road.tables import ARC, LINE, SPIRAL

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_TURN_RAD = 2.0  # what one application of the quadrature integrates to rounding


class Points(NamedTuple):
    """Points of reference lines, each (n,): x, y [m], heading [rad], curvature [1/m]."""

    x: np.ndarray
    y: np.ndarray
    heading: np.ndarray
    curvature: np.ndarray


def points(geometries: np.ndarray, row: np.ndarray, ds: np.ndarray, samples: np.ndarray) -> Points:
    """Return the points at ds along these geometries.

    Parameters
    ----------
    geometries
        Rows of `tables.GEOMETRY`.
    row : (n,) int
        Which geometry.
    ds : (n,) [m]
        How far along it.
    samples
        As in `tables.Roads`.
    """
    those = geometries[row]
    u, v, turn, curvature = (np.zeros(len(row)) for _ in range(4))
    for kinds, make in (((LINE, ARC), _arc), ((SPIRAL,), _spiral)):
        chosen = np.isin(those["kind"], kinds)
        if chosen.any():
            parts = make(those[chosen], ds[chosen])
            u[chosen], v[chosen], turn[chosen], curvature[chosen] = parts
    chosen = those["kind"] > SPIRAL
    if chosen.any():
        parts = _cubic(those[chosen], ds[chosen], samples)
        u[chosen], v[chosen], turn[chosen], curvature[chosen] = parts
    cos, sin = np.cos(those["heading"]), np.sin(those["heading"])
    return Points(
        those["x"] + u * cos - v * sin,
        those["y"] + u * sin + v * cos,
        those["heading"] + turn,
        curvature,
    )


_Local = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _arc(rows: np.ndarray, ds: np.ndarray) -> _Local:
    """Lines and arcs: sin(k s) / k = s sinc, without a special case at k = 0."""
    turn = rows["curvature"] * ds
    half = turn / 2
    chord = ds * np.sinc(half / np.pi)
    return chord * np.cos(half), chord * np.sin(half), turn, rows["curvature"]


def _spiral(rows: np.ndarray, ds: np.ndarray) -> _Local:
    """Clothoids: the integral of (cos, sin) of k s + r s2 / 2, in pieces that turn little."""
    start, rate = rows["curvature"], rows["curvature_rate"]
    winding = np.abs(start * ds) + np.abs(rate) * ds * ds / 2
    n_pieces = 1 + np.floor(winding / _TURN_RAD).astype(np.int64)
    u, v = np.zeros(len(rows)), np.zeros(len(rows))
    for piece in range(int(n_pieces.max(initial=0))):
        on = np.flatnonzero(n_pieces > piece)
        step = ds[on] / n_pieces[on]
        at = step[:, None] * (piece + (1 + _NODES) / 2)
        angle = at * (start[on, None] + rate[on, None] * at / 2)
        u[on] += step / 2 * (np.cos(angle) @ _WEIGHTS)
        v[on] += step / 2 * (np.sin(angle) @ _WEIGHTS)
    return u, v, ds * (start + rate * ds / 2), start + rate * ds


def _cubic(rows: np.ndarray, ds: np.ndarray, samples: np.ndarray) -> _Local:
    """Cubics: p between the samples that are nearest."""
    steps = rows["n_samples"] - 1
    where = np.clip(ds / rows["length"], 0, 1) * steps
    below = np.minimum(where.astype(np.int64), steps - 1)
    low = samples[rows["first_sample"] + below]
    high = samples[rows["first_sample"] + below + 1]
    p = low + (high - low) * (where - below)

    def told(axis: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        a, b, c, d = (rows[name + axis] for name in "abcd")
        return a + p * (b + p * (c + p * d)), b + p * (2 * c + 3 * p * d), 2 * c + 6 * p * d

    u, du, ddu = told("u")
    v, dv, ddv = told("v")
    speed = np.hypot(du, dv)
    safe = np.where(speed > 0, speed, 1.0)
    return u, v, np.arctan2(dv, du), (du * ddv - dv * ddu) / safe**3
