"""What is wrong in lanes: their order, their widths, their links within the road."""

import math
from itertools import pairwise

from treadle.engine.road.tables import DRIVABLE, LANE_KINDS
from treadle.proving.formats.opendrive.source import Source
from treadle.proving.rules.node import Node
from treadle.proving.rules.roads.geometry import Polynomial
from treadle.proving.rules.roads.lanes import Lane, LaneSection
from treadle.proving.rules.roads.network import RoadNetwork
from treadle.proving.rules.roads.road import Road

DRIVEN = frozenset(LANE_KINDS[kind] for kind in DRIVABLE)
ROUNDING_M = 1e-3
"""A width below 0 by less comes from how a tool rounds."""
LAID_OUT_M = 0.1
TOLERANCE_M = 1e-6  # of s


def check_lanes(source: Source, network: RoadNetwork) -> None:
    """Note what is wrong in the lanes of each road."""
    for road in network.roads:
        for before, section in pairwise(road.sections):
            if section.s <= before.s:
                text = (
                    f"a lane section of road {road.id} at s {section.s} stands after one at "
                    f"{before.s}; give them in ascending order"
                )
                source.ledger.error("opendrive.not_ascending", text, source.nodes[section])
        if road.sections[0].s > TOLERANCE_M:
            text = f"the lanes of road {road.id} start at s {road.sections[0].s}; read as from 0"
            source.ledger.warning("opendrive.starts_late", text, source.nodes[road.sections[0]])
        for number, section in enumerate(road.sections):
            if section.s > road.length + TOLERANCE_M:
                text = f"a lane section starts at s {section.s}, beyond the end of road {road.id}"
                source.ledger.warning("opendrive.off_the_road", text, source.nodes[section])
            last = number + 1 == len(road.sections)
            end = road.length if last else road.sections[number + 1].s
            _check_section(source, road, section, max(end - section.s, 0.0))
            if not last:
                after = road.sections[number + 1]
                _check_links(source, section, after)
                _check_going_on(source, road, (section, after), after.s)
                _check_going_on(source, road, (after, section), after.s)


def _check_section(source: Source, road: Road, section: LaneSection, length: float) -> None:
    node = source.nodes[section]
    ids = [lane.id for lane in section.lanes]
    if ids[0] - ids[-1] + 1 != len(ids):  # they fall, each is there once
        words = ", ".join(str(id_) for id_ in ids)
        text = f"lanes {words} of road {road.id} leave ids out; read as side by side"
        source.ledger.warning("opendrive.lane_ids_not_continuous", text, node)
    if section.is_single_side and ids[0] > 0 > ids[-1]:
        text = "a lane section for a single side has lanes on both; both count"
        source.ledger.warning("opendrive.single_side", text, node)
    for lane in section.lanes:
        if lane.id:
            _check_lane(source, road, lane, length)
        elif lane.widths and any(w.a or w.b or w.c or w.d for w in lane.widths):
            text = "lane 0 has a width; it has none by the standard, and none is assumed"
            source.ledger.warning("opendrive.centre_width", text, source.nodes[lane])


def _check_lane(source: Source, road: Road, lane: Lane, length: float) -> None:
    node = source.nodes[lane]
    if lane.widths and lane.borders:
        text = f"lane {lane.id} has widths and borders; the widths count"
        source.ledger.warning("opendrive.width_and_border", text, node)
        for border in lane.borders:
            source.ledger.not_supported(
                source.nodes[border], "by the standard the widths count", may_change=False
            )
    elif not lane.widths and not lane.borders:
        text = f"lane {lane.id} has no width; 0 is assumed"
        source.ledger.warning("opendrive.no_width", text, node)
    if lane.borders and not lane.widths and road.lane_offsets:
        text = "borders and a lane offset together: borders are read as from the offset line"
        source.ledger.warning("opendrive.border_and_offset", text, node)
    profile = lane.widths or lane.borders
    if profile and profile[0].s > TOLERANCE_M:
        text = f"the width of lane {lane.id} starts at {profile[0].s}; read as from 0"
        source.ledger.warning("opendrive.starts_late", text, source.nodes[profile[0]])
    for number, width in enumerate(lane.widths):
        last = number + 1 == len(lane.widths)
        end = length if last else min(length, lane.widths[number + 1].s)
        _check_width(source.nodes[width], source, lane, width, max(end - width.s, 0.0))


def _check_width(node: Node, source: Source, lane: Lane, width: Polynomial, length: float) -> None:
    least, at = lowest(width, length)
    if least >= -ROUNDING_M:
        return
    text = (
        f"lane {lane.id} is {least:.6g} m wide, {at:.6g} m after the place where this width starts;"
        " no lane is narrower than 0"
    )
    # A cubic that dips a little between its ends is a fit; a lane that is laid out negative is not.
    if least < -LAID_OUT_M or min(width.a, 0.0) < -ROUNDING_M:
        source.ledger.error("opendrive.negative_width", text, node)
    else:
        source.ledger.warning("opendrive.negative_width", text, node)


def lowest(cubic: Polynomial, length: float) -> tuple[float, float]:
    """Return the least value of a cubic over a length, and where it is: an end or a flat place."""
    places = [0.0, length]
    a, b, c = 3 * cubic.d, 2 * cubic.c, cubic.b
    root = b * b - 4 * a * c
    if a and root >= 0:
        # the larger root first: no difference of near numbers
        q = -(b + math.copysign(math.sqrt(root), b)) / 2
        places.extend(p for p in (q / a, c / q if q else 0.0) if 0 < p < length)
    elif b:
        places.extend(p for p in (-c / b,) if 0 < p < length)
    return min((cubic.a + ds * (cubic.b + ds * (cubic.c + ds * cubic.d)), ds) for ds in places)


def _check_links(source: Source, before: LaneSection, after: LaneSection) -> None:
    """Links between two sections of a road name lanes that are there, and name each other."""
    if before.is_single_side or after.is_single_side:
        return
    left, right = ({lane.id: lane for lane in s.lanes} for s in (before, after))
    for lane in before.lanes:
        _check_link(source, lane, lane.successors, right, "successor")
        for id_ in lane.successors:
            if id_ in right and id_ and lane.id not in right[id_].predecessors:
                _one_sided(source, lane, id_, "predecessor")
    for lane in after.lanes:
        _check_link(source, lane, lane.predecessors, left, "predecessor")
        for id_ in lane.predecessors:
            if id_ in left and id_ and lane.id not in left[id_].successors:
                _one_sided(source, lane, id_, "successor")


def _check_going_on(
    source: Source, road: Road, sections: tuple[LaneSection, LaneSection], s: float
) -> None:
    """Who drives in a lane that ends within the road is on another one at once."""
    section, following = sections
    if section.is_single_side or following.is_single_side:
        return
    upwards = following.s > section.s
    there = {lane.id for lane in following.lanes}
    for lane in section.lanes:
        links = lane.successors if upwards else lane.predecessors
        beside = [id_ for id_ in there if id_ * lane.id > 0]
        leads_on = there & {lane.id, *links}
        if leads_on or not beside or not _is_driven(road, lane, upwards=upwards):
            continue
        other = min(beside, key=lambda id_: abs(id_ - lane.id))
        text = (
            f"lane {lane.id} of road {road.id} ends at s {s} and is linked to none; who drives on "
            f"in it is on lane {other} there at once"
        )
        source.ledger.warning("opendrive.lane_ends", text, source.nodes[lane])


def _is_driven(road: Road, lane: Lane, *, upwards: bool) -> bool:
    """Return whether vehicles go on a lane, and in this direction of s."""
    if lane.type not in DRIVEN or lane.direction == "both":
        return lane.type in DRIVEN
    standard = (lane.id < 0) == (road.rule == "RHT")
    return upwards == (standard == (lane.direction == "standard"))


def _check_link(
    source: Source, lane: Lane, ids: tuple[int, ...], there: dict[int, Lane], what: str
) -> None:
    for id_ in ids:
        if id_ not in there:
            text = (
                f"the {what} of lane {lane.id} is lane {id_}, which is not there; none is assumed"
            )
            source.ledger.warning("opendrive.unknown_lane", text, source.nodes[lane])


def _one_sided(source: Source, lane: Lane, other: int, what: str) -> None:
    text = f"lane {lane.id} is linked to lane {other}, which has it as no {what}"
    source.ledger.warning("opendrive.one_sided_link", text, source.nodes[lane])
