"""One variant's trajectories out of results, for files that hold one run."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from treadle.kernel import InvalidInputError, RefusedError
from treadle.proving.rules.result import Result


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OneRun:
    """A variant.

    Attributes
    ----------
    entities
        Names by index.
    samples
        Rows of rules.result.SAMPLE, by time.
    shapes
        Rows of SHAPE, by the entity's index.
    """

    entities: tuple[str, ...]
    variant: int
    samples: np.ndarray
    shapes: dict[int, np.void]

    @property
    def times_s(self) -> np.ndarray:
        """When anything is told: (n,) ascending [s]."""
        return np.unique(self.samples["time_s"])


def one_run(results: Iterable[Result], what: str) -> OneRun:
    """Return the one variant of results whose trajectories were kept.

    Parameters
    ----------
    what
        Is to be written, in words.

    Raises
    ------
    RefusedError
        There is none, or there are several.
    """
    found: OneRun | None = None
    for result in results:
        for variant in np.unique(result.samples["variant"]):
            if found is not None:
                text = f"{what} is of one run, and trajectories of several variants were kept"
                raise RefusedError(f"{text}; choose one with --variant")
            rows = result.samples[result.samples["variant"] == variant]
            shapes = result.shapes[result.shapes["variant"] == variant]
            found = OneRun(
                entities=result.entities,
                variant=int(variant),
                samples=rows[np.lexsort((rows["entity"], rows["time_s"]))],
                shapes={int(row["entity"]): row for row in shapes},
            )
    if found is None:
        text = f"{what} needs trajectories, and none were kept in this run"
        raise RefusedError(f"{text}; ask for them with --keep-trajectories all")
    return found


def check_suffix(target: Path, suffixes: tuple[str, ...]) -> None:
    """Refuse a name that does not say the form.

    Raises
    ------
    InvalidInputError
        It ends with none of the suffixes.
    """
    if target.suffix not in suffixes:
        text = f"{target} should end with {' or '.join(suffixes)}, which says the form"
        raise InvalidInputError(text)
