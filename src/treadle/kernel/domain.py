"""What a domain shows of itself: every door is built from this, and from nothing else."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from treadle.kernel.event import Entry, Event
from treadle.kernel.fact import Fact
from treadle.kernel.projection import Projection


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """An item of a document that was not taken, where it stands and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A foreign document as facts: n_in = len(entries) + len(rejected) - its own bookkeeping facts.

    Attributes
    ----------
    n_in
        Items in the document (events of an EPCIS document).
    n_facts
        How many of the entries state items; those after them are about the document itself.
    remarks
        What was read but not understood or not supported, in words.
    """

    n_in: int
    n_facts: int
    entries: tuple[Entry, ...]
    rejected: tuple[Rejected, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that Treadle gives back."""

    content: bytes
    media_type: str
    filename: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A domain's front door.

    Attributes
    ----------
    name
        The word that the command line, the API and the web use.
    title
        The word on a page.
    fold
        Adds up a thing's history to the state that commands decide on.
    commands
        `(state, *, thing, happened_at, wish...) -> facts`: what may happen next, or a refusal.
    intakes
        `(content, *, wish...) -> Intake`: foreign documents in.
    queries
        `(store, *, question...) -> answer`: frozen dataclasses, rows, or a Document.
    labels
        `(thing) -> short name or None`: how people call a thing of this domain.
    canonical
        `(thing) -> thing`: the one spelling by which things are compared.
    describe
        `(event) -> (headline, detail)`: what a knot on the thread says.
    """

    name: str
    title: str
    fold: Callable[[Iterable[Event]], Any] | None = None
    commands: tuple[Callable[..., Sequence[Fact]], ...] = ()
    intakes: tuple[Callable[..., Intake], ...] = ()
    queries: tuple[Callable[..., Any], ...] = ()
    projections: tuple[Projection, ...] = ()
    labels: Callable[[str], str | None] | None = None
    canonical: Callable[[str], str] | None = None
    describe: Callable[[Event], tuple[str, str]] | None = field(default=None)
