"""What lowering wants of a road network, whoever read it."""

from collections.abc import Mapping
from typing import Protocol

from treadle.engine.road.tables import Roads


class Network(Protocol):
    """A road network."""

    @property
    def road_index(self) -> Mapping[str, int]:
        """Rows of the roads by their ids."""
        ...

    def compiled(self) -> Roads:
        """Return the network as the engine's arrays."""
        ...
