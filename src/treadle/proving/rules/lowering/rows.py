"""Rows of the engine's tables, added one by one."""

from typing import Any

import numpy as np

_ZERO = ("n_", "first_", "is_", "by_", "has_", "from_")
_FLAGS = {
    "edge", "rule", "members_rule", "freespace", "system", "distance_type", "routing", "state",
    "opposite", "angle_type", "priority", "shape", "dimension", "following", "displacement",
    "final_kind", "steady_kind", "timing", "in_route", "along_lane", "orientation", "order",
    "strategy", "kind", "category", "blend", "along_curve",
}  # fmt: skip


class Rows:
    """A table in the making: what is not told is slot 0 (zero), 0 for words, -1 for references."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._dtype = dtype
        self._rows: list[dict[str, int]] = []
        names = dtype.names or ()
        self._defaults = {
            name: 0 if name.endswith("_slot") or name.startswith(_ZERO) or name in _FLAGS else -1
            for name in names
        }

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self._rows)

    def add(self, **fields: int) -> int:
        """Add a row and return its index."""
        if unknown := fields.keys() - self._defaults.keys():
            raise KeyError(*unknown)
        self._rows.append({**self._defaults, **fields})
        return len(self._rows) - 1

    def get(self, row: int) -> dict[str, int]:
        """Return the fields of a row."""
        return self._rows[row]

    def set(self, row: int, **fields: int) -> None:
        """Change fields of a row."""
        if unknown := fields.keys() - self._defaults.keys():
            raise KeyError(*unknown)
        self._rows[row].update(fields)

    def array(self) -> np.ndarray:
        """Return the table."""
        made = np.zeros(len(self._rows), self._dtype)
        for name in self._dtype.names or ():
            made[name] = [row[name] for row in self._rows]
        return made
