"""The gap that a model keeps when it follows: where the following and the cut-out family begin."""

from treadle.engine.compiled import compiled
from treadle.engine.driving.r157.fuzzy import LEAD, MARGIN_FROM, MARGIN_TO, SOFT
from treadle.engine.driving.r157.risk import OWN_BRAKING, REACTION, SPEEDING_UP
from treadle.engine.driving.r157.tables import FSM, RSS


@compiled
def initial_gap(model: int, v: float) -> float:
    """Return the free gap [m] behind a leader of the same speed [m/s].

    2 s for cc (and any other driver), for fsm where PFS begins, for rss the safe distance.
    """
    if model == FSM:
        rho, v2 = REACTION, v * v
        kept = v * rho + v2 / (2.0 * SOFT) - v2 / (2.0 * LEAD)
        return kept + MARGIN_TO + MARGIN_FROM
    if model == RSS:
        rho = REACTION
        gained = v + rho * SPEEDING_UP
        left = max(v - rho * OWN_BRAKING, 0.0)
        return (
            v * rho
            + SPEEDING_UP * (rho * rho) / 2.0
            + gained * gained / (2.0 * OWN_BRAKING)
            - left * left / (2.0 * OWN_BRAKING)
            + 0.5 * OWN_BRAKING * (rho * rho)
        )
    return 2.0 * v
