"""A page for every answer that is a scene: the picture, the storyboard, parameters, manifest."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from treadle.kernel.scene import Condition, Fate, Firing, Scene, Sign, Step, Tone

RATES = (0.25, 0.5, 1, 2, 4, 8)
"""How fast a scene plays, times its own time."""
_SHOWN = 400
"""Lines of a part of the manifest on the page; the file has all."""
_SIGNS = 60
_KEPT = 4
_OUTCOMES: tuple[tuple[str, str, Tone, bool], ...] = (
    ("not supported", "Not supported", "warn", True),
    ("no effect", "No effect, by nature", "plain", False),
    ("executed", "Executed", "good", False),
)


@dataclass(frozen=True, slots=True)
class Span:
    """When a step ran [s], and where that is on a lane of 1,000."""

    start_s: float
    end_s: float
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A step of the storyboard with what fired, and when it ran.

    Attributes
    ----------
    waits
        Its conditions, each with the word before it, as `or when`.
    """

    step: Step
    firings: tuple[Firing, ...]
    spans: tuple[Span, ...]
    waits: tuple[tuple[str, Condition], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The elements of a manifest with one outcome."""

    title: str
    tone: Tone
    open: bool
    n: int
    share: float
    lines: tuple[Fate, ...]
    n_more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The way to the other scenes of a kind: addresses, empty where there is none."""

    noun: str
    parameter: str
    number: int
    n: int
    n_failing: int | None
    rest: tuple[tuple[str, str], ...]
    before: str
    after: str
    failing_before: str
    failing_after: str


@dataclass(slots=True)
class Kept:
    """The last scenes that were asked for: a page asks twice, for itself and for its picture.

    An answer depends on its question and on the thread alone, so both together are its key.
    """

    scenes: "OrderedDict[tuple[Any, ...], Scene]" = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """Return what was kept under a key; else make it, and keep it where it is a scene."""
        with self.lock:
            if key in self.scenes:
                self.scenes.move_to_end(key)
                return self.scenes[key]
        made = make()
        if isinstance(made, Scene):
            with self.lock:
                self.scenes[key] = made
                while len(self.scenes) > _KEPT:
                    self.scenes.popitem(last=False)
        return made


def values(scene: Scene, path: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page of a scene shows.

    Parameters
    ----------
    path
        The address of the query.
    typed
        What it was asked.
    """
    rows = _rows(scene)
    return {
        "scene": scene,
        "path": path,
        "data": f"{path}?{urlencode({**typed, 'format': 'json'})}",
        "choice": _choice(scene, path, typed),
        "rates": RATES,
        "moving": [(n, scene.movers[n]) for n in sorted({t.mover for t in scene.tracks})],
        "rows": rows,
        "heights": _heights(scene),
        "signs": _signs(scene),
        "n_signs": len(scene.signs),
        "n_started": sum(bool(row.firings) for row in rows),
        "n_changed": sum(s.here != s.declared for s in scene.settings),
        "n_elements": sum(line.n for line in scene.elements),
        "groups": _groups(scene),
    }


def _choice(scene: Scene, path: str, typed: Mapping[str, str]) -> Choice | None:
    among = scene.among
    if among is None or among.n <= 1:
        return None

    def address(number: int | None) -> str:
        if number is None:
            return ""
        return f"{path}?{urlencode({**typed, among.parameter: number})}"

    return Choice(
        noun=among.noun,
        parameter=among.parameter,
        number=among.number,
        n=among.n,
        n_failing=among.n_failing,
        rest=tuple((k, v) for k, v in typed.items() if k != among.parameter),
        before=address(among.before),
        after=address(among.after),
        failing_before=address(among.failing_before),
        failing_after=address(among.failing_after),
    )


def _rows(scene: Scene) -> tuple[Row, ...]:
    by_step = {
        number: tuple(found)
        for number, found in groupby(
            sorted(scene.firings, key=lambda f: (f.number, f.time_s)), key=lambda f: f.number
        )
    }
    return tuple(
        Row(
            step=step,
            firings=by_step.get(number, ()),
            spans=tuple(_spans(by_step.get(number, ()), scene)),
            waits=tuple(_waits(c for c in scene.conditions if c.number == number)),
        )
        for number, step in enumerate(scene.steps)
    )


def _waits(conditions: Iterable[Condition]) -> Iterator[tuple[str, Condition]]:
    """Yield a step's conditions with the word that joins each to the one before."""
    before: Condition | None = None
    for one in conditions:
        if before is None or before.ends != one.ends:
            word = "ends when" if one.ends else "when"
        else:
            word = "and" if one.group == before.group else "or when"
        before = one
        yield word, one


def _heights(scene: Scene) -> tuple[float, float] | None:
    """Return the lowest and the highest place that anything was at [m]; None where all is level."""
    heights = [z for track in scene.tracks for z in track.z_m]
    return (min(heights), max(heights)) if heights else None


def _signs(scene: Scene) -> list[tuple[Sign, list[tuple[float, str]]]]:
    """Return signs with what they showed when: first those that changed."""
    found = sorted(scene.signs, key=lambda sign: (-len(sign.states), sign.kind))
    return [(s, list(zip(s.times_s, s.states, strict=True))[:_SHOWN]) for s in found[:_SIGNS]]


def _spans(firings: tuple[Firing, ...], scene: Scene) -> list[Span]:
    """Return when a step ran: from each start to the end or stop that follows."""
    length = scene.end_s - scene.start_s or 1.0
    found: list[Span] = []
    since: float | None = None

    def close(until: float) -> None:
        if since is not None:
            x = 1000 * (since - scene.start_s) / length
            width = max(4.0, 1000 * (until - since) / length)
            found.append(Span(since, until, round(min(x, 996.0), 1), round(width, 1)))

    for firing in firings:
        if firing.what == "started":
            since = firing.time_s if since is None else since
        elif firing.what in ("ended", "stopped"):
            close(firing.time_s)
            since = None
    close(scene.end_s)
    return found


def _groups(scene: Scene) -> tuple[Group, ...]:
    whole = sum(line.n for line in scene.elements) or 1
    found: list[Group] = []
    for outcome, title, tone, is_open in _OUTCOMES:
        lines = [line for line in scene.elements if line.outcome == outcome]
        n = sum(line.n for line in lines)
        found.append(
            Group(
                title=title,
                tone=tone if n or outcome != "not supported" else "good",
                open=is_open and bool(lines),
                n=n,
                share=round(100 * n / whole, 2),
                lines=tuple(lines[:_SHOWN]),
                n_more=max(0, len(lines) - _SHOWN),
            )
        )
    return tuple(found)
