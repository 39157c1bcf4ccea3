"""A scenario as its files say it: `read_scenario` opens it, `ScenarioDocument` gives what is in it.

Source: ASAM OpenSCENARIO XML 1.0 to 1.3, class OpenScenario and what is below it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.formats.openscenario import grouping
from treadle.proving.formats.openscenario.catalogs import LOCATIONS, Library
from treadle.proving.formats.openscenario.files import Files, beside, content_of, from_disk, tidy
from treadle.proving.formats.xml import parse
from treadle.proving.rules.binding import Around, Element, declared
from treadle.proving.rules.constraints import Constrained, Reading, constraints_of, outside
from treadle.proving.rules.expression import Problems
from treadle.proving.rules.node import Ledger, Line, Node
from treadle.proving.rules.parameters import (
    NUMERIC,
    Bound,
    Scope,
    column_of,
    given_column,
    term_of,
    text_of,
    written_values,
)

FileKind = Literal["scenario", "variation", "catalog"]
REVISIONS = ((1, 0), (1, 1), (1, 2), (1, 3))


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that a scenario is made of.

    Attributes
    ----------
    name
        Its path as it was asked for.
    """

    name: str
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """The hash that it is kept under."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(eq=False)
class ScenarioDocument:
    """An OpenSCENARIO file: its root, its parameters, and what became of its elements.

    Attributes
    ----------
    parameters
        The declarations that all of the scenario sees, by name.
    variables
        The variables (1.2), by name, with their initial values as written.
    monitors
        The monitors (1.3), by name.
    sources
        All files that were read so far, by name: catalogs join when they are first asked for.
    """

    path: str
    root: Node
    kind: FileKind
    revision: tuple[int, int]
    ledger: Ledger
    files: Files
    parameters: dict[str, Bound] = field(default_factory=dict)
    variables: dict[str, Bound] = field(default_factory=dict)
    monitors: dict[str, Bound] = field(default_factory=dict)
    sources: dict[str, SourceFile] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.library = Library(self.root, self.files, self.ledger, self.took)
        self.around = Around(self.ledger, self.library)

    def took(self, name: str, content: bytes) -> None:
        """Note that a file is part of this scenario."""
        self.sources.setdefault(name, SourceFile(name, content))

    # -- parameters -------------------------------------------------------------------------

    def table(self, values: Mapping[str, str]) -> dict[str, np.ndarray]:
        """Return given values (`--set NAME=VALUE`) as columns of one variant.

        Raises
        ------
        InvalidInputError
            No such parameter is declared, or the value is not of its type.
        """
        return {
            name: column_of([value], self.parameter(name).kind, f"{self.path}: {name}")
            for name, value in values.items()
        }

    def columns(self, given: Mapping[str, Sequence[object] | np.ndarray]) -> dict[str, np.ndarray]:
        """Return columns of parameters as programs give them, each of its parameter's type.

        Raises
        ------
        InvalidInputError
            No such parameter is declared, a value is not of its type, or lengths differ.
        """
        found = {
            name: given_column(values, self.parameter(name).kind, f"{self.path}: {name}")
            for name, values in given.items()
        }
        if len({len(column) for column in found.values()}) > 1:
            lengths = ", ".join(f"{len(column)} of {name}" for name, column in found.items())
            text = f"{self.path}: there are {lengths}; give each parameter a value for each variant"
            raise InvalidInputError(text)
        return found

    def parameter(self, name: str) -> Bound:
        """Return a parameter's declaration.

        Raises
        ------
        InvalidInputError
            There is none of this name.
        """
        if name not in self.parameters:
            known = ", ".join(sorted(self.parameters)) or "none"
            text = f"{self.path} declares no parameter {name}; it declares {known}"
            raise InvalidInputError(text)
        return self.parameters[name]

    def scope(self, table: Mapping[str, np.ndarray] | None = None) -> Scope:
        """Return the parameters of the whole scenario; those of a table vary."""
        names = dict(self.parameters)
        for name in table or {}:
            bound = self.parameter(name)
            names[name] = Bound(bound.kind, None, bound.place)
        return Scope(names)

    def bind(self, scope: Scope | None = None) -> Element:
        """Return the scenario's root as it reads with these parameters, or with the defaults."""
        return Element(self.root, scope or self.scope(), self.around)

    def defaults(self) -> dict[str, float | str]:
        """Return every parameter's default, computed.

        Raises
        ------
        InvalidInputError
            One is not of its type, or cyclic.
        """
        scope = self.scope()
        found: dict[str, float | str] = {}
        for name, bound in self.parameters.items():
            if bound.kind in NUMERIC:
                found[name] = term_of(f"${name}", scope, bound.place).constant or 0.0
            else:
                found[name] = text_of(f"${name}", scope, bound.place)
        return found

    def written_defaults(self) -> dict[str, str]:
        """Return every parameter's default, computed, as a declaration would write it."""
        return {
            name: written_values(np.array([value]), self.parameters[name].kind)[0]
            for name, value in self.defaults().items()
        }

    def groups(
        self,
        table: Mapping[str, np.ndarray],
        n: int,
        *,
        also: frozenset[str] = frozenset(),
    ) -> "list[grouping.Group]":
        """Return the variants in groups that differ in numbers alone.

        Parameters
        ----------
        table
            Parameters' columns, (n,) float64 or str.
        also
            Parameters to group by besides those found structural (`VariesError.names`).
        """
        return grouping.groups(self.bind, self.scope(table), dict(table), n, also)

    # -- constraints ------------------------------------------------------------------------

    @cached_property
    def constrained(self) -> list[Constrained]:
        """The parameters that their authors put constraints on."""
        kinds = {name: bound.kind for name, bound in self.parameters.items()}
        declarations = self.root.child("ParameterDeclarations")
        return constraints_of(declarations, kinds, self.ledger)

    def outside(
        self, table: Mapping[str, np.ndarray], n: int, groups: Reading = "any"
    ) -> np.ndarray:
        """Return which variants are outside their authors' constraints, (n,) int32.

        0 is inside; k names `constrained[k - 1].reason`. Unvaried parameters count with their
        defaults. `groups` is "any" as the standard reads several ConstraintGroups, or "all".
        """
        return outside(self.constrained, self.scope(table), table, n, groups)

    # -- the files around it ----------------------------------------------------------------

    def road_path(self, scenario: Element | None = None) -> str | None:
        """Return the path of the road network's file; None where the scenario has none.

        Raises
        ------
        InvalidInputError
            LogicFile has no path, or one that depends on a parameter that varies here.
        """
        network = (scenario or self.bind()).child("RoadNetwork")
        file = None if network is None else network.child("LogicFile")
        if file is None:
            return None
        written = file.text("filepath")
        return beside(self.path, written) if written.strip() else None

    def read_road(self, scenario: Element | None = None) -> SourceFile | None:
        """Return the road network's file, kept among the sources.

        Raises
        ------
        InvalidInputError
            It is not there.
        """
        path = self.road_path(scenario)
        if path is None:
            return None
        if path not in self.sources:
            self.took(path, content_of(self.files, path, self._road_place))
        return self.sources[path]

    @property
    def _road_place(self) -> str:
        """Where the file says which roads it is on."""
        network = self.root.child("RoadNetwork")
        return ((network and network.child("LogicFile")) or self.root).place

    def manifest(self, *, modelled: bool = False) -> list[Line]:
        """Return what became of each element of the scenario and of the catalog entries it uses.

        Parameters
        ----------
        modelled
            Vehicles move by a model, not by the default motion.
        """
        _ = self.constrained  # variants are asked for them, also where none is outside
        # An entry that was only looked at, from within an element that is left out, is not listed.
        used = (node for node in self.library.used if self.ledger.knows(node))
        return self.ledger.lines(self.root, *used, modelled=modelled)


def read_scenario(
    path: str | Path, files: Files = from_disk, asked_at: str | None = None
) -> ScenarioDocument:
    """Return an OpenSCENARIO file: a scenario, a catalog or a parameter value distribution.

    Parameters
    ----------
    files
        Gives the file and all that it refers to: `from_disk`, or `FromContents` of kept files.
    asked_at
        Which `file:line` refers to it; None: whoever runs Treadle named it.

    Raises
    ------
    InvalidInputError
        It is not there, no well-formed XML, of another revision, or no OpenSCENARIO.
    """
    name = tidy(str(path))
    content = content_of(files, name, asked_at or name)
    root = parse(content, name)
    ledger = Ledger()
    kind = _kind(root)
    document = ScenarioDocument(name, root, kind, _revision(root, ledger), ledger, files)
    document.took(name, content)
    _set_aside(root, ledger)
    declarations = root.child("ParameterDeclarations")
    if declarations is not None:
        document.parameters.update(declared(declarations, ledger))
    if (variables := root.child("VariableDeclarations")) is not None:
        document.variables.update(declared(variables, ledger))
    if (monitors := root.child("MonitorDeclarations")) is not None:
        document.monitors.update(_monitors(monitors, ledger))
    return document


def _kind(root: Node) -> FileKind:
    if root.tag != "OpenSCENARIO":
        text = f"{root.place}: the root element is {root.tag}; OpenSCENARIO is needed"
        raise InvalidInputError(text)
    if root.child("ParameterValueDistribution") is not None:
        return "variation"
    if root.child("Catalog") is not None:
        return "catalog"
    if root.child("Storyboard", "Entities") is None:
        text = (
            f"{root.place}: OpenSCENARIO has no Storyboard, Catalog or ParameterValueDistribution"
        )
        raise InvalidInputError(text)
    return "scenario"


def _revision(root: Node, ledger: Ledger) -> tuple[int, int]:
    header = root.child("FileHeader")
    if header is None:
        text = f"{root.place}: OpenSCENARIO needs FileHeader with revMajor and revMinor"
        raise InvalidInputError(text)
    numbers = []
    for attribute in ("revMajor", "revMinor"):
        written = header.attributes.get(attribute, "").strip()
        digits = written.removesuffix("+") if attribute == "revMinor" else written
        if not (digits.isascii() and digits.isdigit() and len(digits) < 4):  # noqa: PLR2004 - digits
            text = f"{header.place}: FileHeader needs {attribute}, an integer; it says {written!r}"
            raise InvalidInputError(text)
        numbers.append(int(digits))
        ledger.read(header, attribute)
    revision = (numbers[0], numbers[1])
    if revision[0] != 1:
        text = f"{header.place}: revision {revision[0]}.{revision[1]} is not read; 1.0 to 1.3 are"
        raise InvalidInputError(text)
    if revision not in REVISIONS or written != digits:  # esmini's demos: "1+", 1.1 and later
        said = f"revision 1.{written} is not known here; it is read as 1.3"
        ledger.warning("schema.revision", said, header)
        return (1, 3)
    return revision


def _set_aside(root: Node, ledger: Ledger) -> None:
    """Tell the ledger of what stands for people and validators."""
    for attribute in root.attributes:
        ledger.read(root, attribute)  # xmlns, xsi:noNamespaceSchemaLocation
    header = root.child("FileHeader")
    if header is not None:
        for attribute in ("date", "description", "author"):
            ledger.read(header, attribute)
        for child in header.children:
            ledger.without_effect(child, "says who made the file, or is the author's own")
    locations = root.child("CatalogLocations")
    if locations is not None:
        ledger.read(locations)
        for one in locations.all(*LOCATIONS):
            ledger.read(one)
            for directory in one.all("Directory"):
                ledger.read(directory, "path")
    if (network := root.child("RoadNetwork")) is not None:
        _set_scenery_aside(network, ledger)


def _set_scenery_aside(network: Node, ledger: Ledger) -> None:
    for scene in network.all("SceneGraphFile"):
        ledger.without_effect(scene, "is what the road looks like")
    for area in network.all("UsedArea"):
        ledger.without_effect(area, "says which part of the roads is used; all of them are")


def _monitors(monitors: Node, ledger: Ledger) -> dict[str, Bound]:
    ledger.read(monitors)
    found: dict[str, Bound] = {}
    for node in monitors.all("MonitorDeclaration"):
        for attribute in ("name", "value"):
            if attribute not in node.attributes:
                text = f"{node.place}: MonitorDeclaration needs the attribute {attribute}"
                raise InvalidInputError(text)
            ledger.read(node, attribute)
        found[node.attributes["name"]] = Bound("boolean", node.attributes["value"], node.place)
    return found


__all__ = ["Problems", "ScenarioDocument", "SourceFile", "from_disk", "read_scenario"]
