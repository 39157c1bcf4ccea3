"""The bill of material of a line of cars: every part that some car has, and which cars have it.

A plain document, kept as a blob, as the rulebook is: who has the blob can resolve it without
design. That a version of it was released is a fact on the bill's thread.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from treadle.facts.design.models import model_id
from treadle.kernel import Fact, InvalidInputError, ThingId, named
from treadle.kernel.plain import from_plain, to_plain

BOM_PREFIX = "urn:treadle:bom:"
FORM = "treadle.bom.1"
CAR = ""
"""The assembly that is the whole car."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One part that may stand at a position of an assembly.

    A car has at most one part at a position: of the lines that hold for it, the one whose priority
    is the lowest number.

    Attributes
    ----------
    assembly
        Part number of the assembly that the position belongs to; empty where it is the car itself.
    position
        The place in that assembly.
    variant
        Which of the lines of its position it is.
    quantity, unit
        How much of it one assembly has.
    condition
        Over the options of the rulebook (engine/choices/expression.py); empty always holds.
    since, until
        Cars built in [since, until), UTC; None is without a bound.
    plants
        Where it is built in; everywhere where none is said.
    priority
        Of alternates that hold at once the lowest number is taken.
    needed
        When the position must be filled, as a condition; empty where it may stay open.
    supplier
        Its business partner number (BPNL).
    gtin
        By which the trace knows its serials and lots.
    asset
        Its UUID in a data space.
    created, modified
        When the line came, and when it was changed last.
    more
        Further columns, kept as they came.
    place
        Where it stands in its file.
    """

    assembly: str = CAR
    position: str
    variant: str
    part: str
    title: str = ""
    quantity: float = 1.0
    unit: str = "piece"
    condition: str = ""
    since: datetime | None = None
    until: datetime | None = None
    plants: tuple[str, ...] = ()
    priority: int = 1
    needed: str = ""
    supplier: str = ""
    gtin: str = ""
    asset: str = ""
    created: datetime | None = None
    modified: datetime | None = None
    more: tuple[tuple[str, str], ...] = ()
    place: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        """What tells it from all lines of its bill: assembly/position/variant."""
        return f"{self.assembly}/{self.position}/{self.variant}"

    @property
    def slot(self) -> tuple[str, str]:
        """The position that it may fill."""
        return self.assembly, self.position

    @property
    def told(self) -> str:
        """How a finding names it: what it is and where it stands."""
        return f"{self.key} ({self.place})" if self.place else self.key


@dataclass(frozen=True, kw_only=True)
class Bill:
    """All lines of a line of cars.

    Attributes
    ----------
    starts, ends
        Cars of it are built in [starts, ends); None is without a bound.
    plants
        Where they are built; empty where the lines name no other plants than all.
    """

    name: str
    lines: tuple[Line, ...]
    starts: datetime | None = None
    ends: datetime | None = None
    plants: tuple[str, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, Line]:
        """Each line by what tells it from the others."""
        return {line.key: line for line in self.lines}

    @cached_property
    def slots(self) -> dict[tuple[str, str], list[Line]]:
        """The lines of each position, in their order."""
        found: dict[tuple[str, str], list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.slot, []).append(line)
        return found

    def to_bytes(self) -> bytes:
        """Return the bill as a document; fields that say nothing are left out."""
        told = {"form": FORM, **to_plain(self)}
        told["lines"] = [
            {k: v for k, v in row.items() if v or k in _ALWAYS} for row in told["lines"]
        ]
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Bill":
        """Return the bill that a document holds.

        Raises
        ------
        InvalidInputError
            It is no bill of material.
        """
        try:
            told = json.loads(content)
            if told.pop("form") != FORM:
                raise InvalidInputError(f"this bill is not of the form {FORM}; take it in anew")
            return from_plain(cls, told)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvalidInputError("this is no bill of material; take it in anew") from error


_ALWAYS = ("position", "variant", "part", "quantity", "priority")


@named("design.bill_released")
@dataclass(frozen=True, kw_only=True)
class BillReleased(Fact):
    """A version of a bill of material was released: it replaces the one before and its changes.

    Attributes
    ----------
    model
        The feature model whose options its conditions name; empty where nobody said.
    source, form
        The blob of the file that it was read from, and what that is: csv, catena-x.
    document
        The blob of the bill (`Bill`).
    lines
        How many it has.
    """

    bill: str
    version: str
    model: str
    source: str
    form: str
    document: str
    lines: int
    reason: str = ""

    def identity(self) -> str | None:
        """Return what makes a release the same: bill, version, lines."""
        return f"design.bill:{self.bill}:{self.version}:{self.model}:{self.document}"

    def mentions(self) -> Iterable[ThingId]:
        """Return the feature model."""
        return (model_id(self.model),) if self.model else ()


def bom_id(text: str) -> ThingId:
    """Return a bill's thing, by its name or its URI."""
    return ThingId(text if text.startswith(BOM_PREFIX) else BOM_PREFIX + text)
