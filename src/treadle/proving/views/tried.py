"""What a search for failures or an estimate of their probability has tried, read for its pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from treadle.facts.proving import ProbabilityAsked
from treadle.kernel import InvalidInputError, Store, ThingId
from treadle.kernel.blob import BlobStore
from treadle.kernel.bundle import Bundle
from treadle.kernel.work import Life
from treadle.proving.formats.designing import Designed, allowed_by
from treadle.proving.formats.probing import Subject, read, told_of
from treadle.proving.rules.campaigns.cases import Listed
from treadle.proving.state import life_probed

WORDS = ("FAIL", "INCONCLUSIVE", "NO FAILURE", "OUTSIDE")
BAD, UNKNOWN, GOOD, OUTSIDE = range(4)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tried:
    """A search or an estimate, with every case that it has run.

    Attributes
    ----------
    told
        What came of it so far, as its last part says; of one that is finished, as its fact says.
    values, outcomes : (n, d), (n,)
        Coordinates in the order in which they were run, and how far each was from failing.
    """

    life: Life
    files: Bundle
    subject: Subject
    told: Mapping[str, Any]
    values: np.ndarray
    outcomes: np.ndarray

    @property
    def is_estimate(self) -> bool:
        """Whether a probability was asked for."""
        return isinstance(self.life.asked, ProbabilityAsked)

    def columns(self) -> dict[str, np.ndarray]:
        """Return the parameters of all cases, (n,) each."""
        return self.subject.over.columns(self.values)

    def kinds(self) -> np.ndarray:
        """Return what came of each case, (n,): its index in WORDS."""
        known = np.where(self.outcomes <= 0.0, BAD, GOOD)
        kinds = np.where(np.isnan(self.outcomes), UNKNOWN, known)
        return np.where(allowed_by(self.subject.scenario)(self.columns()), kinds, OUTSIDE)


def tried(store: Store, thing: ThingId, blobs: BlobStore) -> Tried:
    """Return what a search or an estimate has run so far.

    Raises
    ------
    NotFoundError
        There is no such search or estimate.
    InvalidInputError
        It has run nothing yet.
    """
    life = life_probed(store, thing)
    told, values, outcomes = _gathered(blobs, tuple(part.content for part in life.parts))
    files = Bundle.kept(blobs, life.asked.manifest)
    asked = told_of(life.asked.options, life.asked.seed)
    subject = Subject(files, files.entries["catalogue"], asked)
    # Its cases are the scenario's variants, in the order in which they were run.
    subject.scenario.designed = Designed(subject.over, Listed(values))
    summary = dict(life.finished.summary) if life.finished else {"verdict": ""}
    return Tried(
        life=life,
        files=files,
        subject=subject,
        told={**told, **summary},
        values=values,
        outcomes=outcomes,
    )


@lru_cache(maxsize=1)
def _gathered(
    blobs: BlobStore, parts: tuple[str, ...]
) -> tuple[Mapping[str, Any], np.ndarray, np.ndarray]:
    """Return what the last part tells, and all cases; parts are named by what is in them."""
    if not parts:
        text = "nothing of this was run yet; come back when a part of it is finished"
        raise InvalidInputError(text)
    kept = [read(blobs.get(part)) for part in parts]
    values = np.concatenate([one.values for one in kept])
    return kept[-1].about, values, np.concatenate([one.outcomes for one in kept])
