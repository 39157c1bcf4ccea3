"""What people call things: a sort, a short number, and a part's name where its maker told one."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from treadle.app import App
from treadle.kernel import ThingId
from treadle.web.words import middle, tail

_SORTS = {
    "VIN": "Car", "SGTIN": "Part", "UPUI": "Part", "CPI": "Part", "GIAI": "Part", "GRAI": "Crate",
    "LGTIN": "Lot", "GTIN": "Part number", "SGLN": "Place", "GLN": "Place", "PGLN": "Company",
    "SSCC": "Pallet", "GDTI": "Document", "ITIP": "Part", "GSRN": "Company",
}  # fmt: skip
"""The first word of a label, in GS1's letters, as people say it."""
_NAMED_BY = ("descriptionShort", "partName", "productName", "regulatedProductName", "name", "model")
_TAIL = 12
_REMEMBERED = 20_000

CAR_PREFIX = "urn:treadle:vin:"


@dataclass(frozen=True, slots=True)
class Name:
    """What a page calls a thing.

    Attributes
    ----------
    sort
        Car, Part, Lot, Place, ...; empty where nobody can tell.
    number
        The short text that tells it from others of its sort.
    title
        What its maker calls the part, the lot or the car's model; empty where nobody told.
    """

    thing: str
    sort: str
    number: str
    title: str = ""

    @property
    def short(self) -> str:
        """`Part W-0412`, `Car U9H...`: sort and number."""
        return f"{self.sort} {self.number}".strip()

    @property
    def full(self) -> str:
        """`Battery pack W-0412`: the maker's word where there is one, else the sort."""
        return f"{capital(self.title) or self.sort} {self.number}".strip()


def capital(text: str) -> str:
    """Return a text with its first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def group_of(thing: str) -> str:
    """Return what all serials or lots of one part number have in common: all but the last step."""
    cut = max(thing.rfind(c) for c in "./:")
    return thing[: cut + 1] if cut > 0 else thing


class Names:
    """Names of things, remembered by part number so that a tree asks once for all equal parts."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._titles: dict[str, str] = {}
        self._lock = Lock()

    def of(self, thing: str, *, titled: bool = True) -> Name:
        """Return a thing's name; `titled` also looks for what its maker calls it."""
        sort, number = self._sorted(thing)
        wanted = titled and sort in ("Part", "Lot", "Car", "Place")
        return Name(thing, sort, number, self._title(thing) if wanted else "")

    def _sorted(self, thing: str) -> tuple[str, str]:
        if thing.startswith(CAR_PREFIX):
            return "Car", thing.removeprefix(CAR_PREFIX)
        label = self._app.label(thing)
        first, _, rest = label.partition(" ")
        if rest and first in _SORTS:
            return _SORTS[first], _number(thing, rest)
        if thing.startswith("urn:treadle:document:"):
            return "Document", f"…{tail(thing)[-8:]}"
        if thing.startswith("urn:treadle:transformation:"):
            return "Step", f"…{tail(thing)[-8:]}"
        return "", middle(label if label != thing else tail(thing), 34)

    def _title(self, thing: str) -> str:
        group = group_of(thing)
        known = self._titles.get(group)
        if known is not None:
            return known
        title = next(self._told(thing), "")
        if title:
            with self._lock:
                if len(self._titles) >= _REMEMBERED:
                    self._titles.clear()
                self._titles[group] = title
        return title

    def _told(self, thing: str) -> Iterator[str]:
        """Yield the names that a thing's first facts give it: its own, else those that name it."""
        store = self._app.store
        for event in store.history(ThingId(thing))[:3]:
            yield from titles_in(event.body)
        if self._sorted(thing)[0] == "Part":  # a part has a short thread, a lot may not
            for event in store.thread(ThingId(thing))[:3]:
                yield from titles_in(event.body)


def _number(thing: str, rest: str) -> str:
    """Return the last step of an identifier, whole where it is short; `rest` is the label's."""
    own = tail(thing)
    if thing.startswith("urn:epc:"):
        own = own.rpartition(".")[2]
    if "lgln" in thing or "sgln" in thing or "pgln" in thing:
        parts = tail(thing).split(".")
        own = ".".join(parts[1:]).removesuffix(".0") or own
    return middle(own, 20) if own else rest.lstrip("…")[-_TAIL:]


def titles_in(body: str) -> Iterator[str]:
    """Yield the names that a happening's master data (ilmd) gives what it is about."""
    if '"ilmd"' not in body:
        return
    told = json.loads(body)
    event: Mapping[str, Any] = told.get("event", told)
    ilmd = event.get("ilmd", {})
    for wanted in _NAMED_BY:
        for key, value in ilmd.items():
            if key.rpartition(":")[2] == wanted and isinstance(value, str):
                yield value
