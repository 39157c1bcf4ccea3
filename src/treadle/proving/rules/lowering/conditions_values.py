"""Conditions by value, as rows: time, storyboard elements, variables, traffic signals."""

from datetime import UTC

from treadle.engine.scenario.tables import (
    ELEMENT_KINDS,
    EQUAL,
    NEVER,
    NOT_EQUAL,
    PARAMETER_CONDITION,
    RULES,
    SIMULATION_TIME,
    STORYBOARD_STATE,
    TIME_OF_DAY,
    TRAFFIC_SIGNAL,
    TRAFFIC_SIGNAL_CONTROLLER,
    VARIABLE_CONDITION,
)
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.signals import signal_row
from treadle.proving.rules.lowering.variables import is_text, value_fields, variable_row
from treadle.proving.rules.parameters import moment

_STATES = (
    "standbyState", "runningState", "completeState",
    "startTransition", "endTransition", "stopTransition", "skipTransition",
)  # fmt: skip


def rule_of(element: Element) -> int:
    """Return the number of a comparison rule."""
    return RULES.index(element.word("rule", RULES))


def seconds_of(element: Element, attribute: str) -> float:
    """Return a dateTime as seconds since 1970, UTC; one without a zone is in UTC."""
    text = element.text(attribute)
    when = moment(text, f"{element.place}: {attribute} of {element.tag}")
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def simulation_time(build: Build, element: Element) -> dict[str, int]:
    """Lower a SimulationTimeCondition."""
    value = build.number(element, "value")
    return {"kind": SIMULATION_TIME, "rule": rule_of(element), "value_slot": value}


def time_of_day(build: Build, element: Element) -> dict[str, int]:
    """Lower a TimeOfDayCondition."""
    slot = build.slots.constant(seconds_of(element, "dateTime"))
    return {"kind": TIME_OF_DAY, "rule": rule_of(element), "value_slot": slot}


def storyboard_state(build: Build, element: Element) -> dict[str, int]:
    """Lower a StoryboardElementStateCondition.

    A name may have those of elements around it before it, `act::event`; levels may be left out.
    """
    path = [name.strip() for name in element.text("storyboardElementRef").split("::")]
    kinds = ELEMENT_KINDS[:-1]
    kind = kinds.index(element.word("storyboardElementType", kinds))
    fits = [row for row in build.element_names.get(path[-1], []) if _is_inside(build, row, path)]
    rows = [row for row in fits if build.elements.get(row)["kind"] == kind]
    name = "::".join(path)
    if not rows:
        there = f"; {name} is a {kinds[build.elements.get(fits[0])['kind']]}" if fits else ""
        text = f"{element.tag} refers to the {kinds[kind]} {name}, which is not there{there}"
        element.ledger.error("semantic.unknown_storyboard_element", text, element.node)
    elif len(rows) > 1:
        first = build.told[rows[0]]
        text = (
            f"{len(rows)} elements fit the {kinds[kind]} {name}; the one of line {first.line} is "
            f"taken, write its path with :: ({'::'.join(first.path.split('/'))})"
        )
        element.ledger.warning("semantic.ambiguous_name", text, element.node)
    state = _STATES.index(element.word("state", _STATES))
    return {"kind": STORYBOARD_STATE, "element": rows[0] if rows else -1, "state": state}


def _is_inside(build: Build, row: int, path: list[str]) -> bool:
    """Return whether the elements around a row have the names before the last, in their order."""
    wanted = path[:-1]
    row = build.elements.get(row)["parent"]
    while row >= 0 and wanted:
        if row in build.element_names.get(wanted[-1], []):
            wanted = wanted[:-1]
        row = build.elements.get(row)["parent"]
    return not wanted


def variable(build: Build, element: Element) -> dict[str, int]:
    """Lower a VariableCondition or ParameterCondition."""
    by_parameter = element.tag == "ParameterCondition"
    row = variable_row(build, element, "parameterRef" if by_parameter else "variableRef")
    rule = rule_of(element)
    if is_text(build, row) and rule not in (EQUAL, NOT_EQUAL):
        element.not_supported("texts are equal or not, they have no order", may_change=True)
        return {"kind": NEVER}
    fields = value_fields(build, element, row)
    kind = PARAMETER_CONDITION if by_parameter else VARIABLE_CONDITION
    made = {"kind": kind, "variable": row, "rule": rule}
    if "word" in fields:
        return {**made, "word": fields["word"]}
    return {**made, "value_slot": fields["target_slot"]}


def traffic_signal(build: Build, element: Element) -> dict[str, int]:
    """Lower a TrafficSignalCondition."""
    row = signal_row(build, element.text("name"))
    return {"kind": TRAFFIC_SIGNAL, "signal": row, "word": build.word(element.text("state"))}


def traffic_signal_controller(build: Build, element: Element) -> dict[str, int]:
    """Lower a TrafficSignalControllerCondition."""
    name, phase = element.text("trafficSignalControllerRef"), element.text("phase")
    row = build.controller_rows.get(name, -1)
    if row < 0:
        text = f"{element.tag} refers to {name}, which is not declared"
        element.ledger.error("semantic.unknown_signal_controller", text, element.node)
    else:
        it = build.signal_controllers.get(row)
        phases = range(it["first_phase"], it["first_phase"] + it["n_phases"])
        if build.word(phase) not in {build.phases.get(k)["name"] for k in phases}:
            text = f"{element.tag} refers to the phase {phase}, which {name} does not have"
            element.ledger.error("semantic.unknown_phase", text, element.node)
    return {"kind": TRAFFIC_SIGNAL_CONTROLLER, "signal": row, "word": build.word(phase)}


def user_defined(build: Build, element: Element) -> dict[str, int]:
    """Lower a UserDefinedValueCondition: nobody tells its value."""
    del build
    name = element.text("name")
    element.not_supported(f"nobody tells the value of {name}, which is defined outside")
    return {"kind": NEVER}
