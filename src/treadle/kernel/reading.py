"""Reading many documents ahead, in other processes, while this one writes."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING, Any

from treadle.kernel.domain import Intake
from treadle.kernel.errors import TreadleError

if TYPE_CHECKING:
    from concurrent.futures import Future

Read = tuple[str, bytes, Intake | TreadleError]

_ALONE = 3  # documents that are read sooner than a process starts
_AHEAD = 4  # documents that wait for each process


def read(
    intake: Callable[..., Intake], content: bytes, wish: Mapping[str, Any]
) -> Intake | TreadleError:
    """Return what an intake makes of a document, or the error by which it refuses it."""
    try:
        return intake(content, **wish)
    except TreadleError as error:
        return error


def in_order(
    intake: Callable[..., Intake],
    documents: Iterable[tuple[str, bytes]],
    wish: Mapping[str, Any],
    *,
    processes: int | None = None,
) -> Iterator[Read]:
    """Yield documents with what was read from them, in their order.

    A few documents, or one core, are read here.
    """
    workers = (os.cpu_count() or 1) if processes is None else processes
    waiting = iter(documents)
    few = list(islice(waiting, _ALONE))
    if workers < 2 or len(few) < _ALONE:  # noqa: PLR2004 - one process is this one
        for name, content in (*few, *waiting):
            yield name, content, read(intake, content, wish)
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - 15 ms for this alone
    from multiprocessing import get_context  # noqa: PLC0415 - as above

    # Spawned, not forked: this process may have threads and database connections.
    with ProcessPoolExecutor(workers, get_context("spawn"), _end_with_parent) as pool:
        ahead: deque[tuple[str, bytes, Future[Intake | TreadleError]]] = deque()
        for name, content in (*few, *islice(waiting, workers * _AHEAD)):
            ahead.append((name, content, pool.submit(read, intake, content, wish)))
        while ahead:
            name, content, future = ahead.popleft()
            for more, its_content in islice(waiting, 1):
                ahead.append((more, its_content, pool.submit(read, intake, its_content, wish)))
            yield name, content, future.result()


def _end_with_parent() -> None:
    """End this process when the one that started it ends, `kill -9` included."""
    from multiprocessing import parent_process  # noqa: PLC0415 - as above

    def wait() -> None:
        if parent := parent_process():
            parent.join()
            os._exit(1)

    Thread(target=wait, daemon=True).start()
