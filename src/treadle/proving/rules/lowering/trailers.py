"""Trailers: what is coupled behind a vehicle, from the start or by an action (1.3, section 7.2)."""

from collections.abc import Callable

from treadle.engine.scenario.tables import CONNECT_TRAILER, DISCONNECT_TRAILER
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build

NOT_DRAWN = "how a coupled trailer follows its vehicle is not computed; it stays where it is"
_HEIGHT = "couplings are joined in the plane"

Declare = Callable[[Build, Element, str], tuple[int, Element]]


def lower_trailer(build: Build, vehicle: Element, row: int, declare: Declare) -> None:
    """Lower a vehicle's hitch, its coupler, and the trailer that it has from the start."""
    for tag, field in (("TrailerHitch", "hitch_slot"), ("TrailerCoupler", "coupler_slot")):
        if (coupling := vehicle.child(tag)) is not None:
            coupling.noted(_HEIGHT, "dz")
            build.entities.set(row, **{field: build.number(coupling, "dx")})
    trailer = vehicle.child("Trailer")
    if trailer is None:
        return
    it = trailer.only("Trailer", "TrailerRef")
    if it.tag == "TrailerRef":
        # Vehicles of a catalog have a parameter here, which is empty where nothing is coupled.
        coupled = build.entity(it) if it.text("entityRef") else -1
    else:
        name = it.text("name")
        if name in build.entity_rows:  # one trailer of a catalog, behind several vehicles
            name = f"{_name(build, row)}/{name}"
        coupled, inner = declare(build, it, name)
        if inner.tag == "Vehicle":
            lower_trailer(build, inner, coupled, declare)
    if coupled >= 0:
        build.entities.set(row, trailer=coupled)
        trailer.not_supported(NOT_DRAWN)


def _name(build: Build, row: int) -> str:
    return next(name for name, at in build.entity_rows.items() if at == row)


def couple(build: Build, action: Element, entity: int) -> dict[str, int]:
    """Lower a TrailerAction."""
    del entity
    if connect := action.child("ConnectTrailerAction"):
        connect.not_supported(NOT_DRAWN)
        return {"kind": CONNECT_TRAILER, "reference": build.entity(connect, "trailerRef")}
    action.only("DisconnectTrailerAction").executed()
    return {"kind": DISCONNECT_TRAILER}
