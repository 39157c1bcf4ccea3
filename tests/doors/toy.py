"""A domain that no door has ever heard of, with one of everything."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

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
from treadle.kernel.checkpoint import Signer
from treadle.kernel.memory import MemoryStore

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


DOMAIN = Domain(
    name="toy",
    title="Toys",
    fold=fold,
    commands=(paint_box,),
    intakes=(take_list,),
    queries=(coats, total_kg, sheet),
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
