"""EnvironmentAction: the time of day, which conditions ask; weather and roads move nothing."""

from treadle.engine.scenario.tables import ENVIRONMENT, NOTHING
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.conditions_values import seconds_of

_MOVES_NOTHING = {
    "Weather": "weather moves nothing: the default controller keeps speed and lane in any",
    "RoadCondition": "friction moves nothing: the default controller keeps speed and lane on any",
}


def lower_environment(build: Build, action: Element) -> dict[str, int]:
    """Lower an EnvironmentAction: `target_slot` is the time of day, `is_continuous`: it runs."""
    environment = action.only("Environment", "CatalogReference").resolved()
    environment.executed()
    environment.text("name", default="")
    for child in environment.children:
        if child.tag in _MOVES_NOTHING:
            child.without_effect(_MOVES_NOTHING[child.tag])
    day = environment.child("TimeOfDay")
    if day is None:
        return {"kind": NOTHING}
    slot = build.slots.constant(seconds_of(day, "dateTime"))
    running = int(day.flag("animation"))
    return {"kind": ENVIRONMENT, "target_slot": slot, "is_continuous": running}
