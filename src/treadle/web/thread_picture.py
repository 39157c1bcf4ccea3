"""The thread as a picture: knots on a line, words that never overlap, facts in clusters.

Pure: moments in, places out. The template only writes down what stands here.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from treadle.web.scale import Scale

WIDTH = 1180
LEFT, RIGHT = 14.0, 116.0
"""Margins [px]: on the right there is room for the label of the last knot."""
LEVELS = 3
FIRST_REACH, LEVEL_HEIGHT = 36.0, 36.0
MIN_GAP = 15.0
"""Knots nearer than this are one cluster [px]."""
_SWAY = 13.0  # the thread is not a ruler: it sways this far up and down [px]

_NARROW, _WIDE = frozenset("iljt.,:;'|!frI1()[] "), frozenset("mwMWGOQD@%—…")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A fact as the picture needs it: when [us], which, whose colour, and its words."""

    at: int
    position: int
    dye: str
    headline: str
    detail: str = ""
    void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Words beside a knot. `y` is the headline's baseline, `stem` where the line to it ends."""

    x: float
    y: float
    width: float
    stem: float
    up: bool
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Knot:
    """One fact, or several that stand too close to be told apart at this zoom."""

    x: float
    y: float
    moments: tuple[Moment, ...]
    dye: str
    headline: str
    detail: str
    label: Label | None = None

    @property
    def is_cluster(self) -> bool:
        """Whether it holds more than one fact."""
        return len(self.moments) > 1

    @property
    def first(self) -> Moment:
        """Its earliest fact."""
        return self.moments[0]

    @property
    def last(self) -> Moment:
        """Its latest fact."""
        return self.moments[-1]

    @property
    def void(self) -> bool:
        """Whether something in it was declared an error."""
        return any(m.void for m in self.moments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dye:
    """Where on the line a colour is pure: offset [0..1] and domain."""

    offset: float
    dye: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything that the template draws [px]."""

    width: int
    height: float
    middle: float
    knots: tuple[Knot, ...]
    under: tuple[str, ...]
    over: tuple[str, ...]
    dyes: tuple[Dye, ...]
    now_x: float | None = None
    chosen: int | None = None
    scale: Scale = field(repr=False, default_factory=lambda: Scale((0, 1), (0.0, 1.0)))


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return a generous guess of a text's width in the page's font [px]."""
    units = 0.0
    for c in text:
        if ord(c) > 0x2E7F:  # noqa: PLR2004 - where Unicode's full-width scripts begin
            units += 1.05
        elif c in _NARROW:
            units += 0.38
        elif c in _WIDE:
            units += 0.92
        elif c.isupper():
            units += 0.72
        else:
            units += 0.61
    return units * size * (1.06 if bold else 1.0)


def shorten(text: str, most: int) -> str:
    """Return a text with its middle left out where it is longer than so many characters."""
    if len(text) <= most:
        return text
    tail = (most - 1) // 2
    return f"{text[: most - 1 - tail]}…{text[-tail:]}"


def draw(
    moments: Sequence[Moment], scale: Scale, *, at: int | None = None, chosen: int | None = None
) -> Picture:
    """Return the picture of the facts within a scale; `at` is where the slider stands."""
    inside = [m for m in moments if scale.moments[0] <= m.at <= scale.moments[-1]]
    inside.sort(key=lambda m: (m.at, m.position))
    knots = _label_all(_gather([(_x(scale.place(m.at)), (m,)) for m in inside]))
    ups = max((k.label.level for k in knots if k.label and k.label.up), default=-1) + 1
    downs = max((k.label.level for k in knots if k.label and not k.label.up), default=-1) + 1
    middle = 22 + _SWAY + max(ups, 1) * LEVEL_HEIGHT
    placed = tuple(_settle(k, middle) for k in knots)
    under, over = _weave(middle)
    return Picture(
        width=WIDTH,
        height=middle + _SWAY + max(downs, 1) * LEVEL_HEIGHT + 20,
        middle=middle,
        knots=placed,
        under=under,
        over=over,
        dyes=_dyes(placed),
        now_x=None if at is None else _x(scale.place(at)),
        chosen=chosen,
        scale=scale,
    )


def _x(place: float) -> float:
    return LEFT + place * (WIDTH - LEFT - RIGHT)


def _sway(x: float) -> float:
    u = x / WIDTH
    return 9 * math.sin(u * 9.5) + 4 * math.sin(u * 31)


Group = tuple[float, tuple[Moment, ...]]


def _gather(groups: list[Group]) -> list[Group]:
    """Join neighbours until no two knots touch."""
    out: list[Group] = []
    for x, moments in groups:
        if out and x - out[-1][0] < MIN_GAP:
            out[-1] = (out[-1][0], out[-1][1] + moments)
        else:
            out.append((x, moments))
    return out


def _label_all(groups: list[Group]) -> list[Knot]:
    """Return knots that all have room for their words, joining the closest where there is none."""
    while True:
        knots = [_knot(x, moments) for x, moments in groups]
        labelled = _place_labels(knots)
        missing = sum(k.label is None for k in labelled)
        if not missing or len(groups) < 2:  # noqa: PLR2004 - one knot has no neighbour to join
            return labelled
        groups = _join_closest(groups, labelled, max(1, missing // 3))


def _join_closest(groups: list[Group], knots: list[Knot], times: int) -> list[Group]:
    """Join the closest pairs of which at least one has no words."""
    bare = [k.label is None for k in knots]
    pairs = sorted(
        (groups[n + 1][0] - groups[n][0], n)
        for n in range(len(groups) - 1)
        if bare[n] or bare[n + 1]
    )
    chosen: set[int] = set()
    for _, n in pairs:
        if len(chosen) < times and not {n - 1, n, n + 1} & chosen:
            chosen.add(n)
    out: list[Group] = []
    for n, group in enumerate(groups):
        if n - 1 in chosen:
            out[-1] = (out[-1][0], out[-1][1] + group[1])
        else:
            out.append(group)
    return out


def _knot(x: float, moments: tuple[Moment, ...]) -> Knot:
    first = moments[0]
    dye = Counter(m.dye for m in moments).most_common(1)[0][0]
    if len(moments) == 1:
        headline, detail = shorten(first.headline, 28), shorten(first.detail, 32)
    else:
        words = Counter(m.headline for m in moments).most_common(2)
        if len(words) == 1:
            headline, detail = shorten(first.headline, 22), f"{len(moments)} times"
        else:
            headline = f"{len(moments)} facts"
            detail = shorten(f"{words[0][0]}, {words[1][0].lower()}", 30)
    return Knot(x=round(x, 1), y=0.0, moments=moments, dye=dye, headline=headline, detail=detail)


def _place_labels(knots: list[Knot]) -> list[Knot]:
    """Give each knot a label where one fits; no label covers another, no stem crosses one.

    From right to left. A label reaches to the right of its knot, so the words of a knot further
    left must lie further out; `free[side][level]` is how far right a new label may reach. Where
    headline and detail have no room, the headline alone may have.
    """
    free = {True: [WIDTH - 2.0] * LEVELS, False: [WIDTH - 2.0] * LEVELS}
    out: list[Knot] = []
    for n, knot in reversed(list(enumerate(knots))):
        sides = (True, False) if n % 2 == 0 else (False, True)
        out.append(_with_label(knot, free, sides))
    return out[::-1]


Free = dict[bool, list[float]]


def _with_label(knot: Knot, free: Free, sides: tuple[bool, bool]) -> Knot:
    """Return a knot with the innermost label that fits, noting the room it takes."""
    headline = text_width(knot.headline, 12.5, bold=True) + 10
    wide = max(headline, text_width(knot.detail, 11.5) + 10)
    for width, detail in ((wide, knot.detail), (headline, "")):
        for level in range(LEVELS):
            for up in sides:
                if knot.x - 5 + width <= free[up][level]:
                    for inner in range(level + 1):
                        free[up][inner] = min(free[up][inner], knot.x - 6)
                    label = Label(x=knot.x - 5, y=0, width=width, stem=0, up=up, level=level)
                    return replace(knot, detail=detail, label=label)
    return replace(knot, label=None)


def _settle(knot: Knot, middle: float) -> Knot:
    """Return the knot with its heights, now that the middle is known."""
    y = middle + _sway(knot.x)
    label = knot.label
    if label is not None:
        reach = FIRST_REACH + label.level * LEVEL_HEIGHT
        if label.up:
            stem = middle - reach + 4
            label = replace(label, y=round(stem - 18, 1), stem=round(stem, 1))
        else:
            stem = middle + reach - 6
            label = replace(label, y=round(stem + 12, 1), stem=round(stem, 1))
    return replace(knot, y=round(y, 1), label=label)


def _dyes(knots: Sequence[Knot]) -> tuple[Dye, ...]:
    """Return where each colour is pure: around its knots, fading half-way to the next."""
    out = [Dye(offset=round(knot.x / WIDTH, 4), dye=knot.dye) for knot in knots]
    if len(out) > 1:
        spread = [out[0]]
        for a, b in pairwise(out):
            if a.dye != b.dye:
                gap = b.offset - a.offset
                spread.append(Dye(offset=round(a.offset + gap * 0.35, 4), dye=a.dye))
                spread.append(Dye(offset=round(a.offset + gap * 0.65, 4), dye=b.dye))
            spread.append(b)
        out = spread
    return tuple(out) or (Dye(offset=0, dye="trace"),)


STRANDS = 3
_PERIOD, _AMPLITUDE, _STEP = 92.0, 5.2, 4.0


def _weave(middle: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the strands of a plait, each as what lies under and what lies over [SVG paths].

    Three strands a third of a period apart; which lies on top changes twice in a period, as it
    does when hair is plaited.
    """
    under, over = [], []
    count = int((WIDTH - LEFT - RIGHT + 74) / _STEP)
    for strand in range(STRANDS):
        shift = 2 * math.pi * strand / STRANDS
        paths: dict[bool, list[str]] = {True: [], False: []}
        before: bool | None = None
        last = ""
        for n in range(count + 1):
            x = 2 + n * _STEP
            angle = 2 * math.pi * x / _PERIOD + shift
            y = middle + _sway(x) + _AMPLITUDE * math.sin(angle)
            top = math.sin(2 * angle) > 0
            point = f"{x:.0f} {y:.1f}"
            if top != before:
                paths[top].append(f"M{last or point}L{point}" if last else f"M{point}")
            else:
                paths[top].append(f"L{point}")
            before, last = top, point
        under.append("".join(paths[False]))
        over.append("".join(paths[True]))
    return tuple(under), tuple(over)
