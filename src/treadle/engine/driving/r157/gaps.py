"""The gap that a model keeps when it follows: where the following and the cut-out family begin."""

from treadle.engine.compiled import compiled
from treadle.engine.driving.r157 import fuzzy, risk
from treadle.engine.driving.r157.tables import FSM, RSS


@compiled
def initial_gap(model: int, v: float) -> float:
    """Return the free gap [m] behind a leader of the same speed [m/s].

    2 s for cc (and any other driver), for fsm where PFS begins, for rss the safe distance.
    """
    if model == FSM:
        rho, v2 = fuzzy.REACTION, v * v
        kept = v * rho + v2 / (2.0 * fuzzy.SOFT) - v2 / (2.0 * fuzzy.LEAD)
        return kept + fuzzy.MARGIN_TO + fuzzy.MARGIN_FROM
    if model == RSS:
        rho = risk.REACTION
        gained = v + rho * risk.SPEEDING_UP
        left = max(v - rho * risk.OWN_BRAKING, 0.0)
        return (
            v * rho
            + risk.SPEEDING_UP * (rho * rho) / 2.0
            + gained * gained / (2.0 * risk.OWN_BRAKING)
            - left * left / (2.0 * risk.OWN_BRAKING)
            + 0.5 * risk.OWN_BRAKING * (rho * rho)
        )
    return 2.0 * v
