"""References that are run only where they can change a verdict: where somebody collides.

Who comes to the end without a collision passes whatever a reference does there; so does nobody who
is inconclusive.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from treadle.proving.rules.judging import crashed_in
from treadle.proving.rules.result import ENDINGS, Result

NOT_NEEDED = "not run: nobody who is proved collides there, and the catalogue asks for no more"
"""The reason of a reference's variant that was spared."""


def are_needed(proved: Sequence[Result], entity: str) -> np.ndarray:
    """Return in which variants a reference must be run, (n_variants,).

    Parameters
    ----------
    proved
        What came of the same variants with each driver that is proved.
    """
    return np.asarray(np.any([crashed_in(one, entity) == 1 for one in proved], axis=0))


def spread(like: Result, ran: Result | None, needed: np.ndarray) -> Result:
    """Return a reference's result for all variants, from that of those it was run in.

    Parameters
    ----------
    like
        A result of all variants, of a driver that is proved.
    ran
        That of the reference; None where it was not run at all.
    needed : (n_variants,)
        Where it was run.
    """
    n = len(like.variants)
    outside = like.outcomes == "OUTSIDE"
    outcomes = np.where(outside, "OUTSIDE", "INCONCLUSIVE").astype(like.outcomes.dtype)
    reasons = np.where(outside, like.reasons, NOT_NEEDED).astype(object)
    times, measures = np.full(n, np.nan), np.full(like.measures.shape, np.nan)
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
        measures[needed] = ran.measures
    return replace(
        ran,
        variants=like.variants,
        outcomes=outcomes,
        reasons=reasons.astype(like.reasons.dtype if like.reasons.dtype == object else str),
        end_times_s=times,
        endings=endings,
        measures=measures,
    )
