"""A file while it is read: its attributes as numbers and words, and what is wrong with them."""

import math
from collections.abc import Iterator, Sequence

from treadle.proving.rules.node import Ledger, Node

LARGEST = 1e9
"""No number of a road network is larger; 1e308 is a mistake, not a place."""
SPEED_UNITS = {"m/s": 1.0, "km/h": 1 / 3.6, "mph": 0.44704, "kmh": 1 / 3.6}
"""[m/s] in each (OpenDRIVE 1.8, section 2.4.2)."""


class Source:
    """A file while it is read.

    Attributes
    ----------
    ledger
        What becomes of each element.
    nodes
        Where each thing that was read stands in the file.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.nodes: dict[object, Node] = {}
        self._errors_before = self.errors()

    def errors(self) -> int:
        """Return how many errors were found so far."""
        return sum(finding.level == "error" for finding in self.ledger.findings)

    @property
    def is_sound(self) -> bool:
        """Whether no error was found in this file so far."""
        return self.errors() == self._errors_before

    def text(self, node: Node, name: str, default: str | None = None) -> str:
        """Return an attribute; an error where it is missing and has no default."""
        self.ledger.read(node, name)
        value = node.attributes.get(name)
        if value is not None:
            return value.strip()
        if default is None:
            self.ledger.error(
                "opendrive.missing_attribute", f"<{node.tag}> has no {name}; give one", node
            )
            return ""
        return default

    def optional(self, node: Node, name: str) -> str | None:
        """Return an attribute, or None where it is not there or empty."""
        return self.text(node, name, "") or None

    def number(self, node: Node, name: str, default: float | None = None) -> float:
        """Return an attribute as a finite number; an error where it is none."""
        value = self.text(node, name, None if default is None else str(default))
        if not value:
            if name in node.attributes:
                self._no_number(node, name, value)
            return default or 0.0
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not abs(number) <= LARGEST:
            self._no_number(node, name, value)
            return default or 0.0
        return number

    def optional_number(self, node: Node, name: str) -> float | None:
        """Return an attribute as a finite number, or None where it is not there."""
        self.ledger.read(node, name)
        return self.number(node, name) if node.attributes.get(name) else None

    def integer(self, node: Node, name: str, default: int | None = None) -> int:
        """Return an attribute as a whole number; an error where it is none."""
        number = self.number(node, name, default)
        if number != round(number):
            self._no_number(node, name, node.attributes[name])
        return round(number)

    def word(self, node: Node, name: str, known: Sequence[str], default: str) -> str:
        """Return an attribute that is one of these words; a warning and the default otherwise."""
        value = self.text(node, name, default)
        if value in known:
            return value
        words = ", ".join(known)
        self.ledger.warning(
            "opendrive.unknown_word",
            f"{name}={value!r} of <{node.tag}> is none of {words}; it is read as {default}",
            node,
        )
        return default

    def is_true(self, node: Node, name: str) -> bool:
        """Return an attribute as yes or no; no where it is not there."""
        return self.text(node, name, "false").lower() in {"true", "1", "yes"}

    def speed_mps(self, node: Node) -> float:
        """Return max in its unit [m/s] (10.4.1, 11.8.2); NaN for `no limit` and `undefined`."""
        unit = self.text(node, "unit", "m/s") or "m/s"
        if node.attributes.get("max", "").strip() in {"no limit", "undefined"}:
            self.ledger.read(node, "max")
            return math.nan
        if unit not in SPEED_UNITS:
            self.ledger.warning(
                "opendrive.unknown_word", f"unit={unit!r} is no unit of speed; read as m/s", node
            )
        return self.number(node, "max") * SPEED_UNITS.get(unit, 1.0)

    def each(self, parent: Node | None, *tags: str) -> Iterator[Node]:
        """Yield the children of these names as executed."""
        if parent is None:
            return
        self.ledger.read(parent)
        for child in parent.children:
            if child.tag in tags:
                self.ledger.read(child)
                yield child

    def only(self, parent: Node, tag: str) -> Node | None:
        """Return the one child of a name as executed; a warning where there are more."""
        found = list(self.each(parent, tag))
        if len(found) > 1:
            text = f"<{parent.tag}> has {len(found)} <{tag}>; the first counts, remove the others"
            self.ledger.warning("opendrive.more_than_one", text, found[1])
            for more in found[1:]:
                self.ledger.not_supported(more, "a second one is against the standard")
        return found[0] if found else None

    def set_aside(self, parent: Node | None, reasons: dict[str, str]) -> None:
        """Note children that by nature move nothing, with the reason for each name."""
        for child in parent.children if parent is not None else ():
            if child.tag in reasons:
                self.ledger.without_effect(child, reasons[child.tag])

    def _no_number(self, node: Node, name: str, value: str) -> None:
        self.ledger.error(
            "opendrive.no_number",
            f"{name}={value!r} of <{node.tag}> is no number between -1e9 and 1e9 as is wanted here",
            node,
        )
