"""The command `python -m treadle.twins.showroom`: releases documents, takes orders, delivers.

`documents` gives what a programme's [[documents]] name to the intakes that they name, and tells its
[[told]]. `orders` reads the cars that the plant plans as a JSON list from its input, as the plant's
twin tells them with `--plan`, and takes the orders for them. `deliveries` reads the cars as they
were built, from the last line of the plant's twin, and hands them over; then comes what a programme
says `after = "deliveries"`.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from treadle.twins.plant.office import Office
from treadle.twins.plant.reading import read_programme
from treadle.twins.plant.sender import RefusedError, client_for
from treadle.twins.plant.tables import ProgrammeError, read_toml
from treadle.twins.showroom.orders import Showroom, Sold, chosen
from treadle.twins.showroom.wishes import documents, orders, told

GOOD, REFUSED, INTERRUPTED = 0, 1, 130


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Give the checked arguments of the command."""
    parser = argparse.ArgumentParser(
        prog="python -m treadle.twins.showroom",
        description="Releases a programme's documents, takes orders for its cars, delivers.",
    )
    parser.add_argument("what", choices=("documents", "orders", "deliveries"))
    parser.add_argument("--programme", type=Path, required=True, help="folder of the programme")
    parser.add_argument("--api", required=True, help="address of Treadle's API")
    parser.add_argument("--key", help="key of the API (or in the environment: TREADLE_KEY)")
    parser.add_argument("--seed", type=int, help="another seed than the programme's")
    wish = parser.parse_args(argv)
    wish.key = wish.key or os.environ.get("TREADLE_KEY")
    if not wish.key:
        parser.error("give --key")
    return wish


def say(event: str, **values: Any) -> None:
    """Write one line of progress for the caller."""
    print(json.dumps({"event": event, **values}), flush=True)  # noqa: T201 - this is its purpose


def release(office: Office, folder: Path, *, late: bool) -> int:
    """Give documents to their intakes, tell what is told, each once; return how many."""
    toml, n_done = read_toml(folder), 0
    for document in documents(folder, toml):
        if document.is_late != late:
            continue
        report = office.take_in(document.intake, document.file.read_bytes(), document.wishes)
        if report["n_rejected"]:
            reasons = "; ".join(str(one.get("reason")) for one in report["rejected"])
            raise RefusedError(f"{document.file.name}: {document.intake} rejected {reasons}")
        n_done += 1
    for one in told(folder, toml):
        if one.is_late != late or office.was_told(one.command, one.thing, one.at):
            continue
        wish = one.wishes | {"thing": one.thing, "happened_at": one.at.isoformat()}
        try:
            office.wish(one.command, wish)
        except RefusedError as error:
            raise RefusedError(f"{one.place}: {error}") from None
        n_done += 1
    return n_done


def sell(office: Office, folder: Path, what: str, *, name: str, seed: int) -> list[str]:
    """Take the orders for the cars of the input, or deliver them; return their names."""
    wish = orders(read_toml(folder))
    if wish is None:
        return []
    cars = [Sold.of(one) for one in json.load(sys.stdin)]
    showroom = Showroom(office, wish, name=name, seed=seed)
    step = showroom.order if what == "orders" else showroom.deliver
    return [step(index, car) for index, car in chosen(cars, wish.share)]


def main(argv: Sequence[str] | None = None) -> int:
    """Give the exit code: 0 good, 1 refused, 2 wrong use, 130 interrupted."""
    wish = arguments(argv)
    try:
        programme = read_programme(wish.programme)
        with client_for(wish.api) as client:
            office = Office(client, wish.api, wish.key)
            seed = programme.seed if wish.seed is None else wish.seed
            done: list[str] = []
            if wish.what != "documents":
                done = sell(office, wish.programme, wish.what, name=programme.name, seed=seed)
            n_told = 0
            if wish.what != "orders":
                n_told = release(office, wish.programme, late=wish.what == "deliveries")
            say("finished", n_told=n_told, n_orders=len(done), orders=done)
    except (ProgrammeError, RefusedError, OSError, ValueError) as error:
        say("failed", error=str(error))
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    return GOOD


if __name__ == "__main__":
    sys.exit(main())
