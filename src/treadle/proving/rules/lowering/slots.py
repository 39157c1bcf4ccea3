"""Slots: every number that the engine needs, evaluated for all variants at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from treadle.proving.rules.expression import Expression, Problems

ZERO, INFINITE, UNKNOWN, ONE = range(4)
"""Slots that every scenario has: 0, inf, NaN, 1."""
_FIXED = (0.0, np.inf, np.nan, 1.0)

Derived = Callable[..., np.ndarray]
_Computed = tuple[Derived, tuple[Expression, ...], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """The numbers of all variants of a group.

    Attributes
    ----------
    base : (n_slots,)
        Of the first variant.
    varying : (n_varying,) int32
        Slots that differ between variants.
    columns : (n_variants, n_varying)
        Their values.
    problems
        Which variants have a number that cannot be computed, and why.
    """

    base: np.ndarray
    varying: np.ndarray
    columns: np.ndarray
    problems: Problems

    def numbers(self, row: int) -> np.ndarray:
        """Return all slots of a variant: (n_slots,)."""
        found = self.base.copy()
        if len(self.varying):
            found[self.varying] = self.columns[row]
        return found


class Slots:
    """A list of numbers without doubles: constants, expressions, and what is computed of them."""

    def __init__(self) -> None:
        self._constants: dict[float, int] = {}
        self._rows: list[float | Expression | _Computed] = []
        for value in _FIXED:
            self._rows.append(value)
        self._constants.update({0.0: ZERO, np.inf: INFINITE, 1.0: ONE})

    def __len__(self) -> int:
        """Return how many slots there are."""
        return len(self._rows)

    def constant(self, value: float) -> int:
        """Return the slot of a constant."""
        if value != value:  # noqa: PLR0124 - NaN
            return UNKNOWN
        if value not in self._constants:
            self._constants[value] = self._add(value)
        return self._constants[value]

    def of(self, expression: Expression) -> int:
        """Return the slot of an expression."""
        constant = expression.constant
        return self.constant(constant) if constant is not None else self._add(expression)

    def derived(
        self, function: Derived, *inputs: Expression, says: str = "comes to no place in the world"
    ) -> int:
        """Return the slot of what a function of columns gives: `(n,)...` in, `(n,)` out.

        Parameters
        ----------
        says
            Of its first input, why a variant cannot run where it gives no finite number.
        """
        return self._add((function, inputs, says))

    def _add(self, row: float | Expression | _Computed) -> int:
        self._rows.append(row)
        return len(self._rows) - 1

    def evaluate(self, columns: Mapping[str, np.ndarray], n: int) -> Values:
        """Evaluate every slot for n variants; what cannot be computed is noted, not raised."""
        base = np.zeros(len(self._rows))
        varying: list[int] = []
        found: list[np.ndarray] = []
        problems = Problems(n)
        for index, row in enumerate(self._rows):
            if isinstance(row, float | int):
                base[index] = row
                continue
            if isinstance(row, tuple):
                function, inputs, says = row
                values = function(*(e.evaluate(columns, n, problems) for e in inputs))
                lost = ~np.isfinite(values)
                problems.note(lost, f"{inputs[0].place}: {says}")
            else:
                values = row.evaluate(columns, n, problems)
            base[index] = values[0] if n else 0.0
            if n and (values != values[0]).any():
                varying.append(index)
                found.append(values)
        return Values(
            base=base,
            varying=np.array(varying, np.int32),
            columns=np.ascontiguousarray(np.array(found).T) if found else np.zeros((n, 0)),
            problems=problems,
        )
