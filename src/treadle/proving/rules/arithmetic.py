"""The operations of OpenSCENARIO expressions (section 9.2.1), on columns of variants.

Division always gives a double: `1/6` is a sixth, as the published scenarios that use it need it.
`%` keeps the sign of the dividend and `round` goes away from zero at a half, as in C; the text of
the standard leaves both open.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

CONSTANTS = {"pi": math.pi, "e": math.e, "true": 1.0, "false": 0.0}
ARITIES = {
    "round": 1, "floor": 1, "ceil": 1, "sqrt": 1, "sin": 1, "cos": 1, "tan": 1, "asin": 1,
    "acos": 1, "atan": 1, "sign": 1, "abs": 1, "pow": 2, "max": 2, "min": 2,
}  # fmt: skip
_FAULTS = {
    "/": "divides by zero",
    "%": "takes the remainder of a division by zero",
    "sqrt": "takes the square root of a negative number",
    "asin": "takes asin of a number beyond -1 and 1",
    "acos": "takes acos of a number beyond -1 and 1",
    "pow": "takes a power that is no real number or too large",
}
_Columns = Sequence[np.ndarray]


def _round(of: _Columns) -> np.ndarray:
    whole = np.trunc(of[0])
    return whole + np.where(np.abs(of[0] - whole) >= 0.5, np.sign(of[0]), 0.0)  # noqa: PLR2004 - a half


_OPERATIONS: dict[str, Callable[[_Columns], np.ndarray]] = {
    "+": lambda of: of[0] + of[1],
    "-": lambda of: of[0] - of[1],
    "*": lambda of: of[0] * of[1],
    "/": lambda of: of[0] / of[1],
    "%": lambda of: np.fmod(of[0], of[1]),
    "negative": lambda of: -of[0],
    "not": lambda of: (of[0] == 0.0).astype(np.float64),
    "and": lambda of: ((of[0] != 0.0) & (of[1] != 0.0)).astype(np.float64),
    "or": lambda of: ((of[0] != 0.0) | (of[1] != 0.0)).astype(np.float64),
    "round": _round,
    "floor": lambda of: np.floor(of[0]),
    "ceil": lambda of: np.ceil(of[0]),
    "sqrt": lambda of: np.sqrt(of[0]),
    "sin": lambda of: np.sin(of[0]),
    "cos": lambda of: np.cos(of[0]),
    "tan": lambda of: np.tan(of[0]),
    "asin": lambda of: np.arcsin(of[0]),
    "acos": lambda of: np.arccos(of[0]),
    "atan": lambda of: np.arctan(of[0]),
    "sign": lambda of: np.sign(of[0]),
    "abs": lambda of: np.abs(of[0]),
    "pow": lambda of: np.power(of[0], of[1]),
    "max": lambda of: np.maximum(of[0], of[1]),
    "min": lambda of: np.minimum(of[0], of[1]),
}


def compute(operation: str, arguments: _Columns) -> np.ndarray:
    """Return an operation's values; not finite where it is not defined.

    Parameters
    ----------
    arguments
        One column for each argument, (n,) float64.

    Returns
    -------
    values : (n,) float64
    """
    with np.errstate(all="ignore"):
        return _OPERATIONS[operation](arguments)


def fault(operation: str) -> str:
    """Return what an operation did where its result is not finite, as a part of a sentence."""
    return _FAULTS.get(operation, "comes to a number too large to compute with")
