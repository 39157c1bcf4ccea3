"""Customers: each order from its quote to its delivery, the same at every run of a programme.

A car is ordered before it is built: the plant tells which cars it plans, and builds what was
ordered.
"""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from treadle.twins.plant.office import ForbiddenError, Office
from treadle.twins.plant.sender import RefusedError
from treadle.twins.showroom.wishes import Orders

_INSTALL = "design.install-software"
_FREEZES_DAYS = 21
"""Before its completion a car's parts are called off [days]."""


@dataclass(frozen=True)
class Sold:
    """A car of the plant's run, as its twin tells it: planned, or built and sold."""

    car: str
    market: str
    colour: str
    completed: dt.datetime
    retail: dt.datetime | None

    @staticmethod
    def of(told: dict[str, str]) -> "Sold":
        """Give the car that a line of the plant's twin tells."""
        return Sold(
            car=told["car"],
            market=told["market"],
            colour=told["colour"],
            completed=dt.datetime.fromisoformat(told["completed"]),
            retail=dt.datetime.fromisoformat(told["retail"]) if told["retail"] else None,
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

    def order(self, index: int, car: Sold) -> str:
        """Take an order for a planned car from where it stands until it is frozen; give its name.

        Its number ends with the place of the car in the plant's run, counted from 1.
        """
        order = self._named(index)
        rng = Random(f"{self._seed}/{order}")  # noqa: S311 - a simulation that must repeat
        quoted = car.completed - dt.timedelta(days=rng.uniform(*self._orders.days_before))
        stage = self._stage(order)
        if stage == "new":
            self._quote(order, car, quoted, rng)
            stage = "quoted"
        ordered = quoted + dt.timedelta(days=2)
        frozen = max(ordered, car.completed - dt.timedelta(days=_FREEZES_DAYS))
        if stage == "quoted":
            self._tell("order-car", order, ordered, plant=self._orders.plant)
        if stage in ("quoted", "ordered"):
            self._tell("freeze-order", order, frozen)
        return order

    def deliver(self, index: int, car: Sold) -> str:
        """Tell which car was built for an order, what software it left with, and its delivery."""
        order, stage = self._named(index), self._stage(self._named(index))
        if stage == "frozen":
            if self._orders.baseline:
                self._install(car)
            self._tell("assign-car", order, car.completed, car=car.car)
        if stage in ("frozen", "built") and car.retail is not None:
            self._tell("deliver-car", order, car.retail)
        return order

    def _named(self, index: int) -> str:
        return f"urn:treadle:order:{self._name}-{index + 1:06d}"

    def _stage(self, order: str) -> str:
        """Return how far an order is; what somebody else made of it is left as it is."""
        known = self._office.ask("sales.order", thing=order)
        return str(known["stage"]) if known else "new"

    def _install(self, car: Sold) -> None:
        if self._office.was_told(_INSTALL, car.car, car.completed):
            return  # the last run was stopped between this and the next step
        wish = {
            "thing": car.car,
            "happened_at": car.completed.isoformat(),
            "baseline": self._orders.baseline,
            "occasion": "built",
            "hardware": self._orders.hardware,
        }
        self._office.wish(_INSTALL, wish)

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
