"""What a domain shows of itself: every door is built from this, and from nothing else."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Self

from treadle.kernel.blob import BlobStore
from treadle.kernel.event import Entry, Event
from treadle.kernel.fact import Fact
from treadle.kernel.projection import Projection
from treadle.kernel.store import Store

if TYPE_CHECKING:
    from treadle.kernel.report import Digest
    from treadle.kernel.work import Work


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
    keeps
        What its facts refer to as blobs, besides the document itself, which is kept anyway.
    check
        Asks the thread whether it may be taken, and raises what refuses it.
    decide
        Gives the entries where only the thread can tell them; of `n_facts` those that it does not
        give are known already.
    """

    n_in: int
    n_facts: int
    entries: tuple[Entry, ...]
    rejected: tuple[Rejected, ...] = ()
    remarks: tuple[str, ...] = ()
    keeps: tuple[bytes, ...] = ()
    check: Callable[[Store, BlobStore], None] | None = None
    decide: Callable[[Store, BlobStore], tuple[Entry, ...]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that Treadle gives back."""

    content: bytes
    media_type: str
    filename: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What people call a thing.

    Attributes
    ----------
    sort
        Car, Part, Lot, Place, ...; empty where nobody can tell.
    number
        The short text that tells it from others of its sort.
    title
        What its maker calls the part number, the model or the place; empty where nobody told.
    is_own
        The title is this thing's own, not that of all its kind.
    """

    thing: str
    sort: str
    number: str
    title: str = ""
    is_own: bool = False

    @property
    def short(self) -> str:
        """`Part W-0412`, `Car U9H...`: sort and number."""
        return f"{self.sort} {self.number}".strip()

    @property
    def full(self) -> str:
        """`Battery pack W-0412`: the maker's word where there is one, else the sort."""
        title = self.title[:1].upper() + self.title[1:]
        if title and self.is_own:
            return title
        return f"{title or self.sort} {self.number}".strip()


Namer = Callable[[str], Name | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What a domain offers.

    Attributes
    ----------
    fold
        Adds up a thing's history to the state that commands decide on.
    commands
        `(state, *, thing, happened_at, wish...) -> facts`: what may happen next, or a refusal; one
        that takes `store` or `blobs` reads there what was released before.
    intakes
        `(content, *, wish...) -> Intake`: foreign documents in.
    queries
        `(store, *, question...) -> answer`: frozen dataclasses, rows, a Document, or a Scene,
        which the web draws as a moving picture (kernel/scene.py), a Mosaic (kernel/mosaic.py), or
        a Report (kernel/report.py).
    works
        Long computing in parts, which the app keeps on the thread.
    readings
        `(files, *, wish...) -> answer`: what files say; nothing is kept of it.
    warm
        Prepares what takes long the first time on a machine; a sentence at a time of what it does.
    names
        `(store) -> (thing) -> Name or None`: how people call things of this domain.
    canonical
        `(thing) -> thing`: the one spelling by which things are compared.
    pictures
        `(first event of a thing) -> queries` that draw it, of those that want a thing alone; all of
        them where nothing is said.
    describe
        `(event, label) -> (headline, detail)`: what a knot on the thread says; `label` tells how
        people call a thing.
    digest
        `(event) -> Digest or None`: what a fact tells in figures and tables, for the thread page.
    """

    fold: Callable[[Iterable[Event]], Any] | None = None
    commands: tuple[Callable[..., Sequence[Fact]], ...] = ()
    intakes: tuple[Callable[..., Intake], ...] = ()
    queries: tuple[Callable[..., Any], ...] = ()
    works: tuple["Work", ...] = ()
    readings: tuple[Callable[..., Any], ...] = ()
    warm: Callable[[], Iterable[str]] | None = None
    projections: tuple[Projection, ...] = ()
    names: Callable[[Store], Namer] | None = None
    canonical: Callable[[str], str] | None = None
    pictures: Callable[[Event], Sequence[Callable[..., Any]]] | None = None
    describe: Callable[[Event, Callable[[str], str]], tuple[str, str]] | None = None
    digest: Callable[[Event], "Digest | None"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain(Door):
    """A domain's front door: what stands over it, and what it offers.

    Attributes
    ----------
    name
        The word that the command line, the API and the web use.
    title
        The word on a page.
    summary
        What the domain is about, in one line.
    """

    name: str
    title: str
    summary: str = ""
    _door: Callable[[], Door] | None = field(default=None, init=False, repr=False, compare=False)

    @classmethod
    def behind(cls, door: Callable[[], Door], *, name: str, title: str, summary: str = "") -> Self:
        """Return a domain whose door is opened when somebody first asks what it offers.

        Importing the rooms of all domains takes longer than most answers, and who asks for help,
        or for the words of another domain, needs none of them.
        """
        domain = object.__new__(cls)
        for word, value in (("name", name), ("title", title), ("summary", summary)):
            object.__setattr__(domain, word, value)
        object.__setattr__(domain, "_door", door)
        return domain

    if not TYPE_CHECKING:  # types know every attribute; at run time those of Door may yet be empty

        def __getattr__(self, name: str) -> Any:
            """Return what an unopened door offers, and open it."""
            offered = [f.name for f in fields(Door)]
            if name not in offered:
                text = f"a domain has no {name!r}"
                raise AttributeError(text)
            door = self._door()
            for word in offered:
                object.__setattr__(self, word, getattr(door, word))
            return getattr(self, name)
