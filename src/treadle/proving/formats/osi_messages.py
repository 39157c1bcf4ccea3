"""ASAM OSI messages: what is where, as GroundTruth, in the world's frame.

Positions are of the centre of the bounding box, as OSI has it (osi_common.proto, BaseMoving); an
object's id is its number plus 1. The road itself, lanes and signs are not told.
"""

import math
from functools import cache
from importlib.metadata import version
from types import ModuleType
from typing import Any

import numpy as np

from treadle.engine.scenario.tables import PEDESTRIAN, VEHICLE
from treadle.proving.formats.extras import needed

OBJECT = np.dtype(
    [
        ("id", "i8"),
        ("kind", "i4"),  # engine.scenario.tables: VEHICLE, PEDESTRIAN, ...
        ("category", "i4"),  # of a vehicle: index in CATEGORIES, -1 not known
        ("x", "f8"),  # centre of its box
        ("y", "f8"),
        ("z", "f8"),
        ("h", "f8"),
        ("p", "f8"),
        ("r", "f8"),
        ("speed", "f8"),  # along its heading
        ("acceleration", "f8"),
        ("length", "f8"),
        ("width", "f8"),
        ("height", "f8"),
        ("rear_x", "f8"),  # from the box's centre to the reference point, in its own frame
        ("rear_y", "f8"),
    ]
)
"""What a message tells of an object; where a number is NaN, it is left out."""
_CLASSES = {
    "bicycle": "TYPE_BICYCLE",
    "bus": "TYPE_BUS",
    "car": "TYPE_CAR",
    "motorbike": "TYPE_MOTORBIKE",
    "semitrailer": "TYPE_SEMITRAILER",
    "trailer": "TYPE_TRAILER",
    "train": "TYPE_TRAIN",
    "tram": "TYPE_TRAM",
    "truck": "TYPE_HEAVY_TRUCK",
    "van": "TYPE_VAN",
}
CATEGORIES = tuple(_CLASSES)
_NANOS = 1_000_000_000


@cache
def messages(what: str = "an OSI message") -> tuple[ModuleType, ModuleType, ModuleType]:
    """Return the modules of ground truth, traffic update and objects.

    Raises
    ------
    InvalidInputError
        The extra `osi` is not installed.
    """
    names = ("osi_groundtruth_pb2", "osi_trafficupdate_pb2", "osi_object_pb2")
    ground, update, objects = (needed(f"osi3.{name}", "osi", what) for name in names)
    return ground, update, objects


@cache
def osi_version() -> tuple[int, int, int]:
    """Return the version of OSI that messages are of."""
    told = needed("osi3.osi_version_pb2", "osi", "an OSI message")
    it = told.DESCRIPTOR.GetOptions().Extensions[told.current_interface_version]
    return it.version_major, it.version_minor, it.version_patch


def protobuf_version() -> str:
    """Return the version of protobuf that messages are written with, as major.minor.patch."""
    parts = (*version("protobuf").split("."), "0", "0")
    return ".".join(parts[:3])


def ground_truth(time_s: float, host: int, rows: np.ndarray) -> Any:
    """Return a GroundTruth message.

    Parameters
    ----------
    host
        The id of the host vehicle; 0: none.
    rows : (n,) OBJECT
        Those that are there.
    """
    ground, _, objects = messages()
    told = ground.GroundTruth()
    put_head(told, time_s)
    if host:
        told.host_vehicle_id.value = host
    for row in rows:
        _put_object(told.moving_object.add(), row, objects)
    return told


def put_head(told: Any, time_s: float) -> None:
    """Put version and time into a message."""
    it = told.version
    it.version_major, it.version_minor, it.version_patch = osi_version()
    nanos = round(time_s * _NANOS)
    told.timestamp.seconds, told.timestamp.nanos = divmod(nanos, _NANOS)


def _put_object(it: Any, row: np.void, objects: ModuleType) -> None:
    kinds = objects.MovingObject
    it.id.value = int(row["id"])
    base = it.base
    for part, value in zip("xyz", (row["x"], row["y"], row["z"]), strict=True):
        setattr(base.position, part, value)
    _put(base.dimension, length=row["length"], width=row["width"], height=row["height"])
    _put(base.orientation, yaw=wrapped(row["h"]), pitch=row["p"], roll=row["r"])
    cosine, sine = math.cos(row["h"]), math.sin(row["h"])
    _put(base.velocity, x=row["speed"] * cosine, y=row["speed"] * sine, z=0.0)
    _put(base.acceleration, x=row["acceleration"] * cosine, y=row["acceleration"] * sine)
    if row["kind"] == VEHICLE:
        it.type = kinds.TYPE_VEHICLE
        _put(it.vehicle_attributes.bbcenter_to_rear, x=row["rear_x"], y=row["rear_y"])
        known = CATEGORIES[row["category"]] if row["category"] >= 0 else ""
        name = _CLASSES.get(known, "TYPE_UNKNOWN")
        it.vehicle_classification.type = kinds.VehicleClassification.Type.Value(name)
    elif row["kind"] == PEDESTRIAN:
        it.type = kinds.TYPE_PEDESTRIAN
    else:
        it.type = kinds.TYPE_OTHER


def _put(into: Any, **numbers: float) -> None:
    for name, value in numbers.items():
        if math.isfinite(value):
            setattr(into, name, value)


def wrapped(angle: float) -> float:
    """Return an angle in (-pi, pi], as OSI wants it."""
    return -math.remainder(-angle, math.tau)
