"""What a campaign or a gate has computed so far, read for its pages: catalogue, files, runs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from treadle.facts.proving import CampaignAsked, GateAsked
from treadle.kernel import InvalidInputError, NotFoundError, Store, ThingId
from treadle.kernel.blob import BlobStore
from treadle.kernel.bundle import Bundle
from treadle.kernel.work import Life
from treadle.proving.formats.campaigning import gathered
from treadle.proving.rules.catalogue import Catalogue
from treadle.proving.rules.judging import Runs
from treadle.proving.state import life_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proved:
    """A campaign or a gate, with all that came of it.

    Attributes
    ----------
    runs
        By role, the references too.
    """

    life: Life
    files: Bundle
    catalogue: Catalogue
    runs: Mapping[str, Runs]

    @property
    def is_gate(self) -> bool:
        """Whether two releases were proved."""
        return isinstance(self.life.asked, GateAsked)

    @property
    def roles(self) -> Mapping[str, str]:
        """What each driver under test is called, by its role."""
        roles: Mapping[str, str] = self.life.asked.options["roles"]
        return roles

    def proof(self, scenario: str) -> int:
        """Return which scenario of the catalogue is called so; without a name the first that ran.

        Raises
        ------
        InvalidInputError
            There is none, or it could not be read.
        """
        ids = [one.id for one in self.catalogue.proofs]
        if not scenario:
            ran = (one for one in ids if one not in self.catalogue.unread)
            return ids.index(next(ran))
        if scenario not in ids:
            text = f"the catalogue has no scenario {scenario}; it has {', '.join(ids)}"
            raise InvalidInputError(text)
        if scenario in self.catalogue.unread:
            text = f"scenario {scenario} was not run: {self.catalogue.unread[scenario]}"
            raise InvalidInputError(text)
        return ids.index(scenario)


def life_proved(store: Store, thing: ThingId) -> Life:
    """Return the life of a campaign or of a gate.

    Raises
    ------
    NotFoundError
        It is neither.
    """
    for kind in (CampaignAsked, GateAsked):
        try:
            return life_of(store, thing, kind)
        except NotFoundError:
            continue
    text = f"there is no campaign or gate {thing}, or several start so; `treadle proving campaigns`"
    raise NotFoundError(text + " and `gates` list what there is")


def proved(store: Store, thing: ThingId, blobs: BlobStore) -> Proved:
    """Return what a campaign or a gate has computed so far.

    Raises
    ------
    NotFoundError
        There is no such campaign or gate.
    InvalidInputError
        Nothing of it is computed yet.
    """
    life = life_proved(store, thing)
    catalogue, runs = _gathered(blobs, tuple(part.content for part in life.parts))
    files = Bundle.kept(blobs, life.asked.manifest)
    return Proved(life=life, files=files, catalogue=catalogue, runs=runs)


@lru_cache(maxsize=1)
def _gathered(blobs: BlobStore, parts: tuple[str, ...]) -> tuple[Catalogue, Mapping[str, Runs]]:
    """Return a catalogue and its runs; parts are named by what is in them, so they never change."""
    catalogue, _, runs = gathered(blobs.get(part) for part in parts)
    for name in catalogue.references:  # only their collisions count, and measures take the room
        runs[name] = replace(runs[name], measures=runs[name].measures[:, :0].copy())
    return catalogue, runs


def rows_of(runs: Runs, proof: int) -> np.ndarray:
    """Return which rows are of a scenario, (n,) int64."""
    return np.flatnonzero(runs.proofs == proof)
