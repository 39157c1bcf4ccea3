"""An engine of the same shape as the real one, for tests of what is around it.

Its scenarios are a few lines of text: `name`, `count`, `road` (a file beside it), `varies` (another
scenario), `unsupported`, `error`, `wait_s` (how long a variant takes). While the file that the
environment calls `FAKE_HELD_BY` is there, no variant after the first part begins.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from treadle.kernel import InvalidInputError, RefusedError
from treadle.kernel.bundle import Disk, Files
from treadle.proving.rules.node import Finding, Ledger, Line, Node
from treadle.proving.rules.result import CONTACT, GUEST, SAMPLE, TRANSITION, Element, Result

FIRST_PART = 20  # variants
ENTITIES = ("Ego", "Target, slow")
STEPS = 5
WORKERS_DIE = False


@dataclass(frozen=True)
class Scenario:
    """What a fake file says."""

    name: str
    files: dict[str, bytes]
    count: int
    count_outside: int
    lines: list[Line]
    findings: list[Finding]
    wait_s: float
    values: dict[str, str]
    variation: str | None

    @classmethod
    def read(
        cls,
        path: str,
        *,
        open_file: Files | None = None,
        overrides: Mapping[str, str] | None = None,
    ) -> "Scenario":
        """Return a fake scenario."""
        opens = open_file or Disk()
        folder = path.rpartition("/")[0]
        beside = f"{folder}/" if folder else ""
        files = {path: opens(path)}
        told = _told(path, files[path])
        varied = told.get("varies")
        if varied:
            files[beside + varied] = opens(beside + varied)
            told = _told(varied, files[beside + varied]) | told
        if road := told.get("road"):
            files[beside + road] = opens(beside + road)
        name = path.rpartition("/")[2]
        lines = [_line(name, 1, "executed")]
        if reason := told.get("unsupported"):
            lines.append(_line(name, 2, "not supported", reason))
        wrong = told.get("error")
        error = Finding(level="error", rule="fake", text=wrong or "", file=name, line=3)
        return cls(
            name=told.get("name", "fake"),
            files=files,
            count=int(told.get("count", "1")),
            count_outside=int(told.get("outside", "0")),
            lines=lines,
            findings=[error] if wrong else [],
            wait_s=float(told.get("wait_s", "0")),
            values=dict(overrides or {}),
            variation=varied,
        )

    @property
    def document(self) -> "Scenario":
        """The scenario's file."""
        return self

    def table(self, variants: Sequence[int], seed: int) -> dict[str, np.ndarray]:
        """Return one parameter: the number itself."""
        del seed
        return {"number": np.array(variants)}

    def outside(self, table: Mapping[str, np.ndarray], n: int) -> np.ndarray:
        """Return which variants are outside: the last ones."""
        assert len(table["number"]) == n
        return (table["number"] >= self.count - self.count_outside).astype("i4")

    def compile(self, *, controllers: bool = True, drivers: Sequence[Any] = ()) -> "Compiled":
        """Return what runs it; nobody else drives."""
        assert not drivers
        return Compiled(self, controllers)


class Network:
    """A fake road network."""

    def __init__(self, content: bytes, file: str) -> None:
        self.root = Node("OpenDRIVE", {"odd": "1"}, file, 1)
        self.ledger = Ledger()
        if b"wrong" in content:
            self.ledger.error("fake", "a gap in the road", self.root)


def manifest_of(files: Files, path: str) -> tuple[list[Line], list[Finding]]:
    """Return what becomes of each element of a fake scenario, or of a fake road."""
    if (content := files(path)).startswith(b"<"):
        network = Network(content, path)
        return network.ledger.lines(network.root), network.ledger.findings
    scenario = Scenario.read(path, open_file=files)
    return scenario.compile().manifest, scenario.findings


def warm() -> None:
    """Compile nothing, and fail where the tests want it."""
    if WORKERS_DIE:
        text = "3 of 70 functions of the engine are not compiled"
        raise RefusedError(text)


def _told(path: str, content: bytes) -> dict[str, str]:
    told = {}
    for n, line in enumerate(content.decode().splitlines(), 1):
        key, sign, value = line.partition("=")
        if not sign:
            text = f"{path}:{n}: no fake scenario"
            raise InvalidInputError(text)
        told[key] = value
    return told


def _line(file: str, line: int, outcome: Any, reason: str = "") -> Line:
    return Line(
        tag="Act", file=file, line=line, outcome=outcome, may_change=bool(reason), reason=reason
    )


@dataclass(frozen=True)
class Compiled:
    """What runs a fake scenario: variant v drives at v m/s; every third one touches the target."""

    scenario: Scenario
    controllers: bool

    def manifest_of(self, motion: str) -> list[Line]:
        """Return what became of each element: the same by any motion."""
        del motion
        return self.manifest

    @property
    def manifest(self) -> list[Line]:
        """What became of each element."""
        return self.scenario.lines

    def lower(
        self, variants: Sequence[int], *, seed: int = 0, include_outside: bool = False
    ) -> None:
        """Read all files of some variants."""
        del variants, seed, include_outside

    def run(
        self,
        variants: Sequence[int] | None = None,
        *,
        parameters: Any = None,
        step_s: float = 0.01,
        time_limit_s: float = 400.0,
        motion: str = "default",
        include_outside: bool = False,
        trajectories: str = "none",
        sample_s: float | None = None,
        transitions: bool = False,
        seed: int = 0,
        threads: int | None = None,
        patience_s: float = 5.0,
        run_patience_s: float = 60.0,
        progress: Callable[[int, int], None] | None = None,
        compiling: Callable[[int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Result:
        """Return what came of some variants."""
        del parameters, motion, sample_s, threads, compiling, patience_s, run_patience_s
        numbers = list(range(self.scenario.count) if variants is None else variants)
        for n, number in enumerate(numbers):
            while number >= FIRST_PART and not _stopped(cancelled) and _held():
                time.sleep(0.01)
            if _stopped(cancelled):
                break
            time.sleep(self.scenario.wait_s)
            if progress is not None:
                progress(n + 1, len(numbers))
        numbers_array = np.array(numbers, dtype="i8")
        left_out = [line for line in self.scenario.lines if line.outcome == "not supported"]
        outside = self.scenario.outside({"number": numbers_array}, len(numbers)) > 0
        outside &= not include_outside
        good = "INCONCLUSIVE" if left_out else "COMPLETED"
        reason = f"{left_out[0].file}:{left_out[0].line}: {left_out[0].reason}" if left_out else ""
        ends = np.where(outside, np.nan, np.minimum(10.0 + numbers_array, time_limit_s))
        return Result(
            entities=ENTITIES,
            elements=(Element(kind="Event", path="Act/Event", file="fake", line=1),),
            variants=numbers_array,
            outcomes=np.where(outside, "OUTSIDE", good),
            reasons=np.where(outside, "outside the constraints", reason),
            end_times_s=ends,
            endings=np.where(outside, 3, 0).astype("i4"),
            contacts=_contacts([n for n in numbers if n % 3 == 1]),
            transitions=np.zeros(int(transitions), TRANSITION),
            samples=_samples(numbers, step_s, seed)
            if trajectories != "none"
            else _samples([], 0, 0),
            measures=np.zeros((0, 0)),
            guests=np.zeros(0, GUEST),
            step_s=step_s,
            seed=seed,
        )


def _contacts(numbers: list[int]) -> np.ndarray:
    rows = np.zeros(len(numbers), CONTACT)
    rows["variant"], rows["other"], rows["time_s"] = numbers, 1, 2.5
    rows["impact_speed_mps"] = np.array(numbers) + 0.1
    return rows


def _samples(numbers: list[int], step_s: float, seed: int) -> np.ndarray:
    rows = np.zeros(len(numbers) * STEPS, SAMPLE)
    for n, number in enumerate(numbers):
        mine = rows[n * STEPS : (n + 1) * STEPS]
        chance = np.random.default_rng([seed, number])
        mine["variant"], mine["speed_mps"] = number, number
        mine["time_s"] = np.arange(STEPS) * step_s
        mine["entity"] = np.arange(STEPS) % 2
        mine["x_m"] = mine["time_s"] * number
        mine["y_m"] = chance.normal(size=STEPS)
    return rows


def _stopped(cancelled: Callable[[], bool] | None) -> bool:
    return cancelled is not None and cancelled()


def _held() -> bool:
    by = os.environ.get("FAKE_HELD_BY")
    return by is not None and Path(by).exists()
