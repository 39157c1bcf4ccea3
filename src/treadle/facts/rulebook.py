"""The rulebook: which options a car may have together; design releases it, all others read it.

A plain document, kept as a blob: options with their place in the tree, rules in their own words,
and the same rules as clauses (engine/choices). Who has the blob can ask anything of the rules
without design.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

from treadle.engine.choices.formula import Formula
from treadle.kernel.blob import BlobStore
from treadle.kernel.errors import InvalidInputError
from treadle.kernel.plain import from_plain, to_plain

if TYPE_CHECKING:
    from treadle.engine.choices.asking import Choices
    from treadle.engine.choices.explaining import Explainer

GroupKind = Literal["mandatory", "optional", "or", "alternative", "cardinality"]
Value = str | float | bool
FORM = "treadle.rulebook.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something that a car has or has not: a feature of the model.

    Attributes
    ----------
    name
        What rules, bills of material and orders call it.
    title
        What a customer reads; empty where it is the name.
    parent
        Place of its parent among the options; -1 of the root.
    group
        Place of the group that it is a member of; -1 of the root.
    is_abstract
        It only orders others: nobody chooses it by itself.
    """

    name: str
    title: str = ""
    parent: int = -1
    group: int = -1
    is_abstract: bool = False
    attributes: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Options of one parent, of which a car that has the parent has some.

    Attributes
    ----------
    least, most
        How many of them.
    """

    parent: int
    kind: GroupKind
    members: tuple[int, ...]
    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One sentence that every car keeps.

    Attributes
    ----------
    text
        As its author wrote it; of the tree, in words.
    reason
        Why there is such a rule, where somebody said.
    place
        Where it stands: a line of a file, or empty.
    is_tree
        It follows from the tree of options, not from a constraint.
    """

    text: str
    reason: str = ""
    place: str = ""
    is_tree: bool = False


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """Options and rules, and the rules as clauses.

    Attributes
    ----------
    variables
        As many as there are options, the first has 1; helpers of large rules come after them.
    clauses : (n_clauses,)
        Literals; the last number of each is the place of its rule.
    """

    name: str
    options: tuple[Option, ...]
    groups: tuple[Group, ...]
    rules: tuple[Rule, ...]
    variables: int
    clauses: tuple[tuple[int, ...], ...]

    @cached_property
    def number(self) -> dict[str, int]:
        """The variable of each option's name."""
        return {option.name: i for i, option in enumerate(self.options, 1)}

    def formula(self) -> Formula:
        """Return the rules as the engine takes them."""
        return Formula(
            self.variables,
            tuple(clause[:-1] for clause in self.clauses),
            tuple(clause[-1] for clause in self.clauses),
        )

    def to_bytes(self) -> bytes:
        """Return the rulebook as a document."""
        told = {"form": FORM, **to_plain(replace(self, clauses=())), "clauses": self.clauses}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Rulebook":
        """Return the rulebook that a document holds.

        Raises
        ------
        InvalidInputError
            It is no rulebook.
        """
        try:
            told = json.loads(content)
            form, clauses = told.pop("form"), told.pop("clauses")
            if form != FORM:
                raise InvalidInputError(f"this rulebook is not of the form {FORM}; release it anew")
            read = from_plain(cls, {**told, "clauses": []})
            # a quarter of a million clauses: read by type one by one they would take seconds
            return replace(read, clauses=tuple(tuple(map(int, clause)) for clause in clauses))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvalidInputError(
                "this document is no rulebook; release the model anew"
            ) from error


@dataclass(frozen=True, eq=False)
class OpenRules:
    """A rulebook that is asked: whoever opens the same blobs again has the same one."""

    rulebook: Rulebook
    diagram: bytes

    @cached_property
    def choices(self) -> "Choices":
        """What choices leave; solvers are imported when they are first asked."""
        from treadle.engine.choices.asking import (  # noqa: PLC0415 - spares every start the solvers
            Choices,
            Compiled,
        )
        from treadle.engine.choices.diagram import Diagram  # noqa: PLC0415 - as above
        from treadle.engine.choices.reducing import reduce  # noqa: PLC0415 - as above

        formula = self.rulebook.formula()
        diagram = Diagram.from_bytes(self.diagram) if self.diagram else None
        return Choices(Compiled(formula, reduce(formula), diagram))

    @cached_property
    def explainer(self) -> "Explainer":
        """Why something cannot be, and what would have to go for it."""
        from treadle.engine.choices.explaining import (  # noqa: PLC0415 - spares every start the solvers
            Explainer,
        )

        return Explainer(self.rulebook.formula())


def open_rules(blobs: BlobStore, rulebook: str, diagram: str) -> OpenRules:
    """Return released rules, ready to be asked; the blobs' names come from `design.model_released`.

    Raises
    ------
    NotFoundError
        A blob is not kept.
    InvalidInputError
        The first blob is no rulebook.
    """
    return _opened(_Blobs(blobs), rulebook, diagram)


class _Blobs:
    """Blobs that are all alike to a cache: a blob's name tells its content, wherever it is kept."""

    def __init__(self, blobs: BlobStore) -> None:
        self.get = blobs.get

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Blobs)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=8)
def _opened(blobs: _Blobs, rulebook: str, diagram: str) -> OpenRules:
    content = blobs.get(diagram) if diagram else b""
    return OpenRules(Rulebook.from_bytes(blobs.get(rulebook)), content)
