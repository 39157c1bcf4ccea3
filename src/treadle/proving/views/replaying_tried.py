"""A case of a search or an estimate as a scene: how the driver drove, and whether it failed."""

from dataclasses import replace

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.kernel.blob import BlobStore
from treadle.kernel.scene import Among, Scene, Tone
from treadle.proving.formats.campaigning import Doing
from treadle.proving.formats.probing import DRIVER, Probe
from treadle.proving.views.origin import Origin
from treadle.proving.views.showing import neighbours, shown
from treadle.proving.views.telling import number
from treadle.proving.views.tried import WORDS, Tried

_TONES: dict[str, Tone] = {"FAIL": "bad", "INCONCLUSIVE": "warn", "NO FAILURE": "good"}


def replayed_case(
    it: Tried, scenario: str, role: str, wanted: int | None, blobs: BlobStore
) -> Scene:
    """Return a case as it was driven; the first that failed where none is wanted.

    Raises
    ------
    InvalidInputError
        There is no such case, scenario or role.
    """
    options = it.life.asked.options
    path = it.files.entries["catalogue"]
    probe = Probe.asked(it.files, path, options, it.life.asked.seed)
    role = role or DRIVER
    if scenario not in {"", probe.name} or role not in probe.drivers:
        known = ", ".join(probe.drivers)
        text = f"there is no {role} in {scenario or probe.name} here; there are {known}"
        raise InvalidInputError(f"{text}, in {probe.name}")
    kinds = it.kinds()
    failing = np.flatnonzero(kinds == 0)
    k = wanted if wanted is not None else int(failing[0]) if len(failing) else 0
    catalogue = probe.catalogue
    origin = Origin(
        thing=it.life.run,
        about=it.life.asked.about,
        files=it.files,
        options={
            "step_s": catalogue.step_s,
            "time_limit_s": catalogue.time_limit_s,
            "same_chance": True,
        },
        seed=it.life.asked.seed,
        is_run=True,
        drivers=(probe.drivers[role],),
        blobs=blobs,
    )
    told = shown(origin, it.subject.scenario, (), k)
    word, margin = WORDS[int(kinds[k])], float(it.outcomes[k])
    why = f"{probe.goal.text}: margin {number(margin)}" if word == "FAIL" else ""
    name = options["roles"].get(role, "")
    return replace(
        told,
        title=f"{told.title}: {name}, {role}" if name else f"{told.title}: {role}, a reference",
        verdict=word,
        tone=_TONES.get(word, "plain"),
        reasons=(why, *told.reasons) if why else told.reasons,
        source=told.source if word == "OUTSIDE" else _source(it, probe, k),
        among=_among(k, len(kinds), failing),
    )


def _source(it: Tried, probe: Probe, k: int) -> str:
    """Return how the case was come by: computed anew, and whether to the same bits."""
    what = "estimate" if it.is_estimate else "search"
    text = f"Computed again from the {what}'s own files, options and seed"
    ran = probe.ran(it.values[k : k + 1], Doing(threads=1))
    if ran is not None and np.array_equal(ran.margins, it.outcomes[k : k + 1], equal_nan=True):
        return f"{text}: it came out the same"
    return f"{text}: it came out differently, so this Treadle is not the one that ran it"


def _among(k: int, n: int, failing: np.ndarray) -> Among:
    before, after = neighbours(np.arange(n), k)
    failing_before, failing_after = neighbours(failing, k)
    return Among(
        noun="run", parameter="variant", number=k, n=n, before=before, after=after,
        failing_before=failing_before, failing_after=failing_after, n_failing=len(failing),
    )  # fmt: skip
