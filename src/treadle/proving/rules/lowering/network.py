"""What lowering wants of a road network, whoever read it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from treadle.engine.road.tables import Roads
from treadle.proving.rules.roads.header import Header


class Group(Protocol):
    """A controller of the road network: signals that change together."""

    @property
    def id(self) -> str:
        """What scenarios call it by."""
        ...

    @property
    def controls(self) -> Sequence[tuple[str, str]]:
        """Of each signal its id and type."""
        ...


class Network(Protocol):
    """A road network."""

    @property
    def road_index(self) -> Mapping[str, int]:
        """Rows of the roads by their ids."""
        ...

    @property
    def controllers(self) -> Sequence[Group]:
        """Groups of signals that change together."""
        ...

    @property
    def header(self) -> Header:
        """Where it lies on Earth, among others."""
        ...

    def compiled(self) -> Roads:
        """Return the network as the engine's arrays."""
        ...
