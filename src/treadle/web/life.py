"""A thing's life as its page needs it: facts in words, the window that is looked at, the date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from treadle.app import App
from treadle.kernel import Event, NotFoundError, ThingId, from_us, to_us
from treadle.kernel.presence import life as whole_story
from treadle.web.dyes import dye_of
from treadle.web.knots import words
from treadle.web.scale import Scale
from treadle.web.thread_picture import Moment, Picture, draw
from treadle.web.words import exact

MOST_FACTS = 2000
"""A place where everything passes has more facts than a picture can hold; the last ones count."""
STEPS = 1000
"""The slider's steps from one end of the line to the other."""
_SNAP = 0.006  # a slider this near to a fact means the fact [share of the line]
_TICKS = ((3 * 86_400_000_000, "%-d %b %Y"), (120_000_000, "%-d %b, %H:%M"), (0, "%H:%M:%S"))
"""How a tick is written, by how long the window is [us]."""
_LEAST = timedelta(seconds=2) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of a thing's life, and the addresses of the stretches around it.

    Attributes
    ----------
    start, end
        Its bounds [us].
    whole
        It is the whole life.
    until_now
        It ends today, whenever it is looked at.
    """

    start: int
    end: int
    whole: bool
    until_now: bool = False

    @property
    def since(self) -> str:
        """Its start as an address takes it; empty where it is the whole life."""
        return "" if self.whole else exact(from_us(self.start))

    @property
    def until(self) -> str:
        """Its end as an address takes it; empty where it is the whole life."""
        return "" if self.whole or self.until_now else exact(from_us(self.end))


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A thing's facts and the window that its page looks at.

    Attributes
    ----------
    events
        By when they happened; the last `MOST_FACTS` of them.
    at
        The date that governs the page [us].
    """

    thing: ThingId
    events: tuple[Event, ...]
    moments: tuple[Moment, ...]
    now: int
    at: int
    fact: Event | None
    scale: Scale
    window: Window
    is_cut: bool

    @property
    def place(self) -> int:
        """Where the slider stands, in its steps."""
        return round(self.scale.place(self.at) * STEPS)

    @property
    def stops(self) -> str:
        """The places of the facts on the slider, for keys that go from fact to fact."""
        places = {round(self.scale.place(m.at) * STEPS) for m in self.moments if self._inside(m)}
        return " ".join(str(p) for p in sorted(places))

    def _inside(self, moment: Moment) -> bool:
        return self.window.start <= moment.at <= self.window.end

    @property
    def n_inside(self) -> int:
        """How many facts the window shows."""
        return sum(self._inside(m) for m in self.moments)

    def picture(self) -> Picture:
        """Return the thread as a picture."""
        chosen = self.fact.position if self.fact else None
        return draw(self.moments, self.scale, at=self.at, chosen=chosen)

    def same_moment(self) -> list[Moment]:
        """Return the other facts of the moment of the one that is open."""
        if self.fact is None:
            return []
        at, own = self.fact.happened_at, self.fact.position
        return [m for m in self.moments if m.at == at and m.position != own]

    def around(self) -> dict[str, Window | None]:
        """Return the windows that buttons lead to; None where one leads nowhere."""
        whole = self._whole()
        scale = Scale.over([m.at for m in self.moments], whole.start, whole.end)
        a, b = scale.place(self.window.start), scale.place(self.window.end)
        centre = min(max(scale.place(self.at), a), b) if a < b else (a + b) / 2
        half = (b - a) / 4
        low = min(max(centre - half, a), b - 2 * half)
        step = (b - a) / 2
        return {
            "in": self._window(scale, low, low + 2 * half),
            "out": None if self.window.whole else self._window(scale, a - step, b + step),
            "back": None
            if a <= 0
            else self._window(scale, max(a - step, 0), max(a - step, 0) + b - a),
            "on": None
            if b >= 1
            else self._window(scale, min(b + step, 1) - (b - a), min(b + step, 1)),
        }

    def _whole(self) -> Window:
        return whole_life(self.moments, self.now)

    def _window(self, scale: Scale, a: float, b: float) -> Window | None:
        start, end = scale.moment(max(a, 0)), scale.moment(min(b, 1))
        if end - start < _LEAST:
            return None
        return Window(start=start, end=end, whole=a <= 0 and b >= 1, until_now=b >= 1)

    def cluster_window(self, first: int, last: int) -> Window | None:
        """Return the window that takes a cluster apart; None where its facts are of one moment."""
        if first == last:
            return None
        pad = max((last - first) // 8, 500_000)
        return Window(start=first - pad, end=last + pad, whole=False)

    def ticks(self) -> list[tuple[float, str]]:
        """Return dates to write under the line: places [0..1] and words."""
        span = self.window.end - self.window.start
        shape = next(words for least, words in _TICKS if span >= least)
        inside = sorted({m.at for m in self.moments if self._inside(m)})
        out: list[tuple[float, str]] = []
        last_word = ""
        for at in inside:
            place, word = self.scale.place(at), from_us(at).strftime(shape)
            if word != last_word and place < 0.93 and (not out or place - out[-1][0] > 0.105):  # noqa: PLR2004 - so wide is a date, and `today` stands at the end
                out.append((place, word))
                last_word = word
        return out


def whole_life(moments: Sequence[Moment], now: int) -> Window:
    """Return the window from a little before the first fact until now."""
    first = moments[0].at if moments else now - 1
    last = max(now, moments[-1].at if moments else now)
    gaps = sorted(b.at - a.at for a, b in pairwise(moments) if b.at > a.at)
    lead = gaps[len(gaps) // 2] if gaps else 3_600_000_000
    return Window(start=first - max(lead // 4, 1), end=last, whole=True)


def live(
    app: App,
    given: ThingId,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    place: float | None = None,
    as_of: datetime | None = None,
    fact: int | None = None,
) -> Life:
    """Return a thing's life, looked at from a date: a fact's, a moment, or a place on the line.

    Raises
    ------
    NotFoundError
        Nobody ever mentioned the thing.
    """
    thing = app.store.resolve(given)
    if thing is None:
        text = (
            f"the thread holds no {given}; look for the beginning of its number in the search field"
        )
        raise NotFoundError(text)
    events = whole_story(app.store, thing, limit=MOST_FACTS)
    moments = tuple(moments_of(app, events, thing))
    now = to_us(app.clock())
    window = whole_life(moments, now)
    if since is not None or until is not None:
        start = window.start if since is None else to_us(since)
        end = window.end if until is None else to_us(until)
        end = max(end, start + _LEAST)
        window = Window(start=start, end=end, whole=False, until_now=until is None)
    scale = Scale.over([m.at for m in moments], window.start, window.end)
    opened = next((e for e in events if e.position == fact), None)
    at = _at(scale, window, opened, place, as_of)
    if opened is None:
        opened = next((e for e in reversed(events) if e.happened_at <= at), None)
    return Life(
        thing=thing,
        events=tuple(events),
        moments=moments,
        now=now,
        at=at,
        fact=opened,
        scale=scale,
        window=window,
        is_cut=len(events) == MOST_FACTS,
    )


def _at(
    scale: Scale,
    window: Window,
    opened: Event | None,
    place: float | None,
    as_of: datetime | None,
) -> int:
    if opened is not None:
        return opened.happened_at
    if as_of is not None:
        return to_us(as_of)
    if place is not None:
        return snap(scale, min(max(place, 0.0), 1.0))
    return window.end


def snap(scale: Scale, place: float) -> int:
    """Return the moment at a place of the line; a place near a fact means the fact."""
    near = min(range(len(scale.places)), key=lambda n: abs(scale.places[n] - place))
    if abs(scale.places[near] - place) <= _SNAP:
        return scale.moments[near]
    return scale.moment(place)


def moments_of(app: App, events: Sequence[Event], thing: ThingId) -> list[Moment]:
    """Return facts as the picture needs them, those that were declared errors marked."""
    void: set[str] = set()
    for event in events:
        void.update(event.fact.voids())
    out = []
    for event in events:
        headline, detail = words(app, event, thing)
        known_as = {event.identity, *event.fact.also_known_as()}
        out.append(
            Moment(
                at=event.happened_at,
                position=event.position,
                dye=dye_of(event),
                headline=headline,
                detail=detail,
                void=bool(known_as & void),
            )
        )
    return out
