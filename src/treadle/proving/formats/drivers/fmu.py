"""FMUs as drivers: FMI 2.0 and 3.0 for co-simulation, each lane an instance in its own process.

Each time it is asked its inputs are set to what is so at time t, it does a step over the driver's
period h, and its outputs at t + h are the command from t to t + h. A run is a new instance. What an
instance does, be it to crash, to hang or to answer with no number, ends that run alone.

Sources: FMI 2.0.4, section 4.2; FMI 3.0.2, section 4.2.
"""

import io
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.formats.drivers.fmu_mapping import Wiring, mapped
from treadle.proving.formats.drivers.signals import signals
from treadle.proving.formats.extras import needed
from treadle.proving.rules.driver import Driver
from treadle.proving.rules.limits import EGO

LANES = 4
"""Processes for each core."""
START_S = 25.0
"""How long processes may take to start and load it [s]; less than a driver is waited for."""
_BINARIES = {"2": "linux64", "3": "x86_64-linux"}
_WORKER = Path(__file__).with_name("fmu_worker.py")
_MESSAGE = 300  # characters of what an FMU says


def fmu_driver(
    path: str,
    content: bytes,
    *,
    mapping: bytes | None = None,
    entity: str = EGO,
    settings: Mapping[str, float] | None = None,
) -> Driver:
    """Return an FMU as a driver.

    Parameters
    ----------
    content
        Of the FMU.
    mapping
        Of the TOML file that says which of its variables mean what; None: their names do.
    settings
        Numbers of its parameters.

    Raises
    ------
    InvalidInputError
        It is no FMU that can run here as a driver; it says why.
    """
    name = path.rsplit("/", 1)[-1]
    description = _read(name, content)
    wiring = mapped(description, name, mapping, settings or {})
    names = {one.valueReference: one.name for one in description.modelVariables}
    return Driver(
        name=name,
        version=description.version or description.guid,
        entity=entity,
        settings=tuple((names[at], value) for at, _, value in wiring.parameters),
        period_s=wiring.period_s,
        batched=lambda: _Fmu(content, description, wiring),
        source=content + b"\0" + (mapping or b""),
        lanes=LANES * (os.cpu_count() or 1),
    )


def _read(name: str, content: bytes) -> Any:
    """Return the model description of an FMU that can run here."""
    fmpy = needed("fmpy", "fmi", "an FMU")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = archive.namelist()
        description = fmpy.read_model_description(io.BytesIO(content))
    except Exception as error:
        said = f"{error}".strip().splitlines() or [type(error).__name__]
        text = f"{name} is no FMU that can be read: {' '.join(said)[:_MESSAGE]}"
        raise InvalidInputError(text) from error
    version = str(description.fmiVersion)
    if version[:1] not in _BINARIES:
        text = f"{name} is made for FMI {version}; give one for FMI 2.0 or 3.0"
        raise InvalidInputError(text)
    if description.coSimulation is None:
        text = f"{name} is not made for co-simulation; export it as one"
        raise InvalidInputError(text)
    folder = fmpy.platform if version.startswith("2") else fmpy.platform_tuple
    library = f"{description.coSimulation.modelIdentifier}{fmpy.sharedLibraryExtension}"
    if f"binaries/{folder}/{library}" not in inside:
        parts = {entry.split("/")[1] for entry in inside if entry.startswith("binaries/")}
        there = ", ".join(sorted(parts - {""})) or "none"
        text = f"{name} has no {library} for {folder} (it has binaries for: {there})"
        raise InvalidInputError(f"{text}; export it for this platform")
    return description


class _Fmu:
    """Instances of an FMU, one a lane."""

    def __init__(self, content: bytes, description: Any, wiring: Wiring) -> None:
        self._folder = TemporaryDirectory(prefix="treadle-fmu-")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            archive.extractall(self._folder.name)
        self._wiring = wiring
        self._told = {
            "version": int(description.fmiVersion[0]),
            "guid": description.guid,
            "identifier": description.coSimulation.modelIdentifier,
            "folder": self._folder.name,
            "inputs": [(wire.reference, wire.kind) for wire in wiring.inputs],
            "outputs": [(wire.reference, wire.kind) for wire in wiring.outputs],
            "parameters": list(wiring.parameters),
        }
        self._processes: dict[int, _Process] = {}
        self._signals = tuple(wire.means for wire in wiring.inputs)
        self._factors = np.array([wire.factor for wire in wiring.inputs])
        self._offsets = np.array([wire.offset for wire in wiring.inputs])
        self.faults: dict[int, str] = {}

    def begin(self, lanes: np.ndarray) -> None:
        """Let new instances begin."""
        fresh = [int(lane) for lane in lanes if int(lane) not in self._processes]
        for lane in fresh:
            self._processes[lane] = _Process()
        self._ask(fresh, lambda _: ("load", self._told), START_S)
        self._ask([int(lane) for lane in lanes], lambda _: ("begin", None))

    def drive(
        self, own: np.ndarray, others: np.ndarray, lanes: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Do a step of each."""
        seen = (signals(own, others, self._signals) - self._offsets) / self._factors
        asked = np.column_stack([own["time"], own["period"], seen])
        answers = self._ask([int(lane) for lane in lanes], lambda lane: ("", asked[lane].tolist()))
        acceleration = np.zeros(len(own))
        curvature = np.full(len(own), np.nan)
        for lane, numbers in answers.items():
            for wire, number in zip(self._wiring.outputs, numbers, strict=True):
                value = wire.factor * number + wire.offset
                if not np.isfinite(value):
                    self.faults[lane] = f"its output {wire.variable} is {value}"
                elif wire.means == "acceleration":
                    acceleration[lane] = value
                elif wire.means == "curvature":
                    curvature[lane] = value
                else:
                    curvature[lane] = np.tan(value) / own["wheelbase"][lane]
        return acceleration, curvature

    def close(self) -> None:
        """End all processes."""
        for process in self._processes.values():
            process.end()
        self._processes.clear()
        self._folder.cleanup()

    def _ask(
        self,
        lanes: list[int],
        what: Callable[[int], tuple[str, Any]],
        patience_s: float | None = None,
    ) -> dict[int, list[float]]:
        """Ask these lanes' processes side by side; those that fail are told of in `faults`."""
        patience_s = patience_s or self._wiring.patience_s
        until = monotonic() + patience_s
        there = [lane for lane in lanes if lane in self._processes]
        for lane in there:
            self._processes[lane].tell(what(lane))
        answers = {}
        for lane in there:
            good, answer = self._processes[lane].hear(until, patience_s)
            if good:
                answers[lane] = answer
                continue
            self.faults[lane] = answer
            self._processes.pop(lane).end()
        return answers


class _Process:
    """A process with one instance."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and script
                [sys.executable, "-P", _WORKER, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._line = Connection(ours.detach())

    def tell(self, what: tuple[str, Any]) -> None:
        """Ask, without waiting."""
        try:
            self._line.send(what)
        except OSError:
            return  # it is gone, which `hear` says

    def hear(self, until: float, patience_s: float) -> tuple[bool, Any]:
        """Return the answer, or False and why there is none."""
        try:
            if not self._line.poll(max(0.0, until - monotonic())):
                return False, f"its process did not answer within {patience_s:g} s"
            word, answer = self._line.recv()
        except (EOFError, OSError):
            return False, self._how_it_ended()
        return word == "good", answer

    def _how_it_ended(self) -> str:
        try:
            code = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            return "its process closed the line"
        return f"its process crashed ({f'signal {-code}' if code < 0 else f'exit code {code}'})"

    def end(self) -> None:
        """End it, whatever it does."""
        self._line.close()
        try:
            self._process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
