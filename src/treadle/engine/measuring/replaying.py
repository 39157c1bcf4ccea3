"""The measures of runs that are over, from rows of what was seen at their samples."""

import numpy as np

from treadle.engine.compiled import entry
from treadle.engine.measuring.gathering import measure


@entry
def measure_all(
    own: np.ndarray,
    others: np.ndarray,
    n_samples: np.ndarray,
    settings: np.ndarray,
    accumulators: np.ndarray,
) -> None:
    """Take runs into their accumulators, sample after sample.

    Parameters
    ----------
    own : (n_variants, n_samples) OWN
    others : (n_variants, n_samples, n_entities) OTHER
    n_samples : (n_variants,) int64
        How many of each variant's samples there are.
    settings : (1,) SETTINGS
    accumulators : (n_variants, WIDTH)
        A sample holds until the next; the last one for no time.
    """
    for variant in range(own.shape[0]):
        for k in range(n_samples[variant]):
            dt = 0.0
            if k + 1 < n_samples[variant]:
                dt = own[variant, k + 1].time - own[variant, k].time
            measure(own[variant, k], others[variant, k], settings[0], accumulators[variant], dt)
