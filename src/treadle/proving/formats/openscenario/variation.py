"""Parameter value distributions: how many concrete scenarios, and the values of each.

Source: ASAM OpenSCENARIO XML 1.1 to 1.3, section 9.3. Variants are numbered from 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.formats.openscenario.files import Files, beside, from_disk
from treadle.proving.formats.openscenario.reading import ScenarioDocument, read_scenario
from treadle.proving.formats.openscenario.stochastic import draws
from treadle.proving.rules.binding import Element
from treadle.proving.rules.distribution import Axis, Product, SetAxis, range_axis, within
from treadle.proving.rules.distribution_random import Draws
from treadle.proving.rules.parameters import Kind, written_values


@dataclass(eq=False)
class VariationDocument:
    """A parameter value distribution and the scenario that it varies.

    Attributes
    ----------
    document
        The file itself: path, root, ledger.
    distribution
        All combinations of axes, or draws.
    runs
        How many draws the file asks for (numberOfTestRuns); 0 for combinations.
    seed
        Of the draws: the file's randomSeed, or 0.
    """

    document: ScenarioDocument
    distribution: Product | Draws
    names: tuple[str, ...]
    runs: int
    seed: int
    overrides: dict[str, str] = field(default_factory=dict)

    @property
    def stochastic(self) -> bool:
        """Whether values are drawn by chance."""
        return isinstance(self.distribution, Draws)

    @property
    def count(self) -> int:
        """How many concrete scenarios it describes, exactly."""
        return self.runs if isinstance(self.distribution, Draws) else self.distribution.count

    @property
    def scenario_path(self) -> str:
        """The path of the scenario that it varies."""
        return beside(self.document.path, self._scenario_file.text("filepath"))

    def _place_of(self, name: str) -> str:
        """Where the file first gives a parameter a value."""
        for node in self.document.root.walk():
            for attribute in ("parameterName", "parameterRef"):
                if node.attributes.get(attribute, "").strip().removeprefix("$") == name:
                    return node.place
        return self.document.root.place

    @property
    def _scenario_file(self) -> Element:
        return self.document.bind().only("ParameterValueDistribution").only("ScenarioFile")

    @cached_property
    def scenario(self) -> ScenarioDocument:
        """The scenario that it varies.

        Raises
        ------
        InvalidInputError
            It is not there or no scenario, or does not declare a parameter that is varied.
        """
        path = self.scenario_path
        place = self._scenario_file.place
        scenario = read_scenario(path, self.document.files, place)
        if scenario.kind != "scenario":
            text = f"{place}: ScenarioFile names {path}, which is no scenario"
            raise InvalidInputError(text)
        for name in self.names:
            if name not in scenario.parameters:
                known = ", ".join(sorted(scenario.parameters)) or "none"
                text = f"{self._place_of(name)}: {path} declares no parameter {name}; it declares"
                raise InvalidInputError(f"{text} {known}")
        for name in self.overrides:
            scenario.parameter(name)
        return scenario

    @cached_property
    def product(self) -> Product:
        """The combinations, with the scenario's values where a ParameterValueSet leaves one out."""
        axes = self.distribution.axes if isinstance(self.distribution, Product) else ()
        left = [a for a in axes if isinstance(a, SetAxis) and any(None in row for row in a.rows)]
        if not left:
            return Product(axes)
        defaults = self.scenario.written_defaults()
        return Product(tuple(a.filled(defaults) if isinstance(a, SetAxis) else a for a in axes))

    def table(
        self, variants: Sequence[int] | np.ndarray, seed: int | None = None
    ) -> dict[str, np.ndarray]:
        """Return the parameters' values of these variants.

        Parameters
        ----------
        variants : (n,) int
            Their numbers, from 0 to count - 1.
        seed
            Of the draws; the file's own where none is given.

        Returns
        -------
        columns : (n,) each
            float64 for numbers and booleans (0, 1), str for text and moments.

        Raises
        ------
        InvalidInputError
            There is no such variant, or a value is not of its parameter's type.
        """
        kinds: dict[str, Kind] = {n: self.scenario.parameter(n).kind for n in self.names}
        if isinstance(self.distribution, Draws):
            numbers = within(variants, self.runs)
            found = self.distribution.columns(numbers, kinds, self.seed if seed is None else seed)
        else:
            found = self.product.columns(variants, kinds)
        given = self.scenario.table(self.overrides)
        return found | {name: np.repeat(one, len(variants)) for name, one in given.items()}

    def values(self, variant: int, seed: int | None = None) -> dict[str, str]:
        """Return one variant's values as a ParameterDeclaration would write them."""
        table = self.table([variant], seed)
        return {
            name: written_values(column, self.scenario.parameter(name).kind)[0]
            for name, column in table.items()
        }


def read_variation(
    path: str | Path, files: Files = from_disk, overrides: Mapping[str, str] | None = None
) -> VariationDocument:
    """Return a parameter value distribution.

    Parameters
    ----------
    overrides
        Parameters set to one value for all variants (`--set`), instead of what the file says.

    Raises
    ------
    InvalidInputError
        The file is none, or a distribution in it cannot be understood.
    """
    document = read_scenario(path, files)
    if document.kind != "variation":
        text = f"{document.path} is a {document.kind}; give a file with ParameterValueDistribution"
        raise InvalidInputError(text)
    return variation_of(document, overrides)


def variation_of(
    document: ScenarioDocument, overrides: Mapping[str, str] | None = None
) -> VariationDocument:
    """Return the parameter value distribution of a file that was read.

    Raises
    ------
    InvalidInputError
        A distribution in it cannot be understood.
    """
    given = dict(overrides or {})
    top = document.bind().only("ParameterValueDistribution")
    top.only("ScenarioFile").text("filepath")
    chance = top.child("Stochastic")
    if chance is not None:
        drawn, runs, seed = draws(chance, frozenset(given))
        names = tuple(drawn.distributions)
        return VariationDocument(document, drawn, names, runs, seed, given)
    axes = _axes(top.only("Deterministic"), frozenset(given))
    names = tuple(name for axis in axes for name in axis.names)
    return VariationDocument(document, Product(axes), names, 0, 0, given)


def count(document: ScenarioDocument | VariationDocument) -> int:
    """Return how many concrete scenarios a file describes, exactly; a plain scenario is one.

    Raises
    ------
    InvalidInputError
        It is a catalog, or a distribution in it cannot be understood.
    """
    if isinstance(document, VariationDocument):
        return document.count
    if document.kind == "catalog":
        text = f"{document.path} is a catalog; give a scenario or a parameter value distribution"
        raise InvalidInputError(text)
    return variation_of(document).count if document.kind == "variation" else 1


def _axes(deterministic: Element, given: frozenset[str]) -> tuple[Axis, ...]:
    axes: list[Axis] = []
    places: dict[str, str] = {}
    for one in deterministic.children:
        axis = _axis(one)
        if axis is None:
            continue
        for name in axis.names:
            if name in places:
                text = f"{one.place}: {name} is varied before ({places[name]}); keep one of the two"
                raise InvalidInputError(text)
            places[name] = one.place
        kept = tuple(i for i, name in enumerate(axis.names) if name not in given)
        if kept and isinstance(axis, SetAxis) and len(kept) < len(axis.names):
            rows = tuple(tuple(row[i] for i in kept) for row in axis.rows)
            axis = SetAxis(tuple(axis.names[i] for i in kept), rows, axis.place)
        if kept:
            axes.append(axis)
    return tuple(axes)


def _axis(one: Element) -> Axis | None:
    if one.tag == "DeterministicMultiParameterDistribution":
        return _value_sets(one.only("ValueSetDistribution"))
    if one.tag != "DeterministicSingleParameterDistribution":
        one.not_supported("is no distribution of this revision")
        return None
    name = one.text("parameterName").removeprefix("$")
    if (steps := one.child("DistributionRange")) is not None:
        limits = steps.only("Range")
        texts = (limits.text("lowerLimit"), steps.text("stepWidth"), limits.text("upperLimit"))
        return range_axis(name, texts, f"{steps.place}: {name}")
    if (listed := one.child("DistributionSet")) is not None:
        rows = tuple((element.text("value"),) for element in listed.all("Element"))
        if not rows:
            text = f"{listed.place}: DistributionSet needs an Element for {name}"
            raise InvalidInputError(text)
        return SetAxis((name,), rows, listed.place)
    if (own := one.child("UserDefinedDistribution")) is not None:
        own.not_supported(f"the values of {name} are said in the author's own way")
        return None
    text = f"{one.place}: {one.tag} of {name} has no distribution inside; give one"
    raise InvalidInputError(text)


def _value_sets(sets: Element) -> SetAxis:
    rows: list[dict[str, str]] = []
    for one in sets.all("ParameterValueSet"):
        row: dict[str, str] = {}
        for assigned in one.all("ParameterAssignment"):
            name = assigned.text("parameterRef").removeprefix("$")
            if name in row:
                text = f"{assigned.place}: {name} is assigned twice in one set; keep one"
                raise InvalidInputError(text)
            row[name] = assigned.text("value")
        rows.append(row)
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    if not names:
        text = f"{sets.place}: ValueSetDistribution assigns no parameter"
        raise InvalidInputError(text)
    return SetAxis(names, tuple(tuple(row.get(n) for n in names) for row in rows), sets.place)
