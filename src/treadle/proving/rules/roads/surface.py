"""A road's shape across as rows of the engine: what the file says, or a crossfall as one."""

import math

from treadle.proving.rules.roads.geometry import Crossfall, Polynomial
from treadle.proving.rules.roads.road import Road

_WIDE_M = 1_000.0  # beyond any lane
_STEP_M = 5.0
_MOST_STEPS = 400
_BEFORE_M = 1e-6  # a jump between two rows


def shape_rows(road: Road) -> list[tuple[float, ...]]:
    """Return the rows of `tables.SHAPE` of a road.

    A crossfall (OpenDRIVE 1.4, 5.3.6.2) is a roof of two planes, whose fall changes along s; shapes
    change evenly between their s, so a curved fall is told every 5 m. Where a file says both, the
    shape counts: it replaced the crossfall.
    """
    if road.shapes:
        return [(p.s, p.t, p.a, p.b, p.c, p.d) for p in road.shapes]
    if not any(p.fall.a or p.fall.b or p.fall.c or p.fall.d for p in road.crossfalls):
        return []
    rows: list[tuple[float, ...]] = []
    for s in _places(road):
        left, right = (math.tan(_fall(road.crossfalls, side, s)) for side in ("left", "right"))
        rows.append((s, -_WIDE_M, -_WIDE_M * right, right, 0.0, 0.0))
        rows.append((s, 0.0, 0.0, -left, 0.0, 0.0))
    return rows


def _places(road: Road) -> list[float]:
    starts = sorted({0.0, *(crossfall.fall.s for crossfall in road.crossfalls)})
    ends = [*starts[1:], road.length]
    found: list[float] = []
    for start, end in zip(starts, ends, strict=True):
        if end <= start:
            continue
        here = [p.fall for p in road.crossfalls if p.fall.s <= start]
        is_even = not any(p.b or p.c or p.d for p in here)
        n = 1 if is_even else min(_MOST_STEPS, math.ceil((end - start) / _STEP_M))
        found.extend(start + (end - start) * i / n for i in range(n))
        found.append(max(start, end - _BEFORE_M))
    return found or [0.0]


def _fall(crossfalls: tuple[Crossfall, ...], side: str, s: float) -> float:
    found: Polynomial | None = None
    for crossfall in crossfalls:
        if crossfall.fall.s <= s and crossfall.side in (side, "both"):
            found = crossfall.fall
    if found is None:
        return 0.0
    ds = s - found.s
    return found.a + ds * (found.b + ds * (found.c + ds * found.d))
