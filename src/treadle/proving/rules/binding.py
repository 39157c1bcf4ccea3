"""An element together with the parameters seen in it: what a compiler reads a scenario through.

Every read is told to the ledger, absent attributes get their default, and each refusal names
`file:line`, the element and the way out.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from treadle.kernel import InvalidInputError
from treadle.proving.rules.attributes import (
    LEFT_OUT,
    OLDER_ATTRIBUTES,
    OLDER_TAGS,
    OLDER_WORDS,
    WRAPPERS,
    is_whole,
    may_be_infinite,
)
from treadle.proving.rules.expression import Expression, Term, number
from treadle.proving.rules.node import Ledger, Node
from treadle.proving.rules.parameters import KINDS, TRUTHS, Bound, Scope, term_of, text_of

CATALOGS_INSIDE = 8
"""Catalog entries that refer to catalog entries."""

Entries = Callable[[str, str, Scope, Node], Node]
"""(catalog's name, entry's name, scope, the reference) -> the entry; raises where there is none."""


@dataclass(frozen=True, slots=True)
class Around:
    """What all elements of one scenario share.

    Attributes
    ----------
    limited
        Parameters with constraints that are declared below the scenario's own: the declarations,
        and the parameters as they are seen there.
    """

    ledger: Ledger
    entries: Entries
    limited: "dict[tuple[Node, int], tuple[Node, Scope]]" = field(default_factory=dict)

    def declares(self, declarations: Node | None, scope: Scope) -> Scope:
        """Note where parameters with constraints are declared; return the scope."""
        if declarations is not None:
            nodes = declarations.all("ParameterDeclaration")
            if any(node.child("ConstraintGroup") for node in nodes):
                self.limited[declarations, id(scope.parent)] = declarations, scope
        return scope


@dataclass(frozen=True, eq=False)
class Element:
    """An element and the parameters seen in it.

    Attributes
    ----------
    outer
        The parameters seen by its parent; its own declarations come on top.
    """

    node: Node
    outer: Scope
    around: Around = field(repr=False)

    @property
    def tag(self) -> str:
        """The element's name."""
        return self.node.tag

    @property
    def place(self) -> str:
        """`file:line`."""
        return self.node.place

    @property
    def ledger(self) -> Ledger:
        """Where it is told what became of each element."""
        return self.around.ledger

    @cached_property
    def scope(self) -> Scope:
        """The parameters seen in it, its own declarations (Story, Maneuver, ...) included."""
        declarations = self.node.child("ParameterDeclarations")
        if declarations is None or self.node in self.outer.entries or self.tag == "OpenSCENARIO":
            return self.outer
        names = declared(declarations, self.ledger)
        scope = Scope(names, self.outer, self.outer.entries)
        return self.around.declares(declarations, scope)

    # -- elements ---------------------------------------------------------------------------

    def child(self, *tags: str) -> "Element | None":
        """Return the first child of any of these names, or of what they were called before."""
        found = self.node.child(*tags)
        if found is None:
            older = [name for tag in tags for name in OLDER_TAGS.get(tag, ())]
            found = self.node.child(*older) if older else None
        if found is not None:
            return self._bind(found)
        for tag in tags:
            inside = WRAPPERS.get((self.tag, tag))
            if inside is not None and self.node.child(*inside) is not None:
                return Element(self.node, self.outer, self.around)
        return None

    def only(self, *tags: str) -> "Element":
        """Return the child of any of these names.

        Raises
        ------
        InvalidInputError
            There is none, or more than one.
        """
        found = self.child(*tags)
        if found is None:
            text = f"{self.place}: {self.tag} needs {_words(tags)} inside"
            raise InvalidInputError(text)
        if len(self.node.all(*tags)) > 1:
            text = f"{self.place}: {self.tag} has more than one of {_words(tags)}; keep one"
            raise InvalidInputError(text)
        return found

    def all(self, *tags: str) -> "list[Element]":
        """Return the children of these names, in the file's order."""
        self.executed()
        return [self._bind(node) for node in self.node.all(*tags)]

    @property
    def children(self) -> "list[Element]":
        """All children, in the file's order."""
        self.executed()
        return [self._bind(node) for node in self.node.children]

    def walk(self) -> "Iterator[Element]":
        """Yield this element and all below it, marking nothing."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            below = (Element(n, element.scope, self.around) for n in element.node.children)
            stack.extend(reversed(list(below)))

    def _bind(self, node: Node) -> "Element":
        self.ledger.read(self.node)
        self.ledger.read(node)
        return Element(node, self.scope, self.around)

    # -- attributes -------------------------------------------------------------------------

    def has(self, name: str) -> bool:
        """Whether an attribute is written, also by its older name."""
        return self._written(name) is not None

    def _written(self, name: str) -> tuple[str, str] | None:
        for spelling in (name, *OLDER_ATTRIBUTES.get((self.tag, name), ())):
            if (value := self.node.attributes.get(spelling)) is not None:
                return spelling, value
        return None

    def _read(self, name: str, default: object) -> tuple[str, str] | None:
        written = self._written(name)
        if written is None:
            self.ledger.read(self.node)
            if default is None and (self.tag, name) in LEFT_OUT:
                meant = LEFT_OUT[self.tag, name]
                said = f"{self.tag} has no {name}; it is read as {meant}"
                self.ledger.warning("semantic.left_out", said, self.node)
                return name, meant
            if default is None:
                text = f"{self.place}: {self.tag} needs the attribute {name}"
                raise InvalidInputError(text)
            return None
        self.ledger.read(self.node, written[0])
        return written

    def _at(self, name: str) -> str:
        return f"{self.place}: {name} of {self.tag}"

    def text(self, name: str, default: str | None = None) -> str:
        """Return a name, a reference or a path, its parameters resolved.

        Raises
        ------
        InvalidInputError
            It is missing and has no default, or its parameter is unknown, cyclic, or differs
            between the variants of this group (`VariesError`).
        """
        written = self._read(name, default)
        if written is None:
            return str(default)
        return text_of(written[1], self.scope, self._at(name))

    def word(self, name: str, choices: Collection[str], default: str | None = None) -> str:
        """Return one of the words of an enumeration; a word of an earlier revision as today's.

        Raises
        ------
        InvalidInputError
            It is none of them.
        """
        found = self.text(name, default).strip()
        if found in choices or (default is not None and found == default):
            return found
        today = OLDER_WORDS.get((name, found))
        if today is not None and today in choices:
            self.ledger.warning("semantic.older_word", f"{found} is read as {today}", self.node)
            return today
        text = f"{self._at(name)} is {found[:60]!r}; it is one of {_words(choices)}"
        raise InvalidInputError(text)

    def flag(self, name: str, default: bool | None = None) -> bool:
        """Return a boolean.

        Raises
        ------
        InvalidInputError
            It is none, or is missing and has no default.
        """
        written = self._read(name, default)
        if written is None:
            return bool(default)
        found = text_of(written[1], self.scope, self._at(name)).strip()
        if found not in TRUTHS and (small := found.lower()) in TRUTHS:
            said = f"{name} of {self.tag} is {found}; it is read as {small}"
            self.ledger.warning("semantic.capitals", said, self.node)
            found = small
        if found not in TRUTHS:
            text = f"{self._at(name)} is {found[:60]!r}; it is true or false"
            raise InvalidInputError(text)
        return TRUTHS[found]

    def number(self, name: str, default: float | None = None) -> Expression:
        """Return a number: a constant or what the variants' parameters make it.

        INF is read where it means no limit (`attributes.may_be_infinite`), nowhere NaN.

        Raises
        ------
        InvalidInputError
            It is no number, its constants cannot be computed with, or it is missing.
        """
        written = self._read(name, default)
        whole, infinite = is_whole(self.tag, name), may_be_infinite(self.tag, name)
        place = self._at(name)
        if written is None:
            return Expression(number(float(default or 0.0)), place, whole, infinite=True)
        term = self._term(written[1], place, infinite=infinite)
        if whole and term.constant is not None and term.constant % 1.0 != 0.0:
            text = f"{place} is {term.constant:g}; an integer is needed"
            raise InvalidInputError(text)
        return Expression(term, place, whole, infinite)

    def _term(self, text: str, place: str, *, infinite: bool) -> Term:
        return term_of(text, self.scope, place, infinite=infinite)

    def integer(self, name: str, default: int | None = None) -> int:
        """Return an integer that is the same for all variants of this group.

        Raises
        ------
        InvalidInputError
            It is none, or differs between the variants (`VariesError`).
        """
        written = self._read(name, default)
        if written is None:
            return int(default or 0)
        term = self._term(
            text_of(written[1], self.scope, self._at(name)), self._at(name), infinite=False
        )
        if term.constant is None or term.constant % 1.0 != 0.0:
            text = f"{self._at(name)} is {written[1][:60]!r}; an integer is needed"
            raise InvalidInputError(text)
        return int(term.constant)

    def parameter(self, name: str) -> Bound | None:
        """Return what a parameter of this name stands for here (its kind; its text or None)."""
        found = self.scope.find(name)
        return None if found is None else found[0]

    # -- catalogs ---------------------------------------------------------------------------

    def resolved(self) -> "Element":
        """Return the catalog entry that a CatalogReference refers to, or the element itself.

        The entry sees its own parameters: its declarations' defaults, over them the assignments,
        which are computed outside; then those of the reference's surroundings.

        Raises
        ------
        InvalidInputError
            There is no such catalog or entry, or it refers to itself.
        """
        if self.tag != "CatalogReference":
            return self
        catalog, entry = self.text("catalogName"), self.text("entryName")
        node = self.around.entries(catalog, entry, self.scope, self.node)
        if node in self.scope.entries or len(self.scope.entries) >= CATALOGS_INSIDE:
            text = f"{self.place}: the catalog entry {entry} of {catalog} refers to itself"
            raise InvalidInputError(text)
        self.ledger.read(node)
        names = self._assigned(node)
        scope = Scope(names, self.scope, (*self.scope.entries, node))
        self.around.declares(node.child("ParameterDeclarations"), scope)
        return Element(node, scope, self.around)

    def _assigned(self, entry: Node) -> dict[str, Bound]:
        declarations = entry.child("ParameterDeclarations")
        names = {} if declarations is None else declared(declarations, self.ledger)
        assignments = self.child("ParameterAssignments")
        for one in [] if assignments is None else assignments.all("ParameterAssignment"):
            for attribute in ("parameterRef", "value"):
                if attribute not in one.node.attributes:
                    text = f"{one.place}: ParameterAssignment needs the attribute {attribute}"
                    raise InvalidInputError(text)
                self.ledger.read(one.node, attribute)
            # A reference by name; published files write it with a $ all the same.
            name = one.node.attributes["parameterRef"].removeprefix("$")
            value = one.node.attributes["value"]
            if name not in names:
                said = f"{entry.place}: {entry.tag} declares no parameter {name}; it is set anyway"
                self.ledger.warning("semantic.unknown_parameter", said, one.node)
            kind = names[name].kind if name in names else "string"
            names[name] = Bound(kind, value, one.place, self.scope)
        return names

    # -- the ledger -------------------------------------------------------------------------

    def executed(self) -> None:
        """Tell that this element is executed."""
        self.ledger.read(self.node)

    def noted(self, reason: str, *attributes: str) -> None:
        """Tell that these attributes, as far as they are there, move nothing by nature."""
        self.ledger.noted(self.node, reason, *attributes)

    def remark(self, reason: str) -> None:
        """Tell something of this element, which is executed."""
        self.ledger.remark(self.node, reason)

    def without_effect(self, reason: str) -> None:
        """Tell that this element and all below it move nothing and trigger nothing, by nature."""
        self.ledger.without_effect(self.node, reason)

    def not_supported(self, reason: str, *, may_change: bool = True) -> None:
        """Tell that this element and all below it are left out."""
        self.ledger.not_supported(self.node, reason, may_change=may_change)

    def left_to_models(self, reason: str, *, may_change: bool = True) -> None:
        """Tell that the default motion leaves this element out, and models execute it."""
        self.ledger.left_to_models(self.node, reason, may_change=may_change)


def declared(declarations: Node, ledger: Ledger) -> dict[str, Bound]:
    """Return the parameters that a ParameterDeclarations declares.

    Raises
    ------
    InvalidInputError
        One has no name, value or known type.
    """
    ledger.read(declarations)
    names: dict[str, Bound] = {}
    for node in declarations.all("ParameterDeclaration", "VariableDeclaration"):
        wanted = ("name", "variableType" if node.tag[0] == "V" else "parameterType", "value")
        for attribute in wanted:
            if attribute not in node.attributes:
                text = f"{node.place}: {node.tag} needs the attribute {attribute}"
                raise InvalidInputError(text)
            ledger.read(node, attribute)
        name, kind, value = (node.attributes[a] for a in wanted)
        if name.startswith("$"):
            said = f"a declaration has its name without $; {name} is read as {name[1:]}"
            ledger.warning("semantic.dollar_in_name", said, node)
            name = name[1:]
        if kind not in KINDS:
            text = f"{node.place}: {kind[:60]!r} is no type; it is one of {_words(KINDS)}"
            raise InvalidInputError(text)
        if name in names:
            said = f"{name} is declared before ({names[name].place}); that declaration is taken"
            tell = ledger.warning if names[name].text == value else ledger.error
            tell("semantic.duplicate_name", said, node)
            continue
        names[name] = Bound(KINDS[kind], value, node.place)
    return names


def _words(words: Collection[str]) -> str:
    return (
        ", ".join(list(words)[:-1]) + " or " + list(words)[-1] if len(words) > 1 else "".join(words)
    )
