"""A naive replay of EPCIS documents, moment by moment: the oracle that recall is held against.

It reads JSON, keeps a set of what is in what, and asks who holds whom by walking; it shares no code
with the thread and knows no intervals.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

CAR = "urn:treadle:vin:"
Told = dict[str, Any]


def read(documents: Iterable[bytes]) -> list[Told]:
    """Return all events by when they happened; at one instant what leaves goes first."""
    found = [e for d in documents for e in json.loads(d)["epcisBody"]["eventList"]]
    return sorted(found, key=lambda e: (when(e), e.get("action") != "DELETE"))


def when(told: Told) -> datetime:
    return datetime.fromisoformat(told["eventTime"])


def names(told: Told, *fields: str) -> list[str]:
    """Return the serials and classes that some fields of an event name."""
    serials = [name for field in fields for name in told.get(field, ()) if isinstance(name, str)]
    classes = [q["epcClass"] for f in fields for q in told.get(f, ()) if isinstance(q, dict)]
    return serials + classes


class Replay:
    """Who is in whom, as events come one after the other."""

    def __init__(self, events: list[Told]) -> None:
        self._events = events

    def moments(self, until: datetime | None = None) -> Iterator[tuple[Told, dict[str, set[str]]]]:
        """Yield each event with who holds whom after it (by child)."""
        holders: dict[str, set[str]] = {}
        for told in self._events:
            if until is not None and when(told) > until:
                return
            _apply(told, holders)
            yield told, holders

    def cars_at(self, items: Iterable[str], moment: datetime | None = None) -> dict[str, set[str]]:
        """Return the cars that hold items at a moment (at the end), each with its items."""
        holders: dict[str, set[str]] = {}
        for _, holders in self.moments(moment):  # noqa: B007 - the last one counts
            pass
        return _cars(items, holders)

    def cars_ever(self, items: Iterable[str]) -> dict[str, set[str]]:
        """Return the cars that ever held items, each with its items."""
        wanted, found = list(items), dict[str, set[str]]()
        for told, holders in self.moments():
            if told["type"] in ("AssociationEvent", "AggregationEvent", "TransformationEvent"):
                for car, held in _cars(wanted, holders).items():
                    found.setdefault(car, set()).update(held)
        return found

    def complete(self) -> dict[str, datetime]:
        """Return when each car was verified to be complete."""
        return {
            car: when(e)
            for e in self._events
            if e.get("disposition") == "completeness_verified"
            for car in e["epcList"]
        }

    def made_of(self, lot: str) -> set[str]:
        """Return the serials that were made of a lot, directly or through other lots."""
        found, todo = set[str](), [lot]
        while todo:
            source = todo.pop()
            for e in self._events:
                if source in names(e, "inputQuantityList"):
                    found.update(names(e, "outputEPCList"))
                    todo += names(e, "outputQuantityList")
        return found

    def worked_on(self, place: str, since: datetime, until: datetime) -> dict[str, datetime]:
        """Return what was worked on at a place in a time window, and when first."""
        found: dict[str, datetime] = {}
        for e in self._events:
            places = {e.get(p, {}).get("id") for p in ("readPoint", "bizLocation")}
            if place in places and since <= when(e) < until:
                parent = [e["parentID"]] if "parentID" in e else []
                made = names(e, "epcList", "quantityList", "outputEPCList", "outputQuantityList")
                for name in parent or made:
                    found.setdefault(name, when(e))
        return found


def _apply(told: Told, holders: dict[str, set[str]]) -> None:
    if told["type"] == "TransformationEvent":
        for made in names(told, "outputEPCList", "outputQuantityList"):
            for used in names(told, "inputEPCList", "inputQuantityList"):
                holders.setdefault(used, set()).add(made)
    elif told["type"] in ("AssociationEvent", "AggregationEvent"):
        for child in names(told, "childEPCs", "childQuantityList"):
            if told["action"] == "ADD":
                holders.setdefault(child, set()).add(told["parentID"])
            elif told["action"] == "DELETE":
                holders.get(child, set()).discard(told["parentID"])


def _cars(items: Iterable[str], holders: dict[str, set[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for item in items:
        seen, todo = {item}, [item]
        while todo:
            for parent in holders.get(todo.pop(), set()) - seen:
                seen.add(parent)
                todo.append(parent)
        for thing in seen:
            if thing.startswith(CAR):
                found.setdefault(thing, set()).add(item)
    return found
