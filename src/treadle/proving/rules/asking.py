"""Asking a driver from Python, in a thread of its own: it may raise, hang or say nonsense."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread

import numpy as np

from treadle.kernel import TreadleError
from treadle.proving.rules.driver import Batched, Driver
from treadle.proving.rules.limits import PATIENCE_S

MOST_HANGS = 3
"""A driver that hangs so many times in a row is not asked again."""


class DriverError(TreadleError):
    """A driver did not answer as it should; the text says how."""


class Asked:
    """A driver, made when it is asked first, and anew after it failed.

    Attributes
    ----------
    hangs
        How many times in a row it did not answer in time.
    """

    def __init__(
        self,
        driver: Driver,
        patience_s: float = PATIENCE_S,
        roads: Callable[[], object] | None = None,
    ) -> None:
        self._driver, self._patience_s, self._roads = driver, patience_s, roads
        self.hangs = 0
        self._batched: Batched | None = None
        self._questions: SimpleQueue[Callable[[], object] | None] | None = None
        self._answers: SimpleQueue[tuple[object, BaseException | None]] = SimpleQueue()

    def begin(self, lanes: np.ndarray) -> None:
        """Let new runs begin in lanes.

        Raises
        ------
        DriverError
            It does not answer as it should.
        """
        self._call(lambda it: it.begin(lanes))

    def drive(
        self,
        seen: tuple[np.ndarray, np.ndarray],
        world: tuple[np.ndarray, int],
        lanes: np.ndarray,
        into: np.ndarray,
    ) -> None:
        """Ask for the commands of lanes and fill them in.

        Parameters
        ----------
        seen, lanes
            As driver.Batched.drive has them: own and others.
        world
            For those that want to look at it: bodies, and which one is driven.
        into : (n,) COMMAND
            Out.

        Raises
        ------
        DriverError
            It does not answer as it should.
        """

        def ask(it: Batched) -> object:
            look = getattr(it, "look", None)
            if look is not None:
                look(*world)
            return it.drive(*seen, lanes)

        own, _ = seen
        answer = self._call(ask)
        self.hangs = 0
        given = answer if isinstance(answer, tuple) else (answer,)
        numbers = [_numbers(one, len(own)) for one in given]
        into["acceleration"][lanes] = numbers[0][lanes]
        into["steers"] = 0
        if len(numbers) > 1:
            into["steers"][lanes] = ~np.isnan(numbers[1][lanes])
            into["curvature"][lanes] = np.nan_to_num(numbers[1][lanes])

    def faults(self) -> dict[int, str]:
        """Return what went wrong in single lanes with the last call, and forget it."""
        told = getattr(self._batched, "faults", None)
        if not told:
            return {}
        found = {int(lane): str(why) for lane, why in told.items()}
        told.clear()
        return found

    def close(self) -> None:
        """Let go of the driver, as far as it answers."""
        if self._batched is not None and self._questions is not None:
            try:
                self._call(lambda it: it.close())
            except DriverError:
                return  # it held on to something, and is left to the end of the process
        if self._questions is not None:
            self._questions.put(None)
            self._questions = None

    def _call(self, ask: Callable[[Batched], object]) -> object:
        if self._questions is None:
            self._questions, self._answers = SimpleQueue(), SimpleQueue()
            work = Thread(target=_answer, args=(self._questions, self._answers), daemon=True)
            work.start()
        self._questions.put(lambda: ask(self._there()))
        try:
            answer, error = self._answers.get(timeout=self._patience_s)
        except Empty:
            self._questions, self._batched = None, None  # that thread is left behind
            self.hangs += 1
            text = f"it did not answer within {self._patience_s:g} s"
            raise DriverError(text) from None
        if error is not None:
            self._batched = None
            if isinstance(error, DriverError):
                raise error
            text = f"it raised {type(error).__name__}: {error}"
            raise DriverError(text) from error
        return answer

    def _there(self) -> Batched:
        if self._batched is None:
            if self._driver.batched is None:
                text = f"{self._driver.name} cannot be asked from Python"
                raise DriverError(text)
            self._batched = self._driver.batched()
            survey = getattr(self._batched, "survey", None)
            if survey is not None and self._roads is not None:
                survey(self._roads())
        return self._batched


def _answer(
    questions: "SimpleQueue[Callable[[], object] | None]",
    answers: "SimpleQueue[tuple[object, BaseException | None]]",
) -> None:
    while (question := questions.get()) is not None:
        try:
            answers.put((question(), None))
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is told to who asked
            answers.put((None, error))


def _numbers(answer: object, n: int) -> np.ndarray:
    try:
        numbers = np.asarray(answer, np.float64)
    except (TypeError, ValueError) as error:
        text = f"it answered with {type(answer).__name__}, not with numbers"
        raise DriverError(text) from error
    if numbers.shape != (n,):
        shape = " x ".join(str(size) for size in numbers.shape) or "no list"
        text = f"it answered for {shape} where {n} variants were asked for"
        raise DriverError(text)
    return numbers
