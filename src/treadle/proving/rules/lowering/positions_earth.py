"""GeoPosition: a place on Earth in the network's coordinates, by its projection (WGS 84)."""

import math
from functools import partial

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.roads.header import Header, Offset

NOWHERE = Offset(x=0.0, y=0.0, z=0.0, hdg=0.0)


def geo_slots(build: Build, element: Element) -> tuple[int, int] | None:
    """Return the slots of x and y; None and an error where the network lies nowhere on Earth.

    latitudeDeg and longitudeDeg are in degrees (1.2); latitude and longitude, before, in radians.
    """
    in_degrees = element.has("latitudeDeg")
    names = ("latitudeDeg", "longitudeDeg") if in_degrees else ("latitude", "longitude")
    if in_degrees:
        element.noted("its newer names are there, too", "latitude", "longitude")
    north, east = (element.number(name) for name in names)
    header = build.network.header if build.network else None
    if header is None or not header.geo_reference.strip():
        text = "GeoPosition needs a road network that says where it lies: a <geoReference>"
        element.ledger.error("semantic.no_geo_reference", text, element.node)
        return None
    scale = 1.0 if in_degrees else 180.0 / math.pi
    made = (
        build.slots.derived(partial(_local, header, (scale, axis, element.place)), north, east)
        for axis in (0, 1)
    )
    x, y = made
    return x, y


def _local(
    header: Header, on: tuple[float, int, str], north: np.ndarray, east: np.ndarray
) -> np.ndarray:
    """Return x or y of places on Earth [m], (n,): projected, and freed of the header's offset."""
    scale, axis, place = on
    from pyproj import CRS, Transformer  # noqa: PLC0415 - a tenth of a second, rarely needed
    from pyproj.exceptions import CRSError  # noqa: PLC0415 - with it

    try:
        target = CRS.from_user_input(header.geo_reference.strip())
    except CRSError as error:
        text = f"{place}: the road network's geoReference is no projection ({error})"
        raise InvalidInputError(text) from None
    to_local = Transformer.from_crs("EPSG:4326", target, always_xy=True)
    x, y = to_local.transform(np.asarray(east) * scale, np.asarray(north) * scale)
    offset = header.offset or NOWHERE
    dx, dy = x - offset.x, y - offset.y
    cosine, sine = math.cos(offset.hdg), math.sin(offset.hdg)
    found = cosine * dx + sine * dy if axis == 0 else cosine * dy - sine * dx
    return np.asarray(found, np.float64)
