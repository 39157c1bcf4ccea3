"""Drivers at the wheel of Ego in the small scenario of proving.drives: what came of it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from proving import drives
from treadle.kernel.bundle import Disk
from treadle.proving import Scenario
from treadle.proving.formats.drivers.naming import driver_of
from treadle.proving.rules.driver import Driver
from treadle.proving.rules.result import Result

SPEEDS = (20.0, 30.0, 39.0)
"""Of Ego at the start; at 39 m/s it hits Lead unless it brakes."""
FILE = """
import time

import numpy as np
from treadle.proving import driver


@driver(version="7", compiled=True, settings={"gain": 0.5})
def fast(own, others, settings, memory, command):
    nearest = 1e9
    for k in range(others.shape[0]):
        other = others[k]
        if other.is_there and other.dx > 0.0:
            nearest = min(nearest, other.gap_x)
    command.acceleration = settings[0] * (nearest - 1.5 * own.speed) / 10.0


def gaps(own, others):
    ahead = (others["is_there"] != 0) & (others["dx"] > 0.0)
    return np.where(ahead, others["gap_x"], 1e9).min(axis=1)


def plain(own, others, *, gain=0.5):
    return gain * (gaps(own, others) - 1.5 * own["speed"]) / 10.0


class Whole:
    def __init__(self, gain=0.5):
        self.gain = gain

    def begin(self, lanes):
        pass

    def drive(self, own, others, lanes):
        return plain(own, others, gain=self.gain), np.full(len(own), np.nan)

    def close(self):
        pass


class Half:
    def drive(self, own, others, lanes):
        return 0.0 * own["speed"]


@driver(compiled=True)
def texts(own, others, settings, memory, command):
    command.acceleration = {"a": [1]}["b"].nothing


def no_number(own, others):
    return np.where(own["speed"] > 38.0, np.nan, 0.0)


def raises(own, others):
    raise ValueError("no road ahead")


def hangs(own, others):
    while True:
        pass


def slow(own, others):
    time.sleep(0.1)
    return np.zeros(len(own))


def too_few(own, others):
    return np.zeros(1)


def says_text(own, others):
    return "go"
"""


def named(folder: Path, name: str, settings: dict[str, float] | None = None) -> Driver:
    """Return a driver of FILE, or whatever else the name means."""
    (folder / "d.py").write_text(FILE)
    given = name if ":" in name else f"{folder / 'd.py'}:{name}"
    return driver_of(given, Disk(), settings=settings)


def driven(
    folder: Path,
    driver: Driver | None,
    speeds: Sequence[float] = SPEEDS,
    *,
    patience_s: float = 30.0,
    run_patience_s: float = 600.0,
    keep: bool = True,
) -> Result:
    """Return what comes of the small scenario at some speeds, with a driver for Ego."""
    drives.written(folder)
    compiled = Scenario.read(str(folder / "drive.xosc")).compile(drivers=[driver] if driver else [])
    found: Result = compiled.run(
        parameters={"Speed": np.array(speeds)},
        trajectories="all" if keep else "none",
        patience_s=patience_s,
        run_patience_s=run_patience_s,
        threads=1,
    )
    return found


def speeds_of(result: Result, variant: int, entity: str = "Ego") -> np.ndarray:
    """Return the speed of an entity over time [m/s]."""
    rows = result.samples[result.samples["variant"] == variant]
    found: np.ndarray = rows["speed_mps"][rows["entity"] == result.entities.index(entity)]
    return found
