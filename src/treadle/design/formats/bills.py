"""A bill of material taken in, whatever its form, and released as a version."""

from datetime import datetime
from functools import partial
from typing import Literal

from treadle.design.formats import bom_csv, catena_x
from treadle.design.formats.open_bills import model_rules
from treadle.design.rules.bill_structure import condition, faults
from treadle.engine.choices.expression import names
from treadle.facts.design.material import Bill, BillReleased, bom_id
from treadle.kernel import Entry, Intake, InvalidInputError, RefusedError, Store, ThingId, to_us
from treadle.kernel.blob import BlobStore, blob_id
from treadle.kernel.event import WHEN_TAKEN

BillForm = Literal["csv", "catena-x"]
_SHOWN = 5


def read_bill(
    content: bytes,
    *,
    name: str,
    starts: datetime | None = None,
    ends: datetime | None = None,
    plants: tuple[str, ...] = (),
) -> tuple[Bill, BillForm, tuple[str, ...]]:
    """Return the bill that a file holds, what the file is, and remarks.

    Raises
    ------
    InvalidInputError
        It cannot be read, or its lines make no bill: the lines are named.
    """
    form: BillForm = (
        "catena-x" if content.lstrip()[:1] in (b"{", b"[") or content[:2] == b"PK" else "csv"
    )
    lines, remarks = (bom_csv if form == "csv" else catena_x).read(content)
    if not lines:
        raise InvalidInputError("this bill of material has no line")
    found = [f"{fault.place}: {fault.reason}" for fault in faults(lines)]
    if plants:
        found += [
            f"{line.place}: plant {plant} is none of {', '.join(plants)}"
            for line in lines
            for plant in line.plants
            if plant not in plants
        ]
    if found:
        more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise InvalidInputError("; ".join(found[:_SHOWN]) + more)
    if starts and ends and starts >= ends:
        raise InvalidInputError(
            f"cars are built from {starts:%Y-%m-%d} until {ends:%Y-%m-%d}: none"
        )
    return Bill(name=name, lines=lines, starts=starts, ends=ends, plants=plants), form, remarks


def take_bom(
    content: bytes,
    *,
    bill: str,
    version: str,
    model: str = "",
    reason: str = "",
    starts: datetime | None = None,
    ends: datetime | None = None,
    plants: tuple[str, ...] = (),
    at: datetime | None = None,
) -> Intake:
    """Release a version of a bill of material: a table in CSV, or Catena-X SingleLevelBomAsPlanned.

    It replaces the version before, and the changes that were made to that one.

    Parameters
    ----------
    bill
        What the line of cars is called.
    version
        As its engineers call it; a version is released once.
    model
        The feature model whose options the conditions name.
    reason
        Why it came.
    starts
        The first cars are built then; nothing is missed before.
    ends
        No cars are built from then on.
    plants
        Every plant that builds them; those that lines name where none is said.
    at
        When it was released; now where it is not said.

    Raises
    ------
    InvalidInputError
        It cannot be read, or its lines make no bill: an assembly is in itself, or in no car.
    RefusedError
        That version was released with other lines.
    """
    name = bill.removeprefix(bom_id("")).strip()
    if not name or not version.strip():
        raise InvalidInputError("a bill has a name and a version: --bill heddle-one --version 1")
    read, form, remarks = read_bill(content, name=name, starts=starts, ends=ends, plants=plants)
    document = read.to_bytes()
    fact = BillReleased(
        bill=name,
        version=version.strip(),
        model=model.removeprefix("urn:treadle:model:").strip(),
        source=blob_id(content),
        form=form,
        document=blob_id(document),
        lines=len(read.lines),
        reason=reason,
    )
    thing = bom_id(name)
    return Intake(
        n_in=1,
        n_facts=1,
        entries=(Entry.of(thing, fact, WHEN_TAKEN if at is None else to_us(at)),),
        remarks=(*remarks, f"{len(read.lines)} lines"),
        keeps=(document,),
        check=partial(_may_come, thing=thing, fact=fact, bill=read),
    )


def _may_come(
    store: Store, blobs: BlobStore, *, thing: ThingId, fact: BillReleased, bill: Bill
) -> None:
    """Refuse a version that was released otherwise, and conditions that the model cannot answer."""
    for event in store.history(thing):
        known = event.fact
        if (
            isinstance(known, BillReleased)
            and known.version == fact.version
            and known.document != fact.document
        ):
            raise RefusedError(
                f"version {fact.version} of {thing} was released on {event.happened:%Y-%m-%d} with "
                "other lines; give this one a version of its own"
            )
    if not fact.model:
        return
    rules = model_rules(store, blobs, fact.model)
    if rules is None:
        return  # it may come before its model; `check-bom` and `resolve` say so until that is there
    found = [
        f"{line.place}: {what} names {name!r}"
        for line in bill.lines
        for what, text in (("condition", line.condition), ("needed", line.needed))
        for name in sorted(names(condition(text)) - rules.rulebook.number.keys())
    ]
    if found:
        more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise InvalidInputError(
            f"{'; '.join(found[:_SHOWN])}{more}: no option of the model {fact.model}; correct the "
            "names, or release a version of the model that has them"
        )
