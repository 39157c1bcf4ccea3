"""The two fuzzy metrics of the fuzzy safety model: how near to unsafe, from 0 to 1.

Mattas et al. 2020, Accident Analysis & Prevention 148:105794; UN R157 01 series, Annex 3.
"""

from treadle.engine.compiled import compiled

REACTION = 0.75
"""[s]"""
SOFT, HARD, LEAD = 4.0, 6.0, 7.0
"""Decelerations: comfortable and hard of the follower, hardest of the leader [m/s2]."""
MARGIN_FROM, MARGIN_TO = 2.0, 2.0
"""Margins of the gap, and of what is safe [m]."""


@compiled
def proactive(gap: float, v: float, u: float) -> float:
    """Return the proactive fuzzy metric: could the follower stop, did the leader brake now.

    Parameters
    ----------
    gap, v, u
        Free gap [m], speeds of follower and leader [m/s]. An oncoming one's way counts backwards.
    """
    d = gap - MARGIN_FROM
    ahead = u * abs(u) / (2.0 * LEAD)
    safe = v * REACTION + v * v / (2.0 * SOFT) - ahead + MARGIN_TO
    if d > safe:
        return 0.0
    unsafe = v * REACTION + v * v / (2.0 * HARD) - ahead
    if d < unsafe:
        return 1.0
    return (d - safe) / (unsafe - safe)


@compiled
def critical(gap: float, v: float, u: float, a: float) -> float:
    """Return the critical fuzzy metric: does the follower reach a leader that keeps its speed.

    Parameters
    ----------
    gap, v, u
        As above.
    a
        The follower's acceleration [m/s2].
    """
    if v <= u:
        return 0.0
    held = max(a, -SOFT)
    if v + REACTION * held < u:
        return 1.0 if gap < (v - u) * (v - u) / abs(a * 2.0) else 0.0
    base = (v + held * REACTION / 2.0 - u) * REACTION
    left = v + held * REACTION - u
    safe = base + left * left / (SOFT * 2.0)
    if gap > safe:
        return 0.0
    unsafe = base + left * left / (HARD * 2.0)
    if gap < unsafe:
        return 1.0
    return (gap - safe) / (unsafe - safe) if unsafe != safe else 1.0
