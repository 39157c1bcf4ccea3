"""One broken work tried: read, checked, lowered and run; the outcome is one of a few words."""

import posixpath
import random
import re
import traceback
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from proving import drives
from proving.fuzz import worlds
from proving.fuzz.mutating import broken
from treadle.kernel import InvalidInputError, RefusedError
from treadle.proving.formats import opening
from treadle.proving.formats.openscenario.files import FromContents, tidy
from treadle.proving.formats.scenarios import Scenario
from treadle.proving.rules.result import Result

STEP_S, TIME_LIMIT_S = 0.05, 3.0
_FEW = 300
"""Variants that are all checked; of more, some are run."""
_LARGEST = 200_000  # bytes
_PLACE = re.compile(r"[^\s:]+:\d+")
_OWN_SHARE = 0.35
GOOD = frozenset(("refused", "COMPLETED", "INCONCLUSIVE", "OUTSIDE", "checked"))
"""What may come of broken files; all else is a fault of ours."""


@dataclass(frozen=True)
class Tried:
    """What came of a case.

    Attributes
    ----------
    outcome
        One of GOOD, or what is wrong.
    text
        The reason, or where it went wrong.
    """

    case: str
    entry: str
    outcome: str
    text: str
    broken: list[str] = field(default_factory=list)


class Breaking:
    """Files, some of them broken; which ones and how is told by a word."""

    def __init__(self, files: FromContents, entry: str, word: str) -> None:
        self._files, self._entry, self._word = files, tidy(entry), word
        self._given: dict[str, bytes] = {}
        self.broken: list[str] = []

    def __call__(self, path: str) -> bytes:
        """Return a file's content, the same each time."""
        name = tidy(path)
        if name not in self._given:
            content = self._files(path)
            chance = random.Random(f"{self._word} {name}")
            if chance.random() < (0.75 if name == self._entry else 0.35):
                content = broken(content, chance)
                self.broken.append(name)
            self._given[name] = content
        return self._given[name]

    def names(self, folder: str) -> list[str]:
        """Return the paths of the files directly in a folder."""
        return self._files.names(folder)


class _Shared(FromContents):
    """The shared files, read from disk when they are asked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__({})
        self._folder = folder

    def __call__(self, path: str) -> bytes:
        try:
            return (self._folder / tidy(path).lstrip("/")).read_bytes()
        except (OSError, ValueError) as error:
            raise FileNotFoundError(2, "is not there", path) from error

    def names(self, folder: str) -> list[str]:
        try:
            found = sorted(p.name for p in (self._folder / tidy(folder)).iterdir() if p.is_file())
        except (OSError, ValueError):
            return []
        return [posixpath.join(folder, name) for name in found]


@cache
def seeds(shared: Path | None) -> list[tuple[FromContents, str]]:
    """Return sound files to break: our own, and the shared ones where they are."""
    own = {name: text.encode() for name, text in drives.FILES.items()} | worlds.files()
    files = FromContents(own)
    found = [(files, name) for name in sorted(own) if "/" not in name]
    if shared is None:
        return found
    folder = shared / "scenarios"
    theirs = _Shared(folder)
    for path in sorted(folder.rglob("*.xo*")):
        name = path.relative_to(folder).as_posix()
        if path.stat().st_size <= _LARGEST:
            found.append((theirs, name))
    return found


def attempt(case: str, shared: Path | None) -> Tried:
    """Break files as the case says, and try them."""
    chance = random.Random(case)
    all_of_them = seeds(shared)
    own = [one for one in all_of_them if not isinstance(one[0], _Shared)]
    files, entry = chance.choice(own if chance.random() < _OWN_SHARE else all_of_them)
    breaking = Breaking(files, entry, case)
    try:
        outcome, text = _try(breaking, entry, chance)
    except (InvalidInputError, RefusedError) as error:
        text = str(error)
        outcome = "refused" if _PLACE.search(text) else "refused without a place"
    except MemoryError:
        outcome, text = "out of memory", traceback.format_exc(limit=-3)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault
        outcome, text = f"crash: {type(error).__name__}", _where(error)
    return Tried(case, entry, outcome, text, breaking.broken)


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in frames]
    return f"{' > '.join(places)}: {error}"[:600]


def _try(files: Breaking, entry: str, chance: random.Random) -> tuple[str, str]:
    if entry.endswith(".xodr") or b"<Catalog " in files(entry):
        _, findings = opening.manifest_of(files, entry)
        return "checked", f"{len(findings)} findings"
    scenario = Scenario.read(entry, open_file=files)
    count = scenario.count
    if count <= 0:
        return "checked", "no variants"
    if count <= _FEW and chance.random() < 0.25:
        opening.manifest_of(files, entry)
    variants = sorted({0, count // 2, count - 1})
    compiled = scenario.compile(controllers=chance.random() < 0.5)
    result = compiled.run(
        variants,
        step_s=STEP_S,
        time_limit_s=TIME_LIMIT_S,
        trajectories="all",
        transitions=True,
        include_outside=chance.random() < 0.3,
        threads=1,
    )
    return judge(result)


def judge(result: Result) -> tuple[str, str]:
    """Return what a result is: no variant that completed may hold what is no number."""
    for row, variant in enumerate(result.variants):
        if result.outcomes[row] != "COMPLETED":
            continue
        samples = result.samples[result.samples["variant"] == variant]
        for name in ("time_s", "x_m", "y_m", "z_m", "heading_rad", "speed_mps"):
            if not np.isfinite(samples[name]).all():
                return "COMPLETED with lost numbers", name
        if not np.isfinite(result.end_times_s[row]):
            return "COMPLETED with lost numbers", "end time"
        touches = result.contacts[result.contacts["variant"] == variant]
        if not np.isfinite(touches["time_s"]).all() or not np.isfinite(touches["x_m"]).all():
            return "COMPLETED with lost numbers", "contacts"
    for one in ("COMPLETED", "INCONCLUSIVE", "OUTSIDE"):
        if one in result.outcomes:
            return one, str(result.reasons[0])
    return f"outcome {result.outcomes}", ""
