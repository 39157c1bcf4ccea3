"""What a run has limited room for, and what it says where that is not enough."""

from treadle.engine.scenario.state import LOGS

TOO_MANY_DELAYS, NO_SLOT, TOO_MANY_CONTACTS, TOO_MANY_TRANSITIONS = 1, 2, 4, 8
NO_ROOM, NO_RATE = 16, 32
SHORTAGES = {
    TOO_MANY_DELAYS: "a delayed condition changed more often than is kept",
    NO_SLOT: "traffic wanted more vehicles at once than a run has room for",
    TOO_MANY_CONTACTS: "more collisions than are kept; those after are missing",
    TOO_MANY_TRANSITIONS: f"more than {LOGS:,} transitions; those after are missing",
    NO_ROOM: "a traffic area has not room for all of its entities",
    NO_RATE: "a traffic source had no room for as many vehicles as its rate demands",
}
"""What a run had not enough room for: it is INCONCLUSIVE then."""
