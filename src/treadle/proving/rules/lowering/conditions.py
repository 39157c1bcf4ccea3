"""Conditions, each as the fields of its row."""

from collections.abc import Callable

from treadle.engine.scenario.tables import (
    RULES,
    SIMULATION_TIME,
    SPEED_CONDITION,
    STORYBOARD_STATE,
)
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build

Lower = Callable[[Build, Element], dict[str, int]]
_STATES = (
    "standbyState", "runningState", "completeState",
    "startTransition", "endTransition", "stopTransition", "skipTransition",
)  # fmt: skip


def rule_of(element: Element) -> int:
    """Return the number of a comparison rule."""
    return RULES.index(element.word("rule", RULES))


def _simulation_time(build: Build, element: Element) -> dict[str, int]:
    return {
        "kind": SIMULATION_TIME,
        "rule": rule_of(element),
        "value_slot": build.number(element, "value"),
    }


def _storyboard_state(build: Build, element: Element) -> dict[str, int]:
    name = element.text("storyboardElementRef")
    element.text("storyboardElementType")
    rows = build.element_names.get(name, [-1])
    return {
        "kind": STORYBOARD_STATE,
        "element": rows[0],
        "state": _STATES.index(element.word("state", _STATES)),
    }


def _speed(build: Build, element: Element) -> dict[str, int]:
    return {
        "kind": SPEED_CONDITION,
        "rule": rule_of(element),
        "value_slot": build.number(element, "value"),
    }


BY_VALUE: dict[str, Lower] = {
    "SimulationTimeCondition": _simulation_time,
    "StoryboardElementStateCondition": _storyboard_state,
}
BY_ENTITY: dict[str, Lower] = {
    "SpeedCondition": _speed,
}
