"""A road network: what an OpenDRIVE file says, and the engine's arrays of it."""

from dataclasses import dataclass, field
from functools import cached_property

from treadle.engine.road.tables import Roads
from treadle.proving.rules.node import Ledger, Node
from treadle.proving.rules.roads.furniture import Controller, Signal
from treadle.proving.rules.roads.header import Header
from treadle.proving.rules.roads.junction import Junction, JunctionGroup
from treadle.proving.rules.roads.lowering import lowered
from treadle.proving.rules.roads.road import Road


@dataclass(frozen=True, slots=True, eq=False)
class SignalPlace:
    """Where a signal stands: on which road, at which s and t [m], and what it is."""

    road: int
    s: float
    t: float
    signal: Signal


@dataclass(frozen=True, kw_only=True, eq=False)
class RoadNetwork:
    """The roads of a file (OpenDRIVE 1.4-1.8).

    Attributes
    ----------
    root
        The file's root element.
    ledger
        What became of each element, and what was found wrong.
    """

    header: Header
    roads: tuple[Road, ...]
    junctions: tuple[Junction, ...] = ()
    controllers: tuple[Controller, ...] = ()
    junction_groups: tuple[JunctionGroup, ...] = ()
    root: Node = field(repr=False)
    ledger: Ledger = field(repr=False)

    def compiled(self) -> Roads:
        """Return the network as the engine's arrays; made once."""
        return self._arrays

    @cached_property
    def _arrays(self) -> Roads:
        return lowered(self.roads, self.junctions)

    @cached_property
    def road_index(self) -> dict[str, int]:
        """Rows of the roads by their ids."""
        return {road.id: index for index, road in enumerate(self.roads)}

    @cached_property
    def junction_index(self) -> dict[str, int]:
        """Rows of the junctions by their ids."""
        return {junction.id: index for index, junction in enumerate(self.junctions)}

    @cached_property
    def controller_index(self) -> dict[str, int]:
        """Places of the signal controllers by their ids."""
        return {controller.id: index for index, controller in enumerate(self.controllers)}

    @cached_property
    def signals(self) -> dict[str, SignalPlace]:
        """Signals by their ids; the first of an id that is there twice."""
        found: dict[str, SignalPlace] = {}
        for index, road in enumerate(self.roads):
            for signal in road.signals:
                found.setdefault(signal.id, SignalPlace(index, signal.s, signal.t, signal))
        return found

    def speed_limit_mps(self, road: int, s: float) -> float:
        """Return the road's own limit at s [m/s]; NaN where it has none."""
        limit = float("nan")
        for record in self.roads[road].types:
            if record.s > s:
                break
            limit = record.max_mps
        return limit
