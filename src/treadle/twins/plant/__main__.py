"""The command ``python -m treadle.twins.plant``: plays a programme and sends what happens."""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from treadle.twins.plant.line import Car
from treadle.twins.plant.office import Office
from treadle.twins.plant.ordered import building, built_to_order
from treadle.twins.plant.play import Document, documents, planned, play, with_seed
from treadle.twins.plant.programme import Programme
from treadle.twins.plant.reading import read_programme
from treadle.twins.plant.sender import (
    REASONS_SHOWN,
    Capture,
    Exit,
    Folder,
    RefusedError,
    client_for,
)
from treadle.twins.plant.tables import ProgrammeError, read_toml

GOOD, REFUSED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
BATCH_EVENTS = 800


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Give the checked arguments of the command."""
    parser = argparse.ArgumentParser(
        prog="python -m treadle.twins.plant",
        description="A simulated plant: plays a programme and sends EPCIS 2.0 documents.",
    )
    parser.add_argument("--programme", type=Path, required=True, help="folder of the programme")
    parser.add_argument("--api", help="address of Treadle's API, http://127.0.0.1:PORT")
    parser.add_argument("--key", help="key of the API (or in the environment: TREADLE_KEY)")
    parser.add_argument("--out", type=Path, help="write the documents to this folder instead")
    parser.add_argument(
        "--to-order", action="store_true", help="build what was ordered, as the API knows it"
    )
    parser.add_argument(
        "--plan", action="store_true", help="tell which cars are to be built, and build none"
    )
    parser.add_argument("--cars", type=int, help="how many cars (the programme's count)")
    parser.add_argument("--seed", type=int, help="another seed than the programme's")
    parser.add_argument("--batch", type=int, default=BATCH_EVENTS, help="events a document")
    parser.add_argument(
        "--from-batch", type=int, default=1, help="first document to send (all else as before)"
    )
    wish = parser.parse_args(argv)
    wish.key = wish.key or os.environ.get("TREADLE_KEY")
    if not wish.plan and wish.out is None and not (wish.api and wish.key):
        parser.error("give --api and --key, or --out FOLDER to write files")
    if wish.to_order and wish.out is not None:
        parser.error("--to-order asks the API; leave out --out")
    if wish.out is not None and wish.api:
        parser.error("give --api or --out, not both")
    for name in ("cars", "batch", "from_batch"):
        value = getattr(wish, name)
        if value is not None and value < 1:
            parser.error(f"--{name.replace('_', '-')} is {value}; give 1 or more")
    return wish


def say(event: str, **values: Any) -> None:
    """Write one line of progress for the caller."""
    print(json.dumps({"event": event, **values}), flush=True)  # noqa: T201 - this is its purpose


def complain(sentence: str) -> None:
    """Write one line to people."""
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - errors go to stderr


class Stop:
    """Remembers that SIGINT or SIGTERM asked the twin to stop after the current document."""

    def __init__(self) -> None:
        self.asked = threading.Event()

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        """Take note of a signal."""
        del signum, frame
        self.asked.set()


def send_all(
    way: Exit, cut: Sequence[Document], first: int, stop: Stop
) -> tuple[dict[str, int], int | None]:
    """Send the documents from one on; give the totals, and where to go on if stopped."""
    totals = {"n_ok": 0, "n_duplicate": 0, "n_rejected": 0}
    for document in cut[first - 1 :]:
        if stop.asked.is_set():
            return totals, document.number
        try:
            report = way.send(document)
        except RefusedError:
            # Asked to stop while it waited for a connection: stopped, not failed.
            if stop.asked.is_set():
                return totals, document.number
            raise
        counts = {key: getattr(report, key) for key in totals}
        totals = {key: totals[key] + counts[key] for key in totals}
        say(way.event, document=document.number, **counts, cars_done=document.cars_done)
        for rejection in report.rejections[:REASONS_SHOWN]:
            place, reason = rejection.get("place"), rejection.get("reason")
            complain(f"document {document.number}: rejected {place}: {reason}")
    return totals, None


def _sold(car: Car) -> dict[str, str | None]:
    """Give what the showrooms need to know of a car."""
    return {
        "car": car.uri,
        "market": car.market,
        "colour": car.colour,
        "completed": car.completed.isoformat(),
        "retail": car.retail.isoformat() if car.retail else None,
    }


def _chance(programme: Programme) -> Random:
    return Random(programme.seed)  # noqa: S311 - a simulation that must repeat, not a secret


def _ordered(
    wish: argparse.Namespace, programme: Programme, cars: list[Car]
) -> dict[int, frozenset[str]]:
    """Give the parts of the cars that were ordered, where that is wished and the API knows them."""
    how = building(read_toml(wish.programme), programme)
    if how is None or not wish.to_order:
        return {}
    with client_for(wish.api) as client:
        return built_to_order(Office(client, wish.api, wish.key), how, programme, cars)


def run(wish: argparse.Namespace, stop: Stop) -> int:
    """Play the programme and send it; give the exit code."""
    programme = with_seed(read_programme(wish.programme), wish.seed)
    n_cars = wish.cars or programme.n_cars
    cars = planned(programme, n_cars=n_cars, rng=_chance(programme))
    if wish.plan:
        say("planned", cars=[_sold(car) for car in cars])
        return GOOD
    built_to = _ordered(wish, programme, cars)
    played = play(programme, n_cars=n_cars, rng=_chance(programme), built_to=built_to)
    cut = documents(programme, played, batch=wish.batch)
    if wish.from_batch > len(cut):
        raise RefusedError(f"--from-batch {wish.from_batch}: there are {len(cut)} documents only")
    counts = {"n_documents": len(cut), "n_events": len(played.events), "n_cars": len(played.cars)}
    say("started", **counts)
    with ExitStack() as stack:
        if wish.out is not None:
            way: Exit = Folder(wish.out)
        else:
            client = stack.enter_context(client_for(wish.api))
            way = Capture(client, wish.api, wish.key, pause=stop.asked.wait)
        totals, go_on_at = send_all(way, cut, wish.from_batch, stop)
    if go_on_at is not None:
        say("interrupted", from_batch=go_on_at, **totals)
        complain(f"stopped; go on with --from-batch {go_on_at}")
        return INTERRUPTED
    counts["n_to_order"] = len(built_to)
    say("finished", **counts, **totals, story=played.story, sold=[_sold(c) for c in played.cars])
    if totals["n_rejected"]:
        complain(f"{totals['n_rejected']} events were rejected; the reasons stand above")
        return REFUSED
    return GOOD


def main(argv: Sequence[str] | None = None) -> int:
    """Give the exit code: 0 good, 1 refused, 2 wrong use, 130 interrupted."""
    wish = arguments(argv)
    stop = Stop()
    before = {s: signal.signal(s, stop) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        return run(wish, stop)
    except (ProgrammeError, RefusedError, OSError) as error:
        complain(f"error: {error}")
        say("failed", error=str(error))
        return REFUSED
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


if __name__ == "__main__":
    sys.exit(main())
