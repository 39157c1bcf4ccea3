"""A run as a scenario that replays it: every entity on its own trajectory, with times.

ASAM OpenSCENARIO XML 1.3: each entity follows a polyline of world positions, with absolute timing
(FollowTrajectoryAction). followingMode is `follow`: between vertices headings turn evenly, as they
did; `position` would turn them at corners (engine/curve/orientation.py). Who comes later is added
then, who goes earlier is deleted. There is no road: positions and headings say it all. What moves
nothing (axles, performance) is filled in so that it allows all that happened.
"""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np

from treadle.engine.scenario.tables import MISC_OBJECT, PEDESTRIAN, VEHICLE
from treadle.proving.formats.one_run import OneRun, check_suffix, one_run
from treadle.proving.formats.results import read as read_result
from treadle.proving.formats.writing import whole
from treadle.proving.rules.lowering.traffic_templates import CATEGORIES
from treadle.proving.rules.result import Result

SUFFIXES = (".xosc",)
_WHAT = "a replay"
_DATE = "1970-01-01T00:00:00"  # of a file that depends on the run alone
_MOST = "200"  # m/s, m/s2: more than anything does
_DIGITS = 9  # of a time: steps are sums of 0.01, which binary numbers are not
_LEAST = 0.01  # of a box that has no size [m]
_TAGS = {VEHICLE: "Vehicle", PEDESTRIAN: "Pedestrian", MISC_OBJECT: "MiscObject"}


def write(parts: Iterable[bytes], target: Path) -> None:
    """Write the run of a work's parts as a scenario.

    Raises
    ------
    InvalidInputError
        The name does not end with `.xosc`.
    RefusedError
        No trajectories were kept or those of several variants, or the file cannot be written.
    """
    write_xosc((read_result(part)[0] for part in parts), target)


def write_xosc(results: Iterable[Result], target: Path) -> None:
    """Write the one run of results as `write` does."""
    check_suffix(target, SUFFIXES)
    content = replay(one_run(results, _WHAT))
    with whole(target) as file:
        file.write(content)


def replay(run: OneRun) -> bytes:
    """Return the scenario that replays a run."""
    root = ET.Element("OpenSCENARIO")
    description = f"variant {run.variant}, replayed"
    head = {"revMajor": "1", "revMinor": "3", "date": _DATE, "author": "Treadle"}
    ET.SubElement(root, "FileHeader", head, description=description)
    ET.SubElement(root, "CatalogLocations")
    ET.SubElement(root, "RoadNetwork")
    entities = ET.SubElement(root, "Entities")
    board = ET.SubElement(root, "Storyboard")
    actions = ET.SubElement(ET.SubElement(board, "Init"), "Actions")
    events: list[ET.Element] = []
    first, last = run.times_s[0], run.times_s[-1]
    for entity, stays in _stays(run):
        name = run.entities[entity]
        _entity(entities, name, run.shapes[entity])
        for rows in stays:
            if rows["time_s"][0] == first:
                private = ET.SubElement(actions, "Private", entityRef=name)
                action = ET.SubElement(private, "PrivateAction")
                _position(ET.SubElement(action, "TeleportAction"), rows[0])
                _follow(ET.SubElement(private, "PrivateAction"), name, rows)
            else:
                events.append(_event(name, rows[0], rows))
            if rows["time_s"][-1] < last:
                events.append(_event(name, rows[-1], None))
    if events:
        act = ET.SubElement(ET.SubElement(board, "Story", name="replay"), "Act", name="replay")
        for number, group in enumerate(events):
            group.set("name", f"{group.get('name')} {number}")
            act.append(group)
        _at(ET.SubElement(act, "StartTrigger"), 0.0)
    stop = ET.SubElement(board, "StopTrigger")
    _at(stop, float(last))
    ET.indent(root)
    buffer = io.BytesIO()
    ET.ElementTree(root).write(buffer, encoding="utf-8", xml_declaration=True)
    return buffer.getvalue()


def _stays(run: OneRun) -> Iterator[tuple[int, list[np.ndarray]]]:
    """Yield each entity, with the rows of each time that it was there without a break."""
    moments = np.searchsorted(run.times_s, run.samples["time_s"])
    for entity in np.unique(run.samples["entity"]):
        mine = run.samples["entity"] == entity
        breaks = np.flatnonzero(np.diff(moments[mine]) > 1) + 1
        yield int(entity), np.split(run.samples[mine], breaks)


def _entity(entities: ET.Element, name: str, shape: np.void) -> None:
    tag = _TAGS.get(int(shape["kind"]), "MiscObject")
    it = ET.SubElement(ET.SubElement(entities, "ScenarioObject", name=name), tag, name=name)
    if tag == "Vehicle":
        known = int(shape["category"])
        it.set("vehicleCategory", CATEGORIES[known] if known >= 0 else "car")
    elif tag == "Pedestrian":
        it.set("mass", "80")
        it.set("pedestrianCategory", "pedestrian")
    else:
        it.set("mass", "1")
        it.set("miscObjectCategory", "none")
    box = ET.SubElement(it, "BoundingBox")
    centre = zip("xyz", (shape["ahead_m"], shape["left_m"], shape["up_m"]), strict=True)
    ET.SubElement(box, "Center", {part: _number(np.nan_to_num(value)) for part, value in centre})
    sizes = {side: shape[f"{side}_m"] for side in ("width", "length", "height")}
    told = {side: _number(max(_LEAST, np.nan_to_num(value))) for side, value in sizes.items()}
    ET.SubElement(box, "Dimensions", told)
    if tag == "Vehicle":
        most = {"maxSpeed": _MOST, "maxAcceleration": _MOST, "maxDeceleration": _MOST}
        ET.SubElement(it, "Performance", most)
        axles = ET.SubElement(it, "Axles")
        wheelbase = max(_LEAST, 0.6 * float(np.nan_to_num(shape["length_m"])))
        for axle, x in (("FrontAxle", wheelbase), ("RearAxle", 0.0)):
            steering = {"maxSteering": "0.5", "wheelDiameter": "0.6", "trackWidth": "1.6"}
            ET.SubElement(axles, axle, steering, positionX=_number(x), positionZ="0.3")
    ET.SubElement(it, "Properties")


def _position(into: ET.Element, row: np.void, heading: float | None = None) -> None:
    h = float(row["heading_rad"]) if heading is None else heading
    values = {"x": row["x_m"], "y": row["y_m"], "z": row["z_m"], "h": h}
    position = ET.SubElement(into, "Position")
    told = {name: _number(value) for name, value in values.items()}
    ET.SubElement(position, "WorldPosition", told)


def _follow(action: ET.Element, name: str, rows: np.ndarray) -> None:
    """Put in a RoutingAction along what is told."""
    following = ET.SubElement(ET.SubElement(action, "RoutingAction"), "FollowTrajectoryAction")
    reference = ET.SubElement(following, "TrajectoryRef")
    trajectory = ET.SubElement(reference, "Trajectory", name=name, closed="false")
    line = ET.SubElement(ET.SubElement(trajectory, "Shape"), "Polyline")
    headings = np.unwrap(rows["heading_rad"])
    for row, heading in zip(rows, headings, strict=True):
        vertex = ET.SubElement(line, "Vertex", time=_time(row["time_s"]))
        _position(vertex, row, float(heading))
    timing = {"domainAbsoluteRelative": "absolute", "scale": "1", "offset": "0"}
    ET.SubElement(ET.SubElement(following, "TimeReference"), "Timing", timing)
    ET.SubElement(following, "TrajectoryFollowingMode", followingMode="follow")


def _event(name: str, row: np.void, rows: np.ndarray | None) -> ET.Element:
    """Return the maneuver group in which an entity comes and follows rows, or goes."""
    what = "leaves" if rows is None else "comes"
    group = ET.Element("ManeuverGroup", name=f"{name} {what}", maximumExecutionCount="1")
    actors = ET.SubElement(group, "Actors", selectTriggeringEntities="false")
    ET.SubElement(actors, "EntityRef", entityRef=name)
    maneuver = ET.SubElement(group, "Maneuver", name=what)
    event = ET.SubElement(maneuver, "Event", name=what, priority="parallel")
    action = ET.SubElement(event, "Action", name=what)
    entity = ET.SubElement(ET.SubElement(action, "GlobalAction"), "EntityAction", entityRef=name)
    if rows is None:
        ET.SubElement(entity, "DeleteEntityAction")
    else:
        _position(ET.SubElement(entity, "AddEntityAction"), row)
        action = ET.SubElement(event, "Action", name="goes")
        _follow(ET.SubElement(action, "PrivateAction"), name, rows)
    _at(ET.SubElement(event, "StartTrigger"), float(row["time_s"]))
    return group


def _at(trigger: ET.Element, time_s: float) -> None:
    group = ET.SubElement(trigger, "ConditionGroup")
    told = {"name": "then", "delay": "0", "conditionEdge": "none"}
    by_value = ET.SubElement(ET.SubElement(group, "Condition", told), "ByValueCondition")
    rule = {"value": _time(time_s), "rule": "greaterOrEqual"}
    ET.SubElement(by_value, "SimulationTimeCondition", rule)


def _time(time_s: float) -> str:
    return repr(round(float(time_s), _DIGITS))


def _number(value: float) -> str:
    return repr(float(value))
