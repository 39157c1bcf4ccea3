"""The command `python -m treadle.twins.showroom`: releases documents, or takes orders.

`documents` gives what a programme's [[documents]] name to the intakes that they name. `orders`
reads the plant's cars as a JSON list from its input, as the plant's twin tells them in its last
line, and takes the orders that they were built for.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from treadle.twins.plant.reading import read_programme
from treadle.twins.plant.sender import RefusedError, client_for
from treadle.twins.plant.tables import ProgrammeError, read_toml
from treadle.twins.showroom.api import Office
from treadle.twins.showroom.orders import Showroom, Sold, chosen
from treadle.twins.showroom.wishes import documents, orders

GOOD, REFUSED, INTERRUPTED = 0, 1, 130


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Give the checked arguments of the command."""
    parser = argparse.ArgumentParser(
        prog="python -m treadle.twins.showroom",
        description="Releases a programme's documents, or takes the orders of its cars.",
    )
    parser.add_argument("what", choices=("documents", "orders"))
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


def release(office: Office, folder: Path) -> None:
    """Give every document of a programme to its intake."""
    told = documents(folder, read_toml(folder))
    for document in told:
        report = office.take_in(document.intake, document.file.read_bytes(), document.wishes)
        if report["n_rejected"]:
            reasons = "; ".join(str(one.get("reason")) for one in report["rejected"])
            raise RefusedError(f"{document.file.name}: {document.intake} rejected {reasons}")
    say("finished", n_documents=len(told))


def sell(office: Office, folder: Path, *, name: str, seed: int) -> None:
    """Take the orders that the cars of the input were built for."""
    wish = orders(read_toml(folder))
    if wish is None:
        say("finished", n_orders=0)
        return
    cars = [Sold.of(told) for told in json.load(sys.stdin)]
    showroom = Showroom(office, wish, name=name, seed=seed)
    taken = [showroom.sell(index, car) for index, car in chosen(cars, wish.share)]
    say("finished", n_orders=len(taken), orders=taken)


def main(argv: Sequence[str] | None = None) -> int:
    """Give the exit code: 0 good, 1 refused, 2 wrong use, 130 interrupted."""
    wish = arguments(argv)
    try:
        programme = read_programme(wish.programme)
        with client_for(wish.api) as client:
            office = Office(client, wish.api, wish.key)
            if wish.what == "documents":
                release(office, wish.programme)
            else:
                seed = programme.seed if wish.seed is None else wish.seed
                sell(office, wish.programme, name=programme.name, seed=seed)
    except (ProgrammeError, RefusedError, OSError, ValueError) as error:
        say("failed", error=str(error))
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    return GOOD


if __name__ == "__main__":
    sys.exit(main())
