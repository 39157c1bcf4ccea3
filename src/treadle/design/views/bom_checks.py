"""What one may ask of a bill of material: whether each car gets every part, and never two."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from treadle.design.formats.open_bills import OpenBill, open_bill
from treadle.kernel import Store, ThingId
from treadle.kernel.blob import BlobStore

if TYPE_CHECKING:
    from treadle.design.rules.bill_checks import BillCheck, Finding

_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BomFinding:
    """Something that is wrong with a bill.

    Attributes
    ----------
    sort
        unknown option: a condition names what the model does not have; no part: a needed position
        is empty in some car; two parts: some car has two at one position; in no car: a line that no
        car has; change for no car: its effectivity fits none.
    lines
        The lines concerned: assembly/position/variant.
    changes
        The changes that these lines come from or end by.
    cars
        How many cars it is, of those built at that time and place, as digits; empty where it is
        not known.
    since, until
        Such a car is built in [since, until).
    first_serial, last_serial
        Such a car has a production number from the one to the other.
    example
        The options of such a car; there is none with fewer.
    """

    sort: str
    assembly: str
    position: str
    text: str
    cars: str
    since: datetime | None
    until: datetime | None
    plant: str
    first_serial: int | None
    last_serial: int | None
    vin: str
    lines: tuple[str, ...]
    changes: tuple[str, ...]
    example: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BomCheck:
    """What is wrong with a bill.

    Attributes
    ----------
    n_positions
        Positions looked at.
    n_lines
        Lines looked at.
    cars
        The cars that the model allows, as digits; empty where it is not known.
    not_known
        What could not be taken into account.
    findings
        As many as were asked for.
    n_more
        Findings beyond those at least; ask for more to see them.
    """

    bill: str
    version: str
    n_positions: int
    n_lines: int
    cars: str
    not_known: tuple[str, ...]
    n_more: int
    findings: tuple[BomFinding, ...]


def check_bom(
    store: Store,
    *,
    blobs: BlobStore,
    thing: ThingId,
    version: str = "",
    also: tuple[str, ...] = (),
    most: int = _MOST,
) -> BomCheck:
    """Return where a car lacks a needed part, has two at one position, or can never have one.

    Every car that the model allows, at every date, in every plant, with every change that counts;
    each finding with the car that has the fewest options and with how many cars it is.

    Parameters
    ----------
    thing
        The bill.
    version
        The one that stands where none is said.
    also
        Changes that count as if they were effective.
    most
        Findings to show at most.

    Raises
    ------
    NotFoundError
        No such bill, version or change.
    """
    opened = open_bill(store, blobs, thing, version=version, also=also)
    check = checked(opened)
    found = check.all()
    shown = tuple(_row(opened, finding) for finding in islice(found, max(0, most)))
    total = check.choices.after(()).count if check.choices else None
    not_known: list[str] = []
    if opened.rules is None:
        not_known.append(
            f"the rules: model {opened.released.model} was not released"
            if opened.released.model
            else "the rules: the bill names no model; every option is free"
        )
    return BomCheck(
        bill=opened.released.bill,
        version=opened.released.version,
        n_positions=len(opened.effective.slots),
        n_lines=len(opened.effective.lines),
        cars="" if total is None else str(total),
        not_known=tuple(not_known),
        n_more=int(next(found, None) is not None),
        findings=shown,
    )


def checked(opened: OpenBill) -> "BillCheck":
    """Return a bill as it is checked against its model."""
    from treadle.design.rules.bill_checks import BillCheck  # noqa: PLC0415 - solvers, only to check

    rules = opened.rules
    if rules is None:
        return BillCheck(opened.effective, None)
    return BillCheck(opened.effective, rules.rulebook, rules.choices)


def _row(opened: OpenBill, finding: "Finding") -> BomFinding:
    case = finding.case
    return BomFinding(
        sort=finding.sort,
        assembly=finding.assembly,
        position=finding.position,
        text=finding.text,
        cars="" if finding.cars is None else str(finding.cars),
        since=case.since if case else None,
        until=case.until if case else None,
        plant=case.plant if case else "",
        first_serial=case.first_serial if case else None,
        last_serial=case.last_serial if case else None,
        vin=case.vin if case else "",
        lines=tuple(opened.effective.plain[place].key for place in finding.lines),
        changes=finding.changes,
        example=finding.example,
    )
