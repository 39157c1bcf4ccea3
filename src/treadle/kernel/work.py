"""Works: long computing in parts, whose life is told on the thread.

A domain says how a work is asked for, how it is computed part by part, and how its facts are
called. The kernel (working.py) keeps its life: asked for, parts finished, cancelled, failed,
resumed, finished, repeated. What a work reads are files and options; what it gives are bytes.
Nothing else goes in, so the same work gives the same bytes, wherever it was interrupted.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NewType

from treadle.kernel.bundle import Bundle
from treadle.kernel.event import Event
from treadle.kernel.fact import Fact, ThingId
from treadle.kernel.leaving import Left, Save

FileName = NewType("FileName", str)
"""The path of a file among those that a work or a reading is given."""

RUN_PREFIX = "urn:treadle:run:"
"""A run is one work asked for; its name follows from all that its result depends on."""


@dataclass(frozen=True, kw_only=True)
class InputsRegistered(Fact):
    """Files that works read were kept, under one name.

    Attributes
    ----------
    name
        What they call themselves.
    manifest
        The blob that lists them.
    entries
        The files that are opened first, by what they are.
    files
        The blob of each, by its path.
    """

    name: str
    manifest: str
    entries: dict[str, str]
    files: dict[str, str]

    def identity(self) -> str | None:
        """Return the manifest: the same files are registered once."""
        return f"{self.stored_as}|{self.manifest}"


@dataclass(frozen=True, kw_only=True)
class WorkAsked(Fact):
    """A work was asked for; all that its result depends on is here.

    Attributes
    ----------
    work
        Its domain and word, as `proving.simulate`.
    about
        The files that it works on, as a thing.
    manifest
        The blob that lists them.
    options
        What else the result depends on.
    seed
        Of all that is drawn by chance.
    n_items
        How many items there are to compute.
    versions, platform
        What it was to be computed with.
    again
        How many same works were asked for before this one.
    """

    work: str
    about: ThingId
    manifest: str
    options: dict[str, Any]
    seed: int
    n_items: int
    versions: dict[str, str]
    platform: str
    again: int = 0

    def mentions(self) -> Iterable[ThingId]:
        """Return what it works on."""
        return (self.about,)


@dataclass(frozen=True, kw_only=True)
class WorkPartFinished(Fact):
    """The items from `first` up to, not including, `until` were computed; `content` has them."""

    first: int
    until: int
    content: str


@dataclass(frozen=True, kw_only=True)
class WorkResumed(Fact):
    """A work that had stopped was taken up again after `n_done` items."""

    n_done: int


@dataclass(frozen=True, kw_only=True)
class WorkCancelled(Fact):
    """Somebody cancelled a work after `n_done` items; it can be resumed."""

    n_done: int


@dataclass(frozen=True, kw_only=True)
class WorkFailed(Fact):
    """A work could not go on after `n_done` items."""

    n_done: int
    error: str


@dataclass(frozen=True, kw_only=True)
class WorkFinished(Fact):
    """All items were computed.

    Attributes
    ----------
    result
        The blob that lists the parts: two results are the same where this name is.
    summary
        What came of it, in a few figures.
    """

    result: str
    summary: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class WorkRepeated(Fact):
    """A finished work was computed once more, from blobs alone.

    Attributes
    ----------
    result
        As of `WorkFinished`.
    differences
        What was not the same; none where it was identical.
    versions, platform
        What it was computed with this time.
    """

    result: str
    identical: bool
    differences: tuple[str, ...]
    versions: dict[str, str]
    platform: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How a domain calls the facts of a work's life."""

    registered: type[InputsRegistered]
    asked: type[WorkAsked]
    part_finished: type[WorkPartFinished]
    resumed: type[WorkResumed]
    cancelled: type[WorkCancelled]
    failed: type[WorkFailed]
    finished: type[WorkFinished]
    repeated: type[WorkRepeated]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks a work for, read and found good.

    Attributes
    ----------
    name
        What the files call themselves.
    entries
        The files that were named, by what they are.
    options
        What else the result depends on, as plain JSON values.
    how
        What it does not depend on, not kept: threads, what asking has made ready.
    """

    name: str
    entries: Mapping[str, str]
    options: Mapping[str, Any]
    n_items: int
    seed: int = 0
    how: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The items from `first` up to, not including, `until`, as bytes."""

    first: int
    until: int
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """How the one who waits takes part: told of progress, asked whether to stop.

    Attributes
    ----------
    report
        `(done, total)` items.
    say
        What is being done, in a few words.
    stopped
        Whether to stop at the next good moment; nothing of the thread is changed by that.
    """

    report: Callable[[int, int], None] = lambda _done, _total: None
    say: Callable[[str], None] = lambda _words: None
    stopped: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """What a work computes from, and where it goes on.

    Attributes
    ----------
    n_done
        Items that are computed already; it goes on with this one.
    last
        Gives the part that was finished last; None where it begins. A work whose next items hang on
        what came of those before keeps there what it needs to go on.
    """

    files: Bundle
    options: Mapping[str, Any]
    seed: int
    n_items: int
    n_done: int
    how: Mapping[str, Any]
    hands: Hands
    last: Callable[[], bytes | None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A domain's long work.

    Attributes
    ----------
    ask
        `(files, *, wish...) -> Wanted`: reads the files and the wish, or refuses. Name, help,
        types and units of every door come from it.
    compute
        `(working) -> parts`, each after the one before, from `working.n_done` on. It ends early
        where it is told to stop. The parts are cut at the same items wherever it starts.
    sum_up
        `(parts) -> summary` of plain JSON values.
    answer
        `(store, *, thing, blobs) -> answer`: what a door shows of a run; a query.
    differences
        `(part, other part) -> sentences`: in what two parts that should be the same differ.
    about
        What names of its files start with, as `urn:treadle:scenario:`.
    libraries
        The packages that the result's last digit depends on, with a version of their own.
    packages
        Those of Treadle; the hash of their source is their version.
    words
        Words of their own on the command line, by the parameter's name; what has one is never told
        by position.
    leaves
        `(files, parts) -> files that it leaves behind`; the summary tells their things as `left`.
    """

    ask: Callable[..., Wanted]
    compute: Callable[[Working], Iterator[Part]]
    sum_up: Callable[[Iterable[bytes]], Mapping[str, Any]]
    answer: Callable[..., Any]
    differences: Callable[[bytes, bytes], Sequence[str]]
    telling: Telling
    about: str
    libraries: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    saves: tuple[Save, ...] = ()
    leaves: Callable[[Bundle, Iterable[bytes]], Sequence[Left]] | None = None

    @property
    def name(self) -> str:
        """What it is called within its domain."""
        return self.ask.__name__


State = Literal["open", "cancelled", "failed", "finished"]
"""`open` is asked for and not ended: it waits, runs, or was interrupted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What a run's history adds up to.

    Attributes
    ----------
    version
        Where its history stands.
    changed
        When anything was last told of it, UTC.
    is_fresh
        The last that was told is that it was asked for, or resumed.
    """

    run: ThingId
    asked: WorkAsked
    asked_at: datetime
    changed: datetime
    version: int
    is_fresh: bool = True
    state: State = "open"
    parts: tuple[WorkPartFinished, ...] = ()
    error: str = ""
    finished: WorkFinished | None = None
    repeats: tuple[WorkRepeated, ...] = ()

    @property
    def n_done(self) -> int:
        """Items that are computed."""
        return self.parts[-1].until if self.parts else 0

    @property
    def is_done(self) -> bool:
        """Whether every item is computed."""
        return self.n_done >= self.asked.n_items

    @property
    def id(self) -> str:
        """The run's own name without its prefix."""
        return self.run.removeprefix(RUN_PREFIX)


def fold(events: Iterable[Event]) -> Life | None:
    """Add up a run's own history; None where there is none."""
    told = list(events)
    if not told or not isinstance(told[0].fact, WorkAsked):
        return None
    state: State = "open"
    parts: list[WorkPartFinished] = []
    error = ""
    finished: WorkFinished | None = None
    repeats: list[WorkRepeated] = []
    for event in told[1:]:
        match event.fact:
            case WorkPartFinished() as part:
                parts.append(part)
            case WorkResumed():
                state, error = "open", ""
            case WorkCancelled():
                state = "cancelled"
            case WorkFailed(error=error):
                state = "failed"
            case WorkFinished() as done:
                state, finished = "finished", done
            case WorkRepeated() as repeat:
                repeats.append(repeat)
            case _:
                pass
    return Life(
        run=told[0].thing,
        asked=told[0].fact,
        asked_at=told[0].happened,
        changed=told[-1].happened,
        version=len(told),
        is_fresh=isinstance(told[-1].fact, WorkAsked | WorkResumed),
        state=state,
        parts=tuple(parts),
        error=error,
        finished=finished,
        repeats=tuple(repeats),
    )
