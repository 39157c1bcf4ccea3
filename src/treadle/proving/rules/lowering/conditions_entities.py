"""Conditions by entity, as rows: own motion, what is around, and relations to others."""

from treadle.engine.scenario.tables import (
    ACCELERATION,
    ALL_DIRECTIONS,
    ALONG,
    ANGLE,
    COLLISION,
    DISTANCE_CONDITION,
    DISTANCE_TYPES,
    END_OF_ROAD,
    ENTITY_SYSTEM,
    EUCLIDEAN,
    EXTERNAL_OBJECT,
    LONGITUDINAL,
    MISC_OBJECT,
    NEVER,
    NOT_TURNED,
    OFFROAD,
    PEDESTRIAN,
    REACH_POSITION,
    REACHED_RAD,
    RELATIVE_ANGLE,
    RELATIVE_CLEARANCE,
    RELATIVE_DISTANCE,
    RELATIVE_SPEED,
    ROAD_SYSTEM,
    ROUTINGS,
    SPEED_CONDITION,
    STAND_STILL,
    SYSTEMS,
    TIME_HEADWAY,
    TIME_TO_COLLISION,
    TRAVELED_DISTANCE,
    VEHICLE,
)
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.conditions_values import rule_of
from treadle.proving.rules.lowering.positions import lower_position

_DIRECTIONS = ("longitudinal", "lateral", "vertical")
_ANGLES = ("heading", "pitch", "roll")
_OBJECTS = {
    "vehicle": VEHICLE,
    "pedestrian": PEDESTRIAN,
    "miscellaneous": MISC_OBJECT,
    "external": EXTERNAL_OBJECT,
}
_WITH_DIRECTIONS = 2
"""The revision 1.x that lets conditions name a direction."""

Fields = dict[str, int]


def _compared(build: Build, element: Element, kind: int) -> Fields:
    value = build.number(element, "value")
    return {"kind": kind, "rule": rule_of(element), "value_slot": value}


def _direction(element: Element) -> int:
    if not element.has("direction"):
        return ALL_DIRECTIONS
    return _DIRECTIONS.index(element.word("direction", _DIRECTIONS))


def speed(build: Build, element: Element) -> Fields:
    """Lower a SpeedCondition."""
    return {**_compared(build, element, SPEED_CONDITION), "direction": _direction(element)}


def acceleration(build: Build, element: Element) -> Fields:
    """Lower an AccelerationCondition: before 1.2 it is that along the heading, with its sign."""
    direction = _direction(element)
    header = build.scenario.node.child("FileHeader")
    minor = header.attributes.get("revMinor", "") if header else ""
    if direction == ALL_DIRECTIONS and minor.isdigit() and int(minor) < _WITH_DIRECTIONS:
        direction = ALONG
    return {**_compared(build, element, ACCELERATION), "direction": direction}


def relative_speed(build: Build, element: Element) -> Fields:
    """Lower a RelativeSpeedCondition."""
    fields = _compared(build, element, RELATIVE_SPEED)
    return {**fields, "entity": build.entity(element), "direction": _direction(element)}


def stand_still(build: Build, element: Element) -> Fields:
    """Lower a StandStillCondition."""
    return {"kind": STAND_STILL, "duration_slot": build.number(element, "duration")}


def end_of_road(build: Build, element: Element) -> Fields:
    """Lower an EndOfRoadCondition."""
    return {"kind": END_OF_ROAD, "duration_slot": build.number(element, "duration")}


def off_road(build: Build, element: Element) -> Fields:
    """Lower an OffroadCondition."""
    return {"kind": OFFROAD, "duration_slot": build.number(element, "duration")}


def traveled_distance(build: Build, element: Element) -> Fields:
    """Lower a TraveledDistanceCondition."""
    return {"kind": TRAVELED_DISTANCE, "value_slot": build.number(element, "value")}


def collision(build: Build, element: Element) -> Fields:
    """Lower a CollisionCondition: with one entity, or with all of a kind."""
    target = element.only("EntityRef", "ByType")
    target.executed()
    if target.tag == "EntityRef":
        return {"kind": COLLISION, "entity": build.entity(target)}
    return {"kind": COLLISION, "object_kind": _OBJECTS[target.word("type", tuple(_OBJECTS))]}


def reach_position(build: Build, element: Element) -> Fields:
    """Lower a ReachPositionCondition."""
    tolerance = build.number(element, "tolerance")
    position = lower_position(build, element.only("Position"))
    kind = REACH_POSITION if position >= 0 else NEVER
    if position >= 0 and build.positions.get(position)["orientation"] != NOT_TURNED:
        text = (
            "the position tells an orientation: it is reached by who looks that way, too, to "
            f"{REACHED_RAD} rad; leave the orientation out where the place alone counts"
        )
        element.ledger.warning("semantic.reached_orientation", text, element.node)
    return {"kind": kind, "tolerance_slot": tolerance, "position": position}


def relative_distance(build: Build, element: Element) -> Fields:
    """Lower a RelativeDistanceCondition."""
    fields = _compared(build, element, RELATIVE_DISTANCE)
    fields["entity"] = build.entity(element)
    return _measured(element, fields)


def distance(build: Build, element: Element) -> Fields:
    """Lower a DistanceCondition."""
    fields = _compared(build, element, DISTANCE_CONDITION)
    fields["position"] = lower_position(build, element.only("Position"))
    if fields["position"] < 0:
        fields["kind"] = NEVER
    return _measured(element, fields)


def time_headway(build: Build, element: Element) -> Fields:
    """Lower a TimeHeadwayCondition."""
    fields = _compared(build, element, TIME_HEADWAY)
    fields["entity"] = build.entity(element)
    return _measured(element, fields)


def time_to_collision(build: Build, element: Element) -> Fields:
    """Lower a TimeToCollisionCondition."""
    fields = _compared(build, element, TIME_TO_COLLISION)
    target = element.only("TimeToCollisionConditionTarget")
    target.executed()
    at = target.only("Position", "EntityRef")
    if at.tag == "EntityRef":
        fields["entity"] = build.entity(at)
    else:
        fields["position"] = lower_position(build, at)
        if fields["position"] < 0:
            fields["kind"] = NEVER
    return _measured(element, fields)


def _measured(element: Element, fields: Fields) -> Fields:
    """Add how a distance is measured.

    `alongRoute` (1.0, deprecated since) counts where neither coordinateSystem nor
    relativeDistanceType is given: true is along the road, false straight (section 6.4, and the
    class texts of 1.1).
    """
    system, kind = ENTITY_SYSTEM, EUCLIDEAN
    along = element.flag("alongRoute", default=False)
    told = element.has("coordinateSystem") or element.has("relativeDistanceType")
    if told:
        system = SYSTEMS.index(element.word("coordinateSystem", SYSTEMS, default="entity"))
        default = DISTANCE_TYPES[EUCLIDEAN]
        words = DISTANCE_TYPES
        kind = words.index(element.word("relativeDistanceType", words, default=default))
    elif along:
        system, kind = ROAD_SYSTEM, LONGITUDINAL
    routing = ROUTINGS.index(element.word("routingAlgorithm", ROUTINGS, default="undefined"))
    freespace = int(element.flag("freespace"))
    return {
        **fields,
        "system": system,
        "distance_type": kind,
        "routing": routing,
        "freespace": freespace,
    }


def angle(build: Build, element: Element) -> Fields:
    """Lower an AngleCondition: in world coordinates where none are given."""
    return _turned(build, element, "world", {"kind": ANGLE})


def relative_angle(build: Build, element: Element) -> Fields:
    """Lower a RelativeAngleCondition."""
    fields = {"kind": RELATIVE_ANGLE, "entity": build.entity(element)}
    return _turned(build, element, "entity", fields)


def _turned(build: Build, element: Element, default: str, fields: Fields) -> Fields:
    system = SYSTEMS.index(element.word("coordinateSystem", SYSTEMS, default=default))
    return {
        **fields,
        "system": system,
        "angle_type": _ANGLES.index(element.word("angleType", _ANGLES)),
        "value_slot": build.number(element, "angle"),
        "tolerance_slot": build.number(element, "angleTolerance"),
    }


def relative_clearance(build: Build, element: Element) -> Fields:
    """Lower a RelativeClearanceCondition: without lane ranges all lanes, without names all."""
    ranges = element.all("RelativeLaneRange")
    first = len(build.ranges)
    for it in ranges:
        build.ranges.add(
            from_slot=_bound(build, it, "from", float("-inf")),
            to_slot=_bound(build, it, "to", float("inf")),
        )
    others = element.all("EntityRef")
    rows = [row for ref in others for row in build.entities_of(ref)]
    start = len(build.members)
    build.members.extend(rows)
    return {
        "kind": RELATIVE_CLEARANCE if rows or not others else NEVER,
        "opposite": int(element.flag("oppositeLanes")),
        "freespace": int(element.flag("freeSpace")),
        "front_slot": build.number(element, "distanceForward", 0.0),
        "back_slot": build.number(element, "distanceBackward", 0.0),
        "first_range": first,
        "n_ranges": len(ranges),
        "first_entity": start,
        "n_entities": len(rows),
    }


def _bound(build: Build, element: Element, attribute: str, default: float) -> int:
    if not element.has(attribute):
        return build.slots.constant(default)
    return build.number(element, attribute)
