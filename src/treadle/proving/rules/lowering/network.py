"""What lowering wants of a road network, whoever read it."""

from collections.abc import Mapping
from typing import Protocol

from treadle.engine.road.tables import Roads
from treadle.proving.rules.roads.header import Header


class Network(Protocol):
    """A road network."""

    @property
    def road_index(self) -> Mapping[str, int]:
        """Rows of the roads by their ids."""
        ...

    @property
    def header(self) -> Header:
        """Where it lies on Earth, among others."""
        ...

    def compiled(self) -> Roads:
        """Return the network as the engine's arrays."""
        ...
