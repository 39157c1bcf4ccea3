"""Scenarios to run: read, compiled once, run in as many variants as are asked for.

result = Scenario.read("cut-in.xosc").compile().run()
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.formats.compiled import Compiled
from treadle.proving.formats.opendrive.reading import read_roads
from treadle.proving.formats.openscenario.files import Files, from_disk
from treadle.proving.formats.openscenario.reading import ScenarioDocument, read_scenario
from treadle.proving.formats.openscenario.semantics import check
from treadle.proving.formats.openscenario.variation import VariationDocument, variation_of
from treadle.proving.rules.binding import Element
from treadle.proving.rules.distribution import within
from treadle.proving.rules.driver import Driver
from treadle.proving.rules.marking import driver
from treadle.proving.rules.node import Finding, Line
from treadle.proving.rules.roads.network import RoadNetwork
from treadle.proving.rules.simulating import warm

if TYPE_CHECKING:
    from treadle.proving.formats.designing import Designed  # it brings scipy

__all__ = ["Compiled", "Driver", "Scenario", "driver", "warm"]


@dataclass(eq=False)
class Scenario:
    """A scenario with the catalogs and roads that it refers to, and its variants.

    Attributes
    ----------
    document
        The scenario's file.
    variation
        The parameter value distribution that it was read from; None: the scenario alone.
    overrides
        Parameters set by hand, as text.
    designed
        The cases of a design, that are its variants instead of those of the variation.
    """

    document: ScenarioDocument
    variation: VariationDocument | None
    overrides: dict[str, str]
    designed: "Designed | None" = None
    _checked: bool = False
    _networks: dict[str, RoadNetwork] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        path: str,
        *,
        open_file: Files | None = None,
        overrides: Mapping[str, str] | None = None,
    ) -> "Scenario":
        """Read a scenario, or a parameter value distribution with the scenario that it varies.

        Parameters
        ----------
        open_file
            Gives the content of a path, and the names in a folder; None: from disk.
        overrides
            Parameter values instead of the declared ones.

        Raises
        ------
        InvalidInputError
            A file is missing or cannot be read as what it should be; it names file and line.
        """
        return cls.of(read_scenario(path, open_file or from_disk), overrides)

    @classmethod
    def of(
        cls, document: ScenarioDocument, overrides: Mapping[str, str] | None = None
    ) -> "Scenario":
        """Return the scenario of a file that was read, as `read` does."""
        given = dict(overrides or {})
        variation = None
        if document.kind == "variation":
            variation = variation_of(document, given)
            document = variation.scenario
        if document.kind != "scenario":
            place = document.root.place
            text = f"{place}: this is a {document.kind}; give a scenario or a variation of one"
            raise InvalidInputError(text)
        document.table(given)
        return cls(document, variation, given)

    @property
    def name(self) -> str:
        """The name of its file, without ending."""
        document = self.variation.document if self.variation else self.document
        return document.path.rsplit("/", 1)[-1].removesuffix(".xosc")

    @property
    def count(self) -> int:
        """How many concrete scenarios it describes, exactly."""
        if self.designed is not None:
            return self.designed.count
        return self.variation.count if self.variation else 1

    @property
    def varied(self) -> tuple[str, ...]:
        """The parameters that differ between its variants."""
        if self.designed is not None:
            return self.designed.names
        return self.variation.names if self.variation else ()

    @property
    def files(self) -> dict[str, bytes]:
        """Every file that was read so far, by the path that was asked for."""
        documents = [self.document, *([self.variation.document] if self.variation else [])]
        return {s.name: s.content for d in documents for s in d.sources.values()}

    @property
    def findings(self) -> list[Finding]:
        """What is wrong or doubtful in its files, as far as they were read: schema and meaning.

        Roads and catalogs are read when variants are lowered (`Compiled.lower`).
        """
        documents = [*([self.variation.document] if self.variation else []), self.document]
        if not self._checked:
            self._checked = True
            for document in documents:
                check(document)
        ledgers = [document.ledger for document in documents]
        ledgers += [network.ledger for network in self._networks.values()]
        return [finding for ledger in ledgers for finding in ledger.findings]

    def manifest(self, *, modelled: bool = False) -> list[Line]:
        """Return what became of each element of its files, as far as variants were lowered.

        Parameters
        ----------
        modelled
            Vehicles move by a model, not by the default motion.
        """
        told = self.variation.document.manifest() if self.variation else []
        told = told + self.document.manifest(modelled=modelled)
        for network in self._networks.values():
            told += network.ledger.lines(network.root)
        return told

    def network(self, scenario: Element) -> RoadNetwork | None:
        """Return the road network of a structure of the scenario; each file is read once."""
        source = self.document.read_road(scenario)
        if source is None:
            return None
        if source.name not in self._networks:
            network = self._networks[source.name] = read_roads(source.content, source.name)
            network.compiled()  # what is found on the way is a finding, too
        return self._networks[source.name]

    def compile(self, *, controllers: bool = True, drivers: Sequence[Driver] = ()) -> "Compiled":
        """Return it ready to run.

        Parameters
        ----------
        controllers
            False: no controller but the default one is ever activated.
        drivers
            Under test: each takes the place of the controllers of the entity that it drives.
        """
        return Compiled(self, controllers=controllers, drivers=tuple(drivers))

    def table(self, variants: Sequence[int] | np.ndarray, seed: int) -> dict[str, np.ndarray]:
        """Return the parameters that differ from the declared ones, (n,) each."""
        if self.designed is None and self.variation is not None:
            return self.variation.table(variants, seed if self.variation.stochastic else None)
        within(variants, self.count)
        given = self.document.table(self.overrides)
        if self.designed is not None:
            found = self.designed.columns(variants)
            return found | {name: np.repeat(one, len(variants)) for name, one in given.items()}
        return {name: np.repeat(one, len(variants)) for name, one in given.items()}
