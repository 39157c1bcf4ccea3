"""Catena-X SingleLevelBomAsPlanned 4.0.0: one document an assembly, with all parts it may have.

io.catenax.single_level_bom_as_planned:4.0.0 (Tractus-X semantic models, CC-BY-4.0): parent and
children are UUIDs; a child has a quantity, its supplier's BPNL, the moment it was planned, and a
period. There is no word in it for a position, an option, a plant, a title or a priority: what goes
out says less than the bill, and what comes in makes each child a position of its own.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from treadle.facts.design.material import CAR, Line
from treadle.kernel import InvalidInputError

ASPECT = "urn:samm:io.catenax.single_level_bom_as_planned:4.0.0#SingleLevelBomAsPlanned"
_UUID = re.compile(r"(urn:uuid:)?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_BPNL = re.compile(r"BPNL[a-zA-Z0-9]{12}")
_DOCUMENT = frozenset(("globalAssetId", "childItems"))
_CHILD = frozenset(
    ("globalAssetId", "quantity", "createdOn", "lastModifiedOn", "businessPartner")
) | {"validityPeriod"}
_LARGEST = 1 << 28  # bytes of an unpacked archive
_STEP = 10  # between the positions of children that come without one


def asset_of(part: str, given: str = "", bill: str = "") -> str:
    """Return the UUID of a part: its own, else one that follows from its number, ever the same."""
    if given:
        return given
    if _UUID.fullmatch(part):
        return part
    name = f"urn:treadle:bom:{bill}" if part == CAR else f"urn:treadle:part:{part}"
    return f"urn:uuid:{uuid5(NAMESPACE_URL, name)}"


def documents(
    lines: Sequence[Line], *, bill: str, created: datetime, supplier: str = ""
) -> dict[str, dict[str, Any]]:
    """Return a document of each assembly, by its part number.

    Parameters
    ----------
    created
        When a line was planned that does not say so.
    supplier
        The BPNL of parts whose line names none: the car maker's own.

    Raises
    ------
    InvalidInputError
        A part has no supplier, or one that is no BPNL.
    """
    assets = {line.part: line.asset for line in lines if line.asset}
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        partner = line.supplier or supplier
        if not _BPNL.fullmatch(partner):
            raise InvalidInputError(
                f"{line.told} names no supplier by BPNL ({partner or 'none'}); Catena-X wants one: "
                "fill the column supplier, or say whose all others are: --supplier BPNL..."
            )
        document = found.setdefault(
            line.assembly,
            {
                "globalAssetId": asset_of(line.assembly, assets.get(line.assembly, ""), bill),
                "childItems": [],
            },
        )
        child = _child(line, asset_of(line.part, line.asset), partner, created)
        if child not in document["childItems"]:  # variants of other options are one child here
            document["childItems"].append(child)
    return found


def _child(line: Line, asset: str, partner: str, created: datetime) -> dict[str, Any]:
    child: dict[str, Any] = {
        "globalAssetId": asset,
        "quantity": {"value": line.quantity, "unit": f"unit:{line.unit}"},
        "createdOn": _timestamp(line.created or created),
        "businessPartner": partner,
    }
    if line.modified:
        child["lastModifiedOn"] = _timestamp(line.modified)
    period = {"validFrom": line.since, "validTo": line.until}
    if told := {name: _timestamp(at) for name, at in period.items() if at}:
        child["validityPeriod"] = told
    return child


def _timestamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def archive(found: dict[str, dict[str, Any]]) -> bytes:
    """Return documents as one ZIP, the same bytes for the same documents."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, document in enumerate(found.values()):
            asset = str(document["globalAssetId"]).removeprefix("urn:uuid:")
            entry = zipfile.ZipInfo(f"{number:05d}-{asset}.json", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, written(document))
    return content.getvalue()


def written(document: dict[str, Any]) -> bytes:
    """Return one document as JSON."""
    return json.dumps(document, indent=2, ensure_ascii=False).encode()


def read(content: bytes) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Return the lines that documents say, and remarks about what has no place in a bill.

    One document, an array of them, or a ZIP. The one parent that is nobody's child is the car;
    where several are, each is a position of the car.

    Raises
    ------
    InvalidInputError
        One of them is no SingleLevelBomAsPlanned; with its place.
    """
    remarks: list[str] = []
    parents: dict[str, list[dict[str, Any]]] = {}
    for place, document in _documents(content):
        parent, children = _checked(document, place)
        if extra := sorted(set(document) - _DOCUMENT):
            remarks.append(f"{place}: {', '.join(extra)} has no place in a bill; it was left out")
        if parent in parents:
            raise InvalidInputError(f"{place}: two documents are about {parent}; give one of them")
        parents[parent] = children
        remarks += [
            f"{place}/childItems/{n}: {', '.join(left)} has no place in a bill; it was left out"
            for n, child in enumerate(children)
            if (left := sorted(set(child) - _CHILD))
        ]
    children_of_any = {_uuid(child) for items in parents.values() for child in items}
    tops = [parent for parent in parents if parent not in children_of_any]
    if len(tops) > 1:
        remarks.append(f"{len(tops)} assemblies are in no other; each is a position of the car")
    lines = [
        Line(position=str(_STEP * (n + 1)), variant="1", part=top, asset=top, place=top)
        for n, top in enumerate(tops)
        if len(tops) > 1
    ]
    for parent, children in parents.items():
        assembly = CAR if tops == [parent] else parent
        lines += [_line(assembly, n, child) for n, child in enumerate(children)]
    return tuple(lines), tuple(remarks)


def _documents(content: bytes) -> Iterator[tuple[str, Any]]:
    """Yield each document with its place."""
    if not content.startswith(b"PK"):
        told = _json(content, "the document")
        many = told if isinstance(told, list) else [told]
        for number, document in enumerate(many):
            yield f"document {number + 1}", document
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = [e for e in packed.infolist() if e.filename.endswith(".json")]
            if sum(entry.file_size for entry in entries) > _LARGEST:
                raise InvalidInputError(
                    "this archive unpacks to more than 256 MB; cut it in several"
                )
            for entry in entries:
                yield entry.filename, _json(packed.read(entry), entry.filename)
    except zipfile.BadZipFile as error:
        raise InvalidInputError(f"this archive cannot be unpacked: {error}") from error


def _json(content: bytes, place: str) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"{place} is no JSON: {error}") from error


def _checked(document: Any, place: str) -> tuple[str, list[dict[str, Any]]]:
    """Return parent and children; refuse what the schema does."""
    if not isinstance(document, dict) or not set(document) >= _DOCUMENT:
        raise InvalidInputError(
            f"{place} is no SingleLevelBomAsPlanned: it has globalAssetId and childItems"
        )
    children = document["childItems"]
    if not isinstance(children, list):
        raise InvalidInputError(f"{place}/childItems is no list")
    for number, child in enumerate(children):
        where = f"{place}/childItems/{number}"
        if not isinstance(child, dict):
            raise InvalidInputError(f"{where} is no child item")
        for name, pattern in (("globalAssetId", _UUID), ("businessPartner", _BPNL)):
            if not (isinstance(child.get(name), str) and pattern.fullmatch(child[name])):
                raise InvalidInputError(f"{where}/{name} is {child.get(name)!r}")
        quantity = child.get("quantity")
        value = quantity.get("value") if isinstance(quantity, dict) else None
        unit = quantity.get("unit") if isinstance(quantity, dict) else None
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not isinstance(unit, str)
        ):
            raise InvalidInputError(f"{where}/quantity is {quantity!r}; it has a value and a unit")
        if "createdOn" not in child:
            raise InvalidInputError(f"{where}/createdOn is missing")
    parent = document["globalAssetId"]
    if not (isinstance(parent, str) and _UUID.fullmatch(parent)):
        raise InvalidInputError(f"{place}/globalAssetId is {parent!r}, which is no UUID")
    return _bare(parent), children


def _bare(uuid: str) -> str:
    """Return a UUID in the one spelling by which parts are compared."""
    return "urn:uuid:" + uuid.removeprefix("urn:uuid:").lower()


def _uuid(child: dict[str, Any]) -> str:
    return _bare(str(child["globalAssetId"]))


def _line(assembly: str, number: int, child: dict[str, Any]) -> Line:
    place = f"{assembly or 'the car'}/childItems/{number}"
    period = child.get("validityPeriod") or {}
    if not isinstance(period, dict):
        raise InvalidInputError(f"{place}/validityPeriod is {period!r}")
    return Line(
        assembly=assembly,
        position=str(_STEP * (number + 1)),
        variant="1",
        part=_uuid(child),
        asset=_uuid(child),
        quantity=float(child["quantity"]["value"]),
        unit=str(child["quantity"]["unit"]).removeprefix("unit:"),
        since=_moment(period.get("validFrom"), place),
        until=_moment(period.get("validTo"), place),
        supplier=str(child["businessPartner"]),
        created=_moment(child["createdOn"], place),
        modified=_moment(child.get("lastModifiedOn"), place),
        place=place,
    )


def _moment(told: Any, place: str) -> datetime | None:
    """Return a timestamp; one without a zone is UTC, as 24:00 is the next day's first instant."""
    if told is None:
        return None
    try:
        at = datetime.fromisoformat(told)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"{place}: {told!r} is no timestamp") from error
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
