"""A scenario in the making: the tables that grow, and the names that refer to their rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from treadle.engine.measuring.tables import settings_of
from treadle.engine.road.tables import Roads, no_roads
from treadle.engine.scenario import tables
from treadle.engine.scenario.tables import ROUTINES, Program
from treadle.engine.scenario.traffic_tables import SHARE, STRETCH, TRAFFIC
from treadle.proving.rules.binding import Element
from treadle.proving.rules.constraints import Constrained, outside
from treadle.proving.rules.driver import Driver
from treadle.proving.rules.lowering.dialect import Manner
from treadle.proving.rules.lowering.network import Network
from treadle.proving.rules.lowering.rows import Rows
from treadle.proving.rules.lowering.slots import Slots
from treadle.proving.rules.parameters import Bound, Scope
from treadle.proving.rules.result import Element as Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """An action that activates controllers of an entity.

    Attributes
    ----------
    name
        Which one; empty: all that are assigned.
    """

    action: Element
    entity: int
    name: str


@dataclass(slots=True, kw_only=True)
class Build:
    """What is known of a scenario so far.

    Attributes
    ----------
    told
        Storyboard elements in words, one a row of `elements`.
    parameter_rows
        Rows of parameters that actions change or conditions ask, by the identity of what binds
        them, which is kept with them.
    names
        Names of storyboard elements to their rows, several where a name is used again.
    interned
        Texts that are compared with: values of text variables, states of signals.
    limits
        Constraints on parameters of catalog entries, stories and maneuvers, with these parameters.
    selections
        Rows of the entities of each EntitySelection, by its name.
    assigned
        Controllers by the row of the entity that they are assigned to: by name, what references
        call them.
    manners
        How entities move by properties of their own, by their row.
    vehicles
        What vehicles are, by their row.
    activations
        Actions that activate controllers.
    traffic_names, traffic_labels
        Numbers of the names of traffic; what each row of `traffic` is called.
    traffic_stops
        Actions that stop traffic of a name.
    controllers_on
        Whether controllers other than the default one may be activated.
    drivers, driven
        Drivers under test, and the same by the row of whom they drive.
    """

    scenario: Element
    network: Network | None
    controllers_on: bool = True
    drivers: tuple[Driver, ...] = ()
    driven: dict[int, Driver] = field(default_factory=dict)
    slots: Slots = field(default_factory=Slots)
    entity_rows: dict[str, int] = field(default_factory=dict)
    variable_rows: dict[str, int] = field(default_factory=dict)
    parameter_rows: dict[int, tuple[Bound, int]] = field(default_factory=dict)
    signal_rows: dict[str, int] = field(default_factory=dict)
    controller_rows: dict[str, int] = field(default_factory=dict)
    interned: dict[str, int] = field(default_factory=dict)
    limits: list[tuple[list[Constrained], Scope]] = field(default_factory=list)
    selections: dict[str, tuple[int, ...]] = field(default_factory=dict)
    assigned: dict[int, dict[str, str]] = field(default_factory=dict)
    manners: dict[int, Manner] = field(default_factory=dict)
    vehicles: dict[int, Element] = field(default_factory=dict)
    activations: list[Activation] = field(default_factory=list)
    traffic_names: dict[str, int] = field(default_factory=dict)
    traffic_labels: list[str] = field(default_factory=list)
    traffic_stops: list[tuple[str, Element]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    element_names: dict[str, list[int]] = field(default_factory=dict)
    members: list[int] = field(default_factory=list)
    knots: list[int] = field(default_factory=list)
    init: list[int] = field(default_factory=list)
    corners: list[int] = field(default_factory=list)
    stretch_lanes: list[int] = field(default_factory=list)
    n_memories: int = 0
    n_workspace: int = 0
    stop_trigger: int = -1
    entities: Rows = field(default_factory=partial(Rows, tables.ENTITY))
    elements: Rows = field(default_factory=partial(Rows, tables.ELEMENT))
    triggers: Rows = field(default_factory=partial(Rows, tables.TRIGGER))
    groups: Rows = field(default_factory=partial(Rows, tables.GROUP))
    conditions: Rows = field(default_factory=partial(Rows, tables.CONDITION))
    ranges: Rows = field(default_factory=partial(Rows, tables.RANGE))
    actions: Rows = field(default_factory=partial(Rows, tables.ACTION))
    entries: Rows = field(default_factory=partial(Rows, tables.ENTRY))
    positions: Rows = field(default_factory=partial(Rows, tables.POSITION))
    routes: Rows = field(default_factory=partial(Rows, tables.ROUTE))
    waypoints: Rows = field(default_factory=partial(Rows, tables.WAYPOINT))
    trajectories: Rows = field(default_factory=partial(Rows, tables.TRAJECTORY))
    vertices: Rows = field(default_factory=partial(Rows, tables.VERTEX))
    signals: Rows = field(default_factory=partial(Rows, tables.SIGNAL))
    phases: Rows = field(default_factory=partial(Rows, tables.PHASE))
    signal_states: Rows = field(default_factory=partial(Rows, tables.SIGNAL_STATE_ROW))
    signal_controllers: Rows = field(default_factory=partial(Rows, tables.CONTROLLER))
    variables: Rows = field(default_factory=partial(Rows, tables.VARIABLE))
    traffic: Rows = field(default_factory=partial(Rows, TRAFFIC))
    shares: Rows = field(default_factory=partial(Rows, SHARE))
    templates: Rows = field(default_factory=partial(Rows, tables.ENTITY))
    stretches: Rows = field(default_factory=partial(Rows, STRETCH))

    @property
    def minor(self) -> int:
        """The scenario's revision 1.x; 3, the last one, where it tells none."""
        header = self.scenario.node.child("FileHeader")
        told = header.attributes.get("revMinor", "") if header else ""
        return int(told) if told.isdigit() else 3

    def word(self, text: str) -> int:
        """Return the number of a text."""
        return self.interned.setdefault(text, len(self.interned))

    def entity(self, element: Element, attribute: str = "entityRef") -> int:
        """Return the row of the entity that an attribute refers to; -1 and an error if unknown."""
        rows = self.entities_of(element, attribute)
        if len(rows) > 1:
            text = f"{element.tag} wants one entity; {element.text(attribute)} is {len(rows)}"
            element.ledger.error("semantic.selection", text, element.node)
        return rows[0] if len(rows) == 1 else -1

    def entities_of(self, element: Element, attribute: str = "entityRef") -> list[int]:
        """Return the rows of the entity or EntitySelection that an attribute refers to."""
        name = element.text(attribute)
        if name in self.selections:
            return list(self.selections[name])
        if name not in self.entity_rows:
            known = ", ".join(self.entity_rows) or "none"
            text = f"{element.tag} refers to an entity {name!r} that is not declared (are: {known})"
            element.ledger.error("semantic.unknown_entity", text, element.node)
            return []
        return [self.entity_rows[name]]

    def number(self, element: Element, attribute: str, default: float | None = None) -> int:
        """Return the slot of a number; of the default where the attribute is absent."""
        if default is not None:
            return self.slots.of(element.number(attribute, default=default))
        return self.slots.of(element.number(attribute))

    def outside(self, columns: Mapping[str, np.ndarray], n: int) -> dict[int, str]:
        """Return which of n variants are outside of `limits`, and why.

        Parameters
        ----------
        columns : (n,) each
            The parameters that vary.
        """
        found: dict[int, str] = {}
        for constrained, scope in self.limits:
            codes = outside(constrained, scope, columns, n)
            for row in np.flatnonzero(codes):
                found.setdefault(int(row), constrained[codes[row] - 1].reason)
        return found

    def driver_rows(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the table of drivers, and what they are set to.

        A driver drives from the start, unless the scenario itself activates a controller for it.
        """
        rows = np.zeros(len(self.driven), tables.DRIVER)
        settings: list[float] = []
        waited_for = {one.entity for one in self.activations}
        for row, (entity, driver) in zip(rows, self.driven.items(), strict=True):
            row["kind"], row["entity"] = driver.kind, entity
            row["from_start"] = entity not in waited_for
            row["first_setting"], row["n_settings"] = len(settings), len(driver.settings)
            row["period"] = driver.period_s
            row["ends_by_contact"] = driver.ends_by_contact
            row["standstill"] = driver.standstill_s
            settings += [value for _, value in driver.settings]
        return rows, np.array(settings, np.float64)

    def program(self) -> Program:
        """Return the tables as arrays."""
        drivers, settings = self.driver_rows()
        roads: Roads = self.network.compiled() if self.network else no_roads()
        return Program(
            entities=self.entities.array(),
            elements=self.elements.array(),
            triggers=self.triggers.array(),
            groups=self.groups.array(),
            conditions=self.conditions.array(),
            members=np.array(self.members, np.int32),
            ranges=self.ranges.array(),
            actions=self.actions.array(),
            entries=self.entries.array(),
            positions=self.positions.array(),
            routes=self.routes.array(),
            waypoints=self.waypoints.array(),
            trajectories=self.trajectories.array(),
            vertices=self.vertices.array(),
            knots=np.array(self.knots, np.int32),
            signals=self.signals.array(),
            phases=self.phases.array(),
            signal_states=self.signal_states.array(),
            controllers=self.signal_controllers.array(),
            variables=self.variables.array(),
            drivers=drivers,
            settings=settings,
            measuring=settings_of(),
            traffic=self.traffic.array(),
            shares=self.shares.array(),
            templates=self.templates.array(),
            corners=np.array(self.corners, np.int32),
            stretches=self.stretches.array(),
            stretch_lanes=np.array(self.stretch_lanes, np.int32),
            init=np.array(self.init, np.int32),
            stop_trigger=self.stop_trigger,
            roads=roads,
            routines=np.zeros(ROUTINES, np.int64),
        )
