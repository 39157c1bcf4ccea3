"""`down(VIN)`, `up(lot)` and as-of queries on 10,000 cars with 4.05 million links.

    python benchmarks/genealogy.py [--cars 10000] [--store URL] [--samples 300]

The store is filled first, where it is empty. Measured through the trace's queries, tree and all.
"""

import argparse
import gc
import os
import random
import sys
import time
from datetime import timedelta
from pathlib import Path

import fleet
import psycopg
from measure import Figure, milliseconds, p95, table

from treadle import trace
from treadle.app import App, open_app


def measure(app: App, cars: int, samples: int) -> list[Figure]:
    """Return the figures of one store."""
    rng = random.Random(7)
    store = app.store
    vins = [fleet.vin(rng.randrange(cars)) for _ in range(samples)]
    cell_lots = [fleet.cell_lot(rng.randrange(cars * 96 // 960)) for _ in range(samples // 2)]
    part_lots = [
        fleet.part_lot(rng.randrange(100), rng.randrange(cars // 200)) for _ in range(samples // 2)
    ]
    late = fleet.START + timedelta(days=60)
    for thing in (vins[0], cell_lots[0], part_lots[0]):  # connections and caches are warm
        trace.down(store, thing=thing)
        trace.up(store, thing=thing)
    gc.collect()
    gc.freeze()  # as the server does when it has started
    links = len(trace.down(store, thing=vins[0]).parts)
    reached = [len(trace.up(store, thing=lot).parts) for lot in (cell_lots[0], part_lots[0])]
    down = p95(milliseconds([lambda v=v: trace.down(store, thing=v) for v in vins]))
    down_then = p95(
        milliseconds([lambda v=v: trace.down(store, thing=v, as_of=late) for v in vins])
    )
    lots = cell_lots + part_lots
    up = p95(milliseconds([lambda v=v: trace.up(store, thing=v) for v in lots]))
    up_then = p95(milliseconds([lambda v=v: trace.up(store, thing=v, as_of=late) for v in lots]))
    up_cells = p95(milliseconds([lambda v=v: trace.up(store, thing=v) for v in cell_lots]))
    recall = p95(milliseconds([lambda v=v: trace.recall(store, suspect=v) for v in cell_lots[:30]]))
    return [
        Figure(f"down(VIN), {links} links, p95", down, "ms", "< 5 ms", down < 5),
        Figure(
            "down(VIN) as of a date, ratio", down_then / down, "x", "< 1.5", down_then < 1.5 * down
        ),
        Figure(f"up(lot), {reached[0]} or {reached[1]} links, p95", up, "ms", "< 25 ms", up < 25),
        Figure("up(lot) as of a date, ratio", up_then / up, "x", "< 1.5", up_then < 1.5 * up),
        Figure(f"up(cell lot) alone, {reached[0]} links, p95", up_cells, "ms", ""),
        Figure("recall(cell lot), whole answer, p95", recall, "ms", ""),
    ]


def settle(url: str) -> None:
    """Do now what a PostgreSQL server comes to by itself: statistics, and tables in its memory."""
    if url.startswith("postgresql"):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
            for name in ("link", "link_pkey", "link_up", "thing", "thing_pkey", "thing_key"):
                connection.execute("SELECT pg_prewarm(%s)", (name,))


def main() -> None:
    """Fill where needed, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cars", type=int, default=10_000)
    parser.add_argument("--samples", type=int, default=300)
    parser.add_argument("--store", default="build/fleet.sqlite")
    wish = parser.parse_args()
    app = open_app(wish.store)
    if app.store.head().position == 0:
        start = time.perf_counter()
        n = fleet.load(app.store, wish.cars)
        seconds = time.perf_counter() - start
        print(f"filled with {n:,} events in {seconds:,.0f} s ({n / seconds:,.0f}/s, links and all)")
        app.store.close()
        settle(wish.store)
        os.execv(sys.executable, [sys.executable, *sys.argv])  # a new process, without the heap
    if "://" not in wish.store:
        Path(wish.store).read_bytes()  # so that the machine has the file in memory
    kind = wish.store.partition(":")[0] if "://" in wish.store else "sqlite"
    cars = app.store.count_things(prefix="urn:treadle:vin:")
    figures = measure(app, cars, wish.samples)
    table(f"Genealogy, {cars:,} cars, {cars * 405:,} links, {kind}", figures)
    app.store.close()


if __name__ == "__main__":
    main()
