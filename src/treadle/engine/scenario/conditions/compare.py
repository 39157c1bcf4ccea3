"""The standard's comparison rules for numbers."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.tables import (
    EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    NOT_EQUAL,
)

NEAR = 1e-6
"""Numbers this near are equal: two seconds are 200 steps of 0.01 s, whatever their sum in binary.
It is below every unit that scenarios are written in (micrometres, microseconds)."""


@compiled
def compare(value: float, rule: int, wanted: float) -> bool:
    """Return whether `value <rule> wanted`; never true of NaN.

    `equal` is within 1e-6, and less and greater are so outside of it: the standard leaves the
    precision to the simulator (OpenSCENARIO XML 1.3, Rule).
    """
    difference = value - wanted
    if value == wanted:  # both may be infinite
        difference = 0.0
    if rule == LESS:
        return difference < -NEAR
    if rule == LESS_OR_EQUAL:
        return difference <= NEAR
    if rule == GREATER:
        return difference > NEAR
    if rule == GREATER_OR_EQUAL:
        return difference >= -NEAR
    if rule == EQUAL:
        return abs(difference) <= NEAR
    if rule == NOT_EQUAL:
        return abs(difference) > NEAR
    return False
