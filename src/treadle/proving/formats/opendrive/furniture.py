"""Objects and signals out of a file (OpenDRIVE 1.8, sections 13 and 14)."""

from treadle.proving.formats.opendrive.source import SPEED_UNITS, Source
from treadle.proving.rules.node import Node
from treadle.proving.rules.roads.furniture import (
    Controller,
    Corner,
    ObjectReference,
    Outline,
    Repeat,
    RoadObject,
    Signal,
    SignalReference,
    Structure,
    Validity,
)

_MOVES_NOTHING = "what stands beside a road moves nothing; only entities touch one another"
_TELLS_DRIVERS = "what a sign looks like and means is for drivers; it moves nothing"


def read_objects(
    source: Source, objects: Node | None
) -> tuple[tuple[RoadObject, ...], tuple[ObjectReference, ...], tuple[Structure, ...]]:
    """Return a road's objects, references to those of others, and its tunnels and bridges."""
    found = tuple(_object(source, node) for node in source.each(objects, "object"))
    references = tuple(
        ObjectReference(
            id=source.text(node, "id"),
            s=source.number(node, "s"),
            t=source.number(node, "t", 0.0),
            orientation=source.text(node, "orientation", "none"),
            validities=_validities(source, node),
        )
        for node in source.each(objects, "objectReference")
    )
    structures = tuple(
        Structure(
            kind="tunnel" if node.tag == "tunnel" else "bridge",
            id=source.text(node, "id"),
            name=source.text(node, "name", ""),
            type=source.text(node, "type", ""),
            s=source.number(node, "s"),
            length=source.number(node, "length"),
            validities=_validities(source, node),
        )
        for node in source.each(objects, "tunnel", "bridge")
    )
    for node in objects.children if objects is not None else ():
        source.ledger.without_effect(node, _MOVES_NOTHING)
    return found, references, structures


def _validities(source: Source, node: Node) -> tuple[Validity, ...]:
    return tuple(
        Validity(source.integer(v, "fromLane"), source.integer(v, "toLane"))
        for v in source.each(node, "validity")
    )


def _object(source: Source, node: Node) -> RoadObject:
    outlines = [*source.each(node, "outline")]
    for group in source.each(node, "outlines"):
        outlines.extend(source.each(group, "outline"))
    return RoadObject(
        id=source.text(node, "id", ""),
        name=source.text(node, "name", ""),
        type=source.text(node, "type", "none"),
        s=source.number(node, "s"),
        t=source.number(node, "t"),
        z_offset=source.number(node, "zOffset", 0.0),
        hdg=source.number(node, "hdg", 0.0),
        pitch=source.number(node, "pitch", 0.0),
        roll=source.number(node, "roll", 0.0),
        orientation=source.text(node, "orientation", "none"),
        length=source.optional_number(node, "length"),
        width=source.optional_number(node, "width"),
        height=source.optional_number(node, "height"),
        radius=source.optional_number(node, "radius"),
        valid_length=source.optional_number(node, "validLength"),
        outlines=tuple(_outline(source, outline) for outline in outlines),
        repeats=tuple(_repeat(source, repeat) for repeat in source.each(node, "repeat")),
        validities=_validities(source, node),
    )


def _outline(source: Source, node: Node) -> Outline:
    corners = []
    for corner in source.each(node, "cornerLocal", "cornerRoad"):
        names = ("u", "v", "z") if corner.tag == "cornerLocal" else ("s", "t", "dz")
        first, second, third = (source.number(corner, name) for name in names)
        height = source.number(corner, "height", 0.0)
        corners.append(Corner(corner.tag == "cornerLocal", first, second, third, height))
    return Outline(
        id=source.text(node, "id", ""),
        is_closed=source.text(node, "closed", "true") != "false",
        is_outer=source.text(node, "outer", "true") != "false",
        corners=tuple(corners),
    )


def _repeat(source: Source, node: Node) -> Repeat:
    return Repeat(
        s=source.number(node, "s"),
        length=source.number(node, "length"),
        distance=source.number(node, "distance"),
        t_start=source.number(node, "tStart", 0.0),
        t_end=source.number(node, "tEnd", 0.0),
        width_start=source.optional_number(node, "widthStart"),
        width_end=source.optional_number(node, "widthEnd"),
        height_start=source.number(node, "heightStart", 0.0),
        height_end=source.number(node, "heightEnd", 0.0),
        z_offset_start=source.number(node, "zOffsetStart", 0.0),
        z_offset_end=source.number(node, "zOffsetEnd", 0.0),
    )


def read_signals(
    source: Source, signals: Node | None
) -> tuple[tuple[Signal, ...], tuple[SignalReference, ...]]:
    """Return a road's signals and its references to those of other roads."""
    found = tuple(_signal(source, node) for node in source.each(signals, "signal"))
    references = tuple(
        SignalReference(
            id=source.text(node, "id"),
            s=source.number(node, "s"),
            t=source.number(node, "t"),
            orientation=source.text(node, "orientation", "none"),
            validities=_validities(source, node),
        )
        for node in source.each(signals, "signalReference")
    )
    for node in signals.children if signals is not None else ():
        source.ledger.without_effect(node, _TELLS_DRIVERS)
    return found, references


def _signal(source: Source, node: Node) -> Signal:
    value = source.optional_number(node, "value") if _is_number(node, "value") else None
    unit = source.text(node, "unit", "")
    signal = Signal(
        id=source.text(node, "id"),
        name=source.text(node, "name", ""),
        type=source.text(node, "type", ""),
        subtype=source.text(node, "subtype", ""),
        country=source.text(node, "country", ""),
        country_revision=source.text(node, "countryRevision", ""),
        s=source.number(node, "s", 0.0),  # 1.8: a place may be inherited from a board
        t=source.number(node, "t", 0.0),
        z_offset=source.number(node, "zOffset", 0.0),
        h_offset=source.number(node, "hOffset", 0.0),
        orientation=source.text(node, "orientation", "none"),
        is_dynamic=source.is_true(node, "dynamic"),
        value=value,
        unit=unit,
        max_mps=value * SPEED_UNITS[unit] if value is not None and unit in SPEED_UNITS else None,
        text=source.text(node, "text", ""),
        width=source.optional_number(node, "width"),
        height=source.optional_number(node, "height"),
        validities=_validities(source, node),
        dependencies=tuple(
            (source.text(d, "id"), source.text(d, "type", ""))
            for d in source.each(node, "dependency")
        ),
    )
    source.nodes[signal] = node
    return signal


def _is_number(node: Node, name: str) -> bool:
    """Whether there is a number: 1.4 wanted a value even where a sign has none."""
    try:
        float(node.attributes.get(name, ""))
    except ValueError:
        return False
    return True


def read_controller(source: Source, node: Node) -> Controller:
    """Return a controller of signals (14.6)."""
    controller = Controller(
        id=source.text(node, "id"),
        name=source.text(node, "name", ""),
        sequence=source.integer(node, "sequence", 0) if "sequence" in node.attributes else None,
        controls=tuple(
            (source.text(control, "signalId"), source.text(control, "type", ""))
            for control in source.each(node, "control")
        ),
    )
    source.nodes[controller] = node
    return controller
