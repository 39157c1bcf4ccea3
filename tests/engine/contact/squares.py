"""A second way to the same answers: polygons in numpy, no code of the engine."""

import math

import numpy as np
from numpy.typing import NDArray

Pose = tuple[float, float, float]
Box = tuple[float, float]


def corners(pose: Pose, box: Box) -> NDArray[np.float64]:
    """Give the four corners (4, 2), counterclockwise."""
    x, y, heading = pose
    half_length, half_width = box
    own = np.array(
        [[half_length, half_width], [-half_length, half_width],
         [-half_length, -half_width], [half_length, -half_width]]
    )  # fmt: skip
    turn = np.array(
        [[math.cos(heading), math.sin(heading)], [-math.sin(heading), math.cos(heading)]]
    )
    placed: NDArray[np.float64] = own @ turn + np.array([x, y])
    return placed


def cut(subject: NDArray[np.float64], clip: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cut a polygon to what lies inside a convex one (Sutherland, Hodgman 1974)."""
    out = list(subject)
    for here, there in zip(clip, np.roll(clip, -1, axis=0), strict=True):
        edge = there - here
        points, out = out, []
        for i, point in enumerate(points):
            before = points[i - 1]
            inside = edge[0] * (point - here)[1] - edge[1] * (point - here)[0]
            was = edge[0] * (before - here)[1] - edge[1] * (before - here)[0]
            if (inside >= 0) != (was >= 0):
                out.append(before + (point - before) * (was / (was - inside)))
            if inside >= 0:
                out.append(point)
        if not out:
            break
    return np.array(out).reshape(-1, 2)


def shared_area(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Give the area that two convex polygons share."""
    both = cut(a, b)
    if len(both) < 3:
        return 0.0
    x, y = both.T
    return float(0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))))


def distance(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Give the distance of two polygons' outlines by every corner and every edge."""
    best = math.inf
    for points, ring in ((a, b), (b, a)):
        for here, there in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            edge = there - here
            part = np.clip((points - here) @ edge / (edge @ edge), 0, 1)
            foot = here + part[:, None] * edge
            best = min(best, float(np.min(np.hypot(*(points - foot).T))))
    return best


def at(start: Pose, end: Pose, fraction: float) -> Pose:
    """Give the pose between two, turning the shorter way."""
    turn = math.remainder(end[2] - start[2], 2 * math.pi)
    return (
        start[0] + fraction * (end[0] - start[0]),
        start[1] + fraction * (end[1] - start[1]),
        start[2] + fraction * turn,
    )
