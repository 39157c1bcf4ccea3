"""Claims: who works on which run, on this machine."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from treadle.kernel.bundle import short_hash

if sys.platform != "win32":
    import fcntl


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
        with self.of(run) as is_free:
            return not is_free

    @contextmanager
    def _locked(self, run: str) -> Iterator[bool]:
        if self.folder is None or sys.platform == "win32":
            yield True
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        file = os.open(self.folder / f"{short_hash(run.encode())}.lock", os.O_RDWR | os.O_CREAT)
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
        finally:
            os.close(file)
