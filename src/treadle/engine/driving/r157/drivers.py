"""The UN R157 models as drivers under test: anywhere, among any number of others.

The regulation tells its models in three set pieces with one other vehicle. How they are meant among
many is our reading:

- A model looks at everybody; what is unsafe towards one is unsafe. fsm answers to the one that asks
  for most. Whoever is behind is left to himself, as in the set pieces.
- Who is in the own lane ahead of the vehicle in front is hidden, until that one is more than
  0.375 m off the middle of the lane (the wandering zone of the cut-out family).
- The vehicle in front is the nearest one ahead whose outline is in the way. cc takes risk for
  granted (as the families of the braking leader and the cut-out have it) from the moment that it
  brakes harder than the variant's threshold, or that it comes to be seen and is slower, or that
  cc's own braking, its delays included, takes all of the gap: nobody drives into what stands in the
  way in full view. It ends when the own vehicle is not faster any more and the other does not
  brake.
- A cut-in that cc holds for harmless is judged anew in each step: the published sweeps end there.
- Before the first risk the speed goes to the set speed by 1 m/s2 at most; after it never upwards.
"""

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.driving.looking import NOBODY, is_hidden, leader_of
from treadle.engine.driving.r157.braking import braked, delay_of
from treadle.engine.driving.r157.risk import REG_INSIDE, is_unsafe
from treadle.engine.driving.r157.step import begin, perceive
from treadle.engine.driving.r157.tables import (
    BEGUN,
    BRAKES,
    CC,
    CC_JERK,
    CRITICAL,
    CUTS_IN,
    FSM,
    FULL,
    HAPPENING,
    HIDDEN,
    LAST_SPEED,
    LEADER_THRESHOLD,
    PROACTIVE,
    REG157,
    REVEALED,
    REVEALED_WAIT,
    RSS,
    SEEN,
    SEEN_FROM,
    WAIT,
    WAS_UNSAFE,
)
from treadle.engine.driving.tables import UNKNOWN_LANE

SEEN_TO = SEEN_FROM + SEEN.itemsize // 8
SPEEDING_UP = 1.0
"""Most change of the planned speed [m/s2]."""
FULLY = 1000.0
"""Travel of one whose way to the own lane is not told: it is there [m]."""


@compiled
def drive_cc(
    own: np.void, others: np.ndarray, settings: np.ndarray, memory: np.ndarray, command: np.void
) -> None:
    """Drive as the careful and competent human driver."""
    _drive(CC, own, others, settings, memory, command)


@compiled
def drive_fsm(
    own: np.void, others: np.ndarray, settings: np.ndarray, memory: np.ndarray, command: np.void
) -> None:
    """Drive as the fuzzy safety model."""
    _drive(FSM, own, others, settings, memory, command)


@compiled
def drive_rss(
    own: np.void, others: np.ndarray, settings: np.ndarray, memory: np.ndarray, command: np.void
) -> None:
    """Drive as the responsibility-sensitive safety model."""
    _drive(RSS, own, others, settings, memory, command)


@compiled
def drive_reg157(
    own: np.void, others: np.ndarray, settings: np.ndarray, memory: np.ndarray, command: np.void
) -> None:
    """Drive as the last-second rule of paragraph 5.2.5.2."""
    _drive(REG157, own, others, settings, memory, command)


@compiled
def _drive(
    model: int,
    own: np.void,
    others: np.ndarray,
    settings: np.ndarray,
    memory: np.ndarray,
    command: np.void,
) -> None:
    v, samples = own["speed"], 1.0 / own["period"]
    if memory[BEGUN] == 0.0:
        begin(model, settings, memory)
        memory[HIDDEN] = memory[HAPPENING] = NOBODY
        memory[LAST_SPEED] = v
    seen = memory[SEEN_FROM:SEEN_TO].view(SEEN)[0]
    seen["speed"], seen["half_length"] = v, own["length"] / 2.0
    seen["acceleration"] = (v - memory[LAST_SPEED]) * samples
    memory[LAST_SPEED] = v
    event = _judge_all(model, own, others, settings, memory, seen, leader_of(own, others, 0.0))
    command["risk"], command["steers"] = 0, 0
    if event >= 0.0:
        perceive(model, event, settings, memory)
        later = braked(model, v, samples, settings, memory)
        command["risk"] = 1
    elif memory[WAS_UNSAFE] == 0.0:
        change = SPEEDING_UP / samples
        later = min(max(own["set_speed"], v - change), v + change)
    else:
        later = v
    command["acceleration"] = (max(later, 0.0) - v) * samples


@compiled
def _judge_all(
    model: int,
    own: np.void,
    others: np.ndarray,
    settings: np.ndarray,
    memory: np.ndarray,
    seen: np.void,
    leader: int,
) -> float:
    """Return what the worst of all others does (CUTS_IN, ...), negative where nothing is unsafe."""
    found, worst, proactive, critical = -1.0, -1.0, 0.0, 0.0
    hidden = NOBODY
    for one in range(others.shape[0]):
        other = others[one]
        if other["is_there"] == 0 or other["dx"] < 0.0:
            continue
        if is_hidden(own, others, one, leader):
            if hidden == NOBODY or other["dx"] < others[hidden]["dx"]:
                hidden = one
            continue
        look_at(own, other, seen)
        if model == CC and not _concerns_cc(own, others, one, settings, memory, seen):
            continue
        if not is_unsafe(model, seen, settings, memory):
            continue
        asked = memory[CRITICAL] + 1.0 if memory[CRITICAL] > 0.0 else memory[PROACTIVE]
        if model == CC:
            asked = seen["event"]
        if asked > worst:
            found, worst = seen["event"], asked
            proactive, critical = memory[PROACTIVE], memory[CRITICAL]
    memory[HIDDEN] = NOBODY if hidden == NOBODY else _who(others, hidden)
    memory[PROACTIVE], memory[CRITICAL] = proactive, critical
    return found


@compiled
def _who(others: np.ndarray, one: int) -> float:
    """Return a number for who is in a row: another one where another vehicle takes the row."""
    return float(one + others.shape[0] * others[one]["serial"])


@compiled
def look_at(own: np.void, other: np.void, seen: np.void) -> None:
    """Fill in how the models see another road user."""
    side = 1.0 if other["dy"] >= 0.0 else -1.0
    seen["dx"], seen["gap_x"], seen["gap_y"] = other["dx"], other["gap_x"], other["gap_y"]
    seen["other_half_length"] = other["length"] / 2.0
    seen["other_speed"] = other["speed"]
    seen["closing"] = -side * other["lateral_speed"]
    from_middle = abs(own["lane_offset"] + other["dy"])
    inside = own["lane_width"] / 2.0 - REG_INSIDE
    seen["to_marking"] = from_middle - other["width"] / 2.0 - inside
    seen["travel"] = own["lane_width"] - from_middle
    if own["lane_width"] <= 0.0 or other["kind"] != 0:
        seen["travel"] = FULLY
    elif other["lane"] != 0 and other["lane"] != UNKNOWN_LANE:
        seen["travel"] = -side * other["lane_offset"]
    seen["event"] = CUTS_IN


@compiled
def _concerns_cc(
    own: np.void,
    others: np.ndarray,
    one: int,
    settings: np.ndarray,
    memory: np.ndarray,
    seen: np.void,
) -> bool:
    """Return whether cc is to judge another one, and say in `event` what that one does."""
    if seen["gap_y"] >= 0.0:  # beside: a cut-in, if it comes nearer
        return bool(seen["closing"] > 0.0)
    other = others[one]
    brakes = other["acceleration"] < -settings[LEADER_THRESHOLD]
    faster = seen["speed"] > seen["other_speed"]
    who = _who(others, one)
    if memory[HAPPENING] == who:
        if faster or brakes:
            seen["event"] = REVEALED
            return True
        memory[HAPPENING] = NOBODY
    if brakes:
        seen["event"] = BRAKES
    elif faster and (
        memory[HIDDEN] == who or seen["gap_x"] <= _way_to_match(own, settings, memory, seen)
    ):
        seen["event"] = REVEALED
    if seen["event"] != CUTS_IN:
        memory[HAPPENING] = who
        return True
    if seen["closing"] <= 0.0:
        seen["travel"] = FULLY
        return bool(faster)
    return True


@compiled
def _way_to_match(own: np.void, settings: np.ndarray, memory: np.ndarray, seen: np.void) -> float:
    """Return the gap [m] that cc's braking takes to come down to the other's speed.

    Delays, then braking that rises to its full strength (the way is a little less than told), and
    one period, since it is judged but once in each.
    """
    wait = memory[WAIT]
    if memory[WAS_UNSAFE] == 0.0:
        wait = delay_of(CC, settings) + settings[REVEALED_WAIT]
    closing = seen["speed"] - seen["other_speed"]
    rising = FULL / settings[CC_JERK]
    return float(
        closing * (wait + rising / 2.0 + 2.0 * own["period"]) + closing * closing / (2.0 * FULL)
    )
