"""The life of works on the thread: asked for, computed part by part, stopped, resumed, repeated.

A run is one thing. Every part that is finished is a fact and a blob, written before the next one
starts, so whoever comes after a crash goes on from there. Two processes that take up one run do
not mix: a claim keeps them apart on one machine, and the thread's versions do everywhere.
"""

import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from treadle.kernel.blob import PREFIX, BlobStore
from treadle.kernel.bundle import Bundle, Files, Recorder, short_hash
from treadle.kernel.claims import Claims
from treadle.kernel.clock import Clock, to_us
from treadle.kernel.domain import Domain
from treadle.kernel.errors import (
    NotFoundError,
    RefusedError,
    StaleWriteError,
    TreadleError,
)
from treadle.kernel.event import Entry
from treadle.kernel.fact import Fact, ThingId
from treadle.kernel.leaving import Left, Saving
from treadle.kernel.store import Store
from treadle.kernel.work import (
    RUN_PREFIX,
    Hands,
    InputsRegistered,
    Life,
    Wanted,
    Work,
    WorkAsked,
    Working,
    fold,
)

_HEX = 32
_LOOK_S = 1.0
_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """The works of an app's domains, on its store and blobs."""

    store: Store
    blobs: BlobStore
    clock: Clock
    domains: Sequence[Domain]
    claims: Claims

    def work_of(self, name: str) -> Work:
        """Return the work of a name, as `proving.simulate`.

        Raises
        ------
        NotFoundError
            No domain has it.
        """
        for domain in self.domains:
            for work in domain.works:
                if f"{domain.name}.{work.name}" == name:
                    return work
        text = f"no domain of this Treadle has the work {name}; a newer one may have asked for it"
        raise NotFoundError(text)

    def ask(
        self, domain: Domain, work: Work, files: Files, *, again: bool = False, **wish: Any
    ) -> tuple[Life, Mapping[str, Any]]:
        """Ask for a work; return its life, and how it is to be done.

        The same files, options and versions are the same run: where the thread has it already,
        that one is returned, unless it is asked for again.
        """
        recorder = Recorder(files)
        wanted = work.ask(recorder, **wish)
        bundle = recorder.bundle(wanted.entries)
        told = self._asked(domain, work, wanted, bundle)
        run, life = self._run_of(told)
        while again and life is not None:
            told = replace(told, again=told.again + 1)
            run, life = self._run_of(told)
        if life is None:
            life = self._begin(work, wanted.name, run, told)
        return life, wanted.how

    def _asked(self, domain: Domain, work: Work, wanted: Wanted, bundle: Bundle) -> WorkAsked:
        manifest = bundle.keep(self.blobs)
        about = work.about + manifest.removeprefix(PREFIX)[:_HEX]
        return work.telling.asked(
            work=f"{domain.name}.{work.name}",
            about=ThingId(about),
            manifest=manifest,
            options=dict(wanted.options),
            seed=wanted.seed,
            n_items=wanted.n_items,
            versions=versions(work),
            platform=this_platform(),
        )

    def _run_of(self, told: WorkAsked) -> tuple[ThingId, Life | None]:
        run = ThingId(RUN_PREFIX + short_hash(told.to_body().encode()))
        return run, fold(self.store.history(run))

    def _begin(self, work: Work, name: str, run: ThingId, told: WorkAsked) -> Life:
        files = json.loads(self.blobs.get(told.manifest))
        registered: InputsRegistered = work.telling.registered(
            name=name, manifest=told.manifest, entries=files["entries"], files=files["files"]
        )
        now = self.clock()
        entries = (
            Entry.of(told.about, registered, to_us(now)),
            Entry.of(run, told, to_us(now), expected_version=0),
        )
        try:
            self.store.append_many(entries, recorded_at=now)
        except StaleWriteError:
            return self.life(run)  # somebody else asked for the same at the same moment
        return self.life(run)

    def life(self, run: str) -> Life:
        """Return a run's life; it may be called by its own name without prefix, or its start.

        Raises
        ------
        NotFoundError
            The thread has no such run, or several start so.
        """
        whole = run if run.startswith(RUN_PREFIX) else RUN_PREFIX + run
        life = fold(self.store.history(ThingId(whole)))
        if life is None and len(whole) > len(RUN_PREFIX):
            found = self.store.things(prefix=whole, limit=2)
            life = fold(self.store.history(found[0])) if len(found) == 1 else None
        if life is None:
            text = f"the thread has no run {run}, or several that start so; list them and name one"
            raise NotFoundError(text)
        return life

    def go_on(self, run: str, hands: Hands, *, how: Mapping[str, Any] | None = None) -> Life:
        """Compute what is left of a run; return its life when it ended or was told to stop.

        Raises
        ------
        RefusedError
            Somebody else works on it.
        """
        with self.claims.of(run) as is_free:
            if not is_free:
                text = f"somebody works on {run} already; wait for it, or cancel it"
                raise RefusedError(text)
            life = self.life(run)
            if life.state == "finished":
                return life
            if not life.is_fresh:
                life = self._resumed(life)
            return self._computed(life, hands, how or {})

    def reopen(self, run: str) -> Life:
        """Tell that a run that was cancelled or failed is taken up again; it waits from then on."""
        life = self.life(run)
        return life if life.state in ("open", "finished") else self._resumed(life)

    def _resumed(self, life: Life) -> Life:
        telling = self.work_of(life.asked.work).telling
        return self.tell(life, telling.resumed(n_done=life.n_done))

    def _computed(self, life: Life, hands: Hands, how: Mapping[str, Any]) -> Life:
        work = self.work_of(life.asked.work)
        try:
            hands = replace(hands, stopped=_Watch(self, life, hands.stopped))
            for part in work.compute(self.working(life, hands, how)):
                content = self.blobs.put(part.content)
                told = work.telling.part_finished(
                    first=part.first, until=part.until, content=content
                )
                life = self.tell(life, told)
                if life.state != "open" or hands.stopped():
                    return life
            if not life.is_done:
                return self.life(life.run)
            return self._finish(life, work)
        except TreadleError as error:
            self._fail(life, work, str(error))
            raise
        except Exception as error:
            self._fail(life, work, f"Treadle has a fault: {type(error).__name__}: {error}")
            raise

    def working(self, life: Life, hands: Hands, how: Mapping[str, Any]) -> Working:
        """Return what a run is computed from, as its facts and blobs have it."""
        return Working(
            files=Bundle.kept(self.blobs, life.asked.manifest),
            options=life.asked.options,
            seed=life.asked.seed,
            n_items=life.asked.n_items,
            n_done=life.n_done,
            how=how,
            hands=hands,
            last=lambda: self.blobs.get(life.parts[-1].content) if life.parts else None,
        )

    def _finish(self, life: Life, work: Work) -> Life:
        parts = [(part.first, part.until, part.content) for part in life.parts]
        result = self.blobs.put(listed(parts))
        summary = dict(work.sum_up(self.contents(life)))
        if work.leaves is not None:
            files = Bundle.kept(self.blobs, life.asked.manifest)
            left = work.leaves(files, self.contents(life))
            summary["left"] = [self._register(one) for one in left]
        return self.tell(life, work.telling.finished(result=result, summary=summary))

    def _register(self, left: Left) -> ThingId:
        """Keep files that a work leaves behind, under their own name; return it."""
        manifest = left.bundle.keep(self.blobs)
        thing = ThingId(left.about + manifest.removeprefix(PREFIX)[:_HEX])
        files = json.loads(self.blobs.get(manifest))
        fact = left.registered(
            name=left.name, manifest=manifest, entries=files["entries"], files=files["files"]
        )
        now = self.clock()
        self.store.append_many((Entry.of(thing, fact, to_us(now)),), recorded_at=now)
        return thing

    def _fail(self, life: Life, work: Work, error: str) -> None:
        life = self.life(life.run)
        if life.state == "open":
            self.tell(life, work.telling.failed(n_done=life.n_done, error=error))

    def tell(self, life: Life, fact: Fact) -> Life:
        """Append a fact to a run; return its life, which may have been cancelled meanwhile."""
        now = self.clock()
        try:
            self.store.append(
                life.run,
                [fact],
                happened_at=now,
                recorded_at=now,
                expected_version=life.version,
            )
        except StaleWriteError:
            found = self.life(life.run)
            if found.state == "cancelled":
                return found
            text = f"somebody else works on {life.run}; this computation of it was given up"
            raise RefusedError(text) from None
        return self.life(life.run)

    def inputs(self, thing: ThingId) -> Bundle:
        """Return the files that were registered as a thing.

        Raises
        ------
        NotFoundError
            Nobody registered any.
        """
        for event in self.store.history(thing):
            if isinstance(event.fact, InputsRegistered):
                return Bundle.kept(self.blobs, event.fact.manifest)
        text = f"the thread has no files called {thing}; send them as an archive"
        raise NotFoundError(text)

    def cancel(self, run: str) -> Life:
        """Cancel a run; whoever computes it stops at the next good moment.

        Raises
        ------
        RefusedError
            It has ended already.
        """
        for _ in range(_TRIES):
            life = self.life(run)
            if life.state != "open":
                text = f"{life.run} is {life.state} already; there is nothing to cancel"
                raise RefusedError(text)
            fact = self.work_of(life.asked.work).telling.cancelled(n_done=life.n_done)
            try:
                now = self.clock()
                self.store.append(
                    life.run,
                    [fact],
                    happened_at=now,
                    recorded_at=now,
                    expected_version=life.version,
                )
            except StaleWriteError:
                continue  # a part was finished in between
            return self.life(life.run)
        text = f"{run} goes on too fast to be cancelled; try again"
        raise RefusedError(text)

    def contents(self, life: Life) -> Iterator[bytes]:
        """Yield the finished parts of a run, one after the other."""
        return (self.blobs.get(part.content) for part in life.parts)

    def saving(self, life: Life) -> Saving:
        """Return what a file of a run's result is made of."""
        asked = life.asked
        files = Bundle.kept(self.blobs, asked.manifest)
        parts = self.contents(life)
        return Saving(parts=parts, files=files, options=asked.options, seed=asked.seed)


class _Watch:
    """Whether to stop: whoever waits says so, or the thread says that the run was cancelled."""

    def __init__(self, works: Works, life: Life, stopped: Callable[[], bool]) -> None:
        self._works, self._run, self._stopped = works, life.run, stopped
        self._is_over = False
        self._looked = time.monotonic()

    def __call__(self) -> bool:
        if not self._is_over and time.monotonic() - self._looked > _LOOK_S:
            self._is_over = self._works.life(self._run).state != "open"
            self._looked = time.monotonic()
        return self._is_over or self._stopped()


def listed(parts: Sequence[tuple[int, int, str]]) -> bytes:
    """Return the list of a result's parts, as bytes."""
    return json.dumps({"parts": parts}, indent=1).encode()


def versions(work: Work) -> dict[str, str]:
    """Return the versions of all that computes a work."""
    found = {"python": platform.python_version()}
    for library in ("treadle", *work.libraries):
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "not installed"
    return found | {package: _source(package) for package in work.packages}


@cache
def _source(package: str) -> str:
    """Return a hash of all the source of a package of ours."""
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    digest = hashlib.sha256()
    for path in sorted(path for top in folders or () for path in Path(top).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def this_platform() -> str:
    """Return the sort of machine that this is, as `Linux-x86_64`."""
    return f"{platform.system()}-{platform.machine()}"
