"""A design, as it is asked for: which cases are run of what varies in a scenario."""

from dataclasses import dataclass
from typing import Literal

from treadle.kernel import InvalidInputError
from treadle.proving.rules.limits import MOST_VARIANTS

Kind = Literal["grid", "lhs", "sobol", "t-way", "distribution"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Which cases are run of what varies in a scenario.

    Attributes
    ----------
    kind
        All combinations, a Latin hypercube, a Sobol sequence, an array that covers all combinations
        of any `strength` parameters, or draws from the distributions.
    count
        How many cases; a grid and a covering array find that out themselves.
    levels
        Of a parameter with a range or a distribution, for a grid and a covering array; None: the
        values that the variation file steps through, or 5.
    """

    kind: Kind
    count: int | None = None
    strength: int | None = None
    levels: int | None = None


def check_design(design: Design) -> None:
    """Refuse a design that cannot be.

    Raises
    ------
    InvalidInputError
        A number is out of its range, missing, or means nothing to this kind of design.
    """
    counted = design.kind in ("lhs", "sobol", "distribution")
    if counted and design.count is None:
        text = f"the design {design.kind} does not know how many cases to give; give it a count"
        raise InvalidInputError(text)
    if design.count is not None and not 1 <= design.count <= MOST_VARIANTS:
        text = f"a count of {design.count} is no number of cases; give 1 to {MOST_VARIANTS:,}"
        raise InvalidInputError(text)
    if not counted and design.count is not None:
        text = f"a design {design.kind} finds out itself how many cases it has; leave out the count"
        raise InvalidInputError(text)
    if design.strength is not None and (design.kind != "t-way" or design.strength < 1):
        text = f"a strength of {design.strength} is for the design t-way alone, and 1 or more"
        raise InvalidInputError(text)
    if design.levels is not None and (counted or design.levels < 1):
        text = f"{design.levels} levels are for the designs grid and t-way alone, and 1 or more"
        raise InvalidInputError(text)
