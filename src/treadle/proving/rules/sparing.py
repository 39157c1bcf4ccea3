"""References that are run only where they can change a verdict: where somebody collides.

Who comes to the end without a collision passes whatever a reference does there; so does nobody who
is inconclusive.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from treadle.proving.rules.catalogue import Catalogue
from treadle.proving.rules.judging import crashed_in
from treadle.proving.rules.result import ENDINGS, Result

NOT_NEEDED = {
    "collisions": "not run: nobody who is proved collides there, "
    "and the catalogue asks for no more",
    "decision": "not run: no decision needs it there, and the catalogue asks for no more",
}
"""The reason of a reference's variant that was spared, by the catalogue's `references_run`."""


def were_spared(reasons: np.ndarray) -> np.ndarray:
    """Return which variants a reference was spared, (n,) bool, by the reasons of all."""
    return np.isin(reasons.astype(str), list(NOT_NEEDED.values()))


def are_needed(it: Catalogue, role: str, found: Mapping[str, Result], n: int) -> np.ndarray:
    """Return in which of n variants somebody must be run, (n,) bool.

    Parameters
    ----------
    role
        A reference, or whoever is proved: that is run in all.
    found
        What came of the same variants with each driver that is proved, the candidate last.
    """
    proved = [one for name, one in found.items() if name not in it.references]
    if role not in it.references or it.references_run == "everywhere":
        return np.ones(n, np.bool_)
    if it.references_run == "decision" and role != it.references[0]:
        proved = proved[-1:]
    return np.asarray(np.any([crashed_in(one, it.entity) == 1 for one in proved], axis=0))


def spread(like: Result, ran: Result | None, needed: np.ndarray, why: str) -> Result:
    """Return a reference's result for all variants, from that of those it was run in.

    Parameters
    ----------
    like
        A result of all variants, of a driver that is proved.
    ran
        That of the reference; None where it was not run at all.
    needed : (n_variants,)
        Where it was run.
    why
        The reason of all others.
    """
    n = len(like.variants)
    outside = like.outcomes == "OUTSIDE"
    outcomes = np.where(outside, "OUTSIDE", "INCONCLUSIVE").astype(like.outcomes.dtype)
    reasons = np.where(outside, like.reasons, why).astype(object)
    times = np.full(n, np.nan)
    endings = np.full(n, ENDINGS.index("not run"), like.endings.dtype)
    if ran is None:
        ran = replace(
            like,
            contacts=like.contacts[:0],
            transitions=like.transitions[:0],
            samples=like.samples[:0],
            guests=like.guests[:0],
            shapes=like.shapes[:0],
        )
    else:
        outcomes[needed], reasons[needed] = ran.outcomes, ran.reasons
        times[needed], endings[needed] = ran.end_times_s, ran.endings
    return replace(
        ran,
        variants=like.variants,
        outcomes=outcomes,
        reasons=reasons.astype(like.reasons.dtype if like.reasons.dtype == object else str),
        end_times_s=times,
        endings=endings,
        measures=like.measures[:0],
    )
