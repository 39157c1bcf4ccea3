"""Tables: objects of arrays that compiled functions take as one pointer.

A tuple of forty arrays costs more to hand over than most functions do, and each call counts
references. A `Tables` object keeps an index of where its arrays are; compiled code sees its
attributes as arrays all the same (engine/compiled.py), and counts nothing.
"""

from dataclasses import fields
from functools import cached_property

import numpy as np


class Tables:
    """A dataclass (frozen, without equality) of arrays and of other such objects.

    Arrays are of one or two dimensions, contiguous; whoever calls compiled code keeps the object.
    """

    @cached_property
    def index(self) -> np.ndarray:
        """Where each array is and how long, (3 n_fields,) int64; of Tables where their index is."""
        found = np.zeros(3 * len(fields(self)), np.int64)  # type: ignore[arg-type]
        for k, (_, value) in enumerate(self.parts):
            if isinstance(value, Tables):
                found[3 * k] = value.index.ctypes.data
            elif isinstance(value, np.ndarray):
                found[3 * k] = value.ctypes.data
                found[3 * k + 1 : 3 * k + 1 + value.ndim] = value.shape
            else:
                found[3 * k] = int(value)
        return found

    @cached_property
    def parts(self) -> "tuple[tuple[str, np.ndarray | Tables | int], ...]":
        """Names and values of the fields; arrays made contiguous."""
        made: list[tuple[str, np.ndarray | Tables | int]] = []
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray) and not value.flags.c_contiguous:
                value = np.ascontiguousarray(value)
            made.append((field.name, value))
        return tuple(made)
