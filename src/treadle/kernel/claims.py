"""Claims: who works on which run, on this machine."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from treadle.kernel.bundle import short_hash

if sys.platform != "win32":
    import fcntl

_TRIES, _WAIT_S = 4, 0.02


@dataclass(slots=True)
class Claims:
    """Who works on which run: a lock file each, which the system opens again when one dies.

    Attributes
    ----------
    folder
        Where the files are; None keeps claims within this process.
    """

    folder: Path | None = None
    _mine: set[str] = field(default_factory=set)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def of(self, run: str) -> Iterator[bool]:
        """Hold the claim of a run; yields whether it was free to be had."""
        with self._guard:
            is_free = run not in self._mine
            if is_free:
                self._mine.add(run)
        if not is_free:
            yield False
            return
        try:
            with self._locked(run) as has_lock:
                yield has_lock
        finally:
            with self._guard:
                self._mine.discard(run)

    def taken(self, run: str) -> bool:
        """Return whether somebody works on a run."""
        with self._guard:
            if run in self._mine:
                return True
        with self._locked(run, tries=1) as has_lock:
            return not has_lock

    @contextmanager
    def _locked(self, run: str, tries: int = _TRIES) -> Iterator[bool]:
        if self.folder is None or sys.platform == "win32":
            yield True
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        file = os.open(self.folder / f"{short_hash(run.encode())}.lock", os.O_RDWR | os.O_CREAT)
        try:
            yield any(_lock(file, n) for n in range(tries))
        finally:
            os.close(file)


def _lock(file: int, n_tried: int) -> bool:
    """Return whether a lock was free; somebody may only have looked, so wait a little."""
    if sys.platform == "win32":
        return True
    time.sleep(_WAIT_S if n_tried else 0.0)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
