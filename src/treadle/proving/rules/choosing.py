"""Which variants of a scenario are run."""

from collections.abc import Sequence

from treadle.kernel import InvalidInputError
from treadle.proving.rules.limits import MOST_VARIANTS


def chosen(count: int, variant: int | None, sample: int | None, seed: int) -> Sequence[int]:
    """Return the numbers of the variants that are to run, in ascending order."""
    if variant is not None and sample is not None:
        text = "give either one variant or a sample, not both"
        raise InvalidInputError(text)
    if variant is not None:
        if not 0 <= variant < count:
            text = f"there is no variant {variant}; they are numbered 0 to {count - 1:,}"
            raise InvalidInputError(text)
        return [variant]
    if sample is None and count <= MOST_VARIANTS:
        return range(count)
    if sample is None or not 0 < sample <= min(count, MOST_VARIANTS):
        most = min(count, MOST_VARIANTS)
        text = f"there are {count:,} variants; give a sample of 1 to {most:,}"
        raise InvalidInputError(text)
    import numpy as np  # noqa: PLC0415 - help and single runs need not wait for it

    drawn = np.random.default_rng(seed).choice(count, size=sample, replace=False)
    return [int(n) for n in np.sort(drawn)]


def check_seed(seed: int) -> None:
    """Refuse a seed that nothing can be drawn by.

    Raises
    ------
    InvalidInputError
        It is below 0.
    """
    if seed < 0:
        text = f"a seed of {seed} is below 0; give 0 or more"
        raise InvalidInputError(text)
