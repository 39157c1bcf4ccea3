"""Every figure of docs/benchmarks.md, one after the other: `make benchmarks`.

Fills build/fleet.sqlite (10,000 cars, 4.05 million links) the first time, and a PostgreSQL server
of its own, where one is installed.
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

import postgres  # noqa: E402 - lies with the tests


def run(script: str, *words: str) -> None:
    """Run one script and show what it prints."""
    subprocess.run([sys.executable, HERE / script, *words], check=True)


def main() -> None:
    """Run all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cars", type=int, default=10_000)
    parser.add_argument("--long", action="store_true", help="also what takes an hour and more")
    given = parser.parse_args()
    cars = str(given.cars)
    (HERE.parent / "build").mkdir(exist_ok=True)
    run("engine.py")
    run("drivers.py")
    run("r157.py")
    run("probability.py", *(() if given.long else ("--repetitions", "20")))
    run("gate.py", *(("--all",) if given.long else ()))
    run("parity.py")
    run("page.py")
    run("feature_models.py")
    run("material.py")
    run("requirements.py")
    run("capture.py")
    run("genealogy.py", "--cars", cars, "--store", "build/fleet.sqlite")
    run("starting.py", "--store", "build/fleet.sqlite")
    if postgres.programs() is None:
        print("\nPostgreSQL is not installed: its figures are not measured.")
        return
    with postgres.server("shared_buffers=4GB", "max_wal_size=4GB") as url:
        run("genealogy.py", "--cars", cars, "--store", url.format(name="postgres"))


if __name__ == "__main__":
    main()
