"""What customers ordered: which parts their cars have, as the released bill of material has it.

The plant asks Treadle's API for the orders and for the bill resolved for each of them, and builds
that. Now and then somebody at the line builds in what was not ordered, or leaves a part out: in a
stated share of the cars, so that a report of deviations has something true to find.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from treadle.twins.plant import events
from treadle.twins.plant.line import Car
from treadle.twins.plant.office import Office
from treadle.twins.plant.programme import Programme
from treadle.twins.plant.tables import ProgrammeError, Toml

ORDERS = "urn:treadle:order:"
_BUILT = frozenset({"ordered", "confirmed", "frozen", "built", "delivered"})
_AT_ONCE = 1000


@dataclass(frozen=True)
class Building:
    """How the plant builds what was ordered: the keys of [orders] that are about it."""

    bill: str
    plant: str
    slips: float
    """The share of ordered cars in which one of `slip_parts` is left out, or built in unasked."""
    slip_parts: tuple[str, ...]


def building(toml: Toml, programme: Programme) -> Building | None:
    """Give how ordered cars are built; None where a programme takes no orders by a bill."""
    if "orders" not in toml.keys or "bill" not in toml.table("orders").keys:
        return None
    table = toml.table("orders")
    slips = table.number("slips") if "slips" in table.keys else 0.0
    parts = table.keys.get("slip_parts", [])
    if not isinstance(parts, list) or (slips and not parts):
        raise table.error(f'slip_parts is {parts!r}; name what is mixed up: ["HO-WPC"]')
    for number in parts:
        if number not in programme.parts or programme.parts[number].into:
            raise table.error(f"slip_parts names {number!r}, no part of the car in parts.csv")
    return Building(
        bill=table.text("bill"),
        plant=table.text("plant") if "plant" in table.keys else "",
        slips=slips,
        slip_parts=tuple(parts),
    )


def built_to_order(
    office: Office, wish: Building, programme: Programme, cars: Sequence[Car]
) -> dict[int, frozenset[str]]:
    """Give the parts of each ordered car, by its place in the run.

    An order's number ends with the place of its car in the run, counted from 1.
    """
    tree = office.ask("design.bom", thing=wish.bill)
    if tree is None:
        raise ProgrammeError(f"[orders]: nobody released the bill {wish.bill}; see [[documents]]")
    known = {row["part"] for row in tree["rows"]}
    found: dict[int, frozenset[str]] = {}
    stem = f"{ORDERS}{programme.name}-"
    for order in _orders(office, stem):
        index = int(order.removeprefix(stem)) - 1
        if index >= len(cars):
            continue
        told = office.ask("sales.order", thing=order)
        if told is None or told["stage"] not in _BUILT or told["plant"] not in ("", wish.plant):
            continue
        resolved = office.ask(
            "design.resolve",
            thing=wish.bill,
            options=told["options"],
            date=cars[index].completed.isoformat(),
            plant=wish.plant,
            vin=cars[index].vin,
        )
        has = {row["part"] for row in resolved["rows"]}
        parts = {
            part.number
            for part in programme.parts.values()
            if not part.into and (part.number in has or part.number not in known)
        }
        found[index] = frozenset(_mixed_up(parts, wish, programme, index))
    return found


def _orders(office: Office, stem: str) -> list[str]:
    """Give the programme's orders, in the order of their numbers."""
    found: list[str] = []
    last = stem
    while rows := office.ask("sales.orders", after=last, limit=_AT_ONCE):
        mine = [row["order"] for row in rows if row["order"].startswith(stem)]
        found += mine
        last = rows[-1]["order"]
        if len(mine) < len(rows):
            break
    return [order for order in found if order.removeprefix(stem).isdecimal()]


def _mixed_up(parts: set[str], wish: Building, programme: Programme, index: int) -> set[str]:
    """Give the parts that a car gets, where somebody made a mistake."""
    rng = Random(f"{programme.seed}/slip/{index}")  # noqa: S311 - a simulation that must repeat
    if not wish.slip_parts or rng.random() >= wish.slips:
        return parts
    return parts ^ {wish.slip_parts[events.pick(rng, len(wish.slip_parts))]}
