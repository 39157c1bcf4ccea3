"""Roads on the ground of their junction: its elevation grid (OpenDRIVE 1.8, 12.11).

The grid overrides all heights of the junction's own roads but those of lanes. Within a square it is
a cubic in s and t through the four corners next to it each way, linear where there are not so many.
The engine gets it as a road's shape: planes between places half a metre apart.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from treadle.proving.rules.roads.geometry import Shape
from treadle.proving.rules.roads.junction import ElevationGrid, Junction
from treadle.proving.rules.roads.pieces import line_points
from treadle.proving.rules.roads.road import Road
from treadle.proving.rules.roads.widths import edges

STEP_M = 0.5
BESIDE_M = 1.0  # how far beside its lanes a road has a surface
_MOST_ALONG, _MOST_ACROSS = 400, 80
_LOOK_M = 0.5
_MOST_LOOKS = 2_000
_ROUNDS = 8


def on_grounds(roads: Sequence[Road], junctions: Sequence[Junction]) -> Sequence[Road]:
    """Return roads with the ground that they lie on as their shape."""
    grounds = {one.id: one.ground for one in junctions if one.ground is not None}
    if not grounds:
        return roads
    return [_laid(road, grounds.get(road.junction or "")) for road in roads]


def _laid(road: Road, ground: ElevationGrid | None) -> Road:
    if ground is None or not road.geometries or not road.length > 0.0:
        return road
    n = int(np.clip(np.ceil(road.length / STEP_M), 1, _MOST_ALONG))
    s = np.linspace(0.0, road.length, n + 1)
    left, right = edges(road, s)
    low, high = float(right.min()) - BESIDE_M, float(left.max()) + BESIDE_M
    t = np.linspace(low, high, int(np.clip(np.ceil((high - low) / STEP_M), 1, _MOST_ACROSS)) + 1)
    at = line_points(road.geometries, s)
    x = at.x[:, None] - t * np.sin(at.heading)[:, None]
    y = at.y[:, None] + t * np.cos(at.heading)[:, None]
    z = heights(ground, x.ravel(), y.ravel()).reshape(x.shape)
    slopes = np.diff(z, axis=1) / (t[1] - t[0])
    shapes = [
        Shape(float(s[i]), float(t[k]), float(z[i, k]), float(slopes[i, k]), 0.0, 0.0)
        for i in range(len(s))
        for k in range(len(t) - 1)
    ]
    sections = tuple(
        replace(one, lanes=tuple(replace(lane, is_level=False) for lane in one.lanes))
        for one in road.sections
    )
    return replace(
        road,
        elevations=(),
        superelevations=(),
        crossfalls=(),
        strips=(),
        strip_offsets=(),
        shapes=tuple(shapes),
        sections=sections,
    )


def heights(ground: ElevationGrid, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return z of the ground at places, all (n,) [m]; beside the grid that of its rim."""
    s, t = _beside_line(ground, x, y)
    corners = np.array(ground.rows)
    n_along, n_across = corners.shape
    i = np.clip((s - ground.s_start) / ground.spacing, 0.0, n_along - 1.0)
    k = np.clip(t / ground.spacing + ground.n_right, 0.0, n_across - 1.0)
    row = np.minimum(np.floor(i).astype(np.int64), n_along - 2)
    column = np.minimum(np.floor(k).astype(np.int64), n_across - 2)
    rim = _to_rim(corners)
    padded = np.pad(corners, 2, constant_values=np.nan)
    lines = []
    for across in range(-1, 3):
        four = [padded[row + along + 2, column + across + 2] for along in range(-1, 3)]
        for which in (1, 2) if across in (0, 1) else ():
            lost = np.isnan(four[which])
            four[which] = np.where(lost, rim[row + which - 1, column + across], four[which])
        lines.append(_through(four, i - row))
    return _through(lines, k - column)


def _through(four: Sequence[np.ndarray], u: np.ndarray) -> np.ndarray:
    """Return the cubic through values at -1, 0, 1 and 2; linear where an outer one is missing."""
    before, at, following, after = four
    cubic = (
        -u * (u - 1) * (u - 2) / 6 * before
        + (u + 1) * (u - 1) * (u - 2) / 2 * at
        - (u + 1) * u * (u - 2) / 2 * following
        + (u + 1) * u * (u - 1) / 6 * after
    )
    linear = at + u * (following - at)
    return np.asarray(np.where(np.isnan(before) | np.isnan(after), linear, cubic))


def _to_rim(corners: np.ndarray) -> np.ndarray:
    """Return corners with those that are missing as the next one towards the line has them."""
    found: np.ndarray = corners.copy()
    known = ~np.isnan(found)
    for row, there in zip(found, known, strict=True):
        first, last = int(there.argmax()), len(there) - 1 - int(there[::-1].argmax())
        row[:first], row[last + 1 :] = row[first], row[last]
    return found


def _beside_line(
    ground: ElevationGrid, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return s and t of places on the junction's reference line, (n,) [m]: their nearest feet."""
    length = ground.line[-1].s + ground.line[-1].length
    looks = np.linspace(0.0, length, int(np.clip(length / _LOOK_M, 1, _MOST_LOOKS)) + 1)
    near = line_points(ground.line, looks)
    s = np.empty(len(x))
    for start in range(0, len(x), 1_000):
        those = slice(start, start + 1_000)
        away = np.hypot(x[those, None] - near.x, y[those, None] - near.y)
        s[those] = looks[away.argmin(axis=1)]
    for _ in range(_ROUNDS):
        at = line_points(ground.line, s)
        dx, dy = x - at.x, y - at.y
        cosine, sine = np.cos(at.heading), np.sin(at.heading)
        along, across = dx * cosine + dy * sine, dy * cosine - dx * sine
        s = np.clip(s + along / np.maximum(1.0 - at.curvature * across, 0.1), 0.0, length)
    at = line_points(ground.line, s)
    return s, (y - at.y) * np.cos(at.heading) - (x - at.x) * np.sin(at.heading)
