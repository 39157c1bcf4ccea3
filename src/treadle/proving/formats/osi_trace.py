"""A run as an OSI trace: GroundTruth frames as `.osi`, or with what they mean as `.mcap`.

Source: ASAM OSI 3.8, OSI trace file formats: a single-channel binary trace has each message after
its length, four bytes, unsigned, little end first; a multi-channel trace is an MCAP file with the
metadata records that are named there. Pitch, roll and signs are not told; lanes in the first frame.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np

from treadle.proving.formats.extras import needed
from treadle.proving.formats.one_run import OneRun, check_suffix, one_run
from treadle.proving.formats.osi_lanes import ground_of
from treadle.proving.formats.osi_messages import (
    OBJECT,
    ground_truth,
    messages,
    osi_version,
    protobuf_version,
)
from treadle.proving.formats.results import read as read_result
from treadle.proving.formats.writing import whole
from treadle.proving.rules.limits import EGO
from treadle.proving.rules.result import Result
from treadle.proving.rules.roads.network import RoadNetwork

SUFFIXES = (".osi", ".mcap")
TOPIC = "GroundTruth"
_WHAT = "an OSI trace"
_LENGTH = struct.Struct("<I")
_RECORD = "net.asam.osi.trace"
_NANOS = 1_000_000_000


Roads = Callable[[int], RoadNetwork | None]
"""Gives the road network of a variant; None where it has none."""


def write(parts: Iterable[bytes], target: Path, roads: Roads = lambda _variant: None) -> None:
    """Write the run of a work's parts as an OSI trace; the file's name says in which form.

    Raises
    ------
    InvalidInputError
        The name says no form, or the extra `osi` is not installed.
    RefusedError
        No trajectories were kept or those of several variants, or the file cannot be written.
    """
    write_osi((read_result(part)[0] for part in parts), target, roads)


def write_osi(
    results: Iterable[Result],
    target: Path,
    roads: Roads = lambda _variant: None,
    *,
    host: str = EGO,
) -> None:
    """Write the one run of results as `write` does.

    Parameters
    ----------
    roads
        Their lanes and what bounds them stand in the first frame, as a driver behind OSI gets them.
    host
        The entity that is told as the host vehicle, where it is there.
    """
    check_suffix(target, SUFFIXES)
    messages(_WHAT)
    run = one_run(results, _WHAT)
    network = roads(run.variant)
    ground = None if network is None else ground_of(network)
    with whole(target) as file:
        if target.suffix == ".osi":
            for _, message in _frames(run, host, ground):
                file.write(_LENGTH.pack(len(message)) + message)
        else:
            _write_mcap(_frames(run, host, ground), file)


def _frames(run: OneRun, host: str, ground: Any) -> Iterator[tuple[float, bytes]]:
    """Yield time and GroundTruth of each moment, the first with what stands on the ground."""
    number = run.entities.index(host) + 1 if host in run.entities else 0
    edges = np.searchsorted(run.samples["time_s"], run.times_s)
    for time_s, rows in zip(run.times_s, np.split(run.samples, edges[1:]), strict=True):
        objects = _objects(run, rows)
        there = number if number in objects["id"] else 0
        message = ground_truth(float(time_s), there, objects)
        if ground is not None:
            message.MergeFrom(ground)
            ground = None
        yield float(time_s), message.SerializeToString()


def _objects(run: OneRun, rows: np.ndarray) -> np.ndarray:
    """Return what is there at a moment as OBJECT rows."""
    found = np.zeros(len(rows), OBJECT)
    for name in ("p", "r", "acceleration"):
        found[name] = np.nan
    shapes = [run.shapes[int(entity)] for entity in rows["entity"]]
    for ours, theirs in (("length", "length_m"), ("width", "width_m"), ("height", "height_m")):
        found[ours] = [shape[theirs] for shape in shapes]
    found["kind"] = [shape["kind"] for shape in shapes]
    found["category"] = [shape["category"] for shape in shapes]
    ahead, left, up = (
        np.nan_to_num([shape[name] for shape in shapes]) for name in ("ahead_m", "left_m", "up_m")
    )
    cosine, sine = np.cos(rows["heading_rad"]), np.sin(rows["heading_rad"])
    found["id"], found["h"] = rows["entity"] + 1, rows["heading_rad"]
    found["x"] = rows["x_m"] + cosine * ahead - sine * left
    found["y"] = rows["y_m"] + sine * ahead + cosine * left
    found["z"], found["speed"] = rows["z_m"] + up, rows["speed_mps"]
    found["rear_x"], found["rear_y"] = -ahead, -left
    return found


def _write_mcap(frames: Iterator[tuple[float, bytes]], file: IO[bytes]) -> None:
    writing = needed("mcap.writer", "osi", _WHAT)
    schemas = needed("mcap_protobuf.schema", "osi", _WHAT)
    kind: Any = messages(_WHAT)[0].GroundTruth
    osi, protobuf = ".".join(map(str, osi_version())), protobuf_version()
    writer = writing.Writer(file)
    writer.start(library="treadle")
    writer.add_metadata(
        name=_RECORD,
        data={
            "version": osi,
            "min_osi_version": osi,
            "max_osi_version": osi,
            "min_protobuf_version": protobuf,
            "max_protobuf_version": protobuf,
        },
    )
    schema = writer.register_schema(
        name=kind.DESCRIPTOR.full_name,
        encoding="protobuf",
        data=schemas.build_file_descriptor_set(kind).SerializeToString(),
    )
    channel = writer.register_channel(
        topic=TOPIC,
        message_encoding="protobuf",
        schema_id=schema,
        metadata={
            f"{_RECORD}.channel.osi_version": osi,
            f"{_RECORD}.channel.protobuf_version": protobuf,
        },
    )
    for number, (time_s, message) in enumerate(frames):
        nanos = round(time_s * _NANOS)
        writer.add_message(
            channel_id=channel,
            log_time=nanos,
            publish_time=nanos,
            sequence=number,
            data=message,
        )
    writer.finish()
