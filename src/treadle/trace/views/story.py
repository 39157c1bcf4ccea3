"""What happened to a thing: its happenings in words, and the documents they came in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from treadle.facts.trace import (
    Aggregated,
    Associated,
    DocumentCaptured,
    Extended,
    Happening,
    Transacted,
    Transformed,
    finite,
)
from treadle.kernel import Event, Store, ThingId
from treadle.kernel.presence import life
from treadle.trace.views.genealogy import known
from treadle.trace.views.names import labels

_DONE = {
    "accepting": "Accepted",
    "arriving": "Arrived",
    "collecting": "Collected",
    "consigning": "Consigned",
    "cycle_counting": "Counted",
    "dispensing": "Dispensed",
    "encoding": "Encoded",
    "entering_exiting": "Passed",
    "repackaging": "Repacked",
    "reserving": "Reserved",
    "staging_outbound": "Made ready to leave",
    "stock_taking": "Counted",
    "stocking": "Stocked",
    "void_shipping": "Shipping taken back",
    "assembling": "Assembled",
    "commissioning": "Made",
    "creating_class_instance": "Lot made",
    "decommissioning": "Taken out of use",
    "departing": "Departed",
    "destroying": "Destroyed",
    "disassembling": "Taken apart",
    "holding": "Held",
    "inspecting": "Inspected",
    "installing": "Installed",
    "loading": "Loaded",
    "packing": "Packed",
    "picking": "Picked",
    "receiving": "Received",
    "removing": "Removed",
    "repairing": "Repaired",
    "replacing": "Replaced",
    "retail_selling": "Sold",
    "sampling": "Sampled",
    "sensor_reporting": "Measured",
    "shipping": "Shipped",
    "storing": "Stored",
    "transporting": "Carried",
    "unloading": "Unloaded",
    "unpacking": "Unpacked",
}
"""CBV business steps as a driver or plant worker would say that they were done."""
Label = Callable[[str], str]

_ACTIONS = {"ADD": "in", "DELETE": "out", "OBSERVE": "seen"}


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a thing's story.

    Attributes
    ----------
    when
        When it happened, UTC.
    what
        The business step and what it did, in words.
    where
        The read point, or the business location where there is none.
    energy_kwh
        Metered energy, where a sensor told it [kWh].
    void
        A later declaration says that it was told in error.
    event_id
        Its event hash, by which it can be declared an error.
    """

    when: datetime
    what: str
    detail: str
    where: ThingId | None
    energy_kwh: float | None
    void: bool
    position: int
    event_id: str | None


def story(store: Store, *, thing: ThingId, limit: int = 200) -> tuple[Happened, ...]:
    """Return what happened to a thing and inside it, by when it happened.

    Parameters
    ----------
    thing
        A car, part, lot, place or document; any spelling of its identifier.
    limit
        How many lines, the last ones.

    Raises
    ------
    NotFoundError
        Nobody ever mentioned the thing.
    """
    events = life(store, known(store, thing), limit=limit)
    label = labels(store)
    void = store.void_among([e.identity for e in events if e.identity is not None])
    return tuple(_happened(event, label, void) for event in events)


def _happened(event: Event, label: Label, void: set[str]) -> Happened:
    what, detail = describe(event, label)
    fact = event.fact
    where = None
    energy = None
    if isinstance(fact, Happening) and not isinstance(fact, Extended):
        place = fact.fields.get("readPoint") or fact.fields.get("bizLocation")
        where = ThingId(place["id"]) if place else None
        energy = energy_kwh(fact)
    return Happened(
        event.happened,
        what,
        detail,
        where,
        energy,
        event.identity in void,
        event.position,
        event.identity,
    )


_KWH_PER = {"KWH": 1.0, "WHR": 1e-3, "JOU": 1 / 3.6e6, "KJO": 1 / 3.6e3, "3B": 1 / 3.6}
"""UN/CEFACT Rec 20 codes of energy in kWh: kilowatt hour, watt hour, joule, kJ, MJ."""


def energy_kwh(fact: Happening) -> float | None:
    """Return the metered energy that an event's sensor reports tell [kWh], None where none does."""
    told = [
        finite(report["value"]) * _KWH_PER[report["uom"]]
        for element in fact.fields.get("sensorElementList", ())
        for report in element.get("sensorReport", ())
        if report.get("type") == "Energy" and "value" in report and report.get("uom") in _KWH_PER
    ]
    return sum(told) if told else None


def describe(event: Event, label: Label) -> tuple[str, str]:
    """Return an event's headline and detail, as a knot on the thread shows them."""
    fact = event.fact
    if isinstance(fact, DocumentCaptured):
        return "Document captured", f"{len(fact.events)} of {fact.n_in} events"
    if not isinstance(fact, Happening):
        words = event.stored_as.split(".")[1].replace("_", " ")
        return words.capitalize(), event.domain
    if fact.is_error_declaration:
        reason = fact.fields["errorDeclaration"].get("reason", "no reason given")
        return "Declared an error", str(reason).replace("_", " ")
    fields = fact.fields
    step = str(fields.get("bizStep", "")).rpartition("/")[2].removeprefix("BizStep-")
    words = _DONE.get(step) or step.replace("_", " ").capitalize() or type(fact).__name__
    return words, _detail(fact, label)


def _detail(fact: Happening, label: Label) -> str:
    fields = fact.fields
    if isinstance(fact, Transformed):
        return f"{_count(fields, 'input')} became {_count(fields, 'output')}"
    if isinstance(fact, Associated | Aggregated):
        children = fields.get("childEPCs", ())
        lots = fields.get("childQuantityList", ())
        direction = _ACTIONS[fields["action"]]
        if len(children) + len(lots) == 1:
            only = children[0] if children else lots[0]["epcClass"]
            return f"{label(only)} {direction}"
        return f"{_count(fields, 'child')} {direction}"
    if isinstance(fact, Transacted):
        transactions = fields.get("bizTransactionList", ())
        return ", ".join(dict.fromkeys(label(t["bizTransaction"]) for t in transactions))
    disposition = str(fields.get("disposition", "")).rpartition("/")[2]
    return disposition.replace("Disp-", "").replace("_", " ")


def _count(fields: dict[str, object], side: str) -> str:
    serials = fields.get("childEPCs" if side == "child" else f"{side}EPCList", ())
    lots = fields.get(f"{side}QuantityList", ())
    n_serials = len(serials) if isinstance(serials, list) else 0
    n_lots = len(lots) if isinstance(lots, list) else 0
    told = [
        f"{n} {word}{'' if n == 1 else 's'}"
        for n, word in ((n_serials, "part"), (n_lots, "lot"))
        if n
    ]
    return " and ".join(told) or "everything"
