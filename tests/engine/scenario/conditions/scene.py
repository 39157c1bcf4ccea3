"""Scenes for conditions: a few bodies on strips of road, placed by hand, and one condition."""

import math
from dataclasses import replace
from typing import Any

import numpy as np

from engine.road.strips import Strip, network
from treadle.engine.road.tables import Roads
from treadle.engine.scenario import tables
from treadle.engine.scenario.conditions.holds import holds
from treadle.engine.scenario.place import find_on_road
from treadle.engine.scenario.reset import reset
from treadle.engine.scenario.state import State, new_state
from treadle.engine.scenario.tables import Program

DT = 0.01
LENGTH, WIDTH, CENTRE = 4.5, 1.8, 1.4
STRAIGHT = network([Strip(1000.0, 0.0, left=(3.5, 3.5), right=(3.5, 3.5))])
CURVED = network([Strip(300.0, 0.01, left=(3.5, 3.5), right=(3.5, 3.5))])
"""A left bend of 100 m radius around (0, 100)."""


class Scene:
    """Entities by index, and conditions that are asked of the first of them."""

    def __init__(self, n: int = 2, roads: Roads = STRAIGHT, size: tuple[float, ...] = ()) -> None:
        self.values: list[float] = [0.0, math.inf, math.nan, 1.0]
        length, width, centre = size or (LENGTH, WIDTH, CENTRE)
        entities = np.zeros(n, tables.ENTITY)
        entities["trailer"] = -1
        entities["length_slot"], entities["width_slot"] = self.slot(length), self.slot(width)
        entities["height_slot"], entities["centre_x_slot"] = self.slot(1.5), self.slot(centre)
        self._base = replace(tables.no_program(), entities=entities, roads=roads)
        self._conditions: list[dict[str, int]] = []
        self._positions: list[dict[str, int]] = []
        self._more: dict[str, np.ndarray] = {}
        self._made: tuple[Program, State] | None = None
        self.wide = False

    def slot(self, value: float) -> int:
        self.values.append(value)
        return len(self.values) - 1

    def condition(self, kind: int, **fields: float) -> int:
        """Add a condition; names that end on _slot take values here."""
        made: dict[str, int] = {
            name: self.slot(value) if name.endswith("_slot") else int(value)
            for name, value in fields.items()
        }
        self._conditions.append({"kind": kind, "first_memory": 8 * len(self._conditions), **made})
        return len(self._conditions) - 1

    def position(self, kind: int, **fields: float) -> int:
        """Add a position."""
        made: dict[str, int] = {
            name: self.slot(value) if name.endswith("_slot") else int(value)
            for name, value in fields.items()
        }
        self._positions.append({"kind": kind, **made})
        return len(self._positions) - 1

    def table(self, name: str, rows: np.ndarray) -> None:
        self._more[name] = rows

    @property
    def made(self) -> tuple[Program, State]:
        if self._made is None:
            rows = np.zeros(len(self._conditions), tables.CONDITION)
            for name in ("entity", "position", "element", "variable", "signal", "object_kind"):
                rows[name] = -1
            for k, fields in enumerate(self._conditions):
                for name, value in fields.items():
                    rows[k][name] = value
            positions = np.zeros(len(self._positions), tables.POSITION)
            for name in ("road", "entity", "route", "trajectory"):
                positions[name] = -1
            for k, fields in enumerate(self._positions):
                for name, value in fields.items():
                    positions[k][name] = value
            more: Any = self._more
            program = replace(self._base, conditions=rows, positions=positions, **more)
            state = new_state(program, len(self.values))
            state.values[:] = self.values
            reset(program, state)
            self._made = program, state
        return self._made

    def put(self, entity: int, x: float, y: float, h: float = 0.0, speed: float = 0.0) -> None:
        """Put a body in the plane, and find it on the road."""
        program, state = self.made
        body = state.bodies[entity]
        body["x"], body["y"], body["h"], body["speed"] = x, y, h, speed
        body["last_x"], body["last_y"], body["last_h"] = x, y, h
        body["is_placed"], body["road"] = 1, -1
        find_on_road(program, state, entity)

    def holds(self, row: int, member: int = 0) -> bool:
        program, state = self.made
        return bool(holds(program, state, row, member, 8 * row, DT))
