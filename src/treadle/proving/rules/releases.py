"""What a release changes, variant by variant: against the release before it."""

import numpy as np

from treadle.kernel.mosaic import Shade
from treadle.proving.rules.judging import Runs

CHANGES: tuple[tuple[str, Shade, str, str], ...] = (
    ("COLLIDES NOW", "bad", "\N{MULTIPLICATION SIGN}", "only the candidate collides"),
    ("UNDECIDED", "warn", "?", "of one of the two it is not known"),
    ("STILL COLLIDES", "plain", "\N{EN DASH}", "both collide"),
    ("COLLIDES NO LONGER", "good", "+", "only the baseline collides"),
    ("NO COLLISION", "none", "", "neither collides"),
    ("OUTSIDE", "none", "\N{MIDDLE DOT}", "outside the authors' constraints: not run"),
)
"""Words, shades, signs and meanings, what matters most first; counted as the gate's pairs are."""
NOW, UNDECIDED, STILL, NO_LONGER, NEITHER, BEYOND = range(6)


def changes(baseline: Runs, candidate: Runs) -> np.ndarray:
    """Return what becomes of each variant, (n,) int64: index in CHANGES."""
    before, after = baseline.crashed, candidate.crashed
    found = np.select(
        [
            candidate.outside,
            np.isnan(before) | np.isnan(after),
            (before == 1) & (after == 1),
            after == 1,
            before == 1,
        ],
        [BEYOND, UNDECIDED, STILL, NOW, NO_LONGER],
        NEITHER,
    )
    return found.astype(np.int64)
