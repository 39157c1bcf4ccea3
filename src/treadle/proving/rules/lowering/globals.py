"""Global actions: variables, entities, infrastructure, environment, traffic."""

from collections.abc import Callable

from treadle.engine.scenario.tables import (
    ADD_ENTITY,
    ADD_TO_VARIABLE,
    DELETE_ENTITY,
    MULTIPLY_VARIABLE,
    NOTHING,
    SET_VARIABLE,
    SIGNAL_CONTROLLER_PHASE,
    SIGNAL_STATE,
)
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.environment import lower_environment
from treadle.proving.rules.lowering.placing import lower_place
from treadle.proving.rules.lowering.signals import signal_row
from treadle.proving.rules.lowering.traffic import lower_traffic
from treadle.proving.rules.lowering.variables import is_text, value_fields, variable_row

Lower = Callable[[Build, Element], dict[str, int]]
_WRAPPERS = ("InfrastructureAction", "TrafficSignalAction")


def lower_global(build: Build, action: Element) -> list[dict[str, int]]:
    """Return the rows that a GlobalAction becomes."""
    rows = []
    for child in action.children:
        if child.tag in GLOBAL:
            rows.append(GLOBAL[child.tag](build, child))
        elif child.tag in _WRAPPERS:
            rows += lower_global(build, child)
        else:
            child.not_supported("Treadle knows no such action")
            rows.append({"kind": NOTHING})
    return rows


def _value(build: Build, action: Element) -> dict[str, int]:
    """Lower a VariableAction or ParameterAction."""
    attribute = "variableRef" if action.tag == "VariableAction" else "parameterRef"
    row = variable_row(build, action, attribute)
    if change := action.child("SetAction"):
        return {"kind": SET_VARIABLE, "variable": row, **value_fields(build, change, row)}
    rule = action.only("ModifyAction").only("Rule")
    if is_text(build, row):
        text = f"{action.tag} would compute with a text; give a number's {attribute}"
        action.ledger.error("semantic.text_is_no_number", text, action.node)
        return {"kind": NOTHING}
    if add := rule.child("AddValue"):
        slot = build.number(add, "value")
        return {"kind": ADD_TO_VARIABLE, "variable": row, "target_slot": slot}
    slot = build.number(rule.only("MultiplyByValue"), "value")
    return {"kind": MULTIPLY_VARIABLE, "variable": row, "target_slot": slot}


def _entity(build: Build, action: Element) -> dict[str, int]:
    reference = build.entity(action)
    if add := action.child("AddEntityAction"):
        position = lower_place(build, add.only("Position"))
        return {"kind": ADD_ENTITY, "reference": reference, "position": position}
    action.only("DeleteEntityAction").executed()
    return {"kind": DELETE_ENTITY, "reference": reference}


def _signal_state(build: Build, action: Element) -> dict[str, int]:
    return {
        "kind": SIGNAL_STATE,
        "signal": signal_row(build, action.text("name")),
        "word": build.word(action.text("state")),
    }


def _signal_controller(build: Build, action: Element) -> dict[str, int]:
    name = action.text("trafficSignalControllerRef")
    if name not in build.controller_rows:
        text = f"{action.tag} refers to {name}, which is not declared"
        action.ledger.error("semantic.unknown_signal_controller", text, action.node)
        return {"kind": NOTHING}
    return {
        "kind": SIGNAL_CONTROLLER_PHASE,
        "signal": build.controller_rows[name],
        "word": build.word(action.text("phase")),
    }


def _monitor(build: Build, action: Element) -> dict[str, int]:
    del build
    action.without_effect("a monitor is for whoever judges the run; nothing in a scenario asks it")
    return {"kind": NOTHING}


GLOBAL: dict[str, Lower] = {
    "VariableAction": _value,
    "ParameterAction": _value,
    "EntityAction": _entity,
    "TrafficSignalStateAction": _signal_state,
    "TrafficSignalControllerAction": _signal_controller,
    "EnvironmentAction": lower_environment,
    "SetMonitorAction": _monitor,
    "TrafficAction": lower_traffic,
}
