"""What is said: events and documents in the words of GS1 EPCIS 2.0 and CBV 2.0."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from treadle.twins.plant.programme import THOUSANDTHS, Measure, Part

Event = dict[str, Any]

CONTEXT = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"heddle": "https://treadle.example/ns/"},
]
WORK_ORDER = "https://treadle.example/ns/work_order"
"""Type of a workshop's order: CBV 2.0 has no word for it."""


@dataclass(frozen=True)
class Where:
    """A read point, the site it belongs to, and the local UTC offset."""

    read_point: str
    site: str
    utc_offset: str


@dataclass
class Journal:
    """All events of a run, put in time order at the end."""

    entries: list[tuple[dt.datetime, int, Event]] = field(default_factory=list)

    def add(
        self,
        kind: str,
        at: dt.datetime,
        where: Where,
        step: str,
        disposition: str | None = None,
        **body: Any,
    ) -> None:
        """Note an event that ended at a moment; ``body`` are the fields of its EPCIS class."""
        event: Event = {
            "type": kind,
            "eventTime": stamp(at),
            "eventTimeZoneOffset": where.utc_offset,
            **body,
            "bizStep": step,
        }
        if disposition:
            event["disposition"] = disposition
        event["readPoint"] = {"id": where.read_point}
        event["bizLocation"] = {"id": where.site}
        self.entries.append((at, len(self.entries), event))

    def in_time_order(self) -> list[Event]:
        """Give all events, earliest first; those of one moment in the order they were noted."""
        return [event for _, _, event in sorted(self.entries, key=lambda e: e[:2])]


def stamp(at: dt.datetime) -> str:
    """Give a moment in UTC with milliseconds, as EPCIS writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def spread(rng: Random, mean: float, deviation: float) -> float:
    """Give a value around a mean with a standard deviation, never further than three of them.

    The sum of three uniform draws has the variance 1/4; only +, - and * are used, so that every
    machine gives the same bits.
    """
    return mean + deviation * 2 * (rng.random() + rng.random() + rng.random() - 1.5)


def between(rng: Random, low: float, high: float) -> float:
    """Give a value between two bounds, all equally likely."""
    return low + (high - low) * rng.random()


def one_of(rng: Random, shares: Sequence[tuple[str, float]]) -> str:
    """Give a name, drawn by the shares of all names."""
    left = rng.random() * sum(share for _, share in shares)
    for name, share in shares:
        left -= share
        if left < 0:
            return name
    return shares[-1][0]


def pick(rng: Random, n: int) -> int:
    """Give an index below n, all equally likely."""
    return int(rng.random() * n)


def quantity(uri: str, thousandths: int, uom: str) -> Event:
    """Give a quantity element; counted pieces carry no unit (EPCIS 2.0, 7.3.3.3)."""
    whole = thousandths % THOUSANDTHS == 0
    amount = thousandths // THOUSANDTHS if whole else thousandths / THOUSANDTHS
    return {"epcClass": uri, "quantity": amount} | ({"uom": uom} if uom else {})


def transaction(kind: str, uri: str) -> Event:
    """Give a business transaction an event belongs to."""
    return {"type": kind, "bizTransaction": uri}


def route(giver: str, taker: str) -> Event:
    """Give the source and destination lists of goods on their way from party to party."""
    return {
        "sourceList": [{"type": "owning_party", "source": giver}],
        "destinationList": [{"type": "owning_party", "destination": taker}],
    }


def master_data(part: Part, **more: Any) -> Event:
    """Give the instance or lot master data (ilmd) that a thing is commissioned with."""
    data = {
        "heddle:partNumber": part.number,
        "heddle:partName": part.name,
        "heddle:group": part.group,
        "heddle:manufacturer": part.supplier.name,
        "heddle:countryOfOrigin": part.supplier.country,
        "heddle:mass_kg": part.mass_kg,
    }
    return data | {f"heddle:{key}": value for key, value in more.items()}


def energy(start: dt.datetime, end: dt.datetime, meter: str, value_kwh: float) -> Event:
    """Give what a meter counted between two moments [kWh]."""
    return {
        "sensorMetadata": {
            "startTime": stamp(start),
            "endTime": stamp(end),
            "deviceID": meter,
        },
        "sensorReport": [{"type": "Energy", "value": round(value_kwh, 3), "uom": "KWH"}],
    }


def measured(rng: Random, at: dt.datetime, tool: str, measures: Iterable[Measure]) -> Event:
    """Give what a station's tools measured on a piece; torques with smallest and largest."""
    reports = []
    for measure in measures:
        digits = 5 if measure.spread < 0.01 else 2  # noqa: PLR2004 - enough digits to differ
        values = [round(spread(rng, measure.mean, measure.spread), digits) for _ in range(3)]
        report: Event = {"type": measure.kind, "value": values[0], "uom": measure.uom}
        if measure.kind == "Torque":
            report |= {"minValue": min(values), "maxValue": max(values)}
        reports.append(report)
    return {"sensorMetadata": {"time": stamp(at), "deviceID": tool}, "sensorReport": reports}


def document(document_id: str, events: Sequence[Event], header: Event | None = None) -> bytes:
    """Give an EPCIS document as UTF-8 JSON-LD, dated by its last event."""
    content = {
        "@context": CONTEXT,
        "id": document_id,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": events[-1]["eventTime"],
        **({"epcisHeader": header} if header else {}),
        "epcisBody": {"eventList": list(events)},
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
