"""Deterministic distributions of parameter values: axes, and their product in exact integers.

Source: ASAM OpenSCENARIO XML, section 9.3, classes Deterministic, DistributionRange,
DistributionSet and ValueSetDistribution. A product is never written out: a variant's number is its
digits, the last axis varying fastest.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext
from typing import Protocol

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.rules.parameters import Kind, check, column_of

EXACT = 2**53
"""Integers up to here are exact as float64."""


class Axis(Protocol):
    """One or several parameters that vary together."""

    @property
    def names(self) -> tuple[str, ...]:
        """Its parameters."""

    @property
    def count(self) -> int:
        """How many values it has."""

    def columns(self, digits: np.ndarray, kinds: Mapping[str, Kind]) -> dict[str, np.ndarray]:
        """Return its parameters' values at these of its places, (n,) each."""


@dataclass(frozen=True, slots=True)
class RangeAxis:
    """A DistributionRange: lower limit, and steps up to the upper limit, both included.

    Attributes
    ----------
    lower, step, upper
        As written, in decimals: so 0.1 to 0.3 by 0.1 has three values and the third is 0.3.
    """

    name: str
    lower: Decimal
    step: Decimal
    upper: Decimal
    place: str

    @property
    def names(self) -> tuple[str, ...]:
        """Its parameter."""
        return (self.name,)

    @property
    def count(self) -> int:
        """How many values it has."""
        with localcontext(prec=60):
            # Limits that a program wrote carry its rounding: 0.30000000000000004.
            return int((self.upper - self.lower) / self.step + Decimal("1e-9")) + 1

    def columns(self, digits: np.ndarray, kinds: Mapping[str, Kind]) -> dict[str, np.ndarray]:
        """Return its values at these places, (n,) float64, or text for a parameter of text."""
        kind = kinds[self.name]
        values = self._values(digits)
        if kind in {"string", "dateTime"}:
            return {self.name: column_of([f"{v:.15g}" for v in values], kind, self.place)}
        for extreme in (values.min(), values.max()) if len(values) else ():
            check(float(extreme), kind, self.place)
        if kind != "double" and (values != np.rint(values)).any():
            check(float(values[values != np.rint(values)][0]), kind, self.place)
        return {self.name: values}

    def _values(self, digits: np.ndarray) -> np.ndarray:
        exponent = max(0, -_exponent(self.lower), -_exponent(self.step))
        with localcontext(prec=60):
            low, step = (int(v.scaleb(exponent)) for v in (self.lower, self.step))
        places = digits.astype(np.float64)
        if exponent <= 22 and abs(low) + step * self.count < EXACT:  # noqa: PLR2004 - 1e22 is exact
            exact: np.ndarray = (low + step * places) / 10.0**exponent
            return exact
        return float(self.lower) + float(self.step) * places


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def range_axis(name: str, texts: tuple[str, str, str], place: str) -> RangeAxis:
    """Return a DistributionRange from its lower limit, step width and upper limit as written.

    Raises
    ------
    InvalidInputError
        They are no finite numbers, the step is not positive, or the limits stand the wrong way.
    """
    try:
        lower, step, upper = (Decimal(text.strip()) for text in texts)
    except InvalidOperation as error:
        text = f"{place}: {', '.join(texts)[:80]} are not three numbers; correct the range"
        raise InvalidInputError(text) from error
    for value in (lower, step, upper):
        if not value.is_finite() or abs(value) > Decimal("1e12") or _exponent(value) < -400:  # noqa: PLR2004 - past a double
            text = f"{place}: {str(value)[:40]} is no number to step by or to; give a finite one"
            raise InvalidInputError(text)
    if step <= 0 or upper < lower:
        text = (
            f"{place}: from {lower:f} to {upper:f} by {step:f} has no values; "
            "the step is positive and the upper limit the larger one"
        )
        raise InvalidInputError(text)
    return RangeAxis(name, lower, step, upper, place)


@dataclass(frozen=True, slots=True)
class SetAxis:
    """A DistributionSet, or a ValueSetDistribution: listed values.

    Attributes
    ----------
    rows
        For each place of it, a value for each name, as written; None where a set leaves it out.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    place: str

    @property
    def count(self) -> int:
        """How many values it has."""
        return len(self.rows)

    def columns(self, digits: np.ndarray, kinds: Mapping[str, Kind]) -> dict[str, np.ndarray]:
        """Return its parameters' values at these places, (n,) each."""
        found: dict[str, np.ndarray] = {}
        for i, name in enumerate(self.names):
            values = [row[i] or "" for row in self.rows]
            column = column_of(values, kinds[name], f"{self.place}: {name}")
            found[name] = column[digits.astype(np.int64)]
        return found

    def filled(self, defaults: Mapping[str, str]) -> "SetAxis":
        """Return it with the defaults of parameters that some of its sets leave out."""
        rows = tuple(
            tuple(
                defaults[name] if value is None else value
                for name, value in zip(self.names, row, strict=True)
            )
            for row in self.rows
        )
        return SetAxis(self.names, rows, self.place)


@dataclass(frozen=True, slots=True)
class Product:
    """All combinations of axes; the last one varies fastest."""

    axes: tuple[Axis, ...]

    @property
    def count(self) -> int:
        """How many combinations there are, exactly."""
        return math.prod(axis.count for axis in self.axes)

    def columns(
        self, variants: Sequence[int] | np.ndarray, kinds: Mapping[str, Kind]
    ) -> dict[str, np.ndarray]:
        """Return the parameters' values of these variants.

        Parameters
        ----------
        variants : (n,) int
            Their numbers, from 0; Python's integers where there are more than 2**63.
        kinds
            Each parameter's type.

        Returns
        -------
        columns : (n,) each, float64 or str

        Raises
        ------
        InvalidInputError
            There is no such variant, or a value is not of its parameter's type.
        """
        rest = within(variants, self.count)
        found: dict[str, np.ndarray] = {}
        for axis in reversed(self.axes):
            found = (
                axis.columns(rest % axis.count, kinds) | found
            )  # Python's integers have no divmod
            rest = rest // axis.count
        return found


def within(variants: Sequence[int] | np.ndarray, count: int) -> np.ndarray:
    """Return numbers of variants as integers, (n,): int64 where all of `count` fit.

    Raises
    ------
    InvalidInputError
        One is none of 0 to count - 1.
    """
    known = isinstance(variants, np.ndarray) and variants.dtype.kind == "i"
    numbers: np.ndarray = np.asarray(variants, None if known else np.object_)
    if len(numbers) and (numbers.min() < 0 or numbers.max() >= count):
        wrong = numbers.min() if numbers.min() < 0 else numbers.max()
        text = f"there are variants 0 to {count - 1:,}; {wrong} is none of them"
        raise InvalidInputError(text)
    return numbers.astype(np.int64 if count <= np.iinfo(np.int64).max else np.object_)
