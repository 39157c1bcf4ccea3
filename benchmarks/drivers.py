"""How fast each way is in which a driver plugs in: entity-steps a second of one scenario.

`python benchmarks/drivers.py [way...]`; ways are own, compiled, batched, fmu, osi, gym. The
scenario is examples/proving/cut_in.xosc (3 entities, 18 s, steps of 0.01 s, every driver asked each
step), compiling apart. What runs in one process is told by the time of its processor, a core;
processes side by side by the time that passes.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from measure import Figure, table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from proving.formats.drivers import fmus  # noqa: E402 - lies with the tests
from proving.formats.drivers.driving import FILE  # noqa: E402 - likewise
from treadle.kernel.bundle import Disk  # noqa: E402 - after the path of the tests
from treadle.proving import Driver, Scenario, driver_of  # noqa: E402 - likewise

SCENARIO = ROOT / "examples" / "proving" / "cut_in.xosc"
WAYS = ("own", "compiled", "batched", "fmu", "osi", "gym")
STEP_S, LENGTH_S, ENTITIES = 0.01, 18.0, 3
MANY, FEW = 2048, 16
IN_KERNEL, ASKED = 1_000_000, 300_000


def rate(driver: Driver, n: int, clock: Callable[[], float]) -> float:
    """Return the entity-steps a second of n variants with a driver for Ego."""
    compiled = Scenario.read(str(SCENARIO)).compile(drivers=[driver])
    compiled.run(parameters={"Ego_speed_kph": [100.0]}, threads=1)  # compiles, and starts processes
    speeds = np.linspace(80.0, 120.0, n)
    begun = clock()
    result = compiled.run(parameters={"Ego_speed_kph": speeds}, threads=1)
    taken = clock() - begun
    assert set(result.outcomes) == {"COMPLETED"}, result.reasons
    steps: float = np.sum(result.end_times_s) / STEP_S * ENTITIES / taken
    return steps


def figure(name: str, value: float, target: int) -> Figure:
    """Return a rate beside its target."""
    good = None if not target else value >= target
    wanted = f">= {target:,}" if target else ""
    return Figure(name, round(value, -3), "entity-steps/s", wanted, good)


def in_process(folder: Path, name: str, what: str, target: int) -> Figure:
    """Return the rate of a driver in this process."""
    (folder / "d.py").write_text(FILE)
    driver = driver_of(name.format(folder=folder), Disk())
    return figure(what, rate(driver, MANY, time.process_time), target)


def fmu(folder: Path) -> Figure:
    """Return the rate of an FMU."""
    driver = driver_of(fmus.fmu(folder, 3), Disk())
    what = f"FMU (FMI 3), {driver.lanes} processes side by side"
    return figure(what, rate(driver, FEW, time.perf_counter), 0)


def osi() -> Figure:
    """Return the rate of the example that speaks OSI."""
    command = f"osi:{sys.executable} {ROOT / 'examples/proving/osi_driver.py'} {{port}}"
    driver = driver_of(command, Disk(), settings={"lanes": FEW})
    what = f"OSI over TCP to a Python program, {FEW} connections"
    return figure(what, rate(driver, FEW, time.perf_counter), 0)


def gym(n: int = 1024) -> Figure:
    """Return the rate of the vector environment."""
    from treadle.proving import TrafficEnv  # noqa: PLC0415 - needs an extra

    env = TrafficEnv(str(SCENARIO), n, period_s=STEP_S, threads=1)
    env.reset(seed=1)
    actions = np.zeros((n, 1), np.float32)
    begun, steps = time.process_time(), 300
    for _ in range(steps):
        env.step(actions)
    taken = time.process_time() - begun
    env.close()
    return figure(f"Gymnasium, {n:,} environments", n * steps * ENTITIES / taken, 0)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("ways", nargs="*", metavar="|".join(WAYS))
    ways = parser.parse_args().ways or WAYS
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        calls: dict[str, Callable[[], Figure]] = {
            "own": lambda: in_process(folder, "idm", "ours (idm), a core", IN_KERNEL),
            "compiled": lambda: in_process(
                folder, "{folder}/d.py:fast", "compiled from a Python file, a core", IN_KERNEL
            ),
            "batched": lambda: in_process(
                folder, "{folder}/d.py:plain", "batched Python, a core", ASKED
            ),
            "fmu": lambda: fmu(folder),
            "osi": osi,
            "gym": gym,
        }
        table("Drivers under test", [calls[way]() for way in ways])


if __name__ == "__main__":
    main()
