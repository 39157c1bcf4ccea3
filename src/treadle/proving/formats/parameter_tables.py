"""Tables (CSV) of how parameters are distributed: recorded values, or values and bins with weights.

Recorded: a column for each parameter, a row for each moment. Distributions: columns `parameter`,
`weight`, and `value` or `lower` and `upper`; a row for each value or bin.
"""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.rules.campaigns.fitting import FEWEST, Fit, fits
from treadle.proving.rules.campaigns.space import rank_correlation
from treadle.proving.rules.campaigns.tabulated import Stepped, binned, empirical
from treadle.proving.rules.campaigns.varying import Coordinate, equally_likely
from treadle.proving.rules.parameters import NUMERIC, Kind, column_of

_BINS, _VALUES = {"parameter", "weight", "lower", "upper"}, {"parameter", "weight", "value"}
_MOST_ROWS = 10_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What a table says.

    Attributes
    ----------
    correlation : (d, d) or None
        Of the normal scores; None: independent.
    doubts
        Where even the best distribution is far from what was recorded.
    """

    coordinates: tuple[Coordinate, ...]
    correlation: np.ndarray | None
    doubts: tuple[str, ...]


def read_table(content: bytes, path: str, kinds: Mapping[str, Kind], *, fitted: bool) -> Told:
    """Return what a table says of parameters.

    Parameters
    ----------
    kinds
        The types of all parameters that the scenario declares.
    fitted
        Whether to fit distributions to what was recorded, and their correlation, or to take the
        recorded values as they are.

    Raises
    ------
    InvalidInputError
        It is no such table, or a parameter or a value in it is none; it names the line.
    """
    header, rows = _read(content, path)
    if "parameter" in header:
        return Told(_distributions(header, rows, path, kinds), None, ())
    unknown = [name for name in header if name not in kinds]
    if unknown:
        text = f"{path}:1: the scenario declares no parameter {', '.join(unknown)}; it declares "
        raise InvalidInputError(text + (", ".join(sorted(kinds)) or "none"))
    return _recorded(header, rows, path, kinds, fitted=fitted)


def _read(content: bytes, path: str) -> tuple[list[str], list[list[str]]]:
    try:
        rows = [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        text = f"{path} is no CSV in UTF-8: {error}"
        raise InvalidInputError(text) from error
    if len(rows) < 2 or len(rows) > _MOST_ROWS:  # noqa: PLR2004 - names and a row
        text = f"{path} has {max(0, len(rows) - 1):,} rows below its header; give 1 to 10,000,000"
        raise InvalidInputError(text)
    header = [name.strip() for name in rows[0]]
    if len(set(header)) < len(header) or not all(header):
        text = f"{path}:1: every column wants a name of its own; correct {', '.join(header)}"
        raise InvalidInputError(text)
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            text = f"{path}:{line}: {len(row)} values for {len(header)} columns; correct the row"
            raise InvalidInputError(text)
    return header, rows[1:]


def _recorded(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    path: str,
    kinds: Mapping[str, Kind],
    *,
    fitted: bool,
) -> Told:
    coordinates: list[Coordinate] = []
    doubts: list[str] = []
    numbers: dict[int, np.ndarray] = {}
    for i, name in enumerate(header):
        written = [row[i].strip() for row in rows]
        if kinds[name] not in NUMERIC or kinds[name] == "boolean":
            coordinates.append(_of_texts(name, written, None, kinds))
            continue
        values = _numbers(written, path, name)
        if len(np.unique(values)) == 1:
            alike = equally_likely(values)
            coordinates.append(Coordinate((name,), alike, {name: kinds[name]}, alike.values))
            continue
        numbers[i] = values
        best = _best(values, path, name) if fitted else None
        if best is not None and best.doubtful:
            doubts.append(f"{name}: even the best fit is far from what {path} records")
        marginal = empirical(values) if best is None else best.marginal
        coordinates.append(Coordinate((name,), marginal, {name: kinds[name]}))
    return Told(tuple(coordinates), _correlation(numbers, len(header)), tuple(doubts))


def _best(values: np.ndarray, path: str, name: str) -> Fit:
    try:
        return fits(values)[0]
    except InvalidInputError as error:
        text = f"{path}, {name}: {error}"
        raise InvalidInputError(text) from error


def _correlation(numbers: Mapping[int, np.ndarray], d: int) -> np.ndarray | None:
    """Return the correlation of all columns: what is no number is independent of the rest."""
    if len(numbers) < 2 or len(next(iter(numbers.values()))) < FEWEST:  # noqa: PLR2004 - a pair
        return None
    found: np.ndarray = np.eye(d)
    some = list(numbers)
    found[np.ix_(some, some)] = rank_correlation(np.stack(list(numbers.values()), axis=1))
    return found


def _distributions(
    header: Sequence[str], rows: Sequence[Sequence[str]], path: str, kinds: Mapping[str, Kind]
) -> tuple[Coordinate, ...]:
    if set(header) not in (_BINS, _VALUES):
        text = (
            f"{path}:1: a table of distributions has the columns parameter, weight, and value or "
            f"lower and upper, not {', '.join(header)}"
        )
        raise InvalidInputError(text)
    of: dict[str, list[dict[str, str]]] = {}
    for line, row in enumerate(rows, start=2):
        one = {name: value.strip() for name, value in zip(header, row, strict=True)}
        if one["parameter"] not in kinds:
            text = f"{path}:{line}: the scenario declares no parameter {one['parameter']}"
            raise InvalidInputError(f"{text}; it declares {', '.join(sorted(kinds)) or 'none'}")
        of.setdefault(one["parameter"], []).append(one)
    found: list[Coordinate] = []
    for name, told in of.items():
        weights = _numbers([one["weight"] for one in told], path, f"weight of {name}")
        if (weights < 0.0).any() or not weights.sum() > 0.0:
            text = f"{path}: the weights of {name} are 0 or more, and not all of them 0"
            raise InvalidInputError(text)
        if "value" not in header:
            ends = [_numbers([one[end] for one in told], path, name) for end in ("lower", "upper")]
            marginal = binned(ends[0], ends[1], weights)
            found.append(Coordinate((name,), marginal, {name: kinds[name]}))
            continue
        written = [one["value"] for one in told]
        if kinds[name] not in NUMERIC or kinds[name] == "boolean":
            found.append(_of_texts(name, written, weights, kinds))
            continue
        stepped = equally_likely(_numbers(written, path, name), weights)
        found.append(Coordinate((name,), stepped, {name: kinds[name]}, stepped.values))
    return tuple(found)


def _of_texts(
    name: str, written: Sequence[str], weights: np.ndarray | None, kinds: Mapping[str, Kind]
) -> Coordinate:
    labels = tuple(dict.fromkeys(written))
    column_of(labels, kinds[name], name)
    places = np.array([labels.index(one) for one in written], np.float64)
    even = equally_likely(places, weights)
    marginal = Stepped(even.values, even.shares, labels)
    return Coordinate((name,), marginal, {name: kinds[name]}, even.values)


def _numbers(written: Sequence[str], path: str, name: str) -> np.ndarray:
    found: np.ndarray = np.empty(len(written))
    for k, text in enumerate(written):
        try:
            found[k] = float(text)
        except ValueError:
            found[k] = math.nan
        if not math.isfinite(found[k]):
            why = f"{path}:{k + 2}: {text[:40]!r} of {name} is no finite number; correct or remove"
            raise InvalidInputError(why)
    return found
