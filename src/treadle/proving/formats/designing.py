"""What varies in a scenario that was read, and a design's cases as its variants."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.formats.openscenario.reading import ScenarioDocument
from treadle.proving.formats.openscenario.variation import VariationDocument
from treadle.proving.formats.parameter_tables import Told, read_table
from treadle.proving.rules.campaigns.cases import Allowed, Cases, chosen_cases
from treadle.proving.rules.campaigns.varying import Coordinate, Varying, coordinates_of, varying
from treadle.proving.rules.distribution_random import Draws


class Source(Protocol):
    """A scenario that was read (formats/scenarios.py), as far as it says what varies."""

    document: ScenarioDocument
    variation: VariationDocument | None
    overrides: dict[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Varied:
    """What varies in a scenario, and where that is doubtful."""

    over: Varying
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Designed:
    """The cases of a design, as variants of a scenario."""

    over: Varying
    cases: Cases

    @property
    def count(self) -> int:
        """How many there are."""
        return self.cases.count

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that vary."""
        return self.over.names

    def columns(self, variants: Sequence[int] | np.ndarray) -> dict[str, np.ndarray]:
        """Return the parameters of variants, (n,) each."""
        return self.over.columns(chosen_cases(self.cases, variants))


def varied_by(
    scenario: Source, table: tuple[bytes, str] | None = None, *, fitted: bool = True
) -> Varied:
    """Return what varies in a scenario: by its variation file, and by a table before that.

    Parameters
    ----------
    table
        Content and path of a CSV file.
    fitted
        Whether distributions are fitted to what it records.

    Raises
    ------
    InvalidInputError
        Nothing varies, or the table is none of this scenario.
    """
    kinds = {name: bound.kind for name, bound in scenario.document.parameters.items()}
    told = Told((), None, ())
    if table is not None:
        told = read_table(*table, kinds, fitted=fitted)
    mine = {name for one in told.coordinates for name in one.names} | set(scenario.overrides)
    others = [one for one in _of_variation(scenario) if not mine & set(one.names)]
    for one in _of_variation(scenario):
        if 0 < len(mine & set(one.names)) < len(one.names):
            words = f"{', '.join(one.names)} are given values together"
            text = f"{words}, and the table gives {', '.join(sorted(mine & set(one.names)))} alone"
            raise InvalidInputError(f"{text}; take it out of the table, or out of the sets")
    own = [one for one in told.coordinates if not set(one.names) & set(scenario.overrides)]
    correlation = None
    if told.correlation is not None:
        kept = [i for i, one in enumerate(told.coordinates) if one in own]
        correlation = np.eye(len(own) + len(others))
        correlation[: len(own), : len(own)] = told.correlation[np.ix_(kept, kept)]
    return Varied(varying([*own, *others], correlation), told.doubts)


def _of_variation(scenario: Source) -> list[Coordinate]:
    varied = scenario.variation
    if varied is None:
        return []
    kinds = {name: scenario.document.parameter(name).kind for name in varied.names}
    drawn = isinstance(varied.distribution, Draws)
    return coordinates_of(varied.distribution if drawn else varied.product, kinds)


def allowed_by(scenario: Source) -> Allowed:
    """Return what says of parameters whether they are within the authors' constraints."""

    def allowed(columns: dict[str, np.ndarray]) -> np.ndarray:
        n = len(next(iter(columns.values())))
        given = scenario.document.table(scenario.overrides)
        table = columns | {name: np.repeat(one, n) for name, one in given.items()}
        within: np.ndarray = scenario.document.outside(table, n) == 0
        return within

    return allowed
