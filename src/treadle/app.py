"""The composition root: the one hand-written list of domains, the store and the clock."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from platformdirs import user_data_path

from treadle import design, proving, sales, trace
from treadle.kernel import (
    Clock,
    Domain,
    Entry,
    Event,
    Fact,
    Intake,
    Name,
    RefusedError,
    Rejected,
    Store,
    ThingId,
    TreadleError,
    reading,
    to_us,
    utc_now,
)
from treadle.kernel.blob import BlobStore
from treadle.kernel.bundle import short_hash
from treadle.kernel.checkpoint import Checkpoint, Signer
from treadle.kernel.claims import Claims
from treadle.kernel.domain import Namer
from treadle.kernel.event import WHEN_TAKEN
from treadle.kernel.operation import wants
from treadle.kernel.verify import Verification, merkle_root, verify

if TYPE_CHECKING:
    from treadle.kernel.report import Digest
    from treadle.kernel.working import Works

DOMAINS: tuple[Domain, ...] = (trace.DOMAIN, proving.DOMAIN, design.DOMAIN, sales.DOMAIN)

_NAMES_AGE = timedelta(seconds=2)

OnError = Literal["rollback", "proceed"]
"""What a bad item does to its document, in EPCIS 2.0's words (section 12.6.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of one document: n_in = n_ok + n_rejected, and n_ok counts duplicates too.

    Attributes
    ----------
    name
        What the document was called: a file name, or what the door calls it.
    accepted
        Whether anything of it may have been written: False where it was refused whole.
    n_in, n_ok, n_duplicate, n_rejected
        Items in it; taken; of those, already in the thread; not taken.
    """

    name: str
    accepted: bool
    document: ThingId | None = None
    n_in: int = 0
    n_ok: int = 0
    n_duplicate: int = 0
    n_rejected: int = 0
    rejected: tuple[Rejected, ...] = ()
    remarks: tuple[str, ...] = ()


class DocumentRejectedError(RefusedError):
    """A document that was refused whole, with the report that says why."""

    status = 422

    def __init__(self, report: Report) -> None:
        self.report = report
        first = report.rejected[0]
        more = f" (and {len(report.rejected) - 1} more)" if len(report.rejected) > 1 else ""
        super().__init__(
            f"{report.name} is refused whole, nothing of it was written: "
            f"{first.place or 'the document'}: {first.reason}{more}"
        )


class Namers:
    """How people call things, read anew when the thread has grown, but not at every page."""

    def __init__(self) -> None:
        self._namers: tuple[Namer, ...] = ()
        self._position = -1
        self._read_at: datetime | None = None

    def of(self, app: "App") -> tuple[Namer, ...]:
        """Return each domain's namer."""
        now = app.clock()
        if self._read_at is None or now - self._read_at > _NAMES_AGE:
            position = app.store.head().position
            if position != self._position:
                given = (domain.names for domain in app.domains)
                self._namers = tuple(names(app.store) for names in given if names)
            self._position, self._read_at = position, now
        return self._namers


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Treadle, put together: all doors lead here."""

    store: Store
    blobs: BlobStore
    signer: Callable[[], Signer]
    domains: tuple[Domain, ...] = DOMAINS
    clock: Clock = utc_now
    namers: Namers = field(default_factory=Namers, repr=False)
    claims: Claims = field(default_factory=Claims, repr=False)

    @property
    def works(self) -> "Works":
        """The long works of the domains, and their life on the thread."""
        from treadle.kernel.working import Works  # noqa: PLC0415 - 50 ms that help need not wait

        return Works(
            store=self.store,
            blobs=self.blobs,
            clock=self.clock,
            domains=self.domains,
            claims=self.claims,
        )

    def do(
        self,
        domain: Domain,
        command: Callable[..., Sequence[Fact]],
        thing: ThingId,
        *,
        happened_at: datetime | None = None,
        **wish: Any,
    ) -> list[Event]:
        """Read a thing's history, decide, and append what was decided."""
        now = self.clock()
        thing = self.store.resolve(thing) or thing
        history = self.store.history(thing)
        state = domain.fold(history) if domain.fold else history
        wish |= self._given(command)
        facts = command(state, thing=thing, happened_at=happened_at or now, **wish)
        return self.store.append(
            thing,
            facts,
            happened_at=happened_at or now,
            recorded_at=now,
            expected_version=len(history),
        )

    def take_in(
        self,
        intake: Callable[..., Intake],
        content: bytes,
        *,
        name: str = "the document",
        on_error: OnError = "rollback",
        **wish: Any,
    ) -> Report:
        """Read a foreign document and append its facts, in one transaction.

        Raises
        ------
        DocumentRejectedError
            Where an item is bad and `on_error` is `rollback`; nothing was written.
        """
        read = intake(content, **wish)
        return self.keep(read, content, name=name, on_error=on_error)

    def take_in_all(
        self,
        intake: Callable[..., Intake],
        documents: Iterable[tuple[str, bytes]],
        *,
        on_error: OnError = "rollback",
        **wish: Any,
    ) -> Iterator[Report]:
        """Take in many documents by name, in their order, each in one transaction.

        They are read by other processes while this one writes. What is refused is reported as
        such, and the next one follows.
        """
        for name, content, read in reading.in_order(intake, documents, wish):
            yield self._keep_or_report(read, content, name=name, on_error=on_error)

    def _keep_or_report(
        self, read: Intake | TreadleError, content: bytes, *, name: str, on_error: OnError
    ) -> Report:
        if isinstance(read, TreadleError):
            why = Rejected(place="", reason=str(read))
            return Report(name=name, accepted=False, rejected=(why,))
        try:
            return self.keep(read, content, name=name, on_error=on_error)
        except DocumentRejectedError as error:
            return error.report

    def keep(self, read: Intake, content: bytes, *, name: str, on_error: OnError) -> Report:
        """Append what was read from a document, with the document itself as a blob."""
        if read.rejected and on_error == "rollback":
            raise DocumentRejectedError(
                Report(
                    name=name,
                    accepted=False,
                    n_in=read.n_in,
                    n_rejected=read.n_in,
                    rejected=read.rejected,
                    remarks=read.remarks,
                )
            )
        if read.check is not None:
            read.check(self.store, self.blobs)
        told = read.decide(self.store, self.blobs) if read.decide else read.entries
        self.blobs.put(content)
        for kept in read.keeps:
            self.blobs.put(kept)
        now = self.clock()
        entries = tuple(
            replace(e, happened_at=to_us(now)) if e.happened_at == WHEN_TAKEN else e for e in told
        )
        receipt = self.store.append_many(entries, recorded_at=now)
        known = max(0, read.n_facts - len(told))  # what is decided leaves these out
        return Report(
            name=name,
            accepted=True,
            document=_document_of(read.entries),
            n_in=read.n_in,
            n_ok=read.n_facts,
            n_duplicate=known + sum(index < read.n_facts for index in receipt.duplicates),
            n_rejected=read.n_in - read.n_facts,
            rejected=read.rejected,
            remarks=read.remarks,
        )

    def ask(self, query: Callable[..., Any], **question: Any) -> Any:
        """Answer a question from the thread; a query that reads blobs or signs is given that."""
        return query(self.store, **question, **self._given(query))

    def _given(self, function: Callable[..., Any]) -> dict[str, Any]:
        given: dict[str, Callable[[], Any]] = {
            "store": lambda: self.store,
            "blobs": lambda: self.blobs,
            "signer": self.signer,
            "now": self.clock,
        }
        return {name: given[name]() for name in wants(function)}

    def name(self, thing: str) -> Name:
        """Return what people call a thing; where no domain knows, its identifier is the number."""
        for namer in self.namers.of(self):
            if name := namer(thing):
                return name
        return Name(thing=thing, sort="", number=thing)

    def label(self, thing: str) -> str:
        """Return what people call a thing, in one line."""
        return self.name(thing).full

    def describe(self, event: Event) -> tuple[str, str]:
        """Return what a knot on the thread says: a headline and a detail."""
        for domain in self.domains:
            if domain.name == event.domain and domain.describe:
                return domain.describe(event, self.label)
        words = event.stored_as.split(".")[1].replace("_", " ")
        return words.capitalize(), ""

    def digest(self, event: Event) -> "Digest | None":
        """Return what a fact tells in figures and tables; None where its fields are enough."""
        domain = next((d for d in self.domains if d.name == event.domain), None)
        return domain.digest(event) if domain is not None and domain.digest else None

    def checkpoint(self) -> Checkpoint:
        """Sign the thread as it stands and keep the checkpoint."""
        head = self.store.head()
        if head.position == 0:
            text = "there is nothing to sign yet: the thread has no event"
            raise RefusedError(text)
        root = merkle_root(self.store, head.position)
        checkpoint = self.signer().sign(head.position, root, to_us(self.clock()))
        self.store.add_checkpoint(checkpoint)
        return checkpoint

    def verify(
        self, *, also: Sequence[Checkpoint] = (), trusted_key: str | None = None
    ) -> Verification:
        """Read the whole thread and say whether anything was changed, removed or reordered."""
        return verify(self.store, also=also, trusted_key=trusted_key)


def _document_of(entries: Sequence[Entry]) -> ThingId | None:
    return entries[-1].thing if entries else None


def data_folder() -> Path:
    """Return the user's data folder for Treadle."""
    return Path(os.environ.get("TREADLE_DATA") or user_data_path("treadle", appauthor=False))


def key_file() -> Path:
    """Return where the key is that signs: TREADLE_SIGNING_KEY, else a file in the data folder."""
    given = os.environ.get("TREADLE_SIGNING_KEY")
    return Path(given).expanduser() if given else data_folder() / "keys" / "checkpoint.pem"


def store_url(given: str | None = None) -> str:
    """Return where the store is: as given, else TREADLE_STORE, else a file in the data folder."""
    url = given or os.environ.get("TREADLE_STORE") or str(data_folder() / "treadle.sqlite")
    return url if "://" in url else f"sqlite:///{Path(url).expanduser().absolute()}"


def blob_url(store: str) -> str:
    """Return where a store's blobs are: TREADLE_BLOBS, else a folder beside the store."""
    if given := os.environ.get("TREADLE_BLOBS"):
        return given
    if store.startswith("sqlite:///"):
        return f"{store.removeprefix('sqlite:///')}.blobs"
    return str(data_folder() / "blobs")


def open_app(
    url: str | None = None,
    *,
    domains: tuple[Domain, ...] = DOMAINS,
    clock: Clock = utc_now,
) -> App:
    """Open a store (`memory://`, an SQLite file, a PostgreSQL URL) with everything on it."""
    where = store_url(url)
    projections = tuple(p for domain in domains for p in domain.projections)
    canonical = canonical_of(domains)
    blobs = BlobStore("memory://treadle" if where == "memory://" else blob_url(where))
    if where == "memory://":
        from treadle.kernel.memory import MemoryStore  # noqa: PLC0415 - only this store needs it

        fresh = Signer.fresh()
        store: Store = MemoryStore(projections, canonical)
        return App(store=store, blobs=blobs, signer=lambda: fresh, domains=domains, clock=clock)
    from treadle.kernel.sql import SqlStore  # noqa: PLC0415 - SQLAlchemy takes 0.2 s to import

    store = SqlStore.open(where, projections, canonical)
    key = key_file()
    return App(
        store=store,
        blobs=blobs,
        signer=lambda: Signer.at(key),
        domains=domains,
        clock=clock,
        claims=Claims(data_folder() / "claims" / short_hash(where.encode())),
    )


def migrate(url: str | None = None) -> tuple[str | None, str]:
    """Take a store to this Treadle's schema; return which it had (None: it was empty), and has.

    Raises
    ------
    StoreError
        A newer Treadle wrote it; nothing was touched.
    """
    from treadle.kernel import database  # noqa: PLC0415 - SQLAlchemy, as above
    from treadle.kernel.tables import SCHEMA  # noqa: PLC0415 - as above

    where = store_url(url)
    if where == "memory://":
        text = "a store in memory is always of this version; there is nothing to migrate"
        raise RefusedError(text)
    engine = database.connect(where)
    try:
        with database.reading(engine) as connection:
            found = database.schema_of(connection)
        if found is not None and found >= SCHEMA:
            database.prepare(engine)  # it refuses a newer one
        else:
            database.migrate(engine)
    finally:
        engine.dispose()
    return found, SCHEMA


def canonical_of(domains: Sequence[Domain]) -> Callable[[str], str]:
    """Return the spelling by which things are compared: each domain's, one after the other."""
    rules = [domain.canonical for domain in domains if domain.canonical]
    if not rules:
        return str
    if len(rules) == 1:
        return rules[0]

    def canonical(thing: str) -> str:
        for rule in rules:
            thing = rule(thing)
        return thing

    return canonical
