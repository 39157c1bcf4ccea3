"""Customers: each order from its quote to its delivery, the same at every run of a programme."""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from treadle.twins.plant.sender import RefusedError
from treadle.twins.showroom.api import ForbiddenError, Office
from treadle.twins.showroom.wishes import Orders

STAGES = ("new", "quoted", "ordered", "frozen", "built", "delivered")
_FREEZES_DAYS = 21
"""Before its completion a car's parts are called off [days]."""


@dataclass(frozen=True)
class Sold:
    """A car of the plant's run, as its twin tells it."""

    car: str
    market: str
    colour: str
    completed: dt.datetime
    retail: dt.datetime

    @staticmethod
    def of(told: dict[str, str]) -> "Sold":
        """Give the car that a line of the plant's twin tells."""
        return Sold(
            car=told["car"],
            market=told["market"],
            colour=told["colour"],
            completed=dt.datetime.fromisoformat(told["completed"]),
            retail=dt.datetime.fromisoformat(told["retail"]),
        )


def chosen(cars: Sequence[Sold], share: float) -> Iterator[tuple[int, Sold]]:
    """Yield the cars that were built for an order, spread evenly, the first among them."""
    for index, car in enumerate(cars):
        if math.ceil((index + 1) * share) > math.ceil(index * share):
            yield index, car


class Showroom:
    """Takes the orders of a programme.

    Parameters
    ----------
    name
        The programme's, with which order numbers begin.
    seed
        From which the wishes of all customers are drawn.
    """

    def __init__(self, office: Office, orders: Orders, *, name: str, seed: int) -> None:
        self._office, self._orders = office, orders
        self._name, self._seed = name, seed

    def sell(self, index: int, car: Sold) -> str:
        """Take an order from where it stands to its delivery; return its name."""
        order = f"urn:treadle:order:{self._name}-{index + 1:06d}"
        rng = Random(f"{self._seed}/{order}")  # noqa: S311 - a simulation that must repeat
        quoted = car.completed - dt.timedelta(days=rng.uniform(*self._orders.days_before))
        known = self._office.ask("sales.order", thing=order)
        stage = known["stage"] if known else "new"
        if stage not in STAGES:
            return order  # somebody cancelled it, or made another thing of it
        if stage == "new":
            self._quote(order, car, quoted, rng)
        ordered = quoted + dt.timedelta(days=2)
        frozen = max(ordered, car.completed - dt.timedelta(days=_FREEZES_DAYS))
        for before, command, at, more in (
            ("quoted", "order-car", ordered, {"plant": self._orders.plant}),
            ("ordered", "freeze-order", frozen, {}),
            ("frozen", "assign-car", car.completed, {"car": car.car}),
            ("built", "deliver-car", car.retail, {}),
        ):
            if STAGES.index(before) >= STAGES.index(stage):
                self._tell(command, order, at, **more)
        return order

    def _quote(self, order: str, car: Sold, at: dt.datetime, rng: Random) -> None:
        """Quote what a customer wishes; the last wish goes where rules stand against it."""
        must = [*self._orders.options, self._orders.market_option.format(market=car.market)]
        if colour := self._orders.colours.get(car.colour):
            must.append(colour)
        wishes = [option for option, share in self._orders.wishes if rng.random() < share]
        refused: RefusedError | None = None
        for left in range(len(wishes), -1, -1):
            try:
                self._tell(
                    "quote",
                    order,
                    at,
                    model=self._orders.model,
                    market=car.market,
                    option=[*must, *wishes[:left]],
                    best="cheapest",
                )
            except ForbiddenError as error:
                refused = error
            else:
                return
        raise RefusedError(f"{order}: no car can be quoted: {refused}; mend [orders]")

    def _tell(self, command: str, order: str, at: dt.datetime, **wish: Any) -> None:
        wish |= {"thing": order, "happened_at": at.isoformat()}
        self._office.wish(f"sales.{command}", wish)
