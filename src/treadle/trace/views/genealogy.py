"""What is in a thing, and what a thing is in, to any depth, as of any date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from treadle.facts.trace import INPUT, OUTPUT
from treadle.kernel import Link, NotFoundError, Store, ThingId
from treadle.kernel.store import Direction


@dataclass(frozen=True, slots=True)
class Part:
    """A thing met on the way, with the link that leads to it.

    Attributes
    ----------
    depth
        Steps from the thing that was asked about, from 1.
    thing
        What is in (or holds) the one above.
    above
        The thing one step nearer to the one that was asked about.
    kind
        How it is linked: association, aggregation, transformation, input, output.
    quantity, uom
        How much, where it is a class or lot; uom None counts pieces.
    since, until
        Since when and until when; since None is not known, until None is still so.
    repeated
        It was met before; what follows it is listed there.
    """

    depth: int
    thing: ThingId
    above: ThingId
    kind: str
    quantity: float | None
    uom: str | None
    since: datetime | None
    until: datetime | None
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Genealogy:
    """The tree of a thing, downwards or upwards.

    Attributes
    ----------
    as_of
        The date it holds for; None is as last known.
    n_things
        Different things in it, processes not counted.
    in_a_circle
        Things that, by what was told, are in themselves; one of the tellings must be wrong.
    parts
        Depth first, each branch in the order of names.
    """

    thing: ThingId
    direction: Direction
    as_of: datetime | None
    n_things: int
    in_a_circle: tuple[ThingId, ...]
    parts: tuple[Part, ...]


def down(
    store: Store, *, thing: ThingId, as_of: datetime | None = None, depth: int | None = None
) -> Genealogy:
    """Return what is in a thing, to any depth, as of any date.

    Parameters
    ----------
    thing
        A car, part or lot; any spelling of its identifier.
    as_of
        The date to ask for; as last known where none is given.
    depth
        How many steps to go; all where none is given.

    Raises
    ------
    NotFoundError
        Nobody ever mentioned the thing.
    """
    return _walk(store, thing, "down", as_of, depth)


def up(
    store: Store, *, thing: ThingId, as_of: datetime | None = None, depth: int | None = None
) -> Genealogy:
    """Return what a part or lot is in, up to the cars, as of any date.

    Parameters
    ----------
    thing
        A part or lot; any spelling of its identifier.
    as_of
        The date to ask for; as last known where none is given.
    depth
        How many steps to go; all where none is given.

    Raises
    ------
    NotFoundError
        Nobody ever mentioned the thing.
    """
    return _walk(store, thing, "up", as_of, depth)


def known(store: Store, thing: ThingId) -> ThingId:
    """Return a thing as it is called in the thread; refuse one that nobody mentioned."""
    found = store.resolve(thing)
    if found is None:
        text = f"the thread holds no {thing}; look for it with `treadle find`"
        raise NotFoundError(text)
    return found


def _walk(
    store: Store, thing: ThingId, direction: Direction, as_of: datetime | None, depth: int | None
) -> Genealogy:
    links = store.reach([thing], direction, as_of=as_of, depth=depth)
    if links:  # the first leads from the thing itself, called as it first came
        root = ThingId(links[0].parent if direction == "down" else links[0].child)
    else:
        root = known(store, thing)
    steps: dict[str, list[tuple[str, Link]]] = {}
    for link in links:
        ends = (link.parent, link.child) if direction == "down" else (link.child, link.parent)
        steps.setdefault(ends[0], []).append((ends[1], link))
    for step in steps.values():
        step.sort(key=itemgetter(0))
    circles: dict[ThingId, None] = {}
    parts = tuple(_depth_first(root, steps, circles))
    processes = {link.child for link in links if link.kind == OUTPUT}
    processes |= {link.parent for link in links if link.kind == INPUT}
    things = {part.thing for part in parts} - processes - {root}
    return Genealogy(
        thing=root,
        direction=direction,
        as_of=as_of,
        n_things=len(things),
        in_a_circle=tuple(circles),
        parts=parts,
    )


def _depth_first(
    root: ThingId, steps: dict[str, list[tuple[str, Link]]], circles: dict[ThingId, None]
) -> Iterator[Part]:
    """Yield the parts in the order of a printed tree; a thing met again is not opened again."""
    opened = {root}
    path = {root: None}
    stack: list[tuple[ThingId, Iterator[tuple[str, Link]]]] = [(root, iter(steps.get(root, ())))]
    while stack:
        above, rest = stack[-1]
        step = next(rest, None)
        if step is None:
            stack.pop()
            path.pop(above, None)
            continue
        thing, link = ThingId(step[0]), step[1]
        if thing in path:
            circles[thing] = None
        repeated = thing in opened
        yield Part(
            len(stack),
            thing,
            above,
            link.kind,
            link.quantity,
            link.uom,
            link.since,
            link.until,
            repeated and thing in steps,
        )
        if not repeated and thing in steps:
            opened.add(thing)
            path[thing] = None
            stack.append((thing, iter(steps[thing])))
