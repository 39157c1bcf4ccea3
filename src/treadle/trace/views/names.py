"""What people call things: names that master data gives part numbers, places and companies.

EPCIS documents carry names in two standard ways: master data in the header (EPCIS 2.0 section
10.2), and instance or lot master data in an event (`ilmd`, CBV 2.0 section 9). Both are about a
part number, not one part, so one name serves all its serials and lots.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from treadle.facts.trace import (
    DOCUMENT_PREFIX,
    TRANSFORMATION_PREFIX,
    DocumentCaptured,
    Observed,
)
from treadle.kernel import Event, Name, Projection, Row, Store
from treadle.trace.rules.identifiers import canonical, kind
from treadle.trace.rules.vin import VIN_PREFIX

_NAMED_BY = ("descriptionShort", "name", "partName", "productName", "model")
"""Local names of attributes that hold a name, the best first; CBV's own are the first two."""
_MODEL = 8  # characters of a VIN that say maker and model (ISO 3779: WMI, then VDS)
_SHORT = 20
_GTIN = "https://id.gs1.org/01/"


def _local(name: str) -> str:
    return max((name.rpartition(mark)[2] for mark in "#:/"), key=lambda part: -len(part))


def _group(thing: str) -> str:
    """Return what one name stands for: the part number, the car's model, or the thing itself."""
    if thing.startswith(VIN_PREFIX):
        return thing[: len(VIN_PREFIX) + _MODEL]
    known = canonical(thing)
    if known.startswith(_GTIN):
        return _GTIN + known.removeprefix(_GTIN).partition("/")[0]
    return known


def _best(told: Mapping[str, Any]) -> str | None:
    names = {_local(key): value for key, value in told.items() if isinstance(value, str)}
    return next((names[wanted] for wanted in _NAMED_BY if names.get(wanted)), None)


def _rows(event: Event) -> Iterator[Row]:
    match event.fact:
        case DocumentCaptured(header=header):
            master = json.loads(header).get("epcisHeader", {}).get("epcisMasterData", {})
            for vocabulary in master.get("vocabularyList", ()):
                for element in vocabulary.get("vocabularyElementList", ()):
                    told = {a["id"]: a.get("attribute") for a in element.get("attributes", ())}
                    if name := _best(told):
                        yield {"thing": _group(element["id"]), "name": name}
        case Observed(fields=fields) if "ilmd" in fields:
            if name := _best(fields["ilmd"]):
                serials = fields.get("epcList", ())
                lots = [q["epcClass"] for q in fields.get("quantityList", ())]
                for group in dict.fromkeys(map(_group, (*serials, *lots))):
                    yield {"thing": group, "name": name}
        case _:
            pass


NAMES = Projection(
    name="trace_name",
    columns={"thing": "text", "name": "text"},
    key=("thing",),
    facts=(DocumentCaptured.stored_as, Observed.stored_as),
    rows=_rows,
)
"""One row a part number, model, place or company; the last name told counts."""

_MANY_OF_A_NAME = ("Car", "Part", "Lot")

_SORTS = {
    "serial": "Part",
    "lot": "Lot",
    "class": "Part number",
    "location": "Place",
    "party": "Company",
    "document": "Paper",
    "logistic unit": "Pallet",
}


def names(store: Store) -> Callable[[str], Name | None]:
    """Return what says how people call a thing, by the names that the store knows now."""
    told = {row["thing"]: row["name"] for row in store.rows(NAMES)}

    def name(thing: str) -> Name | None:
        sort, number = _sort(thing)
        if not sort:
            return None
        title = told.get(_group(thing), "")
        return Name(
            thing=thing, sort=sort, number=number, title=title, is_own=sort not in _MANY_OF_A_NAME
        )

    return name


def labels(store: Store) -> Callable[[str], str]:
    """Return what gives a thing's name in one line; its identifier where nobody knows it."""
    name = names(store)

    def label(thing: str) -> str:
        known = name(thing)
        return known.full if known else thing

    return label


def _sort(thing: str) -> tuple[str, str]:
    if thing.startswith(VIN_PREFIX):
        return "Car", thing.removeprefix(VIN_PREFIX)
    if thing.startswith(DOCUMENT_PREFIX):
        return "Document", thing.removeprefix(DOCUMENT_PREFIX)[:8]
    if thing.startswith(TRANSFORMATION_PREFIX):
        return "Process", thing.removeprefix(TRANSFORMATION_PREFIX)[:8]
    sort = _SORTS.get(kind(thing), "")
    return sort, _number(thing) if sort else ""


def _number(thing: str) -> str:
    """Return the last step of an identifier, which tells it from others of its sort."""
    number = thing.rstrip("/").rpartition("/")[2].rpartition(":")[2]
    if thing.startswith("urn:epc:"):
        own = number.split(".")
        # A location's extension is 0 where it has none, a part number's serial is any (*).
        number = own[-2] if len(own) > 2 and own[-1] in ("0", "*") else own[-1]  # noqa: PLR2004
    return number if len(number) <= _SHORT else f"…{number[-_SHORT:]}"
