"""The questions of this folder for arrays of places at once."""

import numpy as np

from treadle.engine.compiled import entry
from treadle.engine.road.lanes import edges_at, lane_at
from treadle.engine.road.line import line_at
from treadle.engine.road.links import go
from treadle.engine.road.project import project, project_heading
from treadle.engine.road.surface import standing_at
from treadle.engine.road.tables import Roads


@entry
def lines_at(roads: Roads, road: np.ndarray, s: np.ndarray, out: np.ndarray) -> None:
    """Fill (n, 4) with x, y [m], heading [rad], curvature [1/m] of reference lines."""
    for i in range(road.shape[0]):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = line_at(roads, road[i], s[i])


@entry
def standings_at(
    roads: Roads,
    road: np.ndarray,
    s: np.ndarray,
    t: np.ndarray,
    turn: np.ndarray,
    out: np.ndarray,
) -> None:
    """Fill (n, 6) with x, y, z [m], heading, pitch, roll [rad]; turn against s."""
    for i in range(road.shape[0]):
        x, y, z, heading, pitch, roll = standing_at(roads, road[i], s[i], t[i], turn[i])
        out[i, 0], out[i, 1], out[i, 2] = x, y, z
        out[i, 3], out[i, 4], out[i, 5] = heading, pitch, roll


@entry
def projections(
    roads: Roads,
    x: np.ndarray,
    y: np.ndarray,
    heading: np.ndarray,
    out_road: np.ndarray,
    out: np.ndarray,
) -> None:
    """Fill (n,) with roads and (n, 3) with s, t, distance off the lanes [m]; NaN: any heading."""
    for i in range(x.shape[0]):
        if np.isnan(heading[i]):
            road, s, t, off = project(roads, x[i], y[i], -1, 0.0)
        else:
            road, s, t, off = project_heading(roads, x[i], y[i], heading[i], -1, 0.0)
        out_road[i] = road
        out[i, 0], out[i, 1], out[i, 2] = s, t, off


@entry
def lanes_at(
    roads: Roads,
    road: np.ndarray,
    s: np.ndarray,
    t: np.ndarray,
    out_lane: np.ndarray,
    out: np.ndarray,
) -> None:
    """Fill (n,) with lanes and (n,) with the offset from their centres [m]."""
    for i in range(road.shape[0]):
        out_lane[i], out[i] = lane_at(roads, road[i], s[i], t[i])


@entry
def edges_of(
    roads: Roads, road: np.ndarray, s: np.ndarray, lane: np.ndarray, out: np.ndarray
) -> None:
    """Fill (n, 2) with t of the inner and the outer edge [m]; NaN where the lane is not there."""
    for i in range(road.shape[0]):
        inner, outer, _, _, found = edges_at(roads, road[i], s[i], lane[i])
        out[i, 0] = inner if found else np.nan
        out[i, 1] = outer if found else np.nan


@entry
def goings(
    roads: Roads,
    road: np.ndarray,
    s: np.ndarray,
    lane: np.ndarray,
    ds: np.ndarray,
    out_index: np.ndarray,
    out: np.ndarray,
) -> None:
    """Fill (n, 3) with road, lane, turned and (n, 2) with s and what is left over [m]."""
    for i in range(road.shape[0]):
        to, to_s, to_lane, turned, left = go(roads, road[i], s[i], lane[i], ds[i])
        out_index[i, 0], out_index[i, 1], out_index[i, 2] = to, to_lane, turned
        out[i, 0], out[i, 1] = to_s, left
