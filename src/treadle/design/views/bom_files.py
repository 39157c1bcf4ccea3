"""A bill of material as a file."""

from datetime import datetime
from typing import Literal

from treadle.design.formats import bom_csv, catena_x
from treadle.design.formats.open_bills import OpenBill, open_bill
from treadle.kernel import Document, InvalidInputError, Store, ThingId
from treadle.kernel.blob import BlobStore


def export_bom(
    store: Store,
    *,
    blobs: BlobStore,
    thing: ThingId,
    form: Literal["csv", "catena-x"] = "csv",
    version: str = "",
    assembly: str | None = None,
    supplier: str = "",
) -> Document:
    """Return a bill of material as a file: CSV, which loses nothing, or Catena-X documents.

    The lines are those of the version as it was released; its changes are facts of their own.

    Parameters
    ----------
    thing
        The bill.
    form
        csv, or catena-x: SingleLevelBomAsPlanned 4.0.0, which has no options, plants and titles.
    version
        The one that stands where none is said.
    assembly
        Of Catena-X only the document of this part number; '' is the car; a ZIP of all otherwise.
    supplier
        The BPNL of parts whose line names no supplier.

    Raises
    ------
    NotFoundError
        No such bill or version.
    InvalidInputError
        A part has no supplier, or the assembly nothing in it.
    """
    opened = open_bill(store, blobs, thing, version=version)
    lines = opened.effective.bill.lines
    name = f"{opened.released.bill}-{opened.released.version}"
    if form == "csv":
        return Document(content=bom_csv.write(lines), media_type="text/csv", filename=f"{name}.csv")
    found = catena_x.documents(
        lines,
        bill=opened.released.bill,
        created=released_at(store, opened),
        supplier=supplier,
    )
    if assembly is None:
        return Document(
            content=catena_x.archive(found), media_type="application/zip", filename=f"{name}.zip"
        )
    if assembly not in found:
        raise InvalidInputError(f"nothing is in {assembly or 'the car'}; give an assembly")
    return Document(
        content=catena_x.written(found[assembly]),
        media_type="application/json",
        filename=f"{assembly or name}.json",
    )


def released_at(store: Store, opened: OpenBill) -> datetime:
    """Return when a version came."""
    return next(e.happened for e in store.history(opened.thing) if e.fact == opened.released)
