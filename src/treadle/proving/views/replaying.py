"""A variant of a campaign or a gate as a scene: how a driver drove, and the verdict on it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.kernel.blob import BlobStore
from treadle.kernel.scene import Scene, Tone
from treadle.proving.formats.campaigning import read
from treadle.proving.formats.drivers.admitting import driver_at
from treadle.proving.formats.proofs import scenario_of
from treadle.proving.rules.deciding import CANDIDATE, DRIVER, verdicts_by
from treadle.proving.rules.judging import VERDICTS
from treadle.proving.rules.result import Result
from treadle.proving.views.origin import Origin
from treadle.proving.views.proved import Proved
from treadle.proving.views.showing import shown

_TONES: dict[str, Tone] = {"PASS": "good", "FAIL": "bad", "INCONCLUSIVE": "warn"}
_WHY = {
    "FAIL": "it collides where {reference} avoids it",
    "UNPREVENTABLE": "it collides, and so does {reference}",
}


def replayed(it: Proved, scenario: str, role: str, variant: int | None, blobs: BlobStore) -> Scene:
    """Return a variant as a driver of a campaign or gate drove it.

    Raises
    ------
    InvalidInputError
        There is no such scenario, role or variant.
    """
    role = role or (CANDIDATE if it.is_gate else DRIVER)
    if role not in it.runs:
        text = f"there is no role {role} here; there are {', '.join(it.runs)}"
        raise InvalidInputError(text)
    proof = it.proof(scenario)
    catalogue, path = it.catalogue, it.files.entries["catalogue"]
    origin = Origin(
        thing=it.life.run,
        about=it.life.asked.about,
        files=it.files,
        options={"step_s": catalogue.step_s, "time_limit_s": catalogue.time_limit_s},
        seed=it.life.asked.seed,
        is_run=True,
        drivers=(driver_at(it.roles.get(role, role), it.files, catalogue),),
        blobs=blobs,
    )
    made = scenario_of(it.files, path, catalogue.proofs[proof], origin.seed)
    told = shown(origin, made, _kept(it, proof, role, blobs), variant)
    return _judged(told, it, proof, role)


def _kept(it: Proved, proof: int, role: str, blobs: BlobStore) -> Iterator[Result]:
    """Yield what came of a scenario with a role, part by part."""
    for part in it.life.parts:
        done = read(blobs.get(part.content))
        if done.proof == proof:
            yield done.found[role]


def _judged(told: Scene, it: Proved, proof: int, role: str) -> Scene:
    """Return a scene with the verdict that the campaign gives, where it simulated the variant."""
    among = told.among
    runs = it.runs[role]
    number = among.number if among is not None else 0
    rows = np.flatnonzero((runs.proofs == proof) & (runs.variants == number))
    name = it.roles.get(role, "")
    title = f"{told.title}: {name}, {role}" if name else f"{told.title}: {role}, a reference"
    if not len(rows):
        return replace(told, title=title)
    word = VERDICTS[int(verdicts_by(it.catalogue, it.runs, role)[rows[0]])]
    reference = next(iter(it.catalogue.references), "a reference")
    why = _WHY.get(word, "").format(reference=reference)
    reasons = (why, *told.reasons) if why else told.reasons
    return replace(told, title=title, verdict=word, tone=_TONES.get(word, "plain"), reasons=reasons)
