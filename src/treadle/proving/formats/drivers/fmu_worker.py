"""One instance of an FMU, in a process of its own: what it does to itself hurts nobody else.

Run as a script, with the number of a socket: it imports nothing of treadle. It is told first what
to load, then ("begin", parameters) before each run, and then numbers, time and step first, each
time it is asked; it answers ("good", numbers) or ("bad", why).
"""
# mypy: disable-error-code="no-untyped-call"

import sys
from itertools import groupby
from multiprocessing.connection import Connection
from operator import itemgetter
from typing import Any

import fmpy.fmi2
import fmpy.fmi3

_WHOLE = ("Integer", "Int", "UInt", "Enumeration")
_TWO = 2
_BAD = 3  # a status that is as bad or worse: fmi2Error, fmi3Error


class Instance:
    """An FMU that is loaded once and instantiated for each run."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._version: int = told["version"]
        cls = fmpy.fmi2.FMU2Slave if self._version == _TWO else fmpy.fmi3.FMU3Slave
        self._fmu: Any = cls(
            guid=told["guid"],
            modelIdentifier=told["identifier"],
            unzipDirectory=told["folder"],
            instanceName="driver",
        )
        self._inputs = _groups(told["inputs"])
        self._outputs = _groups(told["outputs"])
        self._parameters: list[tuple[int, str, float]] = told["parameters"]
        self._is_there, self._is_new = False, True
        self.said = ""

    def begin(self) -> list[float]:
        """Make a new instance."""
        if self._is_there:
            free = (
                self._fmu.fmi2FreeInstance if self._version == _TWO else self._fmu.fmi3FreeInstance
            )
            free(self._fmu.component)
            self._is_there = False
        self.said = ""
        if self._version == _TWO:
            self._callbacks = fmpy.fmi2.fmi2CallbackFunctions()
            self._callbacks.logger = fmpy.fmi2.fmi2CallbackLoggerTYPE(self._hear)
            self._callbacks.allocateMemory = fmpy.fmi2.defaultCallbacks.allocateMemory
            self._callbacks.freeMemory = fmpy.fmi2.defaultCallbacks.freeMemory
            self._fmu.instantiate(callbacks=self._callbacks)
        else:
            self._fmu.instantiate(logMessage=self._hear)
        self._is_there, self._is_new = True, True
        for reference, kind, value in self._parameters:
            _set(self._fmu, kind, [reference], [value])
        return []

    def step(self, time: float, step: float, values: list[float]) -> list[float]:
        """Set the inputs, do a step and return the outputs."""
        if self._is_new:
            if self._version == _TWO:
                self._fmu.setupExperiment(startTime=time)
                self._fmu.enterInitializationMode()
            else:
                self._fmu.enterInitializationMode(startTime=time)
            self._give(values)
            self._fmu.exitInitializationMode()
            self._is_new = False
        self._give(values)
        told = self._fmu.doStep(time, step)
        if told is not None and told[1]:
            raise RuntimeError("it asked to end the simulation")
        return [
            float(value)
            for kind, references in self._outputs
            for value in getattr(self._fmu, f"get{kind}")(references)
        ]

    def _give(self, values: list[float]) -> None:
        first = 0
        for kind, references in self._inputs:
            _set(self._fmu, kind, references, values[first : first + len(references)])
            first += len(references)

    def _hear(self, _environment: Any, *told: Any) -> None:
        """Keep what the FMU says of an error: (name,) status, category, message."""
        status, message = told[-3], told[-1]
        if status >= _BAD and message:
            self.said = message.decode(errors="replace")


def _groups(wires: list[tuple[int, str]]) -> list[tuple[str, list[int]]]:
    """Return references in runs of one kind, in their order."""
    return [(kind, [one[0] for one in some]) for kind, some in groupby(wires, itemgetter(1))]


def _set(fmu: Any, kind: str, references: list[int], values: list[float]) -> None:
    given: list[Any] = values
    if kind == "Boolean":
        given = [value != 0.0 for value in values]
    elif kind.startswith(_WHOLE):
        given = [round(value) for value in values]
    getattr(fmu, f"set{kind}")(references, given)


def work(line: Connection) -> None:
    """Answer until nobody asks any more."""
    instance: Instance | None = None
    while True:
        try:
            what, told = line.recv()
        except EOFError:
            return
        try:
            if instance is None:
                instance, answer = Instance(told), []
            elif what == "begin":
                answer = instance.begin()
            else:
                answer = instance.step(told[0], told[1], told[2:])
            line.send(("good", answer))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told to who asked
            said = f" ({instance.said})" if instance is not None and instance.said else ""
            line.send(("bad", f"{error}{said}"))


if __name__ == "__main__":
    work(Connection(int(sys.argv[1])))
