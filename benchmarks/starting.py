"""How soon Treadle answers: `treadle --help`, and the console's first page on a large store.

python benchmarks/starting.py [--store build/fleet.sqlite]
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
from measure import Figure, milliseconds, p95, table

TREADLE = Path(sys.executable).parent / "treadle"
RUNS = 15


def help_time() -> float:
    """Return the median time of `treadle --help` as a whole process [ms]."""

    def call() -> None:
        subprocess.run([TREADLE, "--help"], check=True, capture_output=True)

    call()
    taken = sorted(milliseconds([call] * RUNS))
    return taken[len(taken) // 2]


def first_page(store: str) -> tuple[float, float]:
    """Return the very first answer of `/` after the server is up, and the p95 of more [ms]."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"TREADLE_DATA": folder}
        server = subprocess.Popen(
            [TREADLE, "--store", store, "serve", "--port", "8199"],
            stdout=subprocess.PIPE,
            text=True,
            env=environment | {"PYTHONUNBUFFERED": "1"},
        )
        try:
            assert server.stdout is not None
            said = "".join(server.stdout.readline() for _ in range(2))
            found = re.search(r"(http://\S+)/\?key=(\S+)", said)
            assert found, said
            address, key = found.groups()
            headers = {"Authorization": f"Bearer {key}", "Accept": "text/html"}
            with httpx.Client(base_url=address, headers=headers, timeout=30) as client:
                _wait(client)

                def call() -> None:
                    client.get("/").raise_for_status()

                first = milliseconds([call])[0]
                return first, p95(milliseconds([call] * 60))
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait(client: httpx.Client) -> None:
    for _ in range(200):
        try:
            client.get("/healthz")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", default="build/fleet.sqlite")
    wish = parser.parse_args()
    figures = []
    taken = help_time()
    figures.append(Figure("treadle --help, median", taken, "ms", "< 400 ms", taken < 400))
    first, more = first_page(wish.store)
    figures.append(Figure("console home, the very first", first, "ms", "< 150 ms", first < 150))
    figures.append(Figure("console home, p95 of 60", more, "ms", "< 150 ms", more < 150))
    table(f"Starting, on {wish.store}", figures)


if __name__ == "__main__":
    main()
