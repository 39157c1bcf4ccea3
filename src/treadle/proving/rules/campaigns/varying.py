"""What varies in a scenario: coordinates with their distributions, and the parameters they make.

A coordinate is one parameter, or a row of values that its author keeps together. Designs, searches
and estimates all speak of coordinates; runs are asked for with columns of parameters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.rules.campaigns.marginals import Continuous, Marginal, of_standard
from treadle.proving.rules.campaigns.space import Space, space
from treadle.proving.rules.campaigns.tabulated import Stepped
from treadle.proving.rules.distribution import Axis, Product, RangeAxis, SetAxis
from treadle.proving.rules.distribution_random import Draws
from treadle.proving.rules.parameters import NUMERIC, RANGES, Kind, column_of

USUAL_LEVELS = 5
"""Levels of a parameter that has a range or a distribution and no listed values."""
REACH = 5.0
"""How many deviations from the median a search looks where a distribution has no end."""
_MOST_LISTED = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Coordinate:
    """One number that varies.

    Attributes
    ----------
    names
        The parameters that it gives.
    kinds
        Their types.
    listed : (k,) or None
        The values that its author lists; None where there is a range or a distribution.
    rows
        What its places stand for, where they are no numbers.
    """

    names: tuple[str, ...]
    marginal: Marginal
    kinds: Mapping[str, Kind]
    listed: np.ndarray | None = None
    rows: SetAxis | None = None

    @property
    def name(self) -> str:
        """What it is called: its parameters' names."""
        return " with ".join(self.names)

    @property
    def is_fixed_list(self) -> bool:
        """Whether its values are listed one by one and nothing is between them."""
        labels = isinstance(self.marginal, Stepped) and self.marginal.labels is not None
        return self.rows is not None or labels

    def levels(self, wanted: int | None) -> np.ndarray:
        """Return the values that a grid takes, (k,), rising.

        Those that the author lists; else so many: evenly from end to end, or where the distribution
        has no end, in the middles of equally likely parts.
        """
        if self.listed is not None and (wanted is None or self.is_fixed_list):
            return self.listed
        n = wanted or USUAL_LEVELS
        low, high = self._ends()
        if np.isfinite([low, high]).all():
            found = np.linspace(low, high, n) if n > 1 else np.array([(low + high) / 2.0])
        else:
            found = self.marginal.ppf((np.arange(n) + 0.5) / n)
        return np.unique(self._rounded(found))

    def at(self, shares: np.ndarray) -> np.ndarray:
        """Return the values at shares, 0 to 1, of the way from end to end, (n,): for searches.

        Listed values have equal parts of the way. Where a distribution has no end, the way is of
        its normal scores, REACH to each side of the median.
        """
        if isinstance(self.marginal, Stepped):
            values = self.marginal.values
            places = np.minimum((shares * len(values)).astype(np.int64), len(values) - 1)
            found: np.ndarray = values[places]
            return found
        low, high = self._ends()
        if np.isfinite([low, high]).all():
            return self._rounded(low + (high - low) * shares)
        return self._rounded(self.marginal.from_normal(REACH * (2.0 * shares - 1.0)))

    def _ends(self) -> tuple[float, float]:
        low, high = self.marginal.ppf(np.array([0.0, 1.0]))
        return float(low), float(high)

    def _rounded(self, values: np.ndarray) -> np.ndarray:
        kind = self.kinds[self.names[0]]
        if self.rows is not None or (kind not in RANGES and kind != "boolean"):
            return values
        low, high = RANGES.get(kind, (0.0, 1.0))
        whole: np.ndarray = np.clip(np.rint(values), low, high)
        return whole

    def columns(self, values: np.ndarray) -> dict[str, np.ndarray]:
        """Return the parameters at these values, (n,) each: numbers, or texts.

        Raises
        ------
        InvalidInputError
            A number is too large to compute with.
        """
        if self.rows is not None:
            return self.rows.columns(values.astype(np.int64), self.kinds)
        (name,) = self.names
        labels = self.marginal.labels if isinstance(self.marginal, Stepped) else None
        if labels is not None:
            return {name: column_of(labels, self.kinds[name], name)[values.astype(np.int64)]}
        if not np.isfinite(values).all():
            text = f"the distribution of {name} gives numbers too large to compute with; narrow it"
            raise InvalidInputError(text)
        if self.kinds[name] not in NUMERIC:
            return {name: np.array([f"{v:.15g}" for v in values], np.str_)}
        return {name: self._rounded(values)}


@dataclass(frozen=True, slots=True, eq=False)
class Varying:
    """All that varies in a scenario, with the joint distribution.

    Attributes
    ----------
    space
        In the order of the coordinates.
    """

    coordinates: tuple[Coordinate, ...]
    space: Space

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters."""
        return tuple(name for one in self.coordinates for name in one.names)

    @property
    def dimension(self) -> int:
        """How many coordinates there are."""
        return len(self.coordinates)

    def columns(self, values: np.ndarray) -> dict[str, np.ndarray]:
        """Return the parameters of values of the coordinates, (n, d): (n,) each."""
        found: dict[str, np.ndarray] = {}
        for i, one in enumerate(self.coordinates):
            found |= one.columns(values[:, i])
        return found

    def in_box(self, shares: np.ndarray) -> np.ndarray:
        """Return the values of the coordinates at shares of a search's box, (n, d)."""
        columns: list[np.ndarray] = [c.at(shares[:, i]) for i, c in enumerate(self.coordinates)]
        return np.stack(columns, axis=1)


def varying(coordinates: Sequence[Coordinate], correlation: np.ndarray | None = None) -> Varying:
    """Return what varies, independent or correlated.

    Parameters
    ----------
    correlation : (d, d)
        Of the normal scores.

    Raises
    ------
    InvalidInputError
        Nothing varies, or the correlation is none.
    """
    if not coordinates:
        text = "nothing varies here; name a file of parameter distributions, or a table"
        raise InvalidInputError(text)
    marginals = {one.name: one.marginal for one in coordinates}
    told = None if correlation is None else correlation.tolist()
    return Varying(tuple(coordinates), space(marginals, told))


def coordinates_of(distribution: Product | Draws, kinds: Mapping[str, Kind]) -> list[Coordinate]:
    """Return the coordinates of a variation file: its axes, or its stochastic distributions.

    A range is taken for evenly distributed from its lower to its upper limit, listed values for
    equally likely.

    Raises
    ------
    InvalidInputError
        A distribution is of no known kind.
    """
    if isinstance(distribution, Draws):
        return [
            Coordinate((name,), of_standard(one, name), {name: kinds[name]})
            for name, one in distribution.distributions.items()
        ]
    return [_of_axis(axis, kinds) for axis in distribution.axes]


def _of_axis(axis: Axis, kinds: Mapping[str, Kind]) -> Coordinate:
    own = {name: kinds[name] for name in axis.names}
    if isinstance(axis, RangeAxis):
        return _of_range(axis, own)
    if not isinstance(axis, SetAxis):
        text = f"{', '.join(axis.names)}: {type(axis).__name__} is no distribution known here"
        raise InvalidInputError(text)
    places = np.arange(float(axis.count))
    (name, *more) = axis.names
    if not more and own[name] in NUMERIC and own[name] != "boolean":
        values = axis.columns(places, own)[name]
        even = equally_likely(values)
        return Coordinate(axis.names, even, own, even.values)
    return Coordinate(axis.names, equally_likely(places), own, places, axis)


def _of_range(axis: RangeAxis, kinds: Mapping[str, Kind]) -> Coordinate:
    listed = None
    if axis.count <= _MOST_LISTED:
        found = axis.columns(np.arange(axis.count), {axis.name: "double"})
        listed = found[axis.name]
    lower, upper = float(axis.lower), float(axis.upper)
    is_whole = kinds[axis.name] in RANGES or kinds[axis.name] == "boolean"
    if lower == upper or (is_whole and listed is not None):
        one = equally_likely(np.array([lower]) if listed is None else listed)
        return Coordinate(axis.names, one, kinds, one.values)
    return Coordinate(axis.names, Continuous("uniform", lower, upper), kinds, listed)


def equally_likely(values: np.ndarray, weights: np.ndarray | None = None) -> Stepped:
    """Return listed numbers as a distribution: each as likely as any other, or by weight."""
    unique, where = np.unique(np.asarray(values, np.float64), return_inverse=True)
    given = np.ones(len(where)) if weights is None else weights
    shares = np.bincount(where, given, minlength=len(unique))
    return Stepped(unique, shares / shares.sum())
