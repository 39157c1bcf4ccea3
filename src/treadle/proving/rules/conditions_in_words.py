"""Conditions of triggers in words, with the values that they had in one variant.

Read through elements whose parameters are all values, and a ledger of their own: saying what a
condition is does not count as executing it.
"""

from collections.abc import Callable

from treadle.kernel import InvalidInputError
from treadle.proving.rules.binding import Element

_RULES = {
    "greaterThan": ">",
    "lessThan": "<",
    "equalTo": "=",
    "greaterOrEqual": "\N{GREATER-THAN OR EQUAL TO}",
    "lessOrEqual": "\N{LESS-THAN OR EQUAL TO}",
    "notEqualTo": "\N{NOT EQUAL TO}",
}
_EDGES = {
    "rising": "from the moment that it is so",
    "falling": "from the moment that it is so no longer",
    "risingOrFalling": "whenever it changes",
}
_STATES = {
    "standbyState": "is in standby", "runningState": "is running", "completeState": "is complete",
    "startTransition": "starts", "endTransition": "ends", "stopTransition": "is stopped",
    "skipTransition": "is skipped",
}  # fmt: skip
_COMPARED: dict[str, tuple[str, str]] = {
    "AccelerationCondition": ("acceleration", "m/s\N{SUPERSCRIPT TWO}"),
    "SpeedCondition": ("speed", "m/s"),
    "RelativeSpeedCondition": ("speed relative to {entityRef}", "m/s"),
    "TimeHeadwayCondition": ("time headway to {entityRef}", "s"),
    "RelativeDistanceCondition": ("distance to {entityRef}", "m"),
    "SimulationTimeCondition": ("time", "s"),
    "ParameterCondition": ("parameter {parameterRef}", ""),
    "VariableCondition": ("variable {variableRef}", ""),
    "UserDefinedValueCondition": ("{name}, which is defined outside", ""),
}
"""What is compared with `value`, and its unit."""
_HOW = ("relativeDistanceType", "coordinateSystem", "direction")


def told(condition: Element) -> str:
    """Return a condition in words.

    Parameters
    ----------
    condition
        A `Condition` (OpenSCENARIO XML 1.3), its parameters values.
    """
    holder = next((c for c in condition.node.children if c.tag in _HOLDERS), None)
    if holder is None:
        return "nothing"
    what = condition.only(*_HOLDERS)
    edge = _EDGES.get(_read(condition, "conditionEdge"), "")
    delay = _read(condition, "delay", "0")
    words = _by_value(what) if what.tag == "ByValueCondition" else _by_entity(what)
    if edge:
        words += f", {edge}"
    if delay.strip() not in ("", "0", "0.0"):
        words += f", {_short(delay)} s later"
    return words


_HOLDERS = ("ByValueCondition", "ByEntityCondition")


def _by_value(what: Element) -> str:
    return _expressed(what.children[0]) if what.children else "nothing"


def _by_entity(what: Element) -> str:
    triggering = what.only("TriggeringEntities")
    names = [_read(one, "entityRef") for one in triggering.all("EntityRef")]
    rule = _read(triggering, "triggeringEntitiesRule", "any")
    who = names[0] if len(names) == 1 else f"{rule} of {', '.join(names)}"
    inside = what.only("EntityCondition").children
    return f"{who}: {_expressed(inside[0])}" if inside else who


def _expressed(it: Element) -> str:
    if it.tag in _COMPARED:
        name, unit = _COMPARED[it.tag]
        return _compared(it, _filled(name, it), unit)
    return _OTHERS[it.tag](it) if it.tag in _OTHERS else _generic(it)


def _filled(text: str, it: Element) -> str:
    head, brace, rest = text.partition("{")
    if not brace:
        return text
    name, _, tail = rest.partition("}")
    return f"{head}{_read(it, name)}{tail}"


def _compared(it: Element, name: str, unit: str) -> str:
    rule = _RULES.get(_read(it, "rule"), _read(it, "rule"))
    value = f"{_short(_read(it, 'value'))} {unit}".strip()
    return f"{name} {rule} {value}{_how(it)}"


def _how(it: Element) -> str:
    """Return how a distance is measured, where that is told."""
    told = [f"{_read(it, name)}" for name in _HOW if name in it.node.attributes]
    if _read(it, "freespace", "false") in ("true", "1"):
        told.append("between their boxes")
    return f" ({', '.join(told)})" if told else ""


def _reach(it: Element) -> str:
    return f"within {_short(_read(it, 'tolerance'))} m of {_place(it.only('Position'))}"


def _distance(it: Element) -> str:
    return _compared(it, f"distance to {_place(it.only('Position'))}", "m")


def _collision_in(it: Element) -> str:
    target = it.only("TimeToCollisionConditionTarget").only("Position", "EntityRef")
    at = _read(target, "entityRef") if target.tag == "EntityRef" else _place(target)
    return _compared(it, f"time to collision with {at}", "s")


def _collision(it: Element) -> str:
    target = it.only("EntityRef", "ByType")
    if target.tag == "EntityRef":
        return f"collides with {_read(target, 'entityRef')}"
    return f"collides with any {_read(target, 'type')}"


def _clearance(it: Element) -> str:
    front, back = (_short(_read(it, k, "0")) for k in ("distanceForward", "distanceBackward"))
    others = ", ".join(_read(one, "entityRef") for one in it.all("EntityRef")) or "anybody"
    lanes = " and ".join(
        f"{_read(one, 'from', 'any')} to {_read(one, 'to', 'any')}"
        for one in it.all("RelativeLaneRange")
    )
    where = f"in lanes {lanes} from its own" if lanes else "in every lane"
    return f"clear of {others} {where}, {front} m ahead and {back} m behind"


def _turned(it: Element) -> str:
    to = f" relative to {_read(it, 'entityRef')}" if it.tag == "RelativeAngleCondition" else ""
    angle, within = (_short(_read(it, k)) for k in ("angle", "angleTolerance"))
    return f"{_read(it, 'angleType')}{to} = {angle} \N{PLUS-MINUS SIGN} {within} rad"


def _state(it: Element) -> str:
    kind, name = _read(it, "storyboardElementType"), _read(it, "storyboardElementRef")
    state = _read(it, "state")
    return f"{kind} {name} {_STATES.get(state, state)}"


_OTHERS: dict[str, Callable[[Element], str]] = {
    "ReachPositionCondition": _reach,
    "DistanceCondition": _distance,
    "TimeToCollisionCondition": _collision_in,
    "CollisionCondition": _collision,
    "RelativeClearanceCondition": _clearance,
    "AngleCondition": _turned,
    "RelativeAngleCondition": _turned,
    "StoryboardElementStateCondition": _state,
    "StandStillCondition": lambda it: f"stands still for {_short(_read(it, 'duration'))} s",
    "EndOfRoadCondition": lambda it: f"at a road's end for {_short(_read(it, 'duration'))} s",
    "OffroadCondition": lambda it: f"off the road for {_short(_read(it, 'duration'))} s",
    "TraveledDistanceCondition": lambda it: f"has gone {_short(_read(it, 'value'))} m",
    "TimeOfDayCondition": lambda it: (
        f"time of day {_RULES.get(_read(it, 'rule'), '')} {_read(it, 'dateTime')}"
    ),
    "TrafficSignalCondition": lambda it: f"signal {_read(it, 'name')} shows {_read(it, 'state')}",
    "TrafficSignalControllerCondition": lambda it: (
        f"signal controller {_read(it, 'trafficSignalControllerRef')} is in {_read(it, 'phase')}"
    ),
}


def _generic(it: Element) -> str:
    """Return an element's name and what is written in it, its parameters replaced."""
    values = ", ".join(f"{name} {_short(_read(it, name))}" for name in it.node.attributes)
    words = _spaced(it.tag).removesuffix(" condition")
    return f"{words}{f' ({values})' if values else ''}"


def _spaced(tag: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in tag).strip()


_NAMES = {"roadId": "road", "laneId": "lane", "entityRef": "of"}
_PLAIN = frozenset({"LanePosition", "RoadPosition", "WorldPosition"})


def _place(position: Element) -> str:
    """Return a position: the kind of it, and its numbers."""
    inside = position.children
    if not inside:
        return "a position"
    (it, *_) = inside
    told = [
        (_NAMES.get(name, name), _short(_read(it, name))) for name in it.node.attributes
    ]  # an offset of nothing says nothing
    words = ", ".join(f"{name} {value}" for name, value in told if (name, value) != ("offset", "0"))
    return words if it.tag in _PLAIN else f"{_spaced(it.tag)} ({words})"


def _read(it: Element, name: str, default: str = "") -> str:
    """Return an attribute with its parameters replaced; as it is written where that cannot be."""
    if not it.has(name):
        return default
    try:
        return it.text(name)
    except InvalidInputError:
        return it.node.attributes.get(name, default)


def _short(text: str) -> str:
    """Return a number with few digits; another text as it is."""
    try:
        return f"{float(text):.6g}"
    except ValueError:
        return text
