"""The scale of the thread: moments to places on the line and back, long pauses shorter."""

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

MINUTE_US = 60_000_000
DAY_US = 86_400_000_000
LEAST = 3.0
"""What every pause weighs at the least: facts keep room for their words."""


def weight(gap_us: int) -> float:
    """Return how much of the line a pause takes: its logarithm, so that a year is not a desert.

    A minute weighs 3.7, an hour 7.1, a day 10, a year 16: the order of things and the feeling of
    time both stay, and a body built in two days is as readable as ten years on the road.
    """
    return LEAST + math.log1p(gap_us / MINUTE_US)


@dataclass(frozen=True, slots=True)
class Scale:
    """A piecewise straight map between moments [us] and places on the line [0..1].

    Attributes
    ----------
    moments : (n,)  [us]
        Rising; the first is the left end of the line, the last its right end.
    places : (n,)
        Rising from 0 to 1.
    """

    moments: tuple[int, ...]
    places: tuple[float, ...]

    @classmethod
    def over(cls, moments: Iterable[int], start: int, end: int) -> "Scale":
        """Return the scale of a stretch of time from the moments at which something happened."""
        end = max(end, start + 1)
        inner = sorted({m for m in moments if start < m < end})
        anchors = [start, *inner, end]
        weights = [weight(b - a) for a, b in pairwise(anchors)]
        total = math.fsum(weights)
        places, run = [0.0], 0.0
        for w in weights[:-1]:
            run += w
            places.append(min(run / total, 1.0))
        return cls(tuple(anchors), (*places, 1.0))

    def place(self, moment: int) -> float:
        """Return where a moment stands on the line; what is outside stands at its end."""
        return _between(self.moments, self.places, moment)

    def moment(self, place: float) -> int:
        """Return the moment at a place of the line [us]."""
        return round(_between(self.places, self.moments, place))


def _between(xs: tuple[float, ...], ys: tuple[float, ...], x: float) -> float:
    if x <= xs[0]:
        return ys[0]
    if x >= xs[-1]:
        return ys[-1]
    n = bisect_right(xs, x)
    share = (x - xs[n - 1]) / (xs[n] - xs[n - 1])
    return ys[n - 1] + share * (ys[n] - ys[n - 1])
