"""The plant twin's documents and story: told by a program that knows nothing of the thread."""

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Story:
    """What the plant wrote, and what it says that came of it.

    Attributes
    ----------
    told
        The twin's own account: which cars hold a bad cell, as built and as maintained.
    """

    documents: tuple[bytes, ...]
    n_events: int
    told: dict[str, Any]


@cache
def story(cars: int, *, batch: int = 400) -> Story:
    """Return the life of some cars of the Heddle One, as EPCIS documents."""
    with TemporaryDirectory(prefix="treadle-plant-") as folder:
        words = ["--programme", "examples/heddle", "--cars", str(cars), "--batch", str(batch)]
        done = subprocess.run(
            [sys.executable, "-m", "treadle.twins.plant", *words, "--out", folder],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        last = json.loads(done.stdout.splitlines()[-1])
        documents = tuple(p.read_bytes() for p in sorted(Path(folder).iterdir()))
    return Story(documents, last["n_events"], last["story"])
