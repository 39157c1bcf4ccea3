"""When two footprints are on the same ground, at whatever times: from whole trajectories.

The one's footprint at time r and the other's at time s share ground or not: a set in the plane of
(r, s). Its least |s - r| is the post-encroachment time, its shadow on each axis the time for which
each is on ground that the other uses. Between samples boxes go straight; as long as they do not
turn, they share ground where up to eight inequalities hold, linear in r and s (separating axes):
a convex polygon for each pair of stretches, with everything asked for at its corners. Where boxes
turn, stretches are cut until a box that does not turn is within TOLERANCE of the one that does.
"""

import math

import numpy as np

from treadle.engine.compiled import compiled, entry
from treadle.engine.contact.boxes import TOUCHING
from treadle.engine.contact.sweep import turned_by

TOLERANCE = 1e-3
"""By this much a corner may be off within a stretch in which the box turns [m]."""
MOST_CORNERS = 16
STRETCH = 10
"""Numbers of a stretch: t0, t1, x0, y0, x1, y1, cosine, sine, and its reach along x and y."""
LEAST, OWN_FROM, OWN_TO, OTHER_FROM, OTHER_TO, SIDE = range(6)
"""Columns of what comes of a pair; SIDE: 1 where the own is first at LEAST, -1 where the other."""
FOUND = 6


@compiled
def _parts(turn: float, half_length: float, half_width: float) -> int:
    radius = math.sqrt(half_length * half_length + half_width * half_width)
    return max(1, math.ceil(0.5 * abs(turn) * radius / TOLERANCE))


@compiled
def count_stretches(poses: np.ndarray, n: int, half_length: float, half_width: float) -> int:
    """Return how many stretches a trajectory is cut into; `poses` is (n_samples, 4): t, x, y, h."""
    count = 0
    for k in range(n - 1):
        told = poses[k, 1] + poses[k, 2] + poses[k, 3]
        told += poses[k + 1, 1] + poses[k + 1, 2] + poses[k + 1, 3]
        if told == told:  # noqa: PLR0124 - NaN is not itself
            count += _parts(turned_by(poses[k, 3], poses[k + 1, 3]), half_length, half_width)
    return count


@compiled
def cut_stretches(
    poses: np.ndarray, n: int, half_length: float, half_width: float, out: np.ndarray
) -> None:
    """Fill the stretches of a trajectory, (n_stretches, STRETCH); samples that are NaN cut it."""
    row = 0
    for k in range(n - 1):
        told = poses[k, 1] + poses[k, 2] + poses[k, 3]
        told += poses[k + 1, 1] + poses[k + 1, 2] + poses[k + 1, 3]
        if told != told:  # noqa: PLR0124 - as above
            continue
        turn = turned_by(poses[k, 3], poses[k + 1, 3])
        parts = _parts(turn, half_length, half_width)
        for part in range(parts):
            heading = poses[k, 3] + turn * (part + 0.5) / parts
            stretch = out[row]
            for end in range(2):
                done = (part + end) / parts
                stretch[end] = poses[k, 0] + done * (poses[k + 1, 0] - poses[k, 0])
                stretch[2 + 2 * end] = poses[k, 1] + done * (poses[k + 1, 1] - poses[k, 1])
                stretch[3 + 2 * end] = poses[k, 2] + done * (poses[k + 1, 2] - poses[k, 2])
            cosine, sine = math.cos(heading), math.sin(heading)
            stretch[6], stretch[7] = cosine, sine
            stretch[8] = abs(cosine) * half_length + abs(sine) * half_width
            stretch[9] = abs(sine) * half_length + abs(cosine) * half_width
            row += 1


@compiled
def _keep(corners: np.ndarray, n: int, a: float, b: float, c: float, cut: np.ndarray) -> int:
    """Cut a convex polygon to where a u + b w <= c; `corners` comes back cut, with its new count.

    Sutherland, Hodgman: Reentrant polygon clipping, CACM 17, 1974.
    """
    count = 0
    for k in range(n):
        here = a * corners[k, 0] + b * corners[k, 1] - c
        then = (k + 1) % n
        there = a * corners[then, 0] + b * corners[then, 1] - c
        if here <= 0.0:
            cut[count, 0], cut[count, 1] = corners[k, 0], corners[k, 1]
            count += 1
        if (here < 0.0 < there) or (there < 0.0 < here):
            part = here / (here - there)
            cut[count, 0] = corners[k, 0] + part * (corners[then, 0] - corners[k, 0])
            cut[count, 1] = corners[k, 1] + part * (corners[then, 1] - corners[k, 1])
            count += 1
    corners[:count] = cut[:count]
    return count


@compiled
def _shared(
    one: np.ndarray,
    other: np.ndarray,
    halves: np.ndarray,
    corners: np.ndarray,
    cut: np.ndarray,
) -> int:
    """Fill the polygon of parts (u, w) of two stretches at which the boxes touch; its corners."""
    corners[0, 0], corners[0, 1], corners[1, 0], corners[1, 1] = 0.0, 0.0, 1.0, 0.0
    corners[2, 0], corners[2, 1], corners[3, 0], corners[3, 1] = 1.0, 1.0, 0.0, 1.0
    n = 4
    along = abs(one[6] * other[6] + one[7] * other[7])
    across = abs(one[7] * other[6] - one[6] * other[7])
    for axis in range(4):
        box = one if axis < 2 else other  # noqa: PLR2004 - two axes each
        ux, uy = (box[6], box[7]) if axis % 2 == 0 else (-box[7], box[6])
        mine, theirs = halves[2 * (axis // 2)], halves[2 * (axis // 2) + 1]
        length, width = halves[2 - 2 * (axis // 2)], halves[3 - 2 * (axis // 2)]
        if axis % 2 == 0:
            reach = mine + length * along + width * across
        else:
            reach = theirs + length * across + width * along
        a = -(ux * (one[4] - one[2]) + uy * (one[5] - one[3]))
        b = ux * (other[4] - other[2]) + uy * (other[5] - other[3])
        gap = ux * (other[2] - one[2]) + uy * (other[3] - one[3])
        n = _keep(corners, n, a, b, reach + TOUCHING - gap, cut)
        if n > 0:
            n = _keep(corners, n, -a, -b, reach + TOUCHING + gap, cut)
        if n == 0:
            return 0
    return n


@compiled
def _apart(one: np.ndarray, other: np.ndarray) -> bool:
    """Say whether the ground that two stretches sweep is apart along x or along y."""
    for axis in range(2):
        room = one[8 + axis] + other[8 + axis] + TOUCHING
        one_low, one_high = min(one[2 + axis], one[4 + axis]), max(one[2 + axis], one[4 + axis])
        low, high = min(other[2 + axis], other[4 + axis]), max(other[2 + axis], other[4 + axis])
        if one_low > high + room or low > one_high + room:
            return True
    return False


@compiled
def _take_in(
    one: np.ndarray, other: np.ndarray, corners: np.ndarray, n: int, found: np.ndarray
) -> None:
    """Take the corners of a polygon in (u, w) into what was found, in times."""
    low = math.inf
    high = -math.inf
    for k in range(n):
        r = one[0] + corners[k, 0] * (one[1] - one[0])
        s = other[0] + corners[k, 1] * (other[1] - other[0])
        low = min(low, s - r)
        high = max(high, s - r)
        found[OWN_FROM] = min(found[OWN_FROM], r)
        found[OWN_TO] = max(found[OWN_TO], r)
        found[OTHER_FROM] = min(found[OTHER_FROM], s)
        found[OTHER_TO] = max(found[OTHER_TO], s)
    least = 0.0 if low <= 0.0 <= high else min(abs(low), abs(high))
    if least < found[LEAST]:
        found[LEAST] = least
        found[SIDE] = 0.0 if least == 0.0 else (1.0 if low > 0.0 else -1.0)


@compiled
def encroach(own: np.ndarray, other: np.ndarray, halves: np.ndarray, found: np.ndarray) -> None:
    """Find when two trajectories share ground.

    Parameters
    ----------
    own, other : (n_stretches, STRETCH)
    halves : (4,)
        Half length and width of the own box, then of the other [m].
    found : (FOUND,)
        Filled; LEAST is inf and the times are +-inf where they never do.
    """
    found[LEAST], found[SIDE] = math.inf, 0.0
    found[OWN_FROM], found[OTHER_FROM] = math.inf, math.inf
    found[OWN_TO], found[OTHER_TO] = -math.inf, -math.inf
    corners = np.empty((MOST_CORNERS, 2))
    cut = np.empty((MOST_CORNERS, 2))
    for i in range(own.shape[0]):
        for j in range(other.shape[0]):
            if _apart(own[i], other[j]):
                continue
            n = _shared(own[i], other[j], halves, corners, cut)
            if n > 0:
                _take_in(own[i], other[j], corners, n, found)


@entry
def encroach_all(
    own: np.ndarray, other: np.ndarray, n_samples: np.ndarray, halves: np.ndarray, out: np.ndarray
) -> None:
    """Find when pairs of trajectories share ground.

    Parameters
    ----------
    own, other : (n_variants, n_samples, 4)
        Times [s], places of the boxes' centres [m], headings [rad]; NaN where not there.
    n_samples : (n_variants,) int64
    halves : (4,)
        Half length and width of the own box, then of the other [m].
    out : (n_variants, FOUND)
        NaN where one of the two is nowhere for two samples running.
    """
    for variant in range(own.shape[0]):
        n = n_samples[variant]
        n_own = count_stretches(own[variant], n, halves[0], halves[1])
        n_other = count_stretches(other[variant], n, halves[2], halves[3])
        if n_own == 0 or n_other == 0:
            out[variant] = math.nan
            continue
        mine = np.empty((n_own, STRETCH))
        theirs = np.empty((n_other, STRETCH))
        cut_stretches(own[variant], n, halves[0], halves[1], mine)
        cut_stretches(other[variant], n, halves[2], halves[3], theirs)
        encroach(mine, theirs, halves, out[variant])
