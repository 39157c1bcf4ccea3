"""The works that a server computes: a few at once, each in a thread, the others wait their turn."""

import logging
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from treadle.app import App
from treadle.kernel import TreadleError
from treadle.kernel.work import Hands, Life

_LOG = logging.getLogger("treadle.api")
_PATIENCE_S = 5.0

JobState = Literal["queued", "running", "interrupted", "cancelled", "failed", "finished"]


@dataclass(slots=True)
class Live:
    """A work in this server, waiting or running."""

    run: str
    how: Mapping[str, Any]
    is_running: bool = False
    n_done: int = 0
    doing: str = ""
    stopped: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    next: "Live | None" = None  # it was resumed while it still stops


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A run and how far it is.

    Attributes
    ----------
    id
        Its name in addresses: the run's own without prefix.
    work
        Its domain and word, as `proving.simulate`.
    about
        The files that it works on, as a thing.
    state
        `interrupted`: whoever computed it is gone; it can be resumed, as can what is cancelled or
        failed.
    n_done, n_items
        Items that are computed; all of them.
    doing
        What it is at now, in a few words.
    summary, result
        What came of it in a few figures, and its hash; None where it is not finished.
    """

    id: str
    run: str
    work: str
    about: str
    state: JobState
    n_done: int
    n_items: int
    doing: str
    error: str
    asked: datetime
    changed: datetime
    summary: dict[str, Any] | None
    result: str | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come by itself."""
        return self.state not in ("queued", "running")


class Queue:
    """The works of one server process.

    A closed one leaves its works as they are on the thread: they are interrupted, and go on from
    their last part when somebody resumes them.
    """

    def __init__(self, app: App, most: int) -> None:
        self._app, self._most = app, most
        self._live: dict[str, Live] = {}
        self._waiting: deque[Live] = deque()
        self._guard = threading.Lock()
        self._is_closed = False

    def add(self, life: Life, how: Mapping[str, Any]) -> None:
        """Compute a run as soon as there is room; one that is here already stays where it is.

        One that was told to stop, and is about to, goes on as soon as it has.
        """
        with self._guard:
            if self._is_closed:
                return
            new = Live(life.run, how, n_done=life.n_done)
            live = self._live.setdefault(life.run, new)
            if live is not new:
                live.next = new if live.stopped.is_set() else None
                return
            self._waiting.append(live)
            self._start()

    def job(self, life: Life) -> Job:
        """Return a run as a job."""
        live = self._live.get(life.run)
        if live is None and life.state == "open" and not self._app.claims.taken(life.run):
            life = self._app.works.life(life.run)  # it may have ended since it was read
        state: JobState
        if life.state != "open":
            state = life.state
        elif live is not None:
            state = "running" if live.is_running else "queued"
        else:
            state = "running" if self._app.claims.taken(life.run) else "interrupted"
        is_live = live is not None and state == "running"
        return Job(
            id=life.id,
            run=life.run,
            work=life.asked.work,
            about=life.asked.about,
            state=state,
            n_done=max(life.n_done, live.n_done if live is not None and is_live else 0),
            n_items=life.asked.n_items,
            doing=live.doing if live is not None and is_live else "",
            error=life.error,
            asked=life.asked_at,
            changed=life.changed,
            summary=life.finished.summary if life.finished else None,
            result=life.finished.result if life.finished else None,
        )

    def stop(self, run: str) -> None:
        """Make a work of this server stop at the next good moment."""
        with self._guard:
            live = self._live.get(run)
            if live is None:
                return
            live.stopped.set()
            live.next = None
            if live in self._waiting:
                self._waiting.remove(live)
                del self._live[run]

    def close(self) -> None:
        """Stop everything, and wait a little for it."""
        with self._guard:
            self._is_closed = True
            self._waiting.clear()
            threads = [live.thread for live in self._live.values() if live.thread]
            for live in self._live.values():
                live.stopped.set()
        for thread in threads:
            thread.join(_PATIENCE_S)

    def _start(self) -> None:
        running = sum(live.is_running for live in self._live.values())
        while self._waiting and running < self._most:
            live = self._waiting.popleft()
            live.is_running, running = True, running + 1
            name = f"work {live.run[-8:]}"
            live.thread = threading.Thread(target=self._compute, args=(live,), name=name)
            live.thread.daemon = True  # a server that ends does not wait for hours of work
            live.thread.start()

    def _compute(self, live: Live) -> None:
        def report(done: int, _total: int) -> None:
            live.n_done, live.doing = done, "computing"

        def say(words: str) -> None:
            live.doing = words

        hands = Hands(report=report, say=say, stopped=live.stopped.is_set)
        try:
            self._app.works.go_on(live.run, hands, how=live.how)
        except TreadleError as error:
            _LOG.warning("%s: %s", live.run, error)  # the thread tells it, too
        except Exception:  # noqa: BLE001 - it is logged, and told on the thread
            _LOG.exception("a fault in %s", live.run)
        finally:
            with self._guard:
                self._live.pop(live.run, None)
                if live.next is not None and not self._is_closed:
                    self._live[live.run] = live.next
                    self._waiting.append(live.next)
                if not self._is_closed:
                    self._start()
