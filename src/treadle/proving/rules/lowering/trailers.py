"""Trailers: what is coupled behind a vehicle, from the start or by an action (1.3, section 7.2)."""

from collections.abc import Callable

from treadle.engine.scenario.tables import CONNECT_TRAILER, DISCONNECT_TRAILER, NOTHING
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.dialect import less

NO_COUPLING = (
    "only a vehicle with a TrailerHitch can draw one with a TrailerCoupler; it is not coupled"
)
_HEIGHT = "couplings are joined in the plane"

Declare = Callable[[Build, Element, str], tuple[int, Element]]


def lower_couplings(build: Build, vehicle: Element, row: int) -> None:
    """Lower a vehicle's hitch and its coupler."""
    for tag, field in (("TrailerHitch", "hitch_slot"), ("TrailerCoupler", "coupler_slot")):
        if (coupling := vehicle.child(tag)) is not None:
            coupling.noted(_HEIGHT, "dz")
            x = less(build.slots, coupling.number("dx"), build.manners[row].ahead)
            build.entities.set(row, **{field: x, f"has_{field[:-5]}": 1})


def lower_trailer(build: Build, vehicle: Element, row: int, declare: Declare) -> None:
    """Lower the trailer that a vehicle has from the start; couplings of all are lowered before."""
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
    if coupled >= 0 and _fit(build, row, coupled):
        build.entities.set(row, trailer=coupled)
    elif coupled >= 0:
        trailer.not_supported(NO_COUPLING)


def refuse_circles(build: Build, entities: Element) -> None:
    """Tell of vehicles that draw one another, and of a trailer that two draw: neither could go."""
    drawn_by: dict[int, int] = {}
    for name, row in build.entity_rows.items():
        trailer = int(build.entities.get(row)["trailer"])
        if trailer < 0:
            continue
        if trailer in drawn_by:
            text = f"{name} draws {_name(build, trailer)}, which another vehicle draws; keep one"
            entities.ledger.error("semantic.trailer", text, entities.node)
        drawn_by[trailer] = row
        seen, at = {row}, trailer
        while at >= 0 and at not in seen:
            seen.add(at)
            at = int(build.entities.get(at)["trailer"])
        if at == row:
            text = f"{name} draws itself, by its trailers; leave out one of them"
            entities.ledger.error("semantic.trailer", text, entities.node)


def _fit(build: Build, row: int, trailer: int) -> bool:
    """Whether a vehicle has a hitch, and a trailer a coupler."""
    rows = build.entities
    return bool(rows.get(row)["has_hitch"] and rows.get(trailer)["has_coupler"])


def _name(build: Build, row: int) -> str:
    return next(name for name, at in build.entity_rows.items() if at == row)


def couple(build: Build, action: Element, entity: int) -> dict[str, int]:
    """Lower a TrailerAction."""
    if connect := action.child("ConnectTrailerAction"):
        trailer = build.entity(connect, "trailerRef")
        if trailer < 0 or not _fit(build, entity, trailer):
            connect.not_supported(NO_COUPLING)
            return {"kind": NOTHING}
        connect.executed()
        return {"kind": CONNECT_TRAILER, "reference": trailer}
    action.only("DisconnectTrailerAction").executed()
    return {"kind": DISCONNECT_TRAILER}
