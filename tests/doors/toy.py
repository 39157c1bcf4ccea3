"""A domain that no door has ever heard of, with one of everything."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from treadle.app import App
from treadle.kernel import (
    Document,
    Domain,
    Entry,
    Event,
    Fact,
    Intake,
    InvalidInputError,
    NotFoundError,
    RefusedError,
    Rejected,
    Store,
    ThingId,
    named,
    to_us,
)
from treadle.kernel.blob import BlobStore
from treadle.kernel.bundle import Files
from treadle.kernel.checkpoint import Signer
from treadle.kernel.leaving import Save, Saving
from treadle.kernel.memory import MemoryStore
from treadle.kernel.work import (
    FileName,
    InputsRegistered,
    Part,
    Telling,
    Wanted,
    Work,
    WorkAsked,
    WorkCancelled,
    WorkFailed,
    WorkFinished,
    Working,
    WorkPartFinished,
    WorkRepeated,
    WorkResumed,
)

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
BOX = ThingId("urn:toy:box:1")


@named("toy.painted")
@dataclass(frozen=True, kw_only=True)
class Painted(Fact):
    """A box was painted."""

    colour: str
    mass_kg: float
    coats: int = 1
    marks: tuple[str, ...] = ()

    def identity(self) -> str | None:
        """Return the marks, where it has any: telling them twice is telling one thing."""
        return "|".join(self.marks) or None


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A mark on a box.

    Attributes
    ----------
    at_m
        How high it stands [m].
    """

    text: str
    at_m: float = 0.0


def fold(events: Iterable[Event]) -> tuple[str, ...]:
    """Add up the colours."""
    return tuple(e.fact.colour for e in events if isinstance(e.fact, Painted))


def paint_box(
    colours: tuple[str, ...],
    *,
    thing: ThingId,
    happened_at: datetime,
    colour: str,
    mass_kg: float,
    coats: int = 1,
    finish: Literal["matt", "gloss"] = "matt",
    marks: tuple[str, ...] = (),
    seal: Mark | None = None,
    price: Decimal | None = None,
) -> list[Painted]:
    """Paint a box.

    Parameters
    ----------
    colour
        The colour that it gets.
    mass_kg
        How much paint it takes [kg].
    coats
        How often it is painted.
    finish
        How it shines.
    marks
        What is written on it.
    seal
        A mark that closes it.
    price
        What it costs.
    """
    assert happened_at.tzinfo is not None
    if not 0 <= mass_kg <= 1000:
        text = f"{mass_kg} kg of paint is no amount for {thing}; give 0 to 1000"
        raise InvalidInputError(text)
    if colour in colours:
        text = f"{thing} is {colour} already"
        raise RefusedError(text)
    told = (
        *marks,
        *([finish] if finish == "gloss" else ()),
        *([seal.text] if seal else ()),
        *([str(price)] if price else ()),
    )
    return [Painted(colour=colour, mass_kg=mass_kg, coats=coats, marks=told)]


def take_list(content: bytes, *, least_kg: float = 0.0) -> Intake:
    """Take a list of paintings in.

    Parameters
    ----------
    least_kg
        Less paint than this is refused [kg].
    """
    try:
        items = json.loads(content)
    except (ValueError, RecursionError) as error:
        text = f"this is no JSON: {type(error).__name__}"
        raise InvalidInputError(text) from error
    if not isinstance(items, list):
        text = "this is no list of paintings"
        raise InvalidInputError(text)
    entries, rejected = [], []
    for n, item in enumerate(items):
        if not isinstance(item, dict) or item.get("colour") not in ("red", "blue"):
            rejected.append(Rejected(place=f"/{n}", reason="the colour is neither red nor blue"))
            continue
        if least_kg > 1:
            rejected.append(Rejected(place=f"/{n}", reason="there is too little paint"))
            continue
        fact = Painted(colour=item["colour"], mass_kg=1.0, marks=(f"list {n}", item["colour"]))
        entries.append(Entry.of(BOX, fact, to_us(NOW)))
    return Intake(
        n_in=len(items), n_facts=len(entries), entries=tuple(entries), rejected=tuple(rejected)
    )


@dataclass(frozen=True, kw_only=True)
class Coat:
    """One coat of paint.

    Attributes
    ----------
    mass_kg
        How much paint it took [kg].
    """

    colour: str
    mass_kg: float
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Coats:
    """What is on a box.

    Attributes
    ----------
    total_kg
        All paint together [kg].
    """

    thing: ThingId
    total_kg: float
    newest: Coat | None
    coats: tuple[Coat, ...]


def coats(
    store: Store,
    *,
    thing: ThingId,
    as_of: datetime | None = None,
    least_kg: float | None = None,
    only: tuple[str, ...] = (),
    newest_first: bool = False,
    most: int | None = None,
) -> Coats:
    """Return what is on a box.

    Parameters
    ----------
    thing
        The box.
    as_of
        The date to ask for.
    least_kg
        Only coats that took as much [kg].
    only
        Only these colours.
    newest_first
        Turn them round.
    most
        How many at most.
    """
    if store.resolve(thing) is None:
        text = f"nobody ever painted {thing}"
        raise NotFoundError(text)
    found = [
        Coat(colour=e.fact.colour, mass_kg=e.fact.mass_kg, at=e.happened)
        for e in store.history(thing)
        if isinstance(e.fact, Painted) and (as_of is None or e.happened <= as_of)
    ]
    found = [c for c in found if c.mass_kg >= (least_kg or 0.0) and (not only or c.colour in only)]
    found = found[::-1] if newest_first else found
    newest = max(found, key=lambda c: c.at, default=None)
    total = sum(c.mass_kg for c in found)
    return Coats(
        thing=thing, total_kg=total, newest=newest, coats=tuple(found[: most and max(0, most)])
    )


def total_kg(store: Store) -> float:
    """Return how much paint was ever used."""
    return sum(e.fact.mass_kg for e in store.after(0) if isinstance(e.fact, Painted))


def sheet(store: Store, *, thing: ThingId) -> Document:
    """Return a sheet to hang on a box."""
    lines = [f"{thing}", *fold(store.history(thing))]
    content = "\n".join(lines).encode()
    return Document(content=content, media_type="text/plain", filename="sheet 1.txt")


@named("toy.rolls_registered")
@dataclass(frozen=True, kw_only=True)
class RollsRegistered(InputsRegistered):
    """A list of rolls came."""


@named("toy.rolling_asked")
@dataclass(frozen=True, kw_only=True)
class RollingAsked(WorkAsked):
    """Boxes were to be rolled."""


@named("toy.rolling_part_finished")
@dataclass(frozen=True, kw_only=True)
class RollingPartFinished(WorkPartFinished):
    """Some boxes were rolled."""


@named("toy.rolling_resumed")
@dataclass(frozen=True, kw_only=True)
class RollingResumed(WorkResumed):
    """The rolling went on."""


@named("toy.rolling_cancelled")
@dataclass(frozen=True, kw_only=True)
class RollingCancelled(WorkCancelled):
    """The rolling was cancelled."""


@named("toy.rolling_failed")
@dataclass(frozen=True, kw_only=True)
class RollingFailed(WorkFailed):
    """The rolling failed."""


@named("toy.rolling_finished")
@dataclass(frozen=True, kw_only=True)
class RollingFinished(WorkFinished):
    """All boxes were rolled."""


@named("toy.rolling_repeated")
@dataclass(frozen=True, kw_only=True)
class RollingRepeated(WorkRepeated):
    """All boxes were rolled once more."""


@dataclass(frozen=True, kw_only=True)
class Rolled:
    """What came of rolling.

    Attributes
    ----------
    n_boxes
        Boxes.
    """

    n_boxes: int
    sum_m: float

    @property
    def good(self) -> bool:
        """Whether they came anywhere."""
        return self.sum_m > 0


ROLLED_AT_ONCE = 3
broken = {"at": -1, "by": 0.0}
"""At which box the next rolling fails, and by how much it differs from all others; tests say so."""


def roll(
    files: Files,
    *,
    boxes: FileName,
    more: FileName | None = None,
    push_m: float = 1.0,
    wait_s: float = 0.0,
    seed: int = 0,
    marks: dict[str, str] | None = None,
) -> Wanted:
    """Roll boxes, one after the other.

    Parameters
    ----------
    boxes
        A file with a line for each.
    more
        Another one.
    push_m
        How far each goes [m].
    wait_s
        How long each takes [s].
    seed
        Of chance.
    marks
        What is written on which.
    """
    lines = _lines(files, boxes) + (_lines(files, more) if more else [])
    if not lines:
        text = f"{boxes} has no boxes; give it a line for each"
        raise InvalidInputError(text)
    return Wanted(
        name="boxes",
        entries={"boxes": boxes} | ({"more": more} if more else {}),
        options={"push_m": push_m, "marks": marks or {}},
        n_items=len(lines),
        seed=seed,
        how={"wait_s": min(wait_s, 1.0)},
    )


def _lines(files: Files, path: str) -> list[str]:
    try:
        return files(path).decode(errors="replace").splitlines()
    except OSError as error:
        text = f"{path} cannot be read: {error}"
        raise InvalidInputError(text) from error


def roll_all(working: Working) -> Iterator[Part]:
    """Roll what is left."""
    entries = working.files.entries
    lines = [line for what in ("boxes", "more") if what in entries
             for line in _lines(working.files, entries[what])]  # fmt: skip
    for first in range(working.n_done, working.n_items, ROLLED_AT_ONCE):
        until = min(first + ROLLED_AT_ONCE, working.n_items)
        rolled = []
        for n in range(first, until):
            if working.hands.stopped():
                return
            if n == broken["at"]:
                text = f"box {n} does not roll; oil it"
                raise RefusedError(text)
            time.sleep(working.how.get("wait_s", 0.0))
            away = working.options["push_m"] * len(lines[n]) + working.seed + broken["by"]
            rolled.append(f"{n} {away}")
            working.hands.report(n + 1, working.n_items)
        yield Part(first=first, until=until, content="\n".join(rolled).encode())


def add_up(parts: Iterable[bytes]) -> dict[str, Any]:
    """Add up how far they went."""
    rows = [line.split() for part in parts for line in part.decode().splitlines()]
    return {"n_boxes": len(rows), "sum_m": sum(float(away) for _, away in rows)}


def rolled(store: Store, *, thing: ThingId, blobs: BlobStore) -> Rolled:
    """Return what came of rolling."""
    facts = [event.fact for event in store.history(thing)]
    if not any(isinstance(fact, RollingAsked) for fact in facts):
        text = f"nobody rolled {thing}"
        raise NotFoundError(text)
    parts = [blobs.get(f.content) for f in facts if isinstance(f, RollingPartFinished)]
    return Rolled(**add_up(parts))


def unlike(kept: bytes, now: bytes) -> list[str]:
    """Return which boxes went elsewhere."""
    both = zip(kept.decode().splitlines(), now.decode().splitlines(), strict=True)
    return [f"box {was}, now {is_}" for was, is_ in both if was != is_]


def write_rolled(saving: Saving, target: Path) -> None:
    """Write how far they went."""
    target.write_bytes(b"\n".join(saving.parts))


def lengths(files: Files, *, paths: tuple[FileName, ...], least: int = 0) -> tuple[int, ...]:
    """Return how long files are.

    Parameters
    ----------
    paths
        The files.
    least
        Leave out shorter ones.
    """
    found = [len("".join(_lines(files, path))) for path in paths]
    return tuple(n for n in found if n >= least)


ROLL = Work(
    ask=roll,
    compute=roll_all,
    sum_up=add_up,
    answer=rolled,
    differences=unlike,
    telling=Telling(
        registered=RollsRegistered,
        asked=RollingAsked,
        part_finished=RollingPartFinished,
        resumed=RollingResumed,
        cancelled=RollingCancelled,
        failed=RollingFailed,
        finished=RollingFinished,
        repeated=RollingRepeated,
    ),
    about="urn:toy:rolls:",
    words={"push_m": "push"},
    saves=(
        Save(
            option="table",
            help="Write how far they went.",
            suffixes=(".csv",),
            wish={},
            write=write_rolled,
        ),
    ),
)

DOMAIN = Domain(
    name="toy",
    title="Toys",
    fold=fold,
    commands=(paint_box,),
    intakes=(take_list,),
    queries=(coats, total_kg, sheet, rolled),
    works=(ROLL,),
    readings=(lengths,),
    warm=lambda: iter(("warm",)),
)


def toy_app() -> App:
    """Return an app that holds only the toy domain."""
    signer = Signer.fresh()
    return App(
        store=MemoryStore(),
        blobs=BlobStore("memory://toy"),
        signer=lambda: signer,
        domains=(DOMAIN,),
        clock=lambda: NOW,
    )
