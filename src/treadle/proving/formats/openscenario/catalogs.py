"""Catalogs: entries found by the names that a CatalogReference gives, read when first asked for.

Source: ASAM OpenSCENARIO XML, classes CatalogLocations, Catalog and CatalogReference. A catalog is
the file whose `Catalog@name` is the catalog's name. Published files name the file instead; where no
catalog in the folders has that name, the file of that name is taken and a warning says so.
"""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass

from treadle.kernel import InvalidInputError, TreadleError
from treadle.proving.formats.openscenario.files import Files, beside
from treadle.proving.formats.xml import parse
from treadle.proving.rules.node import Ledger, Node
from treadle.proving.rules.parameters import Scope, text_of

LOCATIONS = (
    "VehicleCatalog", "ControllerCatalog", "PedestrianCatalog", "MiscObjectCatalog",
    "EnvironmentCatalog", "ManeuverCatalog", "TrajectoryCatalog", "RouteCatalog",
)  # fmt: skip
ENDINGS = (".xosc", ".xml")
FILES = 2_000
"""Files of a folder that are looked into."""


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """A catalog file that was read."""

    path: str
    name: str
    root: Node
    node: Node
    content: bytes

    def entry(self, name: str) -> Node | None:
        """Return the entry of a name."""
        entries = (child for child in self.node.children if child.tag != "ParameterDeclarations")
        return next((e for e in entries if e.attributes.get("name") == name), None)


class Library:
    """All catalogs of a scenario."""

    def __init__(
        self,
        root: Node,
        files: Files,
        ledger: Ledger,
        took: Callable[[str, bytes], None],
    ) -> None:
        self._file, self._files, self._ledger, self._took = root.file, files, ledger, took
        self._directories = _directories(root)
        self._read: dict[str, Catalog | None] = {}
        self._known: dict[tuple[str, str, tuple[str, ...]], Node] = {}
        self.used: dict[Node, Catalog] = {}

    def __call__(self, catalog: str, entry: str, scope: Scope, reference: Node) -> Node:
        """Return the entry that a reference names.

        Raises
        ------
        InvalidInputError
            There is no such catalog or entry.
        """
        places = tuple(self._path(directory, scope) for directory in self._directories)
        key = (catalog, entry, places)
        if key not in self._known:
            self._known[key] = self._find(catalog, entry, places, reference)
        return self._known[key]

    def _path(self, directory: Node, scope: Scope) -> str:
        written = directory.attributes.get("path")
        if written is None:
            text = f"{directory.place}: Directory needs the attribute path"
            raise InvalidInputError(text)
        self._ledger.read(directory, "path")
        return beside(self._file, text_of(written, scope, f"{directory.place}: path of Directory"))

    def _find(self, catalog: str, entry: str, places: tuple[str, ...], by: Node) -> Node:
        named: list[Catalog] = []
        seen: set[str] = set()
        for place in places:
            named += self._named(catalog, place, seen)
        if not named:
            named = self._by_stem(catalog, places, by)
        for one in named:
            if (node := one.entry(entry)) is not None:
                self._took(one.path, one.content)
                self._ledger.read(one.root)
                self._ledger.read(one.node, "name")
                self.used[node] = one
                return node
        if named:
            where = ", ".join(one.path for one in named)
            text = f"{by.place}: the catalog {catalog} ({where}) has no entry {entry}; correct it"
        else:
            where = ", ".join(dict.fromkeys(places)) or "no CatalogLocations"
            text = f"{by.place}: no catalog is named {catalog} in {where}; correct the name or path"
        raise InvalidInputError(text)

    def _candidates(self, place: str) -> list[str]:
        if place.lower().endswith(ENDINGS):
            return [place]
        return [n for n in self._files.names(place) if n.lower().endswith(ENDINGS)][:FILES]

    def _named(self, catalog: str, place: str, seen: set[str]) -> list[Catalog]:
        """Return the catalogs of this name in a folder, that of the same file name first."""
        first = posixpath.join(place, f"{catalog}.xosc")
        for path in (first, *self._candidates(place)):
            if path in seen:
                continue
            seen.add(path)
            found = self._catalog(path, quiet=path == first)
            if found is not None and found.name == catalog:
                return [found]
        return []

    def _by_stem(self, catalog: str, places: tuple[str, ...], by: Node) -> list[Catalog]:
        found: list[Catalog] = []
        for place in dict.fromkeys(places):
            path = place if place.lower().endswith(ENDINGS) else f"{place}/{catalog}.xosc"
            stem = posixpath.splitext(posixpath.basename(path))[0]
            one = self._catalog(path, quiet=True) if stem == catalog else None
            if one is not None:
                found.append(one)
                said = f"no catalog is named {catalog}; {path} (named {one.name}) is taken"
                self._ledger.warning("semantic.catalog_by_file_name", said, by)
        return found

    def _catalog(self, path: str, *, quiet: bool) -> Catalog | None:
        if path not in self._read:
            self._read[path] = self._load(path, quiet=quiet)
        return self._read[path]

    def _load(self, path: str, *, quiet: bool) -> Catalog | None:
        try:
            content = self._files(path)
        except (OSError, TreadleError, ValueError):
            if not quiet:
                node = Node("Catalog", {}, path, 1)
                self._ledger.warning("semantic.unreadable_catalog", f"{path} is not there", node)
            return None
        if b"<Catalog" not in content.replace(b"\0", b""):  # UTF-16 has zeros between
            return None
        try:
            root = parse(content, path)
        except InvalidInputError as error:
            node = Node("Catalog", {}, path, 1)
            self._ledger.warning("semantic.unreadable_catalog", str(error), node)
            return None
        node = root.child("Catalog") or root
        if node.tag != "Catalog":
            return None
        return Catalog(path, node.attributes.get("name", ""), root, node, content)


def _directories(root: Node) -> list[Node]:
    locations = root.child("CatalogLocations")
    if locations is None:
        return []
    return [d for kind in locations.all(*LOCATIONS) for d in kind.all("Directory")]
