"""What the thread tells of a run, and how evidence words it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the thread tells of a finished campaign or gate.

    Attributes
    ----------
    work
        `proving.campaign` or `proving.gate`.
    number
        The run's own number.
    asked
        When it was asked for, ISO 8601.
    manifest
        The hash of the list of its files.
    entry
        The path of the catalogue.
    files
        The hash of each file, by its path.
    parts
        First item, the one after the last, and the hash of each part of the result.
    repeats
        What came of computing it once more, each time.
    steady
        What came of computing a sample otherwise (rules/evidence/credibility.py); None: nobody did.
    """

    work: str
    number: str
    about: str
    asked: str
    manifest: str
    entry: str
    files: Mapping[str, str]
    options: Mapping[str, Any]
    seed: int
    versions: Mapping[str, str]
    platform: str
    parts: Sequence[tuple[int, int, str]]
    result: str
    summary: Mapping[str, Any]
    repeats: Sequence[Mapping[str, Any]] = ()
    steady: Mapping[str, Any] | None = None


def from_files(told: Told) -> str:
    """Return how the run is asked for anew, from the files alone."""
    roles = " ".join(f"--{role} {name}" for role, name in told.options["roles"].items())
    word = told.work.partition(".")[2]
    if word == "gate":
        confidence = told.options.get("confidence", 0.95)
        return (
            f"treadle proving gate {roles} --catalogue {told.entry} "
            f"--confidence {confidence:g} --seed {told.seed}"
        )
    return f"treadle proving {word} {told.entry} {roles} --seed {told.seed}"


def repeated(repeats: Sequence[Mapping[str, Any]]) -> str:
    """Return what came of computing a run once more, in a few words."""
    if not repeats:
        return "not measured"
    same = sum(bool(one["identical"]) for one in repeats)
    return f"identical to the last bit in {same} of {len(repeats)}"


def ranges(numbers: np.ndarray) -> str:
    """Return whole numbers as ranges, in order: `0-4,7,9-10`."""
    if not len(numbers):
        return ""
    ordered = np.unique(numbers)
    ends = np.flatnonzero(np.diff(ordered) != 1)
    firsts = ordered[np.concatenate([[0], ends + 1])]
    lasts = ordered[np.concatenate([ends, [len(ordered) - 1]])]
    return ",".join(f"{a}-{b}" if a != b else f"{a}" for a, b in zip(firsts, lasts, strict=True))


def reasons(told: np.ndarray) -> dict[str, int]:
    """Return how often each reason was told."""
    words, counts = np.unique(told.astype(str), return_counts=True)
    return {str(w) or "no reason told": int(c) for w, c in zip(words, counts, strict=True)}


def digest_of(name: str) -> str:
    """Return the hex digits in the name of a blob."""
    return name.removeprefix("sha256:")


def finite(value: Any) -> Any:
    """Return plain values with numbers that JSON cannot hold as text."""
    match value:
        case float() if not math.isfinite(value):
            return str(value)
        case Mapping():
            return {str(k): finite(v) for k, v in value.items()}
        case list() | tuple():
            return [finite(v) for v in value]
        case _:
            return value
