"""What a file says, element by element, and a ledger of what became of each element.

Nothing is dropped in silence: an element or an attribute that no reader asked for is told as not
supported. So whoever turns elements into roads or scenarios asks for all that it understands, says
`without_effect` of what by its nature moves nothing, and needs no list of what is missing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from treadle.kernel import InvalidInputError

Outcome = Literal["executed", "no effect", "not supported"]


@dataclass(slots=True, eq=False)
class Node:
    """An element as it stands in its file.

    Attributes
    ----------
    tag
        Without namespace.
    attributes
        As written, nothing replaced.
    line
        Where its start tag opens, from 1.
    """

    tag: str
    attributes: dict[str, str]
    file: str
    line: int
    children: list["Node"] = field(default_factory=list)
    text: str = ""

    @property
    def place(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"

    def child(self, *tags: str) -> "Node | None":
        """Return the first child of any of these names."""
        return next((c for c in self.children if c.tag in tags), None)

    def all(self, *tags: str) -> list["Node"]:
        """Return the children of these names, in the file's order."""
        return [c for c in self.children if c.tag in tags]

    def walk(self) -> Iterator["Node"]:
        """Yield this element and all below it, in the file's order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong or doubtful in a file.

    Attributes
    ----------
    level
        `error`: it cannot run as written; `warning`: it runs, and this is what was assumed.
    rule
        A short stable name of what it breaks, as `schema.missing_attribute`.
    """

    level: Literal["error", "warning"]
    rule: str
    text: str
    file: str
    line: int

    @property
    def place(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What became of one element: a line of the coverage manifest.

    Attributes
    ----------
    outcome
        `executed`; `no effect` by its nature; `not supported`.
    may_change
        It can change motion or triggers: a run that leaves it out is INCONCLUSIVE.
    reason
        Why it has no effect or is not supported; of what is executed, which attributes of it are
        only names or looks, and whose words it is in where they are not the standard's.
    """

    tag: str
    file: str
    line: int
    outcome: Outcome
    may_change: bool
    reason: str


def refuse_errors(findings: Iterable[Finding]) -> None:
    """Raise the first error of some findings, and say how many more there are.

    Raises
    ------
    InvalidInputError
        There is one.
    """
    errors = [finding for finding in findings if finding.level == "error"]
    if errors:
        more = f" (and {len(errors) - 1} more; `treadle proving check` lists them)"
        text = f"{errors[0].place}: {errors[0].text}{more if len(errors) > 1 else ''}"
        raise InvalidInputError(text)


class Ledger:
    """What became of each element of the files that were read."""

    def __init__(self) -> None:
        self._executed: dict[Node, set[str]] = {}
        self._set_aside: dict[Node, tuple[Outcome, bool, str]] = {}
        self._remarks: dict[Node, dict[str, None]] = {}
        self._by_models: dict[Node, tuple[Outcome, bool, str]] = {}
        self.findings: list[Finding] = []
        self._found: set[Finding] = set()
        self._lines: dict[tuple[tuple[Node, ...], bool], list[Line]] = {}

    def read(self, node: Node, attribute: str | None = None) -> None:
        """Note that an element was executed, or that this attribute of it was."""
        self._lines.clear()
        read = self._executed.setdefault(node, set())
        if attribute is not None:
            read.add(attribute)

    def noted(self, node: Node, reason: str, *attributes: str) -> None:
        """Note that these attributes of an element, as far as it has them, move nothing by nature.

        The element itself is executed.
        """
        self._lines.clear()
        there = [name for name in attributes if name in node.attributes]
        self._executed.setdefault(node, set()).update(there)
        if there:
            self._remarks.setdefault(node, {})[f"{', '.join(there)}: {reason}"] = None

    def remark(self, node: Node, reason: str) -> None:
        """Note what is to be said of an element that is executed."""
        self._lines.clear()
        self._executed.setdefault(node, set())
        self._remarks.setdefault(node, {})[reason] = None

    def without_effect(self, node: Node, reason: str) -> None:
        """Note that an element and all below it move nothing and trigger nothing, by nature."""
        self._lines.clear()
        for below in node.walk():
            self._set_aside.setdefault(below, ("no effect", False, reason))

    def not_supported(self, node: Node, reason: str, *, may_change: bool = True) -> None:
        """Note that an element and all below it are left out."""
        self._lines.clear()
        for below in node.walk():
            self._set_aside[below] = ("not supported", may_change, reason)

    def left_to_models(self, node: Node, reason: str, *, may_change: bool = True) -> None:
        """Note that models execute an element and all below it, and the default motion does not.

        Their attributes have to be read as those of any other are.
        """
        self._lines.clear()
        outcome: Outcome = "not supported" if may_change else "no effect"
        for below in node.walk():
            self._by_models[below] = (outcome, may_change, reason)

    def knows(self, node: Node) -> bool:
        """Return whether anything was noted of an element."""
        return node in self._executed or node in self._set_aside

    def error(self, rule: str, text: str, node: Node) -> None:
        """Note something that cannot run as written."""
        self._find("error", rule, text, node)

    def warning(self, rule: str, text: str, node: Node) -> None:
        """Note something doubtful, and what was assumed."""
        self._find("warning", rule, text, node)

    def _find(self, level: Literal["error", "warning"], rule: str, text: str, node: Node) -> None:
        finding = Finding(level=level, rule=rule, text=text, file=node.file, line=node.line)
        if finding not in self._found:  # a group of variants finds what the one before found
            self._found.add(finding)
            self.findings.append(finding)

    def lines(self, *roots: Node, modelled: bool = False) -> list[Line]:
        """Return the manifest of these elements and all below them, in the files' order.

        It is made once, until something else is noted: that of a large road network is long.

        Parameters
        ----------
        modelled
            Vehicles move by a model, not by the default motion.
        """
        key = roots, modelled
        if key not in self._lines:
            nodes = (node for root in roots for node in root.walk())
            self._lines[key] = [self._line(node, modelled=modelled) for node in nodes]
        return [*self._lines[key]]

    def _line(self, node: Node, *, modelled: bool) -> Line:
        outcome, may_change, reason = self._outcome(node, modelled=modelled)
        return Line(
            tag=node.tag,
            file=node.file,
            line=node.line,
            outcome=outcome,
            may_change=may_change,
            reason=reason,
        )

    def _outcome(self, node: Node, *, modelled: bool) -> tuple[Outcome, bool, str]:
        if node in self._set_aside:
            return self._set_aside[node]
        if node in self._by_models and not modelled:
            return self._by_models[node]
        if node not in self._executed:
            return "not supported", True, "nothing in Treadle reads this element"
        if unread := sorted(set(node.attributes) - self._executed[node]):
            words = ", ".join(unread)
            return "not supported", True, f"nothing in Treadle reads its {words}"
        return "executed", False, "; ".join(self._remarks.get(node, ()))
