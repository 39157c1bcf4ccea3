"""Bulk capture: EPCIS documents of 1,000 events, checked, hashed, linked, durable, on SQLite.

    python benchmarks/capture.py [--documents 40] [--heddle FOLDER]

The same rows are then inserted into bare tables of the same shape, without indexes, in the same
transactions: the ratio says what checking, hashing, chaining and linking cost.
"""

import argparse
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from measure import Figure, table

from treadle import trace
from treadle.app import App, open_app

EVENTS = 1_000
START = datetime(2026, 1, 5, 6, tzinfo=UTC)


def document(number: int) -> bytes:
    """Return a document of 1,000 station events: seen, built in, made, tied to an order."""
    rng = random.Random(number)
    events = [_event(rng, number * EVENTS + n) for n in range(EVENTS)]
    told = {
        "@context": [
            "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
            {"plant": "https://plant.example/ns/"},
        ],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": START.isoformat(),
        "epcisBody": {"eventList": events},
    }
    return json.dumps(told).encode()


def _event(rng: random.Random, n: int) -> dict[str, object]:
    at = START + timedelta(seconds=20 * n)
    event: dict[str, object] = {
        "eventTime": at.isoformat().replace("+00:00", ".000Z"),
        "eventTimeZoneOffset": "+01:00",
        "readPoint": {"id": f"urn:epc:id:sgln:4012345.{n % 40:05d}.0"},
        "bizLocation": {"id": "urn:epc:id:sgln:4012345.00001.0"},
        "plant:shift": "early",
    }
    serial = f"urn:epc:id:sgtin:4012345.0{n % 50:05d}.{n}"
    if n % 10 < 5:
        event |= {"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "inspecting"}
        event |= {"epcList": [serial], "disposition": "conformant"}
        report = {"type": "Energy", "value": round(rng.uniform(0.2, 9), 3), "uom": "KWH"}
        event["sensorElementList"] = [
            {"sensorMetadata": {"time": event["eventTime"]}, "sensorReport": [report]}
        ]
    elif n % 10 < 8:
        event |= {"type": "AssociationEvent", "action": "ADD", "bizStep": "installing"}
        event |= {"parentID": f"urn:treadle:vin:LB3H7C2A5TN{n // 50:06d}", "childEPCs": [serial]}
        lot = f"urn:epc:class:lgtin:4012345.000077.L{n // 500}"
        event["childQuantityList"] = [{"epcClass": lot, "quantity": 4}]
    elif n % 10 == 8:
        event |= {"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning"}
        event |= {"epcList": [serial, f"{serial}B"], "plant:die": 7}
    else:
        event |= {"type": "TransactionEvent", "action": "ADD", "bizStep": "shipping"}
        event |= {"epcList": [serial]}
        order = {"type": "po", "bizTransaction": f"urn:epcglobal:cbv:bt:4012345000009:{n // 30}"}
        event["bizTransactionList"] = [order]
    return event


def captured(app: App, documents: Sequence[bytes]) -> tuple[int, float]:
    """Return how many events were captured and how long that took [s]."""
    start = time.perf_counter()
    named = ((f"document {n}", content) for n, content in enumerate(documents))
    taken = sum(report.n_ok for report in app.take_in_all(trace.capture, named))
    return taken, time.perf_counter() - start


def bare(path: Path, folder: Path, n_documents: int) -> float:
    """Return how long bare tables take for the rows of a store, in as many transactions [s]."""
    source = sqlite3.connect(path)
    target = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    target.execute("PRAGMA journal_mode=WAL")
    target.execute("PRAGMA synchronous=FULL")
    names = ("event", "thing", "identity", "mention", "link", "trace_finding", "trace_name")
    rows = {}
    for name in names:
        rows[name] = source.execute(f"SELECT * FROM {name}").fetchall()
        columns = [d[1] for d in source.execute(f"PRAGMA table_info({name})")]
        target.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
    start = time.perf_counter()
    for n in range(n_documents):
        target.execute("BEGIN IMMEDIATE")
        for name, all_rows in rows.items():
            step = -(-len(all_rows) // n_documents)
            part = all_rows[n * step : (n + 1) * step]
            if part:
                marks = ", ".join("?" * len(part[0]))
                target.executemany(f"INSERT INTO {name} VALUES ({marks})", part)
        target.execute("COMMIT")
    return time.perf_counter() - start


def measure(name: str, documents: Sequence[bytes], target: float | None) -> list[Figure]:
    """Return the figures of capturing some documents into a fresh store."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        app = open_app(str(folder / "store.sqlite"))
        n, seconds = captured(app, documents)
        app.store.close()
        floor = bare(folder / "store.sqlite", folder, len(documents))
    rate = n / seconds
    goal = f">= {target:,.0f}/s" if target else ""
    return [
        Figure(f"{name}: {n:,} events", rate, "events/s", goal, rate >= target if target else None),
        Figure(f"{name}: time against bare SQLite tables", seconds / floor, "x", ""),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=40)
    parser.add_argument("--heddle", type=Path, help="documents of the plant's twin (--out)")
    wish = parser.parse_args()
    figures = measure("station events", [document(n) for n in range(wish.documents)], 5_000)
    if wish.heddle:
        documents = [p.read_bytes() for p in sorted(wish.heddle.glob("*.jsonld"))]
        figures += measure("heddle (12 links an event)", documents, None)
    table("Bulk capture, SQLite, durable", figures)


if __name__ == "__main__":
    main()
