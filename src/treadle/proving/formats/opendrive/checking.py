"""What is wrong or doubtful in a road network that was read.

An error is what cannot be computed with; the rest are warnings, and say what was assumed.
"""

from treadle.proving.formats.opendrive.end_checks import check_ends
from treadle.proving.formats.opendrive.lane_checks import check_lanes
from treadle.proving.formats.opendrive.line_checks import check_lines
from treadle.proving.formats.opendrive.link_checks import check_junctions, check_links
from treadle.proving.formats.opendrive.source import Source
from treadle.proving.rules.roads.network import RoadNetwork

TOLERANCE_M = 1e-3  # of s


def check_network(source: Source, network: RoadNetwork) -> None:
    """Note all findings of a network whose elements could all be read."""
    _check_ids(source, network)
    _check_controllers(source, network, _check_signals(source, network))
    _check_lengths(source, network)
    check_lanes(source, network)
    if not source.is_sound:
        return
    check_lines(source, network)
    check_links(source, network)
    check_junctions(source, network)
    check_ends(source, network)


def _check_ids(source: Source, network: RoadNetwork) -> None:
    """Roads and junctions are linked by their ids: twice the same is no network."""
    for kind, things in (("road", network.roads), ("junction", network.junctions)):
        known: set[str] = set()
        for thing in things:
            if thing.id in known:
                text = f"{kind} {thing.id} is there twice; give each its own id"
                source.ledger.error("opendrive.duplicate_id", text, source.nodes[thing])
            known.add(thing.id)


def _check_signals(source: Source, network: RoadNetwork) -> set[str]:
    known: set[str] = set()
    for road in network.roads:
        for signal in road.signals:
            node = source.nodes[signal]
            if signal.id in known:
                text = f"signal {signal.id} is there twice; scenarios find the first"
                source.ledger.warning("opendrive.duplicate_id", text, node)
            known.add(signal.id)
            if not -TOLERANCE_M <= signal.s <= road.length + TOLERANCE_M:
                text = f"signal {signal.id} stands at s {signal.s}; road {road.id} has no such s"
                source.ledger.warning("opendrive.off_the_road", text, node)
    return known


def _check_controllers(source: Source, network: RoadNetwork, signals: set[str]) -> None:
    controllers: set[str] = set()
    for controller in network.controllers:
        node = source.nodes[controller]
        if controller.id in controllers:
            text = f"controller {controller.id} is there twice; scenarios find the last"
            source.ledger.warning("opendrive.duplicate_id", text, node)
        controllers.add(controller.id)
        for signal_id, _ in controller.controls:
            if signal_id not in signals:
                text = f"controller {controller.id} is for signal {signal_id}, which is not there"
                source.ledger.warning("opendrive.unknown_signal", text, node)


def _check_lengths(source: Source, network: RoadNetwork) -> None:
    if not network.roads:
        text = "there is no road in the network; positions on roads cannot be found"
        source.ledger.warning("opendrive.no_road", text, network.root)
    for road in network.roads:
        if road.length <= 0:
            text = f"road {road.id} is {road.length} m long; give more than 0"
            source.ledger.error("opendrive.length_not_positive", text, source.nodes[road])
