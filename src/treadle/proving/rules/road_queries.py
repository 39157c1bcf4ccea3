"""A road network asked with numpy arrays: what engine/road computes, for users of Python.

    queries = RoadQueries(read_roads(content, "town.xodr").compiled())
    queries.poses(road=0, s=np.arange(0, 100), t=-1.75)  # (100, 6)

Arguments are numbers or arrays that numpy broadcasts to one shape (n,). Roads are rows of
`Roads.roads`; `RoadNetwork.road_index` gives them by their ids.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from treadle.engine.road import many
from treadle.engine.road.routes import (
    FASTEST,
    FEWEST_JUNCTIONS,
    SHORTEST,
    distance_along,
    find_path,
)
from treadle.engine.road.tables import Roads
from treadle.kernel.errors import InvalidInputError

CRITERIA = {"shortest": SHORTEST, "fastest": FASTEST, "fewest junctions": FEWEST_JUNCTIONS}
_ROOM = 4096


class Projection(NamedTuple):
    """Where places are on roads.

    Attributes
    ----------
    road : (n,) int64
        -1 where there is no road at all.
    s, t : (n,)  [m]
    off : (n,)  [m]
        How far off the road's lanes; 0 on them.
    """

    road: np.ndarray
    s: np.ndarray
    t: np.ndarray
    off: np.ndarray


class Travel(NamedTuple):
    """Where ways along roads end.

    Attributes
    ----------
    road, lane : (n,) int64
    s : (n,)  [m]
    turned : (n,) int64
        -1 where s there runs against s at the start.
    left_over : (n,)  [m]
        What could not be gone, as the lane or the network ends.
    """

    road: np.ndarray
    s: np.ndarray
    lane: np.ndarray
    turned: np.ndarray
    left_over: np.ndarray


class RoadQueries:
    """Questions to a road network, for many places at once."""

    def __init__(self, roads: Roads) -> None:
        self.roads = roads

    def lines(self, road: ArrayLike, s: ArrayLike) -> np.ndarray:
        """Return x, y [m], heading [rad], curvature [1/m] of reference lines, (n, 4).

        Parameters
        ----------
        road : (n,) int
        s : (n,)  [m]
        """
        roads, at = self._spread(road, s)
        out = np.empty((len(roads), 4))
        many.lines_at(self.roads, roads, at[0], out)
        return out

    def poses(
        self, road: ArrayLike, s: ArrayLike, t: ArrayLike, turn: ArrayLike = 0.0
    ) -> np.ndarray:
        """Return x, y, z [m], heading, pitch, roll [rad] of what stands on roads, (n, 6).

        Parameters
        ----------
        road : (n,) int
        s, t : (n,)  [m]
        turn : (n,)  [rad]
            Against the direction of s, about the road's normal.
        """
        roads, at = self._spread(road, s, t, turn)
        out = np.empty((len(roads), 6))
        many.standings_at(self.roads, roads, at[0], at[1], at[2], out)
        return out

    def project(self, x: ArrayLike, y: ArrayLike, heading: ArrayLike = np.nan) -> Projection:
        """Return on which road, and where on it, places in the plane are.

        Parameters
        ----------
        x, y : (n,)  [m]
        heading : (n,)  [rad]
            Of roads one on another the one whose traffic goes this way is taken; NaN: any.
        """
        _, at = self._spread(np.zeros(0, np.int64), x, y, heading)
        road = np.empty(len(at[0]), np.int64)
        out = np.empty((len(road), 3))
        many.projections(self.roads, at[0], at[1], at[2], road, out)
        return Projection(road, out[:, 0], out[:, 1], out[:, 2])

    def lanes(self, road: ArrayLike, s: ArrayLike, t: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Return the lanes of places, (n,) int64, and their offsets from the centres, (n,) [m].

        Outside of all lanes it is the nearest one.
        """
        roads, at = self._spread(road, s, t)
        lane, offset = np.empty(len(roads), np.int64), np.empty(len(roads))
        many.lanes_at(self.roads, roads, at[0], at[1], lane, offset)
        return lane, offset

    def lane_edges(self, road: ArrayLike, s: ArrayLike, lane: ArrayLike) -> np.ndarray:
        """Return t of inner and outer edges of lanes, (n, 2) [m]; NaN: no such lane there."""
        roads, at = self._spread(road, s, lane)
        out = np.empty((len(roads), 2))
        many.edges_of(self.roads, roads, at[0], at[1].astype(np.int64), out)
        return out

    def lane_centres(self, road: ArrayLike, s: ArrayLike, lane: ArrayLike) -> np.ndarray:
        """Return t of the centres of lanes, (n,) [m]; NaN: no such lane there."""
        return np.asarray(self.lane_edges(road, s, lane).mean(axis=1))

    def lane_widths(self, road: ArrayLike, s: ArrayLike, lane: ArrayLike) -> np.ndarray:
        """Return the widths of lanes, (n,) [m]; NaN: no such lane there."""
        return np.abs(np.diff(self.lane_edges(road, s, lane), axis=1)[:, 0])

    def go(self, road: ArrayLike, s: ArrayLike, lane: ArrayLike, ds: ArrayLike) -> Travel:
        """Return where ways along lanes end, straight on at junctions.

        Parameters
        ----------
        ds : (n,)  [m]
            Along s of the road at the start; negative against it.
        """
        roads, at = self._spread(road, s, lane, ds)
        index, out = np.empty((len(roads), 3), np.int64), np.empty((len(roads), 2))
        many.goings(self.roads, roads, at[0], at[1].astype(np.int64), at[2], index, out)
        return Travel(index[:, 0], out[:, 0], index[:, 1], index[:, 2], out[:, 1])

    def path(
        self,
        start: tuple[int, float],
        goal: tuple[int, float],
        *,
        criterion: str = "shortest",
        forward: tuple[int, int] = (0, 0),
    ) -> list[tuple[int, int]]:
        """Return the roads of the best way as traffic goes, each with +1 along s or -1; none: [].

        Parameters
        ----------
        start, goal
            (road, s [m]).
        criterion
            `shortest`, `fastest`, `fewest junctions`.
        forward
            How the way sets out and arrives: +1, -1, or 0 either.

        Raises
        ------
        InvalidInputError
            No such road or criterion.
        """
        if criterion not in CRITERIA:
            text = f"no path is known by {criterion!r}; give one of {', '.join(CRITERIA)}"
            raise InvalidInputError(text)
        self._spread([start[0], goal[0]])
        n = 2 * len(self.roads.roads)
        out, way = np.zeros(n + 1, np.int32), np.zeros(n + 1, np.int32)
        n = find_path(
            self.roads, start[0], float(start[1]), forward[0], goal[0], float(goal[1]), forward[1],
            CRITERIA[criterion], out, way, np.zeros(n), np.zeros((n, 2), np.int32),
        )  # fmt: skip
        return [(int(road), int(sign)) for road, sign in zip(out[:n], way[:n], strict=True)]

    def distance(
        self,
        start: tuple[int, float, int],
        goal: tuple[int, float],
        *,
        facing: int = 1,
        limit_m: float = 1e5,
    ) -> float:
        """Return the distance along connected roads [m], positive ahead; NaN where none connects.

        Parameters
        ----------
        start
            (road, s [m], lane).
        facing
            +1: the start faces along s, -1 against it.
        """
        self._spread([start[0], goal[0]])
        ds, _, _, found = distance_along(
            self.roads, start[0], float(start[1]), start[2], facing, goal[0], float(goal[1]),
            limit_m, np.zeros((_ROOM, 5)),
        )  # fmt: skip
        return ds if found else float("nan")

    def _spread(self, road: ArrayLike, *values: ArrayLike) -> tuple[np.ndarray, list[np.ndarray]]:
        """Return roads and values as contiguous arrays of one length."""
        roads = np.asarray(road, np.int64)
        n = len(self.roads.roads)
        wrong = roads[(roads < 0) | (roads >= n)]
        if wrong.size:
            text = f"there is no road {wrong[0]}: the network has rows 0 to {n - 1}"
            raise InvalidInputError(text)
        made = [np.asarray(value, float) for value in values]
        shape = np.broadcast_shapes(
            *(() if not roads.size else roads.shape,), *(value.shape for value in made)
        )
        flat = [np.ascontiguousarray(np.broadcast_to(value, shape)).reshape(-1) for value in made]
        if not roads.size:
            return roads, flat
        return np.ascontiguousarray(np.broadcast_to(roads, shape)).reshape(-1), flat
