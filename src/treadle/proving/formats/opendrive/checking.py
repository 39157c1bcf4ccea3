"""What is wrong or doubtful in a road network that was read."""

from treadle.proving.formats.opendrive.source import Source
from treadle.proving.rules.roads.network import RoadNetwork


def check_network(source: Source, network: RoadNetwork) -> None:
    """Note all findings of a network."""
    del source, network
