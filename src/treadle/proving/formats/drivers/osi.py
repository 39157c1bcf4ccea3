"""Programs that drive over ASAM OSI: GroundTruth out, TrafficUpdate in, over TCP.

Each message goes after its length, four bytes, little end first, as in an OSI trace file. A
connection is a run: it opens when a run begins and closes when it is over. Each time it is asked,
Treadle sends what is so at time t, and the program answers what its vehicle (host_vehicle_id)
shall be like at t + period: the speed along its heading becomes the acceleration; where it tells an
orientation, the turn that it takes becomes the curvature, else the vehicle keeps its lane. The
position that it tells is not taken: where the vehicle is follows from speed and heading.
"""

import hashlib
import math
import shlex
import socket
import struct
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic, sleep
from typing import Any

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Files
from treadle.proving.formats.osi_lanes import ground_of
from treadle.proving.formats.osi_messages import OBJECT, ground_truth, messages, wrapped
from treadle.proving.rules.asking import DriverError
from treadle.proving.rules.driver import Driver
from treadle.proving.rules.limits import EGO
from treadle.proving.rules.roads.network import RoadNetwork

SETTINGS = {"period_s": 0.0, "patience_s": 5.0, "lanes": 1.0}
"""How often it is asked (0: every step), how long an answer may take, how many connections it takes
at a time."""
_LENGTH = struct.Struct("<I")
_LONGEST = 1 << 26
"""An answer of more bytes than that is none."""
_HERE = "127.0.0.1"
_SLOW = 0.1
"""Who goes slower [m/s] does not turn by what it says."""


def osi_driver(
    name: str,
    files: Files,
    *,
    entity: str = EGO,
    settings: Mapping[str, float] | None = None,
) -> Driver:
    """Return a program that speaks OSI as a driver.

    Parameters
    ----------
    name
        `HOST:PORT` where it listens, or the command that starts it, with `{port}` for the port that
        it shall listen on.
    files
        Files that the command names are part of its identity.
    settings
        Some of SETTINGS.

    Raises
    ------
    InvalidInputError
        The name is neither, a setting is not known, or the extra `osi` is not installed.
    """
    messages("a driver that speaks OSI")
    given = dict(settings or {})
    if unknown := given.keys() - SETTINGS.keys():
        text = f"osi:{name} has no setting {min(unknown)} (there are: {', '.join(SETTINGS)})"
        raise InvalidInputError(text)
    chosen = {**SETTINGS, **given}
    host, _, port = name.rpartition(":")
    command: tuple[str, ...] = ()
    if not (host and port.isdigit() and " " not in host):
        command = tuple(shlex.split(name))
        if not any("{port}" in word for word in command):
            text = f"osi:{name} is no HOST:PORT, and as a command it does not say where {{port}} is"
            raise InvalidInputError(f"{text}; write for example osi:python d.py {{port}}")
    source = b"\0".join(filter(None, (_content(files, word) for word in command)))
    return Driver(
        name=f"osi:{name}",
        version=f"sha256:{hashlib.sha256(source).hexdigest()[:12]}" if source else "not told",
        entity=entity,
        settings=tuple(chosen.items()),
        period_s=chosen["period_s"],
        batched=lambda: _Osi(
            command, (host or _HERE, int(port) if not command else 0), chosen["patience_s"]
        ),
        source=source,
        lanes=max(1, int(chosen["lanes"])),
    )


def _content(files: Files, word: str) -> bytes:
    try:
        return files(word)
    except (OSError, ValueError):
        return b""  # a word, no file


class _Osi:
    """Connections to a program, one a lane."""

    def __init__(
        self, command: tuple[str, ...], address: tuple[str, int], patience_s: float
    ) -> None:
        self._command, self._address, self._patience_s = command, address, patience_s
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: dict[int, socket.socket] = {}
        self._bodies, self._entity = np.zeros((0, 0)), 0
        self._ground: Any = None
        self._untold: set[int] = set()
        self.faults: dict[int, str] = {}

    def look(self, bodies: np.ndarray, entity: int) -> None:
        """See the world as it is: (n, n_entities) engine.scenario.state.BODY."""
        self._bodies, self._entity = bodies, entity

    def survey(self, network: RoadNetwork | None) -> None:
        """Get to know the roads, which the first message of each connection tells."""
        self._ground = None if network is None else ground_of(network)

    def begin(self, lanes: np.ndarray) -> None:
        """Open a connection for each."""
        for lane in map(int, lanes):
            self._shut(lane)
            self._untold.add(lane)
            try:
                self._lines[lane] = self._open()
            except OSError as error:
                self.faults[lane] = f"there is no connection to it: {error}"

    def drive(
        self, own: np.ndarray, others: np.ndarray, lanes: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Tell each what is so, then hear what each wants."""
        acceleration, curvature = np.zeros(len(own)), np.full(len(own), np.nan)
        until = monotonic() + self._patience_s
        told = []
        for lane in map(int, lanes):
            if lane not in self._lines:
                continue
            objects = seen(self._bodies[lane], others[lane], self._entity)
            message = ground_truth(float(own["time"][lane]), self._entity + 1, objects)
            if lane in self._untold and self._ground is not None:
                message.MergeFrom(self._ground)
            self._untold.discard(lane)
            if self._safely(lane, lambda line, m=message: _send(line, m.SerializeToString())):
                told.append(lane)
        for lane in told:

            def hear(line: socket.socket, lane: int = lane) -> None:
                update = messages()[1].TrafficUpdate.FromString(_receive(line, until))
                wish = self._wish(update, own[lane], self._bodies[lane][self._entity])
                acceleration[lane], curvature[lane] = wish

            self._safely(lane, hear)
        return acceleration, curvature

    def close(self) -> None:
        """Close all, and end the program if it was started here."""
        for lane in list(self._lines):
            self._shut(lane)
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=1.0)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _open(self) -> socket.socket:
        if self._command and (self._process is None or self._process.poll() is not None):
            self._start()
        until = monotonic() + self._patience_s
        while True:
            try:
                line = socket.create_connection(self._address, timeout=self._patience_s)
            except ConnectionRefusedError:
                ended = self._process.poll() if self._process is not None else None
                if ended is not None:
                    text = f"the command ended with exit code {ended}"
                    raise OSError(text) from None
                if not self._command or monotonic() > until:
                    raise
                sleep(0.02)  # it is not listening yet
                continue
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return line

    def _start(self) -> None:
        with socket.create_server((_HERE, 0)) as free:
            port = free.getsockname()[1]
        self._address = (_HERE, port)
        words = [word.replace("{port}", str(port)) for word in self._command]
        try:
            self._process = subprocess.Popen(words, stdin=subprocess.DEVNULL)  # noqa: S603 - what the user named
        except OSError as error:
            text = f"{words[0]} cannot be started: {error.strerror}"
            raise DriverError(text) from error

    def _safely(self, lane: int, what: Any) -> bool:
        """Do something with a lane's connection; where that fails, note it and close."""
        from google.protobuf.message import DecodeError  # noqa: PLC0415 - of an extra

        try:
            what(self._lines[lane])
        except TimeoutError:
            self.faults[lane] = f"it did not answer within {self._patience_s:g} s"
        except (OSError, EOFError) as error:
            self.faults[lane] = f"the connection broke: {error}"
            self._settle()
        except DecodeError:
            self.faults[lane] = "it answered with what is no TrafficUpdate"
        except DriverError as error:
            self.faults[lane] = str(error)
        else:
            return True
        self._shut(lane)
        return False

    def _settle(self) -> None:
        """Let a program that is about to end do so: the next run starts it anew."""
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=0.2)

    def _wish(self, update: Any, own: np.void, body: np.void) -> tuple[float, float]:
        """Return acceleration and curvature (NaN: the lane is kept) that come to an update."""
        wanted = [one for one in update.update if one.id.value == self._entity + 1]
        if len(wanted) != 1:
            ids = ", ".join(str(one.id.value) for one in update.update) or "nobody"
            text = f"it answered for {ids}, not once for its vehicle, {self._entity + 1}"
            raise DriverError(text)
        base = wanted[0].base
        if not base.HasField("velocity"):
            text = "it answered without a velocity"
            raise DriverError(text)
        turns = base.HasField("orientation") and base.orientation.HasField("yaw")
        heading = base.orientation.yaw if turns else float(body["h"])
        speed = math.cos(heading) * base.velocity.x + math.sin(heading) * base.velocity.y
        period, before = float(own["period"]), float(own["speed"])
        acceleration = (speed - before) / period
        way = 0.5 * (before + max(0.0, speed)) * period
        if not (math.isfinite(acceleration) and math.isfinite(heading)):
            text = f"it answered with a velocity or yaw that is no number ({speed}, {heading})"
            raise DriverError(text)
        if not turns:
            return acceleration, math.nan
        if way < _SLOW * period:
            return acceleration, 0.0
        return acceleration, wrapped(heading - float(body["h"])) / way

    def _shut(self, lane: int) -> None:
        line = self._lines.pop(lane, None)
        if line is not None:
            line.close()


def seen(bodies: np.ndarray, others: np.ndarray, entity: int) -> np.ndarray:
    """Return what is there as OBJECT rows.

    Parameters
    ----------
    bodies : (n_entities,) BODY
    others : (n_entities,) OTHER
        For their kinds.
    """
    there = (bodies["is_there"] != 0) & (bodies["is_placed"] != 0)
    at = np.flatnonzero(there)
    it, rows = bodies[at], np.zeros(len(at), OBJECT)
    rows["id"] = at + 1
    rows["kind"], rows["category"] = np.where(at == entity, 0, others["kind"][at]), -1
    rows["x"], rows["y"] = it["box_x"], it["box_y"]
    rows["z"] = it["z"] + 0.5 * (it["low"] + it["high"])
    for name in ("h", "p", "r", "speed", "acceleration"):
        rows[name] = it[name]
    rows["length"], rows["width"] = 2.0 * it["half_length"], 2.0 * it["half_width"]
    rows["height"] = it["high"] - it["low"]
    rows["rear_x"], rows["rear_y"] = -it["centre_x"], -it["centre_y"]
    return rows


def _send(line: socket.socket, message: bytes) -> None:
    line.sendall(_LENGTH.pack(len(message)) + message)


def _receive(line: socket.socket, until: float) -> bytes:
    (length,) = _LENGTH.unpack(_exactly(line, _LENGTH.size, until))
    if length > _LONGEST:
        text = f"it wants to send {length:,} bytes"
        raise EOFError(text)
    return _exactly(line, length, until)


def _exactly(line: socket.socket, n: int, until: float) -> bytes:
    parts = []
    while n:
        left = until - monotonic()
        if left <= 0.0:
            raise TimeoutError
        line.settimeout(left)
        part = line.recv(n)
        if not part:
            text = "it was closed from the other side"
            raise EOFError(text)
        parts.append(part)
        n -= len(part)
    return b"".join(parts)
